/// How many input tokens one image can make.
///
/// An image given by URL shows nothing of its size, and a small file can hold a large picture: so each counts as much as the
/// provider makes of the largest one. The facts are the providers' documents, as known in 2026-03:
///
/// - OpenAI, tiles of 512 pixels after scaling into 2048 x 2048 and to 768 on the short side, so at most 8 tiles: base + 8 x tile.
///   Patches of 32 pixels, at most 1536, times a factor of the model. <https://platform.openai.com/docs/guides/images-vision>
/// - Anthropic: width x height / 750 after scaling; at most about 1,600, 4,784 from Opus 4.7 on.
///   <https://docs.claude.com/en/docs/build-with-claude/vision>
/// - Pixtral and its successors: one token for each patch of 14 or 16 pixels, up to 1540 pixels a side, and one for each row.
///
/// A model that is not listed gets the largest of all, which also covers what open models are served with (Qwen-VL: 16,384).
enum ImageTokens {
    struct Bound: Equatable {
        var lowDetail: UInt64
        var highDetail: UInt64
    }

    static let unknownModel = Bound(lowDetail: 48_169, highDetail: 48_169)

    /// By the first row whose name is the model's, or the part of it before a `-`, `@`, `:` or `_`; what stands before a `/`
    /// is the seller, not the model.
    static func bound(model: String) -> Bound {
        let name = Array(model.utf8.split(separator: UInt8(ascii: "/")).last ?? [])
        for row in rows where name.starts(with: row.name.utf8) {
            if name.count == row.name.utf8.count { return row.bound }
            switch name[row.name.utf8.count] {
            case UInt8(ascii: "-"), UInt8(ascii: "@"), UInt8(ascii: ":"), UInt8(ascii: "_"): return row.bound
            default: continue
            }
        }
        return unknownModel
    }

    private static let rows: [(name: String, bound: Bound)] = [
        tiles("gpt-4o-mini", base: 2833, tile: 5667),
        tiles("gpt-4o", base: 85, tile: 170), tiles("chatgpt-4o", base: 85, tile: 170),
        patches("gpt-4.1-mini", percent: 162), patches("gpt-4.1-nano", percent: 246),
        tiles("gpt-4.1", base: 85, tile: 170), tiles("gpt-4.5", base: 85, tile: 170),
        patches("gpt-5-mini", percent: 162), patches("gpt-5-nano", percent: 246),
        tiles("gpt-5", base: 70, tile: 140),
        patches("o4-mini", percent: 172), tiles("o3", base: 75, tile: 150), tiles("o1", base: 75, tile: 150),
        ("claude", Bound(lowDetail: 4_784, highDetail: 4_784)),
        ("pixtral", Bound(lowDetail: 12_210, highDetail: 12_210)),
        ("mistral-small", Bound(lowDetail: 12_210, highDetail: 12_210)),
        ("mistral-medium", Bound(lowDetail: 12_210, highDetail: 12_210)),
    ]

    private static func tiles(_ name: String, base: UInt64, tile: UInt64) -> (name: String, bound: Bound) {
        (name, Bound(lowDetail: base, highDetail: base + 8 * tile))
    }

    private static func patches(_ name: String, percent: UInt64) -> (name: String, bound: Bound) {
        let most = (1536 * percent + 99) / 100
        return (name, Bound(lowDetail: most, highDetail: most))
    }
}
