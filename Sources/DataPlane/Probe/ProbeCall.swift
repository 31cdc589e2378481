import Shared
import Translate

/// One question to a provider: is it up?
///
/// - Shape: what an answer means stands in `OutcomeClass`, as for attempts: a class that breakers count as a failure says that the provider is
///   down, every other one that it is up. A redirect is an answer.
///
/// Concurrency: belongs to the control loop.
struct ProbeCall {
    let url: String
    private let address: UpstreamAddress
    /// Behind the base URL, with its query.
    private let path: [UInt8]
    /// What the dialect wants of every request.
    private let fixedLines: [UInt8]
    /// Those that can be used, which take turns.
    private let credentials: [CompiledCredential]

    /// Of the body so much is read, and thrown away, that its connection can be used again.
    private static let bodyBytesMax = 64 * 1024

    /// - Returns: nil where no request could be sent from here either.
    init?(_ provider: PolicyDocument.Provider, _ rule: PolicyDocument.Probe, _ credentials: CompiledCredentials?) {
        self.credentials = (credentials?.members ?? []).filter(\.isUsable)
        guard !self.credentials.isEmpty, let address = UpstreamAddress(baseURL: provider.baseURL) else { return nil }
        self.address = address
        let query = provider.query.map { "?\($0)" } ?? ""
        path = Array((rule.path + query).utf8)
        url = provider.baseURL + rule.path + query
        fixedLines = Array(provider.dialect.fixedLines.utf8)
    }

    /// The header lines of one of them, each with its line end.
    ///
    /// - Parameter token: of a credential that is exchanged for tokens. A probe goes out without one too: what comes of that is an answer.
    func lines(number: UInt64, nowUnixSeconds: Int64, token: (ObjectID) -> AccessToken?) -> [UInt8] {
        let credential = credentials[Int(number % UInt64(credentials.count))]
        let proof =
            switch credential.proof {
            case .line: credential.line
            case .signature: credential.signer?.linesOfGet(path, at: address, nowUnixSeconds: nowUnixSeconds) ?? []
            case .token: token(credential.id)?.line ?? []
            }
        return proof + fixedLines
    }

    func transfer(
        _ lines: [UInt8], within timeout: Duration, caBundlePath: String?, on multi: CurlMulti
    ) -> CurlTransfer {
        let fields = CurlFields()
        fields.append(lines: lines)
        fields.append("accept", "*/*")
        fields.append("user-agent", "weir/\(WeirVersion.current)")
        var request = CurlRequest(method: "GET", url: url, fields: fields)
        request.limits.connect = timeout
        request.limits.total = timeout
        request.caBundlePath = caBundlePath
        return CurlTransfer(request, on: multi)
    }

    static func isUp(_ outcome: OutcomeClass) -> Bool { outcome.rule.counted != .failure }

    /// nil: given up from this side.
    static func outcome(of transfer: CurlTransfer) async -> OutcomeClass? {
        do throws(CurlError) {
            try await transfer.receiveHead()
        } catch { return error.kind == .aborted ? nil : OutcomeClass(AttemptError(error)) }
        let outcome = OutcomeClass(status: transfer.head.status, complaint: .none)
        // The head has said it, whatever becomes of the rest.
        do throws(CurlError) {
            let rest = ByteBuffer()
            while rest.count <= bodyBytesMax, try await transfer.read(into: rest) > 0 {}
        } catch { return outcome }
        transfer.abort()
        return outcome
    }
}
