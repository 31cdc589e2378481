import Shared

/// A token that a provider takes in the place of a key, for a while.
struct AccessToken: Equatable, Sendable {
    /// `authorization: Bearer ...` with its line end.
    var line: [UInt8]
    /// Until then requests go out with it: a little less than its issuer says.
    var goodUntil: MonotonicTime

    func isGood(_ now: MonotonicTime) -> Bool { now < goodUntil }
}

/// Why there is no token, or no newer one.
enum TokenFailure: String, Equatable, Sendable {
    /// The key is refused, or is none.
    case rejected
    /// Its issuer cannot be reached, or fails.
    case unavailable

    /// What it means for a request that needs a token.
    var error: AttemptError {
        switch self {
        case .rejected: .upstream(.credentialRejected, status: 401, waitMilliseconds: nil)
        case .unavailable: .tokenUnavailable
        }
    }
}

/// What came of an exchange.
///
/// - Source: RFC 6749 sections 5.1 and 5.2; RFC 6750 section 2.1 for the characters of a token.
enum TokenAnswer: Equatable {
    case granted(line: [UInt8], lifetime: Duration)
    case failed(TokenFailure, reason: String)

    /// Of an issuer that does not say (RFC 6749 only recommends that it does).
    private static let lifetimeUnsaid: Int64 = 300
    /// Whoever grants more is asked again all the same.
    private static let lifetimeMax: Int64 = 86_400
    private static let tokenBytesMax = 16_384
    private static let reasonCharactersMax = 200

    init(status: Int, body: [UInt8]) {
        let object = try? JSONValue(parsing: body)
        guard status == 200 else {
            let isVerdict = [400, 401, 403].contains(status)
            self = .failed(isVerdict ? .rejected : .unavailable, reason: Self.reason(status, object))
            return
        }
        guard let token = object?["access_token"]?.string, (1...Self.tokenBytesMax).contains(token.utf8.count),
            token.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else {
            self = .failed(.unavailable, reason: "an answer without access_token")
            return
        }
        let seconds = object?["expires_in"]?.number?.int64 ?? Self.lifetimeUnsaid
        guard seconds > 0 else {
            self = .failed(.unavailable, reason: "a token that expires at once")
            return
        }
        self = .granted(
            line: Array("authorization: Bearer \(token)\r\n".utf8),
            lifetime: .seconds(min(seconds, Self.lifetimeMax)))
    }

    init(_ error: CurlError) { self = .failed(.unavailable, reason: "\(error)") }

    /// For the log, in the issuer's words as far as they are printable.
    private static func reason(_ status: Int, _ object: JSONValue?) -> String {
        let words = [object?["error"]?.string, object?["error_description"]?.string].compactMap { $0 }
        let said = words.joined(separator: ": ").unicodeScalars.filter { (0x20...0x7e).contains($0.value) }
        return "status \(status)"
            + (said.isEmpty ? "" : ", \(String(said.prefix(reasonCharactersMax).map(Character.init)))")
    }
}
