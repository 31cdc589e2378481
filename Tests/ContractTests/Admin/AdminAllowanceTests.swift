import Shared
import TestSupport
import XCTest

@testable import ControlPlane

final class AdminAllowanceTests: XCTestCase {
    private static let path = "/api/v1/allowances"

    /// An organization, a team, a key, a provider, a model and a route, and what creates an allowance for the team.
    private static func scene(_ harness: AdminHarness) async -> AdminHarness.Reply {
        _ = await harness.tenancy()
        await harness.upstream()
        _ = await harness.create("routes", #"{"name": "chat", "targets": [{"provider": "stub", "model": "m1"}]}"#)
        return await harness.create("virtual-keys", #"{"team": "search", "name": "backend"}"#)
    }

    private static func refused(
        _ harness: AdminHarness, _ fields: String, _ expected: Set<String>, line: UInt = #line
    ) async {
        let reply = await harness.call("POST", path, #"{"name": "x", \#(fields)}"#, line: line)
        XCTAssertEqual(reply.status, 400, reply.text, line: line)
        XCTAssertEqual(Set(reply.errors.keys), expected, reply.text, line: line)
    }

    func testAnAllowanceAnswersWhatItCountsAndHowMuch() throws {
        try AdminHarness.run { harness in
            let key = await Self.scene(harness)
            let budget = await harness.create(
                "allowances",
                #"{"name": "budget", "organization": "acme", "kind": "money", "period": "month", "limit_usd": "25.00", "time_zone": "Europe/Berlin"}"#
            )
            XCTAssertEqual(budget["scope"]?.string, "organization")
            XCTAssertEqual(budget["organization"]?.string, "acme")
            XCTAssertEqual(budget["team"], .null)
            XCTAssertEqual(budget["limit_usd"]?.string, "25.00")
            XCTAssertEqual(budget["limit_nanodollars"]?.integer, 25_000_000_000)
            XCTAssertEqual(budget["limit"], .null)
            XCTAssertEqual(budget["period"]?.string, "month")
            XCTAssertEqual(budget["time_zone"]?.string, "Europe/Berlin")
            XCTAssertEqual(budget["mode"]?.string, "automatic")
            XCTAssertEqual(budget["alert_thresholds"], .array([.int(80), .int(100)]))

            let rolling = await harness.create(
                "allowances",
                #"{"name": "week", "team": "acme/search", "kind": "money", "period": "rolling", "rolling_seconds": 604800, "limit_nanodollars": 1, "mode": "soft", "alert_thresholds": [100, 50, 50]}"#
            )
            XCTAssertEqual(rolling["rolling_seconds"]?.integer, 604_800)
            XCTAssertEqual(rolling["limit_usd"]?.string, "0.000000001")
            XCTAssertEqual(rolling["time_zone"], .null)
            XCTAssertEqual(rolling["alert_thresholds"], .array([.int(50), .int(100)]))

            let tokens = await harness.create(
                "allowances",
                #"{"name": "tpm", "virtual_key": "\#(key["key_id"]?.string ?? "")", "kind": "tokens", "limit": 50000, "end_user": "*", "route": "chat"}"#
            )
            XCTAssertEqual(tokens["virtual_key"]?.string, "backend")
            XCTAssertEqual(tokens["virtual_key_id"]?.string, key.id)
            XCTAssertEqual(tokens["period"]?.string, "minute")
            XCTAssertEqual(tokens["route"]?.string, "chat")
            XCTAssertEqual(tokens["limit"]?.integer, 50_000)
            XCTAssertEqual(tokens["limit_usd"], .null)
            XCTAssertEqual(tokens["end_user"]?.string, "*")

            let requests = await harness.create(
                "allowances",
                #"{"name": "rpd", "virtual_key": "search/backend", "kind": "requests", "period": "day", "limit": 5, "model": "m1"}"#
            )
            XCTAssertEqual(requests["period"]?.string, "day")
            let slots = await harness.create(
                "allowances",
                #"{"name": "slots", "virtual_key": "backend", "kind": "slots", "limit": 3, "end_user": "ada"}"#)
            XCTAssertEqual(slots["period"], .null)
            let read = await harness.call("GET", "\(Self.path)/\(slots.id)")
            XCTAssertEqual(read.json, slots.json)
            XCTAssertEqual(read.etag, "\"1\"")
        }
    }

    func testWhatDoesNotGoTogetherIsRefusedFieldByField() throws {
        try AdminHarness.run { harness in
            _ = await Self.scene(harness)
            let team = #""team": "search""#
            let money = #"\#(team), "kind": "money", "period": "month", "limit_usd": "1.00""#
            await Self.refused(harness, #""kind": "money", "period": "month", "limit_usd": "1""#, ["organization"])
            await Self.refused(harness, #"\#(money), "organization": "acme""#, ["organization"])
            await Self.refused(harness, #""team": "nobody", "kind": "slots", "limit": 1"#, ["team"])
            await Self.refused(harness, #""virtual_key": "nobody", "kind": "slots", "limit": 1"#, ["virtual_key"])
            await Self.refused(harness, #"\#(team), "kind": "gold", "limit": 1"#, ["kind"])
            await Self.refused(harness, #"\#(team), "kind": "money", "limit_usd": "1""#, ["period"])
            await Self.refused(harness, #"\#(team), "kind": "tokens", "period": "day", "limit": 1"#, ["period"])
            await Self.refused(harness, #"\#(team), "kind": "slots", "period": "minute", "limit": 1"#, ["period"])
            await Self.refused(
                harness, #"\#(team), "kind": "money", "period": "rolling", "limit_usd": "1""#, ["rolling_seconds"])
            await Self.refused(harness, #"\#(money), "rolling_seconds": 60"#, ["rolling_seconds"])
            await Self.refused(harness, #"\#(money), "rolling_seconds": 59"#, ["rolling_seconds"])
            await Self.refused(harness, #"\#(money), "time_zone": "Mars/Olympus""#, ["time_zone"])
            await Self.refused(harness, #"\#(money), "time_zone": "GMT+25""#, ["time_zone"])
            await Self.refused(
                harness, #"\#(team), "kind": "tokens", "limit": 1, "time_zone": "Europe/Berlin""#, ["time_zone"])
            await Self.refused(harness, #"\#(team), "kind": "money", "period": "day""#, ["limit_usd"])
            await Self.refused(harness, #"\#(team), "kind": "tokens""#, ["limit"])
            await Self.refused(harness, #"\#(team), "kind": "tokens", "limit_usd": "1""#, ["limit_usd"])
            await Self.refused(harness, #"\#(money), "limit": 1"#, ["limit"])
            await Self.refused(harness, #"\#(money), "limit_nanodollars": 1"#, ["limit_nanodollars"])
            await Self.refused(
                harness, #"\#(team), "kind": "money", "period": "day", "limit_usd": "1000000000.01""#, ["limit_usd"])
            for bad in [#""-1""#, #""1e3""#, #""1.0000000001""#, #""""#, "1"] {
                await Self.refused(
                    harness, #"\#(team), "kind": "money", "period": "day", "limit_usd": \#(bad)"#, ["limit_usd"])
            }
            await Self.refused(harness, #"\#(team), "kind": "slots", "limit": 1000001"#, ["limit"])
            await Self.refused(harness, #"\#(team), "kind": "slots", "limit": 1, "mode": "clamp""#, ["mode"])
            await Self.refused(
                harness, #"\#(team), "kind": "slots", "limit": 1, "alert_thresholds": [80]"#, ["alert_thresholds"])
            await Self.refused(harness, #"\#(money), "alert_thresholds": [0]"#, ["alert_thresholds[0]"])
            await Self.refused(harness, #"\#(money), "route": "chat", "model": "m1""#, ["model"])
            await Self.refused(harness, #"\#(money), "route": "nothing""#, ["route"])
            await Self.refused(harness, #"\#(money), "colour": "red""#, ["colour"])
            await Self.refused(harness, #"\#(money), "scope": "team""#, ["scope"])
            await Self.refused(
                harness, #"\#(team), "kind": "tokens", "period": "day", "limit_usd": "1", "mode": "firm""#, ["mode"])
        }
    }

    func testWhatItCountsStaysAndTheRestChanges() throws {
        try AdminHarness.run { harness in
            _ = await Self.scene(harness)
            let made = await harness.create(
                "allowances",
                #"{"name": "budget", "team": "search", "kind": "money", "period": "day", "limit_usd": "1"}"#)
            let item = "\(Self.path)/\(made.id)"
            let fixed = await harness.call(
                "PATCH", item,
                #"{"kind": "tokens", "period": "week", "time_zone": "UTC", "team": "search", "end_user": "*", "route": "chat", "rolling_seconds": 60, "model": null}"#,
                ifMatch: "*")
            XCTAssertEqual(
                Set(fixed.errors.keys),
                ["kind", "period", "time_zone", "team", "end_user", "route", "rolling_seconds", "model"])
            for message in fixed.errors.values { XCTAssertTrue(message.contains("create another allowance"), message) }

            let before = harness.publicationsSoFar
            let changed = await harness.call(
                "PATCH", item, #"{"limit_usd": "2.50", "mode": "strict", "alert_thresholds": []}"#, ifMatch: made.etag)
            XCTAssertEqual(changed.status, 200, changed.text)
            XCTAssertEqual(changed["limit_nanodollars"]?.integer, 2_500_000_000)
            XCTAssertEqual(changed["mode"]?.string, "strict")
            XCTAssertEqual(harness.publicationsSoFar, before + 1, "data planes learn of the limit")
            let same = await harness.call("PATCH", item, #"{"limit_nanodollars": 2500000000}"#, ifMatch: "*")
            XCTAssertEqual(same.etag, changed.etag, "nothing changed")
            let stale = await harness.call("PATCH", item, #"{"limit_usd": "3"}"#, ifMatch: made.etag)
            XCTAssertEqual(stale.status, 412)
            let missing = await harness.call("PATCH", item, #"{"limit_usd": "3"}"#)
            XCTAssertEqual(missing.status, 428)
            let unlimited = await harness.call("PATCH", item, #"{"limit_usd": null}"#, ifMatch: "*")
            XCTAssertEqual(Array(unlimited.errors.keys), ["limit_usd"])

            let audit = await harness.call("GET", "/api/v1/audit-entries?resource_kind=allowance")
            XCTAssertEqual(audit["items"]?.array?.map { $0["action"]?.string }, ["update", "create"])
            XCTAssertEqual(audit["items"]?.array?.first?["before"]?["limit_usd"]?.string, "1.00")
            XCTAssertEqual(audit["items"]?.array?.first?["after"]?["limit_usd"]?.string, "2.50")
        }
    }

    func testNoRequestCanMeetMoreAllowancesThanItHasRoomFor() throws {
        try AdminHarness.run { harness in
            _ = await Self.scene(harness)
            for (scope, owner, most) in [
                ("organization", "acme", 6), ("team", "search", 4), ("virtual_key", "backend", 6),
            ] {
                func body(_ name: Int) -> String {
                    #"{"name": "\#(name)", "\#(scope)": "\#(owner)", "kind": "slots", "limit": 1}"#
                }
                for name in 1...most { _ = await harness.create("allowances", body(name)) }
                let beyond = await harness.call("POST", Self.path, body(most + 1))
                XCTAssertEqual(beyond.status, 409, beyond.text)
                XCTAssertEqual(beyond.problem, "conflict")
                XCTAssertTrue(beyond.json["detail"]?.string?.contains("\(most) allowances") ?? false, beyond.text)
            }
            XCTAssertEqual(AllowanceScope.allCases.map(\.countMax).reduce(0, +), ReservationLine.linesMax)
        }
    }

    func testANameIsTakenWithinItsScopeOnlyAndAKeyMakesACreationSafeToRepeat() throws {
        try AdminHarness.run { harness in
            _ = await Self.scene(harness)
            let body = #"{"name": "slots", "team": "search", "kind": "slots", "limit": 1}"#
            let first = await harness.call("POST", Self.path, body, key: "k1")
            let again = await harness.call("POST", Self.path, body, key: "k1")
            XCTAssertEqual(again.json, first.json)
            XCTAssertEqual(again.headers["idempotent-replayed"], "true")
            let taken = await harness.call("POST", Self.path, body)
            XCTAssertEqual(taken.status, 409)
            XCTAssertEqual(taken.problem, "already-exists")
            _ = await harness.create(
                "allowances", #"{"name": "slots", "virtual_key": "backend", "kind": "slots", "limit": 1}"#)
        }
    }

    func testAListIsPagedAndFilteredByWhatAllowancesHangOn() throws {
        try AdminHarness.run { harness in
            _ = await Self.scene(harness)
            _ = await harness.create("organizations", #"{"name": "other"}"#)
            for (name, owner, more) in [
                ("o", #""organization": "acme""#, ""), ("t", #""team": "search""#, #", "end_user": "*""#),
                ("k", #""virtual_key": "backend""#, #", "route": "chat""#), ("x", #""organization": "other""#, ""),
            ] {
                _ = await harness.create(
                    "allowances", #"{"name": "\#(name)", \#(owner), "kind": "slots", "limit": 1\#(more)}"#)
            }
            for (query, expected) in [
                ("", ["o", "t", "k", "x"]), ("organization=acme", ["o", "t", "k"]),
                ("organization=acme&scope=organization", ["o"]), ("team=search", ["t", "k"]),
                ("virtual_key=backend", ["k"]), ("end_user=*", ["t"]), ("route=chat", ["k"]), ("kind=money", []),
                ("name=x", ["x"]), ("scope=virtual_key", ["k"]),
            ] {
                let names = await harness.names(Self.path + (query.isEmpty ? "" : "?\(query)"), limit: 2)
                XCTAssertEqual(names.sorted(), expected.sorted(), query)
            }
        }
    }

    func testWhatAnAllowanceNeedsStaysAndAKeyTakesItsAllowancesWithIt() throws {
        try AdminHarness.run { harness in
            let key = await Self.scene(harness)
            let team = await harness.create(
                "allowances", #"{"name": "t", "team": "search", "kind": "slots", "limit": 1, "route": "chat"}"#)
            let ofKey = await harness.create(
                "allowances", #"{"name": "k", "virtual_key": "backend", "kind": "slots", "limit": 1, "model": "m1"}"#)
            for list in ["routes", "models"] {
                let items = await harness.call("GET", "/api/v1/\(list)")
                let id = items["items"]?.array?.first?["id"]?.string ?? ""
                let reply = await harness.call("DELETE", "/api/v1/\(list)/\(id)", ifMatch: "*")
                XCTAssertEqual(reply.problem, "still-referenced")
                XCTAssertTrue(reply.text.contains("allowance"), reply.text)
            }
            _ = await harness.call("POST", "/api/v1/virtual-keys/\(key.id)/revoke")
            let gone = await harness.call("DELETE", "/api/v1/virtual-keys/\(key.id)", ifMatch: "*")
            XCTAssertEqual(gone.status, 204, gone.text)
            let read = await harness.call("GET", "\(Self.path)/\(ofKey.id)")
            XCTAssertEqual(read.status, 404)
            let audit = await harness.call("GET", "/api/v1/audit-entries?resource_id=\(ofKey.id)&action=delete")
            XCTAssertEqual(audit["items"]?.array?.count, 1)
            let teamID = team["team_id"]?.string ?? ""
            let kept = await harness.call("DELETE", "/api/v1/teams/\(teamID)", ifMatch: "*")
            XCTAssertEqual(kept.problem, "still-referenced")
            let deleted = await harness.call("DELETE", "\(Self.path)/\(team.id)", ifMatch: "*")
            XCTAssertEqual(deleted.status, 204)
            let free = await harness.call("DELETE", "/api/v1/teams/\(teamID)", ifMatch: "*")
            XCTAssertEqual(free.status, 204)
        }
    }

    func testTheAllowanceOfAKeyMarksTheShardsOfItsSecretsAndThatOfATeamThePolicy() throws {
        try AdminHarness.run { harness in
            let key = await Self.scene(harness)
            func marks() async throws -> (policy: Int64, shards: [Int64]) {
                let state = try await harness.pool.first("SELECT policy_sequence FROM fleet_state")
                let shards = try await harness.pool.query("SELECT change_sequence FROM key_shards ORDER BY shard")
                return (
                    try state?.int64("policy_sequence") ?? -1,
                    try shards.map { (row) throws(StoreError) in try row.int64("change_sequence") }
                )
            }
            let before = try await marks()
            _ = await harness.create(
                "allowances", #"{"name": "k", "virtual_key": "\#(key.id)", "kind": "slots", "limit": 1}"#)
            let after = try await marks()
            XCTAssertEqual(after.policy, before.policy)
            XCTAssertEqual(after.shards.count, 1)
            XCTAssertGreaterThan(after.shards[0], before.shards[0])
            _ = await harness.create("allowances", #"{"name": "t", "team": "search", "kind": "slots", "limit": 1}"#)
            let last = try await marks()
            XCTAssertGreaterThan(last.policy, after.policy)
            XCTAssertEqual(last.shards, after.shards)
        }
    }
}
