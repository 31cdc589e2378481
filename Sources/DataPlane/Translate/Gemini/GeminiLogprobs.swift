import Shared

/// How likely each token was: Gemini's `logprobsResult`, and the shape that the form has from OpenAI.
///
/// - Source: Google, `LogprobsResult`; OpenAI, `choices[].logprobs`.
enum GeminiLogprobs {
    /// nil where there is nothing to read.
    static func form(_ result: JSONValue) -> JSONValue? {
        guard let chosen = result["chosenCandidates"]?.array else { return nil }
        let tops = result["topCandidates"]?.array ?? []
        var content: [JSONValue] = []
        for (index, value) in chosen.enumerated() {
            guard var token = token(value) else { continue }
            let top = index < tops.count ? tops[index]["candidates"]?.array ?? [] : []
            token["top_logprobs"] = .array(top.compactMap { Self.token($0).map { .object($0) } })
            content.append(.object(token))
        }
        return .object(["content": .array(content), "refusal": .null])
    }

    private static func token(_ value: JSONValue) -> JSONObject? {
        guard let text = value["token"]?.string else { return nil }
        return [
            "token": .string(text), "logprob": value["logProbability"] ?? .number(JSONNumber(0)),
            "bytes": .array(text.utf8.map { .number(JSONNumber($0)) }),
        ]
    }

    /// nil where there is nothing to write.
    static func result(_ form: JSONValue) -> JSONValue? {
        guard let content = form["content"]?.array, !content.isEmpty else { return nil }
        let tops = content.map { value in
            JSONValue.object(["candidates": .array((value["top_logprobs"]?.array ?? []).map(candidate))])
        }
        return .object(["topCandidates": .array(tops), "chosenCandidates": .array(content.map(candidate))])
    }

    private static func candidate(_ value: JSONValue) -> JSONValue {
        var out = JSONObject()
        out["token"] = value["token"]
        out["logProbability"] = value["logprob"]
        return .object(out)
    }
}
