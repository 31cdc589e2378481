import Shared

/// Which provider keeps something, and under which credential: a response that a request goes on from (`previous_response_id`), a file, a batch.
///
/// - Shape: every data plane has to know, and none remembers. So it stands behind the identity that the provider gave: `resp_...-weir` and
///   sixteen hexadecimal digits. Callers give identities back as they are.
struct ProviderPin: Hashable, Sendable {
    /// The last 32 bits of the provider's and of the credential's ID, which are random.
    private let provider: UInt32
    private let credential: UInt32

    private static let mark = "-weir"
    private static let digits = 16

    init(_ target: CompiledTarget, _ credential: CompiledCredential) {
        provider = UInt32(truncatingIfNeeded: target.provider.id.low)
        self.credential = UInt32(truncatingIfNeeded: credential.id.low)
    }

    /// The identity as its provider knows it, and who that is; nil where nobody has said.
    static func read(_ id: String) -> (id: String, pin: ProviderPin)? {
        let bytes = Array(id.utf8)
        guard bytes.count > mark.utf8.count + digits,
            let value = UInt64(String(decoding: bytes.suffix(digits), as: UTF8.self), radix: 16),
            bytes.dropLast(digits).suffix(mark.utf8.count).elementsEqual(mark.utf8)
        else { return nil }
        let own = String(decoding: bytes.dropLast(digits + mark.utf8.count), as: UTF8.self)
        return (own, ProviderPin(provider: UInt32(value >> 32), credential: UInt32(truncatingIfNeeded: value)))
    }

    private init(provider: UInt32, credential: UInt32) {
        (self.provider, self.credential) = (provider, credential)
    }

    /// - Errors: `inexpressible`, where the target's provider does not keep it.
    func check(_ target: CompiledTarget) throws(AttemptError) {
        guard leads(to: target) else {
            throw .inexpressible(field: PreviousResponse.field, reason: "another provider gave and keeps that response")
        }
    }

    func leads(to target: CompiledTarget) -> Bool { provider == UInt32(truncatingIfNeeded: target.provider.id.low) }

    /// What stands behind the identity.
    var suffix: String {
        let digits = String(UInt64(provider) << 32 | UInt64(credential), radix: 16)
        return Self.mark + String(repeating: "0", count: Self.digits - digits.count) + digits
    }

    func names(_ credential: CompiledCredential) -> Bool {
        self.credential == UInt32(truncatingIfNeeded: credential.id.low)
    }
}
