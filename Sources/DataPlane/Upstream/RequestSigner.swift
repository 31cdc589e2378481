import Shared

/// Signs the requests to a provider that wants no secret sent (Bedrock), with one credential.
///
/// Concurrency: belongs to the loop that its policy was made for, as it keeps the key of the day.
final class RequestSigner {
    private var signer: SigV4
    private let hasher = SHA256()

    /// - Parameter secret: `{"access_key_id": ..., "secret_access_key": ..., "session_token": ...}`, the token only with credentials that expire.
    ///   Nil where it is something else.
    init?(secret: [UInt8], region: String) {
        guard let object = try? JSONValue(parsing: secret), let id = object["access_key_id"]?.string,
            let key = object["secret_access_key"]?.string, !id.isEmpty, !key.isEmpty
        else { return nil }
        signer = SigV4(
            credentials: .init(
                accessKeyID: id, secretAccessKey: Secret(key),
                sessionToken: object["session_token"]?.string.map { Secret($0) }), region: region, service: "bedrock")
    }

    /// The header lines to add to a request, each with its line end.
    func lines(for request: borrowing UpstreamRequest, nowUnixSeconds: Int64) -> [UInt8] {
        hasher.reset()
        unsafe request.edits.forEachSegment(of: request.body) { unsafe hasher.update($0) }
        return lines(
            "POST", request.path, at: request.target.address, payload: hasher.finish(), nowUnixSeconds: nowUnixSeconds)
    }

    /// The same of one without a body.
    func linesOfGet(_ path: [UInt8], at address: UpstreamAddress, nowUnixSeconds: Int64) -> [UInt8] {
        hasher.reset()
        return lines("GET", path, at: address, payload: hasher.finish(), nowUnixSeconds: nowUnixSeconds)
    }

    /// - Parameter path: behind the base URL, with its query.
    private func lines(
        _ method: String, _ path: [UInt8], at address: UpstreamAddress, payload: SHA256Digest, nowUnixSeconds: Int64
    ) -> [UInt8] {
        let target = String(decoding: address.pathPrefix + path, as: UTF8.self)
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let signature = signer.sign(
            .init(
                method: method, path: String(parts[0]), query: parts.count > 1 ? String(parts[1]) : "",
                headers: [.init("host", String(decoding: address.hostHeader, as: UTF8.self))],
                payload: payload), unixSeconds: nowUnixSeconds)
        var lines = "authorization: \(signature.authorization)\r\nx-amz-date: \(signature.date)\r\n"
        if let token = signature.securityToken { lines += "x-amz-security-token: \(token.reveal())\r\n" }
        return Array(lines.utf8)
    }
}
