/// What a Claude model takes, as far as its name tells.
///
/// - Shape: each generation takes some fields that the one before refused, and refuses others, and no request can ask which. A name that
///   says nothing (another provider's model behind Anthropic's dialect) stands for one that takes what all took before Claude 4.6.
/// - Source: Anthropic, "Extended thinking", "Adaptive thinking", "Effort", "Migration guide".
struct AnthropicGeneration: Equatable {
    /// 4.6 is 406; nil where the name does not tell.
    private let version: Int?
    private let family: Family?

    private enum Family: String, CaseIterable { case opus, sonnet, haiku, fable, mythos, instant }

    init(model: String) {
        let name = model.lowercased()
        guard let start = name.firstRange(of: "claude") else {
            (version, family) = (nil, nil)
            return
        }
        // `claude-opus-4-6`, `claude-3-7-sonnet-20250219`, `anthropic.claude-opus-4-6-v1:0`,
        // `claude-sonnet-4.5@20250929`.
        let words = name[start.upperBound...].split { "-._@:/".contains($0) }
        family = words.lazy.compactMap { Family(rawValue: String($0)) }.first
        var version: Int?
        if let major = words.firstIndex(where: Self.isShortNumber) {
            version = Int(words[major]).map { $0 * 100 }
            if major + 1 < words.count, Self.isShortNumber(words[major + 1]) {
                version = version.map { $0 + (Int(words[major + 1]) ?? 0) }
            }
        } else if family == .mythos {
            // A preview without a number, of the generation behind 4.7.
            version = 500
        }
        self.version = version
    }

    /// A version, not a date.
    private static func isShortNumber(_ word: Substring) -> Bool { word.utf8.count <= 2 && Int(word) != nil }

    /// Of 406 for 4.6.
    func isAtLeast(_ other: Int) -> Bool { version.map { $0 >= other } ?? false }

    /// Thinks when asked to: since 3.7.
    var takesThinking: Bool { version.map { $0 >= 307 } ?? true }
    /// `thinking` with a budget: refused since 4.7.
    var takesBudget: Bool { takesThinking && !isAtLeast(407) }
    /// `thinking` that decides by itself how long it takes: since 4.6.
    var takesAdaptive: Bool { isAtLeast(406) }
    /// `thinking` turned off: some always think.
    var takesDisabled: Bool { family != .fable && family != .mythos }
    /// `temperature`, `top_p` and `top_k`: refused since 4.7.
    var takesSampling: Bool { !isAtLeast(407) }
    /// `temperature` beside `top_p`: refused since 4.1.
    var takesTemperatureBesideTopP: Bool { !isAtLeast(401) }

    /// A last turn of the assistant's, which the answer goes on from: refused since 4.6.
    var takesBegunAnswer: Bool { !isAtLeast(406) }

    var takesEffort: Bool { isAtLeast(406) || version == 405 && family == .opus }

    /// The word for an effort: the nearest one that this model knows.
    func effort(_ effort: Reasoning.Effort) -> (word: String, isExact: Bool) {
        switch effort {
        case .none, .minimal: ("low", false)
        case .low, .medium, .high: (effort.rawValue, true)
        case .xhigh: isAtLeast(407) ? ("xhigh", true) : ("high", false)
        case .max: isAtLeast(406) ? ("max", true) : ("high", false)
        }
    }
}
