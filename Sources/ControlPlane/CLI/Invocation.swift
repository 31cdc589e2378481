import Shared

/// A command line taken apart: which resource, which verb, what it applies to, and the flags.
struct Invocation: Sendable {
    let resource: ResourceCommands?
    let verb: Verb?
    /// The name or ID that follows the verb.
    let subject: String?
    private let flags: [(name: String, value: String)]
    /// Set where help was asked for.
    let help: String?

    /// Flags that every command takes.
    static let commonFlags = [
        Flag("url", "URL", "The control plane (WEIR_URL; default \(Connection.urlDefault))."),
        Flag(
            "token-file", "PATH",
            "A file whose first line is the admin token (or WEIR_ADMIN_TOKEN); - reads the standard input."),
        Flag("token", "TOKEN", "The admin token itself; others on this machine can see it."),
        Flag("json", nil, "Print the answer as JSON."),
    ]

    init(parsing arguments: [String]) throws(UsageError) {
        var words: [String] = []
        var given: [(name: String, value: String?)] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("-"), argument != "-" else {
                words.append(argument)
                continue
            }
            if argument == "--version" {
                given.append(("version", nil))
                continue
            }
            if argument == "-h" || argument == "--help" {
                given.append(("help", nil))
                continue
            }
            guard argument.hasPrefix("--") else { throw UsageError("unknown flag \(argument)") }
            let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
                String.init)
            if parts.count == 2 {
                given.append((parts[0], parts[1]))
            } else if Self.isSwitch(parts[0]) {
                given.append((parts[0], nil))
            } else {
                guard let value = rest.popFirst() else {
                    throw UsageError(
                        Self.isKnown(parts[0]) ? "--\(parts[0]) needs a value" : "unknown flag --\(parts[0])")
                }
                given.append((parts[0], value))
            }
        }

        let wantsHelp = given.contains { $0.name == "help" } || words.first == "help"
        if words.first == "help" { words.removeFirst() }
        if given.contains(where: { $0.name == "version" }) {
            (resource, verb, subject, flags, help) = (nil, nil, nil, [], "weir \(WeirVersion.current)")
            return
        }
        guard let first = words.first else {
            guard wantsHelp || arguments.isEmpty else { throw UsageError("no command") }
            (resource, verb, subject, flags, help) = (nil, nil, nil, [], Help.overview)
            return
        }
        guard let resource = ResourceCommands.named(first) else { throw UsageError("unknown command \(first)") }
        // Where there is one verb it need not be said.
        let saysVerb = words.count > 1 && (resource.verbs.count > 1 || words[1] == resource.verbs[0].name)
        let verbName = saysVerb ? words[1] : nil
        let verb = try Self.verb(verbName, of: resource, orHelp: wantsHelp)
        if wantsHelp {
            (self.resource, self.verb, subject, flags, help) = (resource, verb, nil, [], Help.of(resource, verb))
            return
        }
        guard let verb else {
            throw UsageError(
                "\(first) needs a verb: \(resource.verbs.map(\.name).joined(separator: ", "))",
                hint: "weir \(first) --help says more.")
        }
        let hint = "weir \(first)\(resource.verbs.count == 1 ? "" : " \(verb.name)") --help says more."
        let operands = words.dropFirst(verbName == nil ? 1 : 2)
        guard operands.count <= 1, verb.takesSubject || operands.isEmpty else {
            throw UsageError("unexpected \"\(operands.last ?? "")\"", hint: hint)
        }
        if verb.takesSubject, !verb.subjectIsOptional, operands.isEmpty {
            throw UsageError("\(verb.name) needs the name or ID of the \(resource.singular)", hint: hint)
        }

        let known = verb.flags(resource) + Self.commonFlags
        for (name, value) in given {
            guard let flag = known.first(where: { $0.name == name }) else {
                throw UsageError("unknown flag --\(name)", hint: hint)
            }
            guard (flag.valueName == nil) == (value == nil) else {
                throw UsageError(
                    flag.valueName == nil ? "--\(name) takes no value" : "--\(name) needs a value", hint: hint)
            }
            guard flag.isRepeatable || given.filter({ $0.name == name }).count == 1 else {
                throw UsageError("--\(name) is given twice", hint: hint)
            }
        }
        (self.resource, self.verb, subject, help) = (resource, verb, operands.first, nil)
        flags = given.map { (name: $0.name, value: $0.value ?? "") }
    }

    private static func verb(_ name: String?, of resource: ResourceCommands, orHelp wantsHelp: Bool) throws(UsageError)
        -> Verb?
    {
        guard let name else {
            // `weir usage` sums usage: a verb that is called like its resource need not be said.
            return resource.verbs.count == 1 ? resource.verbs[0] : resource.verbs.first { $0.name == resource.name }
        }
        if let verb = resource.verbs.first(where: { $0.name == name }) { return verb }
        throw UsageError(
            "\(resource.name) has no verb \(name); it has \(resource.verbs.map(\.name).joined(separator: ", "))",
            hint: "weir \(resource.name) --help says more.")
    }

    private static func isSwitch(_ name: String) -> Bool {
        allFlags.contains { $0.name == name && $0.valueName == nil }
    }

    private static func isKnown(_ name: String) -> Bool { allFlags.contains { $0.name == name } }

    /// Of all commands: which of them is meant is known only when all words are.
    private static var allFlags: [Flag] {
        commonFlags + ResourceCommands.all.flatMap { resource in resource.verbs.flatMap { $0.flags(resource) } }
    }

    // MARK: Flags

    func flag(_ name: String) -> String? { flags.first { $0.name == name }?.value }
    func flags(_ name: String) -> [String] { flags.filter { $0.name == name }.map(\.value) }
    func has(_ name: String) -> Bool { flags.contains { $0.name == name } }
    var isJSON: Bool { has("json") }

    /// What to print.
    func run(with client: AdminClient) async throws -> String {
        guard let resource, let verb else { return "" }
        return try await verb.perform(Command(invocation: self, resource: resource, client: client))
    }
}

/// One `--flag`.
struct Flag: Sendable {
    var name: String
    /// nil: a switch without a value.
    var valueName: String?
    var help: String
    var isRepeatable: Bool
    /// What it does to the body of a request; nil: it means something to the command itself.
    var field: BodyField?

    init(_ name: String, _ valueName: String?, _ help: String, repeatable: Bool = false, _ field: BodyField? = nil) {
        self.name = name
        self.valueName = valueName
        self.help = help
        isRepeatable = repeatable
        self.field = field
    }
}
