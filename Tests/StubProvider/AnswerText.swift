import Shared

/// The words of an answer: the same for the same prompt and seed, on every machine.
struct AnswerText {
    private(set) var words: [[UInt8]]
    /// Whether the answer ends by itself, or at the cap.
    private(set) var isCapped: Bool
    /// Which of the caller's stops it came to. The text ends before it.
    private(set) var stop: String?

    /// - Parameters:
    ///   - fingerprint: of the prompt.
    ///   - cap: the most words the caller allows; nil: the answer ends when it ends.
    ///   - length: overrides the length the answer would have by itself.
    ///   - said: so many words were said already; the cap is for those that are new.
    init(fingerprint: UInt64, cap: Int?, length: Int? = nil, said: Int = 0, isEchoed: Bool = false) {
        var random = SeededRandom(seed: fingerprint)
        let wanted = length ?? (24 + Int(random.next() % 96))
        let count = min(wanted, said + (cap ?? wanted))
        isCapped = count < wanted
        words = []
        words.reserveCapacity(count)
        var startsSentence = true
        for index in 0..<count {
            var word = Self.vocabulary[Int(random.next() % UInt64(Self.vocabulary.count))]
            if startsSentence { word[0] -= 32 }
            let endsSentence = index == count - 1 && !isCapped || random.next() % 11 == 0
            if endsSentence { word.append(UInt8(ascii: ".")) }
            if index > 0 { word.insert(UInt8(ascii: " "), at: 0) }
            startsSentence = endsSentence
            words.append(word)
        }
        if !isEchoed { words.removeFirst(min(said, count)) }
    }

    /// A text that is given, in words of a few letters.
    init(_ text: String, cap: Int?) {
        let pieces = text.chunked(characters: 4).map { Array($0.utf8) }
        isCapped = cap.map { $0 < pieces.count } ?? false
        words = isCapped ? Array(pieces.prefix(cap ?? 0)) : pieces
    }

    var text: [UInt8] { Array(words.joined()) }

    /// Ends before the first place where one of `stops` stands.
    mutating func end(before stops: [String]) {
        let text = self.text
        let found = stops.compactMap { stop in
            Self.place(of: Array(stop.utf8), in: text).map { (place: $0, stop: stop) }
        }
        guard let first = found.min(by: { $0.place < $1.place }) else { return }
        var left = first.place
        words = words.compactMap { word in
            let kept = Array(word.prefix(left))
            left -= kept.count
            return kept.isEmpty ? nil : kept
        }
        stop = first.stop
        isCapped = false
    }

    private static func place(of part: [UInt8], in text: [UInt8]) -> Int? {
        guard !part.isEmpty, text.count >= part.count else { return nil }
        return (0...(text.count - part.count)).first { text[$0..<($0 + part.count)].elementsEqual(part) }
    }

    /// FNV-1a, 64 bits.
    static func fingerprint(of bytes: some Sequence<UInt8>, seed: UInt64) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ seed
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash
    }

    private static let vocabulary: [[UInt8]] = """
        the a of to in with from over under between before after while because although water river stone weir gate mill
        meadow bridge current level basin channel spring flood drought harbour sluice timber willow heron trout rain ledger
        price token answer question model prompt signal measure balance budget lease route target key journal snapshot flows
        holds turns carries measures settles returns keeps passes counts waits begins ends rises falls gathers divides slow
        quick clear deep narrow wide steady quiet bright cold gentle exact small large early late often seldom always once
        """.split(whereSeparator: \.isWhitespace).map { Array($0.utf8) }
}

extension String {
    func chunked(characters count: Int) -> [String] {
        var pieces: [String] = []
        var rest = self[...]
        while !rest.isEmpty {
            pieces.append(String(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return pieces
    }
}
