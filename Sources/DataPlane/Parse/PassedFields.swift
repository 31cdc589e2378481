import Shared

/// The fields that Weir reads in requests to OpenAI's endpoints besides chat.
enum PassedFields {
    /// The first eight as in the table of chats: what edits a body goes by their places.
    static let names = JSONFieldNames(
        "model", "stream", "stream_options", "max_tokens", "max_completion_tokens", "n", "user", "messages", "prompt",
        "best_of", "service_tier", "query", "documents", "input", "instructions", "partial_images")

    static let maxTokens = 3, maxCompletionTokens = 4, n = 5, prompt = 8, bestOf = 9, serviceTier = 10, query = 11,
        documents = 12, input = 13, instructions = 14, partialImages = 15

    /// Of a request that has no body of fields.
    static func none() throws(ParseError) -> JSONObjectFields {
        do { return try JSONObjectFields(scanning: Array("{}".utf8), for: names) } catch { throw .notJSON(error) }
    }

    /// Which of two decides is read differently by different parsers.
    static func sole(_ field: JSONField?, _ name: StaticString) throws(ParseError) -> JSONField? {
        guard let field, field.occurrences > 1 else { return field }
        throw .duplicateField(name)
    }

    /// Each element of an array by its first byte, which `body` steps over; nothing for what is no array.
    static func elements(
        of field: JSONField?, _ bytes: UnsafeRawBufferPointer, _ body: (inout JSONWalker, UInt8) -> Void
    ) {
        guard let field, field.kind == .array else { return }
        var walker = unsafe JSONWalker(bytes, from: field.start + 1, to: field.end)
        while true {
            let first = walker.next()
            if first == 0 || first == UInt8(ascii: "]") { return }
            body(&walker, first)
        }
    }
}
