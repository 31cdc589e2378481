import CLinux

/// Walks over JSON and checks all of it, without copying, allocating or recursing.
///
/// - Shape: all of RFC 8259: structure, literals, numbers, escapes, control characters, and UTF-8 (shortest form, no
///   surrogates). A `\u` escape of half a surrogate pair passes: it is grammatical, and refusing it would be a verdict about a
///   text that is only passed on. Where a string has to be decoded it is an error.
/// - Errors: `JSONError` with the offset of the first byte that cannot continue the text.
/// - Units: offsets count bytes from the start of the buffer, not of the part being scanned.
@safe struct JSONScanner {
    /// What common parsers allow is between 64 and 1,000; a chat request has about 8. The kinds of the open containers
    /// are the bits of one integer.
    static let depthMax = 128

    private let bytes: UnsafeRawPointer
    /// One past the last byte that may be read.
    private let end: Int
    private(set) var position: Int

    /// The buffer must outlive the scanner.
    init(_ buffer: UnsafeRawBufferPointer, in range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= buffer.count)
        // An empty buffer may have no address; any will do, since nothing is read.
        unsafe bytes = unsafe buffer.baseAddress ?? UnsafeRawPointer(bitPattern: 8)!
        end = range.upperBound
        position = range.lowerBound
    }

    // MARK: Steps of the grammar

    /// The next byte that is not white space, which stays; nil at the end.
    @inline(__always)
    mutating func peek() -> UInt8? {
        while position < end {
            let byte = self[position]
            if byte > 0x20 { return byte }
            guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return byte }
            position &+= 1
            // Indentation comes in runs.
            while position &+ 8 <= end, word(at: position) == 0x2020_2020_2020_2020 { position &+= 8 }
        }
        return nil
    }

    /// Steps over a byte that `peek` has shown.
    @inline(__always)
    mutating func advance() { position &+= 1 }

    @inline(__always)
    mutating func expect(_ byte: UInt8, _ name: StaticString) throws(JSONError) {
        guard let next = peek() else { throw JSONError(.unexpectedEnd, at: position) }
        guard next == byte else { throw JSONError(.expected("\(name)"), at: position) }
        position &+= 1
    }

    mutating func expectEnd() throws(JSONError) {
        if peek() != nil { throw JSONError(.trailingBytes, at: position) }
    }

    /// Steps over one value with everything in it. White space before it is skipped, behind it not.
    @inline(__always)
    mutating func skipValue() throws(JSONError) -> JSONKind {
        guard let first = peek() else { throw JSONError(.unexpectedEnd, at: position) }
        switch first {
        case UInt8(ascii: "\""):
            position &+= 1
            _ = try skipString()
            return .string
        case UInt8(ascii: "{"):
            try skipContainer()
            return .object
        case UInt8(ascii: "["):
            try skipContainer()
            return .array
        case UInt8(ascii: "t"):
            try skipLiteral(0x6575_7274, "true", count: 4)
            return .boolean
        case UInt8(ascii: "f"):
            try skipLiteral(0x65_736c_6166, "false", count: 5)
            return .boolean
        case UInt8(ascii: "n"):
            try skipLiteral(0x6c6c_756e, "null", count: 4)
            return .null
        default:
            try skipNumber()
            return .number
        }
    }

    /// Steps over the object that begins here, and has `body` step over the value of each of its members.
    ///
    /// - Parameters:
    ///   - isBehindComma: what begins here is the next member of an object that is open already.
    ///   - body: gets the index of the member's name among `names`; nil for any other name.
    @inline(__always)
    mutating func members(
        behindComma isBehindComma: Bool = false, named names: JSONFieldNames, in bytes: UnsafeRawBufferPointer,
        _ body: (inout JSONScanner, Int?) throws(JSONError) -> Void
    ) throws(JSONError) {
        if !isBehindComma { try expect(UInt8(ascii: "{"), "an object") }
        let contentStart = isBehindComma ? -1 : position
        var next = peek()
        if !isBehindComma, next == UInt8(ascii: "}") { return advance() }
        while true {
            guard let quote = next else { throw JSONError(.unexpectedEnd, at: position) }
            guard quote == UInt8(ascii: "\"") else {
                throw JSONError(
                    .expected(contentStart == position ? "a field name or '}'" : "a field name"), at: position)
            }
            advance()
            let keyStart = position
            let hasEscape = try skipString()
            let key = keyStart..<(position - 1)
            let index = unsafe hasEscape ? names.index(ofEscaped: key, in: bytes) : names.index(of: key, in: bytes)
            try expect(UInt8(ascii: ":"), "':'")
            try body(&self, index)
            guard let separator = peek() else { throw JSONError(.unexpectedEnd, at: position) }
            if separator == UInt8(ascii: "}") { return advance() }
            guard separator == UInt8(ascii: ",") else { throw JSONError(.expected("',' or '}'"), at: position) }
            advance()
            next = peek()
        }
    }

    /// From the opening of an object or an array to behind its closing.
    private mutating func skipContainer() throws(JSONError) {
        var kinds: UInt128 = 0  // one bit for each open container, the innermost lowest: 1 is an object
        var depth = 0
        value: while true {
            guard let byte = peek() else { throw JSONError(.unexpectedEnd, at: position) }
            switch byte {
            case UInt8(ascii: "\""):
                position &+= 1
                _ = try skipString()
            case UInt8(ascii: "{"):
                position &+= 1
                depth &+= 1
                guard depth <= Self.depthMax else { throw JSONError(.tooDeep, at: position &- 1) }
                kinds = kinds << 1 | 1
                guard let next = peek() else { throw JSONError(.unexpectedEnd, at: position) }
                guard next == UInt8(ascii: "}") else {
                    guard next == UInt8(ascii: "\"") else {
                        throw JSONError(.expected("a field name or '}'"), at: position)
                    }
                    try skipName()
                    continue value
                }
            // The closing brace is taken below, as after a member.
            case UInt8(ascii: "["):
                position &+= 1
                depth &+= 1
                guard depth <= Self.depthMax else { throw JSONError(.tooDeep, at: position &- 1) }
                kinds = kinds << 1
                guard let next = peek() else { throw JSONError(.unexpectedEnd, at: position) }
                guard next == UInt8(ascii: "]") else { continue value }
            case UInt8(ascii: "t"): try skipLiteral(0x6575_7274, "true", count: 4)
            case UInt8(ascii: "f"): try skipLiteral(0x65_736c_6166, "false", count: 5)
            case UInt8(ascii: "n"): try skipLiteral(0x6c6c_756e, "null", count: 4)
            default: try skipNumber()
            }

            // Behind a value, or directly behind the opening of an empty container: closings, then a comma or the end.
            while true {
                if depth == 0 { return }
                guard let next = peek() else { throw JSONError(.unexpectedEnd, at: position) }
                let isObject = kinds & 1 == 1
                if next == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                    position &+= 1
                    depth &-= 1
                    kinds >>= 1
                    continue
                }
                guard next == UInt8(ascii: ",") else {
                    throw JSONError(.expected(isObject ? "',' or '}'" : "',' or ']'"), at: position)
                }
                position &+= 1
                guard isObject else { continue value }
                guard let quote = peek() else { throw JSONError(.unexpectedEnd, at: position) }
                guard quote == UInt8(ascii: "\"") else { throw JSONError(.expected("a field name"), at: position) }
                try skipName()
                continue value
            }
        }
    }

    /// From an opening quote to behind the colon.
    @inline(__always)
    private mutating func skipName() throws(JSONError) {
        position &+= 1
        _ = try skipString()
        try expect(UInt8(ascii: ":"), "':'")
    }

    /// From behind the opening quote to behind the closing one. Returns whether there is an escape in between.
    @inline(__always)
    mutating func skipString() throws(JSONError) -> Bool {
        // Most names and many values are short and plain.
        if position &+ 16 <= end {
            let special = unsafe weir_json_special_bytes(bytes + position)
            let place = position &+ special.trailingZeroBitCount
            if special != 0, self[place] == UInt8(ascii: "\"") {
                position = place &+ 1
                return false
            }
        }
        return try skipAnyString()
    }

    private mutating func skipAnyString() throws(JSONError) -> Bool {
        var hasEscape = false
        var index = position
        while true {
            index = skipPlain(index)
            guard index < end else { throw JSONError(.unexpectedEnd, at: end) }
            switch self[index] {
            case UInt8(ascii: "\""):
                position = index &+ 1
                return hasEscape
            case UInt8(ascii: "\\"):
                hasEscape = true
                index = try skipEscape(index)
            case 0x00...0x1f: throw JSONError(.controlCharacter, at: index)
            case 0x80...0xff:
                // Texts in other scripts come as runs.
                repeat { index = try skipScalar(index) } while index < end && self[index] >= 0x80
            default: index &+= 1  // among the last seven bytes of the buffer
            }
        }
    }

    // MARK: Tokens

    /// The next byte that is a quote, a backslash, a control character or not ASCII; or one of the last seven bytes of the buffer.
    @inline(__always)
    private func skipPlain(_ start: Int) -> Int {
        var index = start
        while index &+ 16 <= end {
            let special = unsafe weir_json_special_bytes(bytes + index)
            if special != 0 { return index &+ special.trailingZeroBitCount }
            index &+= 16
        }
        while index &+ 8 <= end {
            let special = Self.specialBytes(in: word(at: index))
            if special != 0 { return index &+ special.trailingZeroBitCount >> 3 }
            index &+= 8
        }
        return index
    }

    /// The high bit of each byte that is a quote, a backslash, a control character or not ASCII. Subtractions borrow from
    /// the next byte only where a byte was special, so the lowest bit set is exact.
    @inline(__always)
    private static func specialBytes(in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = (word ^ (ones &* 0x22)) &- ones
        let backslashes = (word ^ (ones &* 0x5c)) &- ones
        let controls = word &- (ones &* 0x20)
        return (quotes | backslashes | controls | word) & (ones &* 0x80)
    }

    private func skipEscape(_ start: Int) throws(JSONError) -> Int {
        guard start &+ 1 < end else { throw JSONError(.unexpectedEnd, at: end) }
        switch self[start &+ 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return start &+ 2
        case UInt8(ascii: "u"):
            for index in (start &+ 2)..<(start &+ 6) {
                guard index < end else { throw JSONError(.unexpectedEnd, at: end) }
                switch self[index] {
                case 48...57, 65...70, 97...102: continue
                default: throw JSONError(.invalidEscape, at: start)
                }
            }
            return start &+ 6
        default: throw JSONError(.invalidEscape, at: start)
        }
    }

    /// One character of two to four bytes: Unicode 15, table 3-7.
    private func skipScalar(_ start: Int) throws(JSONError) -> Int {
        let isValid: Bool
        let length: Int
        switch self[start] {
        case 0xc2...0xdf: (length, isValid) = (2, continues(start &+ 1))
        case 0xe1...0xec, 0xee, 0xef: (length, isValid) = (3, continues(start &+ 1) && continues(start &+ 2))
        case 0xe0: (length, isValid) = (3, continues(start &+ 1, from: 0xa0) && continues(start &+ 2))
        case 0xed: (length, isValid) = (3, continues(start &+ 1, to: 0x9f) && continues(start &+ 2))
        case 0xf0...0xf4:
            let first = self[start]
            length = 4
            isValid =
                continues(start &+ 1, from: first == 0xf0 ? 0x90 : 0x80, to: first == 0xf4 ? 0x8f : 0xbf)
                && continues(start &+ 2) && continues(start &+ 3)
        default: (length, isValid) = (1, false)
        }
        guard isValid else { throw JSONError(.invalidUTF8, at: start) }
        return start &+ length
    }

    @inline(__always)
    private func continues(_ index: Int, from low: UInt8 = 0x80, to high: UInt8 = 0xbf) -> Bool {
        index < end && self[index] >= low && self[index] <= high
    }

    /// `text` is the literal's bytes, the first lowest.
    @inline(__always)
    private mutating func skipLiteral(_ text: UInt64, _ name: StaticString, count: Int) throws(JSONError) {
        for index in 0..<count {
            guard position &+ index < end else { throw JSONError(.unexpectedEnd, at: end) }
            guard self[position &+ index] == UInt8(truncatingIfNeeded: text >> UInt64(index &* 8)) else {
                throw JSONError(.expected("\(name)"), at: position)
            }
        }
        position &+= count
    }

    private mutating func skipNumber() throws(JSONError) {
        let start = position
        var index = position
        if self[index] == UInt8(ascii: "-") { index &+= 1 }
        let integer = index
        index = skipDigits(index)
        if index == integer {
            // Not even a number has begun, unless there was a sign.
            throw integer == start ? JSONError(.expected("a value"), at: start) : JSONError(.invalidNumber, at: start)
        }
        // No leading zeros.
        if self[integer] == UInt8(ascii: "0"), index > integer &+ 1 { throw JSONError(.invalidNumber, at: start) }
        if index < end, self[index] == UInt8(ascii: ".") {
            let fraction = index &+ 1
            index = skipDigits(fraction)
            if index == fraction { throw JSONError(.invalidNumber, at: start) }
        }
        if index < end, self[index] | 0x20 == UInt8(ascii: "e") {
            index &+= 1
            if index < end, self[index] == UInt8(ascii: "+") || self[index] == UInt8(ascii: "-") { index &+= 1 }
            let exponent = index
            index = skipDigits(exponent)
            if index == exponent { throw JSONError(.invalidNumber, at: start) }
        }
        position = index
    }

    /// Steps over a whole number of a few digits and gives its value, as `skipNumber` and a second look at its digits would; nil, and
    /// no step, for anything else.
    @inline(__always)
    mutating func skipCount() -> UInt64? {
        guard let first = peek(), first &- 48 < 10 else { return nil }
        var value = UInt64(first &- 48)
        var index = position &+ 1
        while index < end, index &- position < 16, self[index] &- 48 < 10 {
            value = value &* 10 &+ UInt64(self[index] &- 48)
            index &+= 1
        }
        // No leading zeros, and no more digits, fraction or exponent behind it.
        guard index < end, first != UInt8(ascii: "0") || index == position &+ 1 else { return nil }
        switch self[index] {
        case 48...57, UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): return nil
        default: break
        }
        position = index
        return value
    }

    @inline(__always)
    private func skipDigits(_ start: Int) -> Int {
        var index = start
        // Eight at a time. Digits have 3 as their high nibble, with 6 added too; the first byte that is none is exact, because digits do
        // not carry into it.
        while index &+ 8 <= end {
            let word = word(at: index)
            let threes: UInt64 = 0x3030_3030_3030_3030
            let others =
                ((word ^ threes) | ((word &+ 0x0606_0606_0606_0606) ^ threes)) & 0xf0f0_f0f0_f0f0_f0f0
            if others != 0 { return index &+ others.trailingZeroBitCount >> 3 }
            index &+= 8
        }
        while index < end, self[index] &- 48 < 10 { index &+= 1 }
        return index
    }

    // MARK: Bytes

    @inline(__always)
    private subscript(index: Int) -> UInt8 { unsafe bytes.load(fromByteOffset: index, as: UInt8.self) }

    @inline(__always)
    private func word(at index: Int) -> UInt64 {
        unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
    }
}

/// Whole texts.
public enum JSONText {
    /// Checks that `bytes` are one JSON value, and says what kind.
    @discardableResult
    public static func validate(_ bytes: UnsafeRawBufferPointer) throws(JSONError) -> JSONKind {
        var scanner = unsafe JSONScanner(bytes, in: 0..<bytes.count)
        let kind = try scanner.skipValue()
        try scanner.expectEnd()
        return kind
    }

    /// How many brackets, braces, commas and colons there are, inside of strings too.
    public static func structureCount(_ bytes: UnsafeRawBufferPointer) -> Int {
        unsafe bytes.baseAddress.map { unsafe weir_json_structure_count($0, bytes.count) } ?? 0
    }

    /// The first quote or backslash from `start` on, or one of the last fifteen bytes.
    public static func endOfPlainText(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        guard let base = bytes.baseAddress else { return start }
        var index = start
        while index &+ 16 <= bytes.count {
            let found = unsafe weir_json_quotes_and_backslashes(base + index)
            if found != 0 { return index &+ found.trailingZeroBitCount }
            index &+= 16
        }
        return index
    }

    @discardableResult
    public static func validate(_ bytes: [UInt8]) throws(JSONError) -> JSONKind {
        try unsafe bytes.withRawBytes { bytes throws(JSONError) in try unsafe validate(bytes) }
    }
}

extension [UInt8] {
    /// `withUnsafeBytes` with a typed error, which the standard library's does not keep.
    public func withRawBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe withUnsafeBufferPointer { buffer throws(Failure) in try unsafe body(UnsafeRawBufferPointer(buffer)) }
    }
}
