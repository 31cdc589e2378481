import Shared

/// Holds what is kept of usage in three places against each other: single events, the sums that outlive them, and the ledger.
///
/// - Shape: whole UTC days. Each question is one statement, so that no batch falls between two sides of it.
struct UsageReconciliation {
    static let dayCountDefault: Int64 = 7
    static let dayCountMax: Int64 = 100

    struct Figures: Equatable {
        var requests: Int64 = 0
        var cost: Int64 = 0
        var inputTokens: Int64 = 0
        var outputTokens: Int64 = 0

        static func - (a: Figures, b: Figures) -> Figures {
            Figures(
                requests: a.requests - b.requests, cost: a.cost - b.cost, inputTokens: a.inputTokens - b.inputTokens,
                outputTokens: a.outputTokens - b.outputTokens)
        }
    }

    enum Verdict: String, CaseIterable {
        case agrees
        /// The events of the day are beyond their retention: there is nothing to compare the sums with.
        case expired
        /// The ledger has requests that were admitted and have not ended.
        case inFlight = "in_flight"
        /// The ledger has lost what it should keep of this allowance.
        case notInLedger = "not_in_ledger"
        /// The allowance was deleted, and its books with it; what it was charged stays in the events and sums.
        case deleted
        case differs
    }

    struct Day {
        var day: Int64
        /// nil: beyond the retention.
        var events: Figures?
        var sums: Figures
        /// The sums by end user: their total is the same.
        var endUserSums: Figures

        var difference: Figures { (events ?? sums) - sums }

        var verdict: Verdict {
            if endUserSums != sums { return .differs }
            guard let events else { return .expired }
            return events == sums ? .agrees : .differs
        }
    }

    /// What one allowance was charged.
    struct Allowance {
        var id: ObjectID
        var name: String?
        var kind: AllowanceKind?
        /// Of the days whose events are kept.
        var events: Int64
        var sums: Int64
        /// Of all days there ever were, which is what the ledger's running sum counts.
        var sumsOfAllDays: Int64
        var ledger: Int64?

        var difference: Int64 { events - sums }
        var ledgerDifference: Int64? { ledger.map { $0 - sumsOfAllDays } }

        var verdict: Verdict {
            if difference != 0 { return .differs }
            guard let ledgerDifference else {
                return name == nil ? .deleted : sumsOfAllDays == 0 ? .agrees : .notInLedger
            }
            if ledgerDifference == 0 { return .agrees }
            // A request is spent by its intent and counted here by its settle.
            return kind == .requests && ledgerDifference > 0 ? .inFlight : .differs
        }
    }

    var from: Int64
    var to: Int64
    var days: [Day]
    var allowances: [Allowance]

    var agrees: Bool {
        days.allSatisfy { $0.verdict != .differs }
            && allowances.allSatisfy { $0.verdict != .differs && $0.verdict != .notInLedger }
    }

    static func make(from: Int64?, to: Int64?, in work: Work) async throws -> UsageReconciliation {
        // A day that has begun is included.
        let end = UsagePartitions.day(of: (to ?? work.now + 1) - 1) + 1
        let start = from.map { UsagePartitions.day(of: $0) } ?? end - dayCountDefault
        guard start < end else {
            throw ResourceError.invalid([FieldProblem(path: "query:from", message: "must lie before to")])
        }
        guard end - start <= dayCountMax else {
            throw ResourceError.invalid([
                FieldProblem(
                    path: "query:from",
                    message: "makes \(end - start) days, want at most \(dayCountMax); ask for one part after the other")
            ])
        }
        return UsageReconciliation(
            from: start, to: end, days: try await UsageReconciliationStore.days(start..<end, in: work),
            allowances: try await UsageReconciliationStore.allowances(start..<end, in: work))
    }

    var json: JSONValue {
        .record([
            ("from", .time(from * 86_400_000)), ("to", .time(to * 86_400_000)), ("agrees", .boolean(agrees)),
            ("days", .array(days.map(\.json))), ("allowances", .array(allowances.map(\.json))),
        ])
    }
}

extension UsageReconciliation.Figures {
    static let names = ["requests", "cost_nanodollars", "input_tokens", "output_tokens"]

    var json: JSONValue {
        .record(zip(Self.names, [requests, cost, inputTokens, outputTokens]).map { ($0, .int($1)) })
    }
}

extension UsageReconciliation.Day {
    var json: JSONValue {
        .record([
            ("day", .string(UsagePartitionStore.date(day))), ("events", .optional(events) { $0.json }),
            ("sums", sums.json), ("end_user_sums", endUserSums.json), ("difference", difference.json),
            ("verdict", .string(verdict.rawValue)),
        ])
    }
}

extension UsageReconciliation.Allowance {
    var json: JSONValue {
        .record([
            ("allowance_id", .id(id)), ("allowance", .optional(name) { .string($0) }),
            ("kind", .optional(kind) { .string($0.label) }), ("events", .int(events)), ("sums", .int(sums)),
            ("difference", .int(difference)), ("sums_of_all_days", .int(sumsOfAllDays)),
            ("ledger", .optional(ledger) { .int($0) }),
            ("ledger_difference", .optional(ledgerDifference) { .int($0) }), ("verdict", .string(verdict.rawValue)),
        ])
    }
}
