public import Shared

/// A whole answer, in no provider's words.
public struct Answer: Hashable, Sendable {
    /// As its provider calls it; empty where the dialect has none.
    public var id = ""
    public var model = ""
    public var createdUnixSeconds: Int64?
    public var choices: [Choice] = []
    public var usage: TokenUsage?
    /// As its provider named it.
    public var serviceTier: String?
    public var extras = Extras()
    /// What the provider said of the usage besides.
    public var usageExtras = Extras()

    public init() {}
}

/// One of the answers to a request.
public struct Choice: Hashable, Sendable {
    public var index: Int
    public var parts: [Part]
    public var form: Turn.Form
    public var finish: FinishReason?
    /// Which of the caller's stops ended it.
    public var stop: String?
    public var logprobs: JSONValue?
    public var extras = Extras()

    public init(index: Int = 0, parts: [Part] = [], form: Turn.Form = .parts, finish: FinishReason? = nil) {
        self.index = index
        self.parts = parts
        self.form = form
        self.finish = finish
    }
}

/// Why a model stopped.
public enum FinishReason: Hashable, Sendable {
    /// It had no more to say.
    case stop
    /// It came to one of the caller's stops.
    case stopSequence
    case length
    case toolCalls
    /// The provider kept something back.
    case contentFilter
    /// The model declined.
    case refusal
    /// The provider would go on, if it were sent its own answer.
    case pause
    /// One that no dialect here knows: in the provider's own word.
    case other(String)
}

/// What a stream says, piece by piece.
///
/// - Shape: `began` first, and once. A part is opened, grows by pieces of its kind, and is closed; parts are numbered over the whole stream
///   in the order in which they were opened. Several may be open at once, as some providers interleave calls of tools. After `finished` of
///   each choice comes the last `usage`, where there is any, then `ended`; or `failed`, and nothing behind it.
public enum AnswerEvent: Hashable, Sendable {
    case began(AnswerHead)
    case opened(part: Int, choice: Int, PartKind)
    /// Of a text, a refusal or a thought.
    case text(part: Int, String)
    /// Of a call: a piece of its JSON.
    case arguments(part: Int, String)
    /// Of a thought: a piece of what its provider knows it by.
    case signature(part: Int, String)
    /// Of a text: where it was found. In the words of `dialect`.
    case citation(part: Int, JSONValue, of: Dialect)
    case closed(part: Int)
    case logprobs(choice: Int, JSONValue)
    case finished(choice: Int, FinishReason, stop: String?)
    /// Running totals: the last one counts, they are never added.
    case usage(TokenUsage)
    /// The provider is still there.
    case ping
    case failed(ProviderError)
    case ended
}

public struct AnswerHead: Hashable, Sendable {
    public var id: String
    public var model: String
    public var createdUnixSeconds: Int64?
    public var serviceTier: String?
    /// What is known of it at the beginning: the input.
    public var usage: TokenUsage?
    public var extras = Extras()

    public init(
        id: String, model: String, createdUnixSeconds: Int64? = nil, serviceTier: String? = nil,
        usage: TokenUsage? = nil
    ) {
        self.id = id
        self.model = model
        self.createdUnixSeconds = createdUnixSeconds
        self.serviceTier = serviceTier
        self.usage = usage
    }
}

public enum PartKind: Hashable, Sendable {
    case text, refusal
    case thinking(origin: Dialect)
    /// Thoughts that only their provider can read: whole, nothing follows but `closed`.
    case sealedThinking(String, origin: Dialect)
    /// The first `arguments` may be empty. `signature` as in `ToolCall`.
    case toolCall(id: String, name: String, signature: String?)
    /// Whole, nothing follows but `closed`: an image that a model made, a part of a kind that only its dialect has.
    case whole(Part)
}
