import Shared

/// What OpenAI's own server refuses and most of its copies let pass: checked with `--strict`.
///
/// - Source: OpenAI API reference, "Create chat completion"; the messages of its errors.
enum OpenAIStrictness {
    private static let members: Set<String> = [
        "model", "messages", "audio", "frequency_penalty", "function_call", "functions", "logit_bias", "logprobs",
        "max_completion_tokens", "max_tokens", "metadata", "modalities", "n", "parallel_tool_calls", "prediction",
        "presence_penalty", "prompt_cache_key", "prompt_cache_retention", "reasoning_effort", "response_format",
        "safety_identifier", "seed", "service_tier", "stop", "store", "stream", "stream_options", "temperature",
        "tool_choice", "tools", "top_logprobs", "top_p", "user", "verbosity", "web_search_options",
    ]
    private static let messageMembers: [String: Set<String>] = [
        "system": ["content", "name"], "developer": ["content", "name"], "user": ["content", "name"],
        "assistant": ["content", "name", "refusal", "audio", "tool_calls", "function_call", "annotations"],
        "tool": ["content", "tool_call_id"],
    ]

    static func check(_ body: JSONValue, _ messages: [JSONValue]) throws(ProviderError) {
        for member in body.object?.members ?? [] where !members.contains(member.name) {
            throw .invalid("Unrecognized request argument supplied: \(member.name)", param: member.name)
        }
        if body["max_tokens"] != nil, body["max_completion_tokens"] != nil {
            throw .invalid("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.")
        }
        for (name, range) in [
            ("temperature", 0...2), ("top_p", 0...1), ("frequency_penalty", -2...2), ("presence_penalty", -2...2),
        ] as [(String, ClosedRange<Double>)] {
            guard let value = body[name], value != .null else { continue }
            guard let number = value.number?.double, range.contains(number) else {
                throw .invalid(
                    "Invalid '\(name)': expected a number between \(range.lowerBound) and \(range.upperBound).",
                    param: name)
            }
        }
        if let stops = body["stop"]?.array, !(1...4).contains(stops.count) {
            throw .invalid("Invalid 'stop': expected an array of 1 to 4 strings.", param: "stop")
        }
        if body["stream_options"]?.object != nil, body["stream"]?.boolean != true {
            throw .invalid(
                "The 'stream_options' parameter is only allowed when 'stream' is enabled.", param: "stream_options")
        }
        try check(tools: body)
        try check(messages: messages)
    }

    private static func check(tools body: JSONValue) throws(ProviderError) {
        guard let tools = body["tools"]?.array else {
            if body["tool_choice"] != nil {
                throw .invalid("'tool_choice' is only allowed when 'tools' are specified.", param: "tool_choice")
            }
            return
        }
        guard !tools.isEmpty else { throw .invalid("Invalid 'tools': empty array.", param: "tools") }
        for (index, tool) in tools.enumerated() {
            for member in tool.object?.members ?? [] where !["type", "function"].contains(member.name) {
                throw .invalid("Unknown parameter: 'tools[\(index)].\(member.name)'.", param: "tools[\(index)]")
            }
            let name = tool["function"]?["name"]?.string ?? ""
            guard name.isName(of: \.isInToolName, countMax: 64) else {
                throw .invalid(
                    "Invalid 'tools[\(index)].function.name': string does not match pattern '^[a-zA-Z0-9_-]+$', or is longer than 64.",
                    param: "tools[\(index)].function.name")
            }
        }
    }

    private static func check(messages: [JSONValue]) throws(ProviderError) {
        var open: [String] = []
        for (index, message) in messages.enumerated() {
            let path = "messages.[\(index)]"
            let role = message["role"]?.string ?? ""
            guard let allowed = messageMembers[role] else {
                throw .invalid(
                    "Invalid value: '\(role)'. Supported values are: 'system', 'assistant', 'user', 'tool', and 'developer'.",
                    param: "\(path).role")
            }
            for member in message.object?.members ?? [] where member.name != "role" && !allowed.contains(member.name) {
                throw .invalid("Unknown parameter: '\(path).\(member.name)'.", param: "\(path).\(member.name)")
            }
            if role == "tool" {
                let id = message["tool_call_id"]?.string ?? ""
                guard let place = open.firstIndex(of: id) else {
                    throw .invalid(
                        "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
                        param: "\(path).role")
                }
                open.remove(at: place)
                continue
            }
            guard open.isEmpty else { throw unanswered(open) }
            let calls = message["tool_calls"]?.array
            if let calls, calls.isEmpty {
                throw .invalid("Invalid '\(path).tool_calls': empty array.", param: "\(path).tool_calls")
            }
            for call in calls ?? [] {
                guard let id = call["id"]?.string, call["function"]?["name"]?.string != nil,
                    call["function"]?["arguments"]?.string != nil
                else {
                    throw .invalid("Missing required parameter in '\(path).tool_calls'.", param: "\(path).tool_calls")
                }
                open.append(id)
            }
            try check(content: message, calls: calls, at: path)
        }
        guard open.isEmpty else { throw unanswered(open) }
    }

    private static func check(content message: JSONValue, calls: [JSONValue]?, at path: String) throws(ProviderError) {
        switch message["content"] {
        case .string: break
        case .array(let parts):
            let types = ["text", "image_url", "input_audio", "file", "refusal"]
            for (index, part) in parts.enumerated() where !types.contains(part["type"]?.string ?? "") {
                throw .invalid(
                    "Invalid value: '\(part["type"]?.string ?? "")'.", param: "\(path).content[\(index)].type")
            }
            for (index, part) in parts.enumerated() where part["cache_control"] != nil {
                throw .invalid("Unknown parameter: '\(path).content[\(index)].cache_control'.", param: path)
            }
        case nil, .null:
            guard calls != nil || message["function_call"] != nil || message["refusal"] != nil else {
                throw .invalid(
                    "Invalid value for 'content': expected a string, got null.", param: "\(path).content")
            }
        default: throw .invalid("Invalid type for '\(path).content'.", param: "\(path).content")
        }
    }

    private static func unanswered(_ ids: [String]) -> ProviderError {
        .invalid(
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: \(ids.joined(separator: ", "))",
            param: "messages")
    }
}
