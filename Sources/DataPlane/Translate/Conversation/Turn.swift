public import Shared

/// One message.
public struct Turn: Hashable, Sendable {
    public enum Role: String, Hashable, Sendable, CaseIterable { case system, developer, user, assistant, tool }

    /// How the content stood in the dialect, where that is a choice: an answer that calls tools may have none, null or an empty text, and
    /// these are not the same to all.
    public enum Form: String, Hashable, Sendable { case parts, text, null, absent }

    public var role: Role
    public var parts: [Part]
    public var form: Form
    /// Of the participant.
    public var name: String?
    public var extras = Extras()

    public init(_ role: Role, _ parts: [Part], form: Form = .parts, name: String? = nil) {
        self.role = role
        self.parts = parts
        self.form = form
        self.name = name
    }
}

/// A piece of a message or of an answer.
public struct Part: Hashable, Sendable {
    public enum Content: Hashable, Sendable {
        case text(String)
        case refusal(String)
        case image(Media)
        case document(Media)
        case audio(Media)
        case video(Media)
        case thinking(Thinking)
        case toolCall(ToolCall)
        case toolResult(ToolResult)
        /// The whole of a part of a kind that only this dialect has.
        case native(JSONValue, of: Dialect)
    }

    public var content: Content
    public var cacheMark: CacheMark?
    public var extras = Extras()

    public init(_ content: Content, cacheMark: CacheMark? = nil) {
        self.content = content
        self.cacheMark = cacheMark
    }

    /// A piece of an answer: one that is not as its kind wants it is kept whole. Nil where it is nothing that could be one.
    init?(
        lenient block: JSONValue, of dialect: Dialect, _ read: (JSONValue) throws(TranslationError) -> Part
    ) {
        do { self = try read(block) } catch {
            guard block.object != nil else { return nil }
            self.init(.native(block, of: dialect))
        }
    }

    /// Its text, where it is one.
    public var text: String? { if case .text(let text) = content { text } else { nil } }

    /// As it stands in the result of a tool, which is data: a part of a kind that only another dialect has is at least readable there.
    func readable(in dialect: Dialect) -> Part {
        guard case .native(let value, let origin) = content, origin != dialect else { return self }
        return Part(.text(String(decoding: value.bytes, as: UTF8.self)), cacheMark: cacheMark)
    }
}

/// An image, a sound, a film or a document.
public struct Media: Hashable, Sendable {
    public enum Source: Hashable, Sendable {
        case url(String)
        /// In base64, as it was sent.
        case data(String)
        /// Stored at the provider.
        case file(String)
        /// A document that is plain text.
        case text(String)
    }

    public var source: Source
    /// `image/png`; nil where the dialect does not say.
    public var type: String?
    /// How closely an image is looked at: `low`, `high`, `auto`.
    public var detail: String?
    /// Of a document.
    public var title: String?
    public var extras = Extras()

    public init(_ source: Source, type: String? = nil, detail: String? = nil, title: String? = nil) {
        self.source = source
        self.type = type
        self.detail = detail
        self.title = title
    }
}

/// What a model thought on the way to its answer. Its provider wants it back unchanged while tools are used.
public struct Thinking: Hashable, Sendable {
    /// nil where the provider shows none.
    public var text: String?
    /// By which the provider knows its own thoughts again.
    public var signature: String?
    /// Thoughts that only the provider can read, in place of `text`.
    public var sealed: String?
    /// Which dialect's provider can read `signature` and `sealed`; another one gets none of it.
    public var origin: Dialect
    public var extras = Extras()

    public init(text: String? = nil, signature: String? = nil, sealed: String? = nil, origin: Dialect) {
        self.text = text
        self.signature = signature
        self.sealed = sealed
        self.origin = origin
    }
}

/// The model asks for a tool.
public struct ToolCall: Hashable, Sendable {
    /// Empty where the dialect has none.
    public var id: String
    public var name: String
    /// JSON as text, an object as a rule; `{}` where the model gave none.
    public var arguments: String
    /// Some providers sign a call rather than a thought.
    public var signature: String?
    public var extras = Extras()

    public init(id: String, name: String, arguments: String, signature: String? = nil) {
        self.id = id
        self.name = name
        self.arguments = arguments
        self.signature = signature
    }
}

/// What came of a tool.
public struct ToolResult: Hashable, Sendable {
    public var callID: String
    /// Of the tool, where the dialect names it.
    public var name: String?
    /// Texts, images and documents.
    public var parts: [Part]
    public var form: Turn.Form
    public var isError: Bool?
    public var extras = Extras()

    public init(callID: String, name: String? = nil, parts: [Part], form: Turn.Form = .parts, isError: Bool? = nil) {
        self.callID = callID
        self.name = name
        self.parts = parts
        self.form = form
        self.isError = isError
    }
}
