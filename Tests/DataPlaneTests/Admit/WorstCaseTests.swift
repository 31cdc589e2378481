import Shared
import XCTest

@testable import DataPlane

final class WorstCaseTests: XCTestCase {
    private let cheap = PriceLines(inputPicodollarsPerToken: 1_000, outputPicodollarsPerToken: 2_000)
    private let dear = PriceLines(
        inputPicodollarsPerToken: 3_000, cacheWrite5mPicodollarsPerToken: 4_000, imageInputPicodollarsPerToken: 9_000,
        outputPicodollarsPerToken: 5_000, reasoningPicodollarsPerToken: 6_000, audioOutputPicodollarsPerToken: 50_000)

    private func model(
        _ name: String, _ lines: PriceLines?, tiers: [PriceTier] = [], output: Int? = nil, input: Int? = nil
    ) -> PolicyDocument.Model {
        PolicyDocument.Model(
            id: ObjectID(high: 2, low: UInt64(name.utf8.reduce(0) { $0 &* 31 &+ Int($1) })), name: name, kind: .chat,
            maxOutputTokens: output, maxInputTokens: input,
            prices: lines.map {
                [.init(id: ObjectID(high: 5, low: 1), effectiveFromUnixSeconds: 100, lines: $0, tiers: tiers)]
            } ?? [])
    }

    private func plan(_ models: [PolicyDocument.Model]) throws -> RoutePlan {
        var policy = SnapshotForge.policy
        policy.models = models
        policy.routes[0].targets = models.map { .init(providerID: policy.providers[0].id, modelID: $0.id) }
        let made = SnapshotForge().make(version: 1, blobs: [])
        let decoded = DecodedSnapshot(
            manifest: made.manifest, policy: policy, shards: Array(repeating: nil, count: 256))
        let compiled = CompiledPolicy(Snapshot(decoded, credentials: [:]))
        return compiled.plans[0][0]
    }

    private func request(_ more: String = "", endpoint: Endpoint = .chatCompletions) throws -> ParsedRequest {
        let body = Array(#"{"model":"chat","messages":[{"role":"user","content":"hello"}]\#(more)}"#.utf8)
        return try unsafe body.withUnsafeBytes { unsafe try RequestParser.parse($0, endpoint: endpoint) }
    }

    private func worst(
        _ more: String, _ models: [PolicyDocument.Model], route: UInt64? = nil, now: Int64 = 100
    ) throws -> WorstCase {
        WorstCase(of: try request(more), try plan(models), routeOutputTokensMax: route, nowUnixSeconds: now)
    }

    func testTheDearestTargetCounts() throws {
        let both = try worst(#","max_tokens":100"#, [model("a", cheap), model("b", dear)])
        XCTAssertEqual(both.cost, try worst(#","max_tokens":100"#, [model("b", dear)]).cost)
        XCTAssertGreaterThan(both.cost, try worst(#","max_tokens":100"#, [model("a", cheap)]).cost)
        XCTAssertNil(both.problem)
        XCTAssertNil(both.injectedOutputTokensMax)
    }

    func testTheBoundOfTheAnswerIsTheCallersThenTheRoutesThenTheModels() throws {
        let limited = model("a", cheap, output: 700)
        let own = try worst(#","max_completion_tokens":100"#, [limited], route: 300)
        let routes = try worst("", [limited], route: 300)
        let models = try worst("", [limited])
        XCTAssertEqual(
            routes.tokens - own.tokens + 32, 200, "the field itself counts its 28 bytes, and two separators twice more")
        XCTAssertEqual(routes.injectedOutputTokensMax, 300)
        XCTAssertEqual(models.tokens - routes.tokens, 400)
        XCTAssertNil(models.injectedOutputTokensMax)
        XCTAssertNil(models.problem)
        let none = try worst("", [model("a", cheap)])
        XCTAssertEqual(none.problem, .unboundedOutput(model: "a"))
        XCTAssertGreaterThan(none.cost, models.cost)
    }

    func testEachChoiceMayFillTheBound() throws {
        let one = try worst(#","max_tokens":1000,"n":1"#, [model("a", cheap)])
        let four = try worst(#","max_tokens":1000,"n":4"#, [model("a", cheap)])
        XCTAssertEqual(four.tokens - one.tokens, 3000)
        let huge = try worst(#","max_tokens":18446744073709551615,"n":18446744073709551615"#, [model("a", dear)])
        XCTAssertEqual(huge.tokens, .max)
        XCTAssertGreaterThan(huge.cost, Money(nanodollars: 500_000_000_000_000_000))
    }

    func testAPredictionIsBilledOnTopOfTheAnswer() throws {
        let prediction = #"{"type":"content","content":"0123456789"}"#
        let without = try worst(#","max_tokens":10,"prediction":null"#, [model("a", cheap)])
        let with = try worst(#","max_tokens":10,"prediction":\#(prediction)"#, [model("a", cheap)])
        XCTAssertGreaterThanOrEqual(with.tokens - without.tokens, UInt64(2 * prediction.utf8.count - 4))
    }

    func testAModelWithoutAPriceIsAProblemAndTheOthersStillCount() throws {
        let mixed = try worst(#","max_tokens":100"#, [model("a", nil), model("b", cheap)])
        XCTAssertEqual(mixed.problem, .unpriced(model: "a"))
        XCTAssertEqual(mixed.cost, try worst(#","max_tokens":100"#, [model("b", cheap)]).cost)
        XCTAssertEqual(
            try worst(#","max_tokens":1"#, [model("a", cheap)], now: 99).problem, .unpriced(model: "a"), "not yet")
    }

    func testInputOfUnknownSizeIsBoundedByTheModel() throws {
        let search = #","max_tokens":10,"web_search_options":{}"#
        XCTAssertEqual(try worst(search, [model("a", cheap)]).problem, .unboundedInput(model: "a"))
        let bounded = try worst(search, [model("a", cheap, input: 50_000)])
        XCTAssertNil(bounded.problem)
        XCTAssertEqual(bounded.tokens, 50_010)
    }

    func testSoundIsPricedOnlyWhereItMayBeAnswered() throws {
        let any = try worst(#","max_tokens":1000"#, [model("b", dear)])
        let text = try worst(#","max_tokens":1000,"modalities":["text"]"#, [model("b", dear)])
        XCTAssertGreaterThan(any.cost.nanodollars, 50_000)
        XCTAssertLessThan(text.cost.nanodollars, 15_000)
    }

    func testOnlyTheTiersThatARequestCanReachCount() throws {
        var long = cheap
        long.inputPicodollarsPerToken = 100_000
        var priority = cheap
        priority.outputPicodollarsPerToken = 20_000
        let tiers = [
            PriceTier(aboveInputTokens: 10_000, lines: long), PriceTier(serviceTier: .priority, lines: priority),
            PriceTier(serviceTier: .flex, lines: cheap),
        ]
        let plain = try worst(#","max_tokens":1000,"service_tier":"default""#, [model("a", cheap)])
        let standard = try worst(#","max_tokens":1000,"service_tier":"default""#, [model("a", cheap, tiers: tiers)])
        XCTAssertEqual(standard, plain)
        for tier in [#"null"#, #""auto""#, #""flex""#, #""priority""#] {
            let dearest = try worst(
                #","max_tokens":1000,"service_tier":\#(tier)"#, [model("a", cheap, tiers: tiers)])
            XCTAssertGreaterThan(dearest.cost.nanodollars, 20_000, tier)
        }
        let text = String(repeating: "x", count: 10_000)
        let far = try worst(
            #","max_tokens":10,"service_tier":"default","x":"\#(text)""#, [model("a", cheap, tiers: tiers)])
        XCTAssertGreaterThan(far.cost.nanodollars, 1_000_000)
    }

    /// Written anew for a provider of its own dialect, it may take as many words as a translation.
    func testARequestWithForeignSignaturesHoldsWhatItMayComeToWrittenAnew() throws {
        let plan = try plan([model("a", cheap, output: 100)])
        func body(_ id: String) -> [UInt8] {
            Array(#"{"model":"chat","messages":[{"role":"tool","tool_call_id":"\#(id)","content":"Rain."}]}"#.utf8)
        }
        for (id, isForeign) in [("call_1-signed-c2ln", true), ("call_1-plain--c2ln", false)] {
            let bytes = body(id)
            let request = try unsafe bytes.withUnsafeBytes {
                unsafe try RequestParser.parse($0, endpoint: .chatCompletions)
            }
            let before = WorstCase(of: request, plan, nowUnixSeconds: 100)
            unsafe bytes.withUnsafeBytes { unsafe request.lookForForeignSignatures($0) }
            XCTAssertEqual(request.isWrittenAnew(for: plan.targets[0]), isForeign)
            let held = WorstCase(of: request, plan, nowUnixSeconds: 100)
            let more = isForeign ? request.translatedTextTokensMax - request.prompt.textTokens : 0
            XCTAssertEqual(held.tokens - before.tokens, more)
            XCTAssertEqual(held.cost > before.cost, isForeign)
        }
    }

    func testClampFindsTheMostThatFits() throws {
        var random = SeededRandom(seed: 7)
        let tiers = [PriceTier(serviceTier: .priority, lines: dear)]
        let plan = try plan([model("a", cheap, tiers: tiers, output: 50_000), model("b", dear, output: 50_000)])
        for _ in 0..<300 {
            let choices = 1 + random.next() % 5
            let request = try request(#","n":\#(choices)"#)
            let money = Money(nanodollars: Int64(random.next() % 400_000))
            func cost(_ tokens: UInt64) -> Money {
                WorstCase(of: request, plan, routeOutputTokensMax: tokens, nowUnixSeconds: 100).cost
            }
            let most = WorstCase.outputTokensMax(within: money, of: request, plan, nowUnixSeconds: 100)
            guard let most else {
                XCTAssertGreaterThan(cost(1), money)
                continue
            }
            XCTAssertLessThanOrEqual(cost(most), money)
            if most < 50_000 { XCTAssertGreaterThan(cost(most + 1), money) }
        }
        let request = try request()
        let all = WorstCase(of: request, plan, nowUnixSeconds: 100).tokens
        XCTAssertEqual(WorstCase.outputTokensMax(withinTokens: all, of: request, plan), 50_000)
        XCTAssertEqual(WorstCase.outputTokensMax(withinTokens: all - 49_999, of: request, plan), 1)
        XCTAssertNil(WorstCase.outputTokensMax(withinTokens: all - 50_000, of: request, plan))
    }

    func testNoUsageWithinTheBoundCostsMore() {
        var random = SeededRandom(seed: 11)
        func price() -> Int64? { random.next() % 3 == 0 ? nil : Int64(random.next() % 20_001) }
        func lines() -> PriceLines {
            PriceLines(
                inputPicodollarsPerToken: price() ?? 7, cachedInputPicodollarsPerToken: price(),
                cacheWrite5mPicodollarsPerToken: price(), cacheWrite1hPicodollarsPerToken: price(),
                audioInputPicodollarsPerToken: price(), imageInputPicodollarsPerToken: price(),
                outputPicodollarsPerToken: price() ?? 7, reasoningPicodollarsPerToken: price(),
                audioOutputPicodollarsPerToken: price(), imageOutputPicodollarsPerToken: price(),
                requestPicodollars: price())
        }
        for _ in 0..<3_000 {
            let sheet = PriceSheet(
                lines: lines(),
                tiers: ServiceTier.allCases.flatMap { tier in
                    [0, UInt32(random.next() % 4_000)].map {
                        PriceTier(serviceTier: tier, aboveInputTokens: $0, lines: lines())
                    }
                })
            let parts = (0..<9).map { _ in UInt32(random.next() % 700) }
            let usage = TokenUsage(
                input: parts[0] + parts[1] + parts[2] + parts[3] + parts[4] + parts[5], cachedInput: parts[1],
                cacheWrite5m: parts[2], cacheWrite1h: parts[3], audioInput: parts[4], imageInput: parts[5],
                output: parts[6] + parts[7] + parts[8], reasoning: parts[7], audioOutput: parts[8],
                serviceTier: ServiceTier.allCases[Int(random.next() % 4)])
            let bound = UsageBound(
                textInput: UInt64(usage.input - parts[4] - parts[5]), imageInput: UInt64(parts[5]),
                audioInput: UInt64(parts[4]), output: UInt64(usage.output))
            XCTAssertLessThanOrEqual(sheet.cost(of: usage), sheet.worstCase(bound))
            let unknown = UsageBound(unknownInput: UInt64(usage.input), output: UInt64(usage.output))
            XCTAssertLessThanOrEqual(sheet.cost(of: usage), sheet.worstCase(unknown))
        }
    }

    func testImagesCountAsTheLargestThatTheModelSees() throws {
        XCTAssertEqual(ImageTokens.bound(model: "gpt-4o-2024-08-06").highDetail, 1_445)
        XCTAssertEqual(ImageTokens.bound(model: "openai/gpt-4o-mini").highDetail, 48_169)
        XCTAssertEqual(ImageTokens.bound(model: "gpt-5.9"), ImageTokens.unknownModel, "a name that only begins alike")
        XCTAssertEqual(ImageTokens.bound(model: ""), ImageTokens.unknownModel)
        let image = #"{"type":"image_url","image_url":{"url":"https://example.com/a","detail":"low"}}"#
        let body = Array(#"{"model":"chat","max_tokens":1,"messages":[{"content":[\#(image),\#(image)]}]}"#.utf8)
        let request = try unsafe body.withUnsafeBytes { unsafe try RequestParser.parse($0, endpoint: .chatCompletions) }
        let seen = WorstCase(of: request, try plan([model("gpt-4o", cheap)]), nowUnixSeconds: 100)
        let blind = WorstCase(of: request, try plan([model("x", cheap)]), nowUnixSeconds: 100)
        XCTAssertEqual(blind.tokens - seen.tokens, 2 * (48_169 - 85))
    }

    func testEveryPromptOfACompletionMayFillTheBound() throws {
        func worst(_ body: String) throws -> WorstCase {
            let body = Array(body.utf8)
            let request = try unsafe body.withUnsafeBytes { unsafe try RequestParser.parse($0, endpoint: .completions) }
            return WorstCase(of: request, try plan([model("a", cheap)]), nowUnixSeconds: 100)
        }
        let one = try worst(#"{"model":"a","prompt":["x"],"max_tokens":1000}"#)
        let many = try worst(#"{"model":"a","prompt":["x","x"],"max_tokens":1000,"best_of":3}"#)
        XCTAssertNil(many.problem)
        XCTAssertEqual((many.tokens - one.tokens) / 1_000, 5)
        XCTAssertEqual(try worst(#"{"model":"a","prompt":"x"}"#).problem, .unboundedOutput(model: "a"))
    }

    func testImagesHoldWhatTheirModelCanMake() throws {
        func worst(_ more: String, _ lines: PriceLines?, output: Int?) throws -> WorstCase {
            let body = Array(#"{"model":"a","prompt":"x"\#(more)}"#.utf8)
            let request = try unsafe body.withUnsafeBytes {
                unsafe try RequestParser.parse($0, endpoint: .imageGenerations)
            }
            return WorstCase(of: request, try plan([model("a", lines, output: output)]), nowUnixSeconds: 100)
        }
        let one = try worst("", cheap, output: 5_000)
        let two = try worst(#","n":2,"partial_images":3"#, cheap, output: 5_000)
        XCTAssertNil(two.problem)
        XCTAssertEqual((two.tokens - one.tokens) / 100, 56)
        XCTAssertEqual(try worst("", cheap, output: nil).problem, .unboundedMedia(model: "a"))
        // Sold by the image.
        let pieces = PriceLines(
            inputPicodollarsPerToken: 0, outputPicodollarsPerToken: 0, requestPicodollars: 40_000_000_000)
        let three = try worst(#","n":3"#, pieces, output: nil)
        XCTAssertNil(three.problem)
        XCTAssertEqual(three.cost.nanodollars, 120_000_009)
    }

    func testEmbeddingsAnswerNothing() throws {
        let found = WorstCase(
            of: try request(endpoint: .embeddings), try plan([model("a", cheap)]), nowUnixSeconds: 100)
        XCTAssertNil(found.problem)
        XCTAssertLessThan(found.tokens, 500)
    }
}
