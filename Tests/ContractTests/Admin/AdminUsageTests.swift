import Foundation
import Shared
import TestSupport
import XCTest

@testable import ControlPlane

/// Usage reports over rows as ingestion writes them.
final class AdminUsageTests: XCTestCase {
    private struct Event {
        var hour = 0
        var team: String
        var model: String
        var cost: Int64
        var outcome = 1
        var endUser = "u"
    }

    /// Ingests the events as a data plane sends them.
    private static func insert(
        _ events: [Event], first: UInt64 = 0, organization: String, key: String, _ harness: AdminHarness
    ) async throws {
        let start = harness.time.unixMilliseconds / 3_600_000 * 3_600_000
        let records = try events.enumerated().map { index, event in
            var intent = UsageSamples.intent(ObjectID(high: 1, low: first + UInt64(index)))
            intent.startedUnixMilliseconds = start - Int64(event.hour) * 3_600_000
            intent.organizationID = try XCTUnwrap(ObjectID(organization))
            intent.teamID = try XCTUnwrap(ObjectID(event.team))
            intent.virtualKeyID = try XCTUnwrap(VirtualKeyID(key))
            intent.modelID = try XCTUnwrap(ObjectID(event.model))
            intent.endUser = event.endUser
            var settle = UsageSamples.settle(intent, index: 0)
            settle.outcome = try XCTUnwrap(RequestOutcome(rawValue: UInt8(event.outcome)))
            settle.usage = TokenUsage(input: 10, imageInput: 3, output: 20, serviceTier: .flex)
            settle.cost = Money(nanodollars: event.cost)
            return JournalRecord.settle(settle)
        }
        let ingest = UsageIngest(pool: harness.pool, time: harness.time, registry: MetricsRegistry())
        _ = try await ingest.apply(
            UsageBatch(
                stream: StreamID(nodeID: .random(), incarnation: .random(), thread: 0), firstSequence: 1,
                records: records))
    }

    func testUsageIsSummedByWhatItIsAskedFor() throws {
        try AdminHarness.run { harness in
            let (organization, team) = await harness.tenancy()
            await harness.upstream()
            let models = await harness.call("GET", "/api/v1/models")
            let model = models["items"]?.array?[0]["id"]?.string ?? ""
            let gone = ObjectID(high: 9, low: 9).description
            try await Self.insert(
                [
                    Event(team: team.id, model: model, cost: 27_000), Event(team: team.id, model: model, cost: 1),
                    Event(hour: 30, team: team.id, model: gone, cost: 1_000_000_000, outcome: 5),
                ], organization: organization.id, key: "abcdefghijkl", harness)

            let total = await harness.call("GET", "/api/v1/usage")
            XCTAssertEqual(total["total"]?["requests"]?.integer, 3, total.text)
            XCTAssertEqual(total["total"]?["cost_usd"]?.string, "1.000027001")
            XCTAssertEqual(total["items"]?.array?.count, 1)

            let byModel = await harness.call("GET", "/api/v1/usage?group_by=model,outcome")
            let items = try XCTUnwrap(byModel["items"]?.array)
            XCTAssertEqual(items.map { $0["group"]?["model"] ?? .null }, [.null, .string("m1")], "dearest first")
            XCTAssertEqual(items[0]["group"]?["model_id"]?.string, gone)
            XCTAssertEqual(items[0]["group"]?["outcome"]?.string, "interrupted")
            XCTAssertEqual(items[1]["requests"]?.integer, 2)
            XCTAssertEqual(items[1]["output_tokens"]?.integer, 40)

            let byDay = await harness.call("GET", "/api/v1/usage?group_by=day,team")
            XCTAssertEqual(
                byDay["items"]?.array?.map { $0["group"]?["day"]?.string },
                ["2027-01-14T00:00:00.000Z", "2027-01-15T00:00:00.000Z"])
            let recent = await harness.call(
                "GET", "/api/v1/usage?group_by=month&team=search&from=2027-01-15T07:10:00Z&to=2027-01-15T08:10:00Z")
            XCTAssertEqual(recent["total"]?["requests"]?.integer, 2)
            XCTAssertEqual(recent["from"]?.string, "2027-01-15T07:00:00.000Z")
            XCTAssertEqual(recent["to"]?.string, "2027-01-15T09:00:00.000Z")
            let key = await harness.call(
                "GET", "/api/v1/usage?group_by=virtual_key,endpoint&virtual_key=abcdefghijkl&outcome=completed")
            XCTAssertEqual(key["items"]?.array?[0]["group"]?["virtual_key_id"]?.string, "abcdefghijkl")
            XCTAssertEqual(key["items"]?.array?[0]["group"]?["endpoint"]?.string, "chat")

            for (query, field) in [
                ("group_by=colour", "query:group_by"), ("group_by=day,day", "query:group_by"),
                ("model=zzz", "query:model"),
                ("from=2027-01-16&to=2027-01-15", "query:from"),
                ("group_by=team,model,route,provider,endpoint,day,hour", "query:group_by"), ("tag=env", "query:tag"),
                ("group_by=tag:", "query:group_by"), ("time_zone=Berlin", "query:time_zone"),
                ("outcome=fine", "query:outcome"), ("format=xml", "query:format"),
            ] {
                let refused = await harness.call("GET", "/api/v1/usage?\(query)")
                XCTAssertEqual(Array(refused.errors.keys), [field], query)
            }
        }
    }

    func testUsageAsATableForSpreadsheets() throws {
        try AdminHarness.run { harness in
            let organization = await harness.create("organizations", #"{"name": "a, \"b\""}"#)
            try await Self.insert(
                [Event(team: ObjectID.zero.description, model: ObjectID.zero.description, cost: 5)],
                organization: organization.id,
                key: "abcdefghijkl", harness)
            let csv = await harness.call("GET", "/api/v1/usage?group_by=organization&format=csv")
            let lines = csv.text.components(separatedBy: "\r\n")
            XCTAssertEqual(lines.count, 3)
            XCTAssertTrue(
                lines[0].hasPrefix(
                    "organization,organization_id,requests,estimated_requests,error_requests,input_tokens,"), lines[0])
            XCTAssertTrue(lines[1].hasPrefix("\"a, \"\"b\"\"\",\(organization.id),1,0,0,10,"), lines[1])
            XCTAssertTrue(lines[1].contains(",5,0.000000005,"), lines[1])
            let accepted = await harness.call(
                "GET", "/api/v1/usage?group_by=organization", headers: [("Accept", "text/csv")])
            XCTAssertEqual(accepted.text, csv.text)
        }
    }

    func testSingleRequestsAreListedNewestFirst() throws {
        try AdminHarness.run { harness in
            let (organization, team) = await harness.tenancy()
            let events = (0..<5).map {
                Event(hour: 5 - $0 / 2, team: team.id, model: ObjectID.zero.description, cost: Int64($0))
            }
            try await Self.insert(events, organization: organization.id, key: "abcdefghijkl", harness)
            var costs: [Int64?] = []
            var cursor: String?
            repeat {
                let page = await harness.call(
                    "GET", "/api/v1/usage/events?limit=2" + (cursor.map { "&cursor=\($0)" } ?? ""))
                XCTAssertEqual(page.status, 200, page.text)
                costs += page["items"]?.array?.map { $0["cost_nanodollars"]?.integer } ?? []
                cursor = page["next_cursor"]?.string
            } while cursor != nil
            XCTAssertEqual(costs, [4, 3, 2, 1, 0])
            let one = await harness.call(
                "GET", "/api/v1/usage/events?request_id=\(ObjectID(high: 1, low: 3))&team=search")
            XCTAssertEqual(one["items"]?.array?.count, 1)
            XCTAssertEqual(one["items"]?.array?[0]["team"]?.string, "search")
            XCTAssertEqual(one["items"]?.array?[0]["outcome"]?.string, "completed")
            XCTAssertEqual(one["items"]?.array?[0]["service_tier"]?.string, "flex")
            XCTAssertEqual(one["items"]?.array?[0]["image_input_tokens"]?.integer, 3)
        }
    }

    func testCellsThatASpreadsheetWouldTakeForFormulasAreText() throws {
        try AdminHarness.run { harness in
            let (organization, team) = await harness.tenancy()
            let labels = ["=1+1", "@x", "-2", "+3", "\tt", "a\"b,c", "fine"]
            try await Self.insert(
                labels.enumerated().map {
                    Event(
                        team: team.id, model: ObjectID.zero.description, cost: Int64(100 - $0.offset),
                        endUser: $0.element)
                }, organization: organization.id, key: "abcdefghijkl", harness)
            let csv = await harness.call("GET", "/api/v1/usage?group_by=end_user&format=csv")
            let cells = csv.text.components(separatedBy: "\r\n").dropFirst().dropLast().map { line in
                line.components(separatedBy: ",1,0,0,10")[0]
            }
            XCTAssertEqual(cells, ["'=1+1", "'@x", "'-2", "'+3", "'\tt", "\"a\"\"b,c\"", "fine"])
        }
    }

    /// Berlin's clocks went forward on 29 March 2026 (a day of 23 hours) and back on 25 October (one of 25).
    func testDaysOfATimeZoneHaveItsHours() throws {
        try AdminHarness.run { harness in
            let (organization, team) = await harness.tenancy()
            harness.time.jump(toUnixMilliseconds: try XCTUnwrap(RFC3339.parse("2026-03-30T12:00:00Z")))
            let events = (0..<72).map { Event(hour: $0, team: team.id, model: ObjectID.zero.description, cost: 1) }
            try await Self.insert(events, organization: organization.id, key: "abcdefghijkl", harness)
            let spring = await harness.call(
                "GET", "/api/v1/usage?group_by=day&time_zone=Europe/Berlin&from=2026-03-28&to=2026-03-30")
            let days = spring["items"]?.array ?? []
            XCTAssertEqual(
                days.map { $0["group"]?["day"]?.string },
                ["2026-03-28T00:00:00.000+01:00", "2026-03-29T00:00:00.000+01:00"], spring.text)
            XCTAssertEqual(days.map { $0["requests"]?.integer }, [24, 23])
            XCTAssertEqual(spring["to"]?.string, "2026-03-29T22:00:00.000Z")
            XCTAssertEqual(spring["days_are_exact"], .boolean(true))

            harness.time.jump(toUnixMilliseconds: try XCTUnwrap(RFC3339.parse("2026-10-26T12:00:00Z")))
            try await Self.insert(
                events, first: 1_000, organization: organization.id, key: "abcdefghijkl", harness)
            let autumn = await harness.call(
                "GET", "/api/v1/usage?group_by=day&time_zone=Europe/Berlin&from=2026-10-25&to=2026-10-26")
            XCTAssertEqual(autumn["items"]?.array?.map { $0["requests"]?.integer }, [25], autumn.text)
            let half = await harness.call("GET", "/api/v1/usage?group_by=week&time_zone=Asia/Kolkata")
            XCTAssertEqual(half["days_are_exact"], .boolean(false), half.text)
            XCTAssertEqual(half["total"]?["requests"]?.integer, 72)
        }
    }

    func testUsageIsSummedAndFilteredByTagsAndEndUsers() throws {
        try AdminHarness.run { harness in
            let (organization, team) = await harness.tenancy()
            var keys: [String] = []
            for (name, environment) in [("a", "prod"), ("b", "test"), ("c", "")] {
                let tags = environment.isEmpty ? "{}" : #"{"env": "\#(environment)", "x": "1"}"#
                let key = await harness.create(
                    "virtual-keys", #"{"name": "\#(name)", "team": "\#(team.id)", "tags": \#(tags)}"#)
                keys.append(key["key_id"]?.string ?? "")
            }
            for (index, key) in keys.enumerated() {
                let events = (0...index).map {
                    Event(team: team.id, model: ObjectID.zero.description, cost: 1, endUser: "u\($0)")
                }
                try await Self.insert(
                    events, first: UInt64(index) * 100, organization: organization.id, key: key, harness)
            }
            let byTag = await harness.call("GET", "/api/v1/usage?group_by=tag:env")
            XCTAssertEqual(
                byTag["items"]?.array?.map { $0["group"]?["tags"]?["env"] ?? .null },
                [.null, .string("test"), .string("prod")], byTag.text)
            XCTAssertEqual(byTag["items"]?.array?.map { $0["requests"]?.integer }, [3, 2, 1])
            let prod = await harness.call("GET", "/api/v1/usage?tag=env%3Dtest&group_by=end_user,key")
            XCTAssertEqual(prod["total"]?["requests"]?.integer, 2, prod.text)
            let user = await harness.call("GET", "/api/v1/usage?end_user=u0")
            XCTAssertEqual(user["total"]?["requests"]?.integer, 3, user.text)
            let events = await harness.call("GET", "/api/v1/usage/events?tag=env%3Dtest&end_user=u1")
            XCTAssertEqual(events["items"]?.array?.count, 1, events.text)
            XCTAssertEqual(events["items"]?.array?.first?["tags"]?["env"]?.string, "test")
        }
    }

    func testReconciliationFindsWhatWasLost() throws {
        try AdminHarness.run { harness in
            let (organization, team) = await harness.tenancy()
            let events = [0, 1, 30].map {
                Event(hour: $0, team: team.id, model: ObjectID.zero.description, cost: 7)
            }
            try await Self.insert(events, organization: organization.id, key: "abcdefghijkl", harness)
            let good = await harness.call("GET", "/api/v1/usage/reconciliation")
            XCTAssertEqual(good["agrees"], .boolean(true), good.text)
            XCTAssertEqual(good["days"]?.array?.map { $0["verdict"]?.string }, ["agrees", "agrees"])
            XCTAssertEqual(good["days"]?.array?.last?["events"]?["cost_nanodollars"]?.integer, 14)

            try await harness.pool.execute(
                "DELETE FROM usage_events WHERE request_id = $1", [.uuid(ObjectID(high: 1, low: 0))])
            let bad = await harness.call("GET", "/api/v1/usage/reconciliation")
            XCTAssertEqual(bad["agrees"], .boolean(false), bad.text)
            XCTAssertEqual(bad["days"]?.array?.last?["difference"]?["cost_nanodollars"]?.integer, -7)

            let today = UsagePartitions.day(of: harness.time.unixMilliseconds)
            for day in [today - 1, today] { _ = try await UsagePartitionStore.drop(day: day, harness.pool) }
            let old = await harness.call("GET", "/api/v1/usage/reconciliation")
            XCTAssertEqual(old["days"]?.array?.map { $0["verdict"]?.string }, ["expired", "expired"], old.text)
            let long = await harness.call("GET", "/api/v1/usage/reconciliation?from=2026-01-01")
            XCTAssertEqual(Array(long.errors.keys), ["query:from"])
        }
    }

    func testReconciliationHoldsTheLedgerAgainstTheEvents() throws {
        try AdminHarness.run { harness in
            let (organization, _) = await harness.tenancy()
            let allowance = await harness.create(
                "allowances",
                #"{"name": "budget", "organization": "\#(organization.id)", "kind": "money", "period": "total", "limit_usd": "10"}"#
            )
            let id = try XCTUnwrap(ObjectID(allowance.id))
            let intent = UsageSamples.intent(ObjectID(high: 1, low: 1))
            var settle = UsageSamples.settle(intent, index: 0)
            settle.intent.startedUnixMilliseconds = harness.time.unixMilliseconds
            settle.charges = [
                ChargeLine(account: AccountKey(allowanceID: id, subject: 0), window: .unleased, amount: 700, debt: 30)
            ]
            let ingest = UsageIngest(pool: harness.pool, time: harness.time, registry: MetricsRegistry())
            _ = try await ingest.apply(
                UsageBatch(
                    stream: StreamID(nodeID: .random(), incarnation: .random(), thread: 0), firstSequence: 1,
                    records: [.settle(settle)]))

            func report() async -> (agrees: JSONValue?, allowance: JSONValue) {
                let reply = await harness.call("GET", "/api/v1/usage/reconciliation")
                return (reply["agrees"], reply["allowances"]?.array?.first ?? .null)
            }
            let good = await report()
            XCTAssertEqual(good.agrees, .boolean(true))
            XCTAssertEqual(good.allowance["verdict"]?.string, "agrees")
            XCTAssertEqual(good.allowance["ledger"]?.number?.int64, 730)

            var batch = CorrectionBooks.batch(
                ObjectID(high: 1, low: 2), cost: 2_000,
                [ChargeLine(account: AccountKey(allowanceID: id), window: .whole, amount: 1_900, debt: 100)])
            batch.intent.startedUnixMilliseconds = harness.time.unixMilliseconds
            for records: [JournalRecord] in [
                [.settle(batch)], [CorrectionBooks.correction(batch.intent.requestID, cost: 600)],
            ] {
                _ = try await ingest.apply(
                    UsageBatch(
                        stream: StreamID(nodeID: .random(), incarnation: .random(), thread: 0), firstSequence: 1,
                        records: records))
            }
            let corrected = await report()
            XCTAssertEqual(corrected.agrees, .boolean(true))
            for field in ["events", "sums", "sums_of_all_days", "ledger"] {
                XCTAssertEqual(corrected.allowance[field]?.number?.int64, 730 + 600, field)
            }
            let events = await harness.call("GET", "/api/v1/usage/events")
            let times = events["items"]?.array?.map { $0["corrected_at"] } ?? []
            XCTAssertEqual(times.count, 2, events.text)
            XCTAssertEqual(times.count { $0?.string != nil }, 1, events.text)
            XCTAssertEqual(times.count { $0 == .null }, 1, "null until then")

            try await harness.pool.execute("UPDATE ledger_windows SET charged = charged + 1")
            let ahead = await report()
            XCTAssertEqual(ahead.agrees, .boolean(false))
            XCTAssertEqual(ahead.allowance["verdict"]?.string, "differs")
            XCTAssertEqual(ahead.allowance["ledger_difference"]?.number?.int64, 1)
            try await harness.pool.execute("UPDATE ledger_windows SET charged = charged - 1")
            try await harness.pool.execute("UPDATE usage_charges_daily SET amount = amount - 5 WHERE window_start = 0")
            let short = await report()
            XCTAssertEqual(short.agrees, .boolean(false))
            XCTAssertEqual(short.allowance["difference"]?.number?.int64, 5)
            try await harness.pool.execute("UPDATE usage_charges_daily SET amount = amount + 5 WHERE window_start = 0")

            try await harness.pool.execute("DELETE FROM ledger_windows")
            let lost = await report()
            XCTAssertEqual(lost.allowance["verdict"]?.string, "not_in_ledger")
            XCTAssertEqual(lost.agrees, .boolean(false), "books that are gone are no agreement")
            _ = await harness.call("DELETE", "/api/v1/allowances/\(allowance.id)", ifMatch: "*")
            let deleted = await report()
            XCTAssertEqual(deleted.allowance["verdict"]?.string, "deleted")
            XCTAssertEqual(deleted.agrees, .boolean(true))
        }
    }

    func testDaysAreExactOnlyWhereTheZoneKeepsWholeHoursAllTheTime() throws {
        try AdminHarness.run { harness in
            for (zone, from, to, isExact) in [
                ("Europe/Berlin", "2026-01-01", "2026-12-31", true),
                ("Asia/Kolkata", "2026-01-01", "2026-01-02", false),
                // At 11 hours in its summer, at 10:30 in its winter.
                ("Australia/Lord_Howe", "2026-01-01", "2026-12-31", false),
                ("Australia/Lord_Howe", "2026-01-01", "2026-02-01", true),
            ] {
                let reply = await harness.call("GET", "/api/v1/usage?time_zone=\(zone)&from=\(from)&to=\(to)")
                XCTAssertEqual(reply["days_are_exact"], .boolean(isExact), "\(zone) \(from): \(reply.text)")
            }
            let tags = (1...6).map { "tag:\(String(repeating: "t", count: 59))\($0)" }.joined(separator: ",")
            let many = await harness.call("GET", "/api/v1/usage?group_by=\(tags)")
            XCTAssertEqual(many.status, 200, "as many tags as it takes, as long as they may be: \(many.text)")
        }
    }
}
