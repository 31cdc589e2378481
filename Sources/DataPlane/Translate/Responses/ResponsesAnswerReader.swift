import Shared

/// Reads providers' whole answers.
///
/// - Shape: lenient: an item that is not as it should be is kept as it is. There is one choice; its parts stand in the order of the items.
/// - Errors: `malformed`, where there is no output, or the response says that it failed.
/// - Source: OpenAI, "The response object".
enum ResponsesAnswerReader {
    static func answer(from body: JSONValue) throws(TranslationError) -> Answer {
        guard let object = body.object else { throw .malformed("the answer is no object") }
        var fields = MemberReader(object, at: .body)
        let failure = fields.value("error").map { ResponsesErrors.error($0).message }
        let status = fields.value("status")?.string
        guard let items = fields.value("output")?.array, status != "failed" else {
            throw .malformed(failure ?? "the answer has no output")
        }
        var answer = Answer()
        answer.id = fields.value("id")?.string ?? ""
        answer.model = fields.value("model")?.string ?? ""
        answer.createdUnixSeconds = OpenAIAnswerReader.seconds(fields.value("created_at"))
        answer.serviceTier = fields.value("service_tier")?.string
        let usage = fields.value("usage")
        answer.usage = ResponsesUsage.usage(usage, tier: answer.serviceTier)
        answer.usageExtras = ResponsesUsage.extras(usage)
        let reason = fields.value("incomplete_details")?["reason"]?.string
        answer.choices = [choice(items, status: status, incompleteReason: reason)]
        _ = fields.take("object")
        answer.extras = fields.leftovers(of: .responses)
        return answer
    }

    private static func choice(_ items: [JSONValue], status: String?, incompleteReason: String?) -> Choice {
        var choice = Choice()
        var logprobs: [JSONValue] = []
        for item in items {
            let parts = (try? self.parts(of: item)) ?? [Part(.native(item, of: .responses))]
            for part in parts { logprobs += part.extras["logprobs"]?.array ?? [] }
            choice.parts += parts
        }
        if !logprobs.isEmpty {
            choice.logprobs = .object(["content": .array(logprobs), "refusal": .null])
        }
        choice.finish = ResponsesFinish.reason(
            status: status, incompleteReason: incompleteReason,
            hasCalls: choice.parts.contains { $0.isResponsesCall }, hasRefused: choice.parts.contains { $0.isRefusal })
        return choice
    }

    /// What one item of an answer says.
    static func parts(of item: JSONValue) throws(TranslationError) -> [Part] {
        var fields = try MemberReader(item, at: .body)
        switch try fields.string("type") {
        case "message": return try ResponsesItems.message(&fields)
        case "function_call": return [try ResponsesItems.call(&fields)]
        case "reasoning": return [try ResponsesItems.reasoning(&fields)]
        default: return [Part(.native(item, of: .responses))]
        }
    }
}

extension Part {
    /// Whether it is a call of a tool that the caller has to run.
    var isResponsesCall: Bool {
        switch content {
        case .toolCall: true
        case .native(let value, of: .responses): value["type"] == .string("custom_tool_call")
        default: false
        }
    }
}

/// Why a model stopped, in this dialect's words.
enum ResponsesFinish {
    /// - Parameter status: of the response; nil where a server gives none.
    static func reason(
        status: String?, incompleteReason: String?, hasCalls: Bool, hasRefused: Bool
    ) -> FinishReason {
        switch (status, incompleteReason) {
        case ("incomplete"?, "max_output_tokens"?), ("incomplete"?, nil): .length
        case ("incomplete"?, "content_filter"?): .contentFilter
        case ("incomplete"?, let reason?): .other(reason)
        default: hasCalls ? .toolCalls : hasRefused ? .refusal : .stop
        }
    }

    /// Callers' clients know these reasons. What was cut for a reason that none of them says is not said to be complete.
    static func ending(
        _ reason: FinishReason?, hasRefused: Bool
    ) -> (status: ResponsesObject.Status, incompleteReason: String?) {
        switch reason {
        case nil, .stop, .stopSequence, .toolCalls: (.completed, nil)
        case .refusal where hasRefused: (.completed, nil)
        case .refusal, .contentFilter: (.incomplete, "content_filter")
        case .other(let word) where word == "max_messages" || word == "steered": (.incomplete, word)
        case .length, .pause, .other: (.incomplete, "max_output_tokens")
        }
    }
}

/// How likely tokens were: as in OpenAI's chats, but that nothing is null.
enum ResponsesLogprobs {
    /// - Parameter chat: `{"content": [...]}`.
    static func list(_ chat: JSONValue?) -> [JSONValue] {
        (chat?["content"]?.array ?? []).map { token($0, isTop: false) }
    }

    private static func token(_ value: JSONValue, isTop: Bool) -> JSONValue {
        guard var object = value.object else { return value }
        if object["bytes"] == nil || object["bytes"] == .null { object["bytes"] = .array([]) }
        if !isTop {
            object["top_logprobs"] = .array((object["top_logprobs"]?.array ?? []).map { token($0, isTop: true) })
        }
        return .object(object)
    }
}
