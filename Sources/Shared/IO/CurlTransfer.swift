import CCurl
import Glibc

/// One request through libcurl and its answer, read as it arrives.
///
/// - Shape: `receiveHead` once, then `read` until it returns 0. The body comes without its transfer coding and with its
///   content coding. Redirects are answers like any other. A transfer that is dropped before its end is aborted.
/// - Units: at most `bufferBytesMax` wait unread; then the connection is not read from, so that the sender stops.
///   On an HTTP/2 connection libcurl itself keeps what the sender's window still allowed.
/// - Errors: `CurlError`; the first one is the last word.
///
/// Concurrency: belongs to the loop of its `CurlMulti`; one task waits at a time.
@safe public final class CurlTransfer: Abortable {
    public static let bufferBytesMax = 64 * 1024
    private static let headBytesMax = 64 * 1024

    private enum Outcome {
        case complete
        case failed(CurlError)
    }

    private let multi: CurlMulti
    /// nil once libcurl is done with this transfer.
    private var easy: CurlEasy?
    // libcurl reads from these until then.
    private let fields: CurlFields
    private let body: ByteBuffer?

    /// The head of the answer, indexing `headBytes`. Its framing describes the wire, not what `read` returns.
    public let head = HTTPHead()
    public let headBytes = ByteBuffer()
    private var headIsComplete = false
    private let received = ByteBuffer()
    private var isPaused = false

    private var outcome: Outcome?
    /// Why a callback told libcurl to stop.
    private var refusal: CurlError?

    private let limits: CurlLimits
    private let start: MonotonicTime
    private var timer: DeadlineTimer!
    private var overdueKind = CurlError.Kind.totalTimeout
    private var waiter: UnsafeContinuation<Void, Never>?
    private var hasNews = false

    private final class DeadlineTimer: TimerEntry {
        unowned let transfer: CurlTransfer
        init(_ transfer: CurlTransfer) { self.transfer = transfer }
        override func timerFired() { transfer.fail(CurlError(transfer.overdueKind)) }
    }

    /// Starts at once; the first bytes go out with the next turn of the loop.
    public init(_ request: CurlRequest, on multi: CurlMulti) {
        self.multi = multi
        fields = request.fields
        body = request.body ?? (Self.wantsBody(request.method) ? ByteBuffer() : nil)
        limits = request.limits
        start = multi.loop.refreshedNow()
        timer = DeadlineTimer(self)
        let easy = multi.takeHandle()
        self.easy = easy
        if !configure(easy, request) || !multi.add(self, easy) {
            fail(CurlError(.invalidRequest, detail: "libcurl does not take the request"))
        }
    }

    deinit { detach() }

    // MARK: Reading

    /// Waits for the head of the final answer; interim ones (1xx) are passed over.
    public func receiveHead() async throws(CurlError) {
        while !headIsComplete {
            if case .failed(let error) = outcome { throw error }
            await waitForNews(by: limits.firstByte.map(start.advanced(by:)), else: .firstByteTimeout)
        }
    }

    /// Appends what has arrived of the body, waiting until something has. 0: the body is complete.
    public func read(into buffer: ByteBuffer) async throws(CurlError) -> Int {
        let silentBy = limits.idle.map { multi.loop.now.advanced(by: $0) }
        while received.isEmpty {
            switch outcome {
            case .complete: return 0
            case .failed(let error): throw error
            case nil: await waitForNews(by: silentBy, else: .idleTimeout)
            }
        }
        let count = received.count
        unsafe buffer.append(received.readable)
        received.removeAll()
        if isPaused, let easy {
            isPaused = false
            let code = multi.resume(easy)
            if code != CURLE_OK { ended(with: code) }
        }
        return count
    }

    /// Gives the transfer up: the task that waits for it wakes with `aborted`. Harmless once it is over.
    public func abort() {
        guard outcome == nil else { return }
        received.removeAll()
        fail(CurlError(.aborted))
    }

    public var isOver: Bool { outcome != nil }
    var unreadBytes: Int { received.count }

    /// Suspends until something has changed; at the deadline what changes is that the transfer has failed.
    private func waitForNews(by deadline: MonotonicTime?, else kind: CurlError.Kind) async {
        let totalBy = limits.total.map(start.advanced(by:)) ?? .distantFuture
        let earliest = min(deadline ?? .distantFuture, totalBy)
        overdueKind = earliest < totalBy ? kind : .totalTimeout
        multi.loop.arm(timer, at: earliest.nanoseconds)
        hasNews = false
        unsafe await withUnsafeContinuation { continuation in
            if hasNews { unsafe continuation.resume() } else { unsafe waiter = unsafe continuation }
        }
        multi.loop.disarm(timer)
    }

    private func wake() {
        hasNews = true
        guard let waiting = unsafe waiter else { return }
        unsafe waiter = nil
        unsafe waiting.resume()
    }

    // MARK: Ending

    /// libcurl has finished, well or not.
    func ended(with code: CURLcode) {
        guard outcome == nil, let easy else { return }
        if let refusal { return fail(refusal) }
        guard code == CURLE_OK, headIsComplete else {
            let code = code == CURLE_OK ? CURLE_GOT_NOTHING : code
            return fail(
                CurlError(
                    code, detail: easy.describe(code), isConnected: easy.wasConnected, hasHead: headIsComplete))
        }
        outcome = .complete
        detach()
        wake()
    }

    private func fail(_ error: CurlError) {
        guard outcome == nil else { return }
        outcome = .failed(error)
        detach()
        wake()
    }

    private func detach() {
        multi.loop.disarm(timer)
        guard let easy else { return }
        self.easy = nil
        multi.remove(easy)
    }

    // MARK: What libcurl tells

    /// A line of the head with its line end; returns how much of it is taken.
    fileprivate func receive(headLine line: UnsafeRawBufferPointer) -> Int {
        // After the head these are trailers, which nobody asks for.
        guard !headIsComplete else { return line.count }
        guard headBytes.count + line.count <= Self.headBytesMax else {
            refusal = CurlError(.tooLarge, detail: "the head of the answer is longer than \(Self.headBytesMax) bytes")
            return 0
        }
        if headBytes.isEmpty {
            unsafe appendStatusLine(line)
        } else {
            unsafe headBytes.append(line)
        }
        guard line.count <= 2, unsafe line.first == 10 || line.first == 13 else { return line.count }
        do throws(HTTPError) {
            guard try unsafe head.parseResponse(headBytes.readable, headBytesMax: Self.headBytesMax + 1) else {
                throw .malformedHeader
            }
        } catch {
            refusal = CurlError(.malformed, detail: "the head of the answer: \(error)")
            return 0
        }
        if head.status < 200 {
            headBytes.removeAll()
        } else {
            headIsComplete = true
            wake()
        }
        return line.count
    }

    /// libcurl writes HTTP/2 answers as if they were HTTP/1.1, but for the version in the first line.
    private func appendStatusLine(_ line: UnsafeRawBufferPointer) {
        guard line.count > 7, unsafe HTTPBytes.equals(line, 0..<7, "http/2 ") else {
            return unsafe headBytes.append(line)
        }
        headBytes.append("HTTP/1.1 ")
        unsafe headBytes.append(UnsafeRawBufferPointer(rebasing: line[7...]))
    }

    fileprivate func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard received.isEmpty || received.count + bytes.count <= Self.bufferBytesMax else {
            isPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        unsafe received.append(bytes)
        wake()
        return bytes.count
    }

    // MARK: Setting up

    private static func wantsBody(_ method: String) -> Bool { method == "POST" || method == "PUT" || method == "PATCH" }

    private func configure(_ easy: CurlEasy, _ request: CurlRequest) -> Bool {
        guard !fields.isInvalid, !request.method.isEmpty, easy.set(CURLOPT_URL, request.url) else { return false }
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe weir_curl_set_data(easy.handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            unsafe Unmanaged<CurlTransfer>.fromOpaque(context!).takeUnretainedValue()
                .receive(headLine: UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        unsafe weir_curl_set_data(easy.handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            unsafe Unmanaged<CurlTransfer>.fromOpaque(context!).takeUnretainedValue()
                .receive(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        unsafe weir_curl_set_pointer(easy.handle, CURLOPT_HEADERDATA, context)
        unsafe weir_curl_set_pointer(easy.handle, CURLOPT_WRITEDATA, context)
        easy.set(CURLOPT_CONNECTTIMEOUT_MS, max(1, Int(request.limits.connect.wholeNanoseconds / 1_000_000)))
        if let path = request.caBundlePath, !easy.set(CURLOPT_CAINFO, path) { return false }
        if request.url.hasPrefix("https:") {
            // By ALPN, with HTTP/1.1 for servers that do not offer it. A transfer rather waits for a connection that is
            // just being made, to share it, than makes another.
            easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
            easy.set(CURLOPT_PIPEWAIT, 1)
        } else {
            easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        }
        if request.usesNewConnection { easy.set(CURLOPT_FRESH_CONNECT, 1) }
        configureMethod(easy, request.method)
        fields.suppressDefaults()
        unsafe weir_curl_set_pointer(easy.handle, CURLOPT_HTTPHEADER, fields.list)
        return true
    }

    private func configureMethod(_ easy: CurlEasy, _ method: String) {
        if let body {
            easy.set(CURLOPT_POST, 1)
            unsafe easy.setBody(body.readable)
            if method != "POST" { _ = easy.set(CURLOPT_CUSTOMREQUEST, method) }
        } else if method == "HEAD" {
            easy.set(CURLOPT_NOBODY, 1)
        } else {
            easy.set(CURLOPT_HTTPGET, 1)
            if method != "GET" { _ = easy.set(CURLOPT_CUSTOMREQUEST, method) }
        }
    }
}
