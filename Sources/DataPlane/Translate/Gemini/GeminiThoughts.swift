import Shared

/// Thoughts of other providers in the place that Gemini has for its own.
///
/// A caller of this dialect gives back each `thoughtSignature` as it came. So the signature by which Anthropic or Bedrock knows a thought again,
/// or a thought that only they can read, travels in there, and is theirs again when the next request goes to them. Gemini gets none of it.
///
/// - Shape: base64, as the field wants it, of a `CarriedThought`.
enum GeminiThoughts {
    /// How base64 of anything that begins with the mark begins; looked for first, as a signature can be long.
    private static let markInBase64 = "d2Vpcj"

    /// What stands in `thoughtSignature`; nil where there is nothing to carry.
    static func signature(of thinking: Thinking) -> String? {
        if thinking.origin == .gemini { return thinking.signature }
        return CarriedThought.text(of: thinking, at: .gemini).map { Base64.encode(Array($0.utf8)) }
    }

    /// The thought of another provider; nil where the signature is Gemini's own.
    static func foreign(_ text: String, signature: String) -> Thinking? {
        guard signature.hasPrefix(markInBase64), let bytes = Base64.decode(GeminiBytes.standard(signature))
        else { return nil }
        return CarriedThought.thinking(String(decoding: bytes, as: UTF8.self), text: text)
    }
}
