import Shared
import Translate

/// The usage of answers that pass, where it is not written as in a chat of OpenAI's.
enum PassedUsage {
    /// The top-level field that holds it.
    static func field(of request: ParsedRequest) -> String {
        request.dialect == .gemini ? "usageMetadata" : "usage"
    }

    /// What a whole answer says that it used; nil when it says nothing that can be read.
    static func read(answer bytes: UnsafeRawBufferPointer, to request: ParsedRequest) -> TokenUsage? {
        var capture = JSONFieldCapture(name: field(of: request))
        unsafe capture.feed(bytes)
        return capture.value.flatMap { read($0, of: request) }
    }

    /// What the value of `field` says.
    static func read(_ value: [UInt8], of request: ParsedRequest) -> TokenUsage? {
        guard let json = try? JSONValue(parsing: value), json.object != nil else { return nil }
        guard request.dialect == .gemini else { return nil }
        return json["promptTokenCount"] == nil ? nil : GeminiContent.usage(fromMetadata: json)
    }
}
