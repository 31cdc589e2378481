import Shared

/// Some of the features that a request can want and a model can lack, as a set that costs a comparison.
struct ModelFeatures: OptionSet, Hashable, Sendable {
    let rawValue: UInt16

    static let tools = ModelFeatures(.tools)
    static let images = ModelFeatures(.images)
    static let documents = ModelFeatures(.documents)
    static let audio = ModelFeatures(.audio)
    static let jsonSchema = ModelFeatures(.jsonSchema)
    static let reasoning = ModelFeatures(.reasoning)
    static let begunAnswers = ModelFeatures(.begunAnswers)

    /// In the order in which a refusal names them.
    private static let order = PolicyDocument.ModelFeature.allCases

    init(rawValue: UInt16) { self.rawValue = rawValue }

    init(_ feature: PolicyDocument.ModelFeature) {
        let place = Self.order.firstIndex(of: feature) ?? 0
        // Nobody is sent elsewhere for a temperature, or for instructions: without the one the answer is no other, and the others go as words of
        // the user.
        let isRoutedBy = feature != .sampling && feature != .systemMessages
        rawValue = isRoutedBy ? 1 << UInt16(place) : 0
    }

    /// Of those that a model lacks the ones that requests are routed by.
    init(lackedBy model: PolicyDocument.Model) {
        self = ModelFeatures((model.unsupportedFeatures ?? []).map { ModelFeatures($0) })
    }

    var names: [PolicyDocument.ModelFeature] {
        Self.order.filter { !isDisjoint(with: ModelFeatures($0)) }
    }
}

extension PolicyDocument.ModelFeature {
    /// What asks for it in a request, as refusals name it.
    var field: String {
        switch self {
        case .tools: "tools"
        case .images: "messages[].image_url"
        case .documents: "messages[].file"
        case .audio: "messages[].input_audio"
        case .jsonSchema: "response_format"
        case .reasoning: "reasoning_effort"
        case .sampling: "temperature"
        case .systemMessages, .begunAnswers: "messages"
        }
    }
}
