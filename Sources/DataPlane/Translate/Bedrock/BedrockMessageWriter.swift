import Shared

/// Writes the content of instructions and messages of a request.
///
/// - Shape: one for a request, as names of tools and documents are the same wherever they stand, and caches hang together.
/// - Errors: `inexpressible`, for media that Bedrock cannot get at and for those that the model does not take: without them, something else
///   would be asked.
struct BedrockMessageWriter {
    private(set) var names: ToolNames
    private var cachePoints: BedrockCachePoints
    private var documents = BedrockDocumentNames()
    private let capabilities: Capabilities

    init(names: ToolNames, _ cachePoints: BedrockCachePoints, _ capabilities: Capabilities) {
        self.names = names
        self.cachePoints = cachePoints
        self.capabilities = capabilities
    }

    /// A list of blocks, each with its cache point behind it.
    mutating func write(
        _ parts: [Part], to writer: inout JSONWriter, into rendered: inout RenderedRequest
    ) throws(TranslationError) {
        writer.beginArray()
        for part in parts {
            try write(part, to: &writer)
            let mark = cachePoints.point(
                part.cacheMark, in: .messages, isBehindThoughts: part.isThinking, into: &rendered)
            if let mark { BedrockBlockWriter.cachePoint(mark, to: &writer) }
        }
        writer.endArray()
    }

    private mutating func write(_ part: Part, to writer: inout JSONWriter) throws(TranslationError) {
        switch part.content {
        case .text(let text), .refusal(let text): BedrockBlockWriter.text(text, part.extras, to: &writer)
        case .image(let media):
            guard let mark = part.extras.member("guardContent", of: .bedrock) else {
                return try write(.image, media, part, to: &writer)
            }
            try BedrockBlockWriter.guarded("image", mark, to: &writer) { writer throws(TranslationError) in
                try writeMembers(.image, media, to: &writer)
            }
        case .document(let media): try write(.document, media, part, to: &writer)
        case .video(let media): try write(.video, media, part, to: &writer)
        case .audio(let media): try write(.audio, media, part, to: &writer)
        case .thinking(let thinking):
            BedrockBlockWriter.reasoning(
                text: thinking.text, signature: thinking.signature, redacted: thinking.sealed,
                thinking.extras.members(for: .bedrock), to: &writer)
        case .toolCall(let call):
            BedrockBlockWriter.toolCall(call, id: call.id, name: names.name(for: call.name), to: &writer)
        case .toolResult(let result): try write(result, part, to: &writer)
        case .native(let value, _): value.write(to: &writer)
        }
    }

    // MARK: Results

    private mutating func write(
        _ result: ToolResult, _ part: Part, to writer: inout JSONWriter
    ) throws(TranslationError) {
        try writer.object { writer throws(TranslationError) in
            writer.name("toolResult")
            try writer.object { writer throws(TranslationError) in
                writer.member("toolUseId", result.callID)
                writer.name("content")
                try writeContent(of: result, to: &writer)
                if let isError = result.isError { writer.member("status", isError ? "error" : "success") }
                BedrockBlockWriter.add(result.extras.members(for: .bedrock), to: &writer)
            }
            BedrockBlockWriter.add(part.extras.members(for: .bedrock), to: &writer)
        }
    }

    private mutating func writeContent(of result: ToolResult, to writer: inout JSONWriter) throws(TranslationError) {
        try writer.array { writer throws(TranslationError) in
            for part in result.parts {
                if part.extras.has(.json, of: .bedrock), let json = part.text {
                    writer.object { writer in
                        writer.name("json")
                        writer.raw(json)
                    }
                } else {
                    try write(part, to: &writer)
                }
            }
            // A blank text is refused, and by some models an empty list is too.
            if result.parts.isEmpty { BedrockBlockWriter.text(Self.emptyResult, Extras(), to: &writer) }
        }
    }

    /// What a tool said that had nothing to say.
    static let emptyResult = "(no output)"

    // MARK: Media

    private mutating func write(
        _ kind: BedrockMediaFormat, _ media: Media, _ part: Part, to writer: inout JSONWriter
    ) throws(TranslationError) {
        try writer.object { writer throws(TranslationError) in
            writer.name(kind.rawValue)
            try writer.object { writer throws(TranslationError) in try writeMembers(kind, media, to: &writer) }
            BedrockBlockWriter.add(part.extras.members(for: .bedrock), to: &writer)
        }
    }

    private mutating func writeMembers(
        _ kind: BedrockMediaFormat, _ media: Media, to writer: inout JSONWriter
    ) throws(TranslationError) {
        guard takes(kind) else { throw Self.inexpressible(kind, "the model takes none") }
        guard Self.isReachable(media) else {
            throw Self.inexpressible(kind, "Bedrock takes data and places in S3, no other URLs and files")
        }
        if let format = try Self.format(kind, media) { writer.member("format", format) }
        if kind == .document { writer.member("name", documents.unique(from: media.title)) }
        writer.name("source")
        Self.writeSource(media, to: &writer)
        BedrockBlockWriter.add(media.extras.members(for: .bedrock).filter { $0.name != "source" }, to: &writer)
    }

    private func takes(_ kind: BedrockMediaFormat) -> Bool {
        switch kind {
        case .image: capabilities.images
        case .document: capabilities.documents
        case .audio: capabilities.audio
        case .video: true
        }
    }

    /// nil: there is none, and need not be.
    private static func format(_ kind: BedrockMediaFormat, _ media: Media) throws(TranslationError) -> String? {
        let isText = if case .text = media.source { true } else { false }
        if let type = media.type {
            if let format = kind.format(of: type) { return format }
            guard isText else { throw inexpressible(kind, "Bedrock takes \(kind.formats), not \(type)") }
        } else if !isText {
            throw inexpressible(kind, "Bedrock wants to know of which type it is")
        }
        return media.type == nil && media.extras.dialect == .bedrock ? nil : "txt"
    }

    private static func isReachable(_ media: Media) -> Bool {
        switch media.source {
        case .data, .text: true
        case .file(let place), .url(let place):
            place.hasPrefix("s3://") || media.extras.member("source", of: .bedrock) != nil
        }
    }

    private static func writeSource(_ media: Media, to writer: inout JSONWriter) {
        if let whole = media.extras.member("source", of: .bedrock) { return whole.write(to: &writer) }
        switch media.source {
        case .data(let data): writer.object { $0.member("bytes", data) }
        case .text(let text) where media.extras.has(.textSource, of: .bedrock):
            writer.object { $0.member("text", text) }
        // Every model with documents reads files; not every one takes a text in their place.
        case .text(let text): writer.object { $0.member("bytes", Base64.encode(Array(text.utf8))) }
        case .file(let place), .url(let place):
            writer.object { writer in
                writer.name("s3Location")
                writer.object { $0.member("uri", place) }
            }
        }
    }

    private static func inexpressible(_ kind: BedrockMediaFormat, _ reason: String) -> TranslationError {
        .inexpressible(field: "messages[].content[].\(kind.rawValue)", reason: reason)
    }
}

extension Part {
    fileprivate var isThinking: Bool { if case .thinking = content { true } else { false } }
}
