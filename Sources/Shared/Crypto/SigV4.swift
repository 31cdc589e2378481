/// Signs requests to AWS, one after another, with one credential: the key of a day is derived once.
///
/// - Shape: pure; says which headers to add, and touches no request. One for each event loop, as it keeps the day's key.
/// - Source: "AWS Signature Version 4 for API requests". Of all services but S3, whose paths are signed as they are.
public struct SigV4: Sendable {
    public struct Credentials: Hashable, Sendable {
        public var accessKeyID: String
        public var secretAccessKey: Secret
        /// Of credentials that expire.
        public var sessionToken: Secret?

        public init(accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret? = nil) {
            self.accessKeyID = accessKeyID
            self.secretAccessKey = secretAccessKey
            self.sessionToken = sessionToken
        }
    }

    /// What is signed of a request: all of it has to arrive as it stands here.
    public struct Request: Hashable, Sendable {
        public struct Header: Hashable, Sendable {
            public var name: String
            public var value: String

            public init(_ name: String, _ value: String) {
                self.name = name
                self.value = value
            }
        }

        public var method: String
        /// Percent-encoded, exactly as it is sent: another spelling of the same path has another signature.
        public var path: String
        /// As it is sent, without the question mark.
        public var query: String
        /// `host` is among them. Those that somebody on the way may change do not belong here.
        public var headers: [Header]
        public var payload: SHA256Digest
        /// Whether the digest goes along as `x-amz-content-sha256`. Few services want it.
        public var sendsPayloadDigest: Bool

        public init(
            method: String, path: String, query: String = "", headers: [Header], payload: SHA256Digest,
            sendsPayloadDigest: Bool = false
        ) {
            self.method = method
            self.path = path
            self.query = query
            self.headers = headers
            self.payload = payload
            self.sendsPayloadDigest = sendsPayloadDigest
        }
    }

    /// What there is to add to a request.
    public struct Signature: Hashable, Sendable {
        /// `authorization`.
        public var authorization: String
        /// `x-amz-date`.
        public var date: String
        /// `x-amz-security-token`.
        public var securityToken: Secret?
        /// `x-amz-content-sha256`.
        public var payloadDigest: String?
    }

    public let credentials: Credentials
    public let region: String
    public let service: String
    private var key: (day: Substring, bytes: [UInt8])?

    public init(credentials: Credentials, region: String, service: String) {
        self.credentials = credentials
        self.region = region
        self.service = service
    }

    public mutating func sign(_ request: Request, unixSeconds: Int64) -> Signature {
        let time = Self.timestamp(unixSeconds)
        var signature = Signature(authorization: "", date: time, securityToken: credentials.sessionToken)
        if request.sendsPayloadDigest { signature.payloadDigest = request.payload.hex }
        let canonical = Self.canonicalRequest(request, signature)
        let scope = "\(time.prefix(8))/\(region)/\(service)/aws4_request"
        let text = "AWS4-HMAC-SHA256\n\(time)\n\(scope)\n\(SHA256.digest(Array(canonical.text.utf8)).hex)"
        let code = HMACSHA256.authenticate(Array(text.utf8), key: signingKey(day: time.prefix(8))).hex
        signature.authorization =
            "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), SignedHeaders=\(canonical.signedHeaders), Signature=\(code)"
        return signature
    }

    private mutating func signingKey(day: Substring) -> [UInt8] {
        if let key, key.day == day { return key.bytes }
        var bytes = Array("AWS4\(credentials.secretAccessKey.reveal())".utf8)
        for part in [String(day), region, service, "aws4_request"] {
            bytes = HMACSHA256.authenticate(Array(part.utf8), key: bytes).bytes
        }
        key = (day, bytes)
        return bytes
    }

    // MARK: The canonical request

    static func canonicalRequest(_ request: Request, _ signature: Signature) -> (text: String, signedHeaders: String) {
        var headers = request.headers
        headers.append(.init("x-amz-date", signature.date))
        if let token = signature.securityToken { headers.append(.init("x-amz-security-token", token.reveal())) }
        if let digest = signature.payloadDigest { headers.append(.init("x-amz-content-sha256", digest)) }
        let (lines, names) = canonical(headers)
        let text = [
            request.method.uppercased(), canonical(path: request.path), canonical(query: request.query), lines, names,
            request.payload.hex,
        ].joined(separator: "\n")
        return (text, names)
    }

    /// Without dot segments and empty ones, each that is left encoded once more.
    private static func canonical(path: String) -> String {
        var segments: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment != ".." { segments.append(segment) } else { _ = segments.popLast() }
        }
        let end = path.hasSuffix("/") && !segments.isEmpty ? "/" : ""
        return PercentEncoding.encode("/" + segments.joined(separator: "/") + end, keeping: "/")
    }

    /// Ordered by name and then by value, as they are encoded; each with its `=`.
    private static func canonical(query: String) -> String {
        query.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : "")
        }
        .sorted { ($0.name, $0.value) < ($1.name, $1.value) }
        .map { "\($0.name)=\($0.value)" }
        .joined(separator: "&")
    }

    /// A line for each name, in their order, with its values in theirs; and the names.
    private static func canonical(_ headers: [Request.Header]) -> (lines: String, names: String) {
        var values: [String: [String]] = [:]
        for header in headers { values[header.name.lowercased(), default: []].append(trimmed(header.value)) }
        let names = values.keys.sorted()
        let lines = names.map { "\($0):\((values[$0] ?? []).joined(separator: ","))\n" }.joined()
        return (lines, names.joined(separator: ";"))
    }

    /// Without white space around it, and with one space where there was more inside.
    private static func trimmed(_ value: String) -> String {
        let words = value.utf8.split { $0 == 0x20 || (0x09...0x0d).contains($0) }
        return words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }

    /// `20130524T000000Z`.
    private static func timestamp(_ unixSeconds: Int64) -> String {
        let text = RFC3339.text(unixMilliseconds: unixSeconds * 1_000)
        return String(text.prefix(19).filter { $0 != "-" && $0 != ":" }) + "Z"
    }
}
