import Shared

/// What bounds a completion of the older kind, which goes on with prompts instead of answering messages.
///
/// - Source: OpenAI API reference, "Create completion". Servers of open models speak it too.
enum CompletionRequest {
    private typealias Field = PassedFields

    /// - Errors: a number that Weir cannot read, or a prompt that no two readers need read alike.
    static func read(
        _ body: UnsafeRawBufferPointer, _ fields: JSONObjectFields, _ request: ParsedRequest
    ) throws(ParseError) {
        try unsafe RequestParser.readOutputBounds(body, fields, request)
        let shown = try unsafe RequestParser.whole(fields[Field.n], "n", body) ?? 1
        // All that are made are billed, whether or not they are shown.
        let made = try unsafe RequestParser.whole(fields[Field.bestOf], "best_of", body) ?? 1
        request.choiceCount = max(1, max(shown, made)).multipliedSaturating(
            by: try unsafe promptCount(fields[Field.prompt], body))
        request.prompt = unsafe PromptMeasurer.measure(body, messages: nil)
        request.wantsStandardTier = unsafe RequestParser.isStandardTier(fields[Field.serviceTier], body)
    }

    /// How many prompts there are: a text is one, and so is a list of tokens; a list of either is as many.
    private static func promptCount(
        _ field: JSONField?, _ body: UnsafeRawBufferPointer
    ) throws(ParseError) -> UInt64 {
        guard let field = try PassedFields.sole(field, "prompt") else { return 1 }
        guard field.kind == .array else { return 1 }
        var count: UInt64 = 0
        var isTokens = true
        unsafe PassedFields.elements(of: field, body) { walker, first in
            if first == UInt8(ascii: "\"") || first == UInt8(ascii: "[") { isTokens = false }
            walker.skipValue()
            count += 1
        }
        return isTokens ? 1 : max(1, count)
    }

    /// Sets the bound of the answer. This endpoint knows only its older name, but a caller who sends both may have a server that reads both.
    static func setOutputBound(_ bound: UInt64, _ fields: JSONObjectFields, _ edits: inout JSONEdits) {
        let value = Array(String(bound).utf8)
        edits.set("max_tokens", at: Field.maxTokens, of: fields, to: value)
        if fields[Field.maxCompletionTokens] != nil {
            edits.set("max_completion_tokens", at: Field.maxCompletionTokens, of: fields, to: value)
        }
    }
}
