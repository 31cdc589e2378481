import Shared
import Translate

/// Puts a stream that a caller gets together to the whole answer that it says, and holds it to the rules of its dialect.
protocol CallerStream {
    init()
    /// One event: its name, where the dialect names events, and its data.
    mutating func feed(_ name: String, _ data: JSONValue) throws
    /// The mark of the end, in the dialect that has one.
    mutating func feedEnd() throws
    func whole() throws -> JSONValue
    /// A whole answer without what the events of a stream have no place for: what only the provider's own callers see, and they get its
    /// stream as it is.
    static func comparable(_ answer: JSONValue) -> JSONValue?
}

/// A stream that no client of its dialect would understand.
struct StreamFault: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension Dialect {
    var callerStream: any CallerStream.Type {
        switch self {
        case .openai, .bedrock: OpenAICallerStream.self
        case .responses: ResponsesCallerStream.self
        case .anthropic: AnthropicCallerStream.self
        case .gemini: GeminiCallerStream.self
        }
    }
}

extension CallerStream {
    static func whole(_ bytes: [UInt8], in dialect: Dialect) throws -> JSONValue {
        var stream = Self()
        for message in try ProviderStream.messages(of: [bytes[...]], in: dialect) {
            if message.data == Array("[DONE]".utf8) {
                try stream.feedEnd()
            } else {
                try stream.feed(String(decoding: message.name, as: UTF8.self), DialectCell.json(message.data))
            }
        }
        return try stream.whole()
    }

}

extension JSONObject {
    mutating func remove(_ names: String...) {
        for name in names { self[name] = nil }
    }

    /// Changes the object that a member is.
    mutating func amend(_ name: String, _ change: (inout JSONObject) -> Void) {
        guard var object = self[name]?.object else { return }
        change(&object)
        self[name] = .object(object)
    }

    /// Changes each object in the list that a member is.
    mutating func amendEach(_ name: String, _ change: (inout JSONObject) -> Void) {
        guard let elements = self[name]?.array else { return }
        self[name] = .array(
            elements.map { element in
                guard var object = element.object else { return element }
                change(&object)
                return .object(object)
            })
    }

    /// Appends a text to the text that a member is.
    mutating func extend(_ name: String, with text: String) {
        self[name] = .string((self[name]?.string ?? "") + text)
    }

    /// Appends to the list that a member is.
    mutating func extend(_ name: String, with elements: [JSONValue]) {
        self[name] = .array((self[name]?.array ?? []) + elements)
    }
}
