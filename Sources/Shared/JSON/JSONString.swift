/// The inside of strings of JSON that has been checked.
public enum JSONString {
    /// The text of `content`, which lies between the quotes of a string. Nil when it has half of a surrogate pair, which no UTF-8 can express.
    static func decode(_ content: UnsafeRawBufferPointer) -> [UInt8]? {
        var out: [UInt8] = []
        out.reserveCapacity(content.count)
        return unsafe append(0..<content.count, of: content, to: &out) ? out : nil
    }

    /// Appends the text of `range`, which lies between the quotes of a string, as far as `out` has room for `countMax` bytes.
    ///
    /// - Shape: what is cut off may end inside a character.
    /// - Returns: false where half of a surrogate pair, which no text can have, became U+FFFD.
    @discardableResult
    public static func append(
        _ range: Range<Int>, of bytes: UnsafeRawBufferPointer, to out: inout [UInt8], countMax: Int = .max
    ) -> Bool {
        var isText = true
        var index = range.lowerBound
        while index < range.upperBound, out.count < countMax {
            let byte = unsafe bytes[index]
            if byte != UInt8(ascii: "\\") {
                let room = min(countMax - out.count, range.upperBound - index)
                let end = unsafe endOfPlain(bytes, index, index + room)
                unsafe out.append(contentsOf: bytes[index..<end])
                index = end
                continue
            }
            let letter = unsafe bytes[index &+ 1]
            index &+= 2
            switch letter {
            case UInt8(ascii: "b"): out.append(0x08)
            case UInt8(ascii: "f"): out.append(0x0c)
            case UInt8(ascii: "n"): out.append(0x0a)
            case UInt8(ascii: "r"): out.append(0x0d)
            case UInt8(ascii: "t"): out.append(0x09)
            case UInt8(ascii: "u"):
                let scalar = unsafe scalar(bytes, &index, range.upperBound)
                if scalar == nil { isText = false }
                UTF8.encode(scalar ?? "\u{fffd}").map { out.append(contentsOf: $0) }
            default: out.append(letter)  // quote, backslash, slash
            }
        }
        return isText
    }

    /// Whether the text of `range` is `wanted`. Allocates only where the text has escapes.
    public static func isSame(_ range: Range<Int>, of bytes: UnsafeRawBufferPointer, as wanted: [UInt8]) -> Bool {
        // An escape is never shorter than what it stands for.
        guard range.count >= wanted.count else { return false }
        if unsafe bytes[range].elementsEqual(wanted) { return unsafe !bytes[range].contains(UInt8(ascii: "\\")) }
        guard range.count > wanted.count, unsafe bytes[range].contains(UInt8(ascii: "\\")) else { return false }
        var text: [UInt8] = []
        unsafe append(range, of: bytes, to: &text, countMax: wanted.count + 1)
        return text == wanted
    }

    private static func endOfPlain(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Int {
        var index = start
        while index < end, unsafe bytes[index] != UInt8(ascii: "\\") { index &+= 1 }
        return index
    }

    /// Behind `\u`, and over the second half of a pair; nil for half of one.
    private static func scalar(_ bytes: UnsafeRawBufferPointer, _ index: inout Int, _ end: Int) -> Unicode.Scalar? {
        let first = unsafe codeUnit(bytes, index)
        index &+= 4
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xdc00, index &+ 6 <= end, unsafe bytes[index] == UInt8(ascii: "\\"),
            unsafe bytes[index &+ 1] == UInt8(ascii: "u")
        else { return nil }
        let second = unsafe codeUnit(bytes, index &+ 2)
        guard (0xdc00...0xdfff).contains(second) else { return nil }
        index &+= 6
        return Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
    }

    private static func codeUnit(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> UInt32 {
        var value: UInt32 = 0
        for index in start..<(start &+ 4) {
            let digit = unsafe bytes[index]
            value = value << 4 | UInt32(digit < 58 ? digit &- 48 : (digit | 0x20) &- 87)
        }
        return value
    }
}
