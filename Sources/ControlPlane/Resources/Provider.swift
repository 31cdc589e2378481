import Shared

/// A connection to one vendor.
struct Provider: ManagedObject {
    typealias Dialect = PolicyDocument.Provider.Dialect
    typealias Transport = PolicyDocument.Provider.Transport

    static let noun = Noun(singular: "provider", plural: "providers", type: "Provider")

    /// One day: longer than any answer, and far from overflowing anything.
    static let timeoutRange: ClosedRange<Int64> = 1...86_400_000

    var id: ObjectID
    var name = ""
    var dialect = Dialect.openai
    var baseURL = ""
    var transport = Transport.automatic
    var credential: Reference?
    var connectTimeoutMilliseconds = 5_000
    var firstTokenTimeoutMilliseconds = 120_000
    var idleTimeoutMilliseconds = 60_000
    var totalTimeoutMilliseconds = 600_000
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
        fields.take("name", into: &name)
        fields.take("dialect", into: &dialect)
        fields.take("base_url", into: &baseURL)
        // Paths are appended to it.
        while baseURL.hasSuffix("/") { baseURL.removeLast() }
        fields.take("transport", into: &transport)
        fields.take("connect_timeout_ms", into: &connectTimeoutMilliseconds)
        fields.take("first_token_timeout_ms", into: &firstTokenTimeoutMilliseconds)
        fields.take("idle_timeout_ms", into: &idleTimeoutMilliseconds)
        fields.take("total_timeout_ms", into: &totalTimeoutMilliseconds)
        fields.take("metadata", into: &metadata)
        if fields.isNull("credential") { credential = nil }
        if let reference = fields.text("credential") {
            credential = try await CredentialStore.resolve(reference, in: work)
            if credential == nil { problems.append(.unknown("credential", Credential.noun, reference)) }
        }
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

    var json: JSONValue {
        .record([
            ("id", .id(id)), ("name", .string(name)), ("dialect", .string(dialect.rawValue)),
            ("base_url", .string(baseURL)),
            ("transport", .string(transport.rawValue)), ("credential_id", .optional(credential) { .id($0.id) }),
            ("credential", .optional(credential) { .string($0.name) }),
            ("connect_timeout_ms", .int(Int64(connectTimeoutMilliseconds))),
            ("first_token_timeout_ms", .int(Int64(firstTokenTimeoutMilliseconds))),
            ("idle_timeout_ms", .int(Int64(idleTimeoutMilliseconds))),
            ("total_timeout_ms", .int(Int64(totalTimeoutMilliseconds))), ("metadata", metadata),
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
