/// Where caches begin, within what a model takes.
///
/// - Shape: asked in the order in which Bedrock reads a request: tools, instructions, messages. A cache that lasts longer may not begin
///   behind one that lasts shorter: it lasts shorter then, too.
/// - Source: Bedrock's user guide, "Prompt caching"; the validation of its service.
struct BedrockCachePoints {
    enum Place { case tools, messages }

    private let model: BedrockModel
    private var hasShortOne = false

    /// What the fields are called where marks come from.
    private static let field = "cache_control"

    init(_ model: BedrockModel) { self.model = model }

    /// The mark to write; nil where none can stand.
    mutating func point(
        _ mark: CacheMark?, in place: Place, isBehindThoughts: Bool = false, into rendered: inout RenderedRequest
    ) -> CacheMark? {
        guard var mark else { return nil }
        guard place == .tools ? model.cachePlaces.tools : model.cachePlaces.messages, !isBehindThoughts else {
            rendered.drop(Self.field)
            return nil
        }
        if mark.isLong, hasShortOne || !model.cachesForAnHour {
            mark.seconds = nil
            rendered.adjust("\(Self.field).ttl")
        }
        if !mark.isLong { hasShortOne = true }
        return mark
    }
}

extension CacheMark {
    fileprivate var isLong: Bool { seconds.map { $0 > 300 } ?? false }

    /// The nearest length that is not shorter; nil: what the model does by itself, five minutes.
    var bedrockTTL: String? { seconds.map { _ in isLong ? "1h" : "5m" } }
}
