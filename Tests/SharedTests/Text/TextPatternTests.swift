import Shared
import XCTest

final class TextPatternTests: XCTestCase {
    private func check(
        _ pattern: String, finds: [String], misses: [String], file: StaticString = #filePath, line: UInt = #line
    ) throws {
        let compiled = try TextPattern(pattern)
        for text in finds { XCTAssertTrue(compiled.isFound(in: text), "\(pattern) in \(text)", file: file, line: line) }
        for text in misses {
            XCTAssertFalse(compiled.isFound(in: text), "\(pattern) in \(text)", file: file, line: line)
        }
    }

    func testPlainTextIsFoundAnywhere() throws {
        try check("refund", finds: ["refund", "my refund, please", "rerefund"], misses: ["", "refun", "Refund"])
        try check("grüße", finds: ["viele grüße!"], misses: ["grusse"])
    }

    func testAlternativesGroupsAndRepetitions() throws {
        try check("a(b|cd)*e", finds: ["ae", "abe", "acdbe"], misses: ["ace", "abd"])
        try check("ab+c?d", finds: ["abd", "abbbcd"], misses: ["ad", "abccd"])
        try check("^(?:ja|nein)$", finds: ["ja", "nein"], misses: ["jaja", "nein "])
        try check("a{2,3}b", finds: ["aab", "aaab", "aaaab"], misses: ["ab"])
        try check("^a{2,}$", finds: ["aa", "aaaaa"], misses: ["a"])
        try check("^a{3}$", finds: ["aaa"], misses: ["aa", "aaaa"])
        try check("^(ab?){2}$", finds: ["aa", "aba", "abab"], misses: ["a", "abb"])
        try check("(é)+!", finds: ["éé!"], misses: ["!"])
        try check("^(|a)b$", finds: ["b", "ab"], misses: ["aab"])
    }

    func testADotAndWhatIsNotInBracketsAreOneCharacter() throws {
        try check("^.$", finds: ["a", "é", "語", "\n"], misses: ["", "ab", "éé"])
        try check("^[^a-c]$", finds: ["d", "ß"], misses: ["a", "dd"])
        try check("^\\D\\S\\W$", finds: ["ab-", "éé語"], misses: ["1b-", "a -", "abc"])
    }

    func testBracketsTakeRangesClassesAndEscapes() throws {
        try check("^[a-f0-9_-]+$", finds: ["beef-01_"], misses: ["g"])
        try check("^[]x]$", finds: ["]", "x"], misses: ["y"])
        try check("^[[:upper:][:digit:].]+$", finds: ["A1."], misses: ["a"])
        try check("^[\\w\\]]+$", finds: ["a_1]"], misses: ["-"])
        try check("^[a\\-c]+$", finds: ["a-c"], misses: ["b"])
    }

    func testAnchorsAndWordBoundaries() throws {
        try check("^ab|cd$", finds: ["abx", "xcd"], misses: ["xab", "cdx"])
        try check("(^|,)x(,|$)", finds: ["x", "a,x", "a,x,b"], misses: ["ax", "xa"])
        try check("\\bcat\\b", finds: ["cat", "a cat.", "(cat)"], misses: ["concat", "cats", "cat_"])
        try check("^\\b\\w+\\b$", finds: ["word"], misses: ["two words", ""])
        try check("^$", finds: [""], misses: ["a"])
    }

    func testCaseIsIgnoredWhereAskedFor() throws {
        try check("(?i)Refund [A-C]", finds: ["REFUND b", "refund A"], misses: ["refund d"])
    }

    /// Whatever it is asked, it looks at each byte once: what makes other engines take minutes takes no longer than anything else.
    func testBadExpressionsTakeNoLonger() throws {
        let text = String(repeating: "a", count: 16_384)
        for pattern in ["(a*)*b", "(a|aa)+$x", "(a|a)*(a|a)*b", "a.{50}b", "(a?){60}b{60}"] {
            XCTAssertFalse(try TextPattern(pattern).isFound(in: text), pattern)
        }
    }

    func testWhatIsWrongIsSaid() {
        let wrong: [(String, Int, String)] = [
            ("a(b", 1, "without its )"), ("a)b", 1, "without its ("), ("[a", 0, "without its ]"),
            ("*a", 0, "nothing here"),
            ("a{x}", 1, "want {n}"), ("a{3,2}", 1, "want {n}"), ("a{999}", 1, "want {n}"),
            ("(a)\\1", 3, "back references"),
            ("\\q", 0, "not known"), ("a\\", 1, "nothing behind"), ("(?=a)", 0, "(?:"), ("[é]", 1, "(é|è)"),
            ("[z-a]", 1, "before it begins"), ("[[:foo:]]", 1, "[:alpha:]"), ("a*", 0, "every text"),
            ("", 0, "every text"),
            ("(a{100}){100}", 0, "128 places"), ("(((a?){100}){100}){100}", 0, "128 places"),
            ("(((){100}){100}){100}x", 0, "128 places"), (String(repeating: "a", count: 513), 512, "512 bytes"),
        ]
        for (pattern, offset, message) in wrong {
            XCTAssertThrowsError(try TextPattern(pattern), pattern) { error in
                guard let problem = error as? TextPattern.Problem else { return XCTFail("\(error)") }
                XCTAssertEqual(problem.offset, offset, pattern)
                XCTAssertTrue(problem.message.contains(message), "\(pattern): \(problem.message)")
            }
        }
    }

    /// Against a matcher that tries everything, on all short texts over a small alphabet.
    func testItAgreesWithASlowMatcher() throws {
        var random = SeededRandom(seed: 7)
        for _ in 0..<400 {
            let (pattern, node) = Self.randomPattern(depth: 3, &random)
            guard let compiled = try? TextPattern(pattern) else { continue }
            for _ in 0..<30 {
                let text = String(
                    (0..<Int.random(in: 0...6, using: &random)).map { _ in "abc".randomElement(using: &random)! })
                let characters = Array(text)
                let expected =
                    characters.indices.contains { !node.ends(from: $0, in: characters).isEmpty }
                    || !node.ends(from: characters.count, in: characters).isEmpty
                XCTAssertEqual(compiled.isFound(in: text), expected, "\(pattern) in \(text)")
            }
        }
    }

    private indirect enum Slow {
        case character(Character)
        case pair(Slow, Slow)
        case either(Slow, Slow)
        case star(Slow)
        case optional(Slow)

        func ends(from start: Int, in text: [Character]) -> Set<Int> {
            switch self {
            case .character(let character): return start < text.count && text[start] == character ? [start + 1] : []
            case .pair(let a, let b): return Set(a.ends(from: start, in: text).flatMap { b.ends(from: $0, in: text) })
            case .either(let a, let b): return a.ends(from: start, in: text).union(b.ends(from: start, in: text))
            case .optional(let a): return a.ends(from: start, in: text).union([start])
            case .star(let a):
                var all: Set<Int> = [start]
                var new = all
                while !new.isEmpty {
                    new = Set(new.flatMap { a.ends(from: $0, in: text) }).subtracting(all)
                    all.formUnion(new)
                }
                return all
            }
        }
    }

    private static func randomPattern(depth: Int, _ random: inout SeededRandom) -> (String, Slow) {
        guard depth > 0, Int.random(in: 0..<5, using: &random) > 0 else {
            let character = "abc".randomElement(using: &random)!
            return (String(character), .character(character))
        }
        let (a, slowA) = randomPattern(depth: depth - 1, &random)
        let (b, slowB) = randomPattern(depth: depth - 1, &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return ("\(a)\(b)", .pair(slowA, slowB))
        case 1: return ("(\(a)|\(b))", .either(slowA, slowB))
        case 2: return ("(\(a))*\(b)", .pair(.star(slowA), slowB))
        default: return ("(\(a))?\(b)", .pair(.optional(slowA), slowB))
        }
    }
}
