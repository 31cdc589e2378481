import COpenSSL
import Glibc

/// A certificate with its chain, and its key: two PEM files.
public struct TLSKeyPair: Hashable, Sendable {
    public var certificateFile: String
    public var keyFile: String

    public init(certificateFile: String, keyFile: String) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}

/// Whether callers show certificates of their own.
public enum TLSClientCertificates: String, Codable, Sendable, CaseIterable { case off, request, require }

/// Why certificates, keys or authorities cannot be used, and what to do about it.
public struct TLSSetupError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Subject: Hashable, Sendable {
        /// Of the pair with this index.
        case certificate(Int), key(Int)
        case authorities
        /// libssl itself: out of memory, or a system-wide configuration of OpenSSL that it cannot use.
        case library
    }

    public var subject: Subject
    public var description: String

    init(_ subject: Subject, _ description: String) {
        self.subject = subject
        self.description = description
    }
}

/// The only owner of an `SSL_CTX`; frees it exactly once. Connections made from it hold a reference of their own.
///
/// Concurrency: not changed after it was set up; libssl counts references atomically. That makes `@unchecked Sendable` true.
@safe final class TLSContextHandle: @unchecked Sendable {
    let raw: OpaquePointer

    /// With what holds on both sides: TLS 1.2 and 1.3, the ciphers of Mozilla's "intermediate" list, no renegotiation, no
    /// compression, no memory for records while a connection is idle.
    init(server: Bool) throws(TLSSetupError) {
        guard let raw = unsafe SSL_CTX_new(server ? TLS_server_method() : TLS_client_method()) else {
            throw TLSSetupError(.library, "libssl cannot be used: \(TLSErrorQueue.take().text)")
        }
        unsafe self.raw = unsafe raw
        unsafe SSL_CTX_set_options(raw, weir_ssl_op_no_renegotiation | weir_ssl_op_no_compression)
        // One read takes what has arrived, instead of five bytes of a record's head first.
        unsafe weir_ssl_ctx_set_read_ahead(raw, 1)
        unsafe weir_ssl_ctx_set_mode(
            raw,
            Int(SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER) | Int(SSL_MODE_RELEASE_BUFFERS))
        guard unsafe weir_ssl_ctx_set_min_version(raw, TLS1_2_VERSION) == 1,
            unsafe SSL_CTX_set_cipher_list(raw, Self.ciphersOfTLS12) == 1,
            unsafe SSL_CTX_set_ciphersuites(raw, Self.ciphersOfTLS13) == 1,
            unsafe weir_ssl_ctx_set_groups(raw, Self.groups) == 1
        else { throw TLSSetupError(.library, "libssl refuses Weir's ciphers: \(TLSErrorQueue.take().text)") }
        // libssl writes with write(2), which cannot be told to leave the signal out, as Weir's own sends are.
        signal(SIGPIPE, SIG_IGN)
        // Without this libssl asks for the passphrase of an encrypted key on the terminal, and the process stands still.
        unsafe SSL_CTX_set_default_passwd_cb(raw) { _, _, _, _ in -1 }
    }

    deinit { unsafe SSL_CTX_free(raw) }

    // Source: Mozilla, Server Side TLS 5.7, "intermediate", without the DHE suites, which need parameters of their own and
    // which no client of this decade depends on.
    private static let ciphersOfTLS12 =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
        + "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
    private static let ciphersOfTLS13 = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
    private static let groups = "X25519:P-256:P-384"
}

/// The calling thread's queue of libcrypto errors.
enum TLSErrorQueue {
    struct Entry {
        var library: Int32 = 0
        var reason: Int32 = 0
        /// As libssl says it: `wrong version number`.
        var text = "no reason given"
    }

    /// Empties the queue. Before each call whose result is judged: what an earlier one left would be taken for its own.
    @inline(__always)
    static func clear() { ERR_clear_error() }

    /// The first error, which is the cause of those behind it; the queue is empty afterwards.
    static func take() -> Entry {
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0 else { return Entry() }
        var entry = Entry(library: ERR_GET_LIB(code), reason: ERR_GET_REASON(code))
        if let text = unsafe ERR_reason_error_string(code) {
            entry.text = unsafe String(cString: text)
        } else if entry.library == ERR_LIB_SYS {
            entry.text = SystemError("file", code: entry.reason).reason
        } else {
            entry.text = "error \(code)"
        }
        return entry
    }
}
