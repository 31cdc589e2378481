import Shared

/// A rule of a route as `routes.rules` keeps it: its targets are rows of `route_targets`, behind those of the route and of earlier rules.
struct StoredRule: Codable {
    var name: String
    var when: PolicyDocument.Condition
    var strategy: PolicyDocument.Route.Strategy
    var groups: [PolicyDocument.Group]?
    var sticky: PolicyDocument.Sticky?
    var targetCount: Int

    init(_ rule: Route.Rule) {
        name = rule.name
        when = rule.when
        strategy = rule.strategy
        groups = rule.groups.isEmpty ? nil : rule.groups
        sticky = rule.sticky
        targetCount = rule.targets.count
    }

    func published(_ targets: [PolicyDocument.Target]) -> PolicyDocument.Rule {
        PolicyDocument.Rule(
            name: name, when: when, strategy: strategy, targets: targets, groups: groups, sticky: sticky)
    }

    /// The targets of a route in their order: its own, and those of each rule.
    static func divide<Target>(
        _ targets: [Target], among rules: [StoredRule]
    ) throws(StoreError) -> (own: [Target], ofRules: [[Target]]) {
        let own = targets.count - rules.reduce(0) { $0 + $1.targetCount }
        guard own >= 0 else { throw .mismatch("a route has fewer targets than its rules say") }
        var rest = targets.dropFirst(own)
        return (
            Array(targets.prefix(own)),
            rules.map { rule in
                defer { rest = rest.dropFirst(rule.targetCount) }
                return Array(rest.prefix(rule.targetCount))
            }
        )
    }
}

extension Route.Rule {
    init(_ stored: StoredRule, _ targets: [Route.Target]) {
        name = stored.name
        when = stored.when
        strategy = stored.strategy
        groups = stored.groups ?? []
        sticky = stored.sticky
        self.targets = targets
    }
}

extension PostgresRow {
    /// Of a row of `routes`.
    func targetGroups() throws(StoreError) -> [PolicyDocument.Group]? { try optionalDecoded("target_groups") }

    func routeRules() throws(StoreError) -> [StoredRule] { try optionalDecoded("rules") ?? [] }

    private func optionalDecoded<Value: Decodable>(_ column: String) throws(StoreError) -> Value? {
        guard let text = try optionalJSON(column) else { return nil }
        do throws(StrictDecodingError) {
            return try StrictJSONDecoder.decode(from: Array(text.utf8))
        } catch {
            throw .mismatch("column \(column): \(error)")
        }
    }
}

extension PostgresValue {
    static func canonicalJSON(_ value: some Encodable) -> PostgresValue {
        .json(String(decoding: CanonicalJSON.encode(value), as: UTF8.self))
    }
}
