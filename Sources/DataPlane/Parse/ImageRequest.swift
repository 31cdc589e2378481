import Shared

/// A request for images made from words.
///
/// - Source: OpenAI API reference, "Create image" and "Image generation streaming".
enum ImageRequest {
    static func read(
        _ body: UnsafeRawBufferPointer, _ fields: JSONObjectFields, _ request: ParsedRequest
    ) throws(ParseError) {
        try unsafe RequestParser.readStreaming(body, fields, request)
        request.prompt = unsafe PromptMeasurer.measure(body, messages: nil)
        request.choiceCount = max(1, try unsafe RequestParser.whole(fields[PassedFields.n], "n", body) ?? 1)
        request.unitsMax = request.choiceCount
        let partial = try unsafe RequestParser.whole(fields[PassedFields.partialImages], "partial_images", body) ?? 0
        request.addedOutputTokens = partial.multipliedSaturating(by: tokensOfPartialImage)
        request.estimatedOutputTokens = UInt32(clamping: request.choiceCount.multipliedSaturating(by: tokensUsual))
    }

    /// What each image that is shown before it is finished costs besides.
    static let tokensOfPartialImage: UInt64 = 100
    /// Of an image of 1024 x 1024 pixels in medium quality.
    private static let tokensUsual: UInt64 = 1_056
}
