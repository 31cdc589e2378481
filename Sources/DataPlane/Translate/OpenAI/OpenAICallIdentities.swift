/// Identities of calls as a target takes them: the same for a call and for its result, without the signatures of other providers.
struct OpenAICallIdentities {
    /// Exactly nine letters and digits (Mistral).
    private let isShort: Bool
    /// Calls without an identity that have no result yet, in their order.
    private var unanswered: [(id: String, name: String)] = []
    private var nameless = 0

    /// The most characters that the target takes.
    private let countMax: Int

    /// OpenAI's chats take so many.
    static let chatCountMax = 40

    init(isShort: Bool, countMax: Int = chatCountMax) {
        self.isShort = isShort
        self.countMax = countMax
    }

    mutating func id(ofCall id: String, named name: String) -> String {
        guard id.isEmpty else { return spelled(id) }
        let made = next()
        unanswered.append((made, name))
        return made
    }

    /// A result without an identity belongs to the first call of its tool that has none either.
    mutating func id(ofResult id: String, named name: String?) -> String {
        guard id.isEmpty else { return spelled(id) }
        let place = unanswered.firstIndex { name == nil || $0.name == name } ?? unanswered.indices.first
        return place.map { unanswered.remove(at: $0).id } ?? next()
    }

    /// By number, so that the same conversation gets the same ones each time it is sent, and the provider's cache knows it again.
    private mutating func next() -> String {
        nameless += 1
        return spelled("call_\(nameless)")
    }

    // MARK: Spelling

    private func spelled(_ signed: String) -> String {
        let id = SignedCallID.plain(signed)
        guard isShort else { return id.utf8.count <= countMax ? id : "call_\(Self.digest(id))" }
        return id.utf8.count == 9 && id.utf8.allSatisfy(Self.alphabet.contains) ? id : Self.digest(id)
    }

    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// FNV-1a in base 62: 53 bits, so that the few calls of a conversation do not meet.
    private static func digest(_ id: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        var digits: [UInt8] = []
        for _ in 0..<9 {
            digits.append(alphabet[Int(hash % 62)])
            hash /= 62
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
