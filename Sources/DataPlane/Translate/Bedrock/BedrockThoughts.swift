import Shared

/// Thoughts of other providers in the places that Bedrock has for its own (`CarriedSignature`). Bedrock gets none of them, but for those
/// that Claude signed elsewhere.
///
/// - Shape: a thought that only its provider can read is carried in base64, as the field wants it.
enum BedrockThoughts {
    /// How base64 of what is carried begins; looked for first, as a thought can be long.
    private static let prefixInBase64 = "d2Vpcj"

    // MARK: Reading

    /// - Parameter signature: nil where the model signs nothing.
    static func thinking(text: String?, signature: String?) -> Thinking {
        guard let signature, let (value, origin) = CarriedSignature.read(signature) else {
            return Thinking(text: text, signature: signature, origin: .bedrock)
        }
        return Thinking(text: text, signature: value, origin: origin)
    }

    static func thinking(redacted: String) -> Thinking {
        guard redacted.hasPrefix(prefixInBase64), let bytes = Base64.decode(redacted),
            let (value, origin) = CarriedSignature.read(String(decoding: bytes, as: UTF8.self))
        else { return Thinking(sealed: redacted, origin: .bedrock) }
        return Thinking(sealed: value, origin: origin)
    }

    // MARK: Writing, for callers

    static func signature(_ signature: String, of origin: Dialect) -> String { mark(of: origin) + signature }

    private static func mark(of origin: Dialect) -> String { CarriedSignature.mark(of: origin, at: .bedrock) }

    static func redacted(_ sealed: String, of origin: Dialect) -> String {
        origin == .bedrock ? sealed : Base64.encode(Array("\(mark(of: origin))\(sealed)".utf8))
    }

    // MARK: Writing, for Bedrock

    /// Whether a model behind Converse may get a thought back. Claude's signatures are the same wherever it runs, so that what Anthropic
    /// signed is known at Bedrock too; and Claude refuses thoughts that it did not sign.
    ///
    /// - Source: Anthropic, "Extended thinking": signatures are compatible across platforms.
    static func isKnown(_ thinking: Thinking, to model: BedrockModel) -> Bool {
        let isSigned = thinking.signature?.isEmpty == false
        switch thinking.origin {
        case .bedrock: return thinking.sealed != nil || isSigned || !model.isClaude
        case .anthropic: return model.isClaude && isSigned && thinking.sealed == nil
        case .openai, .gemini, .responses: return false
        }
    }
}
