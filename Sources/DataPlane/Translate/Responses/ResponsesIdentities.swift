import Shared

/// Identities of an answer and of its items, where its provider gives none of this dialect.
///
/// - Shape: `resp_...`; `msg_<stem>_<number>` and so on, where the stem is of the answer's identity, so that a stream and its last event agree,
///   and no two answers of a conversation have an item in common. Clients know items by how their identities begin.
struct ResponsesIdentities {
    enum Item: String {
        case message = "msg"
        case call = "fc"
        case reasoning = "rs"
        /// Of a call that drew.
        case image = "ig"
    }

    /// Of the answer.
    let response: String
    private let stem: String

    /// OpenAI takes identities of 64 characters back.
    private static let stemCountMax = 40
    private static let prefix = "resp_"

    /// - Parameter id: as the provider calls the answer; empty: it does not.
    init(answer id: String, in context: AnswerContext) {
        let given = id.isEmpty ? context.id : id
        response = given.hasPrefix(Self.prefix) ? given : Self.prefix + given
        let bytes = response.utf8.dropFirst(Self.prefix.utf8.count).suffix(Self.stemCountMax)
        stem = String(decoding: bytes.map { Self.isPlain($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
    }

    /// - Parameter index: of the item in the answer's output.
    func id(of item: Item, at index: Int) -> String { "\(item.rawValue)_\(stem)_\(index)" }

    /// For a call whose provider gives it none: what its result names.
    func callID(at index: Int) -> String { "call_\(stem)_\(index)" }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
