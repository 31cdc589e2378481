/// Changes an answer back where its request was changed: see `AnswerReading`.
///
/// - Shape: pure; one for each answer.
public struct AnswerAmender: Sendable {
    private let reading: AnswerReading
    /// The parts that are the answer although their provider takes them for a call.
    private var formatParts: Set<Int> = []
    /// The choices that have such a part, and those that call a tool of the caller's.
    private var formatChoices: Set<Int> = []
    private var callingChoices: Set<Int> = []

    public init(_ reading: AnswerReading) { self.reading = reading }

    // MARK: Whole answers

    public func amended(_ answer: Answer) -> Answer {
        guard !reading.isPlain else { return answer }
        var answer = answer
        for index in answer.choices.indices { amend(&answer.choices[index]) }
        return answer
    }

    private func amend(_ choice: inout Choice) {
        var isFormat = false
        var hasCalls = false
        for index in choice.parts.indices {
            guard case .toolCall(var call) = choice.parts[index].content else { continue }
            if call.name == reading.formatTool {
                choice.parts[index].content = .text(call.arguments)
                isFormat = true
                continue
            }
            hasCalls = true
            call.name = reading.toolNames[call.name] ?? call.name
            choice.parts[index].content = .toolCall(call)
        }
        if isFormat, !hasCalls, choice.finish == .toolCalls { choice.finish = .stop }
    }

    // MARK: Streams

    public mutating func amended(_ event: AnswerEvent) -> AnswerEvent {
        guard !reading.isPlain else { return event }
        switch event {
        case .opened(let part, let choice, .toolCall(let id, let name, let signature)):
            if name == reading.formatTool {
                formatParts.insert(part)
                formatChoices.insert(choice)
                return .opened(part: part, choice: choice, .text)
            }
            callingChoices.insert(choice)
            let original = reading.toolNames[name] ?? name
            return .opened(part: part, choice: choice, .toolCall(id: id, name: original, signature: signature))
        case .arguments(let part, let piece) where formatParts.contains(part): return .text(part: part, piece)
        case .finished(let choice, .toolCalls, let stop)
        where formatChoices.contains(choice) && !callingChoices.contains(choice):
            return .finished(choice: choice, .stop, stop: stop)
        default: return event
        }
    }
}
