import Shared

/// An answer as Gemini writes it.
///
/// - Source: Gemini API reference, "GenerateContentResponse"; "Thought signatures".
struct GeminiAnswer {
    private let answer: ProviderAnswer

    init(_ answer: ProviderAnswer) { self.answer = answer }

    private var request: ProviderRequest { answer.request }
    private var thinks: Bool { request.thinking != .off }

    // MARK: Parts

    private func text(_ text: some Sequence<UInt8>) -> JSONValue {
        ["text": .string(String(decoding: Array(text), as: UTF8.self))]
    }

    private func thought(_ text: [UInt8]) -> JSONValue { self.text(text).adding("thought", true) }

    /// Calls have no identity; the first of several carries the signature.
    private func call(_ call: ToolCall, _ index: Int) -> JSONValue {
        let part: JSONValue = ["functionCall": ["name": .string(call.name), "args": call.tree]]
        let signature = thinks && index == 0 ? answer.signatures.sign(call.name.utf8, number: answer.number) : nil
        return part.adding("thoughtSignature", signature.map { .string($0) })
    }

    /// What a text that was thought about ends with, whoever wants it.
    private var textSignature: JSONValue? {
        thinks ? .string(answer.signatures.sign([], number: answer.number)) : nil
    }

    private func finish(_ index: Int) -> JSONValue {
        answer.choices.indices.contains(index) && answer.choices[index].isCapped ? "MAX_TOKENS" : "STOP"
    }

    // MARK: Usage

    /// Thoughts come on top of the candidates, and what is cached is in the prompt.
    private func usage(completion: Int) -> JSONValue {
        let usage = answer.usage
        let thoughts = min(usage.reasoning, completion)
        var out: JSONValue = ["promptTokenCount": .count(usage.prompt)]
        if completion > thoughts { out = out.adding("candidatesTokenCount", .count(completion - thoughts)) }
        out = out.adding("totalTokenCount", .count(usage.prompt + completion))
        if usage.cached > 0 { out = out.adding("cachedContentTokenCount", .count(usage.cached)) }
        out = out.adding("promptTokensDetails", [["modality": "TEXT", "tokenCount": .count(usage.prompt)]])
        if usage.cached > 0 {
            out = out.adding("cacheTokensDetails", [["modality": "TEXT", "tokenCount": .count(usage.cached)]])
        }
        return thoughts > 0 ? out.adding("thoughtsTokenCount", .count(thoughts)) : out
    }

    private func response(_ candidates: [JSONValue], completion: Int) -> JSONValue {
        let response: JSONValue = ["candidates": .array(candidates)]
        return response.adding("usageMetadata", answer.showsUsage ? usage(completion: completion) : nil)
            .adding("modelVersion", .string(answer.model)).adding("responseId", .string("stub" + answer.digits(18)))
    }

    private func candidate(_ parts: [JSONValue], finish: JSONValue?, index: Int) -> JSONValue {
        let candidate: JSONValue = ["content": ["parts": .array(parts), "role": "model"]]
        return candidate.adding("finishReason", finish).adding("index", .count(index))
    }

    // MARK: Plain

    var body: [UInt8] {
        let thoughts = request.thinking == .shown ? answer.thoughts.map { [thought($0.text)] } ?? [] : []
        var candidates: [JSONValue] = []
        if !request.toolCalls.isEmpty {
            let calls = request.toolCalls.enumerated().map { call($0.element, $0.offset) }
            candidates = [candidate(thoughts + calls, finish: "STOP", index: 0)]
        }
        for (index, choice) in answer.choices.enumerated() {
            let part = text(choice.text).adding("thoughtSignature", textSignature)
            candidates.append(candidate(thoughts + [part], finish: finish(index), index: index))
        }
        return GeminiDialect.lines(response(candidates, completion: answer.usage.completion))
    }

    // MARK: Stream

    var events: [StreamEvent] {
        var events: [StreamEvent] = []
        var made = answer.usage.reasoning - (answer.thoughts?.words.count ?? 0)
        func add(_ part: JSONValue, index: Int) {
            let bytes = frame(
                response([candidate([part], finish: nil, index: index)], completion: made), isFirst: events.isEmpty)
            events.append(StreamEvent(bytes: bytes, completionTokens: made))
        }
        for word in answer.thoughts?.words ?? [] {
            made += 1
            if request.thinking == .shown { add(thought(word), index: 0) }
        }
        for (index, call) in request.toolCalls.enumerated() {
            made += call.tokens
            add(self.call(call, index), index: 0)
        }
        for position in 0..<(answer.choices.map(\.words.count).max() ?? 0) {
            for (index, choice) in answer.choices.enumerated() where position < choice.words.count {
                if position >= answer.echoed { made += 1 }
                add(text(choice.words[position]), index: index)
            }
        }
        return events
    }

    /// The last chunk of each candidate: nothing new, and why it ended.
    func ending(isMarked: Bool) -> [UInt8] {
        var out: [UInt8] = []
        for index in 0..<max(1, answer.choices.count) where isMarked {
            let part = text([]).adding("thoughtSignature", request.toolCalls.isEmpty ? textSignature : nil)
            out += frame(
                response(
                    [candidate([part], finish: finish(index), index: index)], completion: answer.usage.completion),
                isFirst: false)
        }
        return request.isArrayStream ? out + Array("]".utf8) : out
    }

    private func frame(_ response: JSONValue, isFirst: Bool) -> [UInt8] {
        request.isArrayStream
            ? Array((isFirst ? "[" : ",\r\n").utf8) + response.bytes(.indented)
            : Array("data: ".utf8) + response.bytes(.spaced) + Array("\r\n\r\n".utf8)
    }
}
