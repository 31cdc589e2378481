import Shared

/// The files that a request for a model names by the identities which Weir gave out: only the provider that keeps them can answer it, and knows
/// them by identities of its own.
///
/// - Shape: values of `file_id`, and members of lists of them, wherever they stand in the body.
struct FileReferences {
    let pin: ProviderPin
    private let names: [(range: Range<Int>, id: [UInt8])]

    private static let mark = Array("-weir".utf8)
    private static let field = Array("\"file_id\"".utf8)
    /// Each is proved by itself, while others wait.
    static let countMax = 1_000

    /// - Parameter body: of the request as its provider gets it, checked to be JSON.
    /// - Returns: nil: it names none.
    /// - Errors: a file is not the key's, or they lie at different providers.
    init?(in body: UnsafeRawBufferPointer, _ places: StoredPlaces) throws(GatewayError) {
        var names: [(range: Range<Int>, id: [UInt8])] = []
        var pin: ProviderPin?
        var start = 0
        while let hit = unsafe Self.mark.withUnsafeBytes({ unsafe body.find($0, from: start) }) {
            let word = unsafe Self.word(around: hit, in: body)
            // Each word is looked at once, however often the mark stands in it.
            start = word.upperBound
            guard word.count <= StoredIdentity.idBytesMax, let range = unsafe Self.value(word, in: body) else {
                continue
            }
            let text = unsafe String(decoding: body[range], as: UTF8.self)
            guard StoredIdentity(text) != nil else { continue }
            let (identity, _, isProven) = try places.find(text, in: .files)
            guard isProven else { throw GatewayError(RouteError.unknownObject(.files, id: text)) }
            guard pin == nil || pin == identity.pin else {
                throw GatewayError(
                    ParseError.invalidField(
                        "file_id", reason: "the files of a request have to lie at one provider, under one credential"))
            }
            pin = identity.pin
            guard names.count < Self.countMax else {
                throw GatewayError(
                    ParseError.invalidField("file_id", reason: "the request names more than \(Self.countMax) files"))
            }
            names.append((range, Array(identity.id.utf8)))
        }
        guard let pin else { return nil }
        self.pin = pin
        self.names = names
    }

    /// The provider's names in the place of Weir's.
    func apply(to edits: inout JSONEdits) { for name in names { edits.replace(name.range, with: name.id) } }

    /// - Errors: `inexpressible`, where the target's provider does not keep them.
    func check(_ target: CompiledTarget) throws(AttemptError) {
        guard pin.leads(to: target) else {
            throw .inexpressible(field: "file_id", reason: "another provider keeps that file")
        }
    }

    /// All that lies around a byte of what identities are made of.
    private static func word(around hit: Int, in body: UnsafeRawBufferPointer) -> Range<Int> {
        var first = hit
        while first > 0, unsafe StoredIdentity.isPlain(body[first - 1]) { first -= 1 }
        var end = hit
        while unsafe end < body.count && StoredIdentity.isPlain(body[end]) { end += 1 }
        return first..<end
    }

    /// The same where it is a whole string, and a file's identity by its place.
    private static func value(_ word: Range<Int>, in body: UnsafeRawBufferPointer) -> Range<Int>? {
        let (first, end) = (word.lowerBound, word.upperBound)
        guard first > 0, end < body.count, unsafe body[first - 1] == quote && body[end] == quote else { return nil }
        var place = first - 2
        func skipSpace() { while unsafe place > 0 && body[place] <= 0x20 { place -= 1 } }
        skipSpace()
        guard place > 0 else { return nil }
        switch unsafe body[place] {
        case UInt8(ascii: "["), UInt8(ascii: ","): return first..<end
        case UInt8(ascii: ":"): break
        default: return nil
        }
        place -= 1
        skipSpace()
        let nameStart = place + 1 - field.count
        guard nameStart >= 0, unsafe body[nameStart...place].elementsEqual(field) else { return nil }
        return first..<end
    }

    private static let quote = UInt8(ascii: "\"")
}
