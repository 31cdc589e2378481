/// Changes to a JSON text that leave every other byte as it is.
///
/// - Shape: replacements of ranges that do not overlap; an insertion replaces an empty range. The text itself is not touched:
///   the result is written as segments, partly of the text and partly of replacements.
public struct JSONEdits: Sendable {
    private struct Edit {
        var start: Int
        var end: Int
        var replacement: [UInt8]
    }

    /// By place; insertions before a replacement that begins at the same byte.
    private var edits: [Edit] = []
    /// By how many bytes the result is longer than the text.
    private var growth = 0

    public init() {}

    public var isEmpty: Bool { edits.isEmpty }

    public mutating func replace(_ range: Range<Int>, with bytes: [UInt8]) {
        let edit = Edit(start: range.lowerBound, end: range.upperBound, replacement: bytes)
        let place = edits.lastIndex { ($0.start, $0.end) <= (edit.start, edit.end) }.map { $0 + 1 } ?? 0
        precondition(place == 0 || edits[place - 1].end <= edit.start, "edits overlap")
        precondition(place == edits.count || edit.end <= edits[place].start, "edits overlap")
        growth += bytes.count - range.count
        edits.insert(edit, at: place)
    }

    /// Several insertions at one place come out in the order of the calls.
    public mutating func insert(_ bytes: [UInt8], at offset: Int) { replace(offset..<offset, with: bytes) }

    /// Gives a member of an object the value `value`: in its place when the object has the member, else as the first.
    ///
    /// `index` is the member's among the names that `object` was scanned for, `name` is the same without need of escapes.
    public mutating func set(
        _ name: StaticString, at index: Int, of object: JSONObjectFields, to value: [UInt8]
    ) {
        if let field = object[index] {
            replace(field.range, with: value)
            return
        }
        var member: [UInt8] = [UInt8(ascii: "\"")]
        name.withUTF8Buffer { unsafe member.append(contentsOf: $0) }
        member += [UInt8(ascii: "\""), UInt8(ascii: ":")]
        member += value
        // A later one goes before an earlier one, so that the comma behind it is right in an empty object too.
        let offset = object.contentStart
        let earlier = edits.firstIndex { $0.start == offset && $0.end == offset }
        if !object.isEmpty || earlier != nil { member.append(UInt8(ascii: ",")) }
        if let earlier {
            growth += member.count
            edits.insert(Edit(start: offset, end: offset, replacement: member), at: earlier)
        } else {
            insert(member, at: offset)
        }
    }

    public mutating func removeAll() {
        edits.removeAll(keepingCapacity: true)
        growth = 0
    }

    /// The length of the result for a text of `count` bytes.
    public func byteCount(editing count: Int) -> Int { count + growth }

    /// Hands out the result in order. Empty segments are left out; a segment is valid during the call only.
    public func forEachSegment<Failure: Error>(
        of text: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        var offset = 0
        for edit in edits {
            if edit.start > offset { try unsafe body(UnsafeRawBufferPointer(rebasing: text[offset..<edit.start])) }
            if !edit.replacement.isEmpty {
                try unsafe edit.replacement.withRawBytes { bytes throws(Failure) in try unsafe body(bytes) }
            }
            offset = edit.end
        }
        if offset < text.count { try unsafe body(UnsafeRawBufferPointer(rebasing: text[offset...])) }
    }

    public func apply(to text: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(byteCount(editing: text.count))
        unsafe text.withUnsafeBytes { unsafe forEachSegment(of: $0) { unsafe out.append(contentsOf: $0) } }
        return out
    }
}
