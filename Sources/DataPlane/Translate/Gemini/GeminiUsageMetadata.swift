import Shared

/// `usageMetadata`, both ways.
///
/// - Source: Google, `GenerateContentResponse.UsageMetadata`; Vertex AI's `trafficType`.
enum GeminiUsageMetadata {
    /// Counts that the form has; the others are its extras.
    private static let counted = [
        "promptTokenCount", "cachedContentTokenCount", "candidatesTokenCount", "thoughtsTokenCount", "totalTokenCount",
    ]

    // MARK: Reading

    static func usage(_ value: JSONValue?) -> TokenUsage? {
        guard let object = value?.object else { return nil }
        var usage = GeminiUsage()
        for member in object.members {
            switch member.name {
            case "promptTokenCount": usage.prompt = count(member.value)
            case "toolUsePromptTokenCount": usage.toolUsePrompt = count(member.value)
            case "cachedContentTokenCount": usage.cachedContent = count(member.value)
            case "candidatesTokenCount": usage.candidates = count(member.value)
            case "thoughtsTokenCount": usage.thoughts = count(member.value)
            case "promptTokensDetails": read(member.value, &usage.promptAudio, &usage.promptImage)
            case "cacheTokensDetails": read(member.value, &usage.cachedAudio, &usage.cachedImage)
            case "candidatesTokensDetails": read(member.value, &usage.candidatesAudio, &usage.candidatesImage)
            case "trafficType", "serviceTier":
                if let tier = member.value.string.flatMap({ ServiceTier(reported: $0) }) { usage.serviceTier = tier }
            default: break
            }
        }
        return usage.normalized
    }

    static func extras(_ value: JSONValue?) -> Extras {
        var extras = Extras()
        for member in value?.object?.members ?? [] where !counted.contains(member.name) {
            extras.add(member.name, member.value, of: .gemini)
        }
        return extras
    }

    private static func count(_ value: JSONValue) -> UInt64 {
        UInt64(clamping: GeminiNames.whole(value) ?? 0)
    }

    private static func read(_ details: JSONValue, _ audio: inout UInt64, _ image: inout UInt64) {
        for detail in details.array ?? [] {
            guard let modality = detail["modality"]?.string, let tokens = detail["tokenCount"].map(count) else {
                continue
            }
            if modality == "AUDIO" { audio = audio.addingSaturating(tokens) }
            if modality == "IMAGE" { image = image.addingSaturating(tokens) }
        }
    }

    // MARK: Writing

    /// - Parameter extras: what Gemini itself said besides, which goes back as it was.
    static func write(_ usage: TokenUsage, extras: Extras = Extras(), to writer: inout JSONWriter) {
        let rest = extras.members(for: .gemini)
        let toolUse = rest.first { $0.name == "toolUsePromptTokenCount" }.map { count($0.value) } ?? 0
        let input = UInt64(usage.input)
        writer.beginObject()
        writer.member("promptTokenCount", input - min(toolUse, input))
        writer.member("candidatesTokenCount", usage.output - min(usage.reasoning, usage.output))
        writer.member("totalTokenCount", input + UInt64(usage.output))
        if usage.cachedInput > 0 { writer.member("cachedContentTokenCount", usage.cachedInput) }
        if usage.reasoning > 0 { writer.member("thoughtsTokenCount", usage.reasoning) }
        for member in rest { GeminiPartWriter.write(member, to: &writer) }
        if !rest.contains(where: { $0.name == "promptTokensDetails" }) {
            write("promptTokensDetails", usage.input, usage.audioInput, usage.imageInput, to: &writer)
        }
        if !rest.contains(where: { $0.name == "candidatesTokensDetails" }) {
            let output = usage.output - min(usage.reasoning, usage.output)
            write("candidatesTokensDetails", output, usage.audioOutput, usage.imageOutput, to: &writer)
        }
        writer.endObject()
    }

    /// Only where not all of it is text.
    private static func write(
        _ name: String, _ total: UInt32, _ audio: UInt32, _ image: UInt32, to writer: inout JSONWriter
    ) {
        guard audio > 0 || image > 0 else { return }
        let text = total - min(audio.addingSaturating(image), total)
        writer.name(name)
        writer.beginArray()
        for (modality, count) in [("TEXT", text), ("AUDIO", audio), ("IMAGE", image)] where count > 0 {
            writer.object {
                $0.member("modality", modality)
                $0.member("tokenCount", count)
            }
        }
        writer.endArray()
    }
}
