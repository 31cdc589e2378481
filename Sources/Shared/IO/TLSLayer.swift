import COpenSSL
import Glibc

/// Why a handshake did not end in a connection.
public enum TLSFailure: Error, Hashable, Sendable {
    case timedOut
    /// Given up from this side.
    case aborted
    /// The peer closed or reset the connection.
    case peerLeft
    /// The peer's certificate: missing, expired, of an unknown authority, for another name. In OpenSSL's words.
    case certificateRefused(String)
    /// A caller that speaks plain HTTP on the TLS port.
    case plainHTTP
    /// No common version, cipher or protocol; an alert; bytes that are not TLS. In OpenSSL's words.
    case refused(String)

    /// The label of metrics and logs.
    public var label: StaticString {
        switch self {
        case .timedOut: "timeout"
        case .aborted: "aborted"
        case .peerLeft: "peer_left"
        case .certificateRefused: "certificate"
        case .plainHTTP: "plain_http"
        case .refused: "handshake"
        }
    }
}

/// TLS on one connection: the only owner of an `SSL`, which reads and writes the socket itself.
///
/// Concurrency: belongs to the loop of its connection.
@safe final class TLSLayer {
    private let raw: OpaquePointer
    /// What the callbacks of `raw` point to without holding it.
    private let kept: AnyObject
    private(set) var isEstablished = false
    /// Set by the socket's BIO when a read of it brought less than was asked for.
    private let readWasShort: UnsafeMutablePointer<Bool>
    /// libssl wants to write before it can read on (a peer asked for new keys while the socket was full), or the reverse.
    var readWaitsForWriting = false
    var writeWaitsForReading = false

    enum Step {
        case bytes(Int)
        case wantsReading, wantsWriting
        /// The peer said that nothing follows: close_notify.
        case end
        /// The connection ended without that, or what came is not TLS: no end that can be believed.
        case broken
    }

    /// Takes over the server's end of a connection on `descriptor`; nil when libssl is out of memory.
    convenience init?(_ context: TLSServerContext, descriptor: Int32) {
        guard let raw = unsafe context.makeConnection() else { return nil }
        unsafe self.init(takingOwnershipOf: raw, keeping: context, descriptor: descriptor)
        unsafe SSL_set_accept_state(raw)
    }

    /// The client's end.
    convenience init?(_ context: TLSClientContext, host: String, sessions: TLSSessionStore, descriptor: Int32) {
        guard let raw = unsafe context.makeConnection(host: host, sessions: sessions) else { return nil }
        unsafe self.init(takingOwnershipOf: raw, keeping: sessions, descriptor: descriptor)
        unsafe SSL_set_connect_state(raw)
    }

    private init?(takingOwnershipOf raw: OpaquePointer, keeping kept: AnyObject, descriptor: Int32) {
        unsafe self.raw = unsafe raw
        self.kept = kept
        unsafe readWasShort = .allocate(capacity: 1)
        unsafe readWasShort.initialize(to: false)
        guard unsafe SSL_set_fd(raw, descriptor) == 1, let socket = unsafe SSL_get_rbio(raw) else { return nil }
        unsafe BIO_set_callback_arg(socket, UnsafeMutableRawPointer(readWasShort).assumingMemoryBound(to: CChar.self))
        unsafe BIO_set_callback_ex(socket, Self.socketUsed)
    }

    deinit {
        unsafe SSL_free(raw)
        unsafe readWasShort.deallocate()
    }

    /// Called before and after each use of the socket. What it returns is what its user gets, so that is left as it is.
    private static let socketUsed: BIO_callback_fn_ex = { socket, operation, _, wanted, _, _, result, taken in
        if operation == BIO_CB_READ | BIO_CB_RETURN, result > 0, let taken = unsafe taken,
            unsafe taken.pointee < wanted,
            let flag = unsafe BIO_get_callback_arg(socket)
        {
            unsafe UnsafeMutableRawPointer(flag).assumingMemoryBound(to: Bool.self).pointee = true
        }
        return Int(result)
    }

    var isResumed: Bool { unsafe SSL_session_reused(raw) == 1 }

    /// `TLSv1.3`.
    var version: String { unsafe String(cString: SSL_get_version(raw)) }

    // MARK: Handshake

    enum HandshakeStep {
        case done, wantsReading, wantsWriting
        case failed(TLSFailure)
    }

    func shakeHands() -> HandshakeStep {
        TLSErrorQueue.clear()
        errno = 0
        let result = unsafe SSL_do_handshake(raw)
        if result == 1 {
            isEstablished = true
            return .done
        }
        switch unsafe SSL_get_error(raw, result) {
        case SSL_ERROR_WANT_READ: return .wantsReading
        case SSL_ERROR_WANT_WRITE: return .wantsWriting
        case SSL_ERROR_SYSCALL: return .failed(.peerLeft)
        default: return .failed(failure())
        }
    }

    private func failure() -> TLSFailure {
        let error = TLSErrorQueue.take()
        guard error.library == ERR_LIB_SSL else { return .refused(error.text) }
        switch error.reason {
        case SSL_R_CERTIFICATE_VERIFY_FAILED:
            let code = unsafe SSL_get_verify_result(raw)
            return .certificateRefused(unsafe String(cString: X509_verify_cert_error_string(code)))
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: return .certificateRefused("none was shown")
        case SSL_R_HTTP_REQUEST: return .plainHTTP
        case SSL_R_UNEXPECTED_EOF_WHILE_READING: return .peerLeft
        default: return .refused(error.text)
        }
    }

    // MARK: Data

    /// At most one record.
    @inline(__always)
    func read(into room: UnsafeMutableRawBufferPointer) -> Step {
        TLSErrorQueue.clear()
        unsafe readWasShort.pointee = false
        let length = unsafe SSL_read(raw, room.baseAddress, Int32(clamping: room.count))
        return length > 0 ? .bytes(Int(length)) : step(after: length)
    }

    /// True when the last `read` has seen the socket empty, and libssl has given out all that it took: the next byte brings an
    /// event. False may also mean that libssl did not look.
    @inline(__always)
    var hasDrainedSocket: Bool { unsafe readWasShort.pointee && SSL_has_pending(raw) == 0 }

    /// At most one record. After `wantsReading` or `wantsWriting` the next call must offer the same bytes, or more.
    @inline(__always)
    func write(_ bytes: UnsafeRawBufferPointer) -> Step {
        TLSErrorQueue.clear()
        let length = unsafe SSL_write(raw, bytes.baseAddress, Int32(clamping: bytes.count))
        return length > 0 ? .bytes(Int(length)) : step(after: length)
    }

    /// Looks for data without taking it; session tickets and other things of the protocol's own are dealt with on the way.
    func peek() -> Step {
        TLSErrorQueue.clear()
        var byte: UInt8 = 0
        let length = unsafe SSL_peek(raw, &byte, 1)
        return length > 0 ? .bytes(Int(length)) : step(after: length)
    }

    private func step(after result: Int32) -> Step {
        switch unsafe SSL_get_error(raw, result) {
        case SSL_ERROR_WANT_READ: return .wantsReading
        case SSL_ERROR_WANT_WRITE: return .wantsWriting
        case SSL_ERROR_ZERO_RETURN: return .end
        default:
            TLSErrorQueue.clear()
            // After a fatal error nothing may be sent on it, not even a farewell.
            isEstablished = false
            return .broken
        }
    }

    // MARK: End

    /// Tells the peer that nothing follows, if the socket takes it now.
    func sayEnd() {
        guard isEstablished else { return }
        TLSErrorQueue.clear()
        unsafe SSL_shutdown(raw)
        TLSErrorQueue.clear()
    }

    /// The connection goes away without a word. Its session stays good: libssl would forget it otherwise.
    func endSilently() { unsafe SSL_set_shutdown(raw, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN) }
}
