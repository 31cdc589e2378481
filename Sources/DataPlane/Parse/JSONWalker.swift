import Shared

/// The steps of a walk over JSON that has been checked: from value to value, no further than it is asked to, without allocating.
@safe struct JSONWalker {
    let bytes: UnsafeRawBufferPointer
    /// Where the walk ends, behind the last byte of what is walked over.
    let end: Int
    var position: Int

    init(_ bytes: UnsafeRawBufferPointer, from position: Int, to end: Int) {
        unsafe self.bytes = unsafe bytes
        self.end = end
        self.position = position
    }

    /// The first byte of the next value or name, over white space, commas and colons; it stays. 0 at the end.
    @inline(__always)
    mutating func next() -> UInt8 {
        while position < end {
            let byte = unsafe bytes[position]
            switch byte {
            case 0x20, 0x0a, 0x0d, 0x09, UInt8(ascii: ","), UInt8(ascii: ":"): position &+= 1
            default: return byte
            }
        }
        return 0
    }

    /// From an opening quote to behind the closing one; where the text lies, quotes excluded.
    ///
    /// - Parameter escape: gets where a backslash is, and says where the text goes on behind its escape.
    @inline(__always)
    mutating func text(_ escape: (Int) -> Int = { $0 &+ 2 }) -> Range<Int> {
        let start = position &+ 1
        var index = start
        while index < end {
            index = unsafe JSONText.endOfPlainText(bytes, from: index)
            guard index < end else { break }
            switch unsafe bytes[index] {
            case UInt8(ascii: "\""):
                position = index &+ 1
                return start..<index
            case UInt8(ascii: "\\"): index = escape(index)
            default: index &+= 1
            }
        }
        position = end
        return start..<max(start, end)
    }

    mutating func skipValue() {
        var depth = 0
        while position < end {
            switch next() {
            case UInt8(ascii: "\""): _ = text()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                position &+= 1
                depth &+= 1
                continue
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                // Never the closing of what holds this value: a value comes first.
                position &+= 1
                depth &-= 1
            case 0: return
            default: skipScalar()
            }
            if depth <= 0 { return }
        }
    }

    /// Steps over the value that comes next, and returns where it lies, quotes and brackets included.
    mutating func value() -> Range<Int> {
        _ = next()
        let start = position
        skipValue()
        return start..<position
    }

    /// Each member of the object that begins here, by where its name lies, quotes excluded; what is no object is stepped over.
    ///
    /// - Parameter body: steps over the value.
    mutating func members(_ body: (inout JSONWalker, Range<Int>) -> Void) {
        guard next() == UInt8(ascii: "{") else { return skipValue() }
        position &+= 1
        while next() == UInt8(ascii: "\"") {
            let name = text()
            _ = next()
            body(&self, name)
        }
        if next() == UInt8(ascii: "}") { position &+= 1 }
    }

    /// Each element of the array that begins here; what is no array is stepped over.
    ///
    /// - Parameter body: steps over the element.
    mutating func elements(_ body: (inout JSONWalker) -> Void) {
        guard next() == UInt8(ascii: "[") else { return skipValue() }
        position &+= 1
        while case let first = next(), first != 0, first != UInt8(ascii: "]") { body(&self) }
        if next() == UInt8(ascii: "]") { position &+= 1 }
    }

    /// A number or a literal: at least one byte.
    private mutating func skipScalar() {
        position &+= 1
        while position < end {
            switch unsafe bytes[position] {
            case 0x20, 0x0a, 0x0d, 0x09, UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"): return
            default: position &+= 1
            }
        }
    }
}
