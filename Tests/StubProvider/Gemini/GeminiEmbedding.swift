import Shared

/// Gemini's embeddings.
///
/// - Source: Gemini API reference, "Embeddings": `models.embedContent`, `models.batchEmbedContents`.
enum GeminiEmbedding {
    static func body(of answer: ProviderAnswer) -> [UInt8] {
        let request = answer.request
        let vectors: [JSONValue] = request.inputs.map { fingerprint in
            var random = SeededRandom(seed: fingerprint)
            let numbers = (0..<request.dimensions).map { _ in
                JSONValue.number(JSONNumber(Int.random(in: -1_000...1_000, using: &random)))
            }
            return ["values": .array(numbers)]
        }
        let body: JSONValue = request.isBatch ? ["embeddings": .array(vectors)] : ["embedding": vectors[0]]
        let usage: JSONValue = ["promptTokenCount": .count(answer.usage.prompt)]
        return GeminiDialect.lines(body.adding("usageMetadata", answer.showsUsage ? usage : nil))
    }
}

extension ProviderRequest {
    private static let embeddingMembers = [
        "model", "content", "taskType", "title", "outputDimensionality", "embedContentConfig",
    ]

    /// - Errors: the provider's 400.
    init(
        geminiEmbedding bytes: [UInt8], model: String, isBatch: Bool, seed: UInt64
    ) throws(ProviderError) {
        self.init(model: model)
        operation = .embeddings
        self.isBatch = isBatch
        let body: GeminiRequestReader.Field
        do { body = GeminiRequestReader.Field(try JSONValue(parsing: bytes)) } catch {
            throw .invalidArgument("Invalid JSON payload received. \(error)")
        }
        guard isBatch else {
            try read(embedding: body, needsModel: false, seed: seed)
            return
        }
        try body.only(["requests"])
        let requests = try body.required("requests").elements()
        guard (1...100).contains(requests.count) else {
            throw .invalidArgument(
                "* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch\n")
        }
        for request in requests { try read(embedding: request, needsModel: true, seed: seed) }
    }

    private mutating func read(
        embedding field: GeminiRequestReader.Field, needsModel: Bool, seed: UInt64
    ) throws(ProviderError) {
        try field.only(Self.embeddingMembers)
        // The fault behind the plus sign is the stub's own.
        if let named = try (needsModel ? field.required("model") : field.optional("model"))?.string(),
            named != "models/" + model
        {
            throw .invalidArgument(
                "* BatchEmbedContentsRequest.requests[0]: model in the request does not match the model in the path\n")
        }
        let parts = try field.required("content").required("parts").elements()
        var text = ""
        for part in parts {
            try part.only(["text", "inlineData", "fileData"])
            if let words = try part.optional("text")?.string() {
                text += words
            } else {
                promptTokens += Tokens.perImage
            }
        }
        promptTokens += max(1, Tokens.text(text))
        inputs.append(AnswerText.fingerprint(of: text.utf8, seed: seed))
        dimensions = try field.optional("outputDimensionality")?.integer() ?? 64
        guard (1...3_072).contains(dimensions) else {
            throw .invalidArgument("* EmbedContentRequest.output_dimensionality: out of range\n")
        }
    }
}
