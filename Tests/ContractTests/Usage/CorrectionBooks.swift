@testable import ControlPlane
import Shared
import TestSupport
import XCTest

/// Batches, their corrections, and what all books say of them.
enum CorrectionBooks {
    /// The creation of a batch as a data plane settles it: all that it can cost, which nobody has reported.
    static func batch(
        _ id: ObjectID = .random(), cost: Int64 = 1_000, daysAgo: Int64 = 0, endUser: String = "",
        lines: [ReservationLine] = [], _ charges: [ChargeLine] = []
    ) -> SettleRecord {
        var intent = UsageSamples.intent(id)
        intent.endpoint = .batches
        intent.endUser = endUser
        intent.startedUnixMilliseconds -= daysAgo * 86_400_000
        intent.reserved = Money(nanodollars: cost)
        intent.lines = lines
        var settle = UsageSamples.settle(intent, index: 0)
        settle.usage = TokenUsage(input: 500, output: 4_000)
        settle.usageReported = false
        settle.cost = Money(nanodollars: cost)
        settle.charges = charges
        return settle
    }

    static func correction(_ id: ObjectID, cost: Int64 = 400, input: UInt32 = 480, output: UInt32 = 70) -> JournalRecord
    {
        .correction(
            CorrectionRecord(
                requestID: id,
                usage: TokenUsage(
                    input: input, cachedInput: 5, cacheWrite5m: 6, cacheWrite1h: 7, audioInput: 8, imageInput: 9,
                    output: output, reasoning: 10, audioOutput: 11, imageOutput: 12, serviceTier: .batch),
                cost: Money(nanodollars: cost)))
    }

    static func newStream() -> StreamID { StreamID(nodeID: .random(), incarnation: .random(), thread: 0) }

    /// Whether the sums, the charges and the ledger are what the events add up to; a line for each that is not.
    static func differences(_ pool: PostgresPool) async throws -> [String] {
        let counters = UsageCounter.allCases.map(\.column).filter {
            $0.hasSuffix("_tokens") || $0 == "cost_nanodollars"
        }
        let keys = [
            "organization_id", "team_id", "virtual_key_id", "route_id", "provider_id", "model_id", "endpoint",
            "outcome",
            "tag_set",
        ].joined(separator: ", ")
        func sums(_ extra: String) -> String {
            counters.map { "sum(\($0))::bigint AS \($0)" }.joined(separator: ", ") + ", " + extra
        }
        func compared(_ name: String, _ table: String, _ more: String, _ moreOfEvents: String) -> String {
            let all = counters + ["requests", "estimated_requests"]
            return """
                SELECT '\(name) ' || coalesce(s.hour, e.hour) || \(all.map { " ' \($0) ' || coalesce(s.\($0), -1) || ' ' || coalesce(e.\($0), -1)" }
                    .joined(separator: " ||")) AS line
                FROM (SELECT hour, \(keys), \(more) AS label,
                        \(sums("sum(requests)::bigint AS requests, sum(estimated_requests)::bigint AS estimated_requests"))
                    FROM \(table) GROUP BY hour, \(keys), label) s
                FULL JOIN (SELECT date_trunc('hour', started_at) AS hour, \(keys), \(moreOfEvents) AS label,
                        \(sums("count(*) AS requests, count(*) FILTER (WHERE NOT usage_reported) AS estimated_requests"))
                    FROM usage_events GROUP BY 1, \(keys), label) e USING (hour, \(keys), label)
                WHERE (\(all.map { "s.\($0)" }.joined(separator: ", ")))
                    IS DISTINCT FROM (\(all.map { "e.\($0)" }.joined(separator: ", ")))
                """
        }
        let charges = """
            SELECT 'charges ' || allowance_id || ' ' || window_start || ' ' || coalesce(s.amount, -1) || ' '
                || coalesce(s.debt, -1) || ' ' || coalesce(e.amount, -1) || ' ' || coalesce(e.debt, -1)
            FROM (SELECT day, allowance_id, window_start, charges, amount, debt FROM usage_charges_daily) s
            FULL JOIN (
                SELECT day, c.id AS allowance_id, charge_values[c.n * 4 - 2] AS window_start, count(*) AS charges,
                    sum(charge_values[c.n * 4 - 1])::bigint AS amount, sum(charge_values[c.n * 4])::bigint AS debt
                FROM usage_events, unnest(charge_allowances) WITH ORDINALITY AS c (id, n) GROUP BY 1, 2, 3
            ) e USING (day, allowance_id, window_start)
            WHERE (s.charges, s.amount, s.debt) IS DISTINCT FROM (e.charges, e.amount, e.debt)
            """
        let ledger = """
            SELECT 'ledger ' || allowance_id || ' ' || coalesce(l.charged, -1) || ' ' || coalesce(s.charged, -1)
            FROM (
                SELECT allowance_id, sum(charged)::bigint AS charged FROM (
                    SELECT allowance_id, charged FROM ledger_windows UNION ALL
                    SELECT allowance_id, charged FROM ledger_forgotten) every GROUP BY 1
            ) l
            FULL JOIN (SELECT allowance_id, sum(amount + debt)::bigint AS charged FROM usage_charges_daily GROUP BY 1) s
                USING (allowance_id)
            WHERE EXISTS (SELECT FROM allowances a WHERE a.id = allowance_id)
                AND coalesce(l.charged, 0) <> coalesce(s.charged, 0)
            """
        let rows = try await pool.query(
            [
                compared("narrow", "usage_rollups_hourly", "''", "''"),
                compared(
                    "wide", "usage_rollups_hourly_end_user", "is_other || end_user",
                    "coalesce((SELECT c.is_other FROM usage_corrections c WHERE c.request_id = usage_events.request_id), false)"
                        + " || CASE WHEN (SELECT c.is_other FROM usage_corrections c"
                        + " WHERE c.request_id = usage_events.request_id) THEN '' ELSE end_user END"),
                charges, ledger,
            ].joined(separator: "\nUNION ALL\n"))
        return try rows.map { try $0.text("line") }
    }

    /// Of every account of an allowance: settled, debt, and all that was ever charged.
    static func figures(_ allowance: LedgerAllowance, _ pool: PostgresPool) async throws -> [Int64] {
        let found = try await LedgerStore.figures(of: [allowance.id], in: pool)
        return found.flatMap { [$0.figures.settled, $0.figures.debt, $0.charged] }
    }
}
