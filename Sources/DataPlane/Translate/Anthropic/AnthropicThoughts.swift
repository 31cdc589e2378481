import Shared

/// Thoughts of other providers in the places that Anthropic has for its own (`CarriedSignature`).
enum AnthropicThoughts {
    /// What stands in front of a signature of `origin`; nothing for Anthropic's own.
    static func prefix(of origin: Dialect) -> String { CarriedSignature.mark(of: origin, at: .anthropic) }

    static func text(_ signature: String, of origin: Dialect) -> String { prefix(of: origin) + signature }

    /// Whose it is, and as its provider gave it.
    static func read(_ text: String) -> (signature: String, origin: Dialect) {
        CarriedSignature.read(text) ?? (text, .anthropic)
    }
}

extension Thinking {
    /// A thought as a caller gives it back in Anthropic's dialect. Without a signature it is of no use to anyone.
    init(anthropicText text: String, signature: String?) {
        let carried = signature.map(AnthropicThoughts.read)
        self.init(
            text: text, signature: carried.flatMap { $0.signature.isEmpty ? nil : $0.signature },
            origin: carried?.origin ?? .anthropic)
    }

    init(anthropicSealed sealed: String) {
        let carried = AnthropicThoughts.read(sealed)
        self.init(sealed: carried.signature, origin: carried.origin)
    }

    /// Anthropic takes it back: it is its own, and it can know it again.
    var isKnownToAnthropic: Bool { origin == .anthropic && (sealed != nil || signature?.isEmpty == false) }

    /// Worth a block of an answer.
    var saysSomething: Bool {
        sealed != nil || signature?.isEmpty == false || text?.isEmpty == false
    }
}
