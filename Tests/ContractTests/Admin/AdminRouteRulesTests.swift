import Foundation
import Shared
import TestSupport
import XCTest

@testable import ControlPlane

/// Rules of routes and targets in groups, as administrators set them: through the API into the policy, and through its policy into a data plane's
/// words.
final class AdminRouteRulesTests: XCTestCase {
    private static func target(_ upstream: String, _ more: String = "") -> String {
        #"{"provider": "stub", "model": "m1", "upstream_model_name": "\#(upstream)"\#(more)}"#
    }

    private static func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

    private static func text(_ value: JSONValue) -> String { String(decoding: value.bytes, as: UTF8.self) }

    private static func published(_ harness: AdminHarness) async throws -> PolicyDocument.Route {
        let policy = try await PolicyStore.policy(harness.pool)
        return try XCTUnwrap(policy.routes.first)
    }

    private static func rule(_ when: String, name: String = "r", _ more: String = "") -> String {
        #"{"name": "\#(name)", "when": \#(when), "targets": [\#(target("rule"))]\#(more)}"#
    }

    /// Everything that a condition can ask, as answers have it.
    private static let everything =
        #"{"estimated_input_tokens":{"min":1,"max":5000},"has":["tools","json_schema"],"lacks":["audio"],"stream":true,"#
        + #""headers":{"x-tier":["gold","silver"]},"metadata":{"env":["*"]},"tags":{"cost_center":["4711"]},"#
        + #""keys":["KEYID"],"teams":["TEAMID"],"end_users":["ada","bob é"],"languages":["de","en"],"#
        + #""last_user_message_matches":"(?i)\\brefund|é","time":{"days":["monday","friday"],"from":"22:00","to":"06:30","#
        + #""utc_offset":"-03:30"},"canary":{"percent":12.5,"by":"header","header":"x-user"},"#
        + #""any":[{"stream":true},{"not":{"any":[{"has":["images"]}]}}],"not":{"end_users":["eve"]}}"#

    func testAllThatACanAskIsKeptPublishedAndTakenBack() throws {
        try AdminHarness.run { harness in
            await harness.upstream()
            let team = (await harness.tenancy()).team
            let key = await harness.create("virtual-keys", #"{"name": "k", "team": "search"}"#)
            let keyID = try XCTUnwrap(key["key_id"]?.string)
            let expected = Self.everything.replacingOccurrences(of: "KEYID", with: keyID)
                .replacingOccurrences(of: "TEAMID", with: team.id)
            let sent = Self.everything.replacingOccurrences(of: "KEYID", with: "search/k")
                .replacingOccurrences(of: "TEAMID", with: "acme/search")
                .replacingOccurrences(of: "x-tier", with: "X-Tier").replacingOccurrences(of: "12.5", with: "12.50")
            let route = await harness.create(
                "routes",
                #"{"name": "chat", "targets": [\#(Self.target("own"))], "rules": [\#(Self.rule(sent)), \#(Self.rule(#"{"stream": false}"#, name: "second", #", "strategy": "sticky", "sticky": {"by": "end_user"}"#))]}"#
            )
            let rules = try XCTUnwrap(route["rules"]?.array, route.text)
            XCTAssertEqual(rules.count, 2)
            XCTAssertEqual(rules[0]["when"], try Self.json(expected))
            XCTAssertEqual(rules[1]["sticky"]?["by"]?.string, "end_user")
            XCTAssertEqual(rules[1]["targets"]?.array?[0]["upstream_model_name"]?.string, "rule")
            let path = "/api/v1/routes/\(route.id)"
            let read = await harness.call("GET", path)
            XCTAssertEqual(read.json, route.json)

            // What was read can be sent back, and what is absent stays.
            let same = await harness.call(
                "PATCH", path, Self.text(.record([("rules", .array(rules))])), ifMatch: route.etag)
            XCTAssertEqual(same.json, route.json, same.text)
            let other = await harness.call(
                "PATCH", path, #"{"targets": [\#(Self.target("other"))]}"#, ifMatch: route.etag)
            XCTAssertEqual(other["rules"], route["rules"], other.text)

            let published = try await Self.published(harness)
            XCTAssertEqual(published.targets.map(\.upstreamModelName), ["other"])
            XCTAssertEqual(published.rules?.map(\.name), ["r", "second"])
            XCTAssertEqual(published.rules?.map { $0.targets.map(\.upstreamModelName) }, [["rule"], ["rule"]])
            let when = try XCTUnwrap(published.rules?.first?.when)
            XCTAssertEqual(when.keys, [keyID])
            XCTAssertEqual(when.teams, [ObjectID(team.id)!])
            XCTAssertEqual(when.canary, .init(share: 1_250, by: .header, header: "x-user"))
            XCTAssertEqual(
                when.time,
                .init(days: [.monday, .friday], fromMinute: 1_320, toMinute: 390, offsetMinutes: -210))
            XCTAssertEqual(when.headers, [.init(name: "x-tier", values: ["gold", "silver"])])
            XCTAssertEqual(when.any?.count, 2)
            // And its bytes are read strictly.
            let policy = try await PolicyStore.policy(harness.pool)
            XCTAssertEqual(
                try StrictJSONDecoder.decode(PolicyDocument.self, from: CanonicalJSON.encode(policy)), policy)

            let cleared = await harness.call("PATCH", path, #"{"rules": []}"#, ifMatch: "*")
            XCTAssertEqual(cleared["rules"], .array([]))
            let after = try await Self.published(harness)
            XCTAssertNil(after.rules)
            XCTAssertEqual(after.targets.map(\.upstreamModelName), ["other"])
        }
    }

    func testGroupsAreKeptAsTheyWereWrittenAndPublishedAsRanges() throws {
        try AdminHarness.run { harness in
            await harness.upstream()
            let inner =
                #"{"strategy": "weighted", "targets": [\#(Self.target("c")), \#(Self.target("d"))], "weight": 3}"#
            let outer =
                #"{"strategy": "sticky", "sticky": {"by": "end_user"}, "targets": [\#(Self.target("b")), \#(inner)]}"#
            let list =
                #"[\#(Self.target("a")), \#(outer), {"targets": [\#(Self.target("e"))], "on": ["context_length"]}]"#
            let route = await harness.create(
                "routes",
                #"{"name": "chat", "targets": \#(list), "rules": [{"name": "r", "when": {"stream": true}, "targets": \#(list)}]}"#
            )
            let targets = try XCTUnwrap(route["targets"]?.array, route.text)
            XCTAssertEqual(targets.count, 3)
            XCTAssertEqual(targets[1]["strategy"]?.string, "sticky")
            XCTAssertEqual(targets[1]["targets"]?.array?[1]["weight"]?.integer, 3)
            XCTAssertEqual(
                targets[1]["targets"]?.array?[1]["targets"]?.array?.map { $0["upstream_model_name"]?.string },
                ["c", "d"])
            XCTAssertEqual(targets[2]["on"], .strings(["context_length"]))
            XCTAssertEqual(route["rules"]?.array?[0]["targets"], route["targets"])
            let same = await harness.call(
                "PATCH", "/api/v1/routes/\(route.id)",
                Self.text(.record([("targets", try XCTUnwrap(route["targets"]))])), ifMatch: route.etag)
            XCTAssertEqual(same.json, route.json, same.text)

            let published = try await Self.published(harness)
            XCTAssertEqual(published.targets.map(\.upstreamModelName), ["a", "b", "c", "d", "e"])
            let groups: [PolicyDocument.Group] = [
                .init(first: 1, count: 3, strategy: .sticky, sticky: .init(by: .endUser)),
                .init(first: 2, count: 2, strategy: .weighted, weight: 3),
                .init(first: 4, count: 1, strategy: .priority, on: [.contextLength]),
            ]
            XCTAssertEqual(published.groups, groups)
            XCTAssertEqual(published.rules?[0].groups, groups)
            XCTAssertTrue(PolicyDocument.Group.areNested(groups, targetCount: 5))
        }
    }

    func testWhatIsWrongWithARuleIsSaidWhereItIs() throws {
        try AdminHarness.run { harness in
            await harness.upstream()
            _ = await harness.create("models", #"{"name": "e1", "kind": "embedding"}"#)
            let clock = "want a time of the day such as 08:30, from 00:00 to 23:59"
            for (rules, errors) in [
                (
                    Self.rule(#"{"time": {"from": "8:30", "to": "10:00"}}"#),
                    ["rules[0].when.time.from": #"got "8:30", \#(clock)"#]
                ),
                (
                    Self.rule(#"{"time": {"from": "08:30"}}"#),
                    ["rules[0].when.time.to": "is missing; \(clock), or leave out from"]
                ),
                (
                    Self.rule(#"{"time": {}}"#),
                    ["rules[0].when.time": "has neither days nor from and to; give at least one"]
                ),
                (
                    Self.rule(#"{"time": {"days": ["monday"], "utc_offset": "+15:00"}}"#),
                    [
                        "rules[0].when.time.utc_offset":
                            #"got "+15:00", want a distance from UTC such as +02:00, from -12:00 to +14:00"#
                    ]
                ),
                (
                    Self.rule(#"{"stream": true}"#) + ", "
                        + Self.rule(#"{"last_user_message_matches": "(a"}"#, name: "b"),
                    [
                        "rules[1].when.last_user_message_matches":
                            #"got "(a", want a regular expression (POSIX extended, without back references); at byte 0: a ( without its ); write \( for the character"#
                    ]
                ),
                (
                    Self.rule(#"{"canary": {"percent": 12.345}}"#),
                    ["rules[0].when.canary.percent": "got 12.345, want a number 0...100 with at most two decimals"]
                ),
                (
                    Self.rule(#"{"canary": {"percent": 100.01, "header": "x-a"}}"#),
                    ["rules[0].when.canary.percent": "got 100.01, want a number 0...100 with at most two decimals"]
                ),
                (
                    Self.rule(#"{"canary": {"percent": 5, "header": "x-a"}}"#),
                    ["rules[0].when.canary.header": #"is for "by": "header", and this is by key; leave it out"#]
                ),
                (
                    Self.rule(#"{"any": [{"keys": ["nobody"]}, {"not": {"teams": ["none"]}}]}"#),
                    [
                        "rules[0].when.any[0].keys[0]":
                            #"there is no virtual key "nobody"; create it first or name an existing one (GET /api/v1/virtual-keys)"#,
                        "rules[0].when.any[1].not.teams[0]":
                            #"there is no team "none"; create it first or name an existing one (GET /api/v1/teams)"#,
                    ]
                ),
                (
                    Self.rule(#"{"estimated_input_tokens": {"min": 5, "max": 4}}"#),
                    ["rules[0].when.estimated_input_tokens.max": "got 4, want at least min, which is 5"]
                ),
                (
                    Self.rule(#"{"has": ["tools"], "lacks": ["audio", "tools"]}"#),
                    ["rules[0].when.lacks": "names tools, and so does has; no request can be like that"]
                ),
                (
                    Self.rule("{}"),
                    [
                        "rules[0].when":
                            "asks nothing, so it would always hold; put these targets into the route itself instead"
                    ]
                ),
                (
                    Self.rule(#"{"stream": true}"#) + ", " + Self.rule(#"{"stream": false}"#),
                    ["rules[1].name": "is the name of rules[0] too; give each its own"]
                ),
                (
                    Self.rule(#"{"stream": true}"#, name: "a b"),
                    ["rules[0].name": #"got "a b", want 1...64 characters of A-Za-z0-9._-"#]
                ),
                (
                    Self.rule(#"{"stream": true}"#, name: "r", #", "strategy": "sticky""#),
                    [
                        "rules[0].sticky":
                            #"is missing; the strategy sticky needs an object, such as {"by": "end_user"}"#
                    ]
                ),
                (
                    #"{"name": "r", "when": {"stream": true}, "targets": [{"provider": "p", "model": "m1"}]}"#,
                    [
                        "rules[0].targets[0].provider":
                            #"there is no provider "p"; create it first or name an existing one (GET /api/v1/providers)"#
                    ]
                ),
                (
                    #"{"name": "r", "when": {"stream": true}, "targets": [{"provider": "stub", "model": "e1"}]}"#,
                    ["targets": "models of different kinds cannot stand in one route; make a route for each kind"]
                ),
                (
                    Self.rule(#"{"any": [{"any": [{"any": [{"any": [{"stream": true}]}]}]}]}"#),
                    [
                        "rules[0].when.any[0].any[0].any[0].any":
                            "is not a known field; known are canary, end_users, estimated_input_tokens, has, headers, keys, lacks, languages, last_user_message_matches, metadata, stream, tags, teams, time"
                    ]
                ),
            ] as [(String, [String: String])] {
                let refused = await harness.call(
                    "POST", "/api/v1/routes",
                    #"{"name": "r", "targets": [\#(Self.target("own"))], "rules": [\#(rules)]}"#)
                XCTAssertEqual(refused.status, 400, rules)
                XCTAssertEqual(refused.errors, errors, rules)
            }
            let cookie = await harness.call(
                "POST", "/api/v1/routes",
                #"{"name": "r", "targets": [\#(Self.target("own"))], "rules": [\#(Self.rule(#"{"headers": {"Cookie": ["a"]}}"#))]}"#
            )
            XCTAssertEqual(Array(cookie.errors.keys), ["rules[0].when.headers.Cookie"])
        }
    }

    func testWhatIsWrongWithAGroupIsSaidWhereItIs() throws {
        try AdminHarness.run { harness in
            await harness.upstream()
            func nested(_ levels: Int) -> String {
                (0..<levels).reduce(Self.target("t")) { inner, _ in #"{"targets": [\#(inner)]}"# }
            }
            let many = (0..<33).map { Self.target("t\($0)") }
            for (targets, errors) in [
                (
                    #"{"strategy": "sticky", "targets": [\#(Self.target("a"))]}"#,
                    [
                        "targets[0].sticky":
                            #"is missing; the strategy sticky needs an object, such as {"by": "end_user"}"#
                    ]
                ),
                (
                    #"{"targets": [\#(Self.target("a", #", "on": ["error"]"#))]}"#,
                    [
                        "targets[0].targets":
                            #"are all fallbacks only, so none would be tried first; leave "on" out of at least one"#
                    ]
                ),
                (
                    #"{"targets": [\#(Self.target("a"))], "on": ["error"]}"#,
                    [
                        "targets":
                            #"are all fallbacks only, so none would be tried first; leave "on" out of at least one"#
                    ]
                ),
                (
                    #"{"targets": []}"#, ["targets[0].targets": "got 0 elements, want 1...32"]
                ),
                (
                    #"{"targets": [\#(many[0..<20].joined(separator: ", "))]}, \#(many[20...].joined(separator: ", "))"#,
                    ["targets": "hold 33 targets, groups included, want at most 32"]
                ),
                (
                    #"{"targets": [{"provider": "stub", "model": "m9"}]}"#,
                    [
                        "targets[0].targets[0].model":
                            #"there is no model "m9"; create it first or name an existing one (GET /api/v1/models)"#
                    ]
                ),
            ] as [(String, [String: String])] {
                let refused = await harness.call(
                    "POST", "/api/v1/routes", #"{"name": "r", "targets": [\#(targets)]}"#)
                XCTAssertEqual(refused.status, 400, targets)
                XCTAssertEqual(refused.errors, errors, targets)
            }
            let deep = await harness.call("POST", "/api/v1/routes", #"{"name": "r", "targets": [\#(nested(3))]}"#)
            XCTAssertEqual(
                Set(deep.errors.keys),
                [
                    "targets[0].targets[0].targets[0].targets", "targets[0].targets[0].targets[0].provider",
                    "targets[0].targets[0].targets[0].model",
                ])
            let two = await harness.create("routes", #"{"name": "r", "targets": [\#(nested(2))]}"#)
            XCTAssertEqual(
                two["targets"]?.array?[0]["targets"]?.array?[0]["targets"]?.array?[0]["upstream_model_name"]?.string,
                "t")
        }
    }

    func testWhatARuleNamesCannotBeRemoved() throws {
        try AdminHarness.run { harness in
            await harness.upstream()
            let model = await harness.create("models", #"{"name": "big", "prices": []}"#)
            _ = await harness.create(
                "routes",
                #"{"name": "chat", "targets": [\#(Self.target("own"))], "rules": [{"name": "r", "when": {"stream": true}, "targets": [{"provider": "stub", "model": "big"}]}]}"#
            )
            let refused = await harness.call("DELETE", "/api/v1/models/\(model.id)", ifMatch: "*")
            XCTAssertEqual(refused.status, 409, refused.text)
            let policy = try await PolicyStore.policy(harness.pool)
            XCTAssertEqual(Set(policy.models.map(\.name)), ["m1", "big"])
        }
    }
}
