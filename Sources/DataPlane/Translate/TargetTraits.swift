/// What is known of a target when a request is written for it: its model's name and capabilities, and its provider's quirks.
public struct TargetTraits: Hashable, Sendable {
    /// The name that goes upstream.
    public var model: String
    /// The bound of an answer where the dialect wants one and neither the caller nor an allowance set one.
    public var outputTokensDefault: UInt64
    public var capabilities: Capabilities
    public var quirks: Quirks

    public init(
        model: String, outputTokensDefault: UInt64 = 4_096, capabilities: Capabilities = Capabilities(),
        quirks: Quirks = Quirks()
    ) {
        self.model = model
        self.outputTokensDefault = outputTokensDefault
        self.capabilities = capabilities
        self.quirks = quirks
    }
}

/// What a model can do. A capability that nobody spoke of is there: the provider knows better, and says so.
public struct Capabilities: Hashable, Sendable {
    public var tools = true
    public var images = true
    public var documents = true
    public var audio = true
    /// Answers that keep to a JSON schema. Without it a schema is asked for by a tool that has to be called.
    public var jsonSchema = true
    public var reasoning = true
    /// `temperature` and its like; models that think take none.
    public var sampling = true
    public var systemMessages = true

    public init() {}
}

/// How a provider differs from the one that its dialect is named after.
public struct Quirks: Hashable, Sendable {
    /// The name of the bound of an answer in OpenAI's dialect.
    public enum OutputBound: String, Hashable, Sendable, Codable, CaseIterable {
        case maxCompletionTokens = "max_completion_tokens"
        case maxTokens = "max_tokens"
    }

    public var outputBound = OutputBound.maxCompletionTokens
    /// Knows `developer` as a role; else it becomes `system`.
    public var developerRole = true
    /// Takes `cache_control` on parts of messages.
    public var cacheControl = false
    /// Answers to a `stream_options.include_usage`; else usage comes by itself, or not at all.
    public var streamOptions = true
    /// Calls of tools have identities of exactly nine letters and digits (Mistral).
    public var shortToolCallIDs = false

    public init() {}
}

/// A request as it goes upstream, and what was lost on the way.
public struct RenderedRequest: Hashable, Sendable {
    public var body: [UInt8]
    /// Fields that the target cannot take, as paths, each once, up to `reportedMax`: refused or dropped, as the route says.
    public var dropped: [String] = []
    /// Fields that the target takes only with another value, likewise.
    public var adjusted: [String] = []
    /// How the answer has to be read.
    public var reading = AnswerReading()

    /// A caller may send a million members that nobody knows; nobody wants to read the names of all.
    static let reportedMax = 64

    public init(body: [UInt8] = []) { self.body = body }

    mutating func drop(_ field: String) { Self.report(field, in: &dropped) }
    mutating func adjust(_ field: String) { Self.report(field, in: &adjusted) }

    private static func report(_ field: String, in fields: inout [String]) {
        if fields.count < reportedMax, !fields.contains(field) { fields.append(field) }
    }
}

/// What a request changed that its answer has to change back.
public struct AnswerReading: Hashable, Sendable {
    /// Names of tools that the target would not have taken: from the one that it got to the caller's.
    public var toolNames: [String: String] = [:]
    /// The tool whose call is the answer: a schema that was asked for by a tool that has to be called.
    public var formatTool: String?

    public init() {}
    public var isPlain: Bool { toolNames.isEmpty && formatTool == nil }
}
