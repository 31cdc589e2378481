import Shared

/// What stands in `encrypted_content` of a reasoning item, both ways.
///
/// - Shape: OpenAI's own is a signature where a summary stands beside it, and a sealed thought where none does; it goes back to providers of
///   this dialect only. Thoughts of other providers travel in the same place (`CarriedThought`), since callers give it back unchanged.
enum ResponsesThoughts {
    /// What stands between the texts of one summary, where they become one thought.
    static let separator = "\n\n"

    /// - Parameter text: of the summary, or of the reasoning itself where a server shows it; empty: none.
    static func thinking(text: String, encrypted: String?) -> Thinking {
        guard let encrypted, !encrypted.isEmpty else { return Thinking(text: text, origin: .responses) }
        if let foreign = CarriedThought.thinking(encrypted, text: text) { return foreign }
        return text.isEmpty
            ? Thinking(sealed: encrypted, origin: .responses)
            : Thinking(text: text, signature: encrypted, origin: .responses)
    }

    /// nil where there is nothing to give back.
    static func encrypted(_ thinking: Thinking) -> String? {
        if thinking.origin == .responses { return thinking.sealed ?? thinking.signature }
        if let carried = CarriedThought.text(of: thinking, at: .responses) { return carried }
        // DeepSeek and its like want their thoughts back where tools are used, and know them by their text.
        return thinking.origin == .openai ? CarriedThought.shown(by: .openai, at: .responses) : nil
    }
}
