import Shared

/// A thought of another provider in the one place that a dialect has for what its own thoughts are known by.
///
/// - Shape: `weir:<dialect>:<kind>:<value>` (`CarriedSignature`); the kind is `signature`, `sealed`, or `shown` where the provider knows its
///   thought by the text alone, which then is all that it wants back.
enum CarriedThought {
    /// What stands in that place; nil where there is nothing to carry.
    static func text(of thinking: Thinking, at home: Dialect) -> String? {
        let mark = CarriedSignature.mark(of: thinking.origin, at: home)
        if let sealed = thinking.sealed { return "\(mark)sealed:\(sealed)" }
        if let signature = thinking.signature { return "\(mark)signature:\(signature)" }
        return nil
    }

    /// The thought, whose text stands beside; nil where it is not another provider's.
    static func thinking(_ carried: String, text: String?) -> Thinking? {
        guard let (rest, origin) = CarriedSignature.read(carried), let colon = rest.firstIndex(of: ":") else {
            return nil
        }
        let value = String(rest[rest.index(after: colon)...])
        switch rest[..<colon] {
        case "signature": return Thinking(text: text, signature: value, origin: origin)
        case "sealed": return Thinking(sealed: value, origin: origin)
        case "shown": return Thinking(text: text, origin: origin)
        default: return nil
        }
    }

    /// For a thought that its provider knows by its text.
    static func shown(by origin: Dialect, at home: Dialect) -> String {
        "\(CarriedSignature.mark(of: origin, at: home))shown:"
    }
}
