import Shared

/// How an answer is drawn, as far as a model lets that be said.
///
/// - Shape: values that are what the model does anyway say nothing, and are left out where they might be refused.
/// - Source: Bedrock's user guide, "Inference parameters"; Anthropic, "Extended thinking", feature compatibility.
struct BedrockSampling {
    private(set) var temperature: JSONNumber?
    private(set) var topP: JSONNumber?
    private(set) var topK: JSONNumber?

    init(
        _ sampling: Sampling, _ model: BedrockModel, _ capabilities: Capabilities, _ thinking: BedrockThinking,
        into rendered: inout RenderedRequest
    ) {
        temperature = sampling.temperature
        topP = sampling.topP
        topK = sampling.topK
        if let value = temperature?.double, value > 1 {
            temperature = JSONNumber(1)
            rendered.adjust("temperature")
        }
        if !capabilities.sampling || thinking.isNovaAtItsHighest || model.refusesSampling {
            keep(temperature: 1, topPMin: 1, into: &rendered)
            (temperature, topP) = (nil, nil)
        } else if thinking.isClaudeThinking {
            keep(temperature: 1, topPMin: Self.topPWhileThinkingMin, into: &rendered)
        }
        if temperature != nil, topP != nil, model.refusesTemperatureBesideTopP { choose(into: &rendered) }
    }

    private static let topPWhileThinkingMin = 0.95

    /// Reports and leaves out other values than these.
    private mutating func keep(temperature usual: Double, topPMin: Double, into rendered: inout RenderedRequest) {
        if let value = temperature?.double, value != usual {
            temperature = nil
            rendered.drop("temperature")
        }
        if let value = topP?.double, value < topPMin {
            topP = nil
            rendered.drop("top_p")
        }
        if topK != nil {
            topK = nil
            rendered.drop("top_k")
        }
    }

    /// One of the two: the one that says something.
    private mutating func choose(into rendered: inout RenderedRequest) {
        if topP?.double == 1 {
            topP = nil
        } else if temperature?.double == 1 {
            temperature = nil
        } else {
            topP = nil
            rendered.drop("top_p")
        }
    }
}

extension BedrockModel {
    fileprivate var refusesSampling: Bool {
        if case .claude(let generation) = self { !generation.takesSampling } else { false }
    }

    fileprivate var refusesTemperatureBesideTopP: Bool {
        if case .claude(let generation) = self { !generation.takesTemperatureBesideTopP } else { false }
    }
}
