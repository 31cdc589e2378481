import Shared
import Translate

/// Reaches providers through libcurl: TLS, and HTTP/2 where the provider offers it.
///
/// One for each loop; libcurl keeps the connections.
final class CurlTransport: UpstreamTransport {
    private let loop: EventLoop
    private let multi: CurlMulti
    private let caBundlePath: String?

    /// - Parameter caBundlePath: a PEM file in place of the system's certificate authorities.
    init(on loop: EventLoop, caBundlePath: String? = nil) {
        self.loop = loop
        multi = CurlMulti(on: loop)
        self.caBundlePath = caBundlePath
    }

    /// Attempts that are under way.
    var transferCount: Int { multi.transferCount }

    func exchange(
        _ request: borrowing UpstreamRequest, for caller: any CallerWatch
    ) async throws(AttemptError) -> CurlExchange {
        guard request.upload == nil else {
            throw .inexpressible(
                field: "file", reason: "its provider's transport takes forms up to \(FormRequest.heldBytes >> 10) KiB")
        }
        var outgoing = CurlRequest(
            method: request.method.name.description, url: Self.url(of: request), fields: Self.fields(of: request),
            body: request.method == .post ? Self.body(of: request) : nil)
        outgoing.usesNewConnection = request.isSentOnce
        outgoing.limits = Self.limits(request.limits, now: loop.refreshedNow())
        outgoing.caBundlePath = caBundlePath
        let exchange = CurlExchange(CurlTransfer(outgoing, on: multi))
        caller.abortOnLeaving(exchange)
        do throws(CurlError) {
            try await exchange.receiveHead(from: request.target)
            return exchange
        } catch {
            caller.endWatch()
            throw AttemptError(error)
        }
    }

    private static func url(of request: borrowing UpstreamRequest) -> String {
        let address = request.target.address
        var url = address.isTLS ? "https://" : "http://"
        url += String(decoding: address.hostHeader, as: UTF8.self)
        url += String(decoding: address.pathPrefix, as: UTF8.self)
        return url + String(decoding: request.path, as: UTF8.self)
    }

    private static func fields(of request: borrowing UpstreamRequest) -> CurlFields {
        let fields = CurlFields()
        fields.append(lines: request.authorization)
        fields.append("x-request-id", request.requestID.description)
        let isTranslated = request.dialect != request.providerDialect
        if isTranslated { fields.append(lines: Array(request.providerDialect.fixedLines.utf8)) }
        unsafe FieldForwarding.forEachRequestField(
            of: request.head, request.headBytes, isTranslated: isTranslated
        ) { line, field in
            unsafe fields.append(line: line, nameCount: Int(field.nameCount), valueIsEmpty: field.valueCount == 0)
        }
        let via = FieldForwarding.via(request.head)
        unsafe fields.append(
            line: UnsafeRawBufferPointer(start: via.utf8Start, count: via.utf8CodeUnitCount), nameCount: 3,
            valueIsEmpty: false)
        return fields
    }

    /// A copy: over HTTP/2 an answer may begin before the request has ended, and then the caller's buffer is not ours.
    private static func body(of request: borrowing UpstreamRequest) -> ByteBuffer {
        let body = ByteBuffer()
        let byteCount = unsafe request.edits.byteCount(editing: request.body.count)
        guard byteCount > 0 else { return body }
        _ = unsafe body.writable(byteCount)
        unsafe request.edits.forEachSegment(of: request.body) { unsafe body.append($0) }
        return body
    }

    private static func limits(_ limits: AttemptLimits, now: MonotonicTime) -> CurlLimits {
        var result = CurlLimits()
        result.connect = now.duration(to: limits.connectBy)
        result.firstByte = now.duration(to: limits.firstByteBy)
        result.idle = .nanoseconds(Int64(clamping: limits.idleNanoseconds))
        result.total = now.duration(to: limits.totalBy)
        return result
    }
}

extension CurlFields {
    /// Header lines, each with its line end.
    func append(lines: [UInt8]) {
        unsafe lines.withUnsafeBytes { lines in
            var start = 0
            while let end = unsafe lines[start...].firstIndex(of: 0x0d) {
                let line = unsafe UnsafeRawBufferPointer(rebasing: lines[start..<end])
                if let colon = unsafe line.firstIndex(of: UInt8(ascii: ":")) {
                    unsafe append(line: line, nameCount: colon, valueIsEmpty: false)
                }
                start = end + 2
            }
        }
    }
}

/// One attempt through libcurl.
final class CurlExchange: UpstreamExchange {
    private let transfer: CurlTransfer
    private(set) var answer = UpstreamAnswer()
    let forwardedFields = ByteBuffer()

    init(_ transfer: CurlTransfer) { self.transfer = transfer }

    func receiveHead(from target: CompiledTarget) async throws(CurlError) {
        try await transfer.receiveHead()
        answer = unsafe FieldForwarding.answer(of: transfer.head, transfer.headBytes.readable)
        unsafe target.health.observe(transfer.head, transfer.headBytes.readable, .now())
        unsafe FieldForwarding.appendAnswerFields(of: transfer.head, transfer.headBytes.readable, to: forwardedFields)
    }

    func read(into buffer: ByteBuffer) async throws(UpstreamReadError) -> Int {
        do { return try await transfer.read(into: buffer) } catch { throw UpstreamReadError(error) }
    }

    func abort() { transfer.abort() }

    /// libcurl has taken the connection back when the answer was complete; an unfinished one is worth nothing any more.
    func finish() { transfer.abort() }
}

extension AttemptError {
    init(_ error: CurlError) {
        switch error.kind {
        case .invalidRequest, .connect: self = .connectFailed
        case .certificate: self = .certificateRefused
        case .tls: self = .handshakeFailed
        case .connectTimeout: self = .connectTimedOut
        case .lost, .cut: self = .brokenBeforeAnswer
        case .firstByteTimeout, .idleTimeout: self = .firstTokenTimedOut
        case .totalTimeout: self = .totalTimedOut
        case .malformed, .tooLarge: self = .malformedAnswer
        case .aborted: self = .callerGone
        }
    }
}

extension UpstreamReadError {
    init(_ error: CurlError) {
        switch error.kind {
        case .idleTimeout, .firstByteTimeout: self = .idleTimedOut
        case .totalTimeout: self = .totalTimedOut
        case .malformed, .tooLarge: self = .malformed
        case .aborted: self = .aborted
        case .invalidRequest, .connect, .connectTimeout, .certificate, .tls, .lost, .cut: self = .cut
        }
    }
}
