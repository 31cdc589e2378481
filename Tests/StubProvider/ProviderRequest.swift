import Shared

/// What the provider needs to know of a request to answer it, in no dialect's words.
struct ProviderRequest {
    /// As it came, with the fault behind its `+` if it has one.
    var model: String
    var isStream = false
    /// The caller's cap on the answer.
    var outputTokensMax: Int?
    var choices = 1
    var stops: [String] = []
    /// The tools that the answer is to call, with arguments that fit their schemas.
    var toolCalls: [ToolCall] = []
    var promptTokens = 0
    /// What the answer has to be in place of words: JSON that fits the schema that was sent, or what a test has it say.
    var format: String?
    var thinking = Thinking.off
    /// The assistant's message at the end of the chat, as the beginning of the answer.
    var prefix: String?
    /// How the provider is asked to go on with it.
    var continuation = Continuation.assistantMessage

    // What only some dialects have.

    /// OpenAI's streams tell their usage when they are asked to.
    var includesUsage = false
    /// Which of OpenAI's answers it wants; the other dialects have one.
    var operation = ProviderCall.Operation.answer
    /// Made and billed, but not shown.
    var hiddenChoices = 0
    /// Embeddings: one fingerprint per input.
    var inputs: [UInt64] = []
    var wantsBase64 = false
    var dimensions = 64
    /// Of a recording.
    var seconds = 0
    /// Sound comes in events of text instead of as it is.
    var wantsSoundEvents = false
    /// Images that are shown before they are finished, of each.
    var partialImages = 0
    /// Gemini answers a batch of one otherwise than one.
    var isBatch = false
    /// OpenAI's responses: what they repeat, and what they are a part of.
    var response: ResponsesRequest?
    /// Gemini's streams are an array of JSON where no events were asked for.
    var isArrayStream = false

    init(model: String) { self.model = model }

    enum Continuation: String {
        case assistantMessage = "assistant_message"
        case prefix
        case prefixEchoed = "prefix_echoed"
        case continueFinalMessage = "continue_final_message"
    }

    /// Whether the model thinks before it answers, and whether its thoughts are shown.
    enum Thinking {
        case off, hidden, shown
    }
}

/// A call of a tool as an answer makes it.
struct ToolCall {
    var name: String
    var arguments: String
}

/// The tools of a request, and which of them its answer calls.
struct ToolOffer {
    enum Demand {
        case never, automatic, always
        case named(String)
    }

    var tools: [(name: String, schema: JSONValue?)] = []
    var demand = Demand.automatic
    var allowsParallelCalls = true
    /// What the caller said last; nil where the last turn says nothing, or is what came of a tool.
    var text: String?

    /// Calls a tool when told to (any, or one by name), or when the last text asks for it by name. A text with "in parallel" in it gets two
    /// calls: of the first two tools, or of the only one twice.
    var calls: [ToolCall] {
        let wantsTwo = allowsParallelCalls && text?.contains("in parallel") == true
        let first: Int?
        switch demand {
        case .never: return []
        case .named(let name): first = tools.firstIndex { $0.name == name }
        case .always: first = tools.isEmpty ? nil : 0
        case .automatic:
            first = tools.firstIndex { text?.contains($0.name) ?? false } ?? (wantsTwo && !tools.isEmpty ? 0 : nil)
        }
        guard let first else { return [] }
        var chosen = [tools[first]]
        if wantsTwo {
            if case .named = demand {
                chosen.append(chosen[0])
            } else {
                chosen = [tools[0], tools.count > 1 ? tools[1] : tools[0]]
            }
        }
        return chosen.map { tool in
            ToolCall(name: tool.name, arguments: SampleValue(schema: tool.schema ?? [:]).json)
        }
    }
}

extension Tokens {
    /// The bytes of all names and strings below `value`.
    static func textBytes(of value: JSONValue) -> Int {
        switch value {
        case .string(let text): text.utf8.count
        case .array(let items): items.reduce(0) { $0 + textBytes(of: $1) }
        case .object(let object):
            object.members.reduce(0) { $0 + $1.name.utf8.count + textBytes(of: $1.value) }
        case .number(let number): number.text.utf8.count
        case .boolean, .null: 4
        }
    }

    static func json(_ value: JSONValue) -> Int { text(bytes: textBytes(of: value)) }
    static func text(_ text: String) -> Int { Self.text(bytes: text.utf8.count) }
}
