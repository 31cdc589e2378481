import Shared

/// A connection to one vendor.
struct Provider: ManagedObject {
    typealias Dialect = Shared.Dialect
    typealias Transport = PolicyDocument.Provider.Transport
    typealias Breaker = PolicyDocument.Breaker
    typealias Concurrency = PolicyDocument.Concurrency
    typealias Probe = PolicyDocument.Probe
    typealias Quirks = PolicyDocument.Quirks
    typealias CredentialKind = PolicyDocument.CredentialKind
    typealias PathVersion = PolicyDocument.PathVersion
    typealias CallerLeaves = PolicyDocument.Provider.CallerLeaves
    typealias PrefixContinuation = PolicyDocument.PrefixContinuation

    static let noun = Noun(singular: "provider", plural: "providers", type: "Provider")

    /// One day: longer than any answer, and far from overflowing anything.
    static let timeoutRange: ClosedRange<Int64> = 1...86_400_000

    var id: ObjectID
    var name = ""
    var dialect = Dialect.openai
    var baseURL = ""
    var transport = Transport.automatic
    var credential: Reference?
    /// In its place, where several take turns.
    var credentials: [Reference]?
    var connectTimeoutMilliseconds = 5_000
    var firstTokenTimeoutMilliseconds = 120_000
    var idleTimeoutMilliseconds = 60_000
    var totalTimeoutMilliseconds = 600_000
    /// nil: the standard of the data planes.
    var breaker: Breaker?
    var retryBudgetPercent = PolicyDocument.Provider.retryBudgetPercentDefault
    /// nil: no limit.
    var concurrency: Concurrency?
    var whenCallerLeaves = CallerLeaves.cancel
    /// nil: it cannot go on from the beginning of an answer.
    var prefixContinuation: PrefixContinuation?
    /// nil: none.
    var probe: Probe?
    /// nil: in nothing does it differ from OpenAI.
    var quirks: Quirks?
    /// In lower case; nil: that of its dialect.
    var credentialField: String?
    /// Behind the path of each request.
    var query: String?
    /// Where requests are signed for; nil: they carry the credential itself.
    var region: String?
    /// nil: what requests carry, or are signed with.
    var credentialKind: CredentialKind?
    /// nil: that of its dialect.
    var pathVersion: PathVersion?
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
        var problems: [FieldProblem] = []
        let probePathBefore = usualProbePath
        fields.take("name", into: &name)
        fields.take("transport", into: &transport)
        fields.take("connect_timeout_ms", into: &connectTimeoutMilliseconds)
        fields.take("first_token_timeout_ms", into: &firstTokenTimeoutMilliseconds)
        fields.take("idle_timeout_ms", into: &idleTimeoutMilliseconds)
        fields.take("total_timeout_ms", into: &totalTimeoutMilliseconds)
        fields.take("retry_budget_percent", into: &retryBudgetPercent)
        fields.take("when_caller_leaves", into: &whenCallerLeaves)
        fields.take("metadata", into: &metadata)
        problems += takeDialect(fields)
        problems += Breaker.take("breaker", of: fields, into: &breaker)
        problems += Concurrency.take("concurrency", of: fields, into: &concurrency)
        problems += Probe.take("probe", of: fields, into: &probe)
        // The path that nobody chose is that of the dialect, also of another one.
        let isPathUnsaid = fields.object("probe").map { $0["path"] == nil } ?? (probe?.path == probePathBefore)
        let usualPath = usualProbePath
        if isPathUnsaid { probe?.path = usualPath }
        problems += try await takeCredentials(fields, in: work)
        for (field, timeout) in [
            ("connect_timeout_ms", connectTimeoutMilliseconds),
            ("first_token_timeout_ms", firstTokenTimeoutMilliseconds),
            ("idle_timeout_ms", idleTimeoutMilliseconds),
        ] where timeout > totalTimeoutMilliseconds {
            problems.append(
                FieldProblem(
                    path: field, message: "got \(timeout), want at most total_timeout_ms (\(totalTimeoutMilliseconds))")
            )
        }
        return problems
    }

    /// One or several: naming either takes the place of the other.
    private mutating func takeCredentials(_ fields: Fields, in work: Work) async throws -> [FieldProblem] {
        if fields.isNull("credential") { credential = nil }
        if fields.isNull("credentials") { credentials = nil }
        switch (fields.text("credential"), fields.texts("credentials")) {
        case (nil, nil): return []
        case (_?, _?):
            return [FieldProblem(path: "credentials", message: "give either credential or credentials, not both")]
        case (let reference?, nil):
            credential = try await CredentialStore.resolve(reference, in: work)
            credentials = nil
            return credential == nil ? [.unknown("credential", Credential.noun, reference)] : []
        case (nil, let references?):
            var problems: [FieldProblem] = []
            var found: [Reference] = []
            for (index, reference) in references.enumerated() {
                let path = "credentials[\(index)]"
                guard let resolved = try await CredentialStore.resolve(reference, in: work) else {
                    problems.append(.unknown(path, Credential.noun, reference))
                    continue
                }
                if found.contains(resolved) {
                    problems.append(
                        FieldProblem(path: path, message: "is in the list already; name each credential once"))
                }
                found.append(resolved)
            }
            credential = nil
            credentials = found
            return problems
        }
    }

    var json: JSONValue {
        .record([
            ("id", .id(id)), ("name", .string(name)), ("dialect", .string(dialect.rawValue)),
            ("base_url", .string(baseURL)),
            ("transport", .string(transport.rawValue)), ("credential_id", .optional(credential) { .id($0.id) }),
            ("credential", .optional(credential) { .string($0.name) }),
            ("credentials", .optional(credentials) { .array($0.map { .string($0.name) }) }),
            ("connect_timeout_ms", .int(Int64(connectTimeoutMilliseconds))),
            ("first_token_timeout_ms", .int(Int64(firstTokenTimeoutMilliseconds))),
            ("idle_timeout_ms", .int(Int64(idleTimeoutMilliseconds))),
            ("total_timeout_ms", .int(Int64(totalTimeoutMilliseconds))),
            ("breaker", .optional(breaker) { $0.json }), ("retry_budget_percent", .int(Int64(retryBudgetPercent))),
            ("concurrency", .optional(concurrency) { $0.json }),
            ("when_caller_leaves", .string(whenCallerLeaves.rawValue)),
            ("prefix_continuation", .optional(prefixContinuation) { .string($0.rawValue) }),
            ("probe", .optional(probe) { $0.json }), ("quirks", .optional(quirks) { $0.json }),
            ("credential_field", .optional(credentialField) { .string($0) }),
            ("query", .optional(query) { .string($0) }), ("region", .optional(region) { .string($0) }),
            ("credential_kind", .optional(credentialKind) { .string($0.rawValue) }),
            ("path_version", .optional(pathVersion) { .string($0.rawValue) }),
            ("metadata", metadata),
            ("revision", .int(revision)), ("created_at", .time(createdAt)), ("updated_at", .time(updatedAt)),
        ])
    }
}

/// Another object, as it is named in fields: by ID for programs, by name for people.
struct Reference: Equatable {
    var id: ObjectID
    var name: String
}

extension FieldProblem {
    static func unknown(_ field: String, _ noun: Noun, _ reference: String) -> FieldProblem {
        FieldProblem(
            path: field,
            message:
                "there is no \(noun.singular) \(reference.quotedForMessage); create it first or name an existing one (GET \(noun.collection))"
        )
    }
}
