import Foundation
import TestSupport

/// How a caller asks in each of the dialects, without a client: the same request in all of them.
enum DialectSpeech: String, CaseIterable {
    case openai, anthropic, gemini, bedrock, responses

    /// What is asked.
    struct Question {
        var model = "model"
        var text = "hello"
        var system: String?
        var outputTokensMax: Int? = 40
        var isStream = false
        /// Tools by name, each with a `place` to be given.
        var tools: [String] = []
        var thinks = false
        /// What was said after `text`, in the words of the dialect.
        var more: [[String: Any]] = []
        /// Members beside the usual ones.
        var extra: [String: Any] = [:]
    }

    // MARK: Where

    func path(_ model: String, isStream: Bool) -> String {
        // A model's name may have anything in it, a fault too.
        let name = model.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? model
        return switch self {
        case .openai: "/v1/chat/completions"
        case .anthropic: "/v1/messages"
        case .gemini: "/v1beta/models/\(name):" + (isStream ? "streamGenerateContent?alt=sse" : "generateContent")
        case .bedrock: "/model/\(name)/converse" + (isStream ? "-stream" : "")
        case .responses: "/v1/responses"
        }
    }

    func headers(key: String) -> [(String, String)] {
        let credential: [(String, String)] =
            switch self {
            case .openai, .bedrock, .responses: [("authorization", "Bearer \(key)")]
            case .anthropic: [("x-api-key", key), ("anthropic-version", "2023-06-01")]
            case .gemini: [("x-goog-api-key", key)]
            }
        return credential + [("content-type", "application/json")]
    }

    func send(
        _ question: Question, as key: String, to caller: HTTPCaller, headers: [(String, String)] = []
    ) throws -> HTTPAnswer {
        let body = try JSONSerialization.data(withJSONObject: body(question), options: [.sortedKeys])
        return try caller.send(
            "POST", path(question.model, isStream: question.isStream), headers: self.headers(key: key) + headers,
            body: Array(body))
    }

    // MARK: What

    func body(_ question: Question) -> [String: Any] {
        var body: [String: Any] =
            switch self {
            case .openai: openAI(question)
            case .anthropic: anthropic(question)
            case .gemini: gemini(question)
            case .bedrock: bedrock(question)
            case .responses: responses(question)
            }
        body.merge(question.extra) { $1 }
        return body
    }

    private static var schema: [String: Any] {
        ["type": "object", "properties": ["place": ["type": "string"]], "required": ["place"]]
    }

    private func openAI(_ question: Question) -> [String: Any] {
        var messages: [[String: Any]] = question.system.map { [["role": "system", "content": $0]] } ?? []
        messages.append(["role": "user", "content": question.text])
        var body: [String: Any] = ["model": question.model, "messages": messages + question.more]
        if let most = question.outputTokensMax { body["max_completion_tokens"] = most }
        if question.isStream {
            body["stream"] = true
            body["stream_options"] = ["include_usage": true]
        }
        if !question.tools.isEmpty {
            body["tools"] = question.tools.map { name -> [String: Any] in
                ["type": "function", "function": ["name": name, "parameters": Self.schema]]
            }
        }
        return body
    }

    private func anthropic(_ question: Question) -> [String: Any] {
        let first: [String: Any] = ["role": "user", "content": question.text]
        var body: [String: Any] = ["model": question.model, "messages": [first] + question.more]
        body["max_tokens"] = question.thinks ? 2_048 : question.outputTokensMax ?? 4_096
        if let system = question.system { body["system"] = system }
        if question.isStream { body["stream"] = true }
        if question.thinks { body["thinking"] = ["type": "enabled", "budget_tokens": 1_024] }
        if !question.tools.isEmpty {
            body["tools"] = question.tools.map { ["name": $0, "input_schema": Self.schema] as [String: Any] }
        }
        return body
    }

    private func gemini(_ question: Question) -> [String: Any] {
        let first: [String: Any] = ["role": "user", "parts": [["text": question.text]]]
        var body: [String: Any] = ["contents": [first] + question.more]
        var generation: [String: Any] = [:]
        if let most = question.outputTokensMax { generation["maxOutputTokens"] = most }
        if question.thinks { generation["thinkingConfig"] = ["includeThoughts": true] }
        if !generation.isEmpty { body["generationConfig"] = generation }
        if let system = question.system { body["systemInstruction"] = ["parts": [["text": system]]] }
        if !question.tools.isEmpty {
            body["tools"] = [
                [
                    "functionDeclarations": question.tools.map { name -> [String: Any] in
                        [
                            "name": name,
                            "parameters": ["type": "OBJECT", "properties": ["place": ["type": "STRING"]]],
                        ]
                    }
                ]
            ]
        }
        return body
    }

    private func bedrock(_ question: Question) -> [String: Any] {
        let first: [String: Any] = ["role": "user", "content": [["text": question.text]]]
        var body: [String: Any] = ["messages": [first] + question.more]
        if let most = question.outputTokensMax {
            body["inferenceConfig"] = ["maxTokens": question.thinks ? 2_048 : most]
        }
        if let system = question.system { body["system"] = [["text": system]] }
        if question.thinks {
            body["additionalModelRequestFields"] = ["thinking": ["type": "enabled", "budget_tokens": 1_024]]
        }
        if !question.tools.isEmpty {
            body["toolConfig"] = [
                "tools": question.tools.map { name -> [String: Any] in
                    ["toolSpec": ["name": name, "inputSchema": ["json": Self.schema]]]
                }
            ]
        }
        return body
    }

    private func responses(_ question: Question) -> [String: Any] {
        let first: [String: Any] = ["role": "user", "content": question.text]
        var body: [String: Any] = ["model": question.model, "input": [first] + question.more]
        if let most = question.outputTokensMax { body["max_output_tokens"] = most }
        if let system = question.system { body["instructions"] = system }
        if question.isStream { body["stream"] = true }
        if question.thinks {
            body["reasoning"] = ["effort": "low", "summary": "auto"]
            body["include"] = ["reasoning.encrypted_content"]
        }
        if !question.tools.isEmpty {
            body["tools"] = question.tools.map { ["type": "function", "name": $0, "parameters": Self.schema] }
        }
        return body
    }

    // MARK: Sending results back

    /// The answer as a turn of the conversation, and the turns with the results of its calls.
    func results(_ answer: DialectAnswer, texts: [String]) -> [[String: Any]] {
        let pairs = Array(zip(answer.calls, texts))
        switch self {
        case .openai:
            return [answer.turn] + pairs.map { ["role": "tool", "tool_call_id": $0.id, "content": $1] }
        case .anthropic:
            return [
                answer.turn,
                [
                    "role": "user",
                    "content": pairs.map { ["type": "tool_result", "tool_use_id": $0.id, "content": $1] },
                ],
            ]
        case .gemini:
            return [
                answer.turn,
                [
                    "role": "user",
                    "parts": pairs.map { call, text -> [String: Any] in
                        ["functionResponse": ["name": call.name, "response": ["result": text]]]
                    },
                ],
            ]
        case .bedrock:
            return [
                answer.turn,
                [
                    "role": "user",
                    "content": pairs.map { call, text -> [String: Any] in
                        ["toolResult": ["toolUseId": call.id, "content": [["text": text]]]]
                    },
                ],
            ]
        case .responses:
            return answer.items
                + pairs.map { ["type": "function_call_output", "call_id": $0.id, "output": $1] }
        }
    }
}
