import Shared

/// A public model name and the policy that turns it into targets.
struct Route: ManagedObject {
    typealias Strategy = PolicyDocument.Route.Strategy
    typealias Sticky = PolicyDocument.Sticky
    typealias FallbackCause = PolicyDocument.FallbackCause
    typealias Hedge = PolicyDocument.Hedge

    static let noun = Noun(singular: "route", plural: "routes", type: "Route")
    static let targetCountMax = 32
    static let weightRange: ClosedRange<Int64> = 1...1_000_000
    static let retriesRange: ClosedRange<Int64> = 0...5

    /// One model at one provider.
    struct Target: Equatable {
        var provider: Reference
        var model: Reference
        var upstreamModelName: String?
        var weight = 1
        /// A fallback only, after failures of these causes. nil: one of those that the strategy chooses from.
        var on: [FallbackCause]?
    }

    var id: ObjectID
    var name = ""
    var strategy = Strategy.priority
    /// Under `priority` in the order of preference.
    var targets: [Target] = []
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
        fields.take("metadata", into: &metadata)
        return takeSticky(fields) + (try await takeTargets(fields, in: work))
    }

    /// Also where the field is absent: a change of the strategy alone may have made it needed, or wrong.
    private mutating func takeSticky(_ fields: Fields) -> [FieldProblem] {
        if fields.has("sticky") { sticky = fields.object("sticky").map { Sticky(Fields($0)) } }
        guard let sticky else {
            guard strategy == .sticky else { return [] }
            return [
                FieldProblem(
                    path: "sticky",
                    message: "is missing; the strategy sticky needs an object, such as {\"by\": \"end_user\"}")
            ]
        }
        if strategy != .sticky {
            return [
                FieldProblem(
                    path: "sticky",
                    message:
                        "is for the strategy sticky, and this one is \(strategy.rawValue); leave it out or send null")
            ]
        }
        switch (sticky.by, sticky.header) {
        case (.header, nil):
            return [
                FieldProblem(
                    path: "sticky.header",
                    message: "is missing; \"by\": \"header\" needs \(TextFormat.fieldName.remedy)")
            ]
        case (.header, .some), (_, nil): return []
        case (let by, .some):
            return [
                FieldProblem(
                    path: "sticky.header",
                    message: "is for \"by\": \"header\", and this is by \(by.rawValue); leave it out")
            ]
        }
    }

    private mutating func takeTargets(_ fields: Fields, in work: Work) async throws -> [FieldProblem] {
        guard let elements = fields.elements("targets") else { return [] }
        var problems: [FieldProblem] = []
        var wanted: [Target] = []
        for (index, element) in elements.enumerated() {
            let target = Fields(element)
            let providerName = target.text("provider") ?? ""
            let modelName = target.text("model") ?? ""
            let provider = try await ProviderStore.resolve(providerName, in: work)
            let model = try await ModelStore.resolve(modelName, in: work)
            if provider == nil { problems.append(.unknown("targets[\(index)].provider", Provider.noun, providerName)) }
            if model == nil { problems.append(.unknown("targets[\(index)].model", Model.noun, modelName)) }
            guard let provider, let model else { continue }
            for (field, id) in [("provider_id", provider.id), ("model_id", model.id)] {
                guard let sent = target.text(field), ObjectID(sent) != id else { continue }
                problems.append(
                    FieldProblem(
                        path: "targets[\(index)].\(field)",
                        message: "is another object than the one that is named; leave the field out"))
            }
            var parsed = Target(provider: provider, model: model, upstreamModelName: target.text("upstream_model_name"))
            target.take("weight", into: &parsed.weight)
            parsed.on = target.texts("on")?.compactMap(FallbackCause.init(rawValue:))
            wanted.append(parsed)
        }
        targets = wanted
        if problems.isEmpty, try await ModelStore.kinds(wanted.map(\.model.id), in: work).count > 1 {
            problems.append(
                FieldProblem(
                    path: "targets",
                    message: "chat and embedding models cannot stand in one route; make a route for each"))
        }
        if elements.allSatisfy({ Fields($0).elements("on") != nil }) {
            problems.append(
                FieldProblem(
                    path: "targets",
                    message: "are all fallbacks only, so none would be tried first; leave \"on\" out of at least one"))
        }
        return problems
    }

    /// Under what names the policy and people see it.
    var json: JSONValue {
        .record([
            ("id", .id(id)), ("name", .string(name)), ("strategy", .string(strategy.rawValue)),
            ("targets", .array(targets.map(\.json))),
            ("default_max_output_tokens", .optional(defaultMaxOutputTokens) { .int(Int64($0)) }),
            ("admission_wait_ms", .int(Int64(admissionWaitMilliseconds))), ("sticky", .optional(sticky) { $0.json }),
            ("retries_max", .int(Int64(retriesMax))), ("retries_first", .boolean(retriesFirst)),
            ("total_timeout_ms", .optional(totalTimeoutMilliseconds) { .int(Int64($0)) }),
            ("refuses_when_all_are_out", .boolean(refusesWhenAllAreOut)), ("hedge", .optional(hedge) { $0.json }),
            ("metadata", metadata),
            ("revision", .int(revision)), ("created_at", .time(createdAt)), ("updated_at", .time(updatedAt)),
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
