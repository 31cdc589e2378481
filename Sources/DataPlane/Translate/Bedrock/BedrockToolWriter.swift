import Shared

/// Writes `toolConfig`.
struct BedrockToolWriter {
    private let capabilities: Capabilities
    private let isClaude: Bool
    private let origin: Dialect?

    init(_ capabilities: Capabilities, isClaude: Bool, _ origin: Dialect?) {
        self.capabilities = capabilities
        self.isClaude = isClaude
        self.origin = origin
    }

    /// - Parameter rest: what the caller's own had besides tools and choice.
    func write(
        _ plan: BedrockToolPlan, _ rest: [JSONObject.Member], _ names: inout ToolNames,
        _ cachePoints: inout BedrockCachePoints, to writer: inout JSONWriter, into rendered: inout RenderedRequest
    ) {
        guard !plan.tools.isEmpty else {
            for member in rest { rendered.drop("toolConfig.\(member.name)") }
            return
        }
        writer.name("toolConfig")
        writer.beginObject()
        writer.name("tools")
        writer.beginArray()
        for tool in plan.tools {
            write(tool, &names, to: &writer, into: &rendered)
            let mark = cachePoints.point(tool.cacheMark, in: .tools, into: &rendered)
            if let mark { BedrockBlockWriter.cachePoint(mark, to: &writer) }
        }
        writer.endArray()
        if let choice = plan.choice { Self.write(choice, &names, to: &writer) }
        BedrockBlockWriter.add(rest, to: &writer)
        writer.endObject()
    }

    private func write(
        _ tool: Tool, _ names: inout ToolNames, to writer: inout JSONWriter, into rendered: inout RenderedRequest
    ) {
        guard case .function(let parameters) = tool.kind else {
            if case .native(let definition) = tool.kind { definition.write(to: &writer) }
            return
        }
        if tool.isStrict == true, !capabilities.jsonSchema { rendered.drop("tools[].function.strict") }
        let isStrict = capabilities.jsonSchema ? tool.isStrict : nil
        let schema = schema(parameters, isStrict: isStrict == true, into: &rendered)
        writer.object { writer in
            writer.name("toolSpec")
            writer.object { writer in
                writer.member("name", names.name(for: tool.name))
                if let summary = tool.summary, !summary.isBlank { writer.member("description", summary) }
                writer.name("inputSchema")
                writer.object { writer in
                    writer.name("json")
                    schema.write(to: &writer)
                }
                if let isStrict { writer.member("strict", isStrict) }
                BedrockBlockWriter.add(tool.extras.members(for: .bedrock), to: &writer)
            }
        }
    }

    /// An object's, and saying so. Claude takes what it takes at Anthropic.
    private func schema(
        _ parameters: JSONValue?, isStrict: Bool, into rendered: inout RenderedRequest
    ) -> JSONValue {
        guard isClaude, origin != .bedrock else {
            guard let given = parameters?.object, given["type"] != nil else {
                return .object(
                    JSONObject([.init(name: "type", value: .string("object"))] + (parameters?.object?.members ?? [])))
            }
            return .object(given)
        }
        var filter = AnthropicSchema()
        let input = filter.input(parameters)
        let schema = isStrict ? filter.strict(input) : input
        if filter.isChanged { rendered.adjust("tools[].function.parameters") }
        return schema
    }

    private static func write(_ choice: ToolChoice, _ names: inout ToolNames, to writer: inout JSONWriter) {
        let (kind, tool): (String, String?) =
            switch choice {
            case .required: ("any", nil)
            case .function(let tool): ("tool", names.name(for: tool))
            default: ("auto", nil)
            }
        writer.name("toolChoice")
        writer.object { writer in
            writer.name(kind)
            writer.object { if let tool { $0.member("name", tool) } }
        }
    }
}
