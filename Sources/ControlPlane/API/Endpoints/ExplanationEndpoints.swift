import Shared

extension AdminEndpoint {
    static var explanations: [AdminEndpoint] {
        let noun = Noun(singular: "explanation", plural: "explanations", type: "Explanation")
        var endpoint = AdminEndpoint.get(
            noun, of: Explanation.schema, "Says how a request went: by its ID, where it had asked to be explained."
        ) { call in
            guard let id = ObjectID(call.id), let found = try await ExplanationStore.find(id, in: call.work) else {
                throw Problem(
                    kind: .notFound,
                    detail:
                        "No explanation of this request is kept. It has to ask for one, with the header x-weir-explain: 1, by a virtual key with may_explain; it is here a second after it ended, and for \(ExplanationStore.hoursMax) hours."
                )
            }
            return .json(found)
        }
        endpoint.tag = "usage"
        return [endpoint]
    }
}

/// What an explanation has, as data planes write it.
enum Explanation {
    static let schema = Schema(
        .object([
            .readOnly("request_id", .text(.uuid)), .readOnly("started_at", .text(.dateTime)),
            .readOnly("snapshot_version", .integer(0...Int64.max), "The configuration that it was served by."),
            .readOnly("virtual_key_id", .text(.free)), .readOnly("route", .text(.free), nullable: true),
            .readOnly(
                "rules", .list(of: rule, count: 0...32),
                "Those that were asked, in order; the last one decided if it holds."),
            .readOnly("rule", .text(.free), "The one that decided; null: the route's own targets.", nullable: true),
            .readOnly("candidates", .list(of: candidate, count: 0...32), "In the order in which they would be tried."),
            .readOnly("reservations", .list(of: reservation, count: 0...16), "What it held of its allowances."),
            .readOnly("attempts", .list(of: attempt, count: 0...100)),
            .readOnly(
                "shadow_request_id", .text(.uuid),
                "Of its shadow, where it was drawn for one; a usage event has it if it was sent. null: it was not drawn.",
                nullable: true),
            .readOnly("stages", .list(of: stage, count: 0...16), "When each stage of its way was over."),
            .readOnly("status", .integer(0...999), "What the caller saw."),
            .readOnly("outcome", .choice(RequestOutcome.allCases.map(\.label))),
            .readOnly(
                "error", .text(.free), "The code of Weir's own error, where that was the answer.", nullable: true),
            .readOnly("cost_nanodollars", .integer(0...Int64.max)),
        ]), name: "Explanation", "How one request went through a data plane.")

    private static let rule = Schema(
        .object([.readOnly("name", .text(.free)), .readOnly("holds", .flag)]), name: "ExplainedRule")

    private static let candidate = Schema(
        .object([
            .readOnly("target", .text(.free), "Provider and model."),
            .readOnly("upstream_model", .text(.free), "The name that the provider knows it by."),
            .readOnly("strategy", .text(.free), "Of the list or group that it stands in."),
            .readOnly(
                "state",
                .choice(["available", "open", "half_open", "down", "cooling", "credential_cooling", "left_out"]),
                "`open` and `half_open` are the breaker's; `down`: the provider does not answer probes; `cooling`: it asked for it; `left_out`: not tried, for what its model lacks."
            ),
            .readOnly(
                "lacks", .choices(PolicyDocument.ModelFeature.allCases.map(\.rawValue), countMin: 0),
                "What the request wants and the model cannot do."),
            .readOnly("available_in_ms", .integer(0...Int64.max)),
            .readOnly("fallback_only", .flag, "No request begins with it."),
            .readOnly(
                "fallback_on", .choices(PolicyDocument.FallbackCause.allCases.map(\.rawValue)),
                "The failures of others that it is tried after."),
            .readOnly("in_flight", .integer(0...Int64.max), "Requests from the same thread of the data plane."),
            .readOnly("first_token_us", .integer(0...Int64.max), "The average as it was known.", nullable: true),
            .readOnly("headroom_percent", .integer(0...100), "What is left of the provider's rate limits."),
            .readOnly(
                "cost_nanodollars", .integer(0...Int64.max), "What the request was estimated at.", nullable: true),
        ]), name: "ExplainedCandidate")

    private static let reservation = Schema(
        .object([
            .readOnly("allowance_id", .text(.uuid)), .readOnly("kind", .choice(AllowanceKind.allCases.map(\.label))),
            .readOnly("amount", .integer(0...Int64.max), "Money in nanodollars."),
        ]), name: "ExplainedReservation")

    private static let attempt = Schema(
        .object([
            .readOnly("target", .text(.free)), .readOnly("began_us", .integer(0...Int64.max)),
            .readOnly("ended_us", .integer(0...Int64.max), "Until its answer began to reach the caller, or it failed."),
            .readOnly("outcome", .text(.free), "A class of docs/reliability.md."),
            .readOnly("hedge", .flag, "The second of two at once."),
        ]), name: "ExplainedAttempt")

    private static let stage = Schema(
        .object([.readOnly("stage", .text(.free)), .readOnly("ended_us", .integer(0...Int64.max))]),
        name: "ExplainedStage")
}
