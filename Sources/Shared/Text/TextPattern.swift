/// A regular expression that is looked for in a text in one pass over it, whatever the expression and whatever the text.
///
/// - Shape: POSIX extended expressions with the shorthands `\d \w \s \b`, `(?:…)`, and `(?i)` at the start. Only whether there is a match is
///   told, so there are no captures, and neither back references nor looking ahead. `.` and `[^…]` stand for one character of UTF-8.
/// - Units: at most `bytesMax` bytes, which come to at most `placesMax` places once repetitions are written out.
/// - Source: Glushkov, "The abstract theory of automata" (1961): one state for each place, all of them together in one word.
///
/// glibc's is not used: its `regexec` keeps every state that it ever met, so that callers decide how much memory an expression takes (16 KiB of
/// text: 4.6 s and 130 MiB, with `(a|b)*a(a|b){18}c`), and its `regcomp` takes a gigabyte for `((a{1,100}){1,100}){1,100}`.
public final class TextPattern: Sendable {
    public static let bytesMax = 512
    public static let placesMax = 128

    public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
        /// In bytes.
        public var offset: Int
        public var message: String

        public var description: String { "at byte \(offset): \(message)" }
    }

    // Bit n of each word: place n.

    /// Of each place: those that can come next.
    private let follow: [UInt128]
    /// Of each byte: those that take it.
    private let takers: [UInt128]
    /// Where a match can begin, and where it is complete.
    private let first: UInt128
    private let last: UInt128
    /// Those that take no byte, by what they stand for.
    private let atStart: UInt128
    private let atEnd: UInt128
    private let atWordBoundary: UInt128

    public init(_ text: String) throws(Problem) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.bytesMax else {
            throw Problem(offset: Self.bytesMax, message: "longer than \(Self.bytesMax) bytes")
        }
        var parser = PatternParser(bytes)
        let node = try parser.parse()
        var builder = PatternBuilder()
        let whole = try builder.build(node)
        guard !whole.isNullable else { throw Problem(offset: 0, message: "matches every text, the empty one too") }
        follow = builder.follow
        takers = builder.takers
        first = whole.first
        last = whole.last
        atStart = builder.assertions[.start] ?? 0
        atEnd = builder.assertions[.end] ?? 0
        atWordBoundary = builder.assertions[.wordBoundary] ?? 0
    }

    /// Whether it is found anywhere in `text`. Allocates nothing.
    public func isFound(in text: UnsafeRawBufferPointer) -> Bool {
        let hasAssertions = atStart | atEnd | atWordBoundary != 0
        return unsafe takers.withUnsafeBufferPointer { takers in
            var state: UInt128 = 0
            for index in 0..<text.count {
                if hasAssertions {
                    state = unsafe passing(state, at: index, in: text)
                    if state & last != 0 { return true }
                }
                state = unsafe reach(state) & takers[Int(text[index])]
                if state & last != 0 { return true }
            }
            return unsafe hasAssertions && passing(state, at: text.count, in: text) & last != 0
        }
    }

    public func isFound(in text: String) -> Bool {
        var text = text
        return text.withUTF8 { unsafe isFound(in: UnsafeRawBufferPointer($0)) }
    }

    /// The places that may come behind those of `state`; a match may begin anywhere.
    @inline(__always)
    private func reach(_ state: UInt128) -> UInt128 {
        var reached = first
        var rest = state
        while rest != 0 {
            reached |= follow[rest.trailingZeroBitCount]
            rest &= rest &- 1
        }
        return reached
    }

    /// `state` with the places that take no byte and hold here, one behind the other.
    private func passing(_ state: UInt128, at index: Int, in text: UnsafeRawBufferPointer) -> UInt128 {
        var holds: UInt128 = 0
        if index == 0 { holds |= atStart }
        if index == text.count { holds |= atEnd }
        if atWordBoundary != 0 {
            let before = unsafe index > 0 && PatternBytes.word.contains(text[index - 1])
            let behind = unsafe index < text.count && PatternBytes.word.contains(text[index])
            if before != behind { holds |= atWordBoundary }
        }
        var state = state
        while holds != 0 {
            let passed = reach(state) & holds & ~state
            if passed == 0 { break }
            state |= passed
        }
        return state
    }
}

/// Turns the tree of an expression into places and what follows what.
struct PatternBuilder {
    struct Fragment {
        var isNullable: Bool
        var first: UInt128 = 0
        var last: UInt128 = 0
    }

    private(set) var follow: [UInt128] = []
    private(set) var takers = [UInt128](repeating: 0, count: 256)
    private(set) var assertions: [PatternNode.Assertion: UInt128] = [:]
    /// Repetitions of nothing cost no place, but time.
    private var steps = 0

    private static let stepsMax = 10_000

    mutating func build(_ node: PatternNode) throws(TextPattern.Problem) -> Fragment {
        steps += 1
        guard steps <= Self.stepsMax else { throw Self.tooLarge }
        switch node {
        case .bytes(let bytes):
            let place = try newPlace()
            for byte in 0..<256 where bytes.contains(UInt8(byte)) { takers[byte] |= place }
            return Fragment(isNullable: false, first: place, last: place)
        case .assertion(let assertion):
            let place = try newPlace()
            assertions[assertion, default: 0] |= place
            return Fragment(isNullable: false, first: place, last: place)
        case .sequence(let nodes):
            var whole = Fragment(isNullable: true)
            for node in nodes { whole = append(try build(node), to: whole) }
            return whole
        case .either(let nodes):
            var whole = Fragment(isNullable: false)
            for node in nodes {
                let part = try build(node)
                whole.isNullable = whole.isNullable || part.isNullable
                whole.first |= part.first
                whole.last |= part.last
            }
            return whole
        case .repeated(let node, let least, let most):
            var whole = Fragment(isNullable: true)
            for _ in 0..<max(0, most == nil ? least - 1 : least) { whole = append(try build(node), to: whole) }
            if let most {
                for _ in least..<most {
                    var part = try build(node)
                    part.isNullable = true
                    whole = append(part, to: whole)
                }
            } else {
                var part = try build(node)
                link(part.last, to: part.first)
                if least == 0 { part.isNullable = true }
                whole = append(part, to: whole)
            }
            return whole
        }
    }

    private mutating func append(_ part: Fragment, to whole: Fragment) -> Fragment {
        link(whole.last, to: part.first)
        return Fragment(
            isNullable: whole.isNullable && part.isNullable,
            first: whole.first | (whole.isNullable ? part.first : 0),
            last: part.last | (part.isNullable ? whole.last : 0))
    }

    private mutating func link(_ places: UInt128, to next: UInt128) {
        for place in follow.indices where places & (1 << UInt128(place)) != 0 { follow[place] |= next }
    }

    private mutating func newPlace() throws(TextPattern.Problem) -> UInt128 {
        guard follow.count < TextPattern.placesMax else { throw Self.tooLarge }
        follow.append(0)
        return 1 << UInt128(follow.count - 1)
    }

    private static let tooLarge = TextPattern.Problem(
        offset: 0, message: "comes to more than \(TextPattern.placesMax) places with its repetitions written out")
}
