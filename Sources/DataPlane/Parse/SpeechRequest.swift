import Shared

/// A request for words to be spoken.
///
/// - Source: OpenAI API reference, "Create speech".
enum SpeechRequest {
    static func read(
        _ body: UnsafeRawBufferPointer, _ fields: JSONObjectFields, _ request: ParsedRequest
    ) throws(ParseError) {
        request.prompt = unsafe PromptMeasurer.measure(body, messages: nil)
        let input = try PassedFields.sole(fields[PassedFields.input], "input")
        // A byte that goes on with a character begins none.
        let characters = unsafe input?.withString(in: body) { unsafe $0.count { $0 & 0xc0 != 0x80 } }
        request.characterCount = characters.map { UInt64($0) } ?? request.prompt.textTokens
        request.estimatedOutputTokens = UInt32(clamping: request.characterCount + request.characterCount / 2)
    }
}
