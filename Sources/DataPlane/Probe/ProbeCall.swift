import Shared

/// One question to a provider: is it up?
///
/// - Shape: what an answer means stands in `OutcomeClass`, as for attempts: a class that breakers count as a failure says that the provider is
///   down, every other one that it is up. A redirect is an answer.
///
/// Concurrency: belongs to the control loop.
struct ProbeCall {
    let url: String
    /// `authorization: Bearer ...` with its line end, one for each usable credential; those of several take turns.
    let credentialLines: [[UInt8]]

    /// Of the body so much is read, and thrown away, that its connection can be used again.
    private static let bodyBytesMax = 64 * 1024

    /// - Returns: nil where no request could be sent from here either.
    init?(_ provider: PolicyDocument.Provider, _ rule: PolicyDocument.Probe, _ credentials: CompiledCredentials?) {
        let usable = (credentials?.members ?? []).filter(\.isUsable)
        if usable.isEmpty { return nil }
        url = provider.baseURL + rule.path
        credentialLines = usable.map(\.line)
    }

    func transfer(
        number: UInt64, within timeout: Duration, caBundlePath: String?, on multi: CurlMulti
    ) -> CurlTransfer {
        let fields = CurlFields()
        fields.append(lines: credentialLines[Int(number % UInt64(credentialLines.count))])
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
