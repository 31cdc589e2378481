import Foundation
import Shared
import TestSupport
import XCTest

@testable import ControlPlane

/// How targets are chosen, retried and set aside, as administrators set it: through the API into the policy.
final class AdminRoutingTests: XCTestCase {
    private static let target = #"{"provider": "stub", "model": "m1"}"#

    private static func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

    /// The only route, and the provider of its first target, as data planes get them.
    private static func published(
        _ harness: AdminHarness
    ) async throws -> (route: PolicyDocument.Route, provider: PolicyDocument.Provider) {
        let policy = try await PolicyStore.policy(harness.pool)
        let route = try XCTUnwrap(policy.routes.first)
        let provider = try XCTUnwrap(policy.providers.first { $0.id == route.targets[0].providerID })
        return (route, provider)
    }

    // MARK: Routes

    func testARouteThatSaysNothingHasTheDefaultsAndThePolicyNoneOfThem() throws {
        try AdminHarness.run { harness in
            await harness.upstream()
            let route = await harness.create("routes", #"{"name": "chat", "targets": [\#(Self.target)]}"#)
            XCTAssertEqual(route["sticky"], .null)
            XCTAssertEqual(route["retries_max"]?.integer, 2)
            XCTAssertEqual(route["retries_first"], .boolean(false))
            XCTAssertEqual(route["total_timeout_ms"], .null)
            XCTAssertEqual(route["refuses_when_all_are_out"], .boolean(false))
            XCTAssertEqual(route["hedge"], .null)
            XCTAssertEqual(route["resumes_max"]?.integer, 0)
            XCTAssertEqual(route["keep_alive_ms"], .null)
            XCTAssertEqual(route["targets"]?.array?[0]["on"], .null)

            let published = try await Self.published(harness)
            var plain = published.route
            plain.sticky = nil
            plain.retriesMax = nil
            plain.retriesFirst = nil
            plain.totalTimeoutMilliseconds = nil
            plain.refusesWhenAllAreOut = nil
            plain.hedge = nil
            plain.resumesMax = nil
            plain.keepAliveMilliseconds = nil
            plain.targets[0].on = nil
            XCTAssertEqual(published.route, plain)

            // What is said and is the default is the same as what is not said.
            let said = await harness.call(
                "PATCH", "/api/v1/routes/\(route.id)",
                #"{"retries_max": 2, "retries_first": false, "total_timeout_ms": null, "sticky": null, "refuses_when_all_are_out": false, "resumes_max": 0, "keep_alive_ms": null}"#,
                ifMatch: "*")
            XCTAssertEqual(said.json, route.json, "a change that changes nothing")
        }
    }

    func testTheRulesOfARouteAreKeptPublishedAndCleared() throws {
        try AdminHarness.run { harness in
            await harness.upstream()
            let route = await harness.create(
                "routes",
                """
                {"name": "chat", "strategy": "sticky", "sticky": {"by": "header", "header": "X-Session"},
                 "retries_max": 5, "retries_first": true, "total_timeout_ms": 90000, "refuses_when_all_are_out": true,
                 "resumes_max": 3, "keep_alive_ms": 15000,
                 "targets": [\(Self.target), {"provider": "stub", "model": "m1", "upstream_model_name": "long",
                   "on": ["context_length"]}, {"provider": "stub", "model": "m1", "upstream_model_name": "other",
                   "on": ["timeout", "error", "rate_limit", "content_filter"]}]}
                """)
            XCTAssertEqual(route["sticky"], try Self.json(#"{"by": "header", "header": "x-session"}"#))
            XCTAssertEqual(route["retries_max"]?.integer, 5)
            XCTAssertEqual(route["retries_first"], .boolean(true))
            XCTAssertEqual(route["total_timeout_ms"]?.integer, 90_000)
            XCTAssertEqual(route["refuses_when_all_are_out"], .boolean(true))
            XCTAssertEqual(route["keep_alive_ms"]?.integer, 15_000)
            XCTAssertEqual(
                route["targets"]?.array?.map { $0["on"] ?? .null },
                [
                    .null, .strings(["context_length"]),
                    .strings(["timeout", "error", "rate_limit", "content_filter"]),
                ])
            let path = "/api/v1/routes/\(route.id)"
            let read = await harness.call("GET", path)
            XCTAssertEqual(read.json, route.json)
            let list = await harness.call("GET", "/api/v1/routes?name=chat")
            XCTAssertEqual(list["items"]?.array?.first, route.json)

            let published = try await Self.published(harness).route
            XCTAssertEqual(published.strategy, .sticky)
            XCTAssertEqual(published.sticky, .init(by: .header, header: "x-session"))
            XCTAssertEqual(published.retriesMax, 5)
            XCTAssertEqual(published.retriesFirst, true)
            XCTAssertEqual(published.totalTimeoutMilliseconds, 90_000)
            XCTAssertEqual(published.refusesWhenAllAreOut, true)
            XCTAssertEqual(published.resumesMax, 3)
            XCTAssertEqual(published.keepAliveMilliseconds, 15_000)
            XCTAssertEqual(
                published.targets.map(\.on),
                [nil, [.contextLength], [.timeout, .error, .rateLimit, .contentFilter]])

            // What was read can be sent back, and what is absent stays.
            let same = await harness.call(
                "PATCH", path,
                String(decoding: JSONValue.record([("targets", try XCTUnwrap(route["targets"]))]).bytes, as: UTF8.self),
                ifMatch: route.etag)
            XCTAssertEqual(same.json, route.json)
            let shouted = await harness.call(
                "PATCH", path, #"{"sticky": {"by": "header", "header": "X-SESSION"}}"#, ifMatch: route.etag)
            XCTAssertEqual(shouted.json, route.json)
            // An object is replaced as a whole: no header is left behind.
            let byUser = await harness.call("PATCH", path, #"{"sticky": {"by": "end_user"}}"#, ifMatch: route.etag)
            XCTAssertEqual(byUser["sticky"], try Self.json(#"{"by": "end_user", "header": null}"#), byUser.text)
            XCTAssertEqual(byUser["retries_max"]?.integer, 5)

            let cleared = await harness.call(
                "PATCH", path,
                #"{"strategy": "priority", "sticky": null, "total_timeout_ms": null, "targets": [\#(Self.target)]}"#,
                ifMatch: byUser.etag)
            XCTAssertEqual(cleared["sticky"], .null, cleared.text)
            XCTAssertEqual(cleared["total_timeout_ms"], .null)
            XCTAssertEqual(cleared["targets"]?.array?.map { $0["on"] ?? .null }, [.null])
            let after = try await Self.published(harness).route
            XCTAssertNil(after.sticky)
            XCTAssertNil(after.totalTimeoutMilliseconds)
        }
    }

    func testAHedgeIsKeptPublishedAndCleared() throws {
        try AdminHarness.run { harness in
            await harness.upstream()
            let route = await harness.create(
                "routes", #"{"name": "chat", "hedge": {}, "targets": [\#(Self.target)]}"#)
            let standard = #"{"after_ms": null, "percent_max": 5, "plain_answers": false}"#
            XCTAssertEqual(route["hedge"], try Self.json(standard))
            let byDefault = try await Self.published(harness).route
            XCTAssertEqual(byDefault.hedge, .init(afterMilliseconds: nil, percentMax: 5, includesPlainAnswers: nil))

            let path = "/api/v1/routes/\(route.id)"
            let said = #"{"after_ms": 800, "percent_max": 50, "plain_answers": true}"#
            let changed = await harness.call("PATCH", path, #"{"hedge": \#(said)}"#, ifMatch: route.etag)
            XCTAssertEqual(changed["hedge"], try Self.json(said), changed.text)
            let read = await harness.call("GET", path)
            XCTAssertEqual(read.json, changed.json)
            let published = try await Self.published(harness).route
            XCTAssertEqual(published.hedge, .init(afterMilliseconds: 800, percentMax: 50, includesPlainAnswers: true))

            for (field, value, message) in [
                ("after_ms", "0", "got 0, want an integer 1...600000"),
                ("after_ms", "600001", "got 600001, want an integer 1...600000"),
                ("percent_max", "0", "got 0, want an integer 1...50"),
                ("percent_max", "51", "got 51, want an integer 1...50"),
                ("plain_answers", "1", "got 1, want true or false"),
                ("delay", "1", "is not a known field"),
            ] {
                let refused = await harness.call("PATCH", path, #"{"hedge": {"\#(field)": \#(value)}}"#, ifMatch: "*")
                XCTAssertEqual(refused.errors["hedge.\(field)"]?.hasPrefix(message), true, refused.text)
            }
            let cleared = await harness.call("PATCH", path, #"{"hedge": null}"#, ifMatch: "*")
            XCTAssertEqual(cleared["hedge"], .null, cleared.text)
            let after = try await Self.published(harness).route
            XCTAssertNil(after.hedge)
        }
    }

    func testEveryStrategyAndEveryWayToStickIsTaken() throws {
        try AdminHarness.run { harness in
            await harness.upstream()
            for strategy in PolicyDocument.Route.Strategy.allCases where strategy != .sticky {
                let route = await harness.create(
                    "routes",
                    #"{"name": "\#(strategy)", "strategy": "\#(strategy.rawValue)", "targets": [\#(Self.target)]}"#)
                XCTAssertEqual(route["strategy"]?.string, strategy.rawValue)
            }
            for source in PolicyDocument.Sticky.Source.allCases {
                let header = source == .header ? #", "header": "\#(String(repeating: "h", count: 64))""# : ""
                let route = await harness.create(
                    "routes",
                    #"{"name": "by-\#(source)", "strategy": "sticky", "sticky": {"by": "\#(source.rawValue)"\#(header)}, "targets": [\#(Self.target)]}"#
                )
                XCTAssertEqual(route["sticky"]?["by"]?.string, source.rawValue)
            }
            let policy = try await PolicyStore.policy(harness.pool)
            XCTAssertEqual(Set(policy.routes.map(\.strategy)), Set(PolicyDocument.Route.Strategy.allCases))
            XCTAssertEqual(
                Set(policy.routes.compactMap(\.sticky?.by)), Set(PolicyDocument.Sticky.Source.allCases))
        }
    }

    func testStickyIsThereExactlyWhereTheStrategyIs() throws {
        try AdminHarness.run { harness in
            await harness.upstream()
            let isMissing = #"is missing; the strategy sticky needs an object, such as {"by": "end_user"}"#
            let name =
                "the name of an HTTP field of 1...64 characters, such as x-session, and none of authorization, cookie, x-api-key, host, content-length"
            for (fields, errors) in [
                (#""strategy": "sticky""#, ["sticky": isMissing]),
                (#""strategy": "sticky", "sticky": null"#, ["sticky": isMissing]),
                (
                    #""strategy": "headroom", "sticky": {"by": "end_user"}"#,
                    ["sticky": "is for the strategy sticky, and this one is headroom; leave it out or send null"]
                ),
                (
                    #""sticky": {"by": "end_user"}"#,
                    ["sticky": "is for the strategy sticky, and this one is priority; leave it out or send null"]
                ),
                (
                    #""strategy": "sticky", "sticky": {"by": "header"}"#,
                    ["sticky.header": #"is missing; "by": "header" needs \#(name)"#]
                ),
                (
                    #""strategy": "sticky", "sticky": {"by": "conversation", "header": "x-session"}"#,
                    ["sticky.header": #"is for "by": "header", and this is by conversation; leave it out"#]
                ),
                (#""strategy": "sticky", "sticky": "header""#, ["sticky": "got a string, want an object"]),
                (
                    #""strategy": "sticky", "sticky": {}"#,
                    ["sticky.by": "is missing; want one of header, end_user, conversation, prompt_prefix"]
                ),
                (
                    #""strategy": "sticky", "sticky": {"by": "address", "for": 5}"#,
                    [
                        "sticky.by": #"got "address", want one of header, end_user, conversation, prompt_prefix"#,
                        "sticky.for": "is not a known field; known are by, header",
                    ]
                ),
                (
                    #""strategy": "sticky", "sticky": {"by": "header", "header": "Authorization"}"#,
                    ["sticky.header": #"got "Authorization", want \#(name)"#]
                ),
            ] {
                let refused = await harness.call(
                    "POST", "/api/v1/routes", #"{"name": "r", \#(fields), "targets": [\#(Self.target)]}"#)
                XCTAssertEqual(refused.status, 400, fields)
                XCTAssertEqual(refused.errors, errors, fields)
            }

            // A change of one of the two alone is held to the same.
            let route = await harness.create(
                "routes",
                #"{"name": "r", "strategy": "sticky", "sticky": {"by": "end_user"}, "targets": [\#(Self.target)]}"#)
            for (change, message) in [
                (
                    #"{"strategy": "weighted"}"#,
                    "is for the strategy sticky, and this one is weighted; leave it out or send null"
                ),
                (#"{"sticky": null}"#, isMissing),
            ] {
                let refused = await harness.call("PATCH", "/api/v1/routes/\(route.id)", change, ifMatch: "*")
                XCTAssertEqual(refused.errors, ["sticky": message], change)
            }
        }
    }

    func testATargetSaysAfterWhatItIsAFallback() throws {
        try AdminHarness.run { harness in
            await harness.upstream()
            func target(_ on: String) -> String { #"{"provider": "stub", "model": "m1", "on": \#(on)}"# }
            let causes = "context_length, content_filter, rate_limit, error, timeout"
            for (targets, errors) in [
                (
                    target(#"["error"]"#),
                    [
                        "targets":
                            #"are all fallbacks only, so none would be tried first; leave "on" out of at least one"#
                    ]
                ),
                ("\(Self.target), \(target("[]"))", ["targets[1].on": "got 0 elements, want some of \(causes)"]),
                (
                    "\(Self.target), \(target(#"["timeout", "error", "timeout"]"#))",
                    ["targets[1].on[2]": #"got "timeout" again; name each once"#]
                ),
                (
                    "\(Self.target), \(target(#"["slow", 5]"#))",
                    [
                        "targets[1].on[0]": #"got "slow", want one of \#(causes)"#,
                        "targets[1].on[1]": "got 5, want one of \(causes)",
                    ]
                ),
                ("\(Self.target), \(target(#""error""#))", ["targets[1].on": "got a string, want an array"]),
            ] {
                let refused = await harness.call(
                    "POST", "/api/v1/routes", #"{"name": "r", "targets": [\#(targets)]}"#)
                XCTAssertEqual(refused.status, 400, targets)
                XCTAssertEqual(refused.errors, errors, targets)
            }
            // All problems come at once, also where a target is not known.
            let both = await harness.call(
                "POST", "/api/v1/routes",
                #"{"name": "r", "targets": [{"provider": "p", "model": "m1", "on": ["error"]}]}"#)
            XCTAssertEqual(Set(both.errors.keys), ["targets", "targets[0].provider"])

            let all = PolicyDocument.FallbackCause.allCases.map(\.rawValue)
            let list = String(decoding: JSONValue.strings(all).bytes, as: UTF8.self)
            let route = await harness.create(
                "routes", #"{"name": "r", "targets": [\#(target(list)), \#(target("null"))]}"#)
            XCTAssertEqual(route["targets"]?.array?.map { $0["on"] ?? .null }, [.strings(all), .null])
            let published = try await Self.published(harness).route
            XCTAssertEqual(published.targets.map(\.on), [PolicyDocument.FallbackCause.allCases, nil])
        }
    }

    func testTheNumbersOfARouteHaveBounds() throws {
        try AdminHarness.run { harness in
            await harness.upstream()
            let route = await harness.create("routes", #"{"name": "r", "targets": [\#(Self.target)]}"#)
            let path = "/api/v1/routes/\(route.id)"
            for (field, value) in [
                ("retries_max", 0), ("retries_max", 5), ("total_timeout_ms", 1), ("total_timeout_ms", 86_400_000),
                ("keep_alive_ms", 100), ("keep_alive_ms", 600_000),
            ] as [(String, Int64)] {
                let taken = await harness.call("PATCH", path, #"{"\#(field)": \#(value)}"#, ifMatch: "*")
                XCTAssertEqual(taken[field]?.integer, value, taken.text)
            }
            for (field, value, message) in [
                ("retries_max", "-1", "got -1, want an integer 0...5"),
                ("retries_max", "6", "got 6, want an integer 0...5"),
                ("retries_max", "null", "must not be null; leave the field out"),
                ("total_timeout_ms", "0", "got 0, want an integer 1...86400000"),
                ("total_timeout_ms", "86400001", "got 86400001, want an integer 1...86400000"),
                ("resumes_max", "4", "got 4, want an integer 0...3"),
                ("keep_alive_ms", "99", "got 99, want an integer 100...600000"),
                ("keep_alive_ms", "600001", "got 600001, want an integer 100...600000"),
                ("retries_first", "1", "got 1, want true or false"),
                ("retries_first", "null", "must not be null; leave the field out"),
                ("refuses_when_all_are_out", #""yes""#, #"got "yes", want true or false"#),
            ] {
                let refused = await harness.call("PATCH", path, #"{"\#(field)": \#(value)}"#, ifMatch: "*")
                XCTAssertEqual(refused.errors, [field: message])
            }
        }
    }

    // MARK: Providers

    func testABreakerIsTheStandardUntilItIsSetAndWhatItLeavesOutIsTheDefault() throws {
        try AdminHarness.run { harness in
            await harness.upstream()
            _ = await harness.create("routes", #"{"name": "chat", "targets": [\#(Self.target)]}"#)
            let list = await harness.call("GET", "/api/v1/providers?name=stub")
            let provider = try XCTUnwrap(list["items"]?.array?.first)
            XCTAssertEqual(provider["breaker"], .null)
            XCTAssertEqual(provider["retry_budget_percent"]?.integer, 10)
            XCTAssertEqual(provider["when_caller_leaves"]?.string, "cancel")
            let path = "/api/v1/providers/\(provider["id"]?.string ?? "")"

            func change(_ body: String, line: UInt = #line) async throws -> (
                reply: AdminHarness.Reply, published: PolicyDocument.Provider
            ) {
                let reply = await harness.call("PATCH", path, body, ifMatch: "*")
                XCTAssertEqual(reply.status, 200, reply.text, line: line)
                return (reply, try await Self.published(harness).provider)
            }

            let before = try await Self.published(harness).provider
            XCTAssertNil(before.breaker)
            XCTAssertNil(before.retryBudgetPercent)
            XCTAssertNil(before.whenCallerLeaves)
            let drains = try await change(#"{"when_caller_leaves": "drain"}"#)
            XCTAssertEqual(drains.reply["when_caller_leaves"]?.string, "drain")
            XCTAssertEqual(drains.published.whenCallerLeaves, .drain)
            _ = try await change(#"{"when_caller_leaves": "cancel"}"#)
            let unknown = await harness.call("PATCH", path, #"{"when_caller_leaves": "wait"}"#, ifMatch: "*")
            XCTAssertEqual(unknown.errors, ["when_caller_leaves": #"got "wait", want one of cancel, drain"#])

            XCTAssertNil(before.prefixContinuation)
            for way in PolicyDocument.PrefixContinuation.allCases {
                let able = try await change(#"{"prefix_continuation": "\#(way.rawValue)"}"#)
                XCTAssertEqual(able.reply["prefix_continuation"]?.string, way.rawValue)
                XCTAssertEqual(able.published.prefixContinuation, way)
            }
            let guess = await harness.call("PATCH", path, #"{"prefix_continuation": "echo"}"#, ifMatch: "*")
            XCTAssertEqual(
                guess.errors,
                [
                    "prefix_continuation":
                        #"got "echo", want one of assistant_message, prefix, prefix_echoed, continue_final_message"#
                ])
            let unable = try await change(#"{"prefix_continuation": null}"#)
            XCTAssertEqual(unable.reply["prefix_continuation"], .null)
            XCTAssertNil(unable.published.prefixContinuation)

            let whole = try await change(
                """
                {"retry_budget_percent": 25, "breaker": {"consecutive_failures": 3, "failure_percent": 20,
                 "samples_min": 50, "window_seconds": 30, "open_seconds": 2, "open_seconds_max": 60}}
                """)
            XCTAssertEqual(
                whole.reply["breaker"],
                try Self.json(
                    """
                    {"consecutive_failures": 3, "failure_percent": 20, "samples_min": 50, "window_seconds": 30,
                     "open_seconds": 2, "open_seconds_max": 60}
                    """))
            XCTAssertEqual(
                whole.published.breaker,
                .init(
                    consecutiveFailures: 3, failurePercent: 20, samplesMin: 50, windowSeconds: 30, openSeconds: 2,
                    openSecondsMax: 60))
            XCTAssertEqual(whole.published.retryBudgetPercent, 25)
            let read = await harness.call("GET", path)
            XCTAssertEqual(read.json, whole.reply.json)

            let part = try await change(#"{"breaker": {"failure_percent": 90}, "retry_budget_percent": 10}"#)
            XCTAssertEqual(
                part.reply["breaker"],
                try Self.json(
                    """
                    {"consecutive_failures": 5, "failure_percent": 90, "samples_min": 20, "window_seconds": 10,
                     "open_seconds": 1, "open_seconds_max": 10}
                    """), "an object is replaced as a whole")
            XCTAssertEqual(part.published.breaker, .init(failurePercent: 90))
            XCTAssertNil(part.published.retryBudgetPercent)

            let spelt = try await change(#"{"breaker": {}}"#)
            XCTAssertEqual(spelt.reply["breaker"]?["open_seconds_max"]?.integer, 10)
            XCTAssertNil(spelt.published.breaker, "the standard, though it was spelt out")

            let cleared = try await change(#"{"breaker": null, "retry_budget_percent": 0}"#)
            XCTAssertEqual(cleared.reply["breaker"], .null)
            XCTAssertNil(cleared.published.breaker)
            XCTAssertEqual(cleared.published.retryBudgetPercent, 0)

            let created = await harness.create(
                "providers",
                #"{"name": "b", "base_url": "http://127.0.0.1:9", "breaker": {"open_seconds": 10}, "retry_budget_percent": 100}"#
            )
            XCTAssertEqual(created["breaker"]?["open_seconds"]?.integer, 10)
            XCTAssertEqual(created["retry_budget_percent"]?.integer, 100)
        }
    }

    func testTheNumbersOfABreakerHaveBounds() throws {
        try AdminHarness.run { harness in
            let provider = await harness.create("providers", #"{"name": "p", "base_url": "http://127.0.0.1:9"}"#)
            let path = "/api/v1/providers/\(provider.id)"
            let bounds: [(name: String, max: Int)] = [
                ("consecutive_failures", 1000), ("failure_percent", 100), ("samples_min", 10_000),
                ("window_seconds", 60), ("open_seconds", 600), ("open_seconds_max", 3600),
            ]
            XCTAssertEqual(PolicyDocument.Breaker.integers.map(\.name), bounds.map(\.name))
            // All at their ends, which the database must take as well.
            for members in [bounds.map { "\"\($0.name)\": 1" }, bounds.map { "\"\($0.name)\": \($0.max)" }] {
                let text = "{\(members.joined(separator: ", "))}"
                let taken = await harness.call("PATCH", path, "{\"breaker\": \(text)}", ifMatch: "*")
                XCTAssertEqual(taken["breaker"], try Self.json(text), taken.text)
            }
            for (name, max) in bounds {
                for beyond in [0, max + 1] {
                    let refused = await harness.call(
                        "PATCH", path, "{\"breaker\": {\"\(name)\": \(beyond)}}", ifMatch: "*")
                    XCTAssertEqual(refused.errors, ["breaker.\(name)": "got \(beyond), want an integer 1...\(max)"])
                }
            }
            for (change, errors) in [
                (
                    #"{"breaker": {"open_seconds": 30, "open_seconds_max": 29}}"#,
                    ["breaker.open_seconds_max": "got 29, want at least open_seconds (30)"]
                ),
                (
                    #"{"breaker": {"open_seconds": 11}}"#,
                    [
                        "breaker.open_seconds_max":
                            "is missing, which means 10; want at least open_seconds (11)"
                    ]
                ),
                (
                    #"{"breaker": {"open_seconds": null}}"#,
                    ["breaker.open_seconds": "must not be null; leave the field out"]
                ),
                (#"{"breaker": true}"#, ["breaker": "got true or false, want an object"]),
                (
                    #"{"retry_budget_percent": 101}"#,
                    ["retry_budget_percent": "got 101, want an integer 0...100"]
                ),
                (#"{"retry_budget_percent": -1}"#, ["retry_budget_percent": "got -1, want an integer 0...100"]),
                (
                    #"{"retry_budget_percent": null}"#,
                    ["retry_budget_percent": "must not be null; leave the field out"]
                ),
            ] {
                let refused = await harness.call("PATCH", path, change, ifMatch: "*")
                XCTAssertEqual(refused.status, 400, change)
                XCTAssertEqual(refused.errors, errors, change)
            }
            let unknown = await harness.call("PATCH", path, #"{"breaker": {"threshold": 5}}"#, ifMatch: "*")
            XCTAssertEqual(
                unknown.errors,
                [
                    "breaker.threshold":
                        "is not a known field; known are consecutive_failures, failure_percent, open_seconds, open_seconds_max, samples_min, window_seconds"
                ])
        }
    }
}
