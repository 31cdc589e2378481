/// A whole answer.
public struct CurlResponse: Sendable {
    public var status: Int
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    /// The first field of that name in any case.
    public func first(_ name: String) -> String? {
        CurlTransfer.Head(status: status, headers: headers).first(name)
    }
}

/// Low-rate calls to other services, each answered as a whole.
///
/// Concurrency: belongs to the loop of its `CurlMulti`.
public final class CurlClient {
    public let multi: CurlMulti

    public init(on loop: EventLoop) { multi = CurlMulti(on: loop) }

    /// Sends the request and waits for all of its answer.
    ///
    /// - Errors: `CurlError`; `.tooLarge` for an answer of more than `bodyBytesMax`. An answer is returned whatever its
    ///   status.
    public func send(_ request: CurlRequest, bodyBytesMax: Int) async throws(CurlError) -> CurlResponse {
        let transfer = CurlTransfer(request, on: multi)
        let head = try await transfer.head()
        var response = CurlResponse(status: head.status, headers: head.headers, body: [])
        while let bytes = try await transfer.read() {
            guard response.body.count + bytes.count <= bodyBytesMax else {
                transfer.cancel()
                throw CurlError(.tooLarge, detail: "the answer is longer than \(bodyBytesMax) bytes")
            }
            response.body += bytes
        }
        return response
    }
}
