import Shared

/// The turns of a request to Anthropic: what they may hold, and in which order.
///
/// - Shape: turns of one role that follow each other are one.
/// - Source: Anthropic, "Messages", "Tool use", "Extended thinking"; the messages of its errors.
struct AnthropicTurns {
    typealias Field = RequestField<AnthropicWording>

    /// What the order of the blocks depends on.
    private struct Block {
        var type: String
        /// Of a call, or of the call that this is the result of.
        var id = ""
        var text = ""
        var path: String
    }
    private struct Turn {
        var role: String
        var path: String
        var blocks: [Block]
    }

    private let signatures: ThoughtSignatures
    private let version: AnthropicVersion
    private let thinks: Bool
    private var turns: [Turn] = []
    private(set) var promptTokens = 0
    /// Instructions between turns came behind the last of `turns`.
    private var isInstructed = false

    init(signatures: ThoughtSignatures, version: AnthropicVersion, thinks: Bool) {
        self.signatures = signatures
        self.version = version
        self.thinks = thinks
    }

    /// What the user said last; nil where the last turn is the result of a call.
    var lastText: String? {
        guard let last = turns.last, last.role == "user", !last.blocks.contains(where: { $0.type == "tool_result" })
        else { return nil }
        return last.blocks.filter { $0.type == "text" }.map(\.text).joined(separator: "\n")
    }

    var prefix: String? {
        guard let last = turns.last, last.role == "assistant" else { return nil }
        return last.blocks.last { $0.type == "text" }?.text
    }

    // MARK: Reading

    mutating func read(_ messages: Field) throws(ProviderError) {
        let elements = try messages.elements()
        for (index, message) in elements.enumerated() {
            try message.only(["role", "content"])
            let role = try message.required("role").string()
            if role == "system" {
                try read(instructions: message)
                continue
            }
            guard role == "user" || role == "assistant" else {
                throw .refused("\(message.path).role: Input should be 'user' or 'assistant'")
            }
            guard !isInstructed || role == "assistant" else {
                throw .refused("\(message.path): a `system` message must be followed by an `assistant` message")
            }
            isInstructed = false
            let blocks = try blocks(of: message, role: role)
            guard !blocks.isEmpty || role == "assistant" && index == elements.count - 1 else {
                throw .refused(
                    "\(message.path): all messages must have non-empty content except for the optional final assistant message"
                )
            }
            promptTokens += Tokens.perMessage
            if turns.last?.role == role {
                turns[turns.count - 1].blocks += blocks
            } else {
                turns.append(Turn(role: role, path: message.path, blocks: blocks))
            }
        }
        try checkOrder()
        try checkCalls()
        if thinks { try checkThoughts() }
    }

    /// Instructions from here on: behind what the user said, and before what the assistant says to it.
    ///
    /// - Source: Anthropic, "Mid-conversation system messages".
    private mutating func read(instructions message: Field) throws(ProviderError) {
        guard let last = turns.last else {
            throw .refused(
                "messages: Unexpected role \"system\". The Messages API accepts a top-level `system` parameter, not \"system\" as an input message role."
            )
        }
        guard last.role == "user", !isInstructed else {
            throw .refused("\(message.path): a `system` message must follow a `user` message")
        }
        let blocks = try blocks(of: message, role: "system")
        guard !blocks.isEmpty, blocks.allSatisfy({ $0.type == "text" }) else {
            throw .refused("\(message.path): `system` messages have to be text, and not empty")
        }
        promptTokens += Tokens.perMessage
        isInstructed = true
    }

    private mutating func blocks(of message: Field, role: String) throws(ProviderError) -> [Block] {
        let content = try message.required("content")
        if let text = content.value.string {
            guard !text.isEmpty else { return [] }
            try check(text: text)
            promptTokens += Tokens.text(text)
            return [Block(type: "text", text: text, path: content.path)]
        }
        var blocks: [Block] = []
        for element in try content.elements() { blocks.append(try block(element, role: role)) }
        return blocks
    }

    private mutating func block(_ field: Field, role: String) throws(ProviderError) -> Block {
        let type = try field.required("type").string()
        var block = Block(type: type, path: field.path)
        let inside = Field(field.value, at: "\(field.path).\(type)")
        let isMisplaced =
            role == "assistant"
            ? ["tool_result", "image"].contains(type) || type == "document" && version == .second
            : ["tool_use", "thinking", "redacted_thinking"].contains(type)
        guard !isMisplaced else {
            throw .refused(
                "\(field.path): `\(type)` blocks can only be in `\(role == "user" ? "assistant" : "user")` messages")
        }
        switch type {
        case "text":
            try inside.only(["type", "text", "cache_control", "citations"])
            block.text = try inside.required("text").string()
            try check(text: block.text)
            if version == .second, role == "user", let citations = inside.optional("citations"),
                try !citations.elements().isEmpty
            {
                throw .refused("\(citations.path): citations are not permitted in `user` messages")
            }
            promptTokens += Tokens.text(block.text)
        case "image", "document": try read(media: inside, type: type)
        case "thinking", "redacted_thinking": try read(thoughts: inside, type: type)
        case "tool_use":
            try inside.only(["type", "id", "name", "input", "cache_control", "caller", "toolset_name"])
            block.id = try inside.required("id").string()
            guard block.id.isName(of: \.isInToolName, countMax: .max) else {
                throw .refused("\(inside.path).id: String should match pattern '^[a-zA-Z0-9_-]+$'")
            }
            guard try inside.required("name").string().isName(of: \.isInToolName, countMax: 200) else {
                throw .refused("\(inside.path).name: String should match pattern '^[a-zA-Z0-9_-]{1,200}$'")
            }
            let input = try inside.required("input")
            _ = try input.object()
            promptTokens += Tokens.json(input.value)
        case "tool_result": block.id = try read(result: inside)
        case "server_tool_use", "search_result", "container_upload", "compaction": break
        case _ where type.hasSuffix("_tool_result"): break
        default:
            throw .refused(
                "\(field.path): Input tag '\(type)' found using 'type' does not match any of the expected tags: 'document', 'image', 'redacted_thinking', 'search_result', 'text', 'thinking', 'tool_result', 'tool_use'"
            )
        }
        return block
    }

    private func check(text: String) throws(ProviderError) {
        guard !text.isEmpty else { throw .refused("messages: text content blocks must be non-empty") }
        guard !text.isBlank else {
            throw .refused("messages: text content blocks must contain non-whitespace text")
        }
    }

    private mutating func read(result: Field) throws(ProviderError) -> String {
        try result.only(["type", "tool_use_id", "content", "is_error", "cache_control", "toolset_name"])
        if let isError = result.optional("is_error") { _ = try isError.boolean() }
        if let content = result.optional("content") {
            if let text = content.value.string {
                promptTokens += Tokens.text(text)
            } else {
                for element in try content.elements() {
                    let type = try element.required("type").string()
                    guard ["text", "image", "document", "search_result", "tool_reference"].contains(type) else {
                        throw .refused(
                            "\(element.path): Input tag '\(type)' found using 'type' does not match any of the expected tags: 'document', 'image', 'search_result', 'text'"
                        )
                    }
                    // The name of a tool that was looked up.
                    if type == "tool_reference" {
                        try element.only(["type", "tool_name", "cache_control"])
                        promptTokens += Tokens.text(try element.required("tool_name").string())
                    } else {
                        _ = try block(element, role: "user")
                    }
                }
            }
        }
        return try result.required("tool_use_id").string()
    }

    private mutating func read(media: Field, type: String) throws(ProviderError) {
        promptTokens += Tokens.perImage
        try media.only(
            ["type", "source", "cache_control"]
                + (type == "image" ? ["transformations"] : ["title", "context", "citations"]))
        let source = try media.required("source")
        let kind = try source.required("type").string()
        let inside = Field(source.value, at: "\(source.path).\(kind)")
        switch kind {
        case "base64":
            try inside.only(["type", "media_type", "data"])
            let types = type == "image" ? ["image/jpeg", "image/png", "image/gif", "image/webp"] : ["application/pdf"]
            guard types.contains(try inside.required("media_type").string()) else {
                throw .refused(
                    "\(inside.path).media_type: Input should be " + types.map { "'\($0)'" }.joined(separator: " or "))
            }
            guard let data = Base64.decode(try inside.required("data").string()), !data.isEmpty else {
                throw .refused("\(inside.path): invalid base64 data")
            }
        case "url":
            try inside.only(["type", "url"])
            guard try inside.required("url").string().hasPrefix("https://") else {
                throw .refused("\(inside.path).url: Only HTTPS URLs are supported.")
            }
        case "text" where type == "document":
            try inside.only(["type", "media_type", "data"])
            promptTokens += Tokens.text(try inside.required("data").string())
        case "content" where type == "document", "file": break
        default:
            throw .refused(
                "\(source.path): Input tag '\(kind)' found using 'type' does not match any of the expected tags: 'base64', 'file', 'url'"
            )
        }
    }

    private mutating func read(thoughts: Field, type: String) throws(ProviderError) {
        if type == "redacted_thinking" {
            try thoughts.only(["type", "data"])
            let data = try thoughts.required("data").string()
            guard signatures.isGenuine(data, of: []) else {
                throw .refused("\(thoughts.path): Invalid `data` in `redacted_thinking` block")
            }
            return
        }
        try thoughts.only(["type", "thinking", "signature"])
        let text = try thoughts.required("thinking").string()
        let signature = try thoughts.required("signature").string()
        guard signatures.isGenuine(signature, of: text.utf8) else {
            let path = thoughts.path.dropLast(".thinking".count)
            throw .refused("\(path): Invalid `signature` in `thinking` block")
        }
    }

    // MARK: Order

    private func checkOrder() throws(ProviderError) {
        guard let first = turns.first, let last = turns.last else {
            throw .refused("messages: at least one message is required")
        }
        guard first.role == "user" else {
            throw .refused("messages: first message must use the \"user\" role")
        }
        if last.role == "assistant", let text = last.blocks.last, text.type == "text",
            text.text.last?.isWhitespace == true
        {
            throw .refused("messages: final assistant content cannot end with trailing whitespace")
        }
    }

    /// Each call has its result in the next turn, before anything else; and no result is without its call.
    private func checkCalls() throws(ProviderError) {
        for (index, turn) in turns.enumerated() {
            let calls = turn.role == "assistant" ? turn.blocks.filter { $0.type == "tool_use" }.map(\.id) : []
            guard Set(calls).count == calls.count else { throw .refused("messages: `tool_use` ids must be unique") }
            let next = index + 1 < turns.count ? turns[index + 1].blocks : []
            let answered = Set(next.prefix { $0.type == "tool_result" }.map(\.id))
            let open = calls.filter { !answered.contains($0) }
            guard open.isEmpty else {
                throw .refused(
                    "\(turn.path): `tool_use` ids were found without `tool_result` blocks immediately after: \(open.joined(separator: ", ")). Each `tool_use` block must have a corresponding `tool_result` block in the next message."
                )
            }
            let before = index > 0 ? turns[index - 1].blocks.filter { $0.type == "tool_use" }.map(\.id) : []
            var seen: Set<String> = []
            for block in turn.blocks where block.type == "tool_result" {
                guard before.contains(block.id) else {
                    throw .refused(
                        "\(block.path): unexpected `tool_use_id` found in `tool_result` blocks: \(block.id). Each `tool_result` block must have a corresponding `tool_use` block in the previous message."
                    )
                }
                guard seen.insert(block.id).inserted else {
                    throw .refused(
                        "\(block.path): each `tool_use` must have a single result. Found multiple `tool_result` blocks with id: \(block.id)"
                    )
                }
            }
        }
    }

    /// The answer that is gone on with, from the last thing that the user said on, begins with its thoughts.
    private func checkThoughts() throws(ProviderError) {
        let spoken = turns.lastIndex { $0.role == "user" && !$0.blocks.contains { $0.type == "tool_result" } }
        guard let first = turns[((spoken ?? -1) + 1)...].first(where: { $0.role == "assistant" }),
            let block = first.blocks.first, block.type != "thinking", block.type != "redacted_thinking"
        else { return }
        throw .refused(
            "\(block.path).type: Expected `thinking` or `redacted_thinking`, but found `\(block.type)`. When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceding the lastmost set of `tool_use` and `tool_result` blocks). To avoid this requirement, disable `thinking`."
        )
    }
}
