import Shared

/// A guess at the language of a text by simple rules: the script where that decides, else the small words of a few languages.
///
/// - Shape: of the first `textBytesMax` bytes. Nil where the text is too short, of another language, or of two at once. It is a guess: names,
///   code and quotations mislead it.
enum LanguageGuess {
    typealias Language = PolicyDocument.Condition.Language

    static let textBytesMax = 2_048

    /// - Parameter text: UTF-8; what is not, is passed over.
    static func language(of text: UnsafeRawBufferPointer) -> Language? {
        var letters = Letters()
        var words = WordCounts()
        var word = Word()
        var index = 0
        let end = min(text.count, textBytesMax)
        while index < end {
            let byte = unsafe text[index]
            if byte < 0x80 {
                index &+= 1
                if (byte | 0x20) &- 97 < 26 {
                    letters.latin &+= 1
                    word.append(byte | 0x20)
                } else {
                    words.count(word)
                    word = Word()
                }
                continue
            }
            let count = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
            guard byte >= 0xc2, index &+ count <= end else {
                index &+= 1
                continue
            }
            var scalar = UInt32(byte) & (count == 2 ? 0x1f : count == 3 ? 0x0f : 0x07)
            for offset in 1..<count { scalar = unsafe scalar << 6 | UInt32(text[index &+ offset] & 0x3f) }
            if letters.count(scalar) {
                for offset in 0..<count { unsafe word.append(text[index &+ offset]) }
            } else {
                words.count(word)
                word = Word()
            }
            index &+= count
        }
        words.count(word)
        return letters.language ?? (letters.isLatin ? words.language : nil)
    }

    // MARK: Scripts

    private struct Letters {
        var latin = 0
        private var cyrillic = 0
        private var ukrainian = 0
        private var greek = 0
        private var hebrew = 0
        private var arabic = 0
        private var devanagari = 0
        private var thai = 0
        private var hangul = 0
        private var kana = 0
        private var han = 0

        /// True for a Latin letter: what words are made of.
        mutating func count(_ scalar: UInt32) -> Bool {
            switch scalar {
            case 0xc0...0x24f:
                latin &+= 1
                return true
            case 0x370...0x3ff: greek &+= 1
            case 0x400...0x52f:
                cyrillic &+= 1
                // і ї є ґ, which Russian has not.
                if [0x456, 0x457, 0x454, 0x491].contains(scalar) { ukrainian &+= 1 }
            case 0x590...0x5ff: hebrew &+= 1
            case 0x600...0x6ff: arabic &+= 1
            case 0x900...0x97f: devanagari &+= 1
            case 0xe00...0xe7f: thai &+= 1
            case 0x3040...0x30ff: kana &+= 1
            case 0x1100...0x11ff, 0xac00...0xd7af: hangul &+= 1
            case 0x3400...0x4dbf, 0x4e00...0x9fff, 0x20000...0x2ffff: han &+= 1
            default: break
            }
            return false
        }

        private var others: Int {
            cyrillic + greek + hebrew + arabic + devanagari + thai + hangul + kana + han
        }

        var isLatin: Bool { latin > others }

        /// Where a script decides: one letter of Chinese says as much as three of English do.
        var language: Language? {
            guard others * 3 > latin else { return nil }
            // Japanese text is half Han, and always has kana.
            if kana * 10 > kana + han { return kana + han + han > others ? .ja : nil }
            let half = others / 2
            if han > half { return .zh }
            if hangul > half { return .ko }
            if cyrillic > half { return ukrainian * 100 > cyrillic ? .uk : .ru }
            if greek > half { return .el }
            if hebrew > half { return .he }
            if arabic > half { return .ar }
            if devanagari > half { return .hi }
            return thai > half ? .th : nil
        }
    }

    // MARK: Words

    /// A word of up to eight bytes; longer ones are none of those that are looked for.
    private struct Word {
        var packed: UInt64 = 0
        var count = 0

        mutating func append(_ byte: UInt8) {
            packed = packed << 8 | UInt64(byte)
            count &+= 1
        }
    }

    private static let latinLanguages: [Language] = [.en, .de, .fr, .es, .it, .pt, .nl, .pl, .sv, .tr]

    /// Articles, pronouns, prepositions and the like: what each text of a language is full of. Some are of two languages.
    private static let words: [Language: String] = [
        .en: "the and is are was of to in that it for you with this what have not how can my on from do please",
        .de:
            "der die das und ist nicht ein eine mit auf für ich sie es zu den dem von wie was sind kann bitte wir auch im",
        .fr: "le la les des et est une un que qui dans pour pas je vous nous avec ce cette du au sur comment être sont",
        .es: "el la los las y es una un que de en por para con no se como qué del lo está son más cómo este mi",
        .it: "il la gli le e è un una che di per non con sono del della come cosa questo nel ho mi si più anche",
        .pt: "o a os as e é um uma que de para não com do da em por como no na você isso são mais está meu",
        .nl: "de het een en is van ik je niet dat die op te met voor zijn hoe wat er aan ook kan maar wij",
        .pl: "i w na się nie jest z do to że jak co o dla czy ale jestem proszę przez są po mnie tego ten",
        .sv: "och det att i en är som på jag för med den inte av till ett vad har kan hur om du vi men",
        .tr: "ve bir bu için ne da de ile mi çok nasıl var ben gibi ama daha değil olarak nedir bana en şu o mu",
    ]

    /// Open addressing: a word, and the languages that have it, bit n that at place n of `latinLanguages`.
    private static let table: [(word: UInt64, languages: UInt16)] = {
        var table = [(word: UInt64, languages: UInt16)](repeating: (0, 0), count: 1024)
        for (place, language) in latinLanguages.enumerated() {
            for text in (words[language] ?? "").split(separator: " ") {
                let packed = text.utf8.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                var index = slot(packed)
                while table[index].word != 0, table[index].word != packed { index = (index + 1) & 1023 }
                table[index] = (packed, table[index].languages | 1 << UInt16(place))
            }
        }
        return table
    }()

    private static func slot(_ packed: UInt64) -> Int {
        Int(truncatingIfNeeded: (packed &* 0x9e37_79b9_7f4a_7c15) >> 54)
    }

    private struct WordCounts {
        private var counts: InlineArray<10, Int> = InlineArray(repeating: 0)
        private var total = 0

        mutating func count(_ word: Word) {
            guard word.count > 0 else { return }
            total &+= 1
            guard word.count <= 8 else { return }
            var index = LanguageGuess.slot(word.packed)
            while LanguageGuess.table[index].word != 0 {
                if LanguageGuess.table[index].word == word.packed {
                    var languages = LanguageGuess.table[index].languages
                    while languages != 0 {
                        counts[languages.trailingZeroBitCount] &+= 1
                        languages &= languages &- 1
                    }
                    return
                }
                index = (index &+ 1) & 1023
            }
        }

        /// The one with most small words, if they are at least a fifth of all words, two of them, and more than those of any other.
        var language: Language? {
            var best = 0
            var second = 0
            var place = 0
            for index in counts.indices {
                if counts[index] > best {
                    second = best
                    best = counts[index]
                    place = index
                } else {
                    second = max(second, counts[index])
                }
            }
            guard best >= 2, best * 5 >= total, best > second else { return nil }
            return LanguageGuess.latinLanguages[place]
        }
    }
}
