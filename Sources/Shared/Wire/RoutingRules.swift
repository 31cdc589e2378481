extension PolicyDocument {
    /// What a failed attempt failed of, as far as routes tell failures apart.
    public enum FallbackCause: String, Hashable, Sendable, Codable, CaseIterable {
        /// The prompt, or prompt and answer together, are longer than the model takes.
        case contextLength = "context_length"
        /// The provider refuses the content.
        case contentFilter = "content_filter"
        /// The provider or its credential has no room at the moment.
        case rateLimit = "rate_limit"
        /// Everything else that is the provider's fault or its credential's.
        case error
        /// No answer in time.
        case timeout
    }

    /// By what a `sticky` route keeps callers at their target.
    public struct Sticky: Hashable, Sendable, Codable {
        public enum Source: String, Hashable, Sendable, Codable, CaseIterable {
            case header
            /// The end user's label (`user`, `safety_identifier`), else the virtual key.
            case endUser = "end_user"
            /// The first messages of a chat: every turn of it comes to the same target.
            case conversation
            /// The first bytes of the prompt, for the provider's prompt cache.
            case promptPrefix = "prompt_prefix"
        }

        public var by: Source
        /// Exactly where `by` is `header`: its name in lower case.
        public var header: String?

        public init(by: Source, header: String? = nil) {
            self.by = by
            self.header = header
        }
    }

    /// When a request that waits for its answer is sent once more, and how often that may be.
    public struct Hedge: Hashable, Sendable, Codable {
        /// So long after the first attempt; nil: after the 95th percentile of the route's own times to the first token.
        public var afterMilliseconds: Int?
        /// At most so many of a hundred requests.
        public var percentMax: Int
        /// Plain answers too, which take longer the longer they are; nil: streams only.
        public var includesPlainAnswers: Bool?

        public static let percentMaxDefault = 5

        public init(
            afterMilliseconds: Int? = nil, percentMax: Int = percentMaxDefault, includesPlainAnswers: Bool? = nil
        ) {
            self.afterMilliseconds = afterMilliseconds
            self.percentMax = percentMax
            self.includesPlainAnswers = includesPlainAnswers
        }
    }

    /// How a provider is told to go on from the beginning of an answer, which stands as the last message of the chat, the assistant's.
    public enum PrefixContinuation: String, Hashable, Sendable, Codable, CaseIterable {
        /// It does so whenever the last message is the assistant's: llama.cpp.
        case assistantMessage = "assistant_message"
        /// By `"prefix": true` in that message: DeepSeek.
        case prefix
        /// The same, and the answer begins with the prefix: Mistral.
        case prefixEchoed = "prefix_echoed"
        /// By `"continue_final_message": true` beside the messages, and `"add_generation_prompt": false`: vLLM, SGLang.
        case continueFinalMessage = "continue_final_message"
    }

    /// Where a share of a route's requests is sent once more, for an answer that nobody gets.
    public struct Shadow: Hashable, Sendable, Codable {
        public var target: Target
        /// Hundredths of a percent, 1...10,000.
        public var share: Int
        /// Of a live secret of the virtual key that the shadows are charged to: what a data plane finds a key by.
        public var secretSHA256: SHA256Digest

        public static let whole = 10_000

        public init(target: Target, share: Int, secretSHA256: SHA256Digest) {
            self.target = target
            self.share = share
            self.secretSHA256 = secretSHA256
        }
    }

    /// When a target is set aside, and for how long.
    public struct Breaker: Hashable, Sendable, Codable {
        /// So many failures after one another open it.
        public var consecutiveFailures: Int
        /// This share of failures within the window opens it, once there are `samplesMin` attempts in the window.
        public var failurePercent: Int
        public var samplesMin: Int
        public var windowSeconds: Int
        /// How long it stays open at first; doubled with every request on trial that fails, up to `openSecondsMax`.
        public var openSeconds: Int
        public var openSecondsMax: Int

        public static let standard = Breaker()

        public init(
            consecutiveFailures: Int = 5, failurePercent: Int = 50, samplesMin: Int = 20, windowSeconds: Int = 10,
            openSeconds: Int = 1, openSecondsMax: Int = 10
        ) {
            self.consecutiveFailures = consecutiveFailures
            self.failurePercent = failurePercent
            self.samplesMin = samplesMin
            self.windowSeconds = windowSeconds
            self.openSeconds = openSeconds
            self.openSecondsMax = openSecondsMax
        }
    }

    /// How many requests may be in flight at one target, from each thread of a data plane, and how many more wait for that.
    public struct Concurrency: Hashable, Sendable, Codable {
        /// The limit moves between the two by how long first tokens take; equal, it is fixed.
        public var min: Int
        public var max: Int
        /// Who comes while so many wait is turned away, or one of a lower class is in its place. 0: nobody waits.
        public var queueMax: Int
        /// Who has waited so long is turned away.
        public var queueWaitMilliseconds: Int

        public static let standard = Concurrency()

        public init(min: Int = 1, max: Int = 200, queueMax: Int = 100, queueWaitMilliseconds: Int = 5_000) {
            self.min = min
            self.max = max
            self.queueMax = queueMax
            self.queueWaitMilliseconds = queueWaitMilliseconds
        }
    }

    /// How each data plane asks a provider by itself whether it is up: `GET` of a path, again and again.
    public struct Probe: Hashable, Sendable, Codable {
        /// Appended to the provider's base URL; begins with a slash.
        public var path: String
        public var intervalSeconds: Int
        /// For the whole probe, the connection included.
        public var timeoutMilliseconds: Int
        /// After so many that failed in a row the provider's targets are set aside.
        public var failures: Int

        public static let standard = Probe()
        public static let pathBytesMax = 200

        public init(
            path: String = "/models", intervalSeconds: Int = 5, timeoutMilliseconds: Int = 2_000, failures: Int = 3
        ) {
            self.path = path
            self.intervalSeconds = intervalSeconds
            self.timeoutMilliseconds = timeoutMilliseconds
            self.failures = failures
        }
    }
}
