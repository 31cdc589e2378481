import Shared

/// What this codec remembers of a request for the way back into its own dialect, where the form has one word for what Anthropic says in
/// two.
///
/// - Shape: kept among `Extras` as a member without content, which no other dialect counts as lost.
enum AnthropicMark: String {
    /// A turn of the system's that stood among the messages, where newer models take it.
    case systemInPlace
    /// The text of a document was given as its content, not as plain text.
    case contentSource
    /// An effort was asked for, and thinking was not spoken of.
    case effortAlone

    fileprivate static let prefix = "weir."
    fileprivate var name: String { Self.prefix + rawValue }
}

extension Extras {
    mutating func mark(_ mark: AnthropicMark) { add(mark.name, .null, of: .anthropic) }

    func has(_ mark: AnthropicMark) -> Bool { dialect == .anthropic && self[mark.name] != nil }

    /// What is written back into Anthropic's dialect.
    var anthropicMembers: [JSONObject.Member] {
        members(for: .anthropic).filter { !$0.name.hasPrefix(AnthropicMark.prefix) }
    }

    /// All of them as one object.
    var object: JSONObject {
        var object = JSONObject()
        for member in members { object[member.name] = member.value }
        return object
    }
}

extension CacheMark {
    /// - Parameter ttl: nil, or a length that Anthropic knows.
    init?(anthropic ttl: String?) {
        switch ttl {
        case nil: self.init()
        case "5m": self.init(seconds: 300)
        case "1h": self.init(seconds: 3_600)
        default: return nil
        }
    }

    /// The nearest length that is not shorter, if there is one.
    var anthropicTTL: String? { seconds.map { $0 <= 300 ? "5m" : "1h" } }
    var fitsAnthropic: Bool { seconds == nil || seconds == 300 || seconds == 3_600 }
}
