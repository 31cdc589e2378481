/// One setting of a process: its place in the struct, what it may be, and what it is for.
///
/// - Shape: the path is that of the property, `fleet.controlPlaneURL`; the environment variable and the flag follow from it:
///   `WEIR_FLEET_CONTROL_PLANE_URL`, `--fleet-control-plane-url`.
public struct ConfigurationField: Sendable {
    public enum Kind: Sendable {
        case string
        case integer(ClosedRange<Int64>)
        case number
        case boolean
        case choice([String])
        /// In the environment and in flags separated by commas.
        case strings
        /// `env:NAME` and `file:/path` are references; anything else is the secret itself.
        case secret
    }

    public let path: String
    public let kind: Kind
    public let help: String

    public init(_ path: String, _ kind: Kind, _ help: String) {
        self.path = path
        self.kind = kind
        self.help = help
    }

    public static func integer(_ path: String, _ range: ClosedRange<Int64>, _ help: String) -> ConfigurationField {
        ConfigurationField(path, .integer(range), help)
    }

    /// The cases of an enumeration of strings.
    public static func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ path: String, _ type: Choice.Type, _ help: String
    ) -> ConfigurationField {
        ConfigurationField(path, .choice(type.allCases.map(\.rawValue)), help)
    }

    public var environmentName: String { "WEIR_" + Self.words(path).map { $0.uppercased() }.joined(separator: "_") }
    public var flagName: String { "--" + Self.words(path).joined(separator: "-") }

    var names: [String] { path.split(separator: ".").map(String.init) }

    var isSecret: Bool { if case .secret = kind { true } else { false } }
    var isBoolean: Bool { if case .boolean = kind { true } else { false } }

    /// `fleet.controlPlaneURLs` -> fleet, control, plane, urls. A word begins at a capital behind a small letter or a digit,
    /// and at the last capital of a run that small letters follow.
    static func words(_ path: String) -> [String] {
        var words: [String] = []
        for part in path.split(separator: ".") {
            let letters = Array(part)
            var word = ""
            for (index, letter) in letters.enumerated() {
                if letter.isUppercase, !word.isEmpty {
                    let isBehindSmall = !letters[index - 1].isUppercase
                    let isBeforeSmall =
                        index + 1 < letters.count && letters[index + 1].isLowercase && !isPluralS(letters, index + 1)
                    if isBehindSmall || isBeforeSmall {
                        words.append(word.lowercased())
                        word = ""
                    }
                }
                word.append(letter)
            }
            words.append(word.lowercased())
        }
        return words
    }

    /// The small s behind an acronym, `URLs`: part of it, and not the second letter of a new word.
    private static func isPluralS(_ letters: [Character], _ index: Int) -> Bool {
        letters[index] == "s" && (index + 1 == letters.count || letters[index + 1].isUppercase)
    }

    // MARK: Values

    /// What a value of this kind is, for messages.
    var wanted: String {
        switch kind {
        case .string: "a string"
        case .integer(let range): "an integer \(range.lowerBound)...\(range.upperBound)"
        case .number: "a number"
        case .boolean: "true or false"
        case .choice(let choices): "one of " + choices.joined(separator: ", ")
        case .strings: "a list of strings"
        case .secret: "env:NAME, file:/path or the secret itself"
        }
    }

    /// The value in a text from the environment or the command line; nil when it is none.
    func value(text: String) -> JSONValue? {
        switch kind {
        case .string, .choice, .secret: return value(json: .string(text))
        case .strings:
            let parts = text.split(separator: ",").map { JSONValue.string(String($0).trimmed) }
            return .array(parts.filter { $0 != .string("") })
        case .boolean:
            switch text.lowercased() {
            case "true", "1", "yes", "on": return .boolean(true)
            case "false", "0", "no", "off": return .boolean(false)
            default: return nil
            }
        case .integer, .number:
            // By JSON's grammar, so that 0x10, 1_000 and " 5" are refused wherever they come from.
            guard let number = try? JSONValue(parsing: Array(text.utf8)), number.number?.text == text else {
                return nil
            }
            return value(json: number)
        }
    }

    /// The value if it is of this kind; nil when it is not.
    func value(json: JSONValue) -> JSONValue? {
        switch (kind, json) {
        case (.string, .string), (.boolean, .boolean), (.secret, .string), (.number, .number): json
        case (.integer(let range), .number(let number)): number.int64.map(range.contains) == true ? json : nil
        case (.choice(let choices), .string(let text)): choices.contains(text) ? json : nil
        case (.strings, .array(let array)): array.allSatisfy { $0.string != nil } ? json : nil
        default: nil
        }
    }
}

extension String {
    /// Without the spaces around it.
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}

/// Something that is wrong with the configuration. All of them are shown before the process gives up.
public struct ConfigurationProblem: Error, Hashable, Sendable {
    /// Of the property, within the process's struct.
    public var path: String
    /// What stands there; nil: nothing. Filled in by the loader, hidden for a secret.
    public var got: String?
    /// The environment variable, flag or file it came from. Filled in by the loader.
    public var source: String?
    /// What should stand there, or what is wrong, when `isStatement`.
    public var message: String
    public var isStatement: Bool

    /// `want 1...65535`: the loader adds what it got and from where.
    public init(_ path: String, want: String) {
        self.path = path
        self.message = want
        isStatement = false
    }

    /// A sentence of its own: `unknown field`.
    public init(_ path: String, _ message: String, source: String? = nil) {
        self.path = path
        self.source = source
        self.message = message
        isStatement = true
    }
}

extension ConfigurationProblem: CustomStringConvertible {
    public var description: String {
        let prefix = path.isEmpty ? "" : path + ": "
        if isStatement { return prefix + message + (source.map { " (from \($0))" } ?? "") }
        return prefix + (got.map { "got \($0)" } ?? "not set") + (source.map { " from \($0)" } ?? "")
            + ", want \(message)"
    }
}
