import Shared

/// The items of a conversation: what they may hold, and what has to stand before and behind what.
///
/// - Source: OpenAI API reference, "Create a model response", "Input items"; "Conversation state", "Reasoning models"; the messages of
///   its errors.
struct ResponsesItems {
    typealias Field = RequestField<ResponsesWording>

    /// What the order of the items depends on.
    private struct Item {
        enum Kind {
            case said(role: String)
            case call, result, thoughts
            /// What OpenAI runs itself.
            case other
        }
        var kind: Kind
        var type: String
        var id: String?
        /// Of a call, or of the call that this is the result of.
        var callID = ""
        var text = ""
    }

    private static let hosted = [
        "additional_tools", "apply_patch_call", "apply_patch_call_output", "code_interpreter_call", "compaction",
        "compaction_trigger", "computer_call", "computer_call_output", "configuration_update", "file_search_call",
        "image_generation_call", "local_shell_call", "local_shell_call_output", "mcp_approval_request",
        "mcp_approval_response", "mcp_call", "mcp_list_tools", "program", "program_output", "shell_call",
        "shell_call_output", "tool_search_call", "tool_search_output", "web_search_call",
    ]
    private static let own = [
        "custom_tool_call", "custom_tool_call_output", "function_call", "function_call_output", "item_reference",
        "message", "reasoning",
    ]

    private let signatures: ThoughtSignatures
    private let kept: KeptResponses
    private var order: [Item] = []
    /// As they came, for whoever goes on from here.
    private(set) var items: [JSONValue] = []
    private(set) var promptTokens = 0
    /// OpenAI wants to be told of JSON in words too, where that is the form of the answer.
    private(set) var mentionsJSON = false

    init(signatures: ThoughtSignatures, kept: KeptResponses) {
        self.signatures = signatures
        self.kept = kept
    }

    /// What the user said last; nil where the last item is something else.
    var lastText: String? {
        guard let last = order.last, case .said("user") = last.kind else { return nil }
        return last.text
    }

    var prefix: String? {
        guard let last = order.last, case .said("assistant") = last.kind else { return nil }
        return last.text
    }

    // MARK: Reading

    /// The conversation that is gone on from.
    mutating func read(kept items: [JSONValue]) throws(ProviderError) {
        for item in items { try read(Field(item, at: "input"), isKept: true) }
    }

    mutating func read(_ input: Field) throws(ProviderError) {
        if let text = input.value.string {
            let message: JSONValue = ["type": "message", "role": "user", "content": .string(text)]
            try read(Field(message, at: input.path), isKept: false)
        } else {
            guard input.kind == .array else {
                throw ResponsesWording.mistyped(
                    input.path, want: "one of a string or array of input items", found: input.value)
            }
            let elements = try input.elements()
            guard !elements.isEmpty else {
                throw .invalid(
                    "Invalid 'input': empty array. Expected an array with minimum length 1, but got an empty array instead.",
                    param: "input", code: "empty_array")
            }
            for element in elements { try read(element, isKept: false) }
        }
        try checkCalls()
        try checkThoughts()
    }

    private mutating func read(_ field: Field, isKept: Bool) throws(ProviderError) {
        let object = try field.object()
        let usual =
            object["role"] != nil ? "message" : object["id"] != nil && object["type"] == nil ? "item_reference" : nil
        let type = try field.optional("type")?.string() ?? usual
        guard let type else { throw ResponsesWording.missing(field.path + ".type") }
        guard (Self.own + Self.hosted).contains(type) else {
            throw ResponsesWording.unsupported(type, at: field.path, want: Self.own + Self.hosted)
        }
        if type == "item_reference" { return try read(reference: field) }
        var item = Item(kind: .other, type: type, id: try field.optional("id")?.string(charactersMax: 64))
        switch type {
        case "message": try read(message: field, into: &item)
        case "reasoning": try read(reasoning: field, into: &item, isKept: isKept)
        case "function_call", "custom_tool_call": try read(call: field, into: &item)
        case "function_call_output", "custom_tool_call_output": try read(result: field, into: &item)
        default: promptTokens += Tokens.json(field.value)
        }
        order.append(item)
        items.append(field.value)
    }

    private mutating func read(reference: Field) throws(ProviderError) {
        try reference.only(["type", "id"])
        let id = try reference.required("id").string(charactersMax: 64)
        guard let found = kept.item(id) else { throw Self.notFound(id) }
        try read(Field(found, at: reference.path), isKept: true)
    }

    private static func notFound(_ id: String) -> ProviderError {
        ProviderError(
            status: 404, type: "invalid_request_error",
            message:
                "Item with id '\(id)' not found. Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove this item from your input.",
            param: "input")
    }

    // MARK: Messages

    private mutating func read(message: Field, into item: inout Item) throws(ProviderError) {
        try message.only(["type", "role", "content", "id", "status", "phase"])
        let role = try message.required("role").word(of: ["assistant", "system", "developer", "user"])
        item.kind = .said(role: role)
        _ = try message.optional("id")?.id(beginningWith: "msg")
        try checkStatus(of: message)
        promptTokens += Tokens.perMessage
        item.text = try read(content: try message.required("content"), isAnswer: role == "assistant")
    }

    /// Its text.
    private mutating func read(content: Field, isAnswer: Bool) throws(ProviderError) -> String {
        if let text = content.value.string {
            count(text)
            return text
        }
        var texts: [String] = []
        for part in try content.elements() {
            let type = try part.required("type").string()
            let types = isAnswer ? ["output_text", "refusal"] : ["input_text", "input_image", "input_file"]
            guard types.contains(type) else { throw ResponsesWording.unsupported(type, at: part.path, want: types) }
            switch type {
            case "input_text", "output_text":
                try part.only(
                    ["type", "text"] + (isAnswer ? ["annotations", "logprobs"] : ["prompt_cache_breakpoint"]))
                texts.append(try part.required("text").string())
            case "refusal":
                try part.only(["type", "refusal"])
                texts.append(try part.required("refusal").string())
            case "input_image": try read(image: part)
            default: try read(file: part)
            }
        }
        for text in texts { count(text) }
        return texts.joined(separator: "\n")
    }

    private mutating func count(_ text: String) {
        promptTokens += Tokens.text(text)
        if text.lowercased().contains("json") { mentionsJSON = true }
    }

    private mutating func read(image: Field) throws(ProviderError) {
        try image.only(["type", "image_url", "file_id", "detail", "prompt_cache_breakpoint"])
        try image.optional("detail")?.word(of: ["low", "high", "auto", "original"])
        promptTokens += Tokens.perImage
        guard let url = image.optional("image_url") else {
            guard image.optional("file_id") != nil else { throw ResponsesWording.missing(image.path + ".image_url") }
            return
        }
        guard let text = url.value.string else {
            throw ResponsesWording.mistyped(url.path, want: "an image URL", found: url.value)
        }
        if text.hasPrefix("https://") || text.hasPrefix("http://") { return }
        let types = ["image/jpeg", "image/png", "image/gif", "image/webp"]
        let isImage = types.contains { type in
            let start = "data:\(type);base64,"
            return text.hasPrefix(start) && Base64.decode(String(text.dropFirst(start.count)))?.isEmpty == false
        }
        guard isImage else {
            throw .invalid(
                "Invalid '\(url.path)'. Expected a valid URL, or a base64-encoded data URL with an image MIME type (e.g. 'data:image/png;base64,aW1nIGJ5dGVzIGhlcmU=').",
                param: url.path, code: "invalid_value")
        }
    }

    private mutating func read(file: Field) throws(ProviderError) {
        try file.only(["type", "file_data", "file_id", "file_url", "filename", "detail", "prompt_cache_breakpoint"])
        promptTokens += Tokens.perImage
        for name in ["file_data", "file_id", "file_url", "filename"] { _ = try file.optional(name)?.string() }
        guard ["file_data", "file_id", "file_url"].contains(where: { file.optional($0) != nil }) else {
            throw ResponsesWording.missing(file.path + ".file_id")
        }
    }

    private func checkStatus(of item: Field) throws(ProviderError) {
        try item.optional("status")?.word(of: ["in_progress", "completed", "incomplete"])
    }

    // MARK: Calls

    private mutating func read(call: Field, into item: inout Item) throws(ProviderError) {
        let isFunction = item.type == "function_call"
        let argument = isFunction ? "arguments" : "input"
        try call.only(["type", "id", "call_id", "name", argument, "status", "namespace", "caller", "async"])
        item.kind = .call
        _ = try call.optional("id")?.id(beginningWith: isFunction ? "fc" : "ctc")
        item.callID = try call.required("call_id").string(charactersMax: 64)
        let name = try call.required("name").name()
        let arguments = try call.required(argument).string()
        try checkStatus(of: call)
        promptTokens += Tokens.text(name + arguments) + Tokens.perToolCall
    }

    private mutating func read(result: Field, into item: inout Item) throws(ProviderError) {
        try result.only(["type", "id", "call_id", "output", "status", "caller", "name", "namespace"])
        item.kind = .result
        item.callID = try result.required("call_id").string(charactersMax: 64)
        let output = try result.required("output")
        guard output.kind == .string || output.kind == .array else {
            throw ResponsesWording.mistyped(
                output.path, want: "one of an array of objects or string", found: output.value)
        }
        promptTokens += Tokens.perMessage
        _ = try read(content: output, isAnswer: false)
        try checkStatus(of: result)
    }

    /// Each result has its call before it, and each call its result behind it.
    private func checkCalls() throws(ProviderError) {
        var open: [Item] = []
        var known: Set<String> = []
        for item in order {
            switch item.kind {
            case .call:
                open.append(item)
                known.insert(item.callID)
            case .result:
                guard known.contains(item.callID) else {
                    throw .invalid(
                        "No tool call found for \(Self.word(item)) call output with call_id \(item.callID).",
                        param: "input")
                }
                open.removeAll { $0.callID == item.callID }
            default: break
            }
        }
        guard let first = open.first else { return }
        throw .invalid("No tool output found for \(Self.word(first)) call \(first.callID).", param: "input")
    }

    private static func word(_ item: Item) -> String { item.type.hasPrefix("custom") ? "custom tool" : "function" }

    // MARK: Thoughts

    private mutating func read(reasoning: Field, into item: inout Item, isKept: Bool) throws(ProviderError) {
        try reasoning.only(["type", "id", "summary", "content", "encrypted_content", "status"])
        item.kind = .thoughts
        for part in try reasoning.required("summary").elements() {
            try part.only(["type", "text"])
            try part.required("type").word(of: ["summary_text"])
            _ = try part.required("text").string()
        }
        try checkStatus(of: reasoning)
        let id = try reasoning.optional("id")?.id(beginningWith: "rs")
        if let sealed = reasoning.optional("encrypted_content") {
            // Whoever keeps nothing may leave out the identity, but not give the thoughts another.
            let opened = SealedReasoning.open(try sealed.string(), with: signatures)
            guard let opened, id == nil || id == opened else {
                throw .invalid(
                    "The encrypted content\(id.map { " for item \($0)" } ?? "") could not be verified.",
                    code: "invalid_encrypted_content")
            }
            item.id = opened
        } else if !isKept {
            guard let id else { throw ResponsesWording.missing(reasoning.path + ".id") }
            guard kept.item(id) != nil else { throw Self.notFound(id) }
        }
    }

    /// Thoughts stand before what came of them, and what came of thoughts behind them.
    private func checkThoughts() throws(ProviderError) {
        var thoughts: Set<String> = []
        for (index, item) in order.enumerated() {
            if case .thoughts = item.kind {
                thoughts.insert(item.id ?? "")
                guard let next = order[(index + 1)...].first(where: { $0.type != "reasoning" }), isAnswer(next) else {
                    throw .invalid(
                        "Item '\(item.id ?? "")' of type 'reasoning' was provided without its required following item.",
                        param: "input")
                }
            } else if let id = item.id, let needed = ResponseIdentity.reasoning(behind: id, mark: kept.mark),
                !thoughts.contains(needed)
            {
                throw .invalid(
                    "Item '\(id)' of type '\(item.type)' was provided without its required 'reasoning' item: '\(needed)'.",
                    param: "input")
            }
        }
    }

    private func isAnswer(_ item: Item) -> Bool {
        switch item.kind {
        case .said(let role): role == "assistant"
        case .call, .other: true
        case .result, .thoughts: false
        }
    }
}
