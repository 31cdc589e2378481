import CCurl
import Glibc

/// What to send through libcurl, and how long to wait for a connection.
public struct CurlRequest: Sendable {
    public var method: String
    public var url: String
    /// In order; names and values without line breaks.
    public var headers: [(name: String, value: String)]
    /// nil: none, and no Content-Length.
    public var body: [UInt8]?
    public var connectTimeout: Duration = .seconds(5)
    /// From start to end; nil: none.
    public var totalTimeout: Duration?
    /// A PEM file in place of the system's certificate authorities.
    public var caBundlePath: String?
    /// Honours `https_proxy` and its like from the environment.
    public var usesEnvironmentProxy = false

    public init(method: String, url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// One request and its answer, read as it arrives.
///
/// - Shape: `head` once, then `read` until it returns nil. The answer's body is as the server sent it, with the transfer
///   coding removed and the content coding kept. No redirect is followed.
/// - Units: at most `bufferBytesMax` and one piece of libcurl's (16 KiB) wait unread; then the server is not read from, so
///   that it stops sending.
/// - Errors: `CurlError`. After the first one there is nothing more to read.
///
/// A transfer is read to its end or cancelled; one that is dropped goes on until it ends by itself.
///
/// Concurrency: belongs to the loop of its `CurlMulti`; one task waits at a time.
@safe public final class CurlTransfer {
    public static let bufferBytesMax = 64 * 1024
    static let headBytesMax = 64 * 1024

    /// An answer's status and header fields; names as they came (HTTP/2 has them in lower case).
    public struct Head: Sendable {
        public var status: Int
        public var headers: [(name: String, value: String)]

        /// The first field of that name in any case.
        public func first(_ name: String) -> String? {
            let wanted = name.lowercased()
            return headers.first { $0.name.lowercased() == wanted }?.value
        }
    }

    /// nil once the handle went to another transfer.
    private(set) var easy: CurlEasy?
    /// What libcurl calls this transfer by while it is under way.
    let handle: UnsafeMutableRawPointer
    private unowned let multi: CurlMulti
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var body: UnsafeMutableRawBufferPointer?

    private var headBytes = 0
    private var partialHead = Head(status: 0, headers: [])
    private var finalHead: Head?
    private var buffer: [UInt8] = []
    private var isPaused = false
    private var end: Result<Void, CurlError>?
    private var waiter: UnsafeContinuation<Void, Never>?
    private var timer: LoopTimer?
    private var isOverdue = false

    /// Begins at once; the first bytes go out at the loop's next turn.
    public init(_ request: CurlRequest, on multi: CurlMulti) {
        self.multi = multi
        let easy = multi.takeHandle()
        self.easy = easy
        unsafe handle = unsafe easy.handle
        configure(request)
        multi.begin(self)
    }

    deinit { releaseRequest() }

    // MARK: Reading

    /// Waits for the head of the final answer; interim answers (1xx) are passed over.
    public func head(timeout: Duration? = nil) async throws(CurlError) -> Head {
        try await wait(timeout) { self.finalHead != nil }
        return finalHead!
    }

    /// The bytes that have come since the last call, at least one; nil at the end.
    public func read(timeout: Duration? = nil) async throws(CurlError) -> [UInt8]? {
        if buffer.isEmpty {
            if case .success = end { return nil }
            try await wait(timeout) { !self.buffer.isEmpty }
            if buffer.isEmpty { return nil }
        }
        let bytes = buffer
        buffer = []
        if isPaused {
            isPaused = false
            multi.unpause(self)
        }
        return bytes
    }

    /// Ends the transfer now: a connection of HTTP/1.1 is closed, a stream of HTTP/2 reset. Harmless afterwards.
    public func cancel() {
        guard end == nil else { return }
        finish(CurlError(.cancelled))
        multi.end(self)
    }

    public var isOver: Bool { end != nil }

    /// Returns when `condition` holds or the transfer ended well; throws when it ended badly.
    private func wait(_ timeout: Duration?, until condition: () -> Bool) async throws(CurlError) {
        guard !condition() else { return }
        isOverdue = false
        if let timeout {
            let timer = self.timer ?? LoopTimer(on: multi.loop) { [unowned self] in
                isOverdue = true
                wake()
            }
            self.timer = timer
            timer.arm(after: timeout)
        }
        defer { timer?.cancel() }
        while true {
            if condition() { return }
            switch end {
            case .success: return
            case .failure(let error): throw error
            case nil: break
            }
            if isOverdue {
                let error = CurlError(.timeout, detail: "nothing for \(timeout?.wholeMilliseconds ?? 0) ms")
                finish(error)
                multi.end(self)
                throw error
            }
            unsafe await withUnsafeContinuation { continuation in
                if condition() || end != nil || isOverdue { unsafe continuation.resume() } else { unsafe waiter = unsafe continuation }
            }
        }
    }

    private func wake() {
        guard let waiting = unsafe waiter else { return }
        unsafe waiter = nil
        unsafe waiting.resume()
    }

    // MARK: What libcurl tells

    func ended(with code: CURLcode) {
        if code == CURLE_OK, finalHead != nil {
            end = end ?? .success(())
            wake()
            return
        }
        let isConnected = unsafe weir_curl_get_offset(handle, CURLINFO_PRETRANSFER_TIME_T) > 0
        var detail = easy?.errorDetail ?? ""
        if detail.isEmpty { detail = unsafe String(cString: curl_easy_strerror(code)) }
        finish(CurlError(code, detail: detail, headIsComplete: finalHead != nil, isConnected: isConnected))
    }

    func finish(_ error: CurlError) {
        if end == nil { end = .failure(error) }
        wake()
    }

    fileprivate func received(head line: UnsafeRawBufferPointer) -> Int {
        // Trailers come this way too, after the body; nobody asks for them.
        guard finalHead == nil else { return line.count }
        headBytes += line.count
        guard headBytes <= Self.headBytesMax else {
            finish(CurlError(.tooLarge, detail: "the head is longer than \(Self.headBytesMax) bytes"))
            return 0
        }
        var text = unsafe Substring(String(decoding: line, as: UTF8.self))
        while text.utf8.last == 10 || text.utf8.last == 13 { text = text.dropLast() }
        // Swift reads CR LF as one character; dropLast took both.
        if text.hasPrefix("HTTP/") {
            partialHead = unsafe Head(status: Int(weir_curl_get_long(handle, CURLINFO_RESPONSE_CODE)), headers: [])
            if let word = text.split(separator: " ", maxSplits: 2).dropFirst().first, let status = Int(word) {
                partialHead.status = status
            }
        } else if text.isEmpty {
            if partialHead.status >= 200 {
                finalHead = partialHead
                wake()
            }
        } else if let colon = text.firstIndex(of: ":") {
            var value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            while value.utf8.last == 32 || value.utf8.last == 9 { value = value.dropLast() }
            partialHead.headers.append((name: String(text[..<colon]), value: String(value)))
        }
        return line.count
    }

    fileprivate func received(body bytes: UnsafeRawBufferPointer) -> Int {
        guard end == nil else { return 0 }
        guard buffer.isEmpty || buffer.count + bytes.count <= Self.bufferBytesMax else {
            isPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        unsafe buffer += bytes
        wake()
        return bytes.count
    }

    // MARK: Setting up

    private func configure(_ request: CurlRequest) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe weir_curl_set_text(handle, CURLOPT_URL, request.url)
        unsafe weir_curl_set_data(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            unsafe Unmanaged<CurlTransfer>.fromOpaque(context!).takeUnretainedValue()
                .received(body: UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        unsafe weir_curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
        unsafe weir_curl_set_data(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            unsafe Unmanaged<CurlTransfer>.fromOpaque(context!).takeUnretainedValue()
                .received(head: UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        unsafe weir_curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
        unsafe weir_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, max(1, Int(request.connectTimeout.wholeMilliseconds)))
        if let total = request.totalTimeout {
            unsafe weir_curl_set_long(handle, CURLOPT_TIMEOUT_MS, max(1, Int(total.wholeMilliseconds)))
        }
        if let path = request.caBundlePath { unsafe weir_curl_set_text(handle, CURLOPT_CAINFO, path) }
        if !request.usesEnvironmentProxy { unsafe weir_curl_set_text(handle, CURLOPT_PROXY, "") }
        if request.url.hasPrefix("https:") {
            unsafe weir_curl_set_long(handle, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
            // Rather share a connection that is just being made than make another.
            unsafe weir_curl_set_long(handle, CURLOPT_PIPEWAIT, 1)
        } else {
            unsafe weir_curl_set_long(handle, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        }
        configureBody(request)
        configureHeaders(request)
    }

    private func configureBody(_ request: CurlRequest) {
        if let bytes = request.body {
            // libcurl does not copy it: the memory lives until the transfer has ended.
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 1)
            unsafe bytes.withUnsafeBytes { unsafe copy.copyMemory(from: $0) }
            unsafe body = unsafe copy
            unsafe weir_curl_set_long(handle, CURLOPT_POST, 1)
            unsafe weir_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, bytes.count)
            unsafe weir_curl_set_pointer(handle, CURLOPT_POSTFIELDS, copy.baseAddress)
            if request.method != "POST" { unsafe weir_curl_set_text(handle, CURLOPT_CUSTOMREQUEST, request.method) }
        } else if request.method == "HEAD" {
            unsafe weir_curl_set_long(handle, CURLOPT_NOBODY, 1)
        } else {
            unsafe weir_curl_set_long(handle, CURLOPT_HTTPGET, 1)
            if request.method != "GET" { unsafe weir_curl_set_text(handle, CURLOPT_CUSTOMREQUEST, request.method) }
        }
    }

    private func configureHeaders(_ request: CurlRequest) {
        var lines = request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        // What libcurl would add by itself: a wait for 100 before a large body, and a form's content type.
        lines.append("Expect:")
        if request.body != nil, !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            lines.append("Content-Type:")
        }
        for line in lines where !line.utf8.contains(where: { $0 == 10 || $0 == 13 || $0 == 0 }) {
            unsafe headerList = unsafe curl_slist_append(headerList, line)
        }
        unsafe weir_curl_set_pointer(handle, CURLOPT_HTTPHEADER, headerList)
    }

    /// Frees what libcurl read from while it was at work.
    func releaseRequest() {
        if let list = unsafe headerList { unsafe curl_slist_free_all(list) }
        unsafe headerList = nil
        unsafe body?.deallocate()
        unsafe body = nil
    }

    /// Gives the handle away; this one has ended and asks nothing more of it.
    func takeEasy() -> CurlEasy? {
        defer { easy = nil }
        return easy
    }
}
