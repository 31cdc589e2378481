import Shared

/// Writes a whole `GenerateContentResponse` for a caller.
enum GeminiAnswerWriter {
    static func body(of answer: Answer, in context: AnswerContext) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        let extras = answer.extras.members(for: .gemini)
        // A prompt that was refused has no candidates.
        let isBlocked = extras.contains { $0.name == "promptFeedback" && $0.value["blockReason"] != nil }
        let choices = answer.choices.filter { !(isBlocked && $0.parts.isEmpty && $0.finish == .contentFilter) }
        if !choices.isEmpty {
            writer.name("candidates")
            writer.beginArray()
            for choice in choices { write(choice, to: &writer) }
            writer.endArray()
        }
        for member in extras { GeminiPartWriter.write(member, to: &writer) }
        if let usage = answer.usage {
            writer.name("usageMetadata")
            GeminiUsageMetadata.write(usage, extras: answer.usageExtras, to: &writer)
        }
        writer.member("modelVersion", answer.model.isEmpty ? context.model : answer.model)
        writer.member("responseId", answer.id.isEmpty ? context.id : answer.id)
        writer.endObject()
        return writer.bytes
    }

    private static func write(_ choice: Choice, to writer: inout JSONWriter) {
        let extras = choice.extras.members(for: .gemini)
        writer.beginObject()
        if !choice.parts.isEmpty || choice.form != .absent {
            writer.name("content")
            writer.beginObject()
            writeParts(choice.parts, to: &writer)
            writer.member("role", "model")
            writer.endObject()
        }
        if let finish = choice.finish, !extras.contains(where: { $0.name == "finishReason" }) {
            writer.member("finishReason", GeminiFinish.word(finish))
        }
        writer.member("index", choice.index)
        if let logprobs = choice.logprobs, !extras.contains(where: { $0.name == "logprobsResult" }),
            let result = GeminiLogprobs.result(logprobs)
        {
            writer.name("logprobsResult")
            result.write(to: &writer)
        }
        for member in extras { GeminiPartWriter.write(member, to: &writer) }
        writer.endObject()
    }

    private static func writeParts(_ parts: [Part], to writer: inout JSONWriter) {
        // An answer that has none says no more than who would have spoken.
        guard !parts.isEmpty else { return }
        writer.name("parts")
        writer.beginArray()
        for (index, part) in parts.enumerated() where !GeminiPartWriter.isAttached(index, in: parts) {
            if case .toolCall(let call) = part.content {
                write(call, extras: part.extras.members(for: .gemini), to: &writer)
            } else if GeminiPartWriter.canWrite(part) {
                GeminiPartWriter.write(part, followedBy: parts.dropFirst(index + 1).first, to: &writer)
            }
        }
        writer.endArray()
    }

    /// A call with the identity that its provider gave it, which the caller gives back; an identity that was made up on the way is none.
    static func write(_ call: ToolCall, extras: [JSONObject.Member] = [], to writer: inout JSONWriter) {
        let (id, carried) = SignedCallID.split(call.id)
        let isGiven = !id.isEmpty && !GeminiCallIDs.isMade(id)
        GeminiPartWriter.write(
            call, id: isGiven ? id : nil, name: call.name, signature: call.signature ?? carried, extras: extras,
            to: &writer)
    }
}
