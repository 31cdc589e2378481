import Shared

/// Reads lists of targets, of a route and of its rules, and collects what is wrong with them.
///
/// - Shape: groups are taken apart: the targets of all levels become one list, in which a group is a range.
struct RouteListReader {
    private let work: Work
    private(set) var problems: [FieldProblem] = []
    /// By the name that was sent: most lists name the same few again and again.
    private var providers: [String: Reference?] = [:]
    private var models: [String: Reference?] = [:]

    init(_ work: Work) { self.work = work }

    mutating func add(_ path: String, _ message: String) {
        problems.append(FieldProblem(path: path, message: message))
    }

    mutating func add(_ problem: FieldProblem) { problems.append(problem) }

    mutating func add(_ more: [FieldProblem]) { problems += more }

    mutating func list(
        _ elements: [JSONValue], at path: String
    ) async throws -> (targets: [Route.Target], groups: [Route.Group]) {
        var targets: [Route.Target] = []
        var groups: [Route.Group] = []
        try await read(elements, at: path, &targets, &groups)
        if targets.count > Route.targetCountMax {
            add(path, "hold \(targets.count) targets, groups included, want at most \(Route.targetCountMax)")
        }
        return (targets, groups)
    }

    private mutating func read(
        _ elements: [JSONValue], at path: String, _ targets: inout [Route.Target], _ groups: inout [Route.Group]
    ) async throws {
        for (index, element) in elements.enumerated() {
            let place = "\(path)[\(index)]"
            let fields = Fields(element)
            guard let inner = fields.elements("targets") else {
                if let target = try await target(fields, at: place) { targets.append(target) }
                continue
            }
            var group = Route.Group(first: targets.count, count: 0, strategy: .priority)
            fields.take("strategy", into: &group.strategy)
            fields.take("weight", into: &group.weight)
            group.sticky = fields.object("sticky").map { Route.Sticky(Fields($0)) }
            group.on = fields.texts("on")?.compactMap(Route.FallbackCause.init(rawValue:))
            add(Self.problems(with: group.sticky, group.strategy, at: place + "."))
            // Outer groups come first.
            let position = groups.count
            groups.append(group)
            try await read(inner, at: place + ".targets", &targets, &groups)
            groups[position].count = targets.count - group.first
        }
        if elements.allSatisfy({ Fields($0).elements("on") != nil }) {
            add(path, "are all fallbacks only, so none would be tried first; leave \"on\" out of at least one")
        }
    }

    private mutating func target(_ fields: Fields, at path: String) async throws -> Route.Target? {
        let providerName = fields.text("provider") ?? ""
        let modelName = fields.text("model") ?? ""
        let provider = try await provider(providerName)
        let model = try await model(modelName)
        if provider == nil { add(.unknown("\(path).provider", Provider.noun, providerName)) }
        if model == nil { add(.unknown("\(path).model", Model.noun, modelName)) }
        guard let provider, let model else { return nil }
        for (field, id) in [("provider_id", provider.id), ("model_id", model.id)] {
            guard let sent = fields.text(field), ObjectID(sent) != id else { continue }
            add("\(path).\(field)", "is another object than the one that is named; leave the field out")
        }
        var target = Route.Target(
            provider: provider, model: model, upstreamModelName: fields.text("upstream_model_name"))
        fields.take("weight", into: &target.weight)
        target.on = fields.texts("on")?.compactMap(Route.FallbackCause.init(rawValue:))
        return target
    }

    // MARK: Shadows

    mutating func shadow(_ fields: Fields) async throws -> Route.Shadow? {
        let target = try await target(fields, at: "shadow")
        let key = try await shadowKey(fields)
        guard let target, let key else { return nil }
        return Route.Shadow(
            target: target, share: Int(fields.value("percent")?.hundredths ?? 0),
            virtualKey: Reference(id: key.id, name: key.name))
    }

    private mutating func shadowKey(_ fields: Fields) async throws -> VirtualKey? {
        let name = fields.text("virtual_key") ?? ""
        var found = try await VirtualKeyStore.resolve(name, in: work)
        // Keys of several teams may have one name: what an answer said comes back with the ID beside it.
        if found == nil, let id = fields.text("virtual_key_id") {
            found = try await VirtualKeyStore.resolve(id, in: work).flatMap { $0.name == name ? $0 : nil }
        }
        guard let found, let key = try await VirtualKeyStore.find(found.id.description, locking: false, in: work) else {
            add(
                "shadow.virtual_key",
                "no single virtual key is called \(name.quotedForMessage); give its ID, its key ID, its name, or team/name where several have the name"
            )
            return nil
        }
        if let sent = fields.text("virtual_key_id"), ObjectID(sent) != key.id {
            add("shadow.virtual_key_id", "is another object than the one that is named; leave the field out")
        }
        if key.status != .active {
            add(
                "shadow.virtual_key",
                "is \(key.status.rawValue), so nothing can be charged to it; name one that is active")
        }
        return key
    }

    private mutating func provider(_ name: String) async throws -> Reference? {
        if let known = providers[name] { return known }
        let found = try await ProviderStore.resolve(name, in: work)
        providers[name] = .some(found)
        return found
    }

    private mutating func model(_ name: String) async throws -> Reference? {
        if let known = models[name] { return known }
        let found = try await ModelStore.resolve(name, in: work)
        models[name] = .some(found)
        return found
    }

    /// The ID of a team, by whatever names it.
    func team(_ name: String) async throws -> ObjectID? { try await TeamStore.resolve(name, in: work)?.id }

    /// The key ID of a virtual key, by whatever names it.
    func keyID(_ name: String) async throws -> String? {
        guard let found = try await VirtualKeyStore.resolve(name, in: work) else { return nil }
        return try await VirtualKeyStore.find(found.id.description, locking: false, in: work)?.keyID.description
    }

    // MARK: Sticky

    /// What is wrong with the pair.
    ///
    /// - Parameter path: in front of `sticky`.
    static func problems(with sticky: Route.Sticky?, _ strategy: Route.Strategy, at path: String) -> [FieldProblem] {
        func problem(_ field: String, _ message: String) -> [FieldProblem] {
            [FieldProblem(path: path + field, message: message)]
        }
        guard let sticky else {
            guard strategy == .sticky else { return [] }
            return problem(
                "sticky", "is missing; the strategy sticky needs an object, such as {\"by\": \"end_user\"}")
        }
        if strategy != .sticky {
            return problem(
                "sticky",
                "is for the strategy sticky, and this one is \(strategy.rawValue); leave it out or send null")
        }
        return problems(with: sticky.header, by: sticky.by.rawValue, at: path + "sticky.header")
    }

    /// A header is named exactly where something goes by it.
    static func problems(with header: String?, by source: String, at path: String) -> [FieldProblem] {
        switch (source == "header", header) {
        case (true, nil):
            [FieldProblem(path: path, message: "is missing; \"by\": \"header\" needs \(TextFormat.fieldName.remedy)")]
        case (true, .some), (false, nil): []
        case (false, .some):
            [FieldProblem(path: path, message: "is for \"by\": \"header\", and this is by \(source); leave it out")]
        }
    }
}
