import Shared

/// Where the parts of one chunk of a chat stream lie that matter to whoever goes on with it.
///
/// - Shape: ranges of the chunk's bytes, which were checked to be JSON.
struct ChatChunk {
    private(set) var id: Range<Int>?
    private(set) var created: Range<Int>?
    private(set) var model: Range<Int>?
    /// From the quote in front of the name to the end of the value.
    private(set) var role: Range<Int>?
    /// The text between its quotes.
    private(set) var content: Range<Int>?
    /// Says why the answer ends.
    private(set) var isFinal = false
    /// Has something that is no text of the only choice: a tool call, thoughts, sound, a second choice.
    private(set) var hasOther = false

    init(_ bytes: UnsafeRawBufferPointer) {
        var chunk = ChatChunk()
        var walker = unsafe JSONWalker(bytes, from: 0, to: bytes.count)
        walker.members { walker, name in
            if unsafe HTTPBytes.isExactly(bytes, name, "id") {
                chunk.id = walker.value()
            } else if unsafe HTTPBytes.isExactly(bytes, name, "created") {
                chunk.created = walker.value()
            } else if unsafe HTTPBytes.isExactly(bytes, name, "model") {
                chunk.model = walker.value()
            } else if unsafe HTTPBytes.isExactly(bytes, name, "choices") {
                unsafe chunk.readChoices(&walker, bytes)
            } else {
                walker.skipValue()
            }
        }
        self = chunk
    }

    private init() {}

    private mutating func readChoices(_ walker: inout JSONWalker, _ bytes: UnsafeRawBufferPointer) {
        guard walker.next() == UInt8(ascii: "[") else { return walker.skipValue() }
        walker.position &+= 1
        var count = 0
        while case let first = walker.next(), first != 0, first != UInt8(ascii: "]") {
            count += 1
            var chunk = self
            walker.members { walker, name in
                if unsafe HTTPBytes.isExactly(bytes, name, "index") {
                    if unsafe !Self.isZero(bytes, walker.value()) { chunk.hasOther = true }
                } else if unsafe HTTPBytes.isExactly(bytes, name, "delta") {
                    unsafe chunk.readDelta(&walker, bytes)
                } else if unsafe HTTPBytes.isExactly(bytes, name, "finish_reason") {
                    chunk.isFinal = unsafe !Self.isNull(bytes, walker.value())
                } else {
                    walker.skipValue()
                }
            }
            self = chunk
        }
        walker.position &+= 1
        if count > 1 { hasOther = true }
    }

    private mutating func readDelta(_ walker: inout JSONWalker, _ bytes: UnsafeRawBufferPointer) {
        var chunk = self
        walker.members { walker, name in
            let value = walker.value()
            if unsafe HTTPBytes.isExactly(bytes, name, "role") {
                chunk.role = (name.lowerBound - 1)..<value.upperBound
            } else if unsafe HTTPBytes.isExactly(bytes, name, "content"),
                unsafe bytes[value.lowerBound] == UInt8(ascii: "\"")
            {
                chunk.content = (value.lowerBound + 1)..<(value.upperBound - 1)
            } else if unsafe !Self.isEmpty(bytes, value) {
                chunk.hasOther = true
            }
        }
        self = chunk
    }

    private static func isZero(_ bytes: UnsafeRawBufferPointer, _ value: Range<Int>) -> Bool {
        unsafe HTTPBytes.isExactly(bytes, value, "0")
    }

    private static func isNull(_ bytes: UnsafeRawBufferPointer, _ value: Range<Int>) -> Bool {
        unsafe HTTPBytes.isExactly(bytes, value, "null")
    }

    /// Servers send members that they have nothing to put into.
    private static func isEmpty(_ bytes: UnsafeRawBufferPointer, _ value: Range<Int>) -> Bool {
        unsafe isNull(bytes, value) || HTTPBytes.isExactly(bytes, value, "\"\"")
            || HTTPBytes.isExactly(bytes, value, "[]")
    }
}
