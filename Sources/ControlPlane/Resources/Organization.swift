import Shared

/// The root of a tenancy tree.
struct Organization: ManagedObject {
    static let noun = Noun(singular: "organization", plural: "organizations", type: "Organization")

    var id: ObjectID
    var name = ""
    var metadata = JSONValue.record([])
    var revision: Int64 = 1
    var createdAt: Int64
    var updatedAt: Int64

    init(id: ObjectID, now: Int64) {
        self.id = id
        createdAt = now
        updatedAt = now
    }

    /// Data planes know an organization by its ID alone.
    var publication: Publication { .none }

    mutating func apply(_ fields: Fields, in work: Work) async throws -> [FieldProblem] {
        fields.take("name", into: &name)
        fields.take("metadata", into: &metadata)
        return []
    }

    var json: JSONValue {
        .record([
            ("id", .id(id)), ("name", .string(name)), ("metadata", metadata), ("revision", .int(revision)),
            ("created_at", .time(createdAt)), ("updated_at", .time(updatedAt)),
        ])
    }
}
