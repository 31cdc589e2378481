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

    /// When a target is set aside, and for how long.
    public struct Breaker: Hashable, Sendable, Codable {
        /// So many failures after one another open it.
        public var consecutiveFailures: Int
        /// This share of failures within the window opens it, once there are `samplesMin` attempts in the window.
        public var failurePercent: Int
        public var samplesMin: Int
        public var windowSeconds: Int
        /// How long it stays open at first; doubled with every probe that fails, up to `openSecondsMax`.
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
}
