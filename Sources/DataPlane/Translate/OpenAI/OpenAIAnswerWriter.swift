import Shared

/// Writes whole answers for callers.
///
/// - Shape: all that OpenAI's own clients require is there: `logprobs` and `refusal` are null rather than absent, `content` is a text or
///   null, `tool_calls` is never empty, and arguments are a text of JSON.
struct OpenAIAnswerWriter {
    private let context: AnswerContext
    private var writer = JSONWriter()

    init(in context: AnswerContext) { self.context = context }

    mutating func body(of answer: Answer) -> [UInt8] {
        writer.beginObject()
        writer.member("id", answer.id.isEmpty ? "chatcmpl-\(context.id)" : answer.id)
        writer.member("object", "chat.completion")
        writer.member("created", answer.createdUnixSeconds ?? context.nowUnixSeconds)
        writer.member("model", answer.model.isEmpty ? context.model : answer.model)
        writer.name("choices")
        writer.beginArray()
        for choice in answer.choices { write(choice) }
        writer.endArray()
        if let usage = answer.usage {
            writer.name("usage")
            OpenAICounts.write(usage, answer.usageExtras, to: &writer)
        }
        if let tier = answer.serviceTier { writer.member("service_tier", OpenAITier.word(tier)) }
        writer.members(of: answer.extras)
        writer.endObject()
        return writer.bytes
    }

    private mutating func write(_ choice: Choice) {
        let hasCalls = choice.parts.contains { $0.isOpenAICall }
        writer.beginObject()
        writer.member("index", choice.index)
        writeMessage(of: choice, hasCalls: hasCalls)
        writer.member("logprobs", choice.logprobs ?? .null)
        let hasRefused = choice.parts.contains { $0.isRefusal }
        writer.member(
            "finish_reason", OpenAIFinish.word(choice.finish, hasCalls: hasCalls, hasRefused: hasRefused))
        if let stop = choice.stop { writer.member("stop_reason", stop) }
        writer.members(of: choice.extras, but: ["message"])
        writer.endObject()
    }

    // MARK: Messages

    private mutating func writeMessage(of choice: Choice, hasCalls: Bool) {
        var (text, refusal, thoughts) = ("", "", "")
        var images: [Media] = []
        var sound: Media?
        for part in choice.parts {
            switch part.content {
            case .text(let piece): text += piece
            case .refusal(let piece): refusal += piece
            case .thinking(let thinking): thoughts += thinking.text ?? ""
            case .image(let media): images.append(media)
            case .audio(let media): sound = sound ?? media
            // Whatever else a provider may have, this dialect's answers have no place for it.
            case .document, .video, .toolCall, .toolResult, .native: break
            }
        }
        let isNothing = hasCalls || !refusal.isEmpty || sound != nil || choice.form == .null || choice.form == .absent
        writer.name("message")
        writer.beginObject()
        writer.member("role", "assistant")
        writer.member("content", text.isEmpty && isNothing && choice.form != .text ? .null : .string(text))
        writer.member("refusal", refusal.isEmpty ? .null : .string(refusal))
        if !thoughts.isEmpty { writer.member("reasoning_content", thoughts) }
        if !images.isEmpty { writer.member("images", OpenAIAnswerWriter.images(images)) }
        if let sound { writer.member("audio", OpenAIAnswerWriter.sound(sound, in: context)) }
        if hasCalls { writeCalls(of: choice) }
        writer.members(choice.extras.rest(of: "message"))
        writer.endObject()
    }

    private mutating func writeCalls(of choice: Choice) {
        writer.name("tool_calls")
        writer.beginArray()
        var count = 0
        for part in choice.parts where part.isOpenAICall {
            count += 1
            if case .toolCall(let call) = part.content {
                let id = call.id.isEmpty ? context.callID(choice: choice.index, count) : call.id
                writer.write(call, of: part, id: id, name: call.name, isSigned: !call.carriesSignature)
            } else if case .native(let value, _) = part.content {
                value.write(to: &writer)
            }
        }
        writer.endArray()
    }

    // MARK: Media

    /// As OpenRouter shows what models draw: OpenAI's chats have no images in answers.
    static func images(_ images: [Media]) -> JSONValue {
        .array(
            images.compactMap { media in
                OpenAIMedia.url(of: media).map { url in
                    .object(["type": .string("image_url"), "image_url": .object(["url": .string(url)])])
                }
            })
    }

    /// OpenAI's clients require all four members.
    static func sound(_ media: Media, in context: AnswerContext) -> JSONValue {
        var sound = JSONObject()
        for member in media.extras.members(for: .openai) { sound[member.name] = member.value }
        if case .data(let data) = media.source { sound["data"] = .string(data) }
        sound["id"] = sound["id"] ?? .string("audio_\(context.id)")
        sound["expires_at"] = sound["expires_at"] ?? .number(JSONNumber(context.nowUnixSeconds))
        sound["transcript"] = sound["transcript"] ?? .string("")
        return .object(sound)
    }
}

extension AnswerContext {
    /// The identity of a call whose provider gives none: no longer than the 40 characters that OpenAI takes back.
    func callID(choice: Int, _ number: Int) -> String {
        "call_\(String(decoding: id.utf8.filter { $0 != UInt8(ascii: "-") }.suffix(24), as: UTF8.self))_\(choice)_\(number)"
    }
}
