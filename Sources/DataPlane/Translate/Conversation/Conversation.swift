public import Shared

/// A request for an answer of a chat model, in no provider's words: callers' requests are read into it, providers' requests are written
/// from it.
///
/// - Shape: nothing is nil because it was not understood. What no dialect but its own knows is kept as `Extras` where it stood, so that it
///   is there again when it goes back into that dialect, and can be named when it goes into another.
public struct Conversation: Hashable, Sendable {
    /// Which dialect it came in: who speaks it understands what is peculiar to it; nil: none.
    public var origin: Dialect?
    /// As the caller calls it.
    public var model = ""
    public var isStream = false
    /// In the order in which they were sent, instructions included.
    public var turns: [Turn] = []
    public var tools: [Tool] = []
    public var toolChoice: ToolChoice?
    /// Whether an answer may call several tools at once; nil: as the provider sees fit.
    public var allowsParallelToolCalls: Bool?
    /// The bound of the answer.
    public var outputTokensMax: UInt64?
    public var stops: [String] = []
    public var sampling = Sampling()
    public var format: OutputFormat?
    public var reasoning: Reasoning?
    /// The caller's own label of the person that it asks for.
    public var endUser: String?
    /// Labels for the provider's records.
    public var metadata: JSONObject?
    /// As the caller named it, in the words of its dialect.
    public var serviceTier: String?
    /// A stream ends with its usage: asked for, declined, or not spoken of. Dialects whose streams always do have nil.
    public var includesUsage: Bool?
    /// What the caller opted into beside the fields: the names of an `anthropic-beta` header. They permit, and ask for nothing by
    /// themselves.
    public var betas: [String] = []
    /// What only a provider of its own dialect can do, and may not be left out.
    public var tie: Tie?
    /// Fields beside these.
    public var extras = Extras()

    public init() {}

    /// Whether the model has to call a tool.
    var asksForCall: Bool {
        switch toolChoice {
        case nil, .automatic?, ToolChoice.none?, .among(_, isRequired: false)?: false
        case .required?, .function?, .among?, .native?: true
        }
    }

    /// - Errors: `inexpressible`, where the request says what no other dialect than its own can, and would ask for something else without it.
    func checkTie(to dialect: Dialect) throws(TranslationError) {
        guard let tie, origin != dialect else { return }
        throw .inexpressible(field: tie.field, reason: tie.reason)
    }
}

/// What ties a request to providers of the dialect that it came in.
public struct Tie: Hashable, Sendable {
    /// As a path.
    public var field: String
    /// With the remedy.
    public var reason: String

    public init(field: String, reason: String) {
        self.field = field
        self.reason = reason
    }
}

/// How an answer is drawn. Numbers keep the text in which they were sent.
public struct Sampling: Hashable, Sendable {
    /// 0 to 2, whichever dialect it came in.
    public var temperature: JSONNumber?
    public var topP: JSONNumber?
    public var topK: JSONNumber?
    public var frequencyPenalty: JSONNumber?
    public var presencePenalty: JSONNumber?
    public var seed: JSONNumber?
    /// How many answers.
    public var choices: UInt64?
    public var logitBias: JSONObject?
    public var logprobs: Bool?
    public var topLogprobs: UInt64?

    public init() {}
}

/// What the answer has to be.
public enum OutputFormat: Hashable, Sendable {
    case text
    /// Any JSON object.
    case json
    case schema(OutputSchema)
}

public struct OutputSchema: Hashable, Sendable {
    public var name: String?
    public var summary: String?
    /// A JSON schema; nil where the caller gave none.
    public var schema: JSONValue?
    public var isStrict: Bool?

    public init(name: String? = nil, summary: String? = nil, schema: JSONValue?, isStrict: Bool? = nil) {
        self.name = name
        self.summary = summary
        self.schema = schema
        self.isStrict = isStrict
    }
}

/// How much a model thinks before it answers.
public struct Reasoning: Hashable, Sendable {
    public enum Effort: String, Hashable, Sendable, CaseIterable { case none, minimal, low, medium, high, xhigh, max }
    public enum Amount: Hashable, Sendable {
        case off
        /// As much as the model finds right.
        case automatic
        case effort(Effort)
        /// At most so many tokens.
        case tokens(UInt64)

        public var asksForThoughts: Bool {
            switch self {
            case .off, .effort(.none), .tokens(0): false
            default: true
            }
        }
    }

    /// nil: as the provider sees fit.
    public var amount: Amount?
    /// Whether the thoughts are shown; nil: as the dialect does where nothing is said.
    public var includesThoughts: Bool?
    public var extras = Extras()

    public init(_ amount: Amount? = nil, includesThoughts: Bool? = nil) {
        self.amount = amount
        self.includesThoughts = includesThoughts
    }
}

/// Something that the model may ask the caller to do.
public struct Tool: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// A function with a JSON schema of its arguments; nil: it takes none.
        case function(parameters: JSONValue?)
        /// One that the provider runs itself, or of a kind that only its dialect has: the whole of its definition.
        case native(JSONValue)
    }

    public var name: String
    public var summary: String?
    public var kind: Kind
    public var isStrict: Bool?
    public var cacheMark: CacheMark?
    public var extras = Extras()

    public init(name: String, summary: String? = nil, kind: Kind, isStrict: Bool? = nil) {
        self.name = name
        self.summary = summary
        self.kind = kind
        self.isStrict = isStrict
    }
}

public enum ToolChoice: Hashable, Sendable {
    case automatic, none, required
    case function(String)
    /// One of these; `isRequired`: it must call one.
    case among([String], isRequired: Bool)
    /// Of a kind that only its dialect has.
    case native(JSONValue)
}

/// Up to here the provider is asked to remember.
public struct CacheMark: Hashable, Sendable {
    /// nil: the provider's shortest.
    public var seconds: UInt32?

    public init(seconds: UInt32? = nil) { self.seconds = seconds }
}

/// Fields that only the dialect that they came in knows, in their order.
public struct Extras: Hashable, Sendable {
    /// nil where there are none.
    public private(set) var dialect: Dialect?
    public private(set) var members: [JSONObject.Member] = []
    /// What the codec of `dialect` remembers for the way back, where the form has one word for what the dialect says in two.
    private var marks: Set<CodecMark> = []
    /// The names of those that tell a model nothing: identities, states, what a provider shall keep. To lose them is no loss.
    private var labels: Set<String> = []

    public init() {}

    public var isEmpty: Bool { members.isEmpty && marks.isEmpty }

    public mutating func add(_ name: String, _ value: JSONValue, of dialect: Dialect) {
        self.dialect = dialect
        members.append(.init(name: name, value: value))
    }

    /// Adds the members of others, of the same dialect.
    mutating func add(_ others: Extras) {
        guard let dialect = others.dialect else { return }
        for member in others.members { add(member.name, member.value, of: dialect) }
    }

    mutating func mark(_ mark: CodecMark, of dialect: Dialect) {
        self.dialect = dialect
        marks.insert(mark)
    }

    func has(_ mark: CodecMark, of dialect: Dialect) -> Bool { self.dialect == dialect && marks.contains(mark) }

    /// Adds one that tells a model nothing.
    public mutating func add(label name: String, _ value: JSONValue, of dialect: Dialect) {
        add(name, value, of: dialect)
        labels.insert(name)
    }

    /// Those that `dialect` understands.
    public func members(for dialect: Dialect) -> [JSONObject.Member] {
        if self.dialect == dialect { return members }
        return isSibling(of: dialect) ? members.filter { Self.siblingNames.contains($0.name) } : []
    }

    /// What OpenAI's two dialects call by the same name; `verbosity` stands in another place.
    private static let siblingNames: Set = [
        "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention", "safety_identifier", "verbosity",
    ]

    private func isSibling(of dialect: Dialect) -> Bool {
        switch (self.dialect, dialect) {
        case (.openai?, .responses), (.responses?, .openai): true
        default: false
        }
    }

    /// The names of those that another dialect than `dialect` would lose. What says nothing is no loss.
    public func lost(to dialect: Dialect) -> [String] {
        guard self.dialect != dialect else { return [] }
        let isSibling = isSibling(of: dialect)
        return members.filter { member in
            !labels.contains(member.name) && member.value.saysSomething
                && !(isSibling && Self.siblingNames.contains(member.name))
        }.map(\.name)
    }

    public subscript(name: String) -> JSONValue? { members.first { $0.name == name }?.value }

    /// One that `dialect` understands.
    public func member(_ name: String, of dialect: Dialect) -> JSONValue? { self.dialect == dialect ? self[name] : nil }

    /// All of them as one object.
    var object: JSONObject {
        var object = JSONObject()
        for member in members { object[member.name] = member.value }
        return object
    }
}

enum CodecMark: Hashable, Sendable {
    /// A turn of the system's that stood among the messages, where newer models take it.
    case systemInPlace
    /// Anthropic: the text of a document was given as its content, not as plain text.
    case contentSource
    /// Anthropic: an effort was asked for, and thinking was not spoken of.
    case effortAlone
    /// Bedrock: a piece of a tool's result that was given as JSON, not as text.
    case json
    /// Bedrock: a document whose text was given as it is, not as the bytes of a file.
    case textSource
}

extension JSONValue {
    /// False for null, and for an array or an object without content.
    fileprivate var saysSomething: Bool {
        switch self {
        case .null: false
        case .array(let elements): !elements.isEmpty
        case .object(let object): !object.members.isEmpty
        default: true
        }
    }
}
