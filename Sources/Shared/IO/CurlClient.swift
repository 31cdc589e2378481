/// A whole answer.
public struct CurlResponse: Sendable {
    public var status: Int
    public var headers: HTTPHeaders
    public var body: [UInt8]
}

/// Low-rate calls to other services, each answered as a whole: the fleet's conversation, the command line.
///
/// Concurrency: belongs to one loop.
public final class CurlClient {
    private let multi: CurlMulti
    private let caBundlePath: String?

    /// - Parameter caBundlePath: a PEM file in place of the system's certificate authorities.
    public init(on loop: EventLoop, caBundlePath: String? = nil) {
        multi = CurlMulti(on: loop)
        self.caBundlePath = caBundlePath
    }

    /// Sends the request and waits for the whole answer, whatever its status; a redirect is an answer too.
    ///
    /// - Parameter body: nobody may write to it until this returns.
    /// - Errors: `CurlError`; `.tooLarge` for a body of more than `bodyBytesMax`.
    public func send(
        method: String, url: String, headers: HTTPHeaders = [], body: ByteBuffer? = nil,
        timeout: Duration = .seconds(30), connectTimeout: Duration = .seconds(5), bodyBytesMax: Int = 32 * 1024 * 1024
    ) async throws(CurlError) -> CurlResponse {
        var request = CurlRequest(method: method, url: url, fields: CurlFields(headers), body: body)
        request.limits.connect = connectTimeout
        request.limits.total = timeout
        request.caBundlePath = caBundlePath
        let transfer = CurlTransfer(request, on: multi)
        try await transfer.receiveHead()
        let answer = ByteBuffer()
        while try await transfer.read(into: answer) > 0 {
            guard answer.count <= bodyBytesMax else {
                transfer.abort()
                throw CurlError(.tooLarge, detail: "the answer is longer than \(bodyBytesMax) bytes")
            }
        }
        return CurlResponse(
            status: transfer.head.status, headers: HTTPHeaders(of: transfer.head, transfer.headBytes),
            body: answer.array)
    }

    /// The same with a body that is an array.
    public func send(
        method: String, url: String, headers: HTTPHeaders = [], body: [UInt8], timeout: Duration = .seconds(30),
        connectTimeout: Duration = .seconds(5), bodyBytesMax: Int = 32 * 1024 * 1024
    ) async throws(CurlError) -> CurlResponse {
        try await send(
            method: method, url: url, headers: headers, body: ByteBuffer(body), timeout: timeout,
            connectTimeout: connectTimeout, bodyBytesMax: bodyBytesMax)
    }

    /// Calls that are under way.
    public var transferCount: Int { multi.transferCount }

    /// Ends every call that is under way with `aborted`.
    public func abortAll() { multi.abortAll() }
}

extension HTTPHeaders {
    init(of head: HTTPHead, _ bytes: ByteBuffer) {
        self.init()
        for field in head.fields {
            add(
                String(decoding: bytes.array(field.nameRange), as: UTF8.self),
                String(decoding: bytes.array(field.valueRange), as: UTF8.self))
        }
    }
}
