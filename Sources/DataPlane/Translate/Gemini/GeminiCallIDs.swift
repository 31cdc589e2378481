import Shared

/// Identities for calls of functions, which Gemini's callers and older models send without.
///
/// - Shape: `call_<stem>_<number>`. In a request the stem is the place of the content, so that the next request, which repeats the history,
///   makes the same identities, and a prompt cached at another provider stays the same text. In an answer the stem comes of what is peculiar to
///   the answer, as callers want identities that occur once in a whole conversation. What was made up here is recognised, and not sent to
///   Gemini, which pairs by name and order where there is no identity.
struct GeminiCallIDs {
    private var stem: String
    private var number = 0
    /// Of calls that have no response yet, in their order.
    private var waiting: [(name: String, id: String)] = []
    /// Whether responses follow.
    private let pairs: Bool

    /// For an answer.
    init(answer fingerprint: UInt64) {
        pairs = false
        let digits = String(fingerprint, radix: 16)
        stem = String(repeating: "0", count: Self.stemCountMax - digits.count) + digits
    }

    /// For a request.
    init() {
        stem = "0"
        pairs = true
    }

    /// The contents of a request, one by one.
    ///
    /// - Parameter beginsStep: the model speaks after someone else did; what it called before will get no response any more.
    mutating func beginContent(_ index: Int, beginsStep: Bool) {
        stem = String(index, radix: 16)
        number = 0
        if beginsStep { waiting.removeAll() }
    }

    mutating func id(ofCall name: String, given: String?) -> String {
        let id = given ?? made()
        if pairs { waiting.append((name, id)) }
        return id
    }

    /// The identity of the call that a response belongs to: its own, else that of the first call of its name, before all of one that has none
    /// of its own either.
    mutating func id(ofResponse name: String, given: String?) -> String {
        if let given {
            if let place = waiting.firstIndex(where: { $0.id == given }) { waiting.remove(at: place) }
            return given
        }
        let place =
            waiting.firstIndex { $0.name == name && Self.isMade($0.id) } ?? waiting.firstIndex { $0.name == name }
        return place.map { waiting.remove(at: $0).id } ?? made()
    }

    private mutating func made() -> String {
        defer { number += 1 }
        return "call_\(stem)_\(number)"
    }

    // MARK: Recognising

    private static let stemCountMax = 16

    /// Whether `id` was made up here. Another provider's identity of the same form loses nothing: it is left out of a call and of its
    /// response alike.
    static func isMade(_ id: String) -> Bool {
        guard id.hasPrefix("call_") else { return false }
        let pieces = id.dropFirst(5).utf8.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
        guard pieces.count == 2, (1...stemCountMax).contains(pieces[0].count), (1...6).contains(pieces[1].count) else {
            return false
        }
        return pieces[0].allSatisfy { $0 &- 48 < 10 || $0 &- 97 < 6 } && pieces[1].allSatisfy { $0 &- 48 < 10 }
    }

    /// - Source: FNV-1a, 64 bits: equal answers are equal, and nobody gains anything by making two collide.
    static func fingerprint(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
