import Shared

/// Reads what a caller's request says beside its contents.
extension GeminiRequestReader {
    // MARK: Tools

    mutating func readTools(_ members: inout MemberReader) throws(TranslationError) {
        let path = members.path["tools"]
        for (index, value) in (try members.array("tools") ?? []).enumerated() {
            var tool = try MemberReader(gemini: value, at: path[index])
            let functions = try tool.array("functionDeclarations") ?? []
            for (place, value) in functions.enumerated() {
                conversation.tools.append(try function(value, at: path[index]["functionDeclarations"][place]))
            }
            // One object may have several that Google runs; each is written as an object of its own.
            for member in tool.leftovers(of: .gemini).members where member.value != .null {
                let native = JSONValue.object([member.name: member.value])
                conversation.tools.append(Tool(name: member.name, kind: .native(native)))
            }
        }
    }

    private func function(_ value: JSONValue, at path: FieldPath) throws(TranslationError) -> Tool {
        var members = try MemberReader(gemini: value, at: path)
        let name = try members.requiredString("name")
        let summary = try members.string("description")
        let own = try members.object("parameters").map { GeminiSchemaReader.jsonSchema(from: .object($0)) }
        let parameters = own ?? members.value("parametersJsonSchema")
        var tool = Tool(name: name, summary: summary, kind: .function(parameters: parameters))
        tool.extras = members.leftovers(of: .gemini)
        return tool
    }

    mutating func readToolConfig(_ config: MemberReader) throws(TranslationError) {
        var config = config
        let whole = config.value("functionCallingConfig")
        if let whole {
            var calling = try MemberReader(gemini: whole, at: config.path["functionCallingConfig"])
            let mode = try calling.string("mode")
            let names = try calling.strings("allowedFunctionNames") ?? []
            switch (mode?.uppercased(), names.count) {
            case (nil, 0), ("MODE_UNSPECIFIED", _): break
            case ("NONE", _): conversation.toolChoice = ToolChoice.none
            case ("AUTO", 0): conversation.toolChoice = .automatic
            case ("ANY", 0): conversation.toolChoice = .required
            case ("ANY", 1): conversation.toolChoice = .function(names[0])
            case ("ANY", _): conversation.toolChoice = .among(names, isRequired: true)
            case ("VALIDATED", 0):
                conversation.toolChoice = .automatic
                conversation.extras.add(GeminiPaths.callingMode, .string("VALIDATED"), of: .gemini)
            case (nil, _), ("AUTO", _), ("VALIDATED", _):
                conversation.toolChoice = .among(names, isRequired: false)
            default: conversation.toolChoice = .native(whole)
            }
            keep(calling, under: GeminiPaths.calling)
        }
        keep(config, under: GeminiPaths.toolConfig)
    }

    // MARK: Generation

    mutating func readGenerationConfig(_ config: MemberReader) throws(TranslationError) {
        var config = config
        conversation.outputTokensMax = try config.count("maxOutputTokens")
        conversation.stops = try config.strings("stopSequences") ?? []
        conversation.sampling.temperature = try config.number("temperature")
        conversation.sampling.topP = try config.number("topP")
        conversation.sampling.topK = try config.number("topK")
        conversation.sampling.frequencyPenalty = try config.number("frequencyPenalty")
        conversation.sampling.presencePenalty = try config.number("presencePenalty")
        conversation.sampling.seed = try config.whole("seed").map { JSONNumber($0) }
        conversation.sampling.choices = try config.count("candidateCount")
        conversation.sampling.logprobs = try config.boolean("responseLogprobs")
        conversation.sampling.topLogprobs = try config.count("logprobs")
        try readFormat(&config)
        if let thinking = try config.message("thinkingConfig") { try readThinking(thinking) }
        let modalities = try config.strings("responseModalities") ?? []
        // Text alone is what there is without it.
        if !modalities.isEmpty, modalities.map({ $0.uppercased() }) != ["TEXT"] {
            let values = modalities.map { JSONValue.string($0) }
            conversation.extras.add(GeminiPaths.generation + "responseModalities", .array(values), of: .gemini)
        }
        keep(config, under: GeminiPaths.generation)
    }

    private mutating func readFormat(_ config: inout MemberReader) throws(TranslationError) {
        let type = try config.string("responseMimeType")
        let own = try config.object("responseSchema")
        let schema = own.map { GeminiSchemaReader.jsonSchema(from: .object($0)) } ?? config.value("responseJsonSchema")
        switch type {
        case nil where schema == nil: break
        case nil, "application/json":
            conversation.format = schema.map { .schema(OutputSchema(schema: $0)) } ?? .json
        case "text/plain" where schema == nil: conversation.format = .text
        case let other?:
            // One of several words as plain text: no other dialect has that.
            conversation.extras.add(GeminiPaths.generation + "responseMimeType", .string(other), of: .gemini)
            guard let schema = own.map({ JSONValue.object($0) }) else { break }
            conversation.extras.add(GeminiPaths.generation + "responseSchema", schema, of: .gemini)
        }
    }

    private mutating func readThinking(_ thinking: MemberReader) throws(TranslationError) {
        var thinking = thinking
        var reasoning = Reasoning(includesThoughts: try thinking.boolean("includeThoughts"))
        let path = thinking.path
        switch try thinking.whole("thinkingBudget") {
        case nil: break
        case 0?: reasoning.amount = .off
        case .some(-1): reasoning.amount = .automatic
        case let budget?:
            guard budget > 0 else { throw path["thinkingBudget"].wants("-1, 0 or a number of tokens") }
            reasoning.amount = .tokens(UInt64(budget))
        }
        if let level = try thinking.string("thinkingLevel")?.lowercased(), level != "thinking_level_unspecified" {
            guard let effort = Reasoning.Effort(rawValue: level) else {
                throw path["thinkingLevel"].wants("MINIMAL, LOW, MEDIUM or HIGH")
            }
            reasoning.amount = .effort(effort)
        }
        reasoning.extras = thinking.leftovers(of: .gemini)
        conversation.reasoning = reasoning
    }
}

/// Where extras of objects that the form has not stand.
enum GeminiPaths {
    static let generation = "generationConfig."
    static let toolConfig = "toolConfig."
    static let calling = "toolConfig.functionCallingConfig."
    static let callingMode = "toolConfig.functionCallingConfig.mode"
}
