import Shared

extension AdminEndpoint {
    static var plans: [AdminEndpoint] {
        [
            AdminEndpoint(
                method: .post, path: PathPattern("/api/v1/plans"), access: .viewer, operationID: "planChanges",
                tag: "plans",
                summary: "Says what changes of the configuration would have made of the requests of the last hours.",
                description:
                    "The changes are checked and made as their own endpoints make them, and taken back: nothing is kept, published or audited. Recorded requests are then decided by the configuration as it is and by the candidate. One plan is evaluated at a time, and what does not fit into its time is left out: `is_complete` says so.",
                queries: [
                    QueryParameter(
                        "hours",
                        Schema(
                            .integer(Planner.Bounds.hours),
                            "How far back; \(Planner.Bounds.hoursDefault) by default."))
                ],
                body: Body(CandidateChanges.schema), success: .json(200, "What differs.", Plan.schema),
                problems: [.invalidFields, .conflict], isRehearsal: true
            ) { call in
                let hours = call.query("hours").flatMap { Int64($0) } ?? Planner.Bounds.hoursDefault
                let planner = Planner(makeReplay: call.makeReplay)
                return .json(try await planner.plan(CandidateChanges(call.body), hours: hours, in: call.work))
            }
        ]
    }
}

/// What a plan answers.
enum Plan {
    static let schema = Schema(
        .object([
            .readOnly("from", .text(.dateTime)), .readOnly("to", .text(.dateTime)),
            .readOnly("is_complete", .flag, "All requests of that time were evaluated."),
            .readOnly("evaluated_until", .text(.dateTime)), .readOnly("duration_ms", .integer(0...Int64.max)),
            .init(name: "totals", schema: Schema(.object(figures)), mode: .readOnly, isRequired: true),
            .readOnly("routes", .list(of: route, count: 0...100_000), "Those that were asked for."),
            .readOnly(
                "allowances", .list(of: allowance, count: 0...100_000),
                "Those that refused a request, or whose money was spent, under either configuration."),
            .readOnly("notes", .list(of: Schema(.text(.free)), count: 0...16), "What else limits what this says."),
        ]), name: "Plan", "What two configurations make of the same requests.")

    private static func count(_ name: String, _ description: String? = nil) -> Schema.Property {
        .readOnly(name, .integer(0...Int64.max), description)
    }

    private static let figures: [Schema.Property] = [
        count("requests"), count("served_by_both"),
        count("refused_by_both", "By both as they are replayed: for instance because the key was revoked since."),
        count("newly_refused"),
        count("newly_allowed", "Of `requests` and of `refused_then`."),
        count("refused_then", "Recorded as refused when they were made; not in `requests`."),
        count(
            "rerouted",
            "To another first target. Where turns or chance decide, as few as can make the one distribution of the other."
        ),
        count("undecided", "What is not recorded decides; they are left where they were."),
        .readOnly(
            "refusals",
            .list(of: Schema(.object([.readOnly("code", .text(.free)), count("requests")])), count: 0...100),
            "Of `newly_refused`, by the code of the error."),
        .readOnly(
            "unrecorded",
            .list(
                of: Schema(
                    .object([
                        .readOnly("fact", .choice(UnrecordedFact.allCases.map(\.rawValue))), count("requests"),
                    ])), count: 0...UnrecordedFact.allCases.count), "Of `undecided`, by what would have to be known."),
        count("cost_then_nanodollars", "Of what both serve, as the configuration is now."),
        count("cost_now_nanodollars", "Of the same requests, under the candidate."),
        .readOnly(
            "cost_change_basis_points", .integer(Int64.min...Int64.max),
            "Hundredths of a percent; null where nothing was paid before.", nullable: true),
        count("cost_refused_nanodollars", "What those cost that are newly refused."),
        count("cost_allowed_nanodollars", "What those would cost that are newly allowed."),
        count("cost_recorded_nanodollars", "What all of them were charged when they were made."),
    ]

    private static let route = Schema(
        .object(
            [
                .readOnly("route_id", .text(.uuid)),
                .readOnly("route", .text(.free), "null: there is no such route any more.", nullable: true),
            ] + figures + [
                .readOnly(
                    "moves",
                    .list(
                        of: Schema(
                            .object([
                                .readOnly("from", .text(.free), "Provider and model."), .readOnly("to", .text(.free)),
                                count("requests"),
                            ])), count: 0...PlanReport.movesMax), "Of `rerouted`, most requests first.")
            ]), name: "PlannedRequests")

    private static let allowance = Schema(
        .object([
            .readOnly("allowance_id", .text(.uuid)), .readOnly("allowance", .text(.free)),
            .readOnly("kind", .choice(AllowanceKind.allCases.map(\.label))),
            count("limit", "The candidate's; money in nanodollars."),
            .readOnly(
                "ran_out_then", .text(.dateTime),
                "When a request was first refused or all money spent, as the configuration is now; null: never.",
                nullable: true),
            .readOnly("ran_out_now", .text(.dateTime), "The same under the candidate.", nullable: true),
            count("refused_then"), count("refused_now"),
            .readOnly("is_worse", .flag, "Under the candidate it runs out and did not, or sooner."),
        ]), name: "PlannedAllowance")
}
