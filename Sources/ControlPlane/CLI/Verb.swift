import Shared

/// What can be done with a resource.
struct Verb: Sendable {
    var name: String
    var help: String
    var takesSubject = false
    var subjectIsOptional = false
    /// Beyond those that come from the resource's fields.
    var ownFlags: [Flag] = []
    /// Whether the flags of the resource's fields apply: all of them, those that can change, or none.
    var fields = Fields.none
    var perform: @Sendable (Command) async throws -> String

    enum Fields: Sendable { case none, creation, change }

    func flags(_ resource: ResourceCommands) -> [Flag] {
        switch fields {
        case .none: ownFlags
        case .creation: resource.fields.map(\.flag) + ownFlags + [Self.data]
        case .change: resource.fields.filter { !$0.isFixed }.map(\.flag) + ownFlags + [Self.data]
        }
    }

    private static let data = Flag(
        "data", "JSON", "The body as JSON, or @PATH for a file; the other flags are put into it.")
}

extension Verb {
    static func list(_ filters: [Flag] = []) -> Verb {
        Verb(
            name: "list", help: "Lists them.",
            ownFlags: filters + [Flag("limit", "COUNT", "At most so many rows (default 1000).")]
        ) { command in
            let items = try await command.list(filters)
            if command.invocation.isJSON { return Output.json(.array(items)) }
            return Output.table(items, columns: command.resource.columns)
        }
    }

    static let get = Verb(name: "get", help: "Shows one, by name or ID.", takesSubject: true) { command in
        command.show(try await command.find().json)
    }

    static let create = Verb(name: "create", help: "Creates one.", fields: .creation) { command in
        let reply = try await command.client.post(command.resource.path, try command.body())
        return command.show(reply.json)
    }

    static let update = Verb(
        name: "update", help: "Changes one; what is not named stays as it is.", takesSubject: true, fields: .change
    ) {
        command in
        let body = try command.body()
        guard body != .object(JSONObject()) else { throw UsageError("nothing to change was named") }
        let found = try await command.find()
        let reply = try await command.client.patch(found.path, body, revision: found.etag)
        return command.show(reply.json)
    }

    static let delete = Verb(name: "delete", help: "Deletes one that nothing refers to any more.", takesSubject: true) {
        command in
        let found = try await command.find()
        try await command.client.delete(found.path, revision: found.etag)
        return command.invocation.isJSON
            ? "" : "deleted \(command.resource.singular) \(command.invocation.subject ?? "")\n"
    }

    static func action(_ name: String, _ help: String, flags: [Flag] = []) -> Verb {
        Verb(name: name, help: help, takesSubject: true, ownFlags: flags) { command in
            let found = try await command.find()
            let body = try command.body(flags)
            let reply = try await command.client.post("\(found.path)/\(name)", flags.isEmpty ? nil : body)
            return command.show(reply.json)
        }
    }
}

/// A command under way.
struct Command {
    let invocation: Invocation
    let resource: ResourceCommands
    let client: AdminClient

    struct Found {
        var path: String
        var etag: String
        var json: JSONValue
    }

    /// The object that the command line names. An ID is one look-up; a name is a search that must find exactly one.
    func find() async throws -> Found {
        let subject = invocation.subject ?? ""
        let id: String
        if ObjectID(subject) != nil
            || resource.path == "virtual-keys" && VirtualKeyID(subject) != nil
                && subject.utf8.contains(where: { (48...57).contains($0) })
        {
            id = subject
        } else {
            let matches = try await named(subject)
            guard let match = matches.first, let found = match["id"]?.string else {
                throw CommandError(
                    "there is no \(resource.singular) \"\(subject)\". weir \(resource.name) list shows what there is.")
            }
            guard matches.count == 1 else {
                throw CommandError(
                    "several are called \"\(subject)\"; name one by its ID:\n"
                        + Output.table(matches, columns: resource.columns))
            }
            id = found
        }
        let path = "\(resource.path)/\(PercentEncoding.encode(id))"
        let reply = try await client.get(path)
        return Found(path: path, etag: reply.etag ?? "*", json: reply.json)
    }

    /// Tokens are not searched by the server: there are few, and the revoked ones may repeat a name.
    private func named(_ name: String) async throws -> [JSONValue] {
        guard resource.isSearchable else {
            return try await client.list(resource.path, query: [], limit: 10_000).filter {
                $0["name"]?.string == name && ($0["revoked_at"] ?? .null) == .null
            }
        }
        return try await client.list(resource.path, query: [(name: "name", value: name)], limit: 20)
    }

    /// - Parameter path: where the list lies, if not at the resource itself.
    func list(_ filters: [Flag], path: String? = nil) async throws -> [JSONValue] {
        var limit = 1000
        if let text = invocation.flag("limit") {
            guard let number = Int(text), number > 0 else {
                throw UsageError("--limit: got \"\(text)\", want a positive integer")
            }
            limit = number
        }
        let query = filters.flatMap { filter in
            invocation.flags(filter.name).map {
                (name: filter.name.split(separator: "-").joined(separator: "_"), value: $0)
            }
        }
        return try await client.list(path ?? resource.path, query: query, limit: limit)
    }

    /// The body that the flags make, put into the one of `--data`.
    func body(_ flags: [Flag]? = nil) throws -> JSONValue {
        var object = JSONObject()
        if let data = invocation.flag("data") {
            let bytes = data.hasPrefix("@") ? try Connection.read(String(data.dropFirst())) : Array(data.utf8)
            do throws(JSONError) {
                let value = try JSONValue(parsing: bytes)
                guard let given = value.object else { throw JSONError(.expected("an object"), at: 0) }
                object = given
            } catch { throw UsageError("--data is not a JSON object: \(error)") }
        }
        for flag in flags ?? resource.fields.map(\.flag) {
            guard let field = flag.field, invocation.has(flag.name) else { continue }
            object[field.name] = try field.value(of: invocation.flags(flag.name), flag: flag.name)
        }
        return .object(object)
    }

    func show(_ json: JSONValue) -> String { invocation.isJSON ? Output.json(json) : Output.fields(json) }
}
