import Shared

/// A part of an organization; owns virtual keys.
struct Team: ManagedObject {
    static let noun = Noun(singular: "team", plural: "teams", type: "Team")

    var id: ObjectID
    var organizationID = ObjectID.zero
    var organizationName = ""
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

    /// Data planes know a team by its ID alone, and it never moves to another organization.
    var publication: Publication { .none }

    mutating func apply(_ fields: Fields, in work: Work) async throws -> [FieldProblem] {
        fields.take("name", into: &name)
        fields.take("metadata", into: &metadata)
        guard let reference = fields.text("organization") else { return [] }
        guard let organization = try await OrganizationStore.resolve(reference, in: work) else {
            return [.unknown("organization", Organization.noun, reference)]
        }
        organizationID = organization.id
        organizationName = organization.name
        return []
    }

    var json: JSONValue {
        .record([
            ("id", .id(id)), ("organization_id", .id(organizationID)), ("organization", .string(organizationName)),
            ("name", .string(name)), ("metadata", metadata), ("revision", .int(revision)),
            ("created_at", .time(createdAt)), ("updated_at", .time(updatedAt)),
        ])
    }
}
