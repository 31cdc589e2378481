public import Shared

/// Members of a request that its answer repeats.
extension OpenAIResponses {
    /// What the answer to `request` repeats of it, with the API's own values in place of what it does not say.
    ///
    /// - Shape: no more than the request holds, and two dozen constants. That an answer is not stored is said whatever was asked for: Weir
    ///   keeps none, and providers of other dialects neither.
    /// - Source: OpenAI, "The response object".
    public static func echo(of request: JSONValue) -> [JSONObject.Member] {
        usual.map { name, value in
            let given = request[name] ?? .null
            switch name {
            case "store": return .init(name: name, value: value)
            case "text", "reasoning": return .init(name: name, value: filled(given, with: value))
            default: return .init(name: name, value: given == .null ? value : given)
            }
        }
    }

    private static func filled(_ given: JSONValue, with usual: JSONValue) -> JSONValue {
        guard var object = given.object else { return usual }
        for member in usual.object?.members ?? [] where object[member.name] == nil {
            object[member.name] = member.value
        }
        return .object(object)
    }

    private static let usual: [(String, JSONValue)] = [
        ("background", .boolean(false)), ("instructions", .null), ("max_output_tokens", .null),
        ("max_tool_calls", .null), ("metadata", .object(JSONObject())), ("parallel_tool_calls", .boolean(true)),
        ("previous_response_id", .null), ("prompt_cache_key", .null),
        ("reasoning", .object(["effort": .null, "summary": .null])), ("safety_identifier", .null),
        ("store", .boolean(false)), ("temperature", .number(JSONNumber(1))),
        ("text", .object(["format": .object(["type": .string("text")]), "verbosity": .string("medium")])),
        ("tool_choice", .string("auto")), ("tools", .array([])), ("top_logprobs", .number(JSONNumber(0))),
        ("top_p", .number(JSONNumber(1))), ("truncation", .string("disabled")), ("user", .null),
    ]
}
