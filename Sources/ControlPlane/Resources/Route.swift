import Shared

/// A public model name and the policy that turns it into targets.
struct Route: ManagedObject {
    typealias Strategy = PolicyDocument.Route.Strategy
    typealias Sticky = PolicyDocument.Sticky
    typealias FallbackCause = PolicyDocument.FallbackCause
    typealias Hedge = PolicyDocument.Hedge
    typealias Group = PolicyDocument.Group
    typealias UnsupportedParameters = PolicyDocument.UnsupportedParameters

    static let noun = Noun(singular: "route", plural: "routes", type: "Route")
    /// In one list, those in groups included: a data plane remembers those that it tried in one word.
    static let targetCountMax = 32
    /// Of a route and all its rules.
    static let targetCountInRulesMax = 128
    static let weightRange: ClosedRange<Int64> = 1...1_000_000
    static let retriesRange: ClosedRange<Int64> = 0...5
    /// In milliseconds. Proxies that give up on a silent connection do so after a second at the soonest, most after a minute.
    static let keepAliveRange: ClosedRange<Int64> = 100...600_000

    /// One model at one provider.
    struct Target: Equatable {
        var provider: Reference
        var model: Reference
        var upstreamModelName: String?
        var weight = 1
        /// A fallback only, after failures of these causes. nil: one of those that the strategy chooses from.
        var on: [FallbackCause]?
    }

    /// Where a share of the requests is sent once more, for an answer that nobody gets.
    struct Shadow: Equatable {
        /// Without weight and causes.
        var target: Target
        /// Hundredths of a percent.
        var share: Int
        /// Whose allowances they are charged to.
        var virtualKey: Reference
    }

    /// What is done otherwise with the requests that meet a condition.
    struct Rule: Equatable {
        var name: String
        var when: PolicyDocument.Condition
        var strategy = Strategy.priority
        var targets: [Target]
        var groups: [Group]
        var sticky: Sticky?
    }

    var id: ObjectID
    var name = ""
    var strategy = Strategy.priority
    /// Under `priority` in the order of preference.
    var targets: [Target] = []
    /// Which of them stand together.
    var groups: [Group] = []
    /// The first that holds decides.
    var rules: [Rule] = []
    /// Goes into requests that set no bound of their own, where an allowance needs one.
    var defaultMaxOutputTokens: Int?
    /// How long a request may wait for what others hold of its allowances.
    var admissionWaitMilliseconds = PolicyDocument.Route.admissionWaitMillisecondsDefault
    /// Exactly where the strategy is `sticky`.
    var sticky: Sticky?
    var retriesMax = PolicyDocument.Route.retriesMaxDefault
    var retriesFirst = false
    /// nil: that of the first target's provider.
    var totalTimeoutMilliseconds: Int?
    var refusesWhenAllAreOut = false
    /// nil: no request is sent twice.
    var hedge: Hedge?
    /// 0: a stream that breaks off ends so.
    var resumesMax = 0
    /// nil: no request is mirrored.
    var shadow: Shadow?
    /// What becomes of what a target of another dialect cannot be told; nil: the request is refused.
    var unsupportedParameters: UnsupportedParameters?
    /// nil: callers of silent streams are told nothing.
    var keepAliveMilliseconds: Int?
    var metadata = JSONValue.record([])
    var revision: Int64 = 1
    var createdAt: Int64
    var updatedAt: Int64

    init(id: ObjectID, now: Int64) {
        self.id = id
        createdAt = now
        updatedAt = now
    }

    var publication: Publication { .policy }

    mutating func apply(_ fields: Fields, in work: Work) async throws -> [FieldProblem] {
        fields.take("name", into: &name)
        fields.take("strategy", into: &strategy)
        fields.take("default_max_output_tokens", into: &defaultMaxOutputTokens)
        fields.take("admission_wait_ms", into: &admissionWaitMilliseconds)
        fields.take("retries_max", into: &retriesMax)
        fields.take("retries_first", into: &retriesFirst)
        fields.take("total_timeout_ms", into: &totalTimeoutMilliseconds)
        fields.take("refuses_when_all_are_out", into: &refusesWhenAllAreOut)
        if fields.has("hedge") { hedge = fields.object("hedge").map { Hedge(Fields($0)) } }
        fields.take("resumes_max", into: &resumesMax)
        fields.take("unsupported_parameters", into: &unsupportedParameters)
        fields.take("keep_alive_ms", into: &keepAliveMilliseconds)
        fields.take("metadata", into: &metadata)
        return takeSticky(fields) + (try await takeLists(fields, in: work))
    }

    /// Also where the field is absent: a change of the strategy alone may have made it needed, or wrong.
    private mutating func takeSticky(_ fields: Fields) -> [FieldProblem] {
        if fields.has("sticky") { sticky = fields.object("sticky").map { Sticky(Fields($0)) } }
        return RouteListReader.problems(with: sticky, strategy, at: "")
    }

    private mutating func takeLists(_ fields: Fields, in work: Work) async throws -> [FieldProblem] {
        var reader = RouteListReader(work)
        if let elements = fields.elements("targets") {
            (targets, groups) = try await reader.list(elements, at: "targets")
        }
        if let given = fields.object("shadow") { shadow = try await reader.shadow(Fields(given)) }
        if fields.isNull("shadow") { shadow = nil }
        if let elements = fields.elements("rules") { rules = try await RouteRuleReader.rules(elements, &reader) }
        let models = (targets + rules.flatMap(\.targets)).map(\.model.id)
        if reader.problems.isEmpty, let shadow, fields.has("shadow") || fields.has("targets") {
            if try await ModelStore.kinds([shadow.target.model.id] + models.prefix(1), in: work).count > 1 {
                reader.add("shadow.model", "is of another kind than the models of the route; chat is mirrored to chat")
            }
        }
        if reader.problems.isEmpty, fields.has("targets") || fields.has("rules") {
            if try await ModelStore.kinds(models, in: work).count > 1 {
                reader.add(
                    fields.has("targets") ? "targets" : "rules",
                    "models of different kinds cannot stand in one route; make a route for each kind")
            }
            if models.count > Self.targetCountInRulesMax {
                reader.add(
                    fields.has("rules") ? "rules" : "targets",
                    "a route and its rules have \(models.count) targets together, want at most \(Self.targetCountInRulesMax); give some a route of their own"
                )
            }
        }
        return reader.problems
    }

    /// Under what names the policy and people see it.
    var json: JSONValue {
        .record([
            ("id", .id(id)), ("name", .string(name)), ("strategy", .string(strategy.rawValue)),
            ("targets", Self.json(targets, groups)), ("rules", .array(rules.map(\.json))),
            ("default_max_output_tokens", .optional(defaultMaxOutputTokens) { .int(Int64($0)) }),
            ("admission_wait_ms", .int(Int64(admissionWaitMilliseconds))), ("sticky", .optional(sticky) { $0.json }),
            ("retries_max", .int(Int64(retriesMax))), ("retries_first", .boolean(retriesFirst)),
            ("total_timeout_ms", .optional(totalTimeoutMilliseconds) { .int(Int64($0)) }),
            ("refuses_when_all_are_out", .boolean(refusesWhenAllAreOut)), ("hedge", .optional(hedge) { $0.json }),
            ("resumes_max", .int(Int64(resumesMax))), ("shadow", .optional(shadow) { $0.json }),
            ("unsupported_parameters", .optional(unsupportedParameters) { .string($0.rawValue) }),
            ("keep_alive_ms", .optional(keepAliveMilliseconds) { .int(Int64($0)) }),
            ("metadata", metadata),
            ("revision", .int(revision)), ("created_at", .time(createdAt)), ("updated_at", .time(updatedAt)),
        ])
    }
}

extension Route {
    /// A list as it is written: what stands together is one element, with a list of its own.
    static func json(_ targets: [Target], _ groups: [Group]) -> JSONValue {
        var rest = groups[...]
        return json(targets, 0..<targets.count, &rest)
    }

    private static func json(
        _ targets: [Target], _ range: Range<Int>, _ groups: inout ArraySlice<Group>
    ) -> JSONValue {
        var elements: [JSONValue] = []
        var place = range.lowerBound
        while place < range.upperBound {
            guard let group = groups.first, group.first == place else {
                elements.append(targets[place].json)
                place += 1
                continue
            }
            groups.removeFirst()
            elements.append(
                .record([
                    ("strategy", .string(group.strategy.rawValue)), ("targets", json(targets, group.range, &groups)),
                    ("sticky", .optional(group.sticky) { $0.json }), ("weight", .int(Int64(group.weight))),
                    ("on", .optional(group.on) { .strings($0.map(\.rawValue)) }),
                ]))
            place = group.range.upperBound
        }
        return .array(elements)
    }
}

extension Route.Rule {
    var json: JSONValue {
        .record([
            ("name", .string(name)), ("when", when.json), ("strategy", .string(strategy.rawValue)),
            ("targets", Route.json(targets, groups)), ("sticky", .optional(sticky) { $0.json }),
        ])
    }
}

extension Route.Shadow {
    static let shareRange: ClosedRange<Int64> = 1...Int64(PolicyDocument.Shadow.whole)

    var json: JSONValue {
        .record([
            ("provider_id", .id(target.provider.id)), ("provider", .string(target.provider.name)),
            ("model_id", .id(target.model.id)), ("model", .string(target.model.name)),
            ("upstream_model_name", .optional(target.upstreamModelName) { .string($0) }),
            ("percent", .hundredths(share)), ("virtual_key_id", .id(virtualKey.id)),
            ("virtual_key", .string(virtualKey.name)),
        ])
    }
}

extension Route.Target {
    var json: JSONValue {
        .record([
            ("provider_id", .id(provider.id)), ("provider", .string(provider.name)), ("model_id", .id(model.id)),
            ("model", .string(model.name)), ("upstream_model_name", .optional(upstreamModelName) { .string($0) }),
            ("weight", .int(Int64(weight))), ("on", .optional(on) { .strings($0.map(\.rawValue)) }),
        ])
    }
}

extension PolicyDocument.Hedge {
    static let percentRange: ClosedRange<Int64> = 1...50
    static let afterRange: ClosedRange<Int64> = 1...600_000

    /// From fields that the schema has accepted.
    init(_ fields: Fields) {
        self.init()
        fields.take("after_ms", into: &afterMilliseconds)
        fields.take("percent_max", into: &percentMax)
        var plainAnswers = false
        fields.take("plain_answers", into: &plainAnswers)
        includesPlainAnswers = plainAnswers ? true : nil
    }

    var json: JSONValue {
        .record([
            ("after_ms", .optional(afterMilliseconds) { .int(Int64($0)) }), ("percent_max", .int(Int64(percentMax))),
            ("plain_answers", .boolean(includesPlainAnswers ?? false)),
        ])
    }
}

extension PolicyDocument.Sticky {
    /// From fields that the schema has accepted.
    init(_ fields: Fields) {
        self.init(
            by: fields.text("by").flatMap(Source.init(rawValue:)) ?? .endUser,
            header: fields.text("header")?.lowercased())
    }

    var json: JSONValue {
        .record([("by", .string(by.rawValue)), ("header", .optional(header) { .string($0) })])
    }
}
