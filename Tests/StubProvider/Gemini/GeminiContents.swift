import Shared

/// The turns of a request to Gemini: what they may hold, and in which order.
///
/// - Source: Gemini API reference, "Content", "Function calling", "Thought signatures"; the messages of its errors.
struct GeminiContents {
    typealias Field = RequestField<GeminiWording>

    private struct Turn {
        var isModel: Bool
        var calls: [(name: String, signature: String?)] = []
        var results: [String] = []
        var text = ""
        var hasOther = false
    }

    private let signatures: ThoughtSignatures
    private let thinks: Bool
    private var turns: [Turn] = []
    private(set) var promptTokens = 0

    init(signatures: ThoughtSignatures, thinks: Bool) {
        self.signatures = signatures
        self.thinks = thinks
    }

    var lastText: String? {
        guard let last = turns.last, !last.isModel, last.results.isEmpty else { return nil }
        return last.text
    }

    var prefix: String? { turns.last.flatMap { $0.isModel ? $0.text : nil } }

    // MARK: Reading

    /// The system's instruction: texts, whatever its role is.
    mutating func readInstruction(_ content: Field) throws(ProviderError) {
        try content.only(["parts", "role"])
        var turn = Turn(isModel: false)
        for part in try content.required("parts").elements() { try read(part, into: &turn) }
    }

    mutating func read(_ contents: Field) throws(ProviderError) {
        for content in try contents.elements() {
            try content.only(["parts", "role"])
            let role = try content.optional("role")?.string() ?? "user"
            guard ["user", "model", "function"].contains(role) else {
                throw .invalidArgument("Please use a valid role: user, model.")
            }
            guard let parts = content.optional("parts"), try !parts.elements().isEmpty else {
                throw .invalidArgument(
                    "* GenerateContentRequest.\(content.path).parts: contents.parts must not be empty.\n")
            }
            promptTokens += Tokens.perMessage
            var turn = Turn(isModel: role == "model")
            for part in try parts.elements() { try read(part, into: &turn) }
            turns.append(turn)
        }
        try checkOrder()
        if thinks { try checkSignatures() }
    }

    private static let data = [
        "text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode", "codeExecutionResult",
        "toolCall", "toolResponse",
    ]

    private mutating func read(_ part: Field, into turn: inout Turn) throws(ProviderError) {
        try part.only(
            Self.data + ["thought", "thoughtSignature", "videoMetadata", "mediaResolution", "partMetadata"])
        let present = Self.data.filter { part.optional($0) != nil }
        guard present.count <= 1 else {
            throw .invalidArgument(
                "Invalid value at '\(part.path)' (oneof), oneof field 'data' is already set. Cannot set '\(present[1])'"
            )
        }
        let isThought = try part.optional("thought")?.boolean() ?? false
        let signature = try part.optional("thoughtSignature")?.string().anyBase64
        if let signature, !Self.isAccepted(signature), present.first != "functionCall" {
            guard signatures.isGenuine(signature, of: []) else {
                throw .invalidArgument("Corrupted thought signature.")
            }
        }
        switch present.first {
        case "text":
            let text = try part.required("text").string()
            // An empty one is nothing but the place of a signature.
            guard !text.isEmpty || signature != nil else { throw Self.noData(part) }
            promptTokens += Tokens.text(text)
            if !isThought { turn.text += (turn.text.isEmpty ? "" : "\n") + text }
            turn.hasOther = true
        case "inlineData":
            let blob = try part.required("inlineData")
            try blob.only(["mimeType", "data", "displayName"])
            guard try blob.required("mimeType").string().contains("/") else {
                throw .invalidArgument("Unsupported MIME type: \(try blob.required("mimeType").string())")
            }
            guard let bytes = Base64.decode(try blob.required("data").string().anyBase64), !bytes.isEmpty else {
                throw .invalidArgument(
                    "Invalid value at '\(blob.path).data' (TYPE_BYTES), Base64 decoding failed for \"\(try blob.required("data").string().prefix(24))\""
                )
            }
            promptTokens += Tokens.perImage
            turn.hasOther = true
        case "fileData":
            let file = try part.required("fileData")
            try file.only(["mimeType", "fileUri", "displayName"])
            guard try file.required("fileUri").string().contains("://") else {
                throw .invalidArgument("Invalid or unsupported file uri: \(try file.required("fileUri").string())")
            }
            promptTokens += Tokens.perImage
            turn.hasOther = true
        case "functionCall": try read(call: try part.required("functionCall"), signature, into: &turn)
        case "functionResponse": try read(response: try part.required("functionResponse"), into: &turn)
        case nil: if signature == nil { throw Self.noData(part) }
        default: turn.hasOther = true
        }
    }

    private static func noData(_ part: Field) -> ProviderError {
        .invalidArgument(
            "* GenerateContentRequest.\(part.path).data: required oneof field 'data' must have one initialized field\n")
    }

    private mutating func read(call: Field, _ signature: String?, into turn: inout Turn) throws(ProviderError) {
        try call.only(["id", "name", "args", "partialArgs", "willContinue"])
        let name = try call.required("name").string()
        if let args = call.optional("args") {
            guard args.kind == .object else { throw Self.noStruct(args) }
            promptTokens += Tokens.json(args.value)
        }
        if let signature, !Self.isAccepted(signature), !signatures.isGenuine(signature, of: name.utf8) {
            throw .invalidArgument("Corrupted thought signature.")
        }
        turn.calls.append((name, signature))
    }

    private mutating func read(response: Field, into turn: inout Turn) throws(ProviderError) {
        try response.only(["id", "name", "response", "parts", "willContinue", "scheduling"])
        guard let name = try response.optional("name")?.string(), !name.isEmpty else {
            throw .invalidArgument("* GenerateContentRequest.\(response.path).name: Name cannot be empty.\n")
        }
        let body = try response.required("response")
        guard body.kind == .object else { throw Self.noStruct(body) }
        promptTokens += Tokens.json(body.value)
        turn.results.append(name)
    }

    private static func noStruct(_ field: Field) -> ProviderError {
        .invalidArgument(
            "Invalid value at '\(field.path)' (type.googleapis.com/google.protobuf.Struct), \(String(decoding: field.value.bytes, as: UTF8.self))"
        )
    }

    /// For histories of other models: Gemini takes these words in place of a signature.
    private static func isAccepted(_ signature: String) -> Bool {
        ["skip_thought_signature_validator", "context_engineering_is_the_way_to_go"].contains { word in
            signature == word.anyBase64 || Base64.decode(signature) == Array(word.utf8)
        }
    }

    // MARK: Order

    private func checkOrder() throws(ProviderError) {
        for (index, turn) in turns.enumerated() {
            let before = index > 0 ? turns[index - 1] : nil
            if !turn.calls.isEmpty {
                guard turn.isModel, let before, !before.isModel else {
                    throw .invalidArgument(
                        "Please ensure that function call turn comes immediately after a user turn or after a function response turn."
                    )
                }
                let after = index + 1 < turns.count ? turns[index + 1].results.count : 0
                guard after == turn.calls.count else {
                    throw .invalidArgument(
                        "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn."
                    )
                }
            }
            guard !turn.results.isEmpty else { continue }
            guard !turn.isModel, let before, !before.calls.isEmpty else {
                throw .invalidArgument(
                    "Please ensure that function response turn comes immediately after a function call turn.")
            }
            guard turn.results.sorted() == before.calls.map(\.name).sorted() else {
                throw .invalidArgument(
                    "Please ensure that function response names match those of the function call turn.")
            }
        }
    }

    /// From the last thing that the user said on, the first call of each turn carries what the model knows its thoughts by.
    private func checkSignatures() throws(ProviderError) {
        let spoken = turns.lastIndex { !$0.isModel && $0.results.isEmpty } ?? -1
        for (index, turn) in turns.enumerated() where index > spoken {
            guard let first = turn.calls.first, first.signature == nil else { continue }
            throw .invalidArgument(
                "Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call `default_api:\(first.name)` , position \(index + 1). Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details."
            )
        }
    }
}

extension String {
    /// Bytes may come in either alphabet, with padding or without; its own client takes the one for URLs.
    fileprivate var anyBase64: String {
        let text = replacing("-", with: "+").replacing("_", with: "/")
        return text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    }
}
