/// The provider's tokenizer: simple, exact, and its own, so that nobody can guess its numbers by another rule.
///
/// - Text of a prompt: one token for every 4 bytes of UTF-8, rounded up.
/// - A chat prompt: 3 tokens, and for each message 4 and its text; 85 for an image; the JSON of `tools` counts as text.
/// - An answer: one token per word; a tool call: the text of its name and arguments, and 7.
/// - An image: 272, and 100 for each time that it is shown before it is finished.
/// - Speech: a token for each word; the models whose names begin with `tts` count the characters of the text, and nothing else.
/// - A recording: a token for each kilobyte; the models whose names begin with `whisper` count a second for each, and no words.
/// - Embeddings: the text of each input, at least 1; an input given as tokens counts those.
enum Tokens {
    static let perPrompt = 3
    static let perMessage = 4
    static let perImage = 85
    static let perToolCall = 7

    static func text(bytes: Int) -> Int { (bytes + 3) / 4 }
}

/// What the provider says it used.
struct StubUsage: Equatable {
    var prompt = 0
    var cached = 0
    /// Written to the provider's cache: a part of the prompt too.
    var cacheWritten = 0
    var completion = 0
    var reasoning = 0

    mutating func add(_ other: StubUsage) {
        prompt += other.prompt
        cached += other.cached
        cacheWritten += other.cacheWritten
        completion += other.completion
        reasoning += other.reasoning
    }
}
