import Foundation
import TestSupport
import XCTest

/// Callers who speak Anthropic's or Gemini's dialect, in front of a provider that speaks OpenAI's: what they see, and what it costs.
final class ForeignCallerTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet {
        let fleet = try TestFleet.standard()
        try fleet.addFaultyRoute("foreign-cut", "cut-mid-stream;after=4")
        try fleet.addFaultyRoute("foreign-busy", "status-429;retry-after=7")
        try fleet.addFaultyRoute("foreign-invalid", "status-400")
        try fleet.addRoute(
            "foreign-drop", [["provider": "stub", "model": "gpt-4o-mini"]], fields: ["unsupported_parameters": "drop"])
        try fleet.admin(
            "POST", "providers",
            [
                "name": "impatient", "base_url": fleet.stub.baseURL, "credential": "stub",
                "first_token_timeout_ms": 350,
            ])
        try fleet.admin(
            "POST", "providers",
            [
                "name": "claude", "dialect": "anthropic", "base_url": String(fleet.stub.baseURL.dropLast(3)),
                "credential": "stub",
            ])
        for (name, provider, fault) in [
            ("foreign-late", "stub", "stall-before-head;ms=450"),
            ("foreign-pauses", "stub", "stall-mid-stream;after=3;ms=450"),
            ("foreign-never", "impatient", "stall-before-head"),
            ("foreign-passes", "claude", "stall-mid-stream;after=3;ms=450"),
        ] {
            try fleet.addRoute(
                name,
                [["provider": provider, "model": "gpt-4o-mini", "upstream_model_name": "\(name)+\(fault)"]],
                fields: ["keep_alive_ms": 100, "retries_max": 0])
        }
        try fleet.waitUntilConfigured()
        return fleet
    }

    private struct Caller {
        let caller: HTTPCaller
        let headers: [(String, String)]

        func send(_ path: String, _ body: String, method: String = "POST") throws -> HTTPAnswer {
            try caller.send(method, path, headers: headers, body: Array(body.utf8))
        }
    }

    private func anthropic(_ key: TestFleet.Key) throws -> Caller {
        Caller(
            caller: try fleet().data.caller(),
            headers: [
                ("x-api-key", key.text), ("anthropic-version", "2023-06-01"), ("content-type", "application/json"),
            ])
    }

    private func gemini(_ key: TestFleet.Key) throws -> Caller {
        Caller(
            caller: try fleet().data.caller(),
            headers: [("x-goog-api-key", key.text), ("content-type", "application/json")])
    }

    private func message(_ model: String = "chat", _ more: String = "") -> String {
        #"{"model":"\#(model)","max_tokens":64,"messages":[{"role":"user","content":"Say something."}]\#(more)}"#
    }

    private static let contents = #"{"contents":[{"role":"user","parts":[{"text":"Say something."}]}]}"#

    /// What a request was billed, by the provider and by Weir, to the token.
    private func assertBilled(
        _ answer: HTTPAnswer, input: Int?, output: Int?, line: UInt = #line
    ) throws {
        let fleet = try fleet()
        let id = try XCTUnwrap(answer.header("x-request-id"), line: line)
        let event = try XCTUnwrap(try fleet.events(for: [id])[id], line: line)
        let bill = try XCTUnwrap(try fleet.stub.ledger().first { $0.requestID == id }, line: line)
        XCTAssertEqual(event.inputTokens, bill.promptTokens, line: line)
        XCTAssertEqual(event.outputTokens, bill.completionTokens, line: line)
        XCTAssertEqual(input, bill.promptTokens, line: line)
        XCTAssertEqual(output, bill.completionTokens, line: line)
        XCTAssertEqual(event.outcome, "completed", line: line)
    }

    private func names(of stream: HTTPAnswer) -> [String] {
        stream.text.split(separator: "\n").filter { $0.hasPrefix("event: ") }.map { String($0.dropFirst(7)) }
    }

    private func data(of stream: HTTPAnswer) -> [[String: Any]] {
        stream.text.replacingOccurrences(of: "\r", with: "").split(separator: "\n").filter { $0.hasPrefix("data: ") }
            .compactMap { try? JSONSerialization.jsonObject(with: Data($0.dropFirst(6).utf8)) as? [String: Any] }
    }

    // MARK: Anthropic's

    func testAnAnthropicCallerIsAnsweredInItsDialect() throws {
        let key = try fleet().makeKey("foreign-anthropic")
        try fleet().waitUntilConfigured()
        let caller = try anthropic(key)
        let plain = try caller.send("/v1/messages", message())
        XCTAssertEqual(plain.status, 200, plain.text)
        XCTAssertEqual(plain.json["type"] as? String, "message")
        XCTAssertEqual(plain.json["role"] as? String, "assistant")
        XCTAssertEqual(plain.json["stop_reason"] as? String, "end_turn")
        let blocks = plain.json["content"] as? [[String: Any]] ?? []
        XCTAssertEqual(blocks.map { $0["type"] as? String }, ["text"])
        let usage = plain.json["usage"] as? [String: Any] ?? [:]
        try assertBilled(plain, input: usage["input_tokens"] as? Int, output: usage["output_tokens"] as? Int)

        let stream = try caller.send("/v1/messages?beta=true", message("chat", #","stream":true"#))
        XCTAssertEqual(stream.header("content-type"), "text/event-stream")
        XCTAssertEqual(stream.ending, .complete)
        let names = names(of: stream)
        XCTAssertEqual(names.prefix(2), ["message_start", "content_block_start"])
        XCTAssertEqual(names.suffix(3), ["content_block_stop", "message_delta", "message_stop"])
        let events = data(of: stream)
        let text = events.compactMap { ($0["delta"] as? [String: Any])?["text"] as? String }.joined()
        XCTAssertFalse(text.isEmpty)
        let last = events.last { $0["type"] as? String == "message_delta" }?["usage"] as? [String: Any] ?? [:]
        try assertBilled(stream, input: last["input_tokens"] as? Int, output: last["output_tokens"] as? Int)
    }

    func testAnAnthropicCallerIsRefusedInItsDialect() throws {
        let fleet = try fleet()
        let poor = try fleet.makeKey("foreign-poor")
        try fleet.admin(
            "POST", "allowances",
            [
                "name": "foreign-poor", "virtual_key": poor.id, "kind": "money", "limit_usd": "0.000000001",
                "period": "total",
            ])
        let key = try fleet.makeKey("foreign-refused")
        try fleet.waitUntilConfigured()
        let caller = try anthropic(key)
        func error(_ answer: HTTPAnswer) -> (Int, String?, String?) {
            XCTAssertEqual(answer.json["type"] as? String, "error", answer.text)
            let error = answer.json["error"] as? [String: Any]
            return (answer.status, error?["type"] as? String, error?["message"] as? String)
        }
        let stranger = Caller(caller: fleet.data.caller(), headers: [("x-api-key", "weir_nobody")])
        let unknown = try stranger.send("/v1/messages", message())
        XCTAssertEqual(error(unknown).1, "authentication_error")
        // Coding agents would go on asking.
        XCTAssertEqual(unknown.header("x-should-retry"), "false")
        XCTAssertEqual(error(try caller.send("/v1/messages", message("nothing"))).1, "not_found_error")
        let (status, type, text) = error(try caller.send("/v1/messages", #"{"model":"chat","messages":[]}"#))
        XCTAssertEqual(status, 400)
        XCTAssertEqual(type, "invalid_request_error")
        XCTAssertTrue(text?.contains("max_tokens") == true, text ?? "")
        let busy = try caller.send("/v1/messages", message("foreign-busy"))
        XCTAssertEqual(error(busy).1, "rate_limit_error")
        XCTAssertEqual(busy.header("retry-after"), "7")
        // The provider's own verdict on the request, in the caller's words.
        XCTAssertEqual(error(try caller.send("/v1/messages", message("foreign-invalid"))).1, "invalid_request_error")
        let broke = try anthropic(poor).send("/v1/messages", message())
        XCTAssertEqual(broke.status, 402, broke.text)
        XCTAssertEqual(error(broke).1, "billing_error")
        XCTAssertEqual((broke.json["error"] as? [String: Any])?["scope"] as? String, "virtual_key", broke.text)
    }

    func testACutStreamEndsInAnErrorEventOfTheCallersDialect() throws {
        let key = try fleet().makeKey("foreign-cut")
        try fleet().waitUntilConfigured()
        let stream = try anthropic(key).send("/v1/messages", message("foreign-cut", #","stream":true"#))
        XCTAssertEqual(stream.status, 200)
        XCTAssertNotEqual(stream.ending, .complete)
        XCTAssertEqual(names(of: stream).last, "error", stream.text)
        XCTAssertFalse(names(of: stream).contains("message_stop"))
    }

    func testWhatATargetCannotBeToldIsRefusedOrListed() throws {
        let key = try fleet().makeKey("foreign-top-k")
        try fleet().waitUntilConfigured()
        let caller = try anthropic(key)
        let refused = try caller.send("/v1/messages", message("chat", #","top_k":5"#))
        XCTAssertEqual(refused.status, 400, refused.text)
        XCTAssertTrue(refused.text.contains("top_k"), refused.text)
        XCTAssertEqual(refused.header("x-should-retry"), "false")
        let dropped = try caller.send("/v1/messages", message("foreign-drop", #","top_k":5"#))
        XCTAssertEqual(dropped.status, 200, dropped.text)
        XCTAssertEqual(dropped.header("x-weir-dropped-params"), "top_k")
    }

    // MARK: Keep-alives

    func testSilentStreamsAreKeptAliveInTheCallersDialect() throws {
        let key = try fleet().makeKey("foreign-silent")
        try fleet().waitUntilConfigured()
        let anthropic = try anthropic(key)
        let late = try anthropic.send("/v1/messages", message("foreign-late", #","stream":true"#))
        XCTAssertEqual(late.ending, .complete, late.text)
        XCTAssertEqual(names(of: late).prefix(2), ["ping", "ping"], late.text)
        XCTAssertEqual(names(of: late).first { $0 != "ping" }, "message_start")
        XCTAssertEqual(names(of: late).last, "message_stop")
        // Translated, and between two who speak the same dialect.
        for route in ["foreign-pauses", "foreign-passes"] {
            let pauses = try anthropic.send("/v1/messages", message(route, #","stream":true"#))
            XCTAssertEqual(names(of: pauses).first, "message_start")
            XCTAssertGreaterThanOrEqual(names(of: pauses).count { $0 == "ping" }, 2, pauses.text)
            XCTAssertEqual(names(of: pauses).last, "message_stop", pauses.text)
        }
        let never = try anthropic.send("/v1/messages", message("foreign-never", #","stream":true"#))
        XCTAssertEqual(never.status, 200)
        XCTAssertNotEqual(never.ending, .complete)
        XCTAssertEqual(Set(names(of: never).dropLast()), ["ping"], never.text)
        XCTAssertEqual(names(of: never).last, "error")

        let gemini = try gemini(key)
        for route in ["foreign-late", "foreign-pauses"] {
            let path = "/v1beta/models/\(route):streamGenerateContent"
            let events = try gemini.send(path + "?alt=sse", Self.contents)
            XCTAssertEqual(events.ending, .complete, events.text)
            XCTAssertEqual(events.text.hasPrefix("\r\n\r\n"), route == "foreign-late", events.text)
            XCTAssertFalse(events.text.contains(": keep-alive"))
            XCTAssertGreaterThan(data(of: events).count, 3)
            let array = try gemini.send(path, Self.contents)
            XCTAssertEqual(array.header("content-type"), "application/json")
            let elements = try JSONSerialization.jsonObject(with: Data(array.body)) as? [[String: Any]] ?? []
            XCTAssertGreaterThan(elements.count, 3, array.text)
            let bedrock = try Caller(
                caller: fleet().data.caller(),
                headers: [("authorization", "Bearer \(key.text)"), ("content-type", "application/json")]
            ).send(
                "/model/\(route)/converse-stream",
                #"{"messages":[{"role":"user","content":[{"text":"Say something."}]}]}"#)
            XCTAssertEqual(bedrock.status, 200, bedrock.text)
            XCTAssertEqual(bedrock.header("x-weir-attempts"), "1", "its head came with its answer")
            XCTAssertTrue(bedrock.text.contains("messageStop"))
        }
        let failed = try gemini.send("/v1beta/models/foreign-never:streamGenerateContent?alt=sse", Self.contents)
        XCTAssertNotNil(data(of: failed).last?["error"], failed.text)
    }

    func testTokensAreCountedWithoutAnAnswer() throws {
        let key = try fleet().makeKey("foreign-count")
        try fleet().waitUntilConfigured()
        let text = String(repeating: "word ", count: 400)
        let body = #"{"model":"chat","messages":[{"role":"user","content":"\#(text)"}]}"#
        let counted = try anthropic(key).send("/v1/messages/count_tokens", body)
        XCTAssertEqual(counted.status, 200, counted.text)
        let tokens = counted.json["input_tokens"] as? Int ?? 0
        XCTAssertTrue((400...1_000).contains(tokens), "\(tokens)")
    }

    func testModelsAreListedInTheCallersShape() throws {
        let key = try fleet().makeKey("foreign-models")
        try fleet().waitUntilConfigured()
        let anthropic = try anthropic(key).send("/v1/models", "", method: "GET")
        let listed = anthropic.json["data"] as? [[String: Any]] ?? []
        XCTAssertTrue(listed.contains { $0["id"] as? String == "chat" && $0["type"] as? String == "model" })
        XCTAssertEqual(anthropic.json["has_more"] as? Bool, false)
        let gemini = try gemini(key).send("/v1beta/models", "", method: "GET")
        let models = gemini.json["models"] as? [[String: Any]] ?? []
        XCTAssertTrue(models.contains { $0["name"] as? String == "models/chat" }, gemini.text)
    }

    // MARK: Gemini's

    func testAGeminiCallerIsAnsweredInItsDialect() throws {
        let key = try fleet().makeKey("foreign-gemini")
        try fleet().waitUntilConfigured()
        let caller = try gemini(key)
        func text(_ part: [String: Any]) -> String {
            let candidate = (part["candidates"] as? [[String: Any]])?.first
            let parts = (candidate?["content"] as? [String: Any])?["parts"] as? [[String: Any]] ?? []
            return parts.compactMap { $0["text"] as? String }.joined()
        }
        for version in ["v1beta", "v1"] {
            let plain = try caller.send("/\(version)/models/chat:generateContent", Self.contents)
            XCTAssertEqual(plain.status, 200, plain.text)
            XCTAssertFalse(text(plain.json).isEmpty)
            let usage = plain.json["usageMetadata"] as? [String: Any] ?? [:]
            try assertBilled(
                plain, input: usage["promptTokenCount"] as? Int, output: usage["candidatesTokenCount"] as? Int)

            let events = try caller.send("/\(version)/models/chat:streamGenerateContent?alt=sse", Self.contents)
            XCTAssertEqual(events.header("content-type"), "text/event-stream")
            XCTAssertEqual(events.ending, .complete)
            XCTAssertGreaterThan(data(of: events).filter { !text($0).isEmpty }.count, 3)

            let array = try caller.send("/\(version)/models/chat:streamGenerateContent", Self.contents)
            XCTAssertEqual(array.header("content-type"), "application/json")
            let elements = try JSONSerialization.jsonObject(with: Data(array.body)) as? [[String: Any]] ?? []
            XCTAssertGreaterThan(elements.filter { !text($0).isEmpty }.count, 3, array.text)
        }
        let unknown = try caller.send("/v1beta/models/nothing:generateContent", Self.contents)
        XCTAssertEqual(unknown.status, 404)
        XCTAssertEqual((unknown.json["error"] as? [String: Any])?["status"] as? String, "NOT_FOUND", unknown.text)
    }

    func testAKeyInTheQueryIsAKey() throws {
        let key = try fleet().makeKey("foreign-query")
        try fleet().waitUntilConfigured()
        let answer = try fleet().data.caller().send(
            "POST", "/v1beta/models/chat:generateContent?key=\(key.text)",
            headers: [("content-type", "application/json")],
            body: Array(Self.contents.utf8))
        XCTAssertEqual(answer.status, 200, answer.text)
    }
}
