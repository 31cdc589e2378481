/// The settings of one process: a struct with its defaults in the declaration.
///
/// - Shape: every stored property that is not a nested struct of settings stands in `fields`; the loader traps when the two
///   differ, so a test that loads the defaults finds it.
public protocol ProcessConfiguration: Codable, Sendable {
    init()
    /// Goes in front of the paths in messages: `dataPlane`.
    static var section: String { get }
    static var fields: [ConfigurationField] { get }
    /// What no single field can know: everything that is wrong, not only the first thing.
    func validate() -> [ConfigurationProblem]
}

/// Reads a process's configuration: defaults, then a file (JSON), then the environment, then flags, each over the one before.
///
/// - Shape: `--name=value` or `--name value`; `--name` alone for true. The file is named by `--config` or `WEIR_CONFIG`.
///   Words without dashes are handed back: they are the process's own commands.
/// - Errors: none thrown; every problem is in the result. Unknown fields of the file, unknown flags and unknown `WEIR_`
///   variables are problems, because a setting misspelt is a setting not made.
public struct ConfigurationLoader {
    public enum Result<Configuration: ProcessConfiguration> {
        case loaded(Loaded<Configuration>)
        /// `--help`: print it and leave with 0.
        case help(String)
        /// Print them and leave with 2.
        case problems([ConfigurationProblem])
    }

    public struct Loaded<Configuration: ProcessConfiguration> {
        public var configuration: Configuration
        /// The words of the command line.
        public var words: [String]
        /// Those of the process's own switches that were given.
        public var switches: Set<String>
        /// The path of the file, if there was one.
        public var file: String?
    }

    private let process: String
    private let summary: String
    private let arguments: [String]
    private let environment: [String: String]
    private let switches: [(name: String, help: String)]
    private let ignoredPrefixes: [String]
    private let readFile: (String) throws -> [UInt8]

    /// - Parameters:
    ///   - arguments: without the program's name.
    ///   - switches: flags without a value that are the process's own: `--check`.
    ///   - ignoredPrefixes: of environment variables that belong to somebody else.
    public init(
        process: String, summary: String, arguments: [String], environment: [String: String],
        switches: [(name: String, help: String)] = [("--check", "Check the configuration and leave.")],
        ignoredPrefixes: [String] = ["WEIR_TEST_"],
        readFile: @escaping (String) throws -> [UInt8] = { path in try SmallFile.read(path) }
    ) {
        self.process = process
        self.summary = summary
        self.arguments = arguments
        self.environment = environment
        self.switches = switches
        self.ignoredPrefixes = ignoredPrefixes
        self.readFile = readFile
    }

    /// A value that some source gives to a field.
    private struct Setting {
        var source: String
        var shown: String
        var value: JSONValue?
    }

    /// Whether only a check is asked for.
    public var isCheck: Bool { arguments.contains("--check") }

    /// - Parameter checking: what else is wrong, asked for a check only, and although single settings are wrong: those then have their defaults.
    public func load<Configuration: ProcessConfiguration>(
        _ type: Configuration.Type, checking: (Configuration) -> [ConfigurationProblem] = { _ in [] }
    ) -> Result<Configuration> {
        let fields = Configuration.fields
        var problems: [ConfigurationProblem] = []
        let commandLine = parseArguments(fields, &problems)
        if commandLine.isHelp { return .help(help(type)) }

        var settings: [String: Setting] = [:]
        let file = commandLine.file ?? environment["WEIR_CONFIG"]
        if let file { readSettings(file, fields, &settings, &problems) }
        readEnvironment(fields, &settings, &problems)
        for (path, setting) in commandLine.settings { settings[path] = setting }

        var tree = Self.defaults(type)
        for field in fields {
            guard let setting = settings[field.path] else { continue }
            guard let value = setting.value else {
                var problem = ConfigurationProblem(field.path, want: field.wanted)
                (problem.got, problem.source) = (setting.shown, setting.source)
                problems.append(problem)
                continue
            }
            if field.isSecret, let text = value.string {
                do {
                    let secret = try SecretReference.resolve(text, environment: environment, readFile: readFile)
                    Self.set(field.names[...], to: .string(secret.reveal()), in: &tree)
                } catch {
                    problems.append(ConfigurationProblem(field.path, error.description, source: setting.source))
                }
                continue
            }
            Self.set(field.names[...], to: value, in: &tree)
        }

        // The rules between fields are checked even when single fields are wrong (and so still have their defaults),
        // except for what was already said about a field.
        do {
            let configuration: Configuration = try StrictJSONDecoder.decode(from: tree)
            let known = Set(problems.map(\.path))
            let found = configuration.validate() + (isCheck ? checking(configuration) : [])
            for var problem in found where !known.contains(problem.path) {
                if problem.source == nil, let setting = settings[problem.path] {
                    (problem.got, problem.source) = (setting.shown, setting.source)
                } else if problem.got == nil {
                    problem.got = Self.get(problem.path, in: tree).flatMap { $0 == .null ? nil : $0.summary }
                    if problem.got != nil { problem.source = "the default" }
                }
                problems.append(problem)
            }
            if problems.isEmpty {
                return .loaded(
                    Loaded(
                        configuration: configuration, words: commandLine.words, switches: commandLine.switches,
                        file: file))
            }
        } catch {
            problems += error.problems.map { ConfigurationProblem($0.path, $0.message) }
        }
        return .problems(
            problems.map { problem in
                var problem = problem
                if !problem.path.isEmpty { problem.path = Configuration.section + "." + problem.path }
                return problem
            })
    }

    // MARK: Sources

    private struct CommandLine {
        var settings: [String: Setting] = [:]
        var words: [String] = []
        var switches: Set<String> = []
        var file: String?
        var isHelp = false
    }

    private func parseArguments(_ fields: [ConfigurationField], _ problems: inout [ConfigurationProblem]) -> CommandLine
    {
        var result = CommandLine()
        let byFlag = Dictionary(uniqueKeysWithValues: fields.map { ($0.flagName, $0) })
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("-") else {
                result.words.append(argument)
                continue
            }
            if argument == "--help" || argument == "-h" {
                result.isHelp = true
                continue
            }
            if switches.contains(where: { $0.name == argument }) {
                result.switches.insert(argument)
                continue
            }
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let field = byFlag[parts[0]]
            guard field != nil || parts[0] == "--config" else {
                let known = fields.map(\.flagName) + switches.map(\.name) + ["--config", "--help"]
                let nearest = Spelling.nearest(to: parts[0], among: known)
                problems.append(
                    ConfigurationProblem(
                        "", "unknown flag \(parts[0])" + (nearest.map { "; did you mean \($0)?" } ?? "")))
                continue
            }
            let text: String
            if parts.count == 2 {
                text = parts[1]
            } else if field?.isBoolean == true {
                text = "true"
            } else if let next = rest.first, !next.hasPrefix("--") {
                text = next
                rest.removeFirst()
            } else {
                problems.append(ConfigurationProblem("", "\(parts[0]) needs a value"))
                continue
            }
            guard let field else {
                result.file = text
                continue
            }
            result.settings[field.path] = Self.setting(field, text: text, source: field.flagName)
        }
        return result
    }

    private func readEnvironment(
        _ fields: [ConfigurationField], _ settings: inout [String: Setting], _ problems: inout [ConfigurationProblem]
    ) {
        let byName = Dictionary(uniqueKeysWithValues: fields.map { ($0.environmentName, $0) })
        for (name, text) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix("WEIR_") {
            if name == "WEIR_CONFIG" || ignoredPrefixes.contains(where: { name.hasPrefix($0) }) { continue }
            guard let field = byName[name] else {
                let nearest = Spelling.nearest(to: name, among: byName.keys)
                problems.append(
                    ConfigurationProblem(
                        "", "unknown environment variable \(name)" + (nearest.map { "; did you mean \($0)?" } ?? "")))
                continue
            }
            settings[field.path] = Self.setting(field, text: text, source: name)
        }
    }

    private func readSettings(
        _ path: String, _ fields: [ConfigurationField], _ settings: inout [String: Setting],
        _ problems: inout [ConfigurationProblem]
    ) {
        let bytes: [UInt8]
        do {
            bytes = try readFile(path)
        } catch {
            problems.append(ConfigurationProblem("", "\(error)"))
            return
        }
        let document: JSONValue
        do {
            document = try JSONValue(parsing: bytes)
        } catch {
            problems.append(ConfigurationProblem("", "\(path): \(error.description)"))
            return
        }
        guard case .object(let object) = document else {
            problems.append(ConfigurationProblem("", "\(path): want an object, got \(document.summary)"))
            return
        }
        let byPath = Dictionary(uniqueKeysWithValues: fields.map { ($0.path, $0) })
        let sections = Set(
            fields.flatMap { field in (1..<field.names.count).map { field.names[..<$0].joined(separator: ".") } })
        collect(object, "", path, byPath, sections, &settings, &problems)
    }

    private func collect(
        _ object: JSONObject, _ prefix: String, _ file: String, _ fields: [String: ConfigurationField],
        _ sections: Set<String>, _ settings: inout [String: Setting], _ problems: inout [ConfigurationProblem]
    ) {
        for member in object.members {
            let path = prefix + member.name
            if let field = fields[path] {
                // null is how a file says "as by default".
                guard member.value != .null else { continue }
                let shown = field.isSecret ? Secret.placeholder : member.value.summary
                settings[path] = Setting(source: file, shown: shown, value: field.value(json: member.value))
            } else if sections.contains(path) {
                if case .object(let section) = member.value {
                    collect(section, path + ".", file, fields, sections, &settings, &problems)
                } else {
                    var problem = ConfigurationProblem(path, want: "an object")
                    (problem.got, problem.source) = (member.value.summary, file)
                    problems.append(problem)
                }
            } else {
                let siblings = (Array(fields.keys) + sections).filter {
                    $0.hasPrefix(prefix) && !$0.dropFirst(prefix.count).contains(".")
                }
                let nearest = Spelling.nearest(to: path, among: siblings)
                problems.append(
                    ConfigurationProblem(
                        path,
                        "unknown field" + (nearest.map { "; did you mean \"\($0.dropFirst(prefix.count))\"?" } ?? ""),
                        source: file))
            }
        }
    }

    private static func setting(_ field: ConfigurationField, text: String, source: String) -> Setting {
        let shown = field.isSecret ? Secret.placeholder : JSONValue.string(text).summary
        return Setting(
            source: source, shown: isPlain(field) ? unquoted(shown, text) : shown, value: field.value(text: text))
    }

    /// A number is shown without the quotes that no one wrote, unless it is not one.
    private static func isPlain(_ field: ConfigurationField) -> Bool {
        switch field.kind {
        case .integer, .number: true
        default: false
        }
    }

    private static func unquoted(_ shown: String, _ text: String) -> String {
        guard let value = try? JSONValue(parsing: Array(text.utf8)), value.number?.text == text else { return shown }
        return text
    }

    // MARK: The tree

    private static func defaults<Configuration: ProcessConfiguration>(_ type: Configuration.Type) -> JSONValue {
        guard let tree = try? JSONValue(parsing: CanonicalJSON.encode(Configuration())) else {
            preconditionFailure("the defaults are not JSON")
        }
        let paths = Set(Configuration.fields.map(\.path))
        precondition(paths.count == Configuration.fields.count, "two fields with one path")
        for path in leaves(tree, "", paths) { precondition(paths.contains(path), "\(path) is missing from fields") }
        return tree
    }

    /// A struct of settings is an object that is not itself a field.
    private static func leaves(_ value: JSONValue, _ path: String, _ fields: Set<String>) -> [String] {
        guard case .object(let object) = value, !fields.contains(path) else { return [path] }
        return object.members.flatMap { leaves($0.value, path.isEmpty ? $0.name : "\(path).\($0.name)", fields) }
    }

    private static func set(_ names: ArraySlice<String>, to value: JSONValue, in tree: inout JSONValue) {
        guard let name = names.first else {
            tree = value
            return
        }
        var object = tree.object ?? JSONObject()
        var child = object[name] ?? .object(JSONObject())
        set(names.dropFirst(), to: value, in: &child)
        object[name] = child
        tree = .object(object)
    }

    private static func get(_ path: String, in tree: JSONValue) -> JSONValue? {
        path.split(separator: ".").reduce(Optional(tree)) { $0?[String($1)] }
    }

    // MARK: Help

    private func help<Configuration: ProcessConfiguration>(_ type: Configuration.Type) -> String {
        let tree = Self.defaults(type)
        var text = """
            \(process): \(summary)

            Settings come from a JSON file (--config=path or WEIR_CONFIG), the environment, and flags; the later wins.


            """
        for (name, help) in switches + [("--help", "Show this.")] { text += "  \(name)\n      \(help)\n" }
        for field in Configuration.fields {
            var notes = [field.wanted]
            if !field.isSecret, let value = Self.get(field.path, in: tree), value != .null {
                notes.append("default " + (value.string == "" ? "empty" : String(decoding: value.bytes, as: UTF8.self)))
            }
            text += "  \(field.flagName)=...  \(field.environmentName)  (file: \(field.path))\n"
            text += "      \(field.help) \(notes.joined(separator: "; ").capitalizedFirst).\n"
        }
        return text
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

extension ConfigurationLoader {
    /// All of them, one a line, for the standard error.
    public static func text(_ problems: [ConfigurationProblem]) -> String {
        problems.map { $0.description + "\n" }.joined()
    }
}
