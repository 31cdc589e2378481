public import Shared

/// Members of a request that its answer repeats.
extension OpenAIResponses {
    /// What the answer to `request` repeats of it, with the API's own values in place of what it does not say.
    ///
    /// - Shape: no more than the request holds, and a handful of constants.
    public static func echo(of request: JSONValue) -> [JSONObject.Member] {
        usual.map { name, value in
            let given = request[name] ?? .null
            return .init(name: name, value: given == .null ? value : given)
        }
    }

    private static let usual: [(String, JSONValue)] = [
        ("instructions", .null), ("max_output_tokens", .null), ("metadata", .object(JSONObject())),
        ("parallel_tool_calls", .boolean(true)), ("previous_response_id", .null), ("temperature", .null),
        ("tool_choice", .string("auto")), ("tools", .array([])), ("top_p", .null), ("truncation", .string("disabled")),
    ]
}
