import Shared

/// Google's token endpoint for one service account, and who looks at its tokens.
///
/// - Source: Google, "Using OAuth 2.0 for server to server applications"; RFC 7523.
struct TokenIssuer: Sendable {
    private let email: String
    private let key: RSAPrivateKey
    private let seconds: Int
    /// Until when each is taken.
    private var tokens: [String: MonotonicTime] = [:]
    private var granted = 0
    private var denied = 0
    private var unauthorized = 0
    private var isRevoked = false
    private var isDown = false

    private static let grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    private static let lifetimeMax: Int64 = 3_600

    /// - Parameter file: the JSON that Google hands out; only the account's name and its key are read.
    init(file: String, seconds: Int) throws(StubUsageError) {
        do {
            let account = try JSONValue(parsing: try SmallFile.read(file))
            email = account["client_email"]?.string ?? ""
            key = try RSAPrivateKey(pem: Secret(account["private_key"]?.string ?? ""))
        } catch { throw StubUsageError("--service-account: \(file): \(error)") }
        self.seconds = seconds
    }

    // MARK: Giving

    mutating func answer(_ request: HTTPRequest, now: MonotonicTime) -> (status: Int, body: [UInt8])? {
        guard request.method == "POST" else { return nil }
        if isDown { return (503, Array("unavailable".utf8)) }
        if let complaint = isRevoked ? "Invalid grant: account not found" : complaint(about: request) {
            denied += 1
            let body: JSONValue = ["error": "invalid_grant", "error_description": .string(complaint)]
            return (400, body.bytes)
        }
        granted += 1
        let token = "ya29.stub-\(granted)-\(Hex.encode(SecureRandom.bytes(12)))"
        tokens = tokens.filter { $0.value > now }
        tokens[token] = now.advanced(by: .seconds(seconds))
        let body: JSONValue = [
            "access_token": .string(token), "expires_in": .count(seconds), "token_type": "Bearer",
        ]
        return (200, body.bytes)
    }

    /// What is wrong with an assertion; nil: nothing.
    private func complaint(about request: HTTPRequest) -> String? {
        let form = String(decoding: request.body, as: UTF8.self).split(separator: "&").map {
            $0.split(separator: "=", maxSplits: 1).map { HTTPRequest.percentDecoded($0) }
        }
        func field(_ name: String) -> String { form.first { $0.first == name }?.last ?? "" }
        guard field("grant_type") == Self.grantType else { return "Unsupported grant type" }
        let parts = field("assertion").split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.decode(parts[0]), let claims = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2]), let head = try? JSONValue(parsing: header),
            let said = try? JSONValue(parsing: claims)
        else { return "Bad Request" }
        guard head["alg"]?.string == "RS256", head["typ"]?.string == "JWT" else { return "Unsupported algorithm" }
        guard key.isValid(signature, for: Array("\(parts[0]).\(parts[1])".utf8)) else {
            return "Invalid JWT Signature."
        }
        let now = WallTime.unixMilliseconds() / 1_000
        guard said["iss"]?.string == email else { return "Invalid grant: account not found" }
        guard said["aud"]?.string == "http://\(request.headers.first("host") ?? "")/token" else {
            return "The audience is not this server"
        }
        guard said["scope"]?.string?.isEmpty == false else { return "Empty scope" }
        guard let issued = said["iat"]?.number?.int64, let expires = said["exp"]?.number?.int64, issued <= now,
            expires > now, expires - issued <= Self.lifetimeMax
        else { return "Invalid JWT: Token must be a short-lived token and in a reasonable timeframe" }
        return nil
    }

    // MARK: Taking

    mutating func admit(_ request: HTTPRequest, now: MonotonicTime) throws(ProviderError) {
        if let token = request.bearerToken, let expiry = tokens[token], expiry > now, !isRevoked { return }
        unauthorized += 1
        throw GeminiDialect.error(status: 401, code: nil)
    }

    // MARK: Control

    mutating func change(parsing body: [UInt8]) throws(ScriptError) {
        let said = try parseControl(body)
        isRevoked = said["revoked"]?.boolean ?? isRevoked
        isDown = said["down"]?.boolean ?? isDown
    }

    var json: [UInt8] {
        let body: JSONValue = [
            "granted": .count(granted), "denied": .count(denied), "unauthorized": .count(unauthorized),
        ]
        return body.bytes
    }
}
