import Shared

/// The messages of a request to Bedrock: what they may hold, and in which order.
///
/// - Source: Amazon Bedrock Runtime API reference, "Message", "ContentBlock"; the messages of its errors.
struct BedrockMessages {
    typealias Field = RequestField<BedrockWording>

    private struct Turn {
        var path: String
        var isUser: Bool
        var calls: [String] = []
        var results: [String] = []
        var text: [String] = []
        /// The kind of the first block.
        var first = ""
        var resultsComeFirst = true
        var hasDocument = false
        var blocks = 0
    }

    private let signatures: ThoughtSignatures
    private let thinks: Bool
    private let hasTools: Bool
    private var turns: [Turn] = []
    private(set) var promptTokens = 0

    init(signatures: ThoughtSignatures, thinks: Bool, hasTools: Bool) {
        self.signatures = signatures
        self.thinks = thinks
        self.hasTools = hasTools
    }

    var lastText: String? {
        guard let last = turns.last, last.isUser, last.results.isEmpty else { return nil }
        return last.text.joined(separator: "\n")
    }

    var prefix: String? { turns.last.flatMap { $0.isUser ? nil : $0.text.last } }

    // MARK: Reading

    mutating func read(_ messages: Field) throws(ProviderError) {
        for message in try messages.elements() {
            try message.only(["role", "content"])
            let role = try message.required("role").string()
            guard role == "user" || role == "assistant" else {
                throw .constraint("\(message.path).role", "'\(role)'", "satisfy enum value set: [user, assistant]")
            }
            var turn = Turn(path: message.path, isUser: role == "user")
            let content = try message.required("content").elements()
            guard !content.isEmpty else {
                throw .validation(
                    "The content field in the Message object at \(message.path) is empty. Add a ContentBlock object to the content field and try again."
                )
            }
            promptTokens += Tokens.perMessage
            for block in content { try read(block, into: &turn) }
            guard !turn.hasDocument || !turn.text.isEmpty || !turn.results.isEmpty else {
                throw .validation(
                    "A text block must be included with documents in the Message object at \(message.path).")
            }
            turns.append(turn)
        }
        try checkOrder()
        try checkCalls()
        if thinks { try checkThoughts() }
    }

    private static let kinds = [
        "text", "image", "document", "video", "audio", "toolUse", "toolResult", "guardContent", "cachePoint",
        "reasoningContent", "citationsContent", "searchResult",
    ]

    private mutating func read(_ block: Field, into turn: inout Turn) throws(ProviderError) {
        try block.only(Self.kinds)
        let members = try block.object().members
        guard members.count == 1 else { throw .oneMember(of: block) }
        let kind = members[0].name
        let inside = try block.required(kind)
        if turn.blocks == 0 { turn.first = kind }
        turn.blocks += 1
        if kind != "toolResult", kind != "cachePoint", turn.results.isEmpty { turn.resultsComeFirst = false }
        switch kind {
        case "text":
            let text = try self.text(inside, in: block)
            turn.text.append(text)
        case "image", "document":
            guard turn.isUser else {
                throw .validation("\(block.path): \(kind) blocks can only be in user messages.")
            }
            try read(media: inside, kind: kind)
            turn.hasDocument = turn.hasDocument || kind == "document"
        case "toolUse": turn.calls.append(try read(call: inside, in: turn))
        case "toolResult": turn.results.append(try read(result: inside, in: turn))
        case "reasoningContent": try read(thoughts: inside, at: block.path, in: turn)
        case "cachePoint":
            try inside.only(["type", "ttl"])
            guard try inside.required("type").string() == "default" else {
                throw .constraint("\(inside.path).type", "'?'", "satisfy enum value set: [default]")
            }
        default: break
        }
    }

    private mutating func text(_ field: Field, in block: Field) throws(ProviderError) -> String {
        let text = try field.string()
        guard !text.isBlank else {
            throw .validation(
                "The text field in the ContentBlock object at \(block.path) is blank. Add text to the text field, and try again."
            )
        }
        promptTokens += Tokens.text(text)
        return text
    }

    private mutating func read(media: Field, kind: String) throws(ProviderError) {
        let isImage = kind == "image"
        try media.only(isImage ? ["format", "source"] : ["format", "name", "source", "context", "citations"])
        let format = try media.required("format").string()
        let formats =
            isImage
            ? ["png", "jpeg", "gif", "webp"] : ["pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"]
        guard formats.contains(format) else {
            throw .constraint(
                "\(media.path).format", "'\(format)'",
                "satisfy enum value set: [\(formats.joined(separator: ", "))]")
        }
        if !isImage {
            let name = try media.required("name").string()
            let isName = name.utf8.allSatisfy { $0.isLetterOrDigit || " -()[]".utf8.contains($0) }
            guard isName, !name.isEmpty, name.utf8.count <= 200, !name.contains("  ") else {
                throw .validation(
                    "The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. The name can't contain more than one consecutive whitespace character."
                )
            }
        }
        let source = try media.required("source")
        try source.only(isImage ? ["bytes", "s3Location"] : ["bytes", "s3Location", "text", "content"])
        guard try source.object().members.count == 1 else { throw .oneMember(of: source) }
        if let bytes = source.optional("bytes") {
            guard let data = Base64.decode(try bytes.string()), !data.isEmpty else {
                throw ProviderError(
                    status: 400, type: "SerializationException", message: "\(bytes.path) is not base64")
            }
        }
        promptTokens += Tokens.perImage
    }

    private mutating func read(call: Field, in turn: Turn) throws(ProviderError) -> String {
        guard !turn.isUser else {
            throw .validation("\(call.path): toolUse blocks can only be in assistant messages.")
        }
        try call.only(["toolUseId", "name", "input", "type"])
        guard try call.required("name").string().isName(of: \.isInToolName, countMax: 64) else {
            throw .constraint(
                "\(call.path).name", "'\(try call.required("name").string())'",
                "satisfy regular expression pattern: [a-zA-Z0-9_-]+")
        }
        let input = try call.required("input")
        guard input.kind == .object else {
            throw .validation(
                "The format of the value at \(input.path) is invalid. Provide a json object for the field and try again."
            )
        }
        promptTokens += Tokens.json(input.value)
        return try id(of: call)
    }

    private func id(of field: Field) throws(ProviderError) -> String {
        let id = try field.required("toolUseId").string()
        let isID = id.isName(of: { $0.isInToolName || ".:".utf8.contains($0) }, countMax: 64)
        guard isID else {
            throw .constraint(
                "\(field.path).toolUseId", "'\(id)'", "satisfy regular expression pattern: [a-zA-Z0-9_.:-]+")
        }
        return id
    }

    private mutating func read(result: Field, in turn: Turn) throws(ProviderError) -> String {
        guard turn.isUser else {
            throw .validation("\(result.path): toolResult blocks can only be in user messages.")
        }
        try result.only(["toolUseId", "content", "status", "type"])
        let status = try result.optional("status")?.string() ?? "success"
        guard ["success", "error"].contains(status) else {
            throw .constraint("\(result.path).status", "'\(status)'", "satisfy enum value set: [success, error]")
        }
        let content = try result.required("content").elements()
        guard !content.isEmpty || status == "success" else {
            throw .validation("The content field at \(result.path) cannot be empty when status value is error.")
        }
        for element in content {
            try element.only(["json", "text", "image", "document", "video", "searchResult"])
            let members = try element.object().members
            guard members.count == 1 else { throw .oneMember(of: element) }
            let inside = try element.required(members[0].name)
            switch members[0].name {
            case "text": _ = try text(inside, in: element)
            case "json":
                guard inside.kind == .object else {
                    throw .validation(
                        "The format of the value at \(inside.path) is invalid. Provide a json object for the field and try again."
                    )
                }
                promptTokens += Tokens.json(inside.value)
            case "image", "document": try read(media: inside, kind: members[0].name)
            default: break
            }
        }
        return try id(of: result)
    }

    private func read(thoughts: Field, at path: String, in turn: Turn) throws(ProviderError) {
        guard !turn.isUser else {
            throw .validation("\(thoughts.path): reasoningContent blocks can only be in assistant messages.")
        }
        try thoughts.only(["reasoningText", "redactedContent"])
        guard let text = thoughts.optional("reasoningText") else { return }
        try text.only(["text", "signature"])
        let signature = try text.optional("signature")?.string() ?? ""
        guard signatures.isGenuine(signature, of: try text.required("text").string().utf8) else {
            throw .ofModel("\(path): Invalid `signature` in `thinking` block")
        }
    }

    // MARK: Order

    private func checkOrder() throws(ProviderError) {
        guard let first = turns.first else {
            throw .validation("The messages field is empty. Add a Message object and try again.")
        }
        guard first.isUser else {
            throw .validation(
                "A conversation must start with a user message. Try again with a conversation that starts with a user message."
            )
        }
        for (index, turn) in turns.enumerated() where index > 0 && turn.isUser == turns[index - 1].isUser {
            throw .validation(
                "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again."
            )
        }
    }

    private func checkCalls() throws(ProviderError) {
        guard hasTools || turns.allSatisfy({ $0.calls.isEmpty && $0.results.isEmpty }) else {
            throw .validation(
                "The toolConfig field must be defined when using toolUse and toolResult content blocks.")
        }
        for (index, turn) in turns.enumerated() {
            guard Set(turn.calls).count == turn.calls.count else {
                throw .validation("The toolUse blocks at \(turn.path).content contain duplicate Ids.")
            }
            let next = index + 1 < turns.count ? turns[index + 1] : nil
            let open = turn.calls.filter { next?.results.contains($0) != true }
            guard open.isEmpty else {
                throw .validation(
                    "Expected toolResult blocks at \(next?.path ?? "messages.\(index + 1)").content for the following Ids: \(open.joined(separator: ", "))"
                )
            }
            let before = index > 0 ? turns[index - 1].calls : []
            guard turn.results.count <= before.count else {
                throw .validation(
                    "The number of toolResult blocks at \(turn.path).content exceeds the number of toolUse blocks of previous turn."
                )
            }
            guard Set(turn.results).isSubset(of: before) else {
                throw .validation("The toolResult blocks at \(turn.path).content contain unexpected Ids.")
            }
            guard turn.results.isEmpty || turn.resultsComeFirst else {
                throw .ofModel(
                    "\(turn.path): `tool_use` ids were found without `tool_result` blocks immediately after.")
            }
        }
    }

    private func checkThoughts() throws(ProviderError) {
        let spoken = turns.lastIndex { $0.isUser && $0.results.isEmpty } ?? -1
        guard let first = turns[(spoken + 1)...].first(where: { !$0.isUser }), first.first != "reasoningContent" else {
            return
        }
        throw .ofModel(
            "\(first.path).content.0.type: Expected `thinking` or `redacted_thinking`, but found `\(first.first == "toolUse" ? "tool_use" : "text")`. When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceding the lastmost set of `tool_use` and `tool_result` blocks)."
        )
    }
}
