import Shared
import Translate

/// A request in the one form that stands for all ways in which a dialect may spell the same: what may change on the way through Weir's own
/// form without a loss.
enum OwnDialect {
    static func normalForm(_ body: JSONValue, of dialect: Dialect) -> JSONValue? {
        var object = body.object ?? JSONObject()
        object.remove("model")
        switch dialect {
        case .openai: normalizeOpenAI(&object)
        case .responses: break
        case .anthropic: normalizeAnthropic(&object)
        case .gemini, .bedrock: normalizeGemini(&object)
        }
        return JSONValue.object(object).essence
    }

    /// The bound has two names.
    private static func normalizeOpenAI(_ body: inout JSONObject) {
        if let bound = body["max_tokens"] {
            body["max_completion_tokens"] = bound
            body.remove("max_tokens")
        }
    }

    /// Turns of one role are one, and a text by itself is a list of one.
    private static func normalizeAnthropic(_ body: inout JSONObject) {
        var turns: [JSONValue] = []
        for turn in body["messages"]?.array ?? [] {
            guard var turn = turn.object else { continue }
            if let text = turn["content"]?.string { turn["content"] = .array([textBlock(text)]) }
            turns = joined(turns, turn, "content")
        }
        body["messages"] = .array(turns)
        if let text = body["system"]?.string { body["system"] = .array([textBlock(text)]) }
    }

    private static func textBlock(_ text: String) -> JSONValue {
        var block = JSONObject()
        block["type"] = .string("text")
        block["text"] = .string(text)
        return .object(block)
    }

    /// Turns of one role are one; instructions have none. A schema is said in Google's words or in those of JSON schemas, which say whether
    /// members beside the known ones are allowed.
    private static func normalizeGemini(_ body: inout JSONObject) {
        var turns: [JSONValue] = []
        for turn in body["contents"]?.array ?? [] {
            guard let turn = turn.object else { continue }
            turns = joined(turns, turn, "parts")
        }
        body["contents"] = .array(turns)
        body["contents"] = body["contents"].map(withoutStandIns)
        body.amend("systemInstruction") { $0.remove("role") }
        body.amend("generationConfig") { $0["responseJsonSchema"] = $0["responseJsonSchema"].map(plain) }
        body.amendEach("tools") { tools in
            tools.amendEach("functionDeclarations") { tool in
                if let schema = tool["parametersJsonSchema"] ?? tool["parameters"] {
                    tool["parameters"] = plain(schema)
                }
                tool.remove("parametersJsonSchema")
            }
        }
    }

    /// What stands in for a signature that the caller did not give.
    private static func withoutStandIns(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map(withoutStandIns))
        case .object(let object):
            var kept = JSONObject()
            for member in object.members where member.value != .string("skip_thought_signature_validator") {
                kept[member.name] = withoutStandIns(member.value)
            }
            return .object(kept)
        default: return value
        }
    }

    private static func plain(_ schema: JSONValue) -> JSONValue {
        switch schema {
        case .array(let elements): return .array(elements.map(plain))
        case .object(let object):
            var plainObject = JSONObject()
            for member in object.members {
                switch (member.name, member.value) {
                case ("$schema", _), ("additionalProperties", .boolean(false)): break
                case ("type", .string(let type)): plainObject["type"] = .string(type.lowercased())
                case ("const", let value): plainObject["enum"] = .array([value])
                default: plainObject[member.name] = plain(member.value)
                }
            }
            return .object(plainObject)
        default: return schema
        }
    }

    private static func joined(_ turns: [JSONValue], _ turn: JSONObject, _ content: String) -> [JSONValue] {
        guard var last = turns.last?.object, last["role"] == turn["role"] else { return turns + [.object(turn)] }
        last.extend(content, with: turn[content]?.array ?? [])
        return turns.dropLast() + [.object(last)]
    }
}
