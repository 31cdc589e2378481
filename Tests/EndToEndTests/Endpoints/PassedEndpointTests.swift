import Foundation
import TestSupport
import XCTest

/// The endpoints that pass to providers of the caller's dialect and no further, with the official clients; and the usage report afterwards.
final class PassedEndpointTests: FleetTestCase {
    /// A provider that speaks another dialect besides the standard one.
    override class func makeFleet() throws -> TestFleet {
        let fleet = try TestFleet.standard()
        try fleet.admin(
            "POST", "providers",
            [
                "name": "foreign", "dialect": "anthropic", "base_url": "http://127.0.0.1:\(fleet.stub.port)",
                "credential": "stub",
            ])
        let searchPrice = [
            "input_picodollars_per_token": 0, "output_picodollars_per_token": 0, "request_picodollars": 2_000_000_001,
        ]
        for (name, kind, prices) in [
            ("moderation", "moderation", []), ("jina-reranker", "rerank", [TestFleet.embeddingPrice]),
            ("rerank-v3.5", "rerank", [searchPrice]),
            ("gpt-image", "image", [TestFleet.chatPrice]), ("dall-e", "image", [searchPrice]),
            ("whisper", "transcription", [TestFleet.chatPrice]),
            ("transcribe", "transcription", [TestFleet.chatPrice]), ("tts", "speech", [TestFleet.embeddingPrice]),
            ("speech", "speech", [TestFleet.chatPrice]),
        ] {
            try fleet.admin(
                "POST", "models",
                [
                    "name": name, "kind": kind, "prices": prices,
                    "max_output_tokens": name == "gpt-image" ? 6_240 as Any : NSNull(),
                ])
            try fleet.addRoute(name, [["provider": "stub", "model": name]])
        }
        let foreign = ["provider": "foreign", "model": "gpt-4o-mini"]
        try fleet.addRoute("foreign", [foreign])
        try fleet.admin(
            "POST", "providers",
            [
                "name": "gemini", "dialect": "gemini", "base_url": "http://127.0.0.1:\(fleet.stub.port)",
                "credential": "stub",
            ])
        for (route, model) in [("google-embedding", ""), ("google-embedding-unsaid", "+missing-usage")] {
            try fleet.addRoute(
                route,
                [
                    [
                        "provider": "gemini", "model": "text-embedding-3-small",
                        "upstream_model_name": "gemini-embedding-001\(model)",
                    ]
                ])
        }
        try fleet.addRoute("foreign-first", [foreign, ["provider": "stub", "model": "gpt-4o-mini"]])
        return fleet
    }

    func testTheOfficialClientIsServedAndBilledForWhatItUsed() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("endpoints")
        try fleet.waitUntilConfigured()
        let report = try PythonTools.openAIChecks(
            [
                "--base-url", "http://127.0.0.1:\(fleet.data.port)/v1", "--key", key.text, "--completion", "chat",
                "--weir",
            ], program: "openai_endpoint_checks.py")
        for check in report.checks { XCTAssertNil(check.failure, check.name) }
        XCTAssertFalse(report.checks.isEmpty)
        try checkBills(of: report.answers.filter { $0.kind.hasPrefix("completion") }, fleet)
        try checkBills(of: report.answers.filter { $0.kind == "image" || $0.kind == "image-stream" }, fleet)
        let pieces = try XCTUnwrap(report.answers.first { $0.kind == "image-pieces" }?.requestID)
        let images = try XCTUnwrap(fleet.events(for: [pieces])[pieces])
        XCTAssertEqual(images.costNanodollars, 6_000_001, "three images, each at the price of a request")
        XCTAssertTrue(images.usageReported)
        try checkBills(of: report.answers.filter { $0.kind == "transcription-transcribe" }, fleet)
        try checkBills(of: report.answers.filter { $0.kind == "transcription-whisper" }, fleet)
        let characters = report.answers.filter { $0.kind == "speech-tts" }
        try checkBills(of: characters, price: TestFleet.embeddingPrice, fleet)
        try checkBills(of: report.answers.filter { $0.kind == "speech-events" }, fleet)
        let unsaid = try XCTUnwrap(report.answers.first { $0.kind == "speech-speech" }?.requestID)
        let estimated = try XCTUnwrap(fleet.events(for: [unsaid])[unsaid])
        XCTAssertFalse(estimated.usageReported, "sound says nothing of its tokens")
        XCTAssertEqual(estimated.outputTokens, 20 * 3 / 2)
        let free = report.answers.filter { $0.kind == "moderation" }
        let events = try fleet.events(for: free.compactMap(\.requestID))
        XCTAssertEqual(events.values.map(\.costNanodollars), [0])
        XCTAssertEqual(events.values.map(\.inputTokens), [0])
    }

    /// Whatever a provider bills, tokens or searches, is charged to the nanodollar; and what it can come to is held before.
    func testDocumentsAreRankedByTheTokenAndByTheSearch() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("rankings")
        try fleet.makeAllowance(
            "rankings", of: key, ["kind": "money", "period": "total", "limit_usd": "1.00", "mode": "strict"])
        try fleet.waitUntilConfigured()
        func rank(_ model: String, _ count: Int, path: String = "/v1/rerank") throws -> (UsageRow, StubNode.Bill) {
            let answer = try send(
                path, ["model": model, "query": "which river?", "documents": (0..<count).map { "river \($0)" }], key,
                fleet)
            XCTAssertEqual(answer.status, 200, answer.text)
            XCTAssertEqual((answer.json["results"] as? [Any])?.count, count)
            let id = try XCTUnwrap(answer.header("x-request-id"))
            let bill = try XCTUnwrap(fleet.stub.ledger().first { $0.requestID == id })
            return (try XCTUnwrap(fleet.events(for: [id])[id]), bill)
        }
        let (tokens, bill) = try rank("jina-reranker", 40)
        XCTAssertTrue(tokens.usageReported)
        XCTAssertEqual(tokens.inputTokens, bill.promptTokens)
        XCTAssertEqual(
            tokens.costNanodollars,
            TestFleet.cost(TestFleet.embeddingPrice, input: bill.promptTokens, output: 0))
        let (searches, _) = try rank("rerank-v3.5", 150, path: "/v2/rerank")
        XCTAssertTrue(searches.usageReported)
        XCTAssertEqual(searches.costNanodollars, 4_000_001, "150 documents are two searches")
    }

    /// What costs nothing passes where money is limited, although nobody has priced it.
    func testAModerationIsFreeWithoutAPrice() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("moderations")
        let allowance = try fleet.makeAllowance(
            "moderations", of: key, ["kind": "money", "period": "total", "limit_nanodollars": 1, "mode": "strict"])
        try fleet.waitUntilConfigured()
        let answer = try send("/v1/moderations", ["model": "moderation", "input": "a river"], key, fleet)
        XCTAssertEqual(answer.status, 200, answer.text)
        let event = try XCTUnwrap(fleet.events(of: key, count: 1).first)
        XCTAssertEqual(event.costNanodollars, 0)
        XCTAssertEqual(try fleet.figures(of: allowance).settled, 0)
        let wrong = try send("/v1/moderations", ["model": "chat", "input": "a river"], key, fleet)
        XCTAssertEqual(wrong.errorCode, "model_not_supported", wrong.text)
    }

    func testTheOfficialGeminiClientEmbeds() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("gemini-endpoints")
        try fleet.waitUntilConfigured()
        let report = try PythonTools.openAIChecks(
            [
                "--base-url", "http://127.0.0.1:\(fleet.data.port)", "--key", key.text, "--model", "google-embedding",
                "--weir",
            ], program: "gemini_endpoint_checks.py")
        for check in report.checks { XCTAssertNil(check.failure, check.name) }
        XCTAssertEqual(report.answers.count, 2)
        try checkBills(of: report.answers, price: TestFleet.embeddingPrice, fleet)
        // The stub refuses a batch that names another model than its path.
        let heads = try report.answers.compactMap(\.requestID).flatMap { try fleet.stub.received($0).map(\.head) }
        XCTAssertTrue(heads.contains { $0.contains("gemini-embedding-001:batchEmbedContents") }, "\(heads)")
    }

    /// A provider that does not say what it used: an estimate, and all that was held where tokens are limited.
    func testEmbeddingsWithoutUsageAreChargedWhatWasHeldWhereThatIsLimited() throws {
        let fleet = try fleet()
        let free = try fleet.makeKey("gemini-unsaid")
        let bound = try fleet.makeKey("gemini-unsaid-bounded")
        let allowance = try fleet.makeAllowance(
            "gemini-unsaid", of: bound, ["kind": "money", "period": "total", "limit_usd": "1.00", "mode": "strict"])
        try fleet.waitUntilConfigured()
        for key in [free, bound] {
            let answer = try send(
                "/v1beta/models/google-embedding-unsaid:embedContent",
                ["model": "models/google-embedding-unsaid", "content": ["parts": [["text": "a river"]]]], key, fleet)
            XCTAssertEqual(answer.status, 200, answer.text)
            let event = try XCTUnwrap(fleet.events(of: key, count: 1).first)
            XCTAssertFalse(event.usageReported)
            XCTAssertGreaterThan(event.inputTokens, 0)
            let estimate = TestFleet.cost(TestFleet.embeddingPrice, input: event.inputTokens, output: 0)
            if key.id == free.id {
                XCTAssertEqual(event.costNanodollars, estimate)
            } else {
                XCTAssertGreaterThan(event.costNanodollars, 4 * estimate)
                try waitUntil("what was held is settled") {
                    try fleet.figures(of: allowance).settled == event.costNanodollars
                }
            }
        }
    }

    /// What the client was told is what the provider billed and what the report has.
    private func checkBills(
        of answers: [PythonTools.ClientReport.Answer], price: [String: Int] = TestFleet.chatPrice, _ fleet: TestFleet
    ) throws {
        let bills = Dictionary(try fleet.stub.ledger().map { ($0.requestID, $0) }) { first, _ in first }
        let events = try fleet.events(for: answers.compactMap(\.requestID))
        for answer in answers {
            let id = try XCTUnwrap(answer.requestID, answer.kind)
            let event = try XCTUnwrap(events[id], answer.kind)
            let bill = try XCTUnwrap(bills[id], "\(answer.kind): the provider never saw \(id)")
            XCTAssertEqual(event.outcome, "completed", answer.kind)
            XCTAssertTrue(event.usageReported, answer.kind)
            XCTAssertEqual(event.inputTokens, bill.promptTokens, answer.kind)
            XCTAssertEqual(event.outputTokens, bill.completionTokens, answer.kind)
            let cost = TestFleet.cost(price, input: event.inputTokens, output: event.outputTokens)
            XCTAssertEqual(event.costNanodollars, cost, answer.kind)
            guard let prompt = answer.promptTokens else { continue }
            XCTAssertEqual(event.inputTokens, prompt, answer.kind)
            XCTAssertEqual(event.outputTokens, answer.completionTokens, answer.kind)
        }
    }

    func testATargetOfAnotherDialectIsPassedOver() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("foreign-endpoints")
        try fleet.waitUntilConfigured()
        for (path, body) in [("/v1/completions", ["prompt": "Once"])] as [(String, [String: Any])] {
            let refused = try send(path, body.merging(["model": "foreign"]) { $1 }, key, fleet)
            XCTAssertEqual(refused.status, 400, path)
            XCTAssertEqual(refused.errorCode, "unsupported_parameter", "\(path): \(refused.text)")
            let served = try send(path, body.merging(["model": "foreign-first"]) { $1 }, key, fleet)
            XCTAssertEqual(served.status, 200, "\(path): \(served.text)")
            XCTAssertEqual(served.header("x-weir-target"), "stub/gpt-4o-mini", path)
        }
    }

    /// What one request may cost is held before it goes out, and given back when it ends.
    func testAnAllowanceHoldsTheMostThatARequestCanCost() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("bounded-endpoints")
        try fleet.makeAllowance(
            "endpoints", of: key, ["kind": "tokens", "period": "minute", "limit": 5_800, "mode": "strict"])
        try fleet.waitUntilConfigured()
        // 2 prompts x 3 choices x 1,000 tokens do not fit, 2 x 2 do.
        func complete(_ bestOf: Int) throws -> HTTPAnswer {
            try send(
                "/v1/completions", ["model": "chat", "prompt": ["a", "b"], "best_of": bestOf, "max_tokens": 1_000], key,
                fleet)
        }
        let refused = try complete(3)
        XCTAssertEqual(refused.status, 429, refused.text)
        for _ in 1...3 { XCTAssertEqual(try complete(2).status, 200) }
    }

    /// An image has as many tokens as its model says, and each that is shown early 100 more.
    func testTheMostThatImagesCanCostIsHeld() throws {
        let fleet = try fleet()
        try fleet.admin(
            "POST", "models", ["name": "gpt-image-boundless", "kind": "image", "prices": [TestFleet.chatPrice]])
        try fleet.addRoute("gpt-image-boundless", [["provider": "stub", "model": "gpt-image-boundless"]])
        let key = try fleet.makeKey("bounded-images")
        try fleet.makeAllowance(
            "images", of: key, ["kind": "tokens", "period": "minute", "limit": 13_200, "mode": "strict"])
        try fleet.waitUntilConfigured()
        func image(_ more: [String: Any], _ model: String = "gpt-image") throws -> HTTPAnswer {
            try send("/v1/images/generations", ["model": model, "prompt": "a river"].merging(more) { $1 }, key, fleet)
        }
        XCTAssertEqual(try image(["n": 2, "stream": true, "partial_images": 3]).status, 429)
        XCTAssertEqual(try image(["n": 2]).status, 200)
        let boundless = try image([:], "gpt-image-boundless")
        XCTAssertEqual(boundless.errorCode, "unbounded_output", boundless.text)
        XCTAssertEqual(boundless.errorParam, "model")
    }

    /// What broke off in the middle of an image costs what it held, and its caller cannot take it for whole.
    func testAnImageThatBreaksOffIsNotWhole() throws {
        let fleet = try fleet()
        try fleet.addRoute(
            "gpt-image-broken",
            [["provider": "stub", "model": "gpt-image", "upstream_model_name": "gpt-image+cut-mid-stream;after=2"]])
        let key = try fleet.makeKey("broken-images")
        try fleet.waitUntilConfigured()
        let answer = try send(
            "/v1/images/generations",
            ["model": "gpt-image-broken", "prompt": "a river", "stream": true, "partial_images": 3], key, fleet)
        XCTAssertEqual(answer.status, 200)
        XCTAssertNotEqual(answer.ending, .complete)
        XCTAssertTrue(answer.text.contains("partial_image_index"))
        let event = try XCTUnwrap(fleet.events(of: key, count: 1).first)
        XCTAssertEqual(event.outcome, "cut")
        XCTAssertFalse(event.usageReported)
        XCTAssertGreaterThan(event.outputTokens, 272)
    }

    /// Nothing of a sound is held back until the rest of it is there.
    func testSoundPassesAsItComes() throws {
        let fleet = try fleet()
        try fleet.addRoute(
            "speech-slow",
            [["provider": "stub", "model": "tts", "upstream_model_name": "tts+usage;chunk=30"]])
        let key = try fleet.makeKey("slow-speech")
        try fleet.waitUntilConfigured()
        let body = ["model": "speech-slow", "voice": "v", "input": (0..<40).map { "word\($0)" }.joined(separator: " ")]
        var deliveryAtFirst: String?
        let answer = try HTTPCaller(port: fleet.data.port).send(
            "POST", "/v1/audio/speech",
            headers: [("authorization", "Bearer \(key.text)"), ("content-type", "application/json")],
            body: Array(try JSONSerialization.data(withJSONObject: body))
        ) { _ in
            if deliveryAtFirst == nil { deliveryAtFirst = try? fleet.stub.ledger().last?.delivery }
            return true
        }
        XCTAssertEqual(answer.body.count, 40 * 400)
        XCTAssertEqual(answer.ending, .complete)
        XCTAssertEqual(deliveryAtFirst, "open", "the caller hears the beginning while the provider makes the rest")
    }

    private func send(
        _ path: String, _ body: [String: Any], _ key: TestFleet.Key, _ fleet: TestFleet
    ) throws -> HTTPAnswer {
        try HTTPCaller(port: fleet.data.port).send(
            "POST", path,
            headers: [("authorization", "Bearer \(key.text)"), ("content-type", "application/json")],
            body: Array(try JSONSerialization.data(withJSONObject: body)))
    }
}
