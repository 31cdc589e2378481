import COpenSSL
import Glibc

/// Whom connections to others trust.
///
/// - Errors: `TLSSetupError`, which names the file.
///
/// Concurrency: immutable, and shared by all loops: the authorities are the larger part of it.
@safe public final class TLSClientContext: Sendable {
    private let handle: TLSContextHandle

    /// - Parameter authoritiesFile: PEM; empty takes the system's, as OpenSSL finds them (SSL_CERT_FILE and SSL_CERT_DIR
    ///   name others).
    public init(authoritiesFile: String) throws(TLSSetupError) {
        handle = try TLSContextHandle(server: false)
        TLSErrorQueue.clear()
        if authoritiesFile.isEmpty {
            guard unsafe SSL_CTX_set_default_verify_paths(handle.raw) == 1 else {
                throw TLSSetupError(
                    .authorities, "the system's authorities cannot be read: \(TLSErrorQueue.take().text)")
            }
        } else {
            do { _ = try SmallFile.read(authoritiesFile) } catch { throw TLSSetupError(.authorities, "\(error)") }
            guard unsafe SSL_CTX_load_verify_file(handle.raw, authoritiesFile) == 1 else {
                throw TLSSetupError(
                    .authorities,
                    "\(authoritiesFile) holds no certificates (\(TLSErrorQueue.take().text)); it must be PEM")
            }
        }
        unsafe SSL_CTX_set_verify(handle.raw, SSL_VERIFY_PEER, nil)
        // Sessions are kept by whoever knows which address they are for: `TLSSessionStore`.
        unsafe weir_ssl_ctx_set_session_cache(
            handle.raw, Int(SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL))
        unsafe SSL_CTX_sess_set_new_cb(handle.raw) { connection, session in
            guard let connection = unsafe connection, let raw = unsafe SSL_get_ex_data(connection, 0) else { return 0 }
            unsafe Unmanaged<TLSSessionStore>.fromOpaque(raw).takeUnretainedValue().keep(session)
            return 1
        }
    }

    /// The state of a connection to `host`, which its certificate must name; nil when libssl is out of memory or the host is
    /// no name.
    ///
    /// - Parameter sessions: outlives the connection.
    func makeConnection(host: String, sessions: TLSSessionStore) -> OpaquePointer? {
        guard let connection = unsafe SSL_new(handle.raw) else { return nil }
        // A dot at the end makes a name absolute; certificates do not have it.
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        let isAddress = SocketAddress(numeric: name, port: 0) != nil
        let parameters = unsafe SSL_get0_param(connection)
        unsafe X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        // RFC 6066, section 3: an address is no server name.
        let isNamed =
            isAddress
            ? unsafe X509_VERIFY_PARAM_set1_ip_asc(parameters, name) == 1
            : unsafe SSL_set1_host(connection, name) == 1 && weir_ssl_set_server_name(connection, name) == 1
        let protocols: [UInt8] = [8] + Array("http/1.1".utf8)
        guard isNamed, unsafe SSL_set_alpn_protos(connection, protocols, UInt32(protocols.count)) == 0 else {
            unsafe SSL_free(connection)
            return nil
        }
        unsafe SSL_set_ex_data(connection, 0, Unmanaged.passUnretained(sessions).toOpaque())
        unsafe sessions.offer(to: connection)
        return unsafe connection
    }
}

/// The latest sessions with one address, which the next connections to it resume: no certificate, no signature, a round trip
/// less in TLS 1.2.
///
/// - Shape: of TLS 1.3 each is used once, as RFC 8446 (C.4) wants it and libssl enforces; every connection brings new ones. One of
///   TLS 1.2 serves until the peer forgets it.
///
/// Concurrency: belongs to one loop.
@safe public final class TLSSessionStore {
    /// The latest last.
    private var sessions: [OpaquePointer] = unsafe []

    /// More connections than this do not begin between two answers of a warm pool; what is more is forgotten, oldest first.
    private static let sessionsMax = 8

    public init() {}

    deinit { removeAll() }

    /// Takes ownership.
    fileprivate func keep(_ session: OpaquePointer?) {
        guard let session = unsafe session else { return }
        unsafe sessions.append(session)
        if unsafe sessions.count > Self.sessionsMax { unsafe SSL_SESSION_free(sessions.removeFirst()) }
    }

    fileprivate func offer(to connection: OpaquePointer) {
        while let session = unsafe sessions.last {
            let isResumable = unsafe SSL_SESSION_is_resumable(session) == 1
            // The connection holds a reference of its own.
            if isResumable { unsafe SSL_set_session(connection, session) }
            if isResumable, unsafe SSL_SESSION_get_protocol_version(session) < TLS1_3_VERSION { return }
            unsafe SSL_SESSION_free(sessions.removeLast())
            if isResumable { return }
        }
    }

    /// Forgets all, when other authorities are trusted from now on.
    public func removeAll() {
        for index in unsafe sessions.indices { unsafe SSL_SESSION_free(sessions[index]) }
        unsafe sessions.removeAll()
    }
}
