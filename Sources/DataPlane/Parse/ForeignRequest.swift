import Shared
import Translate

/// A chat in another dialect than OpenAI's, or what it has to embed, as its caller sent it.
///
/// - Shape: all stages go by its translation into OpenAI's dialect, which takes the place of the body. What is here goes to providers: the body
///   itself to those that speak the same dialect, the conversation to the others.
final class ForeignRequest {
    let dialect: Dialect
    let conversation: Conversation
    /// As it came.
    let body: ByteBuffer
    /// See `InboundEndpoint`.
    let streamsAsArray: Bool
    /// What it asks to embed; nil: it is a chat.
    let embedding: EmbeddingRequest?
    /// No fewer than a provider of its own dialect makes of its texts.
    let textTokens: UInt64
    /// A provider of its own dialect gets input that does not stand in it.
    let hasUnknownInput: Bool
    /// The response that it goes on from.
    let previous: PreviousResponse?

    init(
        _ endpoint: InboundEndpoint, _ conversation: Conversation, embedding: EmbeddingRequest? = nil, body: ByteBuffer
    ) {
        self.embedding = embedding
        dialect = endpoint.dialect
        streamsAsArray = endpoint.streamsAsArray
        self.conversation = conversation
        self.body = body
        let all = unsafe PromptMeasurer.measure(body.readable, messages: nil).textTokens
        textTokens = all - min(all, conversation.mediaBytes)
        hasUnknownInput = conversation.bringsUnknownInput
        previous = PreviousResponse(of: conversation)
    }

    /// What a translated answer repeats of it.
    var echo: [JSONObject.Member] {
        guard let codec = dialect.codec as? any EchoingCodec.Type,
            // It has been read as JSON.
            let json = try? unsafe JSONValue(parsing: body.readable, allowing: .loneSurrogates)
        else { return [] }
        return codec.echo(of: json)
    }
}

/// A response that a request goes on from.
struct PreviousResponse {
    static let field = "previous_response_id"

    /// As the caller knows it, and as its provider does.
    let caller: String
    let provider: String
    /// Nil: Weir did not give it out. Whoever is asked may know it.
    let pin: ProviderPin?

    fileprivate init?(of conversation: Conversation) {
        guard let id = conversation.extras.member(Self.field, of: .responses)?.string else { return nil }
        caller = id
        let known = ProviderPin.read(id)
        provider = known?.id ?? id
        pin = known?.pin
    }
}

extension Conversation {
    /// Of images, sounds and documents that are sent along: no text, and measured by themselves.
    var mediaBytes: UInt64 {
        var bytes: UInt64 = 0
        func add(_ parts: [Part]) {
            for part in parts {
                switch part.content {
                case .image(let media), .audio(let media), .video(let media), .document(let media):
                    if case .data(let data) = media.source { bytes += UInt64(data.utf8.count) }
                case .toolResult(let result): add(result.parts)
                default: break
                }
            }
        }
        for turn in turns { add(turn.parts) }
        return bytes
    }
}

extension Conversation {
    /// What a tool of the provider's own finds, and what the provider has in store, is input that nobody sees but the provider.
    fileprivate var bringsUnknownInput: Bool {
        func isUnknown(_ part: Part) -> Bool {
            switch part.content {
            // A tool that was looked up, whose definition stands in the request, and a finding of the caller's own: all of it shows.
            case .native(let value, of: .anthropic):
                !["tool_reference", "search_result"].contains(value["type"]?.string)
            case .native, .video: true
            // Its size is known by its kind, wherever it lies.
            case .image(let media): if case .file = media.source { true } else { false }
            case .document(let media), .audio(let media):
                switch media.source {
                case .url, .file: true
                case .data, .text: false
                }
            case .toolResult(let result): result.parts.contains(where: isUnknown)
            default: false
            }
        }
        return tools.contains { if case .native = $0.kind { true } else { false } }
            || turns.contains { $0.parts.contains(where: isUnknown) }
            || tie != nil || origin?.storedInputFields.contains { extras[$0] != nil } == true
    }
}

/// Translates callers' requests.
enum RequestTranslation {
    /// Reads a request in any dialect.
    static func conversation(
        _ body: UnsafeRawBufferPointer, of call: InboundCall, in dialect: Dialect, _ endpoint: Endpoint
    ) throws(ParseError) -> Conversation {
        let json: JSONValue
        do { json = try unsafe JSONValue(parsing: body, allowing: .loneSurrogates) } catch { throw .notJSON(error) }
        do throws(TranslationError) {
            guard endpoint == .tokenCount, let codec = dialect.tokenCounting else {
                return try origin(dialect, dialect.codec.conversation(from: json, of: call))
            }
            return try origin(dialect, codec.conversationToCount(from: json, of: call))
        } catch { throw ParseError(error) }
    }

    private static func origin(_ dialect: Dialect, _ conversation: Conversation) -> Conversation {
        var conversation = conversation
        conversation.origin = dialect
        return conversation
    }

    /// What a caller opts into beside the body: the names in `anthropic-beta`, which some providers want in the body instead.
    static func betas(of head: HTTPHead, _ bytes: UnsafeRawBufferPointer) -> [String] {
        var names: [String] = []
        for field in head.fields where field.name == .ofDialect {
            guard unsafe HTTPBytes.equals(bytes, field.nameRange, "anthropic-beta") else { continue }
            let value = unsafe String(decoding: bytes[field.valueRange], as: UTF8.self)
            for name in value.split(separator: ",") {
                let name = name.drop { $0 == " " }
                if !name.isEmpty { names.append(String(name)) }
            }
        }
        return names
    }

    /// All that is said lies at the provider, or is of a kind that OpenAI's chats have no word for: a provider of the caller's dialect has.
    private static func silent(
        _ conversation: Conversation, _ traits: TargetTraits
    ) throws(TranslationError) -> [UInt8] {
        var silent = conversation
        silent.turns = [Turn(.user, [Part(.text("."))])]
        return try OpenAIChat.request(silent, for: traits).body
    }

    /// The request in OpenAI's dialect, whatever a provider of that would miss of it: what the stages go by.
    static func chat(_ conversation: Conversation) throws(ParseError) -> [UInt8] {
        var traits = TargetTraits(model: conversation.model)
        traits.quirks.cacheControl = true
        var conversation = conversation
        conversation.tie = nil
        do throws(TranslationError) {
            guard !conversation.turns.isEmpty else { return try silent(conversation, traits) }
            return try OpenAIChat.request(conversation, for: traits).body
        } catch {
            guard case .inexpressible = error else { throw ParseError(error) }
            do { return try silent(conversation, traits) } catch { throw ParseError(error) }
        }
    }
}

extension ParseError {
    init(_ error: TranslationError) {
        switch error {
        case .invalid(let field, let reason), .inexpressible(let field, let reason):
            self = .invalidField(field, reason: reason)
        case .malformed(let reason): self = .invalidField("", reason: reason)
        case .tooLarge(let limit): self = .bodyTooLarge(limit: limit)
        }
    }
}
