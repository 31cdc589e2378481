import COpenSSL
import Glibc

/// What a TLS listener shows and asks: its certificates, one of which is chosen by the name that a caller wants, and the
/// rules for callers' own certificates.
///
/// - Shape: never changed; new files make a new context, and connections keep the one they began with.
/// - Errors: `TLSSetupError`, which names the file and the remedy.
///
/// Concurrency: immutable, and shared by all loops, because a caller's next connection may come to another one.
@safe public final class TLSServerContext: Sendable {
    /// The first is the default.
    private let handles: [TLSContextHandle]
    private let tickets: TLSTicketKeys
    /// When the first of the certificates ends.
    public let expiresUnixSeconds: Int64

    /// Each handshake compares the wanted name with the certificates one after the other.
    public static let pairsMax = 64
    /// How long a caller may resume a session: what a laptop's night does not exceed. Ticket keys live as long.
    static let sessionSeconds = 12 * 60 * 60

    /// - Parameters:
    ///   - authoritiesFile: whose certificates callers show; read unless `clientCertificates` is off.
    ///   - tickets: outlives contexts, so that sessions survive a new certificate.
    public init(
        _ pairs: [TLSKeyPair], clientCertificates: TLSClientCertificates = .off, authoritiesFile: String = "",
        tickets: TLSTicketKeys
    ) throws(TLSSetupError) {
        precondition((1...Self.pairsMax).contains(pairs.count), "the configuration has checked it")
        var identity = Array("weir \(clientCertificates.rawValue) ".utf8)
        if clientCertificates != .off {
            do { identity += try SmallFile.read(authoritiesFile) } catch {
                throw TLSSetupError(.authorities, "\(error); it must be a PEM file of at most 1 MiB")
            }
        }
        // A session that was begun under other authorities is none: its certificate would not be looked at again.
        let sessionID = SHA256.digest(identity).bytes
        var handles: [TLSContextHandle] = []
        var expires = Int64.max
        for (index, pair) in pairs.enumerated() {
            let handle = try TLSContextHandle(server: true)
            try Self.load(pair, index, into: handle)
            if clientCertificates != .off {
                try Self.trust(authoritiesFile, clientCertificates, handle)
            }
            unsafe SSL_CTX_set_session_id_context(handle.raw, sessionID, UInt32(sessionID.count))
            unsafe weir_ssl_ctx_set_session_cache(handle.raw, Int(SSL_SESS_CACHE_OFF))
            unsafe SSL_CTX_set_timeout(handle.raw, Self.sessionSeconds)
            // One is enough for the next connection, which brings another.
            unsafe SSL_CTX_set_num_tickets(handle.raw, 1)
            unsafe tickets.install(in: handle.raw)
            unsafe SSL_CTX_set_alpn_select_cb(handle.raw, Self.selectProtocol, nil)
            expires = min(expires, Self.expiry(handle))
            handles.append(handle)
        }
        self.handles = handles
        self.tickets = tickets
        expiresUnixSeconds = expires
        unsafe weir_ssl_ctx_set_name_callback(
            handles[0].raw, Self.nameReceived, Unmanaged.passUnretained(self).toOpaque())
    }

    /// A new connection's state. Whoever makes it keeps this context as long.
    func makeConnection() -> OpaquePointer? { unsafe SSL_new(handles[0].raw) }

    // MARK: Loading

    private static func load(_ pair: TLSKeyPair, _ index: Int, into handle: TLSContextHandle) throws(TLSSetupError) {
        // libssl's own words for a file that is not there are those of its inner workings.
        for (path, subject) in [
            (pair.certificateFile, TLSSetupError.Subject.certificate(index)), (pair.keyFile, .key(index)),
        ] {
            do { _ = try SmallFile.read(path) } catch { throw TLSSetupError(subject, "\(error)") }
        }
        TLSErrorQueue.clear()
        guard unsafe SSL_CTX_use_certificate_chain_file(handle.raw, pair.certificateFile) == 1 else {
            let error = TLSErrorQueue.take()
            throw TLSSetupError(
                .certificate(index),
                "\(pair.certificateFile) is no certificate chain (\(error.text)); it must be PEM, the server's certificate first and then those that lead to its authority"
            )
        }
        guard unsafe SSL_CTX_use_PrivateKey_file(handle.raw, pair.keyFile, SSL_FILETYPE_PEM) == 1 else {
            let error = TLSErrorQueue.take()
            if error.library == ERR_LIB_X509 {
                throw TLSSetupError(
                    .key(index),
                    "\(pair.keyFile) is not the key of \(pair.certificateFile) (\(error.text)); give the two files of one pair at the same place of both lists"
                )
            }
            throw TLSSetupError(
                .key(index),
                "\(pair.keyFile) is no private key that can be read (\(error.text)); it must be PEM without a passphrase: openssl pkey -in OLD -out NEW removes one"
            )
        }
        guard unsafe SSL_CTX_check_private_key(handle.raw) == 1 else {
            throw TLSSetupError(
                .key(index), "\(pair.keyFile) is not the key of \(pair.certificateFile): \(TLSErrorQueue.take().text)")
        }
    }

    private static func trust(
        _ file: String, _ clientCertificates: TLSClientCertificates, _ handle: TLSContextHandle
    ) throws(TLSSetupError) {
        TLSErrorQueue.clear()
        guard unsafe SSL_CTX_load_verify_file(handle.raw, file) == 1, let names = unsafe SSL_load_client_CA_file(file)
        else {
            throw TLSSetupError(
                .authorities, "\(file) holds no certificates (\(TLSErrorQueue.take().text)); it must be PEM")
        }
        unsafe SSL_CTX_set_client_CA_list(handle.raw, names)
        let required = clientCertificates == .require ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0
        unsafe SSL_CTX_set_verify(handle.raw, SSL_VERIFY_PEER | required, nil)
    }

    private static func expiry(_ handle: TLSContextHandle) -> Int64 {
        var time = unsafe tm()
        guard let certificate = unsafe SSL_CTX_get0_certificate(handle.raw),
            unsafe ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time) == 1
        else { return .max }
        return unsafe Int64(timegm(&time))
    }

    // MARK: While a handshake goes on

    /// The first certificate that is good for the wanted name; the default when none is, so that a caller who connects by
    /// address, or by a name that is new, sees a certificate and can say what is wrong with it.
    private static let nameReceived:
        @convention(c) (OpaquePointer?, UnsafeMutablePointer<Int32>?, UnsafeMutableRawPointer?) -> Int32 = {
            connection, _, argument in
            guard let connection = unsafe connection, let argument = unsafe argument,
                let name = unsafe SSL_get_servername(connection, TLSEXT_NAMETYPE_host_name)
            else { return SSL_TLSEXT_ERR_NOACK }
            let context = unsafe Unmanaged<TLSServerContext>.fromOpaque(argument).takeUnretainedValue()
            for (index, handle) in context.handles.enumerated() {
                guard let certificate = unsafe SSL_CTX_get0_certificate(handle.raw),
                    unsafe X509_check_host(certificate, name, 0, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS), nil) == 1
                else { continue }
                if index > 0 { unsafe SSL_set_SSL_CTX(connection, handle.raw) }
                return SSL_TLSEXT_ERR_OK
            }
            return SSL_TLSEXT_ERR_NOACK
        }

    /// `http/1.1` where it is offered. A caller that speaks other protocols only is told so (RFC 7301, section 3.2) instead
    /// of being answered in one that it did not offer.
    private static let selectProtocol: SSL_CTX_alpn_select_cb_func = { _, chosen, chosenLength, offered, length, _ in
        guard let offered = unsafe offered, let chosen = unsafe chosen, let chosenLength = unsafe chosenLength else {
            return SSL_TLSEXT_ERR_NOACK
        }
        let wanted: StaticString = "http/1.1"
        var offset = 0
        while offset < Int(length) {
            let count = unsafe Int(offered[offset])
            guard offset + 1 + count <= Int(length) else { break }
            if count == wanted.utf8CodeUnitCount, unsafe memcmp(offered + offset + 1, wanted.utf8Start, count) == 0 {
                unsafe chosen.pointee = unsafe offered + offset + 1
                unsafe chosenLength.pointee = UInt8(count)
                return SSL_TLSEXT_ERR_OK
            }
            offset += 1 + count
        }
        return SSL_TLSEXT_ERR_ALERT_FATAL
    }
}
