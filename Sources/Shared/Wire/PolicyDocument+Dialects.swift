/// What a policy says of the words in which targets are asked.
extension PolicyDocument {
    /// How a provider differs from the one that its dialect is named after.
    ///
    /// - Shape: nil each: it does not.
    public struct Quirks: Hashable, Sendable, Codable {
        /// The name of the bound of an answer in OpenAI's dialect.
        public enum OutputBound: String, Hashable, Sendable, Codable, CaseIterable {
            case maxCompletionTokens = "max_completion_tokens"
            case maxTokens = "max_tokens"
        }

        public var outputBound: OutputBound?
        /// Knows `developer` as a role; else it becomes `system`.
        public var developerRole: Bool?
        /// Takes `cache_control` on parts of messages.
        public var cacheControl: Bool?
        /// Answers to `stream_options.include_usage`; else usage comes by itself, or not at all.
        public var streamOptions: Bool?
        /// Calls of tools have identities of exactly nine letters and digits.
        public var shortToolCallIDs: Bool?
        /// Serves OpenAI's Responses too.
        public var responses: Bool?

        public init(
            outputBound: OutputBound? = nil, developerRole: Bool? = nil, cacheControl: Bool? = nil,
            streamOptions: Bool? = nil, shortToolCallIDs: Bool? = nil,
            responses: Bool? = nil
        ) {
            self.outputBound = outputBound
            self.developerRole = developerRole
            self.cacheControl = cacheControl
            self.streamOptions = streamOptions
            self.shortToolCallIDs = shortToolCallIDs
            self.responses = responses
        }
    }

    /// What a credential is that requests cannot carry as it is.
    public enum CredentialKind: String, Hashable, Sendable, Codable, CaseIterable {
        /// The key of a Google service account, which is exchanged for tokens.
        case serviceAccount = "service_account"
    }

    /// With what the paths of requests begin, where a provider has another version than its dialect, or none.
    public enum PathVersion: String, Hashable, Sendable, Codable, CaseIterable {
        case v1beta, v1
        /// The base URL has it (Vertex AI).
        case inBaseURL = "in_base_url"

        /// In front of the paths of the dialect.
        public var path: String { self == .inBaseURL ? "" : "/\(rawValue)" }
    }

    /// What a model may be unable to do.
    public enum ModelFeature: String, Hashable, Sendable, Codable, CaseIterable {
        case tools, images, documents, audio
        case jsonSchema = "json_schema"
        case reasoning
        /// `temperature` and its like.
        case sampling
        case systemMessages = "system_messages"
        /// Going on from the beginning of an answer, which stands as the last message, the assistant's.
        case begunAnswers = "begun_answers"
    }

    /// What becomes of a field that a target of another dialect cannot be told.
    public enum UnsupportedParameters: String, Hashable, Sendable, Codable, CaseIterable {
        /// The request is refused, and the field named.
        case refuse
        /// It is left out, and listed in the answer's head.
        case drop
    }
}
