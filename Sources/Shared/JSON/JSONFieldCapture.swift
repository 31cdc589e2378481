/// Picks the value of one top-level field out of a text that passes by in pieces, without holding the text.
///
/// - Shape: any splitting gives the same result. Follows strings and brackets, not the whole grammar: the text is somebody
///   else's answer on its way to the caller, who gets it whatever this finds.
/// - Units: at most `byteCountMax` bytes of the value are kept.
/// - Errors: none thrown. `value` is nil when the field did not come, did not end, was too long, or the text is no object.
public struct JSONFieldCapture: Sendable {
    private enum State {
        case start
        case firstName, name, inName, inNameEscape, colon
        case value, scalar, string, stringEscape, nested
        case afterValue
        case end
        case malformed
    }

    private let name: [UInt8]
    private let byteCountMax: Int

    private var state = State.start
    private var depth = 0
    private var kinds: UInt128 = 0  // as in JSONScanner: 1 is an object
    /// How many bytes of the name the key agrees with so far; -1 when it is another.
    private var matched = 0
    /// The key as written, from the first escape on that comes while it still agrees.
    private var escapedKey: [UInt8]?
    private var isCapturing = false
    private var captured: [UInt8] = []
    private var isCaptured = false

    public init(name: String, byteCountMax: Int = 4096) {
        self.name = Array(name.utf8)
        self.byteCountMax = byteCountMax
    }

    /// The raw bytes of the value, as soon as it has ended. When the field comes twice, the last one.
    public var value: [UInt8]? { isCaptured ? captured : nil }
    /// The whole object has passed, and nothing but white space after it.
    public var isComplete: Bool { state == .end }
    /// No object, or one whose strings and brackets do not match. Nothing more is looked at.
    public var isMalformed: Bool { state == .malformed }
    /// The field came and was longer than `byteCountMax`.
    public private(set) var isTooLong = false

    /// Begins a new text.
    public mutating func reset() {
        state = .start
        depth = 0
        kinds = 0
        matched = 0
        escapedKey = nil
        isCapturing = false
        isCaptured = false
        isTooLong = false
        captured.removeAll(keepingCapacity: true)
    }

    public mutating func feed(_ chunk: [UInt8]) {
        unsafe chunk.withUnsafeBytes { unsafe feed($0) }
    }

    public mutating func feed(_ chunk: UnsafeRawBufferPointer) {
        var index = 0
        var captureStart = 0  // of the part of the value that lies in this chunk
        while index < chunk.count {
            let byte = unsafe chunk[index]
            switch state {
            case .string:
                index = unsafe Self.skipText(chunk, from: index)
                guard index < chunk.count else { continue }
                if unsafe chunk[index] == UInt8(ascii: "\\") {
                    state = .stringEscape
                } else {
                    state = depth == 0 ? .afterValue : .nested
                    if depth == 0 { unsafe endValue(chunk, captureStart..<(index + 1)) }
                }
            case .stringEscape: state = .string
            case .nested:
                index = unsafe Self.skipFlat(chunk, from: index)
                guard index < chunk.count else { continue }
                switch unsafe chunk[index] {
                case UInt8(ascii: "\""): state = .string
                case UInt8(ascii: "{"): open(isObject: true)
                case UInt8(ascii: "["): open(isObject: false)
                default:
                    let isObject = unsafe chunk[index] == UInt8(ascii: "}")
                    guard (kinds & 1 == 1) == isObject else {
                        state = .malformed
                        break
                    }
                    kinds >>= 1
                    depth -= 1
                    if depth == 0 {
                        state = .afterValue
                        unsafe endValue(chunk, captureStart..<(index + 1))
                    }
                }
            case .inName:
                if byte == UInt8(ascii: "\"") {
                    state = .colon
                } else {
                    if byte == UInt8(ascii: "\\") { state = .inNameEscape }
                    compare(byte)
                }
            case .inNameEscape:
                compare(byte)
                state = .inName
            case .scalar:
                switch byte {
                case UInt8(ascii: ","), UInt8(ascii: "}"), 0x20, 0x0a, 0x0d, 0x09:
                    unsafe endValue(chunk, captureStart..<index)
                    state = .afterValue
                    continue  // the byte is looked at again
                case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ":"):
                    state = .malformed
                default: break
                }
            case .malformed: return
            default:
                if byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { break }
                if state == .value {
                    captureStart = index
                    isCapturing = keyMatches
                }
                step(byte)
            }
            index += 1
        }
        if isCapturing { unsafe capture(chunk, captureStart..<chunk.count) }
    }

    /// The states between tokens, at a byte that is not white space.
    private mutating func step(_ byte: UInt8) {
        switch (state, byte) {
        case (.start, UInt8(ascii: "{")): state = .firstName
        case (.firstName, UInt8(ascii: "}")), (.afterValue, UInt8(ascii: "}")): state = .end
        case (.firstName, UInt8(ascii: "\"")), (.name, UInt8(ascii: "\"")):
            matched = 0
            escapedKey = nil
            state = .inName
        case (.colon, UInt8(ascii: ":")): state = .value
        case (.value, UInt8(ascii: "\"")): state = .string
        case (.value, UInt8(ascii: "{")):
            state = .nested
            open(isObject: true)
        case (.value, UInt8(ascii: "[")):
            state = .nested
            open(isObject: false)
        case (.value, 48...57), (.value, UInt8(ascii: "-")), (.value, UInt8(ascii: "t")), (.value, UInt8(ascii: "f")),
            (.value, UInt8(ascii: "n")):
            state = .scalar
        case (.afterValue, UInt8(ascii: ",")): state = .name
        default: state = .malformed
        }
        if state == .malformed { isCapturing = false }
    }

    private mutating func open(isObject: Bool) {
        guard depth < JSONScanner.depthMax else {
            state = .malformed
            isCapturing = false
            return
        }
        depth += 1
        kinds = kinds << 1 | (isObject ? 1 : 0)
    }

    // MARK: Name and value

    private mutating func compare(_ byte: UInt8) {
        if escapedKey != nil {
            // An escape takes six bytes for one, so a longer key is another.
            if escapedKey!.count < name.count * 6 { escapedKey!.append(byte) } else { matched = -1 }
        } else if byte == UInt8(ascii: "\\"), matched >= 0 {
            escapedKey = name[..<matched] + [byte]
        } else if matched >= 0 {
            matched = matched < name.count && name[matched] == byte ? matched + 1 : -1
        }
    }

    private var keyMatches: Bool {
        guard matched >= 0 else { return false }
        guard let escapedKey else { return matched == name.count }
        // The decoder of strings trusts its input, the parser does not; a name that it refuses is no name.
        let quoted = try? JSONValue(parsing: [UInt8(ascii: "\"")] + escapedKey + [UInt8(ascii: "\"")])
        return quoted?.string.map { Array($0.utf8) } == name
    }

    private mutating func capture(_ chunk: UnsafeRawBufferPointer, _ range: Range<Int>) {
        if isCaptured {  // a second one with the same name
            isCaptured = false
            captured.removeAll(keepingCapacity: true)
        }
        guard captured.count + range.count <= byteCountMax else {
            isTooLong = true
            isCapturing = false
            captured.removeAll(keepingCapacity: true)
            return
        }
        unsafe captured.append(contentsOf: chunk[range])
    }

    private mutating func endValue(_ chunk: UnsafeRawBufferPointer, _ range: Range<Int>) {
        guard isCapturing else { return }
        unsafe capture(chunk, range)
        isCaptured = isCapturing
        isCapturing = false
    }

    // MARK: Eight bytes at a time

    /// The next quote or backslash.
    private static func skipText(_ chunk: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index &+ 8 <= chunk.count {
            let word = unsafe UInt64(littleEndian: chunk.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let hits = bytes(in: word, equalTo: UInt8(ascii: "\"")) | bytes(in: word, equalTo: UInt8(ascii: "\\"))
            if hits != 0 { return index &+ (hits.trailingZeroBitCount >> 3) }
            index &+= 8
        }
        while index < chunk.count, unsafe chunk[index] != UInt8(ascii: "\""), unsafe chunk[index] != UInt8(ascii: "\\")
        { index &+= 1 }
        return index
    }

    /// The next quote, brace or bracket. Braces are brackets with one more bit, so two comparisons find all four.
    private static func skipFlat(_ chunk: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index &+ 8 <= chunk.count {
            let word = unsafe UInt64(littleEndian: chunk.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let folded = word | 0x2020_2020_2020_2020
            let hits =
                bytes(in: word, equalTo: UInt8(ascii: "\"")) | bytes(in: folded, equalTo: UInt8(ascii: "{"))
                | bytes(in: folded, equalTo: UInt8(ascii: "}"))
            if hits != 0 { return index &+ (hits.trailingZeroBitCount >> 3) }
            index &+= 8
        }
        while index < chunk.count {
            switch unsafe chunk[index] {
            case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"):
                return index
            default: index &+= 1
            }
        }
        return index
    }

    /// The high bit of each byte that equals `byte`; only the lowest bit set is exact.
    @inline(__always)
    private static func bytes(in word: UInt64, equalTo byte: UInt8) -> UInt64 {
        let difference = word ^ (0x0101_0101_0101_0101 &* UInt64(byte))
        return (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
    }
}
