import Shared

/// A request for a verdict on texts and images.
///
/// - Source: OpenAI API reference, "Create moderation"; Mistral's has texts only.
enum ModerationRequest {
    static func read(
        _ body: UnsafeRawBufferPointer, _ fields: JSONObjectFields, _ request: ParsedRequest
    ) throws(ParseError) {
        request.prompt = unsafe PromptMeasurer.measure(body, messages: nil)
        let input = try PassedFields.sole(fields[PassedFields.input], "input")
        unsafe PassedFields.elements(of: input, body) { walker, first in
            let element = walker.value()
            guard first == UInt8(ascii: "{") else { return }
            // An image may be anywhere.
            let isText = unsafe BodyFacts.hasMember(type, [text], in: element, of: body)
            if !isText { request.prompt.hasUnknownInput = true }
        }
    }

    private static let type = Array("type".utf8)
    private static let text = Array("text".utf8)
}
