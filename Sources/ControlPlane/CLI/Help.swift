/// The help texts, made of the same tables that commands are parsed by.
enum Help {
    static var overview: String {
        let width = (ResourceCommands.all.map(\.name.count).max() ?? 0) + 2
        let commands = ResourceCommands.all.map { resource in
            "  " + padded(resource.name, width) + resource.help
                + (resource.verbs.count > 1
                    ? "\n  " + padded("", width) + resource.verbs.map(\.name).joined(separator: ", ") : "")
        }
        return """
            weir: the command line of the Weir control plane.

            usage: weir COMMAND [VERB] [NAME or ID] [--flags]

            \(commands.joined(separator: "\n"))

            \(flags("flags of every command", Invocation.commonFlags))

            ~/.config/weir/config.json may hold {"url": "...", "admin_token": "..."}.
            weir --version prints the version. weir COMMAND --help and weir COMMAND VERB --help say more.
            """
    }

    static func of(_ resource: ResourceCommands, _ verb: Verb?) -> String {
        guard let verb else {
            let width = (resource.verbs.map(\.name.count).max() ?? 0) + 2
            let verbs = resource.verbs.map { "  " + padded($0.name, width) + $0.help }.joined(separator: "\n")
            return
                "weir \(resource.name): \(resource.help)\n\nusage: weir \(resource.name) VERB [NAME or ID] [--flags]\n\n\(verbs)\n\nweir \(resource.name) VERB --help lists the flags."
        }
        let words =
            resource.verbs.count == 1 || verb.name == resource.name ? resource.name : "\(resource.name) \(verb.name)"
        let own = verb.flags(resource)
        return
            "usage: weir \(words)\(verb.subjectIsOptional ? " [FILE]" : verb.takesSubject ? " NAME-or-ID" : "") [--flags]\n\n\(resource.verbs.count == 1 ? resource.help : verb.help)\n\n"
            + (own.isEmpty ? "" : flags("flags", own) + "\n\n")
            + flags("flags of every command", Invocation.commonFlags)
    }

    private static func flags(_ title: String, _ flags: [Flag]) -> String {
        let names = flags.map { "--\($0.name)" + ($0.valueName.map { " \($0)" } ?? "") }
        let width = (names.map(\.count).max() ?? 0) + 2
        return title + ":\n"
            + zip(names, flags).map {
                "  " + padded($0, width) + $1.help + ($1.isRepeatable ? " May be repeated." : "")
            }.joined(separator: "\n")
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
