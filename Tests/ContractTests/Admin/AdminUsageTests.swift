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
    }

    private static func insert(_ events: [Event], organization: String, key: String, _ harness: AdminHarness)
        async throws
    {
        let start = harness.time.unixMilliseconds / 3_600_000 * 3_600_000
        try await harness.pool.execute("CREATE TABLE usage_events_all PARTITION OF usage_events DEFAULT")
        for (index, event) in events.enumerated() {
            let hour = start - Int64(event.hour) * 3_600_000
            let identity: [PostgresValue] = [
                .text(organization), .text(event.team), .text(key), .text(event.model), .integer(event.outcome),
                .int64(event.cost),
            ]
            try await harness.pool.execute(
                """
                INSERT INTO usage_rollups_hourly (hour, organization_id, team_id, virtual_key_id, route_id, provider_id, model_id,
                    endpoint, outcome, requests, estimated_requests, input_tokens, cached_input_tokens, cache_write_5m_tokens,
                    cache_write_1h_tokens, audio_input_tokens, output_tokens, reasoning_tokens, audio_output_tokens,
                    cost_nanodollars, duration_microseconds, overhead_microseconds)
                VALUES ($1, $2, $3, $4, $5, $5, $6, 1, $7, 1, 0, 10, 0, 0, 0, 0, 20, 0, 0, $8, 0, 0)
                ON CONFLICT (hour, organization_id, team_id, virtual_key_id, route_id, provider_id, model_id, endpoint, outcome)
                DO UPDATE SET requests = usage_rollups_hourly.requests + 1,
                    input_tokens = usage_rollups_hourly.input_tokens + 10, output_tokens = usage_rollups_hourly.output_tokens + 20,
                    cost_nanodollars = usage_rollups_hourly.cost_nanodollars + excluded.cost_nanodollars
                """, [.timestamp(unixMilliseconds: hour)] + identity.prefix(3) + [.uuid(.zero)] + identity.dropFirst(3))
            try await harness.pool.execute(
                """
                INSERT INTO usage_events (request_id, day, started_at, organization_id, team_id, virtual_key_id, route_id, provider_id,
                    model_id, price_id, endpoint, outcome, is_stream, end_user, status, attempts, input_tokens, cached_input_tokens,
                    cache_write_5m_tokens, cache_write_1h_tokens, audio_input_tokens, output_tokens, reasoning_tokens,
                    audio_output_tokens, usage_reported, cost_nanodollars, reserved_nanodollars, duration_microseconds,
                    first_token_microseconds, overhead_microseconds, relayed_bytes, node_id)
                VALUES ($1, '2027-01-15', $2, $3, $4, $5, $9, $9, $6, $9, 1, $7, true, 'u', 200, 1, 10, 0, 0, 0, 0, 20, 0, 0, true,
                    $8, 0, 5, 4, 3, 2, $9)
                """,
                [.uuid(ObjectID(high: 1, low: UInt64(index))), .timestamp(unixMilliseconds: hour)] + identity + [
                    .uuid(.zero)
                ])
        }
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
                ("group_by=team,model,route,day,hour", "query:group_by"),
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
                lines[0].hasPrefix("organization,organization_id,requests,estimated_requests,input_tokens,"), lines[0])
            XCTAssertTrue(lines[1].hasPrefix("\"a, \"\"b\"\"\",\(organization.id),1,0,10,"), lines[1])
            XCTAssertTrue(lines[1].hasSuffix(",5,0.000000005"), lines[1])
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
        }
    }
}
