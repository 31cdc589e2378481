/// What the name of a model tells of it: the one place where names are looked at.
///
/// - Shape: `gemini-<number>` says the generation. A name of Gemini without a number (`gemini-flash-latest`, an endpoint's own name) is one of
///   the newest, as aliases move on with the models; Gemma and LearnLM are none of these.
/// - Source: Google, "Gemini thinking" (budgets of 2.5, levels of 3), "Thought signatures", "Function calling", "Structured outputs".
struct GeminiFamily {
    enum Thinking: Equatable {
        /// It does not, or not as one could ask for it.
        case none
        /// Bounded by a number of tokens; `mayStop`: 0 is one.
        case budget(ClosedRange<UInt64>, mayStop: Bool)
        /// In words, from the least on.
        case levels([Reasoning.Effort])
    }

    let thinking: Thinking
    /// A call without its signature is refused.
    let wantsSignatures: Bool
    /// Results of functions may carry media; before, those stand beside the results.
    let takesMediaInResults: Bool
    /// An answer may have to be JSON where functions are declared; before, that is refused.
    let takesFormatWithFunctions: Bool

    init(model: String) {
        let name = model.lowercased()
        let version = Self.version(name)
        let isNewest = version.map { $0.major >= 3 } ?? !(name.contains("gemma") || name.contains("learnlm"))
        wantsSignatures = isNewest
        takesMediaInResults = isNewest
        takesFormatWithFunctions = isNewest
        if isNewest {
            thinking = .levels(Self.levels(name, version))
        } else if let version, version == (2, 5) {
            thinking = Self.budget(name)
        } else {
            thinking = .none
        }
    }

    private static func version(_ name: String) -> (major: Int, minor: Int)? {
        guard let place = name.firstRange(of: "gemini-") else { return nil }
        let number = name[place.upperBound...].prefix { ("0"..."9").contains($0) || $0 == "." }.split(separator: ".")
        guard let major = number.first.flatMap({ Int($0) }) else { return nil }
        return (major, number.dropFirst().first.flatMap { Int($0) } ?? 0)
    }

    private static func budget(_ name: String) -> Thinking {
        if name.contains("pro") { return .budget(128...32_768, mayStop: false) }
        return .budget((name.contains("lite") ? 512 : 1)...24_576, mayStop: true)
    }

    private static func levels(_ name: String, _ version: (major: Int, minor: Int)?) -> [Reasoning.Effort] {
        guard name.contains("pro") else { return [.minimal, .low, .medium, .high] }
        if let version, version == (3, 0) { return [.low, .high] }
        return [.low, .medium, .high]
    }
}
