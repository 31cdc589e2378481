import DataPlane
import Foundation
import Shared
import TestSupport
import XCTest

@testable import ControlPlane

/// Plans over usage events as ingestion writes them, with every figure worked out by hand.
final class AdminPlanTests: XCTestCase {
    /// A control plane with three providers, two models, two keys, and requests of the last day.
    private struct Scene {
        let harness: AdminHarness
        var ids: [String: ObjectID] = [:]
        var keys: [String: VirtualKeyID] = [:]
        let ingest: UsageIngest
        let stream = StreamID(nodeID: .random(), incarnation: .random(), thread: 0)
        var sequence: UInt64 = 1

        /// Nanodollars: of 1,000 tokens in and 100 out.
        static let small: Int64 = 1_000 * 1_000 + 100 * 2_000
        static let large: Int64 = 1_000 * 10_000 + 100 * 20_000

        init(_ harness: AdminHarness) async {
            self.harness = harness
            ingest = UsageIngest(pool: harness.pool, time: harness.time, registry: MetricsRegistry())
            let tenancy = await harness.tenancy()
            ids["acme"] = ObjectID(tenancy.organization.id)
            ids["search"] = ObjectID(tenancy.team.id)
            for name in ["a", "b", "c"] {
                await create("providers", name, #""base_url": "http://127.0.0.1:9""#)
            }
            for (name, factor) in [("small", 1), ("large", 10)] {
                await create("models", name, #""prices": [\#(Self.price(factor, from: "2020-01-01"))]"#)
            }
            for name in ["one", "two"] {
                let key = await create("virtual-keys", name, #""team": "search", "tags": {"tier": "\#(name)"}"#)
                keys[name] = key["key_id"]?.string.flatMap { VirtualKeyID($0) }
            }
        }

        static func price(_ factor: Int, from: String? = nil) -> String {
            let time = from.map { #", "effective_from": "\#($0)""# } ?? ""
            return
                #"{"input_picodollars_per_token": \#(factor)000000, "output_picodollars_per_token": \#(factor * 2)000000\#(time)}"#
        }

        static func target(_ provider: String, _ model: String = "small", _ more: String = "") -> String {
            #"{"provider": "\#(provider)", "model": "\#(model)"\#(more)}"#
        }

        @discardableResult
        mutating func create(_ plural: String, _ name: String, _ fields: String) async -> AdminHarness.Reply {
            let reply = await harness.create(plural, #"{"name": "\#(name)", \#(fields)}"#)
            ids[name] = ObjectID(reply.id)
            return reply
        }

        /// So many requests, one a second from `minute` minutes ago on, of 1,000 tokens in and 100 out.
        mutating func requests(
            _ count: Int, _ route: String, at provider: String = "a", _ model: String = "small", key: String = "one",
            minute: Int64 = 60, stream isStream: Bool = false, user: String = "", outcome: RequestOutcome = .completed,
            charges: [ChargeLine] = [], shadowOf: ObjectID? = nil
        ) async throws {
            var records: [JournalRecord] = []
            for index in 0..<count {
                let cost = model == "small" ? Self.small : Self.large
                let intent = IntentRecord(
                    requestID: ObjectID(high: 7, low: sequence << 32 | UInt64(index)),
                    startedUnixMilliseconds: harness.time.unixMilliseconds - minute * 60_000 + Int64(index) * 1_000,
                    organizationID: ids["acme"]!, teamID: ids["search"]!, virtualKeyID: keys[key]!,
                    routeID: ids[route]!, providerID: ids[provider]!, modelID: ids[model]!, priceID: .zero,
                    reserved: Money(nanodollars: 2 * cost), endpoint: .chatCompletions, isStream: isStream,
                    endUser: user, shadowOf: shadowOf)
                records.append(
                    .settle(
                        SettleRecord(
                            intent: intent, outcome: outcome, status: outcome == .failed ? 502 : 200, attempts: 1,
                            usage: TokenUsage(input: 1_000, output: 100), usageReported: true,
                            cost: outcome == .failed ? .zero : Money(nanodollars: cost), durationMicroseconds: 1_000,
                            firstTokenMicroseconds: 100, overheadMicroseconds: 20, relayedBytes: 500, charges: charges))
                )
            }
            let applied = try await ingest.apply(
                UsageBatch(stream: stream, firstSequence: sequence, records: records))
            XCTAssertEqual(applied, sequence + UInt64(count) - 1)
            sequence += UInt64(count)
        }

        func plan(_ changes: String, hours: Int = 24, token: String? = nil, line: UInt = #line) async
            -> AdminHarness.Reply
        {
            let reply = await harness.call(
                "POST", "/api/v1/plans?hours=\(hours)", changes, token: token, line: line)
            XCTAssertEqual(reply.status, 200, reply.text, line: line)
            return reply
        }
    }

    private static func run(_ body: @escaping @Sendable (inout Scene) async throws -> Void) throws {
        try AdminHarness.run { harness in
            var scene = await Scene(harness)
            try await body(&scene)
        }
    }

    /// The figures that are not what they are where nothing differs.
    private static func differences(_ figures: JSONValue?) -> [String: Int64] {
        var found: [String: Int64] = [:]
        for name in ["refused_by_both", "newly_refused", "newly_allowed", "rerouted", "undecided"] {
            if let number = figures?[name]?.integer, number != 0 { found[name] = number }
        }
        if let points = figures?["cost_change_basis_points"]?.integer, points != 0 { found["basis_points"] = points }
        return found
    }

    private static func route(_ plan: AdminHarness.Reply, _ name: String) -> JSONValue? {
        plan["routes"]?.array?.first { $0["route"]?.string == name }
    }

    private static func moves(_ route: JSONValue?) -> [String: Int64] {
        Dictionary(
            (route?["moves"]?.array ?? []).map {
                ("\($0["from"]?.string ?? "") \($0["to"]?.string ?? "")", $0["requests"]?.integer ?? 0)
            }, uniquingKeysWith: +)
    }

    private static func counts(_ rows: JSONValue?, _ name: String) -> [String: Int64] {
        Dictionary(
            (rows?.array ?? []).map { ($0[name]?.string ?? "", $0["requests"]?.integer ?? 0) }, uniquingKeysWith: +)
    }

    /// All that the database holds.
    private static func contents(_ harness: AdminHarness) async throws -> [String: String] {
        var contents: [String: String] = [:]
        for row in try await harness.pool.query(
            "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'")
        {
            let name = try row.text("name")
            let sum = try await harness.pool.first(
                "SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS sum FROM \(name) t")
            contents[name] = try sum?.text("sum")
        }
        return contents
    }

    // MARK: Routing

    func testWhatChangesNothingDiffersInNothing() throws {
        try Self.run { scene in
            await scene.create("routes", "chat", #""targets": [\#(Scene.target("a")), \#(Scene.target("b"))]"#)
            await scene.create(
                "routes", "mix",
                #""strategy": "weighted", "targets": [\#(Scene.target("a", "small", #", "weight": 7"#)), \#(Scene.target("b", "small", #", "weight": 3"#))]"#
            )
            for strategy in ["least_latency", "least_busy", "headroom", "lowest_cost"] {
                await scene.create(
                    "routes", strategy,
                    #""strategy": "\#(strategy)", "targets": [\#(Scene.target("a")), \#(Scene.target("b")), \#(Scene.target("c"))]"#
                )
            }
            await scene.create(
                "routes", "sticky",
                #""strategy": "sticky", "sticky": {"by": "conversation"}, "targets": [\#(Scene.target("a")), \#(Scene.target("b"))]"#
            )
            await scene.create(
                "routes", "ruled",
                #""targets": [\#(Scene.target("a"))], "rules": [{"name": "r", "when": {"headers": {"x-tier": ["gold"]}}, "targets": [\#(Scene.target("b", "large"))]}]"#
            )
            let routes = ["chat", "mix", "least_latency", "least_busy", "headroom", "lowest_cost", "sticky", "ruled"]
            for route in routes { try await scene.requests(37, route) }
            try await scene.requests(5, "ruled", at: "b", "large", minute: 30)
            try await scene.requests(3, "chat", outcome: .failed)
            try await scene.requests(4, "chat", minute: 25 * 60)
            try await scene.requests(6, "chat", key: "two", shadowOf: ObjectID(high: 7, low: 1))
            let before = try await Self.contents(scene.harness)
            let published = scene.harness.publicationsSoFar
            for changes in ["{}", #"{"routes": [{"name": "chat", "strategy": "priority"}]}"#] {
                let plan = await scene.plan(changes, token: scene.harness.viewerToken)
                XCTAssertEqual(plan["totals"]?["requests"]?.integer, 37 * 8 + 8, "nothing older, no shadows")
                XCTAssertEqual(Self.differences(plan["totals"]), [:])
                XCTAssertEqual(plan["is_complete"]?.boolean, true)
                XCTAssertEqual(plan["allowances"]?.array, [])
                let cost = 37 * 8 * Scene.small + 5 * Scene.large
                for name in ["cost_then_nanodollars", "cost_now_nanodollars", "cost_recorded_nanodollars"] {
                    XCTAssertEqual(plan["totals"]?[name]?.integer, cost, name)
                }
            }
            let after = try await Self.contents(scene.harness)
            XCTAssertEqual(before, after)
            XCTAssertEqual(scene.harness.publicationsSoFar, published)
            XCTAssertEqual(Set(before.keys).isSuperset(of: ["audit_entries", "fleet_state", "usage_events"]), true)
        }
    }

    func testATargetThatIsRemovedMovesItsRequestsAndTheirCost() throws {
        try Self.run { scene in
            await scene.create("routes", "chat", #""targets": [\#(Scene.target("a")), \#(Scene.target("b", "large"))]"#)
            await scene.create("routes", "other", #""targets": [\#(Scene.target("a"))]"#)
            try await scene.requests(20, "chat")
            try await scene.requests(10, "other")
            let before = try await Self.contents(scene.harness)
            let plan = await scene.plan(
                #"{"routes": [{"name": "chat", "targets": [\#(Scene.target("b", "large"))]}]}"#)
            XCTAssertEqual(Self.differences(plan["totals"]), ["rerouted": 20, "basis_points": 60_000])
            let chat = Self.route(plan, "chat")
            XCTAssertEqual(Self.moves(chat), ["a/small b/large": 20])
            XCTAssertEqual(chat?["cost_then_nanodollars"]?.integer, 20 * Scene.small)
            XCTAssertEqual(chat?["cost_now_nanodollars"]?.integer, 20 * Scene.large)
            XCTAssertEqual(chat?["cost_change_basis_points"]?.integer, 90_000)
            XCTAssertEqual(Self.differences(Self.route(plan, "other")), [:])
            let after = try await Self.contents(scene.harness)
            XCTAssertEqual(before, after)
            let gone = await scene.plan(#"{"routes": [{"name": "chat", "delete": true}]}"#)
            XCTAssertEqual(Self.differences(gone["totals"]), ["newly_refused": 20])
            XCTAssertEqual(Self.counts(gone["totals"]?["refusals"], "code"), ["model_not_found": 20])
            XCTAssertEqual(gone["totals"]?["cost_refused_nanodollars"]?.integer, 20 * Scene.small)
        }
    }

    func testSharesAreComparedWhereTurnsDecide() throws {
        try Self.run { scene in
            func weighted(_ a: Int, _ b: Int, _ c: Int? = nil) -> String {
                let third = c.map { ", " + Scene.target("c", "small", #", "weight": \#($0)"#) } ?? ""
                return
                    #""strategy": "weighted", "targets": [\#(Scene.target("a", "small", #", "weight": \#(a)"#)), \#(Scene.target("b", "small", #", "weight": \#(b)"#))\#(third)]"#
            }
            await scene.create("routes", "mix", weighted(70, 30))
            try await scene.requests(1_000, "mix")
            var plan = await scene.plan(#"{"routes": [{"name": "mix", \#(weighted(60, 40))}]}"#)
            XCTAssertEqual(Self.moves(Self.route(plan, "mix")), ["a/small b/small": 100])
            plan = await scene.plan(#"{"routes": [{"name": "mix", \#(weighted(700, 300))}]}"#)
            XCTAssertEqual(Self.differences(plan["totals"]), [:], "the same shares")
            plan = await scene.plan(#"{"routes": [{"name": "mix", \#(weighted(50, 25, 25))}]}"#)
            XCTAssertEqual(
                Self.moves(Self.route(plan, "mix")), ["a/small c/small": 200, "b/small c/small": 50])
            plan = await scene.plan(
                #"{"routes": [{"name": "mix", "strategy": "priority", "targets": [\#(Scene.target("b"))]}]}"#)
            XCTAssertEqual(Self.moves(Self.route(plan, "mix")), ["a/small b/small": 700])
        }
    }

    func testRulesDecideByWhatIsRecordedAndNothingElseIsGuessed() throws {
        try Self.run { scene in
            await scene.create("routes", "chat", #""targets": [\#(Scene.target("a"))]"#)
            try await scene.requests(6, "chat", stream: true)
            try await scene.requests(5, "chat", key: "two", user: "ada")
            try await scene.requests(4, "chat", minute: 30)
            func rule(_ when: String) -> String {
                #"{"routes": [{"name": "chat", "rules": [{"name": "r", "when": \#(when), "targets": [\#(Scene.target("b"))]}]}]}"#
            }
            let two = scene.keys["two"]!.description
            for (when, moved, undecided) in [
                (#"{"stream": true}"#, 6, [:]), (#"{"keys": ["\#(two)"]}"#, 5, [:]),
                (#"{"tags": {"tier": ["two"]}}"#, 5, [:]), (#"{"end_users": ["ada"], "stream": true}"#, 0, [:]),
                (#"{"canary": {"percent": 100, "by": "conversation"}}"#, 15, [:]),
                (#"{"canary": {"percent": 50, "by": "conversation"}}"#, 0, ["conversation": 15]),
                (#"{"headers": {"x-tier": ["gold"]}}"#, 0, ["header": 15]),
                (#"{"headers": {"x-tier": ["gold"]}, "stream": true}"#, 0, ["header": 6]),
                (#"{"any": [{"stream": true}, {"has": ["tools"]}]}"#, 6, ["features": 9]),
                (#"{"not": {"stream": true}, "last_user_message_matches": "a"}"#, 0, ["last_user_message": 9]),
            ] as [(String, Int64, [String: Int64])] {
                let plan = await scene.plan(rule(when))
                XCTAssertEqual(plan["totals"]?["rerouted"]?.integer, moved, when)
                XCTAssertEqual(Self.counts(plan["totals"]?["unrecorded"], "fact"), undecided, when)
                XCTAssertEqual(plan["totals"]?["cost_now_nanodollars"]?.integer, 15 * Scene.small, when)
            }
            let networks = await scene.plan(
                #"{"virtual_keys": [{"name": "search/two", "allowed_networks": ["10.0.0.0/8"]}]}"#)
            XCTAssertEqual(Self.counts(networks["totals"]?["unrecorded"], "fact"), ["source_address": 5])
        }
    }

    // MARK: Keys and prices

    func testKeysAreRefusedWithTheCodesThatTheirCallersWouldGet() throws {
        try Self.run { scene in
            await scene.create("routes", "chat", #""targets": [\#(Scene.target("a"))]"#)
            await scene.create("routes", "other", #""targets": [\#(Scene.target("a"))]"#)
            try await scene.requests(6, "chat")
            try await scene.requests(5, "chat", key: "two")
            try await scene.requests(4, "other", key: "two")
            var plan = await scene.plan(#"{"virtual_keys": [{"name": "two", "allowed_routes": ["other"]}]}"#)
            XCTAssertEqual(Self.counts(plan["totals"]?["refusals"], "code"), ["model_not_found": 5])
            XCTAssertEqual(Self.differences(Self.route(plan, "chat")), ["newly_refused": 5])
            XCTAssertEqual(Self.differences(Self.route(plan, "other")), [:])
            plan = await scene.plan(#"{"virtual_keys": [{"name": "two", "delete": true}]}"#)
            XCTAssertEqual(Self.counts(plan["totals"]?["refusals"], "code"), ["invalid_api_key": 9])
            plan = await scene.plan(#"{"routes": [{"id": "\#(scene.ids["chat"]!)", "name": "renamed"}]}"#)
            XCTAssertEqual(Self.counts(plan["totals"]?["refusals"], "code"), ["model_not_found": 11])
            // What the key may not do today it did then: nobody refuses it newly, and a candidate that lets it again allows it newly.
            let key = await scene.harness.call("GET", "/api/v1/virtual-keys/\(scene.keys["two"]!)")
            await scene.harness.call(
                "PATCH", "/api/v1/virtual-keys/\(key.id)", #"{"allowed_routes": []}"#, ifMatch: "*")
            plan = await scene.plan("{}")
            XCTAssertEqual(Self.differences(plan["totals"]), ["refused_by_both": 9])
            plan = await scene.plan(#"{"virtual_keys": [{"name": "two", "allowed_routes": null}]}"#)
            XCTAssertEqual(Self.differences(plan["totals"]), ["newly_allowed": 9])
            XCTAssertEqual(plan["totals"]?["cost_allowed_nanodollars"]?.integer, 9 * Scene.small)
        }
    }

    func testAPriceIsAppliedAsIfItHadBegunWithTheHours() throws {
        try Self.run { scene in
            await scene.create("routes", "chat", #""targets": [\#(Scene.target("a"))]"#)
            try await scene.requests(10, "chat")
            try await scene.requests(1, "chat", minute: 30, outcome: .failed)
            let before = try await Self.contents(scene.harness)
            for from in [nil, "2028-01-01"] {
                let plan = await scene.plan(
                    #"{"models": [{"name": "small", "prices": [\#(Scene.price(3, from: from))]}]}"#)
                XCTAssertEqual(Self.differences(plan["totals"]), ["basis_points": 20_000])
                XCTAssertEqual(plan["totals"]?["cost_now_nanodollars"]?.integer, 30 * Scene.small)
            }
            let after = try await Self.contents(scene.harness)
            XCTAssertEqual(before, after)
            // A model that got its first price since: what it costs now it is taken to have cost then.
            await scene.create("models", "late", #""prices": [\#(Scene.price(1))]"#)
            await scene.create("routes", "late-route", #""targets": [\#(Scene.target("a", "late"))]"#)
            try await scene.requests(4, "late-route", at: "a", "late", outcome: .cut)
            let plan = await scene.plan("{}")
            let late = Self.route(plan, "late-route")
            XCTAssertEqual(late?["cost_then_nanodollars"]?.integer, 4 * Scene.small)
            XCTAssertEqual(late?["cost_now_nanodollars"]?.integer, 4 * Scene.small)
        }
    }

    // MARK: Allowances

    func testABudgetThatIsLoweredRunsOutWhenItWouldHave() throws {
        try Self.run { scene in
            await scene.create("routes", "chat", #""targets": [\#(Scene.target("a"))]"#)
            await scene.create(
                "allowances", "daily",
                #""team": "search", "kind": "money", "period": "total", "limit_nanodollars": \#(100 * Scene.small)"#)
            let account = AccountKey(allowanceID: scene.ids["daily"]!)
            let charge = ChargeLine(account: account, window: .whole, amount: Scene.small)
            // Before the hours that are planned over, on the day before and on the day of their beginning.
            try await scene.requests(3, "chat", minute: 33 * 60, charges: [charge])
            try await scene.requests(2, "chat", minute: 25 * 60, charges: [charge])
            try await scene.requests(20, "chat", minute: 60, charges: [charge])
            let base = await scene.plan("{}")
            XCTAssertEqual(base["totals"]?["requests"]?.integer, 20)
            XCTAssertEqual(base["allowances"]?.array, [])
            func lower(_ requests: Int64) -> String {
                #"{"allowances": [{"name": "daily", "limit_nanodollars": \#(requests * Scene.small)}]}"#
            }
            var plan = await scene.plan(lower(12))
            XCTAssertEqual(Self.differences(plan["totals"]), ["newly_refused": 13], "5 of 12 were spent before")
            XCTAssertEqual(Self.counts(plan["totals"]?["refusals"], "code"), ["budget_exceeded": 13])
            let allowance = try XCTUnwrap(plan["allowances"]?.array?.first)
            XCTAssertEqual(allowance["refused_now"]?.integer, 13)
            XCTAssertEqual(allowance["is_worse"]?.boolean, true)
            XCTAssertEqual(allowance["ran_out_then"], .null)
            // The seventh, one a second from an hour ago on, takes the last of it.
            let seventh = scene.harness.time.unixMilliseconds - 3_600_000 + 6_000
            XCTAssertEqual(allowance["ran_out_now"], .time(seventh))
            plan = await scene.plan(lower(25))
            XCTAssertEqual(Self.differences(plan["totals"]), [:])
            XCTAssertEqual(plan["allowances"]?.array?.count, 1, "spent to the last cent, and nobody refused")
            plan = await scene.plan(lower(26))
            XCTAssertEqual(plan["allowances"]?.array, [])
            plan = await scene.plan(
                #"{"allowances": [{"name": "daily", "limit_nanodollars": 1, "mode": "soft"}]}"#)
            XCTAssertEqual(Self.differences(plan["totals"]), [:], "soft ones only count")
            XCTAssertEqual(plan["allowances"]?.array?.first?["is_worse"]?.boolean, true)
        }
    }

    func testRatesAndNewAllowancesBeginWithNothing() throws {
        try Self.run { scene in
            await scene.create("routes", "chat", #""targets": [\#(Scene.target("a"))]"#)
            try await scene.requests(90, "chat", user: "ada")
            try await scene.requests(10, "chat", minute: 30, user: "bob")
            func add(_ fields: String) async -> AdminHarness.Reply {
                await scene.plan(#"{"allowances": [{"name": "new", "team": "search", \#(fields)}]}"#)
            }
            // One a second: of any 60 seconds 30 pass, and a bucket of 50 ms leaves when its end is a minute old.
            var plan = await add(#""kind": "requests", "period": "minute", "limit": 30"#)
            XCTAssertEqual(Self.counts(plan["totals"]?["refusals"], "code"), ["rate_limit_exceeded": 31])
            plan = await add(#""kind": "tokens", "limit": 11000"#)
            XCTAssertEqual(plan["totals"]?["newly_refused"]?.integer, 70, "ten of 1,100 tokens, and ten after a minute")
            plan = await add(#""kind": "requests", "period": "minute", "limit": 60"#)
            XCTAssertEqual(plan["totals"]?["newly_refused"]?.integer, 1)
            plan = await add(
                #""kind": "money", "period": "day", "end_user": "*", "limit_nanodollars": \#(20 * Scene.small)"#)
            XCTAssertEqual(plan["totals"]?["newly_refused"]?.integer, 70, "each end user's own")
            plan = await add(#""kind": "money", "period": "day", "end_user": "bob", "limit_nanodollars": 0"#)
            XCTAssertEqual(plan["totals"]?["newly_refused"]?.integer, 10)
            plan = await add(#""kind": "slots", "limit": 1"#)
            XCTAssertEqual(plan["totals"]?["newly_refused"]?.integer, 0)
            XCTAssertEqual(plan["notes"], .array([.string("Allowances of slots are not replayed.")]))
            await scene.create("models", "free", #""kind": "chat""#)
            await scene.create("routes", "unpriced", #""targets": [\#(Scene.target("a", "free"))]"#)
            try await scene.requests(3, "unpriced", at: "a", "free", minute: 20)
            plan = await add(#""kind": "money", "period": "day", "limit_usd": "100""#)
            XCTAssertEqual(Self.counts(plan["totals"]?["refusals"], "code"), ["model_not_priced": 3])
        }
    }

    // MARK: What was refused

    func testWhatWasRefusedIsNewlyAllowedWhereOnlyTheCandidateHasAPlaceAndRoomForIt() throws {
        try Self.run { scene in
            let harness = scene.harness
            await scene.create("routes", "chat", #""targets": [\#(Scene.target("a"))]"#)
            await scene.create("routes", "other", #""targets": [\#(Scene.target("a"))]"#)
            await scene.create(
                "allowances", "rate", #""virtual_key": "one", "kind": "requests", "period": "minute", "limit": 10"#)
            await scene.create(
                "allowances", "budget",
                #""virtual_key": "two", "kind": "money", "period": "total", "limit_nanodollars": \#(10 * Scene.small)"#)
            let key = await harness.call("GET", "/api/v1/virtual-keys/\(scene.keys["two"]!)")
            await harness.call(
                "PATCH", "/api/v1/virtual-keys/\(key.id)", #"{"allowed_routes": ["other"]}"#, ifMatch: "*")
            try await scene.requests(10, "chat")
            try await scene.requests(9, "other", key: "two")
            let began = harness.time.unixMilliseconds - 3_600_000 + 20_000
            var number: UInt64 = 0
            func refused(
                _ count: Int64, _ route: String, key: String, code: String, worst: Int64 = 0, at offset: Int64 = 0
            ) -> RefusedRequests {
                number += 1
                return RefusedRequests(
                    id: ObjectID(high: 8, low: number), beganUnixMilliseconds: began + offset,
                    virtualKeyID: scene.keys[key]!.description, route: route, endpoint: 1, isStream: false, endUser: "",
                    code: code, requests: count, inputTokens: 1_000 * count, outputTokens: 100 * count,
                    worstNanodollars: worst * count, worstTokens: 2_000 * count)
            }
            let refusals = [
                refused(7, "chat", key: "one", code: "rate_limit_exceeded", worst: 2 * Scene.small),
                refused(5, "chat", key: "two", code: "model_not_found"),
                refused(3, "other", key: "two", code: "budget_exceeded", worst: 2 * Scene.small, at: 1),
                refused(2, "nothing", key: "two", code: "model_not_found"),
                refused(1, "chat", key: "one", code: "journal_full", at: 120_000),
            ]
            // A data plane that got no answer sends the same again.
            for _ in 0..<2 { try await RefusalStore.keep(refusals, harness.pool) }

            var plan = await scene.plan("{}")
            XCTAssertEqual(Self.differences(plan["totals"]), [:])
            XCTAssertEqual(plan["totals"]?["requests"]?.integer, 19)
            XCTAssertEqual(plan["totals"]?["refused_then"]?.integer, 16, "of routes that there are")
            plan = await scene.plan(#"{"allowances": [{"name": "rate", "limit": 13}]}"#)
            XCTAssertEqual(Self.differences(plan["totals"]), ["newly_allowed": 3])
            XCTAssertEqual(plan["totals"]?["cost_allowed_nanodollars"]?.integer, 3 * Scene.small)
            // One of them has room for its worst case; what it took then leaves none for the next one's.
            plan = await scene.plan(
                #"{"allowances": [{"name": "budget", "limit_nanodollars": \#(11 * Scene.small)}]}"#)
            XCTAssertEqual(Self.differences(plan["totals"]), ["newly_allowed": 1])
            // Five find a place, and room for what they take: the tenth of the budget's ten requests.
            plan = await scene.plan(#"{"virtual_keys": [{"name": "two", "allowed_routes": null}]}"#)
            XCTAssertEqual(Self.differences(plan["totals"]), ["newly_allowed": 1])
            plan = await scene.plan(
                #"{"virtual_keys": [{"name": "two", "allowed_routes": null}], "allowances": [{"name": "budget", "delete": true}]}"#
            )
            XCTAssertEqual(Self.differences(plan["totals"]), ["newly_allowed": 8])
            plan = await scene.plan(
                #"{"virtual_keys": [{"name": "two", "allowed_routes": null}], "allowances": [{"name": "budget", "delete": true}], "routes": [{"name": "nothing", "targets": [\#(Scene.target("a"))]}]}"#
            )
            XCTAssertEqual(Self.differences(plan["totals"]), ["newly_allowed": 10], "a route that is new")
            let old = await scene.plan("{}", hours: 1)
            XCTAssertEqual(old["totals"]?["refused_then"]?.integer, 16)
            try await harness.pool.execute("UPDATE refused_requests SET began = now() - interval '169 hours'")
            try await RefusalStore.prune(harness.pool)
            let left = try await harness.pool.first("SELECT count(*) AS n FROM refused_requests")
            XCTAssertEqual(try left?.int("n"), 0)
        }
    }

    // MARK: What is wrong

    func testWhatIsWrongIsSaidWhereItIs() throws {
        try Self.run { scene in
            await scene.create("routes", "chat", #""targets": [\#(Scene.target("a"))]"#)
            let before = try await Self.contents(scene.harness)
            for (changes, field) in [
                (
                    #"{"routes": [{"name": "chat", "targets": [\#(Scene.target("nobody"))]}]}"#,
                    "routes[0].targets[0].provider"
                ),
                (#"{"routes": [{"name": "chat", "strateg": "priority"}]}"#, "routes[0].strateg"),
                (#"{"routs": []}"#, "routs"), (#"{"routes": [{"strategy": "priority"}]}"#, "routes[0].name"),
                (#"{"routes": [{"name": "new"}]}"#, "routes[0].targets"),
                (#"{"routes": [{"name": "gone", "delete": true}]}"#, "routes[0]"),
                (#"{"providers": [{"name": "c"}, {"name": "a", "delete": true}]}"#, "providers[1]"),
                (#"{"providers": [{"id": "\#(ObjectID.zero)", "base_url": "http://x"}]}"#, "providers[0]"),
                (#"{"allowances": [{"name": "x", "limit": 1}]}"#, "allowances[0].kind"),
                (#"{"virtual_keys": [{"name": "one", "team": "search"}]}"#, "virtual_keys[0].team"),
                (
                    #"{"models": [{"name": "small", "prices": [\#(Scene.price(2, from: "2021-01-01"))]}]}"#,
                    "models[0].prices[1].effective_from"
                ),
            ] {
                let reply = await scene.harness.call("POST", "/api/v1/plans", changes)
                XCTAssertEqual(reply.status, 400, reply.text)
                XCTAssertTrue(reply.errors.keys.contains(field), "\(field): \(reply.text)")
            }
            let hours = await scene.harness.call("POST", "/api/v1/plans?hours=169", "{}")
            XCTAssertEqual(Array(hours.errors.keys), ["query:hours"])
            let after = try await Self.contents(scene.harness)
            XCTAssertEqual(before, after)
        }
    }

    func testATimeThatIsUpIsSaid() throws {
        try Self.run { scene in
            await scene.create("routes", "chat", #""targets": [\#(Scene.target("a"))]"#)
            try await scene.requests(10, "chat")
            let harness = scene.harness
            let plan = try await harness.pool.transaction(isolation: .repeatableRead) { transaction in
                let work = Work(
                    database: transaction, vault: try CredentialVault(key: Array(repeating: 7, count: 32)),
                    administrator: Administrator(id: .zero, name: "root", role: .admin), requestID: "r",
                    remoteAddress: "", now: harness.time.unixMilliseconds)
                var planner = Planner(makeReplay: AdminHarness.makeReplay)
                planner.bounds.pageRows = 4
                planner.bounds.requestsMax = 6
                return try await planner.plan(CandidateChanges(Fields(.record([]))), hours: 24, in: work)
            }
            XCTAssertEqual(plan["is_complete"]?.boolean, false)
            XCTAssertEqual(plan["totals"]?["requests"]?.integer, 8)
            XCTAssertEqual(
                plan["evaluated_until"], .time(harness.time.unixMilliseconds - 3_600_000 + 7_000))
        }
    }
}
