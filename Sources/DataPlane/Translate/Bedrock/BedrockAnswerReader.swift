import Shared

/// Reads a whole answer.
///
/// - Shape: lenient: what is not as it should be is left out or kept as it stands. Bedrock names neither the answer nor its model.
/// - Errors: `malformed`, where there is no message at all.
enum BedrockAnswerReader {
    static func answer(from body: JSONValue) throws(TranslationError) -> Answer {
        guard let body = body.object, let message = body["output"]?["message"]?.object else {
            throw .malformed("an answer of Converse without output.message")
        }
        var answer = Answer()
        var choice = Choice(parts: BedrockBlockReader.lenientParts(message["content"]?.array ?? []))
        for member in message.members where member.name != "role" && member.name != "content" {
            choice.extras.add(member.name, member.value, of: .bedrock)
        }
        for member in body.members {
            switch member.name {
            case "output", "usage": break
            case "stopReason": choice.finish = finish(member.value, choice, &answer)
            case "serviceTier" where member.value["type"]?.string != nil:
                answer.serviceTier = member.value["type"]?.string
            default: answer.extras.add(member.name, member.value, of: .bedrock)
            }
        }
        choice.stop = choice.finish == .stopSequence ? stop(in: body["additionalModelResponseFields"]) : nil
        answer.choices = [choice]
        answer.usage = BedrockUsage.usage(body["usage"], tier: answer.serviceTier, extras: &answer.usageExtras)
        return answer
    }

    private static func finish(_ value: JSONValue, _ choice: Choice, _ answer: inout Answer) -> FinishReason? {
        guard let word = value.string else { return nil }
        if FinishReason.isFinerInBedrock(word) { answer.extras.add("stopReason", value, of: .bedrock) }
        return FinishReason(bedrock: word, hasToolCalls: choice.parts.contains(where: \.isCallerToolCall))
    }

    /// Which of the caller's stops it was, where the model's own answer was asked for that.
    static func stop(in fields: JSONValue?) -> String? {
        fields?["stop_sequence"]?.string ?? fields?["/stop_sequence"]?.string
    }
}

extension Part {
    /// A call that the caller has to answer.
    fileprivate var isCallerToolCall: Bool { if case .toolCall = content { true } else { false } }
}
