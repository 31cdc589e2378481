import Shared

/// Gemini's pieces of an answer, each an answer by itself.
struct GeminiCallerStream: CallerStream {
    private var answer = JSONObject()
    private var candidates: [Int: JSONObject] = [:]
    private var parts: [Int: [JSONValue]] = [:]

    mutating func feed(_ name: String, _ chunk: JSONValue) throws {
        guard name.isEmpty, let members = chunk.object?.members else { throw StreamFault("no piece: \(chunk)") }
        for member in members where member.name != "candidates" {
            if ["modelVersion", "responseId"].contains(member.name), let known = answer[member.name],
                known != member.value
            {
                throw StreamFault("\(member.name) changed")
            }
            answer[member.name] = member.value
        }
        for candidate in chunk["candidates"]?.array ?? [] {
            let index = candidate["index"]?.number?.integer(as: Int.self) ?? 0
            var known = candidates[index] ?? JSONObject()
            guard known["finishReason"] == nil else { throw StreamFault("candidate \(index) goes on after its end") }
            for member in candidate.object?.members ?? [] where member.name != "content" {
                guard member.name == "logprobsResult" else {
                    known[member.name] = member.value
                    continue
                }
                // Of the tokens of this piece.
                var result = known["logprobsResult"]?.object ?? JSONObject()
                for list in member.value.object?.members ?? [] {
                    result.extend(list.name, with: list.value.array ?? [])
                }
                known["logprobsResult"] = .object(result)
            }
            candidates[index] = known
            parts[index, default: []] += candidate["content"]?["parts"]?.array ?? []
        }
    }

    mutating func feedEnd() throws { throw StreamFault("a mark of another dialect") }

    func whole() throws -> JSONValue {
        guard !answer.members.isEmpty else { throw StreamFault("nothing at all") }
        var whole = answer
        whole["candidates"] = .array(
            try candidates.keys.sorted().map { index in
                var candidate = candidates[index] ?? JSONObject()
                guard candidate["finishReason"] != nil else { throw StreamFault("candidate \(index) has no end") }
                var content = JSONObject()
                content["parts"] = .array(parts[index] ?? [])
                content["role"] = .string("model")
                candidate["content"] = .object(content)
                return .object(candidate)
            })
        return .object(whole)
    }

    /// Texts that follow each other are one.
    static func comparable(_ answer: JSONValue) -> JSONValue? {
        var object = answer.object ?? JSONObject()
        object.amend("usageMetadata") { $0.remove("promptTokensDetails", "cacheTokensDetails") }
        object.amendEach("candidates") { candidate in
            candidate.remove("avgLogprobs", "safetyRatings", "groundingMetadata")
            candidate.amend("content") { content in
                content["parts"] = .array(joined(content["parts"]?.array ?? []))
                if content["parts"] == .array([]) { content.remove("role") }
            }
        }
        return JSONValue.object(object).essence
    }

    private static func joined(_ parts: [JSONValue]) -> [JSONValue] {
        var joined: [JSONValue] = []
        for part in parts {
            guard let text = part["text"]?.string else {
                joined.append(part)
                continue
            }
            if text.isEmpty, part["thoughtSignature"] == nil { continue }
            if var last = joined.last?.object, last["text"] != nil, last["thought"] == part["thought"],
                last["thoughtSignature"] == nil
            {
                last.extend("text", with: text)
                last["thoughtSignature"] = part["thoughtSignature"]
                joined[joined.count - 1] = .object(last)
            } else {
                joined.append(part)
            }
        }
        return joined
    }
}
