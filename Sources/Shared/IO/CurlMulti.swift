import CCurl
import Glibc

/// libcurl on one event loop: the transfers of that loop and the connections they share.
///
/// - Shape: libcurl names the sockets and the time it waits for; the loop tells it when they are ready. Nothing blocks, except
///   that names are resolved on threads that libcurl makes.
/// - Errors: those of each transfer, in `CurlError`.
///
/// Concurrency: belongs to one loop, its transfers too.
@safe public final class CurlMulti {
    let loop: EventLoop
    private let handle: UnsafeMutableRawPointer
    private var timer: LoopTimer!
    private var watches: [Int32: DescriptorWatch] = [:]
    /// Watches that libcurl let go of while one of them was calling: freed at the next turn.
    private var retired: [DescriptorWatch] = []
    private var transfers: [UnsafeMutableRawPointer: CurlTransfer] = unsafe [:]
    private var idleHandles: [CurlEasy] = []
    private var isInside = false
    private var cancelledInside: [CurlTransfer] = []

    /// Connections kept for reuse, over all hosts.
    public static let idleConnectionsMax = 256
    static let idleHandlesMax = 64

    /// libcurl wants this once, before its first use.
    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    public init(on loop: EventLoop) {
        precondition(Self.isReady, "libcurl does not start")
        self.loop = loop
        unsafe handle = unsafe curl_multi_init()!
        timer = LoopTimer(on: loop) { [unowned self] in action(CURL_SOCKET_TIMEOUT, 0) }
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
        unsafe weir_curl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, Self.idleConnectionsMax)
    }

    deinit {
        cancelAll()
        // Nothing calls back into an object that is going away.
        unsafe weir_curl_multi_set_socket(handle, nil)
        unsafe weir_curl_multi_set_timer(handle, nil)
        unsafe curl_multi_cleanup(handle)
        timer.cancel()
        for watch in watches.values { watch.close() }
    }

    /// Ends every transfer that is under way with `cancelled`.
    public func cancelAll() {
        for unsafe transfer in unsafe transfers.values { transfer.cancel() }
    }

    public var activeTransfers: Int { unsafe transfers.count }

    // MARK: Transfers

    func begin(_ transfer: CurlTransfer) {
        unsafe transfers[transfer.handle] = transfer
        guard unsafe curl_multi_add_handle(handle, transfer.handle) == CURLM_OK else {
            unsafe transfers[transfer.handle] = nil
            transfer.finish(CurlError(.invalidRequest, detail: "libcurl refused the transfer"))
            return
        }
    }

    /// Takes the transfer out; from inside a callback of libcurl, after the callback.
    func end(_ transfer: CurlTransfer) {
        guard !isInside else {
            cancelledInside.append(transfer)
            return
        }
        guard unsafe transfers[transfer.handle] === transfer else { return }
        unsafe transfers[transfer.handle] = nil
        isInside = true
        unsafe curl_multi_remove_handle(handle, transfer.handle)
        isInside = false
        recycle(transfer)
    }

    func unpause(_ transfer: CurlTransfer) {
        guard unsafe transfers[transfer.handle] === transfer else { return }
        enter { unsafe curl_easy_pause(transfer.handle, CURLPAUSE_CONT) }
    }

    func takeHandle() -> CurlEasy { idleHandles.popLast() ?? CurlEasy() }

    private func recycle(_ transfer: CurlTransfer) {
        transfer.releaseRequest()
        guard idleHandles.count < Self.idleHandlesMax, let easy = transfer.takeEasy() else { return }
        easy.reset()
        idleHandles.append(easy)
    }

    // MARK: Sockets and time

    private func watch(_ descriptor: Int32, _ what: Int32) {
        if what == CURL_POLL_REMOVE {
            guard let watch = watches.removeValue(forKey: descriptor) else { return }
            watch.close()
            retired.append(watch)
            return
        }
        let watch: DescriptorWatch
        if let known = watches[descriptor] {
            watch = known
        } else {
            watch = DescriptorWatch(descriptor: descriptor, on: loop)
            watch.onReady = { [unowned self] readiness in
                var mask: Int32 = 0
                if readiness.contains(.readable) { mask |= CURL_CSELECT_IN }
                if readiness.contains(.writable) { mask |= CURL_CSELECT_OUT }
                if readiness.contains(.failed) { mask |= CURL_CSELECT_ERR }
                action(descriptor, mask)
            }
            watches[descriptor] = watch
        }
        watch.setInterest(
            readable: what == CURL_POLL_IN || what == CURL_POLL_INOUT,
            writable: what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
    }

    /// libcurl must not be called from here, so 0 means the next turn of the loop.
    private func schedule(_ milliseconds: Int) {
        if milliseconds < 0 { timer.cancel() } else { timer.arm(after: .milliseconds(milliseconds)) }
    }

    private func action(_ descriptor: Int32, _ mask: Int32) {
        enter {
            var running: Int32 = 0
            unsafe curl_multi_socket_action(handle, descriptor, mask, &running)
        }
    }

    private func enter(_ body: () -> Void) {
        let outermost = !isInside
        isInside = true
        body()
        guard outermost else { return }
        isInside = false
        collectFinished()
        // What was let go of in an earlier turn is not on the stack any more.
        if !retired.isEmpty { loop.post { [retired = Discarded(retired)] in _ = retired } }
        retired.removeAll()
    }

    private func collectFinished() {
        while !cancelledInside.isEmpty { end(cancelledInside.removeLast()) }
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(handle, &left) {
            var code = CURLE_OK
            guard let easy = unsafe weir_curl_done(message, &code), let transfer = unsafe transfers[easy] else { continue }
            transfer.ended(with: code)
            end(transfer)
        }
    }

    /// Holds watches until the loop has left the call they are in; made and dropped on the loop, so nothing is shared.
    private struct Discarded: @unchecked Sendable {
        let watches: [DescriptorWatch]
        init(_ watches: [DescriptorWatch]) { self.watches = watches }
    }
}

/// One easy handle of libcurl and the buffer it writes its errors to.
@safe final class CurlEasy {
    let handle: UnsafeMutableRawPointer
    private let errorText: UnsafeMutablePointer<CChar>

    init() {
        unsafe handle = unsafe curl_easy_init()!
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        prepare()
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe errorText.deallocate()
    }

    func reset() {
        unsafe curl_easy_reset(handle)
        prepare()
    }

    private func prepare() {
        unsafe errorText[0] = 0
        unsafe weir_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText)
        unsafe weir_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        unsafe weir_curl_set_long(handle, CURLOPT_TCP_KEEPALIVE, 1)
        unsafe weir_curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1)
        unsafe weir_curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2)
        unsafe weir_curl_set_long(handle, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        unsafe weir_curl_only_http(handle)
    }

    var errorDetail: String { unsafe String(cString: errorText) }
}
