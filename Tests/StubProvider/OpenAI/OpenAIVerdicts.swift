import Shared

/// What models say about texts without words of their own: OpenAI's moderations, and rankings as Jina and Cohere have them.
///
/// - Source: OpenAI API reference, "Create moderation"; Jina and Cohere, "Rerank".
enum OpenAIVerdicts {
    private static let categories = ["harassment", "hate", "illicit", "self-harm", "sexual", "violence"]

    static func moderations(_ answer: ProviderAnswer) -> [UInt8] {
        let results: [JSONValue] = answer.request.inputs.map { fingerprint in
            var verdicts = JSONObject()
            var scores = JSONObject()
            for (place, category) in categories.enumerated() {
                let score = Int(truncatingIfNeeded: fingerprint >> UInt64(place * 8)) & 0xff
                verdicts[category] = .boolean(score > 0xf0)
                scores[category] = .count(score)
            }
            return [
                "flagged": .boolean(verdicts.members.contains { $0.value == .boolean(true) }),
                "categories": .object(verdicts), "category_scores": .object(scores),
            ]
        }
        let body: JSONValue = [
            "id": .string("modr-" + answer.digits(24)), "model": .string(answer.model), "results": .array(results),
        ]
        return body.bytes(.indented)
    }

    /// Models whose names begin with `rerank` are Cohere's, which bills searches.
    static func ranking(_ answer: ProviderAnswer) -> [UInt8] {
        let ranked = answer.request.inputs.enumerated().sorted { $0.element > $1.element }
        let results: [JSONValue] = ranked.map { index, fingerprint in
            ["index": .count(index), "relevance_score": .count(Int(fingerprint >> 56))]
        }
        let body: JSONValue = [
            "id": .string("rank-" + answer.digits(24)), "model": .string(answer.model), "results": .array(results),
        ]
        guard answer.showsUsage else { return body.bytes }
        if isBilledBySearches(answer.model) {
            let searches = (answer.request.inputs.count + 99) / 100
            return body.adding("meta", ["billed_units": ["search_units": .count(searches)]]).bytes
        }
        return body.adding("usage", ["total_tokens": .count(answer.usage.prompt)]).bytes
    }

    static func isBilledBySearches(_ model: String) -> Bool { model.hasPrefix("rerank") }
}

extension ProviderRequest {
    /// Nothing is billed for it.
    ///
    /// - Errors: the provider's 400.
    init(moderation body: [UInt8], seed: UInt64) throws(ProviderError) {
        let object = try Self.object(body)
        self.init(model: try Self.model(object))
        switch object["input"] {
        case .string(let text): add(input: text, seed: seed)
        case .array(let items) where !items.isEmpty:
            for item in items {
                switch item["type"]?.string ?? (item.string == nil ? nil : "text") {
                case "text"?: add(input: item.string ?? item["text"]?.string ?? "", seed: seed)
                case "image_url"?: add(input: item["image_url"]?["url"]?.string ?? "", seed: seed)
                default: throw .invalid("Invalid type for 'input'.", param: "input")
                }
            }
        default: throw .invalid("Invalid 'input': want a text or a list that is not empty.", param: "input")
        }
        promptTokens = 0
    }

    /// - Errors: the provider's 400.
    init(rerank body: [UInt8], seed: UInt64) throws(ProviderError) {
        let object = try Self.object(body)
        self.init(model: try Self.model(object))
        guard let query = object["query"]?.string, let documents = object["documents"]?.array, !documents.isEmpty else {
            throw .invalid("'query' must be a text and 'documents' a list that is not empty.", param: "documents")
        }
        for document in documents {
            guard let text = document.string ?? document["text"]?.string else {
                throw .invalid("A document must be a text.", param: "documents")
            }
            add(input: text, seed: seed)
            // Read together with each of them.
            promptTokens += Tokens.text(query)
        }
        if OpenAIVerdicts.isBilledBySearches(Fault.split(model: model).model) { promptTokens = 0 }
    }
}
