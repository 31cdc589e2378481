import Shared

/// What a caller knows an object by that a provider keeps: the provider's own identity, who the provider is, and a proof that Weir gave it to this
/// virtual key.
///
/// - Shape: `file-abc` is `file-abc-weir`, the sixteen digits of its pin, a hyphen and sixteen digits of proof. No data plane remembers it, and
///   each knows it: the proof is made with the credential, which all of them have and no caller does.
struct StoredIdentity: Equatable {
    /// As the provider knows it.
    let id: String
    let pin: ProviderPin
    private let proof: String

    private static let digits = 16
    static let idBytesMax = 256

    /// Of an object that belongs to a key.
    init(_ id: String, of owner: VirtualKeyID, at target: CompiledTarget, under credential: CompiledCredential) {
        self.id = id
        pin = ProviderPin(target, credential)
        proof = Self.proof(id, pin, of: owner, under: credential)
    }

    /// - Returns: nil for what no data plane gave out, and for what could mean another place at the provider than an object.
    init?(_ text: String) {
        guard text.utf8.count <= Self.idBytesMax, let dash = text.lastIndex(of: "-") else { return nil }
        let digits = text[text.index(after: dash)...]
        guard digits.utf8.count == Self.digits, let (id, pin) = ProviderPin.read(String(text[..<dash])),
            Self.isPlain(id)
        else { return nil }
        self.id = id
        self.pin = pin
        proof = String(digits)
    }

    var text: String { id + pin.suffix + "-" + proof }

    /// Whether Weir gave it to this key.
    func belongs(to owner: VirtualKeyID, under credential: CompiledCredential) -> Bool {
        pin.names(credential)
            && constantTimeEqual(Array(proof.utf8), Array(Self.proof(id, pin, of: owner, under: credential).utf8))
    }

    /// Where a provider needs no credential, whoever knows its identities may use them there too. The provider has a part in it, as two may
    /// have one credential.
    private static func proof(
        _ id: String, _ pin: ProviderPin, of owner: VirtualKeyID, under credential: CompiledCredential
    ) -> String {
        let message = Array("weir stored object\n".utf8) + owner.bytes + Array("\(pin.suffix)\n\(id)".utf8)
        return String(HMACSHA256.authenticate(message, key: credential.line).hex.prefix(digits))
    }

    /// It stands in paths as it is, so it has nothing in it that a path has.
    static func isPlain(_ id: String) -> Bool {
        !id.isEmpty && id.utf8.allSatisfy(isPlain)
    }

    static func isPlain(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 97 < 26 || byte &- 48 < 10 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}
