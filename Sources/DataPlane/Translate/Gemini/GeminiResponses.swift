import Shared

/// What functions answered, which Gemini wants as an object and others as text or parts.
///
/// - Shape: one text under `result`, `output` or `error` is that text; any other object is its JSON as text. The other way round, a text that is
///   an object stays one, another text becomes `{"result": text}`, and what went wrong `{"error": ...}`.
/// - Source: Google, `FunctionResponse.response`.
enum GeminiResponses {
    private static let textNames = ["result", "output", "error"]

    static func read(_ object: JSONObject, into result: inout ToolResult) {
        let only = object.members.count == 1 ? object.members.first : nil
        if let only, textNames.contains(only.name), case .string(let text) = only.value {
            if only.name == "error" { result.isError = true }
            result.parts = [Part(.text(text))]
            result.form = .text
            // Without a value, as it says nothing to other dialects: under which name the text goes back.
            result.extras.add(only.name, .null, of: .gemini)
            return
        }
        var value = JSONValue.object(object)
        if let only, only.name == "error", only.value.object != nil {
            result.isError = true
            value = only.value
        }
        result.parts = [Part(.text(String(decoding: value.bytes, as: UTF8.self)))]
    }

    static func object(of result: ToolResult) -> JSONValue {
        let text = text(of: result)
        if let name = result.extras.members(for: .gemini).first(where: isTextName)?.name {
            return .object([name: .string(text)])
        }
        let value = value(of: text)
        if result.isError == true { return .object(["error": value ?? .string(text)]) }
        return value ?? .object(["result": .string(text)])
    }

    /// Whether a member of the extras of a result only names where its text stood.
    static func isTextName(_ member: JSONObject.Member) -> Bool {
        member.value == .null && textNames.contains(member.name)
    }

    /// Texts of several parts, one per line.
    private static func text(of result: ToolResult) -> String {
        let texts = result.parts.compactMap { part -> String? in
            switch part.readable(in: .gemini).content {
            case .text(let text), .refusal(let text): return text
            case .document(let media): if case .text(let text) = media.source { return text } else { return nil }
            // Gemini's own stands beside the object.
            default: return nil
            }
        }
        return texts.joined(separator: "\n")
    }

    /// The object that the text is; nil where it is none.
    private static func value(of text: String) -> JSONValue? {
        guard text.utf8.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") else { return nil }
        // What looks like an object and is none is a text.
        return (try? JSONValue(parsing: Array(text.utf8), allowing: .all)).flatMap { $0.object != nil ? $0 : nil }
    }
}
