import Shared
import Translate

/// A request for embeddings in Gemini's dialect, of one content or of several, which passes to providers of that dialect.
///
/// - Source: Google, "Gemini API reference": `models.embedContent`, `models.batchEmbedContents`.
struct EmbeddingRequest {
    let isBatch: Bool
    /// Each may be as long as the model takes.
    private(set) var contentCount: UInt64 = 0
    /// Something other than text is embedded, whose tokens nobody knows by its bytes.
    private(set) var hasUnknownInput = false
    /// Where the model's name stands besides the path: each is another chance to ask for another model than the route's.
    private(set) var modelRanges: [Range<Int>] = []

    /// Ten times what Gemini takes. Each costs Weir an edit of the body.
    private static let contentCountMax = 1_000

    /// - Errors: the body is no JSON, or asks for too much at once.
    init(_ body: UnsafeRawBufferPointer, isBatch: Bool) throws(ParseError) {
        self.isBatch = isBatch
        do { _ = try unsafe JSONObjectFields(scanning: body, for: Self.noNames) } catch { throw .notJSON(error) }
        var walker = unsafe JSONWalker(body, from: 0, to: body.count)
        guard isBatch else {
            readContent(&walker)
            return
        }
        var isTooMany = false
        walker.members { walker, name in
            guard unsafe JSONString.isSame(name, of: body, as: Self.requests), walker.next() == UInt8(ascii: "[") else {
                return walker.skipValue()
            }
            walker.position += 1
            while walker.next() != UInt8(ascii: "]"), walker.next() != 0 {
                if isTooMany { walker.skipValue() } else { readContent(&walker) }
                isTooMany = contentCount > Self.contentCountMax
            }
            if walker.next() == UInt8(ascii: "]") { walker.position += 1 }
        }
        guard !isTooMany else {
            throw .invalidField(
                "requests", reason: "there are more than \(Self.contentCountMax); send the rest in another request")
        }
        contentCount = max(1, contentCount)
    }

    private static let noNames = JSONFieldNames()
    private static let requests = Array("requests".utf8)
    private static let model = Array("model".utf8)
    private static let content = Array("content".utf8)
    private static let parts = Array("parts".utf8)
    private static let role = Array("role".utf8)
    private static let text = Array("text".utf8)

    /// One content with what is said about it.
    private mutating func readContent(_ walker: inout JSONWalker) {
        contentCount += 1
        let bytes = unsafe walker.bytes
        var (models, isPlain, contents) = ([Range<Int>](), true, 0)
        walker.members { walker, name in
            if unsafe JSONString.isSame(name, of: bytes, as: Self.model) {
                models.append(walker.value())
            } else if unsafe JSONString.isSame(name, of: bytes, as: Self.content) {
                contents += 1
                isPlain = Self.isText(&walker) && isPlain
            } else {
                walker.skipValue()
            }
        }
        modelRanges += models
        // Nothing is embedded that is not there: a name that is not understood may be its.
        if !isPlain || contents != 1 { hasUnknownInput = true }
    }

    /// Whether all parts of the content that begins here are texts.
    private static func isText(_ walker: inout JSONWalker) -> Bool {
        let bytes = unsafe walker.bytes
        var isText = walker.next() == UInt8(ascii: "{")
        walker.members { walker, name in
            if unsafe JSONString.isSame(name, of: bytes, as: parts), walker.next() == UInt8(ascii: "[") {
                walker.position += 1
                while walker.next() != UInt8(ascii: "]"), walker.next() != 0 {
                    if walker.next() != UInt8(ascii: "{") { isText = false }
                    walker.members { walker, name in
                        if unsafe !JSONString.isSame(name, of: bytes, as: text) { isText = false }
                        walker.skipValue()
                    }
                }
                if walker.next() == UInt8(ascii: "]") { walker.position += 1 }
            } else {
                if unsafe !JSONString.isSame(name, of: bytes, as: role) { isText = false }
                walker.skipValue()
            }
        }
        return isText
    }

    // MARK: What becomes of it

    /// What the stages go by in place of the body, which names the model in the path.
    static func standIn(model: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { $0.member("model", model) }
        return writer.bytes
    }

    /// The target's name for the model wherever the body has one.
    func edits(for target: CompiledTarget) -> JSONEdits {
        var edits = JSONEdits()
        for range in modelRanges { edits.replace(range, with: target.modelResourceJSON) }
        return edits
    }
}
