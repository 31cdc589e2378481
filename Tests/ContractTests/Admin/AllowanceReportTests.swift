import Foundation
import Shared
import TestSupport
import XCTest

@testable import ControlPlane

/// What the admin API says of the ledger's books.
final class AllowanceReportTests: XCTestCase {
    private static let holder = LeaseHolder(nodeID: ObjectID(high: 1, low: 1), incarnation: ObjectID(high: 1, low: 2))
    private static let dollar: Int64 = 1_000_000_000

    /// Lends `need`, then charges `spent` of it, as a data plane would have it done. Returns the window.
    @discardableResult
    private static func spend(
        _ spent: Int64, of need: Int64, from allowance: AdminHarness.Reply, endUser: String? = nil,
        now: Int64? = nil, _ harness: AdminHarness
    ) async throws -> AccountWindow {
        let id = try XCTUnwrap(ObjectID(allowance.id))
        let ask = LeaseRequest.Ask(
            allowanceID: id, endUser: endUser, sequence: Int64(DispatchTime.now().uptimeNanoseconds),
            windowStartUnixSeconds: nil, grantedTotal: 0, need: need, want: need)
        let decision = try await LedgerStore.ask(
            [.init(ask: ask, holder: holder, waitMilliseconds: 0)], now: now, in: harness.pool)
        XCTAssertEqual(decision[0].grant.verdict, .granted)
        let window = AccountWindow(startUnixSeconds: decision[0].grant.windowStartUnixSeconds)
        var settle = IntentRecord.settled(
            spent,
            account: AccountKey(
                allowanceID: id, subject: endUser.map { EndUserSubject.of($0) } ?? 0), window: window)
        settle.outcome = .completed
        try await LedgerStore.apply([LedgerBooking([.settle(settle)], from: holder)], now: now, in: harness.pool)
        return window
    }

    private static func budget(_ harness: AdminHarness, _ more: String = "") async -> AdminHarness.Reply {
        _ = await harness.tenancy()
        return await harness.create(
            "allowances",
            #"{"name": "budget", "team": "search", "kind": "money", "period": "month", "limit_usd": "10.00"\#(more)}"#)
    }

    func testAReportSaysWhatIsSettledLentAndLeft() throws {
        try AdminHarness.run { harness in
            let allowance = await Self.budget(harness)
            let path = "/api/v1/allowances/\(allowance.id)/report"
            let untouched = await harness.call("GET", path)
            XCTAssertEqual(untouched["items"]?.array?.count, 1)
            XCTAssertEqual(untouched["items"]?.array?[0]["remaining_usd"]?.string, "10.00")
            XCTAssertEqual(untouched["items"]?.array?[0]["used_percent"]?.integer, 0)
            XCTAssertNotNil(untouched["items"]?.array?[0]["resets_at"]?.string)

            let window = try await Self.spend(3 * Self.dollar, of: 4 * Self.dollar, from: allowance, harness)
            let report = await harness.call("GET", path)
            let item = try XCTUnwrap(report["items"]?.array?.first)
            XCTAssertEqual(report["unit"]?.string, "nanodollars")
            XCTAssertEqual(item["settled_usd"]?.string, "3.00")
            XCTAssertEqual(item["lent"]?.integer, Self.dollar)
            XCTAssertEqual(item["remaining_usd"]?.string, "7.00")
            XCTAssertEqual(item["used_percent"]?.integer, 30)
            XCTAssertEqual(
                item["period_start"]?.string, RFC3339.text(unixMilliseconds: window.startUnixSeconds * 1_000))
            let resets = try XCTUnwrap(item["resets_at"]?.string)
            XCTAssertTrue(resets.hasSuffix("-01T00:00:00.000Z"), "a month ends at midnight, not before: \(resets)")

            let all = await harness.call("GET", "/api/v1/allowance-reports?team=search")
            XCTAssertEqual(all["items"]?.array?.first?["account"]?["settled"]?.integer, 3 * Self.dollar)
            _ = await harness.call(
                "PATCH", "/api/v1/allowances/\(allowance.id)", #"{"limit_usd": "2"}"#, ifMatch: "*")
            let lowered = await harness.call("GET", path)
            XCTAssertEqual(lowered["items"]?.array?[0]["limit_usd"]?.string, "2.00", "the ledger has it at once")
            XCTAssertEqual(lowered["items"]?.array?[0]["remaining"]?.integer, 0)
            XCTAssertEqual(lowered["items"]?.array?[0]["used_percent"]?.integer, 150)
        }
    }

    func testEachEndUserIsReportedPageByPage() throws {
        try AdminHarness.run { harness in
            let allowance = await Self.budget(harness, #", "end_user": "*""#)
            let path = "/api/v1/allowances/\(allowance.id)/report"
            let labels = ["ada", "bob", "eve", "mallory", "zoë"]
            for (index, label) in labels.enumerated() {
                try await Self.spend(
                    Int64(index) * Self.dollar, of: 5 * Self.dollar, from: allowance, endUser: label, harness)
            }
            var found: [String: Int64] = [:]
            var cursor: String?
            var pages = 0
            repeat {
                let page = await harness.call("GET", "\(path)?limit=2" + (cursor.map { "&cursor=\($0)" } ?? ""))
                for item in page["items"]?.array ?? [] {
                    found[item["end_user"]?.string ?? "?"] = item["settled"]?.integer
                }
                cursor = page["next_cursor"]?.string
                pages += 1
            } while cursor != nil && pages < 10
            XCTAssertEqual(pages, 3)
            XCTAssertEqual(
                found, Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, Int64($0) * Self.dollar) }))
            let one = await harness.call("GET", "\(path)?end_user=eve")
            XCTAssertEqual(one["items"]?.array?.map { $0["settled_usd"]?.string }, ["2.00"])
            let stranger = await harness.call("GET", "\(path)?end_user=nobody")
            XCTAssertEqual(stranger["items"]?.array?.map { $0["remaining_usd"]?.string }, ["10.00"])
            let all = await harness.call("GET", "/api/v1/allowance-reports")
            XCTAssertEqual(all["items"]?.array?.first?["account"], .null)
        }
    }

    func testOnlyAnAllowanceOfEachEndUserIsAskedForOne() throws {
        try AdminHarness.run { harness in
            let allowance = await Self.budget(harness)
            let reply = await harness.call("GET", "/api/v1/allowances/\(allowance.id)/report?end_user=ada")
            XCTAssertEqual(Array(reply.errors.keys), ["query:end_user"])
        }
    }

    func testWhatIsInDoubtIsWrittenOffOnceAndAudited() throws {
        try AdminHarness.run { harness in
            let allowance = await Self.budget(harness)
            let path = "/api/v1/allowances/\(allowance.id)"
            // Ten minutes ago, and not heard of since.
            let then = WallTime.unixMilliseconds() - 600_000
            try await Self.spend(Self.dollar, of: 3 * Self.dollar, from: allowance, now: then, harness)
            let doubtful = await harness.call("GET", "\(path)/report")
            let lent = doubtful["items"]?.array?[0]["in_doubt_usd"]?.string
            guard lent == "2.00" else { throw XCTSkip("the month began within the last ten minutes") }

            let written = await harness.call("POST", "\(path)/write-off")
            XCTAssertEqual(written["amount_usd"]?.string, "2.00", written.text)
            XCTAssertEqual(written["accounts"]?.integer, 1)
            let after = await harness.call("GET", "\(path)/report")
            XCTAssertEqual(after["items"]?.array?[0]["settled_usd"]?.string, "3.00")
            XCTAssertEqual(after["items"]?.array?[0]["written_off_usd"]?.string, "2.00")
            XCTAssertEqual(after["items"]?.array?[0]["in_doubt"]?.integer, 0)
            let again = await harness.call("POST", "\(path)/write-off")
            XCTAssertEqual(again["accounts"]?.integer, 0)
            let audit = await harness.call("GET", "/api/v1/audit-entries?action=write_off")
            XCTAssertEqual(audit["items"]?.array?.count, 1, "what changed nothing is no entry")
            XCTAssertEqual(audit["items"]?.array?[0]["after"]?["amount_usd"]?.string, "2.00")
        }
    }

    func testAThresholdIsRaisedOnceInAPeriodAndAgainForAnotherLimit() throws {
        try AdminHarness.run { harness in
            let watch = AlertWatch(
                on: harness.pool.loop, pool: harness.pool, registry: MetricsRegistry(), time: harness.time,
                log: Logger("test", to: LogOutput(descriptor: -1)))
            let allowance = await Self.budget(harness, #", "alert_thresholds": [50, 100]"#)
            try await Self.spend(4 * Self.dollar, of: 4 * Self.dollar, from: allowance, harness)
            var raised = try await watch.look()
            XCTAssertEqual(raised.count, 0)
            try await Self.spend(Self.dollar, of: 5 * Self.dollar, from: allowance, harness)
            raised = try await watch.look()
            XCTAssertEqual(raised.map(\.thresholdPercent), [50])
            raised = try await watch.look()
            XCTAssertEqual(raised.count, 0, "once in a period")

            harness.time.advance(by: .seconds(1))
            _ = await harness.call(
                "PATCH", "/api/v1/allowances/\(allowance.id)", #"{"limit_usd": "5"}"#, ifMatch: "*")
            raised = try await watch.look()
            XCTAssertEqual(raised.map(\.thresholdPercent), [50, 100])
            let list = await harness.call("GET", "/api/v1/alerts?allowance_id=\(allowance.id)")
            XCTAssertEqual(list["items"]?.array?.map { $0["threshold_percent"]?.integer }, [100, 50, 50])
            XCTAssertEqual(list["items"]?.array?[0]["limit_usd"]?.string, "5.00")
            XCTAssertEqual(list["items"]?.array?[0]["allowance"]?.string, "budget")
            let pruned = try await AlertStore.prune(before: harness.time.unixMilliseconds + 1, harness.pool)
            XCTAssertEqual(pruned, 3)
        }
    }

    func testARollingPeriodRaisesAThresholdAgainWhenItHasPassed() throws {
        try AdminHarness.run { harness in
            let watch = AlertWatch(
                on: harness.pool.loop, pool: harness.pool, registry: MetricsRegistry(), time: harness.time,
                log: Logger("test", to: LogOutput(descriptor: -1)))
            _ = await harness.tenancy()
            let allowance = await harness.create(
                "allowances",
                #"{"name": "week", "team": "search", "kind": "money", "period": "rolling", "rolling_seconds": 604800, "limit_usd": "1", "alert_thresholds": [100]}"#
            )
            try await Self.spend(Self.dollar, of: Self.dollar, from: allowance, harness)
            var raised = try await watch.look()
            XCTAssertEqual(raised.count, 1)
            XCTAssertNil(raised.first?.periodStart)
            harness.time.advance(by: .seconds(604_799))
            raised = try await watch.look()
            XCTAssertEqual(raised.count, 0)
            harness.time.advance(by: .seconds(1))
            raised = try await watch.look()
            XCTAssertEqual(raised.count, 1)
        }
    }
}

extension IntentRecord {
    /// The end of a request that cost `amount` of one account.
    fileprivate static func settled(_ amount: Int64, account: AccountKey, window: AccountWindow) -> SettleRecord {
        let intent = IntentRecord(
            requestID: .random(), startedUnixMilliseconds: 0, organizationID: .zero, teamID: .zero,
            virtualKeyID: VirtualKeyID("abc123xyz789")!, routeID: .zero, providerID: .zero, modelID: .zero,
            priceID: .zero, reserved: .zero, endpoint: .chatCompletions, isStream: false, endUser: "", lines: [])
        return SettleRecord(
            intent: intent, outcome: .completed, status: 200, attempts: 1, usage: .zero, usageReported: true,
            cost: Money(nanodollars: amount), durationMicroseconds: 0, firstTokenMicroseconds: 0,
            overheadMicroseconds: 0, relayedBytes: 0,
            charges: [ChargeLine(account: account, window: window, amount: amount, debt: 0)])
    }
}
