import TestSupport
import XCTest

/// What a caller sees of targets that fail: nothing, where another can serve; an honest ending, where none can.
final class RoutingTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet {
        let fleet = try TestFleet.standard()
        try fleet.admin(
            "POST", "providers",
            [
                "name": "impatient", "base_url": fleet.stub.baseURL, "credential": "stub",
                "first_token_timeout_ms": 400,
                "idle_timeout_ms": 400,
            ])
        try fleet.admin(
            "POST", "providers",
            ["name": "steady", "base_url": fleet.stub.baseURL, "credential": "stub", "idle_timeout_ms": 400])
        // A credential that is rejected sets all its targets aside.
        try fleet.admin("POST", "credentials", ["name": "rejected", "reference": "env:STUB_KEY"])
        try fleet.admin(
            "POST", "providers", ["name": "rejecting", "base_url": fleet.stub.baseURL, "credential": "rejected"])
        try fleet.admin("POST", "providers", ["name": "nobody", "base_url": "http://127.0.0.1:\(freePort())/v1"])
        return fleet
    }

    private func key(_ name: String = #function) throws -> String {
        let fleet = try fleet()
        let key = try fleet.makeKey(String(name.prefix { $0 != "(" }))
        try fleet.waitUntilConfigured()
        return key.text
    }

    // MARK: Streams

    /// How long a provider may be silent is counted from piece to piece.
    func testAStreamMayTakeLongerThanItsProviderMayBeSilent() throws {
        let fleet = try fleet()
        try fleet.addFaultyRoute("steady", "slow;chunk=100;tokens=8", at: "steady")
        let answer = try fleet.data.caller().chat(key(), chatBody("steady", stream: true))
        XCTAssertEqual(answer.status, 200, answer.text)
        XCTAssertEqual(answer.ending, .complete)
        XCTAssertEqual(answer.events.last, "[DONE]")
    }

    /// A provider is not silent while nobody listens to it.
    func testACallerWhoPausesIsNotTakenForASilentProvider() throws {
        let fleet = try fleet()
        try fleet.addFaultyRoute("much", "huge-answer;bytes=6000000", at: "steady")
        try fleet.addFaultyRoute("long", "slow;chunk=0;tokens=20000", at: "steady")
        let key = try key()
        for (route, isStream) in [("much", false), ("long", true)] {
            let body = chatBody(route, stream: isStream)
            let caller = try RawConnection(port: fleet.data.port, bufferBytes: 65_536)
            defer { caller.close() }
            try caller.send(
                "POST /v1/chat/completions HTTP/1.1\r\nhost: w\r\nauthorization: Bearer \(key)\r\nconnection: close\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
            )
            var received: [UInt8] = []
            // Each longer than the provider may be silent, and more than buffers hold is still to come.
            for _ in 0..<2 {
                guard case .bytes(let piece) = try caller.receive() else { return XCTFail("\(route): cut") }
                received += piece
                usleep(500_000)
            }
            while case .bytes(let piece) = try caller.receive() { received += piece }
            let text = String(decoding: received, as: UTF8.self)
            XCTAssertTrue(text.hasPrefix("HTTP/1.1 200"), route)
            XCTAssertTrue(
                text.contains(isStream ? "[DONE]" : "\"usage\""), "\(route): cut after \(received.count) bytes")
            XCTAssertGreaterThan(received.count, 4_500_000, "less fits into buffers: \(route) shows nothing")
        }
    }

    // MARK: The next target

    func testNextTargetServesWhenTheFirstFailsBeforeItsFirstByte() throws {
        let fleet = try fleet()
        let faults = [
            "status-500", "status-502", "status-503", "close-before-head", "reset-before-head", "reset-mid-head",
        ]
        for fault in faults { try fleet.addFaultyRoute("fall-\(fault)", fault, thenGood: true) }
        let key = try key()
        let caller = fleet.data.caller()
        var ids: [String] = []
        for fault in faults {
            for stream in [false, true] {
                let answer = try caller.chat(key, chatBody("fall-\(fault)", stream: stream))
                XCTAssertEqual(answer.status, 200, "\(fault): \(answer.text)")
                XCTAssertEqual(answer.ending, .complete, fault)
                XCTAssertEqual(answer.header("x-weir-attempts"), "2", fault)
                if stream { XCTAssertEqual(answer.events.last, "[DONE]", fault) }
                ids.append(answer.header("x-request-id") ?? "")
            }
        }
        let events = try fleet.events(for: ids)
        XCTAssertEqual(events.count, faults.count * 2)
        for event in events.values {
            XCTAssertEqual(event.attempts, 2)
            XCTAssertEqual(event.outcome, "completed")
        }
    }

    /// Clients repeat what failed, some of them under a key by which a provider knows that it is the same.
    func testWhatIsAskedAgainIsBilledOnceAndNamedTheSame() throws {
        let fleet = try fleet()
        try fleet.addRoute("again", [["provider": "stub", "model": "gpt-4o-mini"]], fields: ["retries_max": 0])
        try fleet.addFaultyRoute("again-elsewhere", "status-500", thenGood: true)
        let key = try key()
        func ask(_ route: String) throws -> HTTPAnswer {
            try fleet.data.caller().chat(key, chatBody(route), headers: [("idempotency-key", "order-66")])
        }
        func names(_ answer: HTTPAnswer) throws -> [Bool] {
            try fleet.stub.received(try XCTUnwrap(answer.header("x-request-id"))).map {
                $0.head.lowercased().contains("idempotency-key: order-66\r\n")
            }
        }
        try fleet.stub.script("status-500")
        let failed = try ask("again")
        XCTAssertEqual(failed.status, 502, failed.text)
        let served = try ask("again")
        XCTAssertEqual(served.status, 200, served.text)
        XCTAssertEqual(try names(failed) + names(served), [true, true])
        let fallen = try ask("again-elsewhere")
        XCTAssertEqual(try names(fallen), [true, true])
        let ids = try [failed, served, fallen].map { try XCTUnwrap($0.header("x-request-id")) }
        let events = try fleet.events(for: ids)
        let costs = ids.map { events[$0]?.costNanodollars ?? -1 }
        XCTAssertEqual(costs[0], 0, "what failed costs nothing")
        XCTAssertGreaterThan(costs[1], 0)
        let bills = try fleet.stub.ledger().filter { ids.contains($0.requestID) && $0.completionTokens > 0 }
        XCTAssertEqual(bills.map(\.requestID).sorted(), ids.dropFirst().sorted())
    }

    func testNextTargetServesWhenNobodyListensAtTheFirst() throws {
        let fleet = try fleet()
        try fleet.addRoute(
            "fall-connect",
            [["provider": "nobody", "model": "gpt-4o-mini"], ["provider": "stub", "model": "gpt-4o-mini"]])
        let answer = try fleet.data.caller().chat(try key(), chatBody("fall-connect"))
        XCTAssertEqual(answer.status, 200, answer.text)
        XCTAssertEqual(answer.header("x-weir-attempts"), "2")
        XCTAssertEqual(answer.header("x-weir-target")?.contains("stub"), true)
    }

    func testNextTargetServesWhenTheFirstSaysNothingInTime() throws {
        let fleet = try fleet()
        try fleet.addRoute(
            "fall-stall",
            [
                [
                    "provider": "impatient", "model": "gpt-4o-mini",
                    "upstream_model_name": "gpt-4o-mini+stall-before-head",
                ],
                ["provider": "stub", "model": "gpt-4o-mini"],
            ])
        let answer = try fleet.data.caller().chat(try key(), chatBody("fall-stall"))
        XCTAssertEqual(answer.status, 200, answer.text)
        XCTAssertEqual(answer.header("x-weir-attempts"), "2")
    }

    func testVerdictOnTheRequestIsPassedOnAndNotTriedElsewhere() throws {
        let fleet = try fleet()
        for status in [400, 413, 422] {
            try fleet.addFaultyRoute("verdict-\(status)", "status-\(status)", thenGood: true)
        }
        let key = try key()
        for status in [400, 413, 422] {
            let answer = try fleet.data.caller().chat(key, chatBody("verdict-\(status)"))
            XCTAssertEqual(answer.status, status)
            XCTAssertEqual(answer.errorType, "invalid_request_error")
            XCTAssertEqual(answer.header("x-weir-attempts"), "1")
        }
    }

    func testCallerIsToldWhenNoTargetIsLeft() throws {
        let fleet = try fleet()
        try fleet.addFaultyRoute("lost-500", "status-500")
        try fleet.addFaultyRoute("lost-429", "status-429;retry-after=7")
        try fleet.addFaultyRoute("lost-401", "status-401", at: "rejecting")
        try fleet.addFaultyRoute("lost-reset", "reset-before-head")
        try fleet.addRoute("lost-connect", [["provider": "nobody", "model": "gpt-4o-mini"]])
        try fleet.addRoute(
            "lost-stall",
            [["provider": "impatient", "model": "gpt-4o-mini", "upstream_model_name": "gpt-4o-mini+stall-before-head"]])
        let key = try key()
        let caller = fleet.data.caller()
        for (route, status, code) in [
            ("lost-500", 502, "upstream_error"), ("lost-429", 429, "upstream_rate_limited"),
            ("lost-401", 502, "upstream_credential_rejected"), ("lost-reset", 502, "upstream_unreachable"),
            ("lost-connect", 502, "upstream_unreachable"), ("lost-stall", 504, "upstream_timeout"),
        ] {
            let answer = try caller.chat(key, chatBody(route))
            XCTAssertEqual(answer.status, status, route)
            XCTAssertEqual(answer.errorCode, code, route)
            XCTAssertFalse(answer.text.contains("127.0.0.1"), "\(route): the upstream's address is told to the caller")
            if route == "lost-429" { XCTAssertEqual(answer.header("retry-after"), "7") }
            let event = try XCTUnwrap(try fleet.events(for: [answer.header("x-request-id") ?? ""]).values.first)
            XCTAssertEqual(event.outcome, "failed", route)
            XCTAssertEqual(event.costNanodollars, 0, route)
        }
    }

    func testARouteMayWantNoneOfItsTargetsTriedWhileAllAreOut() throws {
        let fleet = try fleet()
        try fleet.addRoute(
            "out",
            // A target of its own: what is out here is out for every route to it.
            [["provider": "stub", "model": "gpt-4o-mini", "upstream_model_name": "out+status-500"]],
            fields: ["refuses_when_all_are_out": true, "retries_max": 0])
        let key = try key()
        let caller = fleet.data.caller()
        for _ in 1...5 { XCTAssertEqual(try caller.chat(key, chatBody("out")).errorCode, "upstream_error") }
        let answer = try caller.chat(key, chatBody("out"))
        XCTAssertEqual(answer.status, 503)
        XCTAssertEqual(answer.errorCode, "all_targets_out")
        XCTAssertEqual(answer.header("retry-after"), "1")
        let event = try XCTUnwrap(try fleet.events(for: [answer.header("x-request-id") ?? ""]).values.first)
        XCTAssertEqual(event.attempts, 0)
        XCTAssertEqual(event.costNanodollars, 0)
    }

    // MARK: Weights

    func testWeightsDivideTheTraffic() throws {
        let fleet = try fleet()
        try fleet.addRoute(
            "weighted", strategy: "weighted",
            [
                ["provider": "stub", "model": "gpt-4o-mini", "upstream_model_name": "heavy", "weight": 3],
                ["provider": "stub", "model": "gpt-4o-mini", "upstream_model_name": "light", "weight": 1],
            ])
        let key = try key()
        let caller = fleet.data.caller()
        let before = try fleet.stub.lastSequence()
        for _ in 1...400 {
            XCTAssertEqual(try caller.chat(key, chatBody("weighted", extra: #","max_tokens":1"#)).status, 200)
        }
        let models = try fleet.stub.ledger(since: before).map(\.model)
        let heavy = models.filter { $0 == "heavy" }.count
        XCTAssertEqual(models.count, 400)
        // 300 expected; the standard deviation is 8.7, and five of them are beyond chance.
        XCTAssertTrue((257...343).contains(heavy), "\(heavy) of 400")
    }

    // MARK: Broken answers

    func testStreamThatBreaksEndsInAnErrorAndNeverInDone() throws {
        let fleet = try fleet()
        let faults = [
            "cut-mid-stream", "reset-mid-stream", "malformed-framing", "stall-mid-stream", "missing-done",
            "malformed-chunk",
        ]
        for fault in faults {
            try fleet.addRoute(
                "broken-\(fault)",
                [
                    [
                        "provider": "impatient", "model": "gpt-4o-mini",
                        "upstream_model_name": "gpt-4o-mini+\(fault);after=4;tokens=20;chunk=10",
                    ]
                ])
        }
        let key = try key()
        for fault in faults {
            let answer = try fleet.data.caller().chat(key, chatBody("broken-\(fault)", stream: true))
            XCTAssertEqual(answer.status, 200, fault)
            XCTAssertFalse(answer.events.contains("[DONE]"), "\(fault): a clean end after a cut")
            XCTAssertGreaterThan(answer.events.count, 3, "\(fault): what came before the cut is relayed")
            let last = answer.events.last ?? ""
            let event = try XCTUnwrap(try fleet.events(for: [answer.header("x-request-id") ?? ""]).values.first)
            XCTAssertTrue(last.contains(#""stream_interrupted""#), "\(fault): \(last)")
            XCTAssertEqual(event.outcome, "cut", fault)
            XCTAssertGreaterThan(event.costNanodollars, 0, "\(fault): what was produced is charged")
        }
    }

    func testProvidersErrorInAStreamIsRelayedAndNotFollowedByDone() throws {
        let fleet = try fleet()
        let key = try key()
        let error =
            #"data: {"error":{"message":"The server had an error","type":"server_error","param":null,"code":null}}"#
        let body = #"data: {"choices":[{"index":0,"delta":{"content":"x"}}]}"# + "\n\n" + error + "\n\ndata: [DONE]\n\n"
        try fleet.stub.prepare(
            answer: Array("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n\(body)".utf8)
        )
        let answer = try fleet.data.caller().chat(key, chatBody("chat", stream: true))
        XCTAssertTrue(answer.text.contains(error))
        XCTAssertFalse(answer.events.contains("[DONE]"))
        let id = try XCTUnwrap(answer.header("x-request-id"))
        XCTAssertEqual(try fleet.events(for: [id])[id]?.outcome, "cut")
    }

    func testPlainAnswerThatBreaksIsSeenToBreak() throws {
        let fleet = try fleet()
        let faults = ["cut-mid-stream;after=50", "reset-mid-stream;after=50", "wrong-content-length"]
        for (index, fault) in faults.enumerated() { try fleet.addFaultyRoute("short-\(index)", fault) }
        let key = try key()
        for (index, fault) in faults.enumerated() {
            // Either the cut is visible as such, or Weir noticed in time and answered with an error of its own.
            let answer = try fleet.data.caller().chat(key, chatBody("short-\(index)"))
            if answer.status == 200 {
                XCTAssertNotEqual(answer.ending, .complete, fault)
            } else {
                XCTAssertEqual(answer.status, 502, fault)
            }
        }
    }

    // MARK: Usage in odd places

    func testMissingUsageIsEstimatedAndMarked() throws {
        let fleet = try fleet()
        try fleet.addFaultyRoute("no-usage", "missing-usage;tokens=20")
        let key = try key()
        for stream in [false, true] {
            let answer = try fleet.data.caller().chat(key, chatBody("no-usage", stream: stream))
            XCTAssertEqual(answer.status, 200)
            let event = try XCTUnwrap(try fleet.events(for: [answer.header("x-request-id") ?? ""]).values.first)
            XCTAssertFalse(event.usageReported)
            XCTAssertGreaterThan(event.costNanodollars, 0, "nothing is silently free")
        }
    }

    func testUsageOnEveryChunkCountsOnce() throws {
        let fleet = try fleet()
        try fleet.addFaultyRoute("running-usage", "usage-every-chunk;tokens=20")
        let answer = try fleet.data.caller().chat(try key(), chatBody("running-usage", stream: true))
        let id = try XCTUnwrap(answer.header("x-request-id"))
        let event = try XCTUnwrap(try fleet.events(for: [id])[id])
        XCTAssertEqual(event.outputTokens, 20)
        XCTAssertEqual(event.costNanodollars, TestFleet.cost(TestFleet.chatPrice, input: event.inputTokens, output: 20))
    }

    func testCachedAndReasoningTokensAreChargedOnce() throws {
        let fleet = try fleet()
        try fleet.addFaultyRoute("cached", "usage;cached=5;reasoning=7;tokens=20")
        let answer = try fleet.data.caller().chat(try key(), chatBody("cached"))
        let id = try XCTUnwrap(answer.header("x-request-id"))
        let event = try XCTUnwrap(try fleet.events(for: [id])[id])
        XCTAssertEqual(event.cachedInputTokens, 5)
        XCTAssertEqual(event.reasoningTokens, 7)
        XCTAssertEqual(event.outputTokens, 27)
        // Reasoning has no price of its own here: the output price is charged, each of the two lines rounded up.
        let price = TestFleet.chatPrice
        let split =
            TestFleet.cost(price, input: event.inputTokens, cached: 5, output: 20)
            + TestFleet.cost(price, input: 0, output: 7)
        XCTAssertEqual(event.costNanodollars, split)
    }

    func testHugeAnswerIsRelayedWhole() throws {
        let fleet = try fleet()
        try fleet.addFaultyRoute("huge", "huge-answer;bytes=1500000")
        let key = try key()
        for stream in [false, true] {
            let answer = try fleet.data.caller(timeout: .seconds(60)).chat(key, chatBody("huge", stream: stream))
            XCTAssertEqual(answer.status, 200)
            XCTAssertEqual(answer.ending, .complete)
            let id = try XCTUnwrap(answer.header("x-request-id"))
            let bill = try XCTUnwrap(try fleet.stub.ledger().first { $0.requestID == id })
            XCTAssertEqual(try fleet.events(for: [id])[id]?.outputTokens, bill.completionTokens)
        }
    }
}
