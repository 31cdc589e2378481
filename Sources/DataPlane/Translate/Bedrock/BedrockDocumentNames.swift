/// Names of documents as Bedrock takes them: each once in a request.
///
/// - Shape: letters, digits, hyphens, parentheses and square brackets of ASCII, single spaces between them, 200 in all. Any other character
///   becomes a space; a name that another document has gets a number.
/// - Source: `DocumentBlock` of the service model; the service refuses two documents of one name.
struct BedrockDocumentNames {
    static let countMax = 200
    private static let unnamed = "document"
    private var given: Set<String> = []
    /// The last number that a name got: a request may have many of one name.
    private var numbers: [String: Int] = [:]

    mutating func unique(from title: String?) -> String {
        let plain = Self.name(from: title)
        var name = plain
        while !given.insert(name).inserted {
            let number = numbers[plain, default: 1] + 1
            numbers[plain] = number
            let suffix = " \(number)"
            name = plain.prefix(Self.countMax - suffix.count) + suffix
        }
        return name
    }

    static func name(from title: String?) -> String {
        let words = (title ?? "").unicodeScalars.split { !isTaken($0) }
        let name = words.map { String($0) }.joined(separator: " ").prefix(countMax)
        return name.isEmpty ? unnamed : String(name.last == " " ? name.dropLast() : name)
    }

    /// Spaces aside.
    private static func isTaken(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "(", ")", "[", "]": true
        default: false
        }
    }
}
