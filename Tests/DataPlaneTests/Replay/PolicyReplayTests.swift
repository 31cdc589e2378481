import Shared
import XCTest

@testable import DataPlane

/// What a policy makes of recorded requests is what it makes of live ones.
final class PolicyReplayTests: XCTestCase {
    private static let key = VirtualKeyID("abc123xyz789")!

    private func request(_ number: UInt64 = 1, _ change: (inout RecordedRequest) -> Void = { _ in }) -> RecordedRequest
    {
        var request = RecordedRequest(
            requestID: ObjectID(high: number &* 0x9e37_79b9_7f4a_7c15, low: number),
            startedUnixMilliseconds: 45_000_000, virtualKeyID: Self.key, routeID: ObjectID(high: 3, low: 1),
            providerID: ObjectID(high: 7, low: 1), modelID: SnapshotForge.policy.models[0].id,
            endpoint: .chatCompletions, isStream: false, endUser: "", outcome: .completed, status: 200,
            usage: TokenUsage(input: 10, output: 5), cost: .zero)
        change(&request)
        return request
    }

    private func document(_ strategy: PolicyDocument.Route.Strategy, weights: [Int] = [3, 2, 1]) -> PolicyDocument {
        var document = SnapshotForge.policy
        document.providers = weights.indices.map { index in
            var provider = document.providers[0]
            provider.id = ObjectID(high: 7, low: UInt64(index + 1))
            provider.name = "p\(index)"
            return provider
        }
        document.routes[0].strategy = strategy
        if strategy == .sticky { document.routes[0].sticky = .init(by: .endUser) }
        document.routes[0].targets = weights.enumerated().map { index, weight in
            .init(providerID: document.providers[index].id, modelID: document.models[0].id, weight: weight)
        }
        return document
    }

    private func service(
        _ replay: PolicyReplay, _ request: RecordedRequest, isShared: Bool = true
    ) throws -> ReplayedService {
        XCTAssertNil(replay.refusal(of: request, route: Array("chat".utf8)))
        var allowances: [ReplayedAllowance] = []
        let decision = replay.decide(
            request, route: Array("chat".utf8), isShared: isShared, allowances: &allowances)
        guard case .served(let service) = decision else {
            throw ReplayProblem("\(decision)")
        }
        return service
    }

    // MARK: Conditions

    /// A condition of one or two things, some of which no record has.
    private func condition(_ random: inout SeededRandom, depth: Int = 0) -> PolicyDocument.Condition {
        var condition = PolicyDocument.Condition()
        for _ in 0...Int.random(in: 0...1, using: &random) {
            switch Int.random(in: 0..<(depth < 2 ? 14 : 12), using: &random) {
            case 0: condition.stream = Bool.random(using: &random)
            case 1: condition.endUsers = [["ada", "bob"].randomElement(using: &random)!]
            case 2: condition.keys = [["abc123xyz789", "000000000000"].randomElement(using: &random)!]
            case 3: condition.teams = [ObjectID(high: 0, low: UInt64.random(in: 0...1, using: &random))]
            case 4: condition.tags = [.init(name: "tier", values: [["gold", "silver"].randomElement(using: &random)!])]
            case 5: condition.time = .init(offsetMinutes: Int.random(in: -700...700, using: &random))
            case 6:
                condition.canary = .init(
                    share: Int.random(in: 0...PolicyDocument.Condition.Canary.whole, using: &random),
                    by: [.key, .endUser, .request, .conversation].randomElement(using: &random)!)
            case 7: condition.headers = [.init(name: "x-tier", values: ["gold"])]
            case 8: condition.metadata = [.init(name: "env", values: ["prod"])]
            case 9: condition.has = [[.tools, .images].randomElement(using: &random)!]
            case 10: condition.lastUserMessageMatches = "hello"
            case 11: condition.estimatedInputTokens = .init(min: Int.random(in: 0...50, using: &random))
            case 12: condition.any = (0..<2).map { _ in self.condition(&random, depth: depth + 1) }
            default: condition.not = (0..<2).map { _ in self.condition(&random, depth: depth + 1) }
            }
        }
        return condition
    }

    func testWhatIsSaidOfARecordIsWhatWasSoAndTheRestIsUnknown() throws {
        var random = SeededRandom(seed: 11)
        var known = 0
        var unknown: Set<UnrecordedFact> = []
        for number in 0..<4_000 {
            let isStream = Bool.random(using: &random)
            let user = ["", "ada", "bob"].randomElement(using: &random)!
            let text = ["hello", "wie geht es"].randomElement(using: &random)!
            let id = ObjectID(high: UInt64.random(in: 0 ... .max, using: &random), low: UInt64(number))
            let live = FactsFixture {
                $0.tags = #"{"tier":"gold"}"#
                $0.requestID = id
                $0.head = Bool.random(using: &random) ? "x-tier: gold\r\n" : ""
                $0.body =
                    #"{"model":"chat","stream":\#(isStream),"user":"\#(user)","messages":[{"role":"user","content":"\#(text)"}]}"#
            }
            let condition = condition(&random)
            let made = try XCTUnwrap([RouteCondition](condition, routeID: ObjectID(high: 3, low: 1), rule: "r"))
            try live.with { facts in
                let recorded = request {
                    $0.requestID = id
                    $0.isStream = isStream
                    $0.endUser = user
                }
                switch made.answer(RecordedFacts(request: recorded, caller: facts.caller)) {
                case .unknown(let fact): unknown.insert(fact)
                case let answer:
                    known += 1
                    XCTAssertEqual(answer == .holds, made.allHold(&facts), "\(condition)")
                }
            }
        }
        XCTAssertGreaterThan(known, 1_500)
        XCTAssertEqual(
            unknown, [.header, .metadata, .features, .lastUserMessage, .inputTokens, .conversation])
    }

    // MARK: Targets

    func testTheFirstTargetIsThatOfALiveRequest() throws {
        for strategy in PolicyDocument.Route.Strategy.allCases {
            let document = document(strategy)
            let replay = try PolicyReplay(document, keys: [SnapshotForge.entry(0xab)])
            let fixture = RoutingFixture(document)
            var router = Router()
            for number in 0..<200 {
                let request = request(UInt64(number)) { $0.endUser = "user-\(number % 17)" }
                router.random = SeededRandom(seed: StickyKey.request(request.requestID))
                let live = router.plan(
                    of: fixture.policy.routes[0].tree, in: fixture.policy,
                    estimate: { UsageEstimate(inputTokens: 10, outputTokens: 5) }, nowUnixSeconds: 45_000,
                    now: RoutingFixture.start, stickyKey: { _ in StickyKey.endUser(request.endUser)! })
                let service = try service(replay, request)
                XCTAssertEqual(
                    replay.targets[try XCTUnwrap(service.target)].label,
                    String(decoding: live.targets[0].label, as: UTF8.self), "\(strategy), request \(number)")
                let isByTurns = ![.priority, .lowestCost, .sticky].contains(strategy)
                XCTAssertEqual(service.isByTurns, isByTurns, "\(strategy)")
            }
        }
    }

    func testTurnsOfRequestsThatOnlyOneDecidesAreApart() throws {
        let document = document(.weighted, weights: [2, 1])
        let both = try PolicyReplay(document, keys: [SnapshotForge.entry(0xab)])
        let other = try PolicyReplay(document, keys: [SnapshotForge.entry(0xab)])
        for number in 0..<60 {
            let request = request(UInt64(number))
            if number % 7 == 3 { _ = try service(both, request, isShared: false) }
            XCTAssertEqual(try service(both, request), try service(other, request))
        }
    }

    func testWhatIsNotRecordedLeavesARequestWhereItWas() throws {
        var document = document(.priority)
        document.routes[0].rules = [
            .init(
                name: "gold", when: .init { $0.headers = [.init(name: "x-tier", values: ["gold"])] },
                targets: [.init(providerID: ObjectID(high: 7, low: 3), modelID: document.models[0].id)])
        ]
        let replay = try PolicyReplay(document, keys: [SnapshotForge.entry(0xab)])
        for (provider, place) in [(2, 1), (3, 2), (9, nil)] as [(UInt64, Int?)] {
            let service = try service(replay, request { $0.providerID = ObjectID(high: 7, low: provider) })
            XCTAssertEqual(service.undecided, .header)
            XCTAssertEqual(service.target, place)
        }
    }

    // MARK: Refusals and money

    func testRequestsAreRefusedWithTheirErrorsCodes() throws {
        var entry = SnapshotForge.entry(0xab)
        entry.expiresUnixSeconds = 46_000
        entry.allowedRoutes = [ObjectID(high: 3, low: 1)]
        let replay = try PolicyReplay(document(.priority), keys: [entry])
        func code(_ route: String = "chat", _ change: (inout RecordedRequest) -> Void = { _ in }) -> String? {
            replay.refusal(of: request(1, change), route: Array(route.utf8))
        }
        XCTAssertNil(code())
        XCTAssertEqual(code { $0.startedUnixMilliseconds = 46_000_000 }, "expired_api_key")
        XCTAssertEqual(code { $0.virtualKeyID = VirtualKeyID("000000000000")! }, "invalid_api_key")
        XCTAssertEqual(code("other"), "model_not_found")
        XCTAssertEqual(code { $0.endpoint = .embeddings }, "model_not_supported")
        entry.allowedRoutes = []
        let none = try PolicyReplay(document(.priority), keys: [entry])
        XCTAssertEqual(none.refusal(of: request(), route: Array("chat".utf8)), "model_not_found")
        // Of two secrets the one that lives longer.
        var second = SnapshotForge.entry(0xab, 2)
        second.allowedRoutes = [ObjectID(high: 3, low: 1)]
        let rotated = try PolicyReplay(document(.priority), keys: [entry, second])
        XCTAssertNil(
            rotated.refusal(of: request { $0.startedUnixMilliseconds = 46_000_000 }, route: Array("chat".utf8)))
        var broken = document(.priority)
        broken.models = []
        XCTAssertThrowsError(try PolicyReplay(broken, keys: []))
    }

    func testACostIsThatOfTheTokensAtTheTargetAndOnlyWhereItIsBilled() throws {
        var document = document(.priority)
        document.models[0].prices = [
            .init(
                id: ObjectID(high: 9, low: 1), effectiveFromUnixSeconds: 0,
                lines: .init(inputPicodollarsPerToken: 1_000_000, outputPicodollarsPerToken: 2_000_000))
        ]
        let replay = try PolicyReplay(document, keys: [SnapshotForge.entry(0xab)])
        XCTAssertEqual(try service(replay, request()).cost, Money(nanodollars: 20_000))
        XCTAssertEqual(try service(replay, request()).tokens, 15)
        let unbilled: [(RequestOutcome, Int)] = [(.failed, 502), (.completed, 400)]
        for (outcome, status) in unbilled {
            let service = try service(
                replay,
                request {
                    $0.outcome = outcome
                    $0.status = status
                })
            XCTAssertEqual(service.cost, .zero)
            XCTAssertEqual(service.tokens, 0)
        }
    }
}
