import Shared

/// Reads providers' whole answers.
///
/// - Shape: lenient: what is not as it should be is left out or kept as it is. Thoughts come first, then content, then calls.
/// - Errors: `malformed`, where there are no choices.
/// - Source: OpenAI, "The chat completion object"; the documents of DeepSeek, Mistral, OpenRouter and vLLM.
enum OpenAIAnswerReader {
    static func answer(from body: JSONValue) throws(TranslationError) -> Answer {
        guard let object = body.object else { throw .malformed("the answer is no object") }
        var fields = MemberReader(object, at: .body)
        guard let choices = fields.value("choices")?.array else {
            // OpenRouter reports failures with status 200.
            let error = fields.value("error").map {
                OpenAIErrors.error(status: 0, from: .object(["error": $0])).message
            }
            throw .malformed(error ?? "the answer has no choices")
        }
        var answer = Answer()
        answer.id = fields.value("id")?.string ?? ""
        answer.model = fields.value("model")?.string ?? ""
        answer.createdUnixSeconds = seconds(fields.value("created"))
        answer.serviceTier = fields.value("service_tier")?.string
        let usage = fields.value("usage")
        answer.usage = OpenAICounts.usage(usage, tier: answer.serviceTier)
        answer.usageExtras = OpenAICounts.extras(usage)
        for (index, choice) in choices.enumerated() { answer.choices.append(self.choice(choice, at: index)) }
        _ = fields.take("object")
        answer.extras = fields.leftovers(of: .openai)
        return answer
    }

    /// Some servers give fractions.
    static func seconds(_ value: JSONValue?) -> Int64? {
        guard let number = value?.number else { return nil }
        return number.int64 ?? number.double.flatMap { Int64(exactly: $0.rounded(.down)) }
    }

    // MARK: Choices

    private static func choice(_ value: JSONValue, at index: Int) -> Choice {
        guard let object = value.object else { return Choice(index: index) }
        var fields = MemberReader(object, at: .body)
        var choice = Choice(index: fields.value("index")?.number?.integer(as: Int.self) ?? index)
        let message = fields.value("message")?.object.map { read($0, into: &choice) }
        choice.logprobs = fields.value("logprobs")
        // vLLM: the text that the caller asked to stop at, or the number of a token.
        if let stop = object["stop_reason"]?.string {
            choice.stop = stop
            _ = fields.take("stop_reason")
        }
        if let word = fields.value("finish_reason")?.string, !word.isEmpty {
            let hasCalls = choice.parts.contains { $0.isOpenAICall }
            choice.finish = OpenAIFinish.reason(
                word, hasCalls: hasCalls, hasRefused: choice.parts.contains { $0.isRefusal }, stop: choice.stop)
        }
        choice.extras = fields.leftovers(of: .openai)
        if let message { choice.extras.addRest(message, of: "message") }
        return choice
    }

    /// - Returns: what is left of the message.
    private static func read(_ message: JSONObject, into choice: inout Choice) -> Extras {
        var fields = MemberReader(message, at: .body)
        _ = fields.take("role")
        if let thoughts = thoughts(&fields) { choice.parts.append(thoughts) }
        readContent(fields.take("content"), into: &choice)
        if let refusal = fields.value("refusal")?.string { choice.parts.append(Part(.refusal(refusal))) }
        for image in fields.value("images")?.array ?? [] {
            if let url = image["image_url"]?["url"]?.string {
                choice.parts.append(Part(.image(OpenAIMedia.media(url: url))))
            }
        }
        if let audio = fields.value("audio")?.object, let part = sound(audio) { choice.parts.append(part) }
        for value in fields.value("tool_calls")?.array ?? [] {
            choice.parts.append((try? OpenAIToolCalls.call(value, at: .body)) ?? Part(.native(value, of: .openai)))
        }
        if let value = fields.value("function_call"), let call = try? oldCall(value) {
            choice.parts.append(Part(.toolCall(call)))
        }
        return fields.leftovers(of: .openai)
    }

    /// Of the two names for them, which some servers give side by side, one.
    private static func thoughts(_ fields: inout MemberReader) -> Part? {
        let texts = [fields.value("reasoning_content")?.string, fields.value("reasoning")?.string]
        guard let text = texts.lazy.compactMap(\.self).first(where: { !$0.isEmpty }) else { return nil }
        return Part(.thinking(Thinking(text: text, origin: .openai)))
    }

    private static func oldCall(_ value: JSONValue) throws(TranslationError) -> ToolCall {
        var function = try MemberReader(value, at: .body)
        return try OpenAIToolCalls.function(&function, id: "")
    }

    private static func sound(_ audio: JSONObject) -> Part? {
        var fields = MemberReader(audio, at: .body)
        guard let data = fields.value("data")?.string else { return nil }
        var media = Media(.data(data))
        media.extras = fields.leftovers(of: .openai)
        return Part(.audio(media))
    }

    // MARK: Content

    private static func readContent(_ value: JSONValue?, into choice: inout Choice) {
        switch value {
        case nil: choice.form = .absent
        case .string(let text)?:
            choice.form = .text
            if !text.isEmpty { choice.parts.append(Part(.text(text))) }
        case .array(let pieces)?:
            for piece in pieces { choice.parts.append(part(piece)) }
        default: choice.form = .null
        }
    }

    /// Mistral's models that think answer with parts; the thoughts in them are parts too.
    static func part(_ piece: JSONValue) -> Part {
        if let text = piece.string ?? piece["text"]?.string { return Part(.text(text)) }
        guard let thought = piece["thinking"] else { return Part(.native(piece, of: .openai)) }
        let text = thought.string ?? (thought.array ?? []).compactMap { $0["text"]?.string }.joined()
        return Part(.thinking(Thinking(text: text, origin: .openai)))
    }
}

extension Part {
    var isRefusal: Bool { if case .refusal(let text) = content { !text.isEmpty } else { false } }

    /// Whether it is a call of a tool of any kind.
    var isOpenAICall: Bool {
        switch content {
        case .toolCall: true
        case .native(let value, of: .openai): OpenAIToolCalls.isCall(value)
        default: false
        }
    }
}
