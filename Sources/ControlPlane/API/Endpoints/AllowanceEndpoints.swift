import Shared

extension Allowance {
    static let shape = ObjectShape(
        name: "Allowance",
        description:
            "What may be spent under a limit. What it counts (scope, end user, route or model, kind, period) stays; the limit and the mode may change.",
        properties: [
            .id, .name(.name, "Unique in its scope; callers see it when it is exhausted.", example: "monthly budget"),
            .readOnly("scope", .choice(AllowanceScope.allCases.map(\.label)), "Which of the three it hangs on."),
            .readOnly("organization_id", .text(.uuid), nullable: true), owner("organization", "An organization"),
            .readOnly("team_id", .text(.uuid), nullable: true),
            owner("team", "A team (organization/team where several have the name)"),
            .readOnly("virtual_key_id", .text(.uuid), nullable: true),
            owner("virtual_key", "A virtual key by ID, key ID or name (team/name where several have the name)"),
            .init(
                name: "end_user",
                schema: Schema(
                    .text(.line(bytesMax: IntentRecord.endUserBytesMax)),
                    "null: everybody together. `*`: each end user (the caller's `user`) has the whole limit. Otherwise the one end user it counts.",
                    example: .string("*")), mode: .createOnly, isNullable: true, standard: .null, remedy: fixedRemedy),
            .readOnly("route_id", .text(.uuid), nullable: true),
            .init(
                name: "route", schema: Schema(.text(.reference), "It counts only requests by this route."),
                mode: .createOnly, isNullable: true, standard: .null, remedy: fixedRemedy),
            .readOnly("model_id", .text(.uuid), nullable: true),
            .init(
                name: "model",
                schema: Schema(.text(.reference), "It counts only requests whose route has this model as a target."),
                mode: .createOnly, isNullable: true, standard: .null, remedy: fixedRemedy),
            .init(
                name: "kind",
                schema: Schema(.choice(AllowanceKind.allCases.map(\.label)), "`slots`: requests in flight."),
                mode: .createOnly, isRequired: true, remedy: fixedRemedy),
            .init(
                name: "period",
                schema: Schema(
                    .choice(["minute", "day", "week", "month", "total", "rolling"]),
                    "Money: `day`, `week` (from Monday), `month`, `total` or `rolling`. Tokens: `minute`. Requests: `minute` or `day`, both sliding. Slots: null."
                ), mode: .createOnly, isNullable: true, standard: .null, remedy: fixedRemedy),
            .init(
                name: "rolling_seconds",
                schema: Schema(.integer(rollingSecondsRange), "The length of a `rolling` period."),
                mode: .createOnly, isNullable: true, standard: .null, remedy: fixedRemedy),
            .init(
                name: "time_zone",
                schema: Schema(
                    .text(.line(bytesMax: 64)),
                    "Where days, weeks and months of money begin; an IANA name. UTC if absent.",
                    example: .string("Europe/Berlin")), mode: .createOnly, isNullable: true, standard: .null,
                remedy: fixedRemedy),
            .init(
                name: "limit_usd",
                schema: Schema(.text(.dollars), "Of money, exact; null for the rest.", example: .string("25.00")),
                isNullable: true),
            .init(
                name: "limit_nanodollars",
                schema: Schema(
                    .integer(0...AllowanceKind.money.limitMax), "The same in 1e-9 USD; give one of the two."),
                isNullable: true),
            .init(
                name: "limit",
                schema: Schema(
                    .integer(0...AllowanceKind.tokens.limitMax), "Of tokens, requests or slots; null for money."),
                isNullable: true),
            .init(
                name: "mode",
                schema: Schema(
                    .choice(AllowanceMode.allCases.map(\.label)),
                    "Near the limit: `strict` refuses what does not fit, `clamp` lowers its output cap, `soft` only counts and alerts, `automatic` clamps requests without an output cap of their own and is strict with the rest."
                ), standard: .string(AllowanceMode.automatic.label)),
            .init(
                name: "alert_thresholds",
                schema: Schema(
                    .list(of: Schema(.integer(thresholdRange)), count: 0...thresholdCountMax),
                    "Percent of a money limit at which an alert is raised, once in each period. 80 and 100 if absent."
                )),
            .metadata, .revision, .createdAt, .updatedAt,
        ])

    /// What an allowance counts is what its sums in the ledger mean.
    private static let fixedRemedy =
        "cannot be changed after creation, because what was counted would change its meaning; create another allowance and delete this one"

    private static func owner(_ name: String, _ description: String) -> Schema.Property {
        .init(
            name: name,
            schema: Schema(.text(.reference), "\(description); give one of organization, team and virtual_key."),
            mode: .createOnly, isNullable: true, standard: .null, remedy: fixedRemedy)
    }
}

extension AdminEndpoint {
    static var allowances: [AdminEndpoint] {
        let (noun, shape) = (Allowance.noun, Allowance.shape)
        let filters = [
            QueryParameter.name,
            QueryParameter(
                "scope", Schema(.choice(AllowanceScope.allCases.map(\.label)), "Only those that hang on such.")),
            QueryParameter(
                "organization", Schema(.text(.reference), "Only those of this organization, its teams and their keys.")),
            QueryParameter("team", Schema(.text(.reference), "Only those of this team and its keys (ID or name).")),
            QueryParameter("virtual_key", Schema(.text(.reference), "Only those of this key (ID, key ID or name).")),
            QueryParameter(
                "end_user",
                Schema(.text(.line(bytesMax: IntentRecord.endUserBytesMax)), "Only those of this label; `*`: for each.")
            ),
            QueryParameter("kind", Schema(.choice(AllowanceKind.allCases.map(\.label)))),
            QueryParameter("route", Schema(.text(.reference), "Only those that count this route (ID or name).")),
            QueryParameter("model", Schema(.text(.reference), "Only those that count this model (ID or name).")),
        ]
        return [
            .list(noun, of: shape.answer, "Lists allowances.", filters: filters) { call in
                let request = try call.list(noun.plural)
                let rows = try await AllowanceStore.page(request, in: call.work)
                return .page(
                    noun.plural, Page(overfetched: rows, limit: request.page.limit) { $0.id.description }, \.json)
            },
            .createBounded(
                noun, shape, "Creates an allowance; at most 6 for an organization, 4 for a team, 6 for a key."
            ) {
                call in
                let allowance = try await Allowance.create(call.body, in: call.work)
                return .created(noun, allowance.id, allowance.json, revision: allowance.revision)
            },
            .get(noun, of: shape.answer, "Gets an allowance.") { call in
                .object(try await Allowance.get(call.id, in: call.work))
            },
            .update(noun, shape, "Changes the limit, the mode or the alerts of an allowance.") { call in
                .object(try await Allowance.update(call.id, matching: call.revisions, call.body, in: call.work))
            },
            .delete(noun, "Deletes an allowance; what it counted is forgotten, usage stays.") { call in
                try await Allowance.delete(call.id, matching: call.revisions, in: call.work)
                return .gone
            },
        ]
    }

    /// A creation that the state of what it hangs on may not allow.
    private static func createBounded(
        _ noun: Noun, _ shape: ObjectShape, _ summary: String, _ respond: @escaping (Call) async throws -> Answer
    ) -> AdminEndpoint {
        var endpoint = create(noun, shape, summary, respond)
        endpoint.problems.append(.conflict)
        return endpoint
    }
}
