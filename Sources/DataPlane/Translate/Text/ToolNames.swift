/// Names of tools as a target takes them, and the way back.
///
/// - Shape: a name that the target takes stays. Another one has each character that the target does not take replaced by `_`, gets a `_` in
///   front where it may not begin as it does, is cut, and gets a number where it would be the same as one before it.
struct ToolNames {
    /// Which characters a target takes.
    enum Alphabet {
        /// Letters, digits, `_` and `-`.
        case plain
        /// Those, `.` and `:`; a letter or `_` first.
        case gemini
    }

    private let countMax: Int
    private let alphabet: Alphabet
    private var given: [String: String] = [:]
    private var originals: [String: String] = [:]
    /// The last number that a name got which became the same as another one: a request may have many of those.
    private var numbers: [String: Int] = [:]

    /// - Parameter countMax: the most characters that the target takes.
    /// - Parameter names: of all tools of the request, so that none that stays is taken for one that was changed.
    init(countMax: Int, of names: [String], alphabet: Alphabet = .plain) {
        self.countMax = countMax
        self.alphabet = alphabet
        for name in names where fits(name) { originals[name] = name }
    }

    /// What was changed: from the name that the target got to the caller's.
    var changed: [String: String] { originals.filter { $0.key != $0.value } }

    mutating func name(for original: String) -> String {
        if fits(original) { return original }
        if let known = given[original] { return known }
        let plain = plainText(of: original)
        var name = plain.isEmpty ? "_" : plain
        while originals[name] != nil {
            let number = numbers[plain, default: 1] + 1
            numbers[plain] = number
            let suffix = "_\(number)"
            name = plain.prefix(max(0, countMax - suffix.count)) + suffix
        }
        given[original] = name
        originals[name] = original
        return name
    }

    private func plainText(of original: String) -> String {
        let scalars = original.unicodeScalars.prefix(countMax)
        let text = String(scalars.map { takes($0) ? Character($0) : "_" })
        guard let first = text.unicodeScalars.first, !mayBegin(with: first) else { return text }
        return String("_\(text)".prefix(countMax))
    }

    private func fits(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first else { return false }
        return mayBegin(with: first) && name.unicodeScalars.count <= countMax && name.unicodeScalars.allSatisfy(takes)
    }

    private func mayBegin(with scalar: Unicode.Scalar) -> Bool {
        switch (alphabet, scalar) {
        case (.plain, _), (.gemini, "a"..."z"), (.gemini, "A"..."Z"), (.gemini, "_"): true
        default: false
        }
    }

    private func takes(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
        case ".", ":": alphabet == .gemini
        default: false
        }
    }
}
