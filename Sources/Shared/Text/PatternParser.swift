/// What an expression consists of.
indirect enum PatternNode {
    enum Assertion { case start, end, wordBoundary }

    case bytes(PatternBytes)
    case assertion(Assertion)
    case sequence([PatternNode])
    case either([PatternNode])
    /// At most so often; nil: any number of times.
    case repeated(PatternNode, Int, Int?)
}

/// A set of bytes.
struct PatternBytes {
    private var low: UInt128 = 0
    private var high: UInt128 = 0

    init(_ ranges: ClosedRange<UInt8>...) {
        for range in ranges { for byte in range { insert(byte) } }
    }

    func contains(_ byte: UInt8) -> Bool {
        (byte < 128 ? low : high) & (1 << UInt128(byte & 127)) != 0
    }

    mutating func insert(_ byte: UInt8) {
        if byte < 128 { low |= 1 << UInt128(byte) } else { high |= 1 << UInt128(byte & 127) }
    }

    mutating func formUnion(_ other: PatternBytes) {
        low |= other.low
        high |= other.high
    }

    /// Letters in both cases where one is in it.
    mutating func foldCase() {
        for byte in UInt8(ascii: "a")...UInt8(ascii: "z") where contains(byte) || contains(byte ^ 0x20) {
            insert(byte)
            insert(byte ^ 0x20)
        }
    }

    /// The other ASCII characters.
    var othersOfASCII: PatternBytes {
        var others = self
        others.low = ~low
        others.high = 0
        return others
    }

    static let digit = PatternBytes(48...57)
    static let word = PatternBytes(48...57, 65...90, 95...95, 97...122)
    static let space = PatternBytes(9...13, 32...32)
    static let named: [String: PatternBytes] = [
        "alpha": PatternBytes(65...90, 97...122), "digit": digit, "alnum": PatternBytes(48...57, 65...90, 97...122),
        "upper": PatternBytes(65...90), "lower": PatternBytes(97...122), "space": space,
        "punct": PatternBytes(33...47, 58...64, 91...96, 123...126),
        "xdigit": PatternBytes(48...57, 65...70, 97...102),
    ]
}

/// Reads an expression. Whatever it does not know it refuses, rather than to mean something else by it.
struct PatternParser {
    typealias Problem = TextPattern.Problem

    private let bytes: [UInt8]
    private var position = 0
    private var ignoresCase = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func parse() throws(Problem) -> PatternNode {
        if bytes.starts(with: "(?i)".utf8) {
            ignoresCase = true
            position = 4
        }
        let node = try alternatives()
        // Only a closing parenthesis ends them before the end.
        if position < bytes.count { throw problem("a ) without its (; write \\) for the character") }
        return node
    }

    private func problem(_ message: String, at offset: Int? = nil) -> Problem {
        Problem(offset: offset ?? position, message: message)
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    // MARK: Structure

    private mutating func alternatives() throws(Problem) -> PatternNode {
        var nodes = [try sequence()]
        while take(UInt8(ascii: "|")) { nodes.append(try sequence()) }
        return nodes.count == 1 ? nodes[0] : .either(nodes)
    }

    private mutating func sequence() throws(Problem) -> PatternNode {
        var nodes: [PatternNode] = []
        while let byte = next, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
            let atom = try atom()
            nodes.append(try repetitions(of: atom))
        }
        return .sequence(nodes)
    }

    private mutating func repetitions(of atom: PatternNode) throws(Problem) -> PatternNode {
        var node = atom
        while let byte = next {
            switch byte {
            case UInt8(ascii: "*"): node = .repeated(node, 0, nil)
            case UInt8(ascii: "+"): node = .repeated(node, 1, nil)
            case UInt8(ascii: "?"): node = .repeated(node, 0, 1)
            case UInt8(ascii: "{"):
                node = try counted(node)
                continue
            default: return node
            }
            position += 1
        }
        return node
    }

    /// `{n}`, `{n,}` or `{n,m}`.
    private mutating func counted(_ node: PatternNode) throws(Problem) -> PatternNode {
        let start = position
        position += 1
        let wanted = "want {n}, {n,} or {n,m} with numbers up to \(TextPattern.placesMax); write \\{ for the character"
        guard let least = number() else { throw problem(wanted, at: start) }
        var most: Int? = least
        if take(UInt8(ascii: ",")) { most = next == UInt8(ascii: "}") ? nil : number() ?? -1 }
        guard take(UInt8(ascii: "}")), most ?? least >= least, (most ?? least) <= TextPattern.placesMax else {
            throw problem(wanted, at: start)
        }
        return .repeated(node, least, most)
    }

    private mutating func number() -> Int? {
        let start = position
        while let byte = next, (48...57).contains(byte), position - start < 4 { position += 1 }
        return Int(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    // MARK: Atoms

    private mutating func atom() throws(Problem) -> PatternNode {
        let start = position
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "("): return try group(from: start)
        case UInt8(ascii: "["): return try brackets(from: start)
        case UInt8(ascii: "."): return Self.character(PatternBytes(0...127))
        case UInt8(ascii: "^"): return .assertion(.start)
        case UInt8(ascii: "$"): return .assertion(.end)
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "{"):
            throw problem("there is nothing here to repeat; write a backslash in front for the character", at: start)
        case UInt8(ascii: "\\"): return try escape(from: start)
        default: return literal(startingAt: start)
        }
    }

    private mutating func group(from start: Int) throws(Problem) -> PatternNode {
        if take(UInt8(ascii: "?")), !take(UInt8(ascii: ":")) {
            throw problem("of the groups that begin with (? there are only (?:…), and (?i) at the start", at: start)
        }
        let node = try alternatives()
        guard take(UInt8(ascii: ")")) else {
            throw problem("a ( without its ); write \\( for the character", at: start)
        }
        return node
    }

    /// A whole character, so that what repeats it does not repeat its last byte.
    private mutating func literal(startingAt start: Int) -> PatternNode {
        while let byte = next, byte & 0xc0 == 0x80 { position += 1 }
        let nodes = bytes[start..<position].map { PatternNode.bytes(one($0)) }
        return nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private func one(_ byte: UInt8) -> PatternBytes {
        var set = PatternBytes(byte...byte)
        if ignoresCase { set.foldCase() }
        return set
    }

    /// One character: of these ASCII characters, or any beyond ASCII.
    private static func character(_ ascii: PatternBytes) -> PatternNode {
        var starts = ascii
        starts.formUnion(PatternBytes(0xc0...0xff))
        return .sequence([.bytes(starts), .repeated(.bytes(PatternBytes(0x80...0xbf)), 0, nil)])
    }

    private mutating func escape(from start: Int) throws(Problem) -> PatternNode {
        guard let letter = next else { throw problem("a backslash with nothing behind it", at: start) }
        position += 1
        switch letter {
        case UInt8(ascii: "b"): return .assertion(.wordBoundary)
        case UInt8(ascii: "D"): return Self.character(PatternBytes.digit.othersOfASCII)
        case UInt8(ascii: "W"): return Self.character(PatternBytes.word.othersOfASCII)
        case UInt8(ascii: "S"): return Self.character(PatternBytes.space.othersOfASCII)
        case UInt8(ascii: "1")...UInt8(ascii: "9"): throw problem("there are no back references", at: start)
        default: return .bytes(try set(ofEscaped: letter, from: start))
        }
    }

    private func set(ofEscaped letter: UInt8, from start: Int) throws(Problem) -> PatternBytes {
        switch letter {
        case UInt8(ascii: "d"): return .digit
        case UInt8(ascii: "w"): return .word
        case UInt8(ascii: "s"): return .space
        case UInt8(ascii: "n"): return PatternBytes(10...10)
        case UInt8(ascii: "r"): return PatternBytes(13...13)
        case UInt8(ascii: "t"): return PatternBytes(9...9)
        default:
            guard let punctuation = PatternBytes.named["punct"], punctuation.contains(letter) else {
                throw problem(
                    "this escape is not known; there are \\d \\w \\s \\D \\W \\S \\b \\n \\r \\t and those of punctuation",
                    at: start)
            }
            return PatternBytes(letter...letter)
        }
    }

    // MARK: Brackets

    private mutating func brackets(from start: Int) throws(Problem) -> PatternNode {
        let isNegated = take(UInt8(ascii: "^"))
        var set = PatternBytes()
        var isFirst = true
        while let byte = next, byte != UInt8(ascii: "]") || isFirst {
            isFirst = false
            if byte == UInt8(ascii: "["), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: ":") {
                set.formUnion(try namedClass())
                continue
            }
            let lower = position
            let element = try bracketElement()
            guard let low = element.single, next == UInt8(ascii: "-"), position + 1 < bytes.count,
                bytes[position + 1] != UInt8(ascii: "]")
            else {
                set.formUnion(element.set)
                continue
            }
            position += 1
            guard let high = try bracketElement().single, low <= high else {
                throw problem("this range ends before it begins", at: lower)
            }
            set.formUnion(PatternBytes(low...high))
        }
        guard take(UInt8(ascii: "]")) else {
            throw problem("a [ without its ]; write \\[ for the character", at: start)
        }
        if ignoresCase { set.foldCase() }
        return isNegated ? Self.character(set.othersOfASCII) : .bytes(set)
    }

    private mutating func bracketElement() throws(Problem) -> (set: PatternBytes, single: UInt8?) {
        let start = position
        let byte = bytes[position]
        position += 1
        guard byte < 0x80 else {
            throw problem("brackets take ASCII characters only; write (é|è) instead of [éè]", at: start)
        }
        guard byte == UInt8(ascii: "\\") else { return (PatternBytes(byte...byte), byte) }
        guard let letter = next else { throw problem("a backslash with nothing behind it", at: start) }
        position += 1
        let set = try set(ofEscaped: letter, from: start)
        return (set, PatternBytes.named["punct"]?.contains(letter) == true ? letter : nil)
    }

    private mutating func namedClass() throws(Problem) -> PatternBytes {
        let start = position
        position += 2
        let nameStart = position
        while let byte = next, byte != UInt8(ascii: ":") { _ = take(byte) }
        let name = String(decoding: bytes[nameStart..<position], as: UTF8.self)
        guard let set = PatternBytes.named[name], take(UInt8(ascii: ":")), take(UInt8(ascii: "]")) else {
            throw problem(
                "this class is not known; there are \(PatternBytes.named.keys.sorted().map { "[:\($0):]" }.joined(separator: " "))",
                at: start)
        }
        return set
    }
}
