/// What a provider says it processed for one request, normalized over the dialects.
///
/// - Shape: `input` and `output` are totals. The other counts are parts of them, never additions, so that no token can be
///   charged twice: `cachedInput`, `cacheWrite5m`, `cacheWrite1h`, `audioInput` and `imageInput` lie in `input` and do not
///   overlap; `reasoning`, `audioOutput` and `imageOutput` lie in `output` and do not overlap.
public struct TokenUsage: Hashable, Sendable, Codable {
    public var input: UInt32
    public var cachedInput: UInt32
    public var cacheWrite5m: UInt32
    public var cacheWrite1h: UInt32
    public var audioInput: UInt32
    public var imageInput: UInt32
    public var output: UInt32
    public var reasoning: UInt32
    public var audioOutput: UInt32
    public var imageOutput: UInt32
    /// The tier that the provider says it served the request in.
    public var serviceTier: ServiceTier

    public init(
        input: UInt32 = 0, cachedInput: UInt32 = 0, cacheWrite5m: UInt32 = 0, cacheWrite1h: UInt32 = 0,
        audioInput: UInt32 = 0, imageInput: UInt32 = 0, output: UInt32 = 0, reasoning: UInt32 = 0,
        audioOutput: UInt32 = 0, imageOutput: UInt32 = 0, serviceTier: ServiceTier = .standard
    ) {
        self.input = input
        self.cachedInput = cachedInput
        self.cacheWrite5m = cacheWrite5m
        self.cacheWrite1h = cacheWrite1h
        self.audioInput = audioInput
        self.imageInput = imageInput
        self.output = output
        self.reasoning = reasoning
        self.audioOutput = audioOutput
        self.imageOutput = imageOutput
        self.serviceTier = serviceTier
    }

    public static let zero = TokenUsage()
}

/// How urgently a provider serves a request, where it sells that.
///
/// - Source: OpenAI's and Anthropic's `service_tier`; Gemini's `trafficType` and batch mode.
public enum ServiceTier: UInt8, Hashable, Sendable, CaseIterable {
    case standard = 0
    case batch = 1
    case flex = 2
    case priority = 3
    case ultrafast = 4
    /// Anthropic's fast mode, which is asked for by itself and bought beside a service tier.
    case fast = 5

    /// The name in the API, in price books and in snapshots.
    public var label: String {
        switch self {
        case .standard: "standard"
        case .batch: "batch"
        case .flex: "flex"
        case .priority: "priority"
        case .ultrafast: "ultrafast"
        case .fast: "fast"
        }
    }

    public init?(label: some StringProtocol) {
        guard let tier = Self.allCases.first(where: { $0.label == label }) else { return nil }
        self = tier
    }
}

extension ServiceTier: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let label = try container.decode(String.self)
        guard let tier = ServiceTier(label: label) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "unknown service tier \(label)")
        }
        self = tier
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(label)
    }
}
