import Shared

/// A secret for providers: a reference that data planes resolve, or a value encrypted with the operator's key.
///
/// The value goes in and never comes out: answers and audit carry a hint of its last four characters.
struct Credential: ManagedObject {
    static let noun = Noun(singular: "credential", plural: "credentials", type: "Credential")

    enum Source: Equatable {
        case reference(String)
        case sealed([UInt8], hint: String)
    }

    var id: ObjectID
    var name = ""
    /// Rises with every change of the secret, so that data planes fetch it again.
    var version = 1
    var source = Source.reference("")
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
        fields.take("metadata", into: &metadata)
        let isNew = source == .reference("")
        switch (fields.text("reference"), fields.text("value")) {
        case (let reference?, nil):
            guard source != .reference(reference) else { return [] }
            source = .reference(reference)
        case (nil, let value?):
            if !isNew { version += 1 }
            // Sealed with the version it will have, so that an old ciphertext cannot be put back under a new version.
            source = .sealed(
                work.vault.seal(Array(value.utf8), credentialID: id, version: version), hint: Self.hint(of: value))
            return []
        case (nil, nil):
            if !isNew, fields.isNull("reference"), case .reference = source {
                return [
                    FieldProblem(path: "reference", message: "a credential needs a source; give value in its place")
                ]
            }
            return isNew
                ? [FieldProblem(path: "reference", message: "give reference (env:NAME or file:/path) or value")] : []
        case (_?, _?):
            return [FieldProblem(path: "value", message: "give either reference or value, not both")]
        }
        if !isNew { version += 1 }
        return []
    }

    /// The last four characters of a secret that is long enough for them to say nothing about the rest.
    static func hint(of value: String) -> String { value.utf8.count >= 16 ? "…" + value.suffix(4) : "…" }

    var json: JSONValue {
        var reference: String?
        var hint: String?
        switch source {
        case .reference(let text): reference = text
        case .sealed(_, let text): hint = text
        }
        return .record([
            ("id", .id(id)), ("name", .string(name)), ("version", .int(Int64(version))),
            ("reference", .optional(reference) { .string($0) }), ("value_hint", .optional(hint) { .string($0) }),
            ("metadata", metadata), ("revision", .int(revision)), ("created_at", .time(createdAt)),
            ("updated_at", .time(updatedAt)),
        ])
    }
}
