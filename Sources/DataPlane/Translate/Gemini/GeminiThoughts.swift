import Shared

/// Thoughts of other providers in the place that Gemini has for its own.
///
/// A caller of this dialect gives back each `thoughtSignature` as it came. So the signature by which Anthropic or Bedrock knows a thought again,
/// or a thought that only they can read, travels in there, and is theirs again when the next request goes to them. Gemini gets none of it.
///
/// - Shape: base64, as the field wants it, of `weir:<dialect>:<kind>:<value>`; the kind is `signature` or `sealed`.
enum GeminiThoughts {
    private static let mark = "weir:"
    /// How base64 of anything that begins with the mark begins; looked for first, as a signature can be long.
    private static let markInBase64 = "d2Vpcj"

    /// What stands in `thoughtSignature`; nil where there is nothing to carry.
    static func signature(of thinking: Thinking) -> String? {
        if thinking.origin == .gemini { return thinking.signature }
        if let sealed = thinking.sealed { return carried(sealed, kind: "sealed", of: thinking.origin) }
        return thinking.signature.map { carried($0, kind: "signature", of: thinking.origin) }
    }

    static func carried(_ value: String, kind: String, of origin: Dialect) -> String {
        Base64.encode(Array("\(mark)\(origin.rawValue):\(kind):\(value)".utf8))
    }

    /// The thought of another provider; nil where the signature is Gemini's own.
    static func foreign(_ text: String, signature: String) -> Thinking? {
        guard signature.hasPrefix(markInBase64), let bytes = Base64.decode(GeminiBytes.standard(signature))
        else { return nil }
        let pieces = String(decoding: bytes, as: UTF8.self).split(
            separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
        guard pieces.count == 4, pieces[0] == "weir", let origin = Dialect(rawValue: String(pieces[1])) else {
            return nil
        }
        let value = String(pieces[3])
        switch pieces[2] {
        case "signature": return Thinking(text: text, signature: value, origin: origin)
        case "sealed": return Thinking(sealed: value, origin: origin)
        default: return nil
        }
    }
}
