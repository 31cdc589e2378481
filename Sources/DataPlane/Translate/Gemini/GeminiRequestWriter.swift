import Shared

/// Writes a `GenerateContentRequest` for a target.
///
/// - Shape: what the target cannot take is in the `dropped` and `adjusted` of the result, under the names that callers of OpenAI's dialect have
///   for it. Not reported is what changes no answer: marks of caches, as Gemini remembers by itself, and thoughts that only their own provider
///   can read.
struct GeminiRequestWriter {
    let conversation: Conversation
    let target: TargetTraits
    let family: GeminiFamily
    var rendered = RenderedRequest()
    var names: ToolNames
    var writer = JSONWriter()

    /// - Source: Google, `FunctionDeclaration.name`; 64 is what all versions of the API take.
    static let nameCountMax = 64

    static func request(
        _ conversation: Conversation, for target: TargetTraits
    ) throws(TranslationError) -> RenderedRequest {
        var writer = GeminiRequestWriter(conversation, target)
        try writer.write()
        return writer.rendered
    }

    private init(_ conversation: Conversation, _ target: TargetTraits) {
        self.conversation = conversation
        self.target = target
        family = GeminiFamily(model: target.model)
        names = ToolNames(countMax: Self.nameCountMax, of: Self.toolNames(conversation), alphabet: .gemini)
    }

    /// Who speaks this dialect knows what is peculiar to it.
    var isOurs: Bool { conversation.origin == .gemini }

    private static func toolNames(_ conversation: Conversation) -> [String] {
        var all = conversation.tools.map(\.name)
        for turn in conversation.turns {
            for part in turn.parts { if case .toolCall(let call) = part.content { all.append(call.name) } }
        }
        return all
    }

    private mutating func write() throws(TranslationError) {
        writer.beginObject()
        try writeHistory()
        let formatTool = self.formatTool()
        writeTools(with: formatTool)
        writeToolConfig(forcing: formatTool?.name)
        writeGenerationConfig(isFormatTool: formatTool != nil)
        writeRest()
        writer.endObject()
        rendered.body = writer.bytes
        rendered.reading.toolNames = names.changed
        rendered.reading.formatTool = formatTool?.name
    }

    private mutating func writeRest() {
        if conversation.endUser != nil { rendered.drop("user") }
        if let labels = conversation.metadata, !labels.members.isEmpty {
            // Only Vertex AI has labels: a caller who sent some knows that.
            if isOurs {
                writer.name("labels")
                JSONValue.object(labels).write(to: &writer)
            } else {
                rendered.drop("metadata")
            }
        }
        if let tier = conversation.serviceTier { writeServiceTier(tier) }
        for member in conversation.extras.members(for: .gemini)
        where !member.name.contains(".") {
            GeminiPartWriter.write(member, to: &writer)
        }
        for name in conversation.extras.lost(to: .gemini) { rendered.drop(name) }
    }

    private mutating func writeServiceTier(_ tier: String) {
        switch tier.lowercased() {
        // Nothing is what says "as the project is set".
        case "auto", "unspecified": break
        case "standard", "default", "standard_only": writer.member("serviceTier", "standard")
        case "flex": writer.member("serviceTier", "flex")
        case "priority": writer.member("serviceTier", "priority")
        default: rendered.drop("service_tier")
        }
    }

    /// Extras of an object that the form has not, which stand under `prefix`.
    func members(under prefix: String) -> [JSONObject.Member] {
        conversation.extras.members(for: .gemini).compactMap { member in
            guard member.name.hasPrefix(prefix) else { return nil }
            let name = String(member.name.dropFirst(prefix.count))
            return name.contains(".") ? nil : JSONObject.Member(name: name, value: member.value)
        }
    }

    mutating func drop(_ extras: Extras, under path: String) {
        for name in extras.lost(to: .gemini) { rendered.drop(path + name) }
    }
}
