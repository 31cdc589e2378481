import Shared

/// Comparisons of a head's bytes with bytes that are only known at run time.
enum HTTPText {
    /// Without regard to the case of ASCII letters; `text` is in lower case.
    static func isSame(_ range: Range<Int>, of bytes: UnsafeRawBufferPointer, asLowerCase text: [UInt8]) -> Bool {
        guard range.count == text.count else { return false }
        for place in text.indices {
            let byte = unsafe bytes[range.lowerBound + place]
            if (byte &- 65 < 26 ? byte | 0x20 : byte) != text[place] { return false }
        }
        return true
    }
}
