import CCurl
import Glibc

/// libcurl on one event loop: the transfers of that loop and the connections they share.
///
/// - Shape: libcurl says which descriptors and which moment it waits for, the loop tells it when they have come. Nothing
///   blocks; names are resolved on threads that libcurl makes.
///
/// Concurrency: belongs to one loop, and so do its transfers.
@safe public final class CurlMulti {
    let loop: EventLoop
    private let handle: UnsafeMutableRawPointer
    private var timer: LoopTimer!
    private var watches: [Int32: DescriptorWatch] = [:]
    /// Watches that libcurl let go of, perhaps while they were calling it: freed at the next entry, when they are not on the
    /// stack any more.
    private var retiredWatches: [DescriptorWatch] = []
    /// Not retained: a transfer belongs to who started it, and takes itself out when it goes.
    private var transfers: [UnsafeMutableRawPointer: Unmanaged<CurlTransfer>] = unsafe [:]
    private var spareHandles: [CurlEasy] = []
    private var isInside = false

    /// Idle connections kept for reuse, over all hosts.
    private static let connectionsMax = 256
    /// A spare handle is about 20 KiB.
    private static let spareHandlesMax = 64

    /// libcurl is started once for the process. Its TLS may write to a closed socket without MSG_NOSIGNAL, and with
    /// CURLOPT_NOSIGNAL it leaves that signal to the process: a peer that leaves must not end it.
    private static let isStarted: Bool = {
        signal(SIGPIPE, SIG_IGN)
        return curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
    }()

    public init(on loop: EventLoop) {
        precondition(Self.isStarted, "libcurl does not start")
        self.loop = loop
        guard let created = unsafe curl_multi_init() else { fatalError("out of memory: libcurl") }
        unsafe handle = unsafe created
        timer = LoopTimer(on: loop) { [unowned self] in act(CURL_SOCKET_TIMEOUT, 0) }
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe weir_curl_multi_set_pointer(handle, CURLMOPT_SOCKETDATA, context)
        unsafe weir_curl_multi_set_pointer(handle, CURLMOPT_TIMERDATA, context)
        unsafe weir_curl_multi_set_socket(handle) { _, descriptor, what, context, _ in
            unsafe Unmanaged<CurlMulti>.fromOpaque(context!).takeUnretainedValue().watch(descriptor, what)
            return 0
        }
        unsafe weir_curl_multi_set_timer(handle) { _, milliseconds, context in
            unsafe Unmanaged<CurlMulti>.fromOpaque(context!).takeUnretainedValue().schedule(milliseconds)
            return 0
        }
        unsafe weir_curl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, Self.connectionsMax)
    }

    deinit {
        // Every transfer holds this object, so there is none: only idle connections.
        unsafe weir_curl_multi_set_socket(handle, nil)
        unsafe weir_curl_multi_set_timer(handle, nil)
        for watch in watches.values { watch.close() }
        spareHandles.removeAll()
        unsafe curl_multi_cleanup(handle)
    }

    /// Transfers that are under way.
    public var transferCount: Int { unsafe transfers.count }

    /// Aborts every transfer that is under way.
    public func abortAll() {
        for transfer in unsafe transfers.values.map({ unsafe $0.takeUnretainedValue() }) { transfer.abort() }
    }

    // MARK: Transfers

    func takeHandle() -> CurlEasy { spareHandles.popLast() ?? CurlEasy() }

    /// - Errors: false when libcurl does not take it.
    func add(_ transfer: CurlTransfer, _ easy: CurlEasy) -> Bool {
        unsafe transfers[easy.handle] = unsafe Unmanaged.passUnretained(transfer)
        let isAdded = enter { unsafe curl_multi_add_handle(handle, easy.handle) == CURLM_OK }
        if !isAdded { unsafe transfers[easy.handle] = nil }
        return isAdded
    }

    /// Takes a transfer out, wherever it stands: an unfinished one loses its connection (HTTP/1.1) or its stream (HTTP/2).
    func remove(_ easy: CurlEasy) {
        if unsafe transfers.removeValue(forKey: easy.handle) != nil {
            enter { unsafe curl_multi_remove_handle(handle, easy.handle) }
        }
        guard spareHandles.count < Self.spareHandlesMax else { return }
        easy.reset()
        spareHandles.append(easy)
    }

    /// Lets a transfer that refused bytes have them.
    func resume(_ easy: CurlEasy) -> CURLcode { enter { unsafe curl_easy_pause(easy.handle, CURLPAUSE_CONT) } }

    // MARK: Descriptors and time

    private func watch(_ descriptor: Int32, _ what: Int32) {
        if what == CURL_POLL_REMOVE {
            guard let watch = watches.removeValue(forKey: descriptor) else { return }
            watch.close()
            retiredWatches.append(watch)
            return
        }
        let watch = watches[descriptor] ?? makeWatch(descriptor)
        watch.setInterest(readable: what & CURL_POLL_IN != 0, writable: what & CURL_POLL_OUT != 0)
    }

    private func makeWatch(_ descriptor: Int32) -> DescriptorWatch {
        let watch = DescriptorWatch(descriptor: descriptor, on: loop)
        watch.onReady = { [unowned self] readiness in
            var mask: Int32 = 0
            if readiness.contains(.readable) { mask |= CURL_CSELECT_IN }
            if readiness.contains(.writable) { mask |= CURL_CSELECT_OUT }
            if readiness.contains(.failed) { mask |= CURL_CSELECT_ERR }
            act(descriptor, mask)
        }
        watches[descriptor] = watch
        return watch
    }

    /// libcurl must not be called from here, so 0 ms is the next turn of the loop and not this one.
    private func schedule(_ milliseconds: Int) {
        guard milliseconds >= 0 else { return timer.cancel() }
        _ = loop.refreshedNow()
        timer.arm(after: milliseconds == 0 ? .nanoseconds(1) : .milliseconds(milliseconds))
    }

    private func act(_ descriptor: Int32, _ mask: Int32) {
        enter {
            var running: Int32 = 0
            unsafe curl_multi_socket_action(handle, descriptor, mask, &running)
        }
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(handle, &left) {
            var code = CURLE_OK
            guard let easy = unsafe weir_curl_done(message, &code) else { continue }
            unsafe transfers[easy]?.takeUnretainedValue().ended(with: code)
        }
    }

    /// Every call that lets libcurl work. Its callbacks resume tasks, which run later, so none of them comes back in here.
    @discardableResult
    private func enter<Result>(_ body: () -> Result) -> Result {
        precondition(!isInside, "libcurl was called from its own callback")
        retiredWatches.removeAll()
        isInside = true
        defer { isInside = false }
        return body()
    }
}

/// One easy handle of libcurl and the buffer that it writes its errors to.
@safe final class CurlEasy {
    let handle: UnsafeMutableRawPointer
    private let errorText: UnsafeMutablePointer<CChar>

    init() {
        guard let created = unsafe curl_easy_init() else { fatalError("out of memory: libcurl") }
        unsafe handle = unsafe created
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        prepare()
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe errorText.deallocate()
    }

    /// Forgets the last request; connections and resolved names belong to the multi handle and stay.
    func reset() {
        unsafe curl_easy_reset(handle)
        prepare()
    }

    /// What is the same for every request.
    private func prepare() {
        unsafe errorText[0] = 0
        unsafe weir_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText)
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_PATH_AS_IS, 1)
        // Shorter than the idle timeouts of the usual servers (60 to 75 s), so that this side closes first.
        set(CURLOPT_MAXAGE_CONN, 50)
        _ = set(CURLOPT_PROTOCOLS_STR, "http,https")
        // Empty: the environment of the process does not decide where requests go.
        _ = set(CURLOPT_PROXY, "")
    }

    func set(_ option: CURLoption, _ value: Int) { unsafe weir_curl_set_long(handle, option, value) }
    func set(_ option: CURLoption, _ value: String) -> Bool {
        unsafe weir_curl_set_text(handle, option, value) == CURLE_OK
    }

    /// libcurl reads the bytes while it sends them.
    func setBody(_ bytes: UnsafeRawBufferPointer) {
        unsafe weir_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
        // nil would make libcurl ask for the body piece by piece, even for one of no bytes.
        unsafe weir_curl_set_pointer(handle, CURLOPT_POSTFIELDS, bytes.baseAddress ?? UnsafeRawPointer(errorText))
    }

    /// Name, connection and handshake were done.
    var wasConnected: Bool { unsafe weir_curl_get_offset(handle, CURLINFO_PRETRANSFER_TIME_T) > 0 }

    func describe(_ code: CURLcode) -> String {
        unsafe errorText[0] == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: errorText)
    }
}
