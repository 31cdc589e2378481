import Shared

extension Organization {
    static let shape = ObjectShape(
        name: "Organization", description: "The root of a tenancy tree.",
        properties: [.id, .name(example: "acme"), .metadata, .revision, .createdAt, .updatedAt])
}

extension Team {
    static let shape = ObjectShape(
        name: "Team",
        description: "A part of an organization; owns virtual keys. Its name is unique in the organization.",
        properties: [
            .id, .readOnly("organization_id", .text(.uuid)),
            .init(
                name: "organization",
                schema: Schema(.text(.reference), "ID or name; answers carry the name.", example: .string("acme")),
                mode: .createOnly, isRequired: true),
            .name(example: "search"), .metadata, .revision, .createdAt, .updatedAt,
        ])
}

extension AdminEndpoint {
    static var organizations: [AdminEndpoint] {
        managed(
            Organization.self, Organization.shape, article: "an organization",
            unused: "an organization that has no teams",
            page: OrganizationStore.page)
    }

    static var teams: [AdminEndpoint] {
        managed(
            Team.self, Team.shape, article: "a team", unused: "a team that has no virtual keys",
            filters: [
                QueryParameter(
                    "organization", Schema(.text(.reference), "Only those of this organization (ID or name)."))
            ],
            page: TeamStore.page)
    }
}
