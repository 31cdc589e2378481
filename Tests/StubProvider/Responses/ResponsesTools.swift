import Shared

/// The tools of a request for a response, and how they are to be used.
///
/// - Source: OpenAI API reference, "Create a model response"; "Function calling"; the messages of its errors.
struct ResponsesTools {
    typealias Field = RequestField<ResponsesWording>

    /// The functions: what OpenAI runs itself is never called.
    private(set) var offer = ToolOffer()
    /// As the response repeats them.
    private(set) var echo: [JSONValue] = []
    private(set) var tokens = 0

    private static let hosted = [
        "apply_patch", "code_interpreter", "computer", "computer_use_preview", "custom", "file_search",
        "image_generation", "local_shell", "mcp", "namespace", "programmatic_tool_calling", "shell", "tool_search",
        "web_search", "web_search_2025_08_26", "web_search_preview", "web_search_preview_2025_03_11",
    ]

    init(of body: Field) throws(ProviderError) {
        let tools = try body.optional("tools")?.elements() ?? []
        for tool in tools { try read(tool) }
        if let sent = body.optional("tools") { tokens = Tokens.json(sent.value) }
        offer.allowsParallelCalls = try body.optional("parallel_tool_calls")?.boolean() ?? true
        if let choice = body.optional("tool_choice") { try read(choice: choice, hasTools: !tools.isEmpty) }
    }

    private mutating func read(_ tool: Field) throws(ProviderError) {
        let type = try tool.required("type").word(of: ["function"] + Self.hosted)
        guard type == "function" else { return echo.append(tool.value) }
        let name = try tool.required("name").name()
        try tool.only([
            "type", "name", "description", "parameters", "strict", "async", "allowed_callers", "defer_loading",
            "output_schema",
        ])
        _ = try tool.optional("description")?.string()
        let isStrict = try tool.optional("strict")?.boolean()
        let parameters = tool.optional("parameters")
        if let parameters {
            let schema = StrictSchema(
                what: "function '\(name)'", path: parameters.path, code: "invalid_function_parameters")
            guard try parameters.object()["type"] == "object" else {
                throw schema.invalid(
                    "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"\(parameters.value["type"]?.string ?? "None")\"'."
                )
            }
            if isStrict == true { try schema.check(parameters.value) }
        }
        offer.tools.append((name, parameters?.value))
        echo.append([
            "type": "function", "description": tool.optional("description")?.value ?? .null, "name": .string(name),
            "parameters": parameters?.value ?? .null, "strict": .boolean(isStrict ?? true),
        ])
    }

    private mutating func read(choice: Field, hasTools: Bool) throws(ProviderError) {
        guard choice.kind == .object else {
            let word = try choice.word(of: ["none", "auto", "required"])
            guard hasTools || word != "required" else {
                throw .invalid(
                    "Tool choice 'required' must be specified with 'tools' parameter.", param: "tool_choice")
            }
            offer.demand = word == "none" ? .never : word == "auto" ? .automatic : .always
            return
        }
        switch try choice.required("type").string() {
        case "function":
            try choice.only(["type", "name"])
            let name = try choice.required("name").name()
            guard offer.tools.contains(where: { $0.name == name }) else {
                throw .invalid("Tool choice 'function' not found in 'tools' parameter.", param: "tool_choice")
            }
            offer.demand = .named(name)
        case "allowed_tools":
            try choice.only(["type", "mode", "tools"])
            let mode = try choice.required("mode").word(of: ["auto", "required"])
            var names: [String?] = []
            for tool in try choice.required("tools").elements() { names.append(try tool.optional("name")?.string()) }
            offer.tools = offer.tools.filter { names.contains($0.name) }
            offer.demand = mode == "auto" ? .automatic : .always
        case let type where Self.hosted.contains(type): offer.demand = .automatic
        case let type:
            throw ResponsesWording.unsupported(
                type, at: choice.path + ".type", want: ["function", "allowed_tools"] + Self.hosted)
        }
    }
}

/// What a schema has to be where answers are held to it to the letter.
///
/// - Source: OpenAI, "Structured Outputs", "Supported schemas"; the messages of its errors.
struct StrictSchema {
    /// Whose schema it is.
    let what: String
    let path: String
    let code: String

    func invalid(_ message: String) -> ProviderError {
        .invalid("Invalid schema for \(what): \(message)", param: path, code: code)
    }

    func check(_ schema: JSONValue) throws(ProviderError) { try check(schema, in: [], depth: 0) }

    private func check(_ schema: JSONValue, in context: [String], depth: Int) throws(ProviderError) {
        guard let object = schema.object, depth < 64 else { return }
        let place = "In context=(" + context.map { "'\($0)'" }.joined(separator: ", ") + "), "
        if object["type"] == "object" {
            guard let properties = object["properties"]?.object else {
                throw invalid(place + "object schema missing properties.")
            }
            guard object["additionalProperties"] == .boolean(false) else {
                throw invalid(place + "'additionalProperties' is required to be supplied and to be false.")
            }
            let required = (object["required"]?.array ?? []).compactMap(\.string)
            if let missing = properties.names.first(where: { !required.contains($0) }) {
                throw invalid(
                    place
                        + "'required' is required to be supplied and to be an array including every key in properties. Missing '\(missing)'."
                )
            }
        }
        guard object["type"] != "array" || object["items"] != nil else {
            throw invalid(place + "array schema missing items.")
        }
        for name in ["properties", "$defs", "definitions"] {
            for member in object[name]?.object?.members ?? [] {
                try check(member.value, in: context + [name, member.name], depth: depth + 1)
            }
        }
        if let items = object["items"] { try check(items, in: context + ["items"], depth: depth + 1) }
        for (index, one) in (object["anyOf"]?.array ?? []).enumerated() {
            try check(one, in: context + ["anyOf", "\(index)"], depth: depth + 1)
        }
    }
}
