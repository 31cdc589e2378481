import Shared

/// What goes to a provider for one attempt: the caller's request with its body edited or translated, and whose name it is under.
///
/// Not copyable: a copy would count a reference for each of its parts.
@safe struct UpstreamRequest: ~Copyable {
    var target: CompiledTarget
    var method = HTTPMethod.post
    /// Behind the provider's base URL.
    var path: [UInt8]
    /// The header lines by which the provider knows who asks, each with its line end.
    var authorization: [UInt8]
    var requestID: ObjectID
    /// The caller's head and the bytes it indexes.
    var head: HTTPHead
    var headBytes: UnsafeRawBufferPointer
    /// In which the caller speaks, and in which the provider is asked.
    var dialect: Dialect
    var providerDialect: Dialect
    var body: UnsafeRawBufferPointer
    var edits: JSONEdits
    /// What follows `body` while it arrives.
    var upload: BodyUpload?
    /// It does not go out once more where a kept connection turns out to be closed.
    var isSentOnce = false
    var limits: AttemptLimits
}

extension UpstreamRequest {
    init(
        _ request: borrowing ParsedRequest, as rendition: borrowing Rendition, to target: CompiledTarget,
        with credential: borrowing CompiledCredential,
        _ requestID: ObjectID, head: HTTPHead, headBytes: UnsafeRawBufferPointer, limits: AttemptLimits
    ) {
        unsafe self.init(
            target: target, path: target.path(for: request), authorization: credential.line,
            requestID: requestID, head: head, headBytes: headBytes, dialect: request.dialect,
            providerDialect: rendition.dialect, body: rendition.body,
            edits: rendition.edits, upload: request.upload, limits: limits)
        isSentOnce = request.upload != nil
        if let stored = request.stored {
            method = stored.call.method
            isSentOnce = isSentOnce || stored.call.isSentOnce
        }
        if credential.proof != .line { authorization = credential.lines(for: self) }
    }
}

/// The three timeouts of an attempt and the end of the whole request, as moments.
struct AttemptLimits {
    var connectBy: MonotonicTime
    var firstByteBy: MonotonicTime
    var idleNanoseconds: UInt64
    var totalBy: MonotonicTime
}

extension AttemptLimits {
    /// Of an attempt that begins now, of a request that has to be over by `deadline`.
    init(_ target: CompiledTarget, from now: MonotonicTime, by deadline: MonotonicTime) {
        connectBy = min(now.advanced(byNanoseconds: target.connectNanoseconds), deadline)
        firstByteBy = min(now.advanced(byNanoseconds: target.firstTokenNanoseconds), deadline)
        idleNanoseconds = target.idleNanoseconds
        totalBy = deadline
    }
}

extension AttemptLimits {
    /// The request has gone out only now: the time to the first byte counts from here.
    mutating func beginAnswer(of target: CompiledTarget, now: MonotonicTime) {
        firstByteBy = min(now.advanced(byNanoseconds: target.firstTokenNanoseconds), totalBy)
    }
}

/// Why an answer stopped before its end.
enum UpstreamReadError: Error, Equatable {
    case cut, malformed, idleTimedOut, totalTimedOut
    /// Given up from this side: the caller left.
    case aborted
}

/// The parts of an answer's head that decide what happens next.
struct UpstreamAnswer {
    var status = 0
    var hasDate = false
    var isEventStream = false
    var contentLength: UInt64?
    /// How long the provider wants to be left alone, where it failed.
    var waitMilliseconds: UInt64?
}

/// A connection to a provider for the time of one attempt.
///
/// Concurrency: belongs to the loop and the task of its request; `abort` is called by the caller's connection on the same loop.
protocol UpstreamExchange: Abortable {
    /// Valid once the transport has handed the exchange out.
    var answer: UpstreamAnswer { get }
    /// Itself, where it is of Weir's own transport, whose `readNow` and `read` are worth being called directly: behind a protocol's
    /// asynchronous call a task asks for its executor again, under a lock, and that for each piece of a stream.
    var direct: UpstreamConnection? { get }
    /// The header lines that go to the caller, each with its line end.
    var forwardedFields: ByteBuffer { get }

    /// Appends what has arrived of the body, without its framing, waiting until something has. 0: the body is complete.
    func read(into buffer: ByteBuffer) async throws(UpstreamReadError) -> Int

    /// The attempt is over: the connection is kept when its last answer ended cleanly, else closed.
    func finish()
}

extension UpstreamExchange {
    var direct: UpstreamConnection? { nil }

    /// Behind the end of a stream, for a connection that is used again.
    private static var spareBytesMax: Int { 4096 }

    /// Reads what follows the end of a stream, as far as that is little.
    func readSpare(into buffer: ByteBuffer) async {
        var spare = 0
        do throws(UpstreamReadError) {
            while spare <= Self.spareBytesMax, try await read(into: buffer) > 0 {
                spare += buffer.count
                buffer.removeAll()
            }
        } catch {}
    }
}

/// A way to reach providers.
protocol UpstreamTransport: AnyObject {
    associatedtype Exchange: UpstreamExchange

    /// Sends the request and waits for the head of its answer.
    ///
    /// - Parameter caller: while the exchange waits, the caller's leaving aborts it.
    /// - Errors: `AttemptError`, when there is no answer at all. Any status is an answer.
    func exchange(
        _ request: borrowing UpstreamRequest, for caller: any CallerWatch
    ) async throws(AttemptError) -> Exchange
}

/// Which header fields cross, in either direction.
enum FieldForwarding {
    /// Calls `body` with name and value of each field of a caller that a provider may see.
    ///
    /// - Parameter isTranslated: the provider speaks another dialect, and is not told what only that of the caller knows.
    @inline(__always)
    static func forEachRequestField(
        of head: HTTPHead, _ bytes: UnsafeRawBufferPointer, isTranslated: Bool,
        _ body: (_ line: UnsafeRawBufferPointer, _ field: HTTPField) -> Void
    ) {
        // By their places, here and below: a loop over the fields themselves would hold them.
        for place in head.fields.indices {
            let field = head.fields[place]
            switch field.name {
            // Of this hop, or written anew for the next one.
            case .host, .contentLength, .expect, .acceptEncoding, .xRequestID: continue
            // The caller's key never goes upstream, and neither does what identifies the caller to Weir.
            case .authorization, .xAPIKey, .apiKey, .xGoogAPIKey, .cookie, .forwarded, .xForwarded, .xWeir: continue
            // Said to Weir, which answers it: a provider would take a page for its own caller.
            case .origin, .accessControl, .accessControlRequestMethod, .accessControlRequestHeaders: continue
            case .anthropicVersion, .ofDialect: if isTranslated { continue }
            default: break
            }
            if unsafe field.name.isHopByHop || isListed(field, head, bytes) { continue }
            unsafe body(UnsafeRawBufferPointer(rebasing: bytes[field.lineRange]), field)
        }
    }

    /// Who passed the request on (RFC 9110 section 7.6.3), as the last of those that did.
    static func via(_ head: HTTPHead) -> StaticString { head.minorVersion == 0 ? "via: 1.0 weir" : "via: 1.1 weir" }

    /// Appends the lines of an answer that its caller may see.
    static func appendAnswerFields(of head: HTTPHead, _ bytes: UnsafeRawBufferPointer, to output: ByteBuffer) {
        for place in head.fields.indices {
            let field = head.fields[place]
            switch field.name {
            // The length is Weir's own, because chunks may be hidden; cookies and limits belong to the account behind Weir.
            case .contentLength, .setCookie, .xRequestID, .rateLimit, .xWeir, .server, .retryAfter: continue
            // Said of the provider's own host, and not true of this one.
            case .altSvc, .strictTransportSecurity, .accessControl: continue
            default: break
            }
            if unsafe field.name.isHopByHop || isListed(field, head, bytes) { continue }
            unsafe output.append(UnsafeRawBufferPointer(rebasing: bytes[field.lineRange]))
            output.append("\r\n")
        }
    }

    /// True for a field that the `Connection` field names: it is of this hop too.
    private static func isListed(_ field: HTTPField, _ head: HTTPHead, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard !head.connectionNames.isEmpty else { return false }
        for name in head.connectionNames where name.count == Int(field.nameCount) {
            let a = unsafe bytes[name]
            let b = unsafe bytes[field.nameRange]
            if unsafe zip(a, b).allSatisfy({ $0 == $1 || ($0 | 0x20 == $1 | 0x20 && ($0 | 0x20) &- 97 < 26) }) {
                return true
            }
        }
        return false
    }

    static func answer(of head: HTTPHead, _ bytes: UnsafeRawBufferPointer) -> UpstreamAnswer {
        var answer = UpstreamAnswer(status: head.status)
        if case .length(let length) = head.framing { answer.contentLength = length }
        if head.framing == .none { answer.contentLength = 0 }
        if let field = head.first(.contentType) {
            answer.isEventStream =
                unsafe begins(field, bytes, "text/event-stream")
                || begins(field, bytes, "application/vnd.amazon.eventstream")
        }
        answer.hasDate = head.first(.date) != nil
        if head.status >= 400 { answer.waitMilliseconds = unsafe waitMilliseconds(head, bytes) }
        return answer
    }

    private static func begins(_ field: HTTPField, _ bytes: UnsafeRawBufferPointer, _ type: StaticString) -> Bool {
        let start = field.valueRange.lowerBound
        return unsafe Int(field.valueCount) >= type.utf8CodeUnitCount
            && HTTPBytes.equals(bytes, start..<(start + type.utf8CodeUnitCount), type)
    }

    /// By whichever field says the longest: one in seconds may be rounded down.
    private static func waitMilliseconds(_ head: HTTPHead, _ bytes: UnsafeRawBufferPointer) -> UInt64? {
        var longest: Int64?
        let now = WallTime.unixMilliseconds()
        for field in head.fields where field.name == .retryAfter {
            guard let unit = unsafe WaitHint.unit(ofFieldNamed: field.nameRange, in: bytes) else { continue }
            let value = unsafe UnsafeRawBufferPointer(rebasing: bytes[field.valueRange])
            guard let wait = unsafe WaitHint.milliseconds(value, unit: unit, nowUnixMilliseconds: now) else { continue }
            longest = max(longest ?? 0, wait)
        }
        return longest.map { UInt64($0) }
    }
}
