import Foundation
import TestSupport
import XCTest

/// Callers who speak OpenAI's dialect, in front of providers that speak Anthropic's, Gemini's and Bedrock's: a team changes its provider by
/// changing a target.
final class ForeignProviderTests: FleetTestCase {
    private static let dialects = ["anthropic", "gemini", "bedrock"]

    private static let faults = [
        "cut": "cut-mid-stream;after=4", "broken": "status-500", "busy": "status-429;retry-after=7",
        "malformed": "malformed-chunk;after=4", "invalid": "status-400", "mute": "missing-usage",
    ]

    override class func makeFleet() throws -> TestFleet {
        let fleet = try TestFleet.standard()
        let root = String(fleet.stub.baseURL.dropLast(3))
        for dialect in dialects {
            try fleet.admin(
                "POST", "providers",
                ["name": dialect, "dialect": dialect, "base_url": root, "credential": "stub"])
            func target(_ upstream: String) -> [String: Any] {
                ["provider": dialect, "model": "gpt-4o-mini", "upstream_model_name": upstream]
            }
            try fleet.addRoute(dialect, [target("model-\(dialect)")], fields: ["unsupported_parameters": "drop"])
            try fleet.addRoute("\(dialect)-strict", [target("model-\(dialect)-strict")])
            for (name, fault) in faults {
                try fleet.addRoute(
                    "\(dialect)-\(name)", [target("\(dialect)-\(name)+\(fault)")], fields: ["retries_max": 0])
            }
            try fleet.addRoute(
                "\(dialect)-falls-back",
                [target("\(dialect)-first+status-500"), ["provider": "stub", "model": "gpt-4o-mini"]],
                fields: ["retries_max": 0])
        }
        try fleet.addRoute(
            "mixed",
            [
                ["provider": "stub", "model": "gpt-4o-mini", "upstream_model_name": "mixed"],
                ["provider": "gemini", "model": "gpt-4o-mini"],
            ])
        try addCapabilities(to: fleet)
        try addSilence(to: fleet, root)
        try fleet.waitUntilConfigured()
        return fleet
    }

    /// Routes to `plain`, a model that has neither tools nor eyes, and to one that has both.
    private static func addCapabilities(to fleet: TestFleet) throws {
        try fleet.admin(
            "POST", "models",
            [
                "name": "plain", "kind": "chat", "max_output_tokens": 100, "prices": [TestFleet.chatPrice],
                "unsupported_features": ["tools", "images"],
            ])
        func plain(_ provider: String) -> [String: Any] { ["provider": provider, "model": "plain"] }
        let able: [String: Any] = ["provider": "stub", "model": "gpt-4o-mini", "upstream_model_name": "able"]
        try fleet.addRoute("able-second", [plain("stub"), plain("gemini"), able])
        try fleet.addRoute("unable", [plain("anthropic"), plain("gemini")])
        try fleet.addRoute("unable-drops", [plain("anthropic")], fields: ["unsupported_parameters": "drop"])
        try fleet.addRoute("unable-same", [plain("stub")])
    }

    /// Routes with keep-alives to providers that are late, pause, or are never heard of.
    private static func addSilence(to fleet: TestFleet, _ root: String) throws {
        try fleet.admin(
            "POST", "providers",
            [
                "name": "impatient", "base_url": fleet.stub.baseURL, "credential": "stub",
                "first_token_timeout_ms": 350,
            ])
        func add(_ name: String, _ targets: [(provider: String, upstream: String)]) throws {
            try fleet.addRoute(
                name,
                targets.map {
                    ["provider": $0.provider, "model": "gpt-4o-mini", "upstream_model_name": "\(name)+\($0.upstream)"]
                }, fields: ["keep_alive_ms": 100, "retries_max": 0])
        }
        for provider in ["stub"] + dialects {
            try add("\(provider)-late", [(provider, "stall-before-head;ms=450")])
            try add("\(provider)-pauses", [(provider, "stall-mid-stream;after=3;ms=450")])
        }
        let never = (provider: "impatient", upstream: "stall-before-head")
        try add("late-falls-back", [never, ("stub", "none")])
        try add("late-falls-to-gemini", [never, ("gemini", "none")])
        try add("late-fails", [never])
        try add("late-refused", [never, ("stub", "status-400")])
        try add("soon-fails", [("stub", "status-500")])
    }

    private func send(
        _ model: String, _ key: TestFleet.Key, _ more: String = "", messages: String? = nil
    ) throws -> HTTPAnswer {
        let messages =
            messages ?? #"[{"role":"system","content":"Be brief."},{"role":"user","content":"Say something."}]"#
        return try fleet().data.caller().send(
            "POST", "/v1/chat/completions",
            headers: [("authorization", "Bearer \(key.text)"), ("content-type", "application/json")],
            body: Array(#"{"model":"\#(model)","messages":\#(messages)\#(more)}"#.utf8))
    }

    private func key(_ name: String) throws -> TestFleet.Key {
        let key = try fleet().makeKey(name)
        try fleet().waitUntilConfigured()
        return key
    }

    private func chunks(_ stream: HTTPAnswer) -> [[String: Any]] {
        stream.events.compactMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
    }

    private func delta(_ chunk: [String: Any]) -> [String: Any] {
        (chunk["choices"] as? [[String: Any]])?.first?["delta"] as? [String: Any] ?? [:]
    }

    /// By the provider, by Weir and by what the caller was told, to the token.
    private func assertBilled(_ answer: HTTPAnswer, _ usage: [String: Any]?, line: UInt = #line) throws {
        let fleet = try fleet()
        let id = try XCTUnwrap(answer.header("x-request-id"), line: line)
        let event = try XCTUnwrap(try fleet.events(for: [id])[id], line: line)
        let bill = try XCTUnwrap(try fleet.stub.ledger().first { $0.requestID == id }, line: line)
        XCTAssertEqual(event.inputTokens, bill.promptTokens, line: line)
        XCTAssertEqual(event.outputTokens, bill.completionTokens, line: line)
        XCTAssertEqual(usage?["prompt_tokens"] as? Int, bill.promptTokens, line: line)
        XCTAssertEqual(usage?["completion_tokens"] as? Int, bill.completionTokens, line: line)
        XCTAssertTrue(event.usageReported, line: line)
    }

    func testAnAnswerIsTheSameFromEveryProvider() throws {
        let key = try key("providers-plain")
        for dialect in Self.dialects {
            let plain = try send(dialect, key)
            XCTAssertEqual(plain.status, 200, "\(dialect): \(plain.text)")
            XCTAssertEqual(plain.json["object"] as? String, "chat.completion", dialect)
            let choice = (plain.json["choices"] as? [[String: Any]])?.first
            XCTAssertEqual(choice?["finish_reason"] as? String, "stop", dialect)
            XCTAssertFalse(((choice?["message"] as? [String: Any])?["content"] as? String ?? "").isEmpty, dialect)
            try assertBilled(plain, plain.json["usage"] as? [String: Any])

            let stream = try send(dialect, key, #","stream":true,"stream_options":{"include_usage":true}"#)
            XCTAssertEqual(stream.header("content-type"), "text/event-stream", dialect)
            XCTAssertEqual(stream.events.last, "[DONE]", dialect)
            let chunks = chunks(stream)
            XCTAssertEqual(delta(chunks[0])["role"] as? String, "assistant", dialect)
            XCTAssertEqual(Set(chunks.compactMap { $0["id"] as? String }).count, 1, dialect)
            XCTAssertGreaterThan(chunks.filter { delta($0)["content"] is String }.count, 3, dialect)
            try assertBilled(stream, chunks.last?["usage"] as? [String: Any])

            // Who did not ask for the usage of the stream does not get it, and is billed all the same.
            let quiet = try send(dialect, key, #","stream":true"#)
            XCTAssertFalse(quiet.text.contains("prompt_tokens"), dialect)
            let id = try XCTUnwrap(quiet.header("x-request-id"))
            XCTAssertEqual(try fleet().events(for: [id])[id]?.usageReported, true, dialect)
        }
    }

    func testToolsAreCalledAndTheirResultsUnderstood() throws {
        let key = try key("providers-tools")
        let tools =
            #","tools":[{"type":"function","function":{"name":"weather","description":"Tells it.","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}]"#
        let asked = #"[{"role":"user","content":"How is the weather in Oslo?"}]"#
        for dialect in Self.dialects {
            let called = try send(dialect, key, tools, messages: asked)
            let message = ((called.json["choices"] as? [[String: Any]])?.first?["message"] as? [String: Any]) ?? [:]
            let call = try XCTUnwrap((message["tool_calls"] as? [[String: Any]])?.first, "\(dialect): \(called.text)")
            XCTAssertEqual((call["function"] as? [String: Any])?["name"] as? String, "weather", dialect)
            let said = String(decoding: try JSONSerialization.data(withJSONObject: message), as: UTF8.self)
            let id = try XCTUnwrap(call["id"] as? String)
            let result = #"{"role":"tool","tool_call_id":"\#(id)","content":"Rain."}"#
            let answered = try send(
                dialect, key, tools,
                messages: #"[{"role":"user","content":"How is the weather in Oslo?"},\#(said),\#(result)]"#)
            XCTAssertEqual(answered.status, 200, "\(dialect): \(answered.text)")
            let choice = (answered.json["choices"] as? [[String: Any]])?.first
            XCTAssertEqual(choice?["finish_reason"] as? String, "stop", "\(dialect): \(answered.text)")

            let stream = try send(dialect, key, tools + #","stream":true"#, messages: asked)
            let calls = chunks(stream).compactMap { delta($0)["tool_calls"] as? [[String: Any]] }.flatMap { $0 }
            XCTAssertEqual(calls.first?["index"] as? Int, 0, dialect)
            XCTAssertEqual((calls.first?["function"] as? [String: Any])?["name"] as? String, "weather", dialect)
            let arguments = calls.compactMap { ($0["function"] as? [String: Any])?["arguments"] as? String }.joined()
            XCTAssertNotNil(
                try? JSONSerialization.jsonObject(with: Data(arguments.utf8)) as? [String: Any],
                "\(dialect): \(arguments)")
        }
    }

    func testAStreamThatBreaksOffNeverLooksWhole() throws {
        let key = try key("providers-cut")
        for dialect in Self.dialects {
            for fault in ["cut", "malformed"] {
                let stream = try send("\(dialect)-\(fault)", key, #","stream":true"#)
                // What comes in one piece with its beginning is found before anything was promised.
                if stream.status == 502, fault == "malformed" { continue }
                XCTAssertEqual(stream.status, 200, "\(dialect) \(fault): \(stream.text)")
                XCTAssertNotEqual(stream.ending, .complete, "\(dialect) \(fault)")
                XCTAssertNotNil(chunks(stream).last?["error"], "\(dialect) \(fault): \(stream.text)")
                XCTAssertFalse(stream.text.contains("[DONE]"), "\(dialect) \(fault)")
            }
        }
    }

    func testFailuresAreTheSameFromEveryProvider() throws {
        let key = try key("providers-failures")
        for dialect in Self.dialects {
            let busy = try send("\(dialect)-busy", key)
            XCTAssertEqual(busy.status, 429, "\(dialect): \(busy.text)")
            XCTAssertEqual(busy.header("retry-after"), "7", dialect)
            XCTAssertEqual(try send("\(dialect)-broken", key).status, 502, dialect)
            let invalid = try send("\(dialect)-invalid", key)
            XCTAssertEqual(invalid.status, 400, dialect)
            XCTAssertEqual(invalid.errorType, "invalid_request_error", "\(dialect): \(invalid.text)")
            let fallen = try send("\(dialect)-falls-back", key)
            XCTAssertEqual(fallen.status, 200, "\(dialect): \(fallen.text)")
            XCTAssertEqual(fallen.header("x-weir-target"), "stub/gpt-4o-mini", dialect)
            XCTAssertEqual(fallen.header("x-weir-attempts"), "2", dialect)
        }
    }

    /// Its signature travels in the identity of the call, which the next provider is not shown.
    func testAConversationGoesOnAtAProviderOfAnotherDialect() throws {
        let key = try key("providers-mixed")
        let call =
            #"{"role":"assistant","content":null,"tool_calls":[{"id":"call_1-signed-c2lnbmF0dXJl","type":"function","function":{"name":"weather","arguments":"{}"}}]}"#
        let result = #"{"role":"tool","tool_call_id":"call_1-signed-c2lnbmF0dXJl","content":"Rain."}"#
        let tools =
            #","tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":{}}}}]"#
        let answer = try send(
            "mixed", key, tools, messages: #"[{"role":"user","content":"Oslo?"},\#(call),\#(result)]"#)
        XCTAssertEqual(answer.status, 200, answer.text)
        let id = try XCTUnwrap(answer.header("x-request-id"))
        let sent = String(decoding: try XCTUnwrap(try fleet().stub.received(id).last).body, as: UTF8.self)
        XCTAssertTrue(sent.contains(#""tool_call_id":"call_1""#), sent)
        XCTAssertFalse(sent.contains("-signed-"), sent)
    }

    func testWhatAProviderCannotBeToldIsRefusedOrListed() throws {
        let key = try key("providers-dropped")
        for dialect in Self.dialects {
            let more = #","logit_bias":{"50256":-100}"#
            let refused = try send("\(dialect)-strict", key, more)
            XCTAssertEqual(refused.status, 400, "\(dialect): \(refused.text)")
            XCTAssertEqual(refused.errorCode, "unsupported_parameter", dialect)
            XCTAssertEqual(refused.errorParam, "logit_bias", dialect)
            let dropped = try send(dialect, key, more)
            XCTAssertEqual(dropped.status, 200, "\(dialect): \(dropped.text)")
            XCTAssertEqual(dropped.header("x-weir-dropped-params"), "logit_bias", dialect)
        }
        let hot = try send("anthropic", key, #","temperature":1.5"#)
        XCTAssertEqual(hot.header("x-weir-adjusted-params"), "temperature", hot.text)
    }

    func testRequestsGoToModelsThatCanTakeThem() throws {
        let key = try fleet().makeKey("providers-able", ["may_explain": true])
        try fleet().waitUntilConfigured()
        let tools =
            #","tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":{}}}}]"#
        func target(_ more: String, messages: String? = nil) throws -> String? {
            let answer = try send("able-second", key, more, messages: messages)
            XCTAssertEqual(answer.status, 200, answer.text)
            XCTAssertEqual(answer.header("x-weir-attempts"), "1", "nothing was tried in vain")
            return answer.header("x-weir-target")
        }
        XCTAssertEqual(try target(""), "stub/plain")
        XCTAssertEqual(try target(#","tools":[]"#), "stub/plain")
        XCTAssertEqual(try target(tools), "stub/gpt-4o-mini")
        let picture = #"{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}"#
        XCTAssertEqual(
            try target("", messages: #"[{"role":"user","content":[\#(picture)]}]"#), "stub/gpt-4o-mini")
        let counted = try fleet().data.metric("weir_targets_left_out_total")
        XCTAssertEqual(counted, 4, "two requests without two targets")

        let asked = try fleet().data.caller().chat(
            key.text, #"{"model":"able-second","messages":[{"role":"user","content":"?"}]\#(tools)}"#,
            headers: [("x-weir-explain", "1")])
        let explained = try XCTUnwrap(asked.header("x-weir-explain"))
        let json = try JSONSerialization.jsonObject(with: Data(explained.utf8)) as? [String: Any]
        let candidates = try XCTUnwrap(json?["candidates"] as? [[String: Any]])
        XCTAssertEqual(candidates.map { $0["state"] as? String }, ["available", "left_out", "left_out"])
        XCTAssertEqual(candidates.map { $0["lacks"] as? [String] }, [[], ["tools"], ["tools"]])

        let refused = try send("unable", key, tools)
        XCTAssertEqual(refused.status, 400, refused.text)
        XCTAssertEqual(refused.errorCode, "unsupported_parameter")
        XCTAssertEqual(refused.errorParam, "tools")
        XCTAssertTrue(refused.text.contains("'plain' lacks tools"), refused.text)
        XCTAssertEqual(refused.header("x-should-retry"), "false")
        let dropped = try send("unable-drops", key, tools)
        XCTAssertEqual(dropped.status, 200, dropped.text)
        XCTAssertEqual(dropped.header("x-weir-dropped-params"), "tools")
        // Its own dialect passes, as ever.
        let passed = try send("unable-same", key, tools)
        XCTAssertEqual(passed.status, 200, passed.text)
        let sent = try XCTUnwrap(try fleet().stub.received(try XCTUnwrap(passed.header("x-request-id"))).last)
        XCTAssertTrue(String(decoding: sent.body, as: UTF8.self).contains(#""tools":"#))
    }

    // MARK: Keep-alives

    private static let sign = ": keep-alive\n\n"

    private func signs(_ answer: HTTPAnswer) -> Int { answer.text.components(separatedBy: Self.sign).count - 1 }

    func testSilentStreamsAreKeptAlive() throws {
        let key = try key("providers-silent")
        for provider in ["stub"] + Self.dialects {
            let usage = #","stream":true,"stream_options":{"include_usage":true}"#
            let late = try send("\(provider)-late", key, usage)
            XCTAssertEqual(late.status, 200, "\(provider): \(late.text)")
            XCTAssertEqual(late.header("content-type"), "text/event-stream", provider)
            XCTAssertTrue(late.text.hasPrefix(Self.sign + Self.sign), "\(provider): \(late.text)")
            XCTAssertEqual(late.events.last, "[DONE]", provider)
            XCTAssertEqual(late.ending, .complete, provider)
            try assertBilled(late, chunks(late).last?["usage"] as? [String: Any])
            let id = try XCTUnwrap(late.header("x-request-id"))
            let event = try XCTUnwrap(
                try fleet().list("usage/events?virtual_key=\(key.keyID)").first { $0["request_id"] as? String == id })
            XCTAssertGreaterThan(
                try XCTUnwrap(event["first_token_microseconds"] as? Int), 400_000, "a sign is no token")

            let pauses = try send("\(provider)-pauses", key, usage)
            XCTAssertFalse(pauses.text.hasPrefix(Self.sign), "\(provider): \(pauses.text)")
            XCTAssertGreaterThanOrEqual(signs(pauses), 2, "\(provider): \(pauses.text)")
            XCTAssertEqual(pauses.events.last, "[DONE]", provider)
            XCTAssertEqual(pauses.header("x-weir-attempts"), "1", provider)
        }
        // A plain answer is as it was.
        let plain = try send("stub-late", key)
        XCTAssertEqual(plain.json["object"] as? String, "chat.completion", plain.text)
        XCTAssertFalse(plain.text.contains("keep-alive"))
    }

    func testBehindAKeepAliveAnotherTargetAnswersOrTheStreamSaysWhyNot() throws {
        let key = try key("providers-late")
        for route in ["late-falls-back", "late-falls-to-gemini"] {
            let fallen = try send(route, key, #","stream":true,"stream_options":{"include_usage":true}"#)
            XCTAssertTrue(fallen.text.hasPrefix(Self.sign), fallen.text)
            XCTAssertEqual(fallen.events.last, "[DONE]", fallen.text)
            XCTAssertEqual(delta(chunks(fallen)[0])["role"] as? String, "assistant", route)
            let id = try XCTUnwrap(fallen.header("x-request-id"))
            let event = try XCTUnwrap(try fleet().events(for: [id])[id])
            XCTAssertEqual(event.attempts, 2, route)
            XCTAssertEqual(event.outcome, "completed", route)
            XCTAssertEqual(
                event.outputTokens, (chunks(fallen).last?["usage"] as? [String: Any])?["completion_tokens"] as? Int)
        }
        for (route, code, outcome) in [
            ("late-fails", "upstream_timeout", "failed"), ("late-refused", nil, "completed"),
        ] {
            let failed = try send(route, key, #","stream":true"#)
            XCTAssertEqual(failed.status, 200, "a head was promised")
            XCTAssertTrue(failed.text.hasPrefix(Self.sign), failed.text)
            XCTAssertNotEqual(failed.ending, .complete, route)
            XCTAssertFalse(failed.text.contains("[DONE]"), failed.text)
            let error = try XCTUnwrap(chunks(failed).last?["error"] as? [String: Any], failed.text)
            if let code {
                XCTAssertEqual(error["code"] as? String, code)
            } else {
                XCTAssertEqual(error["type"] as? String, "invalid_request_error")
            }
            let id = try XCTUnwrap(failed.header("x-request-id"))
            let event = try XCTUnwrap(try fleet().events(for: [id])[id])
            XCTAssertEqual(event.outcome, outcome, route)
            XCTAssertGreaterThanOrEqual(event.status, 400, "what it would have been without")
            XCTAssertEqual(event.costNanodollars, 0, route)
        }
        // Nothing was promised yet.
        XCTAssertEqual(try send("soon-fails", key, #","stream":true"#).status, 502)
    }

    /// The stub lists its models for Anthropic's version and Gemini's field only, and has nothing where Bedrock has its invocations.
    func testProbesAreSpokenAsTheProviderIs() throws {
        let fleet = try fleet()
        for dialect in Self.dialects {
            try fleet.change("providers", named: dialect, ["probe": ["interval_seconds": 1, "failures": 100]])
        }
        func probes(_ dialect: String, _ outcome: String) throws -> Double {
            try fleet.data.metric(#"weir_probes_total{provider="\#(dialect)",outcome="\#(outcome)"}"#)
        }
        try waitUntil("all were asked", detail: { fleet.tails }) {
            try probes("anthropic", "answered") > 0 && probes("gemini", "answered") > 0
                && probes("bedrock", "model_not_found") > 0
        }
        for dialect in Self.dialects {
            for outcome in ["credential_rejected", "permission_denied", "invalid"] {
                XCTAssertEqual(try probes(dialect, outcome), 0, "\(dialect) \(outcome)")
            }
            try fleet.change("providers", named: dialect, ["probe": NSNull()])
        }
    }

    func testAnAnswerWithoutUsageIsEstimated() throws {
        let key = try key("providers-mute")
        for dialect in Self.dialects {
            let mute = try send("\(dialect)-mute", key, #","stream":true"#)
            XCTAssertEqual(mute.events.last, "[DONE]", "\(dialect): \(mute.text)")
            let id = try XCTUnwrap(mute.header("x-request-id"))
            let event = try XCTUnwrap(try fleet().events(for: [id])[id])
            XCTAssertFalse(event.usageReported, dialect)
            XCTAssertGreaterThan(event.outputTokens, 0, dialect)
        }
    }
}
