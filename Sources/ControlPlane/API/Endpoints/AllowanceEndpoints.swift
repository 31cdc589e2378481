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
            report, allReports(filters: filters), writeOff,
        ]
    }

    // MARK: What was spent

    private static var report: AdminEndpoint {
        let list = "allowance-accounts"
        return AdminEndpoint(
            method: .get, path: PathPattern("\(Allowance.noun.item)/report"), access: .viewer,
            operationID: "getAllowanceReport", tag: Allowance.noun.plural,
            summary: "What an allowance has spent, holds and has left, in its current period.",
            description:
                "One item, or a page of them where each end user has an account; end users that never asked have none. Amounts count `unit`; those of money are there in dollars as well.",
            queries: [
                QueryParameter(
                    "end_user",
                    Schema(
                        .text(.line(bytesMax: IntentRecord.endUserBytesMax)),
                        "Only this one, where each end user has an account."))
            ] + pageParameters,
            success: .json(200, "The figures.", AllowanceReport.schema), problems: [.invalidFields, .notFound]
        ) { call in
            let allowance = try await Allowance.get(call.id, in: call.work)
            let isEach = allowance.endUser == EndUserPart.eachLabel
            guard isEach || call.query("end_user") == nil else {
                throw Problem.invalid(
                    "query:end_user", "is for allowances of each end user; this one has a single account")
            }
            let request = try call.list(list) { UInt64($0, radix: 16) != nil }
            var report = try await AllowanceReport.make(
                allowance, subject: call.query("end_user").map { EndUserSubject.of($0) },
                after: request.page.after.flatMap { UInt64($0, radix: 16) }, limit: request.fetchCount, in: call.work)
            if let label = call.query("end_user"), report.accounts.first?.endUser == nil, !report.accounts.isEmpty {
                report.accounts[0].endUser = label
            }
            let page = Page(overfetched: report.accounts, limit: request.page.limit) {
                String($0.subject ?? 0, radix: 16)
            }
            return .json(
                .record([
                    ("allowance", allowance.json), ("unit", .string(allowance.unit)),
                    ("items", .array(page.rows.map { report.json($0) })),
                    ("next_cursor", .optional(page.next) { .string(PageRequest.cursor(list: list, key: $0)) }),
                ]))
        }
    }

    private static func allReports(filters: [QueryParameter]) -> AdminEndpoint {
        let noun = Noun(singular: "allowance report", plural: "allowance-reports", type: "AllowanceReport")
        var endpoint = list(
            noun, of: AllowanceReport.itemSchema,
            "Lists allowances with what they have spent; `account` is null where each end user has one.",
            filters: filters
        ) { call in
            let request = try call.list(noun.plural)
            let rows = try await AllowanceStore.page(request, in: call.work)
            let page = Page(overfetched: rows, limit: request.page.limit) { $0.id.description }
            let reports = try await AllowanceReport.make(page.rows, in: call.work)
            return .json(
                .record([
                    ("items", .array(reports.map(\.json))),
                    ("next_cursor", .optional(page.next) { .string(PageRequest.cursor(list: noun.plural, key: $0)) }),
                ]))
        }
        endpoint.tag = Allowance.noun.plural
        return endpoint
    }

    private static var writeOff: AdminEndpoint {
        var endpoint = action(
            Allowance.noun, "write-off", answering: AllowanceReport.writeOffSchema,
            "Counts as spent what is in doubt: lent to data planes that were not heard of since their leases ended."
        ) { call in
            let (allowance, written) = try await Allowance.writeOff(call.id, in: call.work)
            return .json(allowance.json(writtenOff: written))
        }
        endpoint.operationID = "writeOffAllowance"
        endpoint.description =
            "Their journals may still arrive: what was written off is then not counted twice, and what turns out unspent is given back. At most 10,000 accounts at a time; repeat until `accounts` is 0."
        endpoint.success = .json(200, "What was written off.", AllowanceReport.writeOffSchema)
        return endpoint
    }

    static var alerts: [AdminEndpoint] {
        let noun = Noun(singular: "alert", plural: "alerts", type: "Alert")
        return [
            .list(
                noun, of: AllowanceAlert.schema, "Lists crossed thresholds of money allowances, newest first.",
                filters: [
                    QueryParameter("allowance_id", Schema(.text(.uuid), "Only those of this allowance.")),
                    QueryParameter("from", Schema(.text(.dateTime), "Only those since then.")),
                    QueryParameter("to", Schema(.text(.dateTime), "Only those before then.")),
                ]
            ) { call in
                let request = try call.list(noun.plural)
                let rows = try await AlertStore.page(request, in: call.work)
                return .page(
                    noun.plural, Page(overfetched: rows, limit: request.page.limit) { $0.id.description }, \.json)
            }
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

extension AllowanceReport {
    private static let explanations = [
        "settled": "What records have charged, debt included.",
        "lent": "Held by data planes: in use, or ready for use.",
        "in_doubt": "Part of `lent`: its holders were not heard of since their leases ended.",
        "debt": "Part of `settled`: billed beyond what was held for it.",
        "written_off": "Part of `settled`: lent to data planes that were lost.",
        "remaining": "What is not settled; part of it may be lent.",
    ]

    static let accountSchema = Schema(
        .object(
            [
                .readOnly(
                    "end_user", .text(.free), "null: everybody together, or a label that is not known.", nullable: true),
                .readOnly(
                    "end_user_hash", .text(.free), "What stands for the label in accounts; null: everybody together.",
                    nullable: true),
                .readOnly("period_start", .text(.dateTime), "null: the period has no calendar.", nullable: true),
                .readOnly("resets_at", .text(.dateTime), "null: never, or all the time.", nullable: true),
                .readOnly(
                    "used_percent", .integer(0...Int64.max), "What is settled, of the limit; null where that is 0.",
                    nullable: true),
            ] + amountNames.map { .readOnly($0, .integer(0...Int64.max), explanations[$0]) }
                + amountNames.map { .readOnly("\($0)_usd", .text(.decimal), nullable: true) }), name: "AllowanceAccount"
    )

    private static let unitProperty = Schema.Property.readOnly(
        "unit", .choice(["nanodollars", "tokens", "requests", "slots"]), "What the amounts count.")

    static let schema = Schema(
        .object([
            .init(name: "allowance", schema: Allowance.shape.answer, isRequired: true), unitProperty,
            .readOnly("items", .list(of: accountSchema, count: 0...PageRequest.limitRange.upperBound)),
            .readOnly("next_cursor", .text(.free), "Pass it as `cursor` for the next page.", nullable: true),
        ]), name: "AllowanceReport")

    static let itemSchema = Schema(
        .object([
            .init(name: "allowance", schema: Allowance.shape.answer, isRequired: true), unitProperty,
            .init(name: "account", schema: accountSchema, isRequired: true, isNullable: true),
        ]), name: "AllowanceReportItem")

    static let writeOffSchema = Schema(
        .object([
            .readOnly("accounts", .integer(0...Int64.max)), unitProperty, .readOnly("amount", .integer(0...Int64.max)),
            .readOnly("amount_usd", .text(.decimal), nullable: true),
        ]), name: "AllowanceWriteOff")
}

extension AllowanceAlert {
    static let schema = ObjectShape(
        name: "Alert",
        description:
            "What an account had settled crossed a threshold of its allowance: once in each period, and again for a limit that changed.",
        properties: [
            .id, .readOnly("at", .text(.dateTime)), .readOnly("allowance_id", .text(.uuid)),
            .readOnly("allowance", .text(.free), "Its name."),
            .readOnly(
                "end_user", .text(.free), "null: everybody together, or a label that is not known.", nullable: true),
            .readOnly("period_start", .text(.dateTime), nullable: true),
            .readOnly("threshold_percent", .integer(Allowance.thresholdRange)),
            .readOnly("settled_nanodollars", .integer(0...Int64.max)), .readOnly("settled_usd", .text(.decimal)),
            .readOnly("limit_nanodollars", .integer(0...Int64.max)), .readOnly("limit_usd", .text(.decimal)),
        ]
    ).answer

    var json: JSONValue {
        .record([
            ("id", .id(id)), ("at", .time(at)), ("allowance_id", .id(allowanceID)),
            ("allowance", .string(allowanceName)), ("end_user", .optional(endUser) { .string($0) }),
            ("period_start", .optional(periodStart) { .time($0) }),
            ("threshold_percent", .int(Int64(thresholdPercent))), ("settled_nanodollars", .int(settled)),
            ("settled_usd", .string(Money(nanodollars: settled).dollars)), ("limit_nanodollars", .int(limit)),
            ("limit_usd", .string(Money(nanodollars: limit).dollars)),
        ])
    }
}
