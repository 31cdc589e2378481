import Shared

/// A request to put documents into the order in which they fit a query.
///
/// - Source: Cohere's and Jina's API references, "Rerank"; vLLM, "Re-rank API".
enum RerankRequest {
    static func read(
        _ body: UnsafeRawBufferPointer, _ fields: JSONObjectFields, _ request: ParsedRequest
    ) throws(ParseError) {
        let query = try PassedFields.sole(fields[PassedFields.query], "query")
        let documents = try PassedFields.sole(fields[PassedFields.documents], "documents")
        request.prompt = unsafe PromptMeasurer.measure(body, messages: nil)
        var count: UInt64 = 0
        unsafe PassedFields.elements(of: documents, body) { walker, first in
            count += 1
            let element = walker.value()
            // Of other members nobody knows whether they are ranked, and an image has no size.
            if first == UInt8(ascii: "{"), unsafe !hasOnlyText(element, body) { request.prompt.hasUnknownInput = true }
        }
        if let query, query.kind != .string { request.prompt.hasUnknownInput = true }
        let queryBytes = UInt64(query.map { $0.end - $0.start } ?? 0)
        request.inputCount = max(1, count)
        // Each document is read together with the query, in front of it.
        request.prompt.textTokens = request.prompt.textTokens.addingSaturating(
            count.multipliedSaturating(by: queryBytes + tokensAroundPair))
        request.unitsMax = unitsMax(
            count: count, bytes: UInt64(documents.map { $0.end - $0.start } ?? 0), queryBytes: queryBytes)
    }

    /// Between query and document, and at both ends.
    private static let tokensAroundPair: UInt64 = 8

    private static func hasOnlyText(_ document: Range<Int>, _ body: UnsafeRawBufferPointer) -> Bool {
        var isText = true
        var walker = unsafe JSONWalker(body, from: document.lowerBound, to: document.upperBound)
        walker.members { walker, name in
            if unsafe !JSONString.isSame(name, of: body, as: text) || walker.next() != UInt8(ascii: "\"") {
                isText = false
            }
            walker.skipValue()
        }
        return isText
    }

    private static let text = Array("text".utf8)

    /// The most searches that it can be billed as: one has up to 100 documents, and a document that comes to more than 500 tokens together
    /// with the query counts as several.
    ///
    /// - Source: Cohere, "Pricing", search units. A token has at least one byte.
    static func unitsMax(count: UInt64, bytes: UInt64, queryBytes: UInt64) -> UInt64 {
        let room = queryBytes < 500 ? 500 - queryBytes : 1
        let pieces = count.addingSaturating(bytes / room)
        return max(1, pieces / 100 + (pieces % 100 == 0 ? 0 : 1))
    }
}
