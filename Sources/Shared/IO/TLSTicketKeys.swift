import COpenSSL
import Glibc
import Synchronization

/// The keys that session tickets are encrypted with: made here, kept in memory only, replaced in turn.
///
/// - Shape: the newest encrypts; older ones still decrypt until as many rotations have passed as `keysMax` says, and then no
///   recorded ticket can be read any more. A ticket of an older key is accepted and replaced.
///
/// Concurrency: any thread; the list is under the mutex, the keys themselves never change.
@safe public final class TLSTicketKeys: Sendable {
    /// Concurrency: the bytes are written before anybody else sees the key. That makes `@unchecked Sendable` true.
    @safe fileprivate final class Key: @unchecked Sendable {
        // 16 bytes of name, 32 for AES-256-CBC, 32 for HMAC-SHA256.
        let bytes: UnsafeMutablePointer<UInt8>
        static let byteCount = 80

        init() {
            unsafe bytes = .allocate(capacity: Self.byteCount)
            let result = unsafe RAND_bytes(bytes, Int32(Self.byteCount))
            precondition(result == 1, "no random numbers")
        }

        deinit {
            unsafe OPENSSL_cleanse(bytes, Self.byteCount)
            unsafe bytes.deallocate()
        }

        var name: UnsafeMutablePointer<UInt8> { unsafe bytes }
        var cipherKey: UnsafeMutablePointer<UInt8> { unsafe bytes + 16 }
        var authenticationKey: UnsafeMutablePointer<UInt8> { unsafe bytes + 48 }
    }

    /// Newest first.
    private let keys = Mutex<[Key]>([Key()])

    /// With a rotation every `rotationSeconds` a ticket is good for the time that it says, and little longer.
    private static let keysMax = 4
    public static let rotationSeconds = TLSServerContext.sessionSeconds / (keysMax - 1)

    public init() {}

    public func rotate() {
        keys.withLock { keys in
            keys.insert(Key(), at: 0)
            if keys.count > Self.keysMax { keys.removeLast() }
        }
    }

    private var newest: Key { keys.withLock { $0[0] } }

    private func find(_ name: UnsafePointer<UInt8>) -> (key: Key, isNewest: Bool)? {
        keys.withLock { keys in
            for (index, key) in keys.enumerated() where unsafe memcmp(key.name, name, 16) == 0 {
                return (key, index == 0)
            }
            return nil
        }
    }

    /// The context must not outlive this object.
    func install(in context: OpaquePointer) {
        unsafe SSL_CTX_set_ex_data(context, 0, Unmanaged.passUnretained(self).toOpaque())
        unsafe SSL_CTX_set_tlsext_ticket_key_evp_cb(context, Self.ticketCallback)
    }

    /// - Shape: as SSL_CTX_set_tlsext_ticket_key_evp_cb(3) has it: 1 is yes, 2 is yes and a new ticket, 0 is a full handshake.
    private static let ticketCallback:
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt8>?, OpaquePointer?, OpaquePointer?,
            Int32
        ) -> Int32 = { connection, name, vector, cipher, mac, encrypts in
            guard let context = unsafe SSL_get_SSL_CTX(connection), let raw = unsafe SSL_CTX_get_ex_data(context, 0),
                let name = unsafe name, let vector = unsafe vector
            else { return -1 }
            let keys = unsafe Unmanaged<TLSTicketKeys>.fromOpaque(raw).takeUnretainedValue()
            if encrypts == 1 {
                let key = keys.newest
                unsafe memcpy(name, key.name, 16)
                guard unsafe RAND_bytes(vector, 16) == 1,
                    unsafe EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nil, key.cipherKey, vector) == 1,
                    unsafe weir_ticket_mac_init(mac, key.authenticationKey, 32) == 1
                else { return -1 }
                return 1
            }
            guard let (key, isNewest) = unsafe keys.find(name) else { return 0 }
            guard unsafe weir_ticket_mac_init(mac, key.authenticationKey, 32) == 1,
                unsafe EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nil, key.cipherKey, vector) == 1
            else { return -1 }
            // A ticket of TLS 1.3 is used once, so each connection brings the next one.
            return unsafe isNewest && SSL_version(connection) < TLS1_3_VERSION ? 1 : 2
        }
}
