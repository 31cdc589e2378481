import Shared
import XCTest

@testable import ControlPlane

/// What is made of two configurations' words on the same requests, with replays that say what they are told to.
final class PlanEvaluationTests: XCTestCase {
    /// Answers by the request's number, the low half of its ID.
    private final class FakeReplay: DecisionReplay {
        let targets: [ReplayedTarget]
        var refusals: [UInt64: String] = [:]
        var services: [UInt64: ReplayedService] = [:]
        var allowances: [ReplayedAllowance] = []
        /// Of each request that was decided, whether it was said to be shared.
        var isShared: [UInt64: Bool] = [:]

        init(targets: Int = 3) {
            self.targets = (0..<targets).map {
                ReplayedTarget(
                    providerID: ObjectID(high: 1, low: UInt64($0)), modelID: .zero, upstreamModelName: "m",
                    label: "p\($0)/m")
            }
        }

        func refusal(of request: RecordedRequest, route: [UInt8]) -> String? { refusals[request.requestID.low] }

        func decide(
            _ request: RecordedRequest, route: [UInt8], isShared: Bool, allowances: inout [ReplayedAllowance]
        ) -> ReplayedDecision {
            self.isShared[request.requestID.low] = isShared
            allowances += self.allowances
            return .served(services[request.requestID.low] ?? Self.service(0))
        }

        static func service(
            _ target: Int?, cost: Int64 = 10, byTurns: Bool = false, undecided: UnrecordedFact? = nil
        ) -> ReplayedService {
            ReplayedService(
                target: target, list: 0, isByTurns: byTurns, cost: Money(nanodollars: cost), tokens: 1,
                undecided: undecided)
        }
    }

    private static let key = VirtualKeyID("abc123xyz789")!
    private static let route = PolicyDocument.Route(
        id: ObjectID(high: 3, low: 1), name: "chat", strategy: .priority, targets: [], createdUnixSeconds: 0)

    private let now = FakeReplay()
    private let candidate = FakeReplay()

    private func request(_ number: UInt64) -> RecordedRequest {
        RecordedRequest(
            requestID: ObjectID(high: 9, low: number), startedUnixMilliseconds: 1_000 + Int64(number),
            virtualKeyID: Self.key, routeID: Self.route.id, providerID: .zero, modelID: .zero,
            endpoint: .chatCompletions, isStream: false, endUser: "", outcome: .completed, status: 200, usage: .zero,
            cost: Money(nanodollars: 10))
    }

    private func evaluate(
        _ count: UInt64 = 1, candidateRoute: PolicyDocument.Route? = route, addressDecides: Set<VirtualKeyID> = [],
        limits: [AllowanceRule] = []
    ) throws -> PlanReport {
        let allowances = limits.map { PlannedAllowance(rule: $0, name: "a", timeZone: "UTC") }
        var evaluation = PlanEvaluation(
            now: .init(now, AllowanceReplay(allowances, earlier: []), routes: [Self.route]),
            candidate: .init(
                candidate, AllowanceReplay(allowances, earlier: []), routes: candidateRoute.map { [$0] } ?? []),
            addressDecides: addressDecides)
        for number in 0..<count { evaluation.take(request(number)) }
        return evaluation.finished(allowances)
    }

    func testEveryPairOfVerdictsIsCountedOnce() throws {
        now.refusals = [0: "a", 1: "a"]
        candidate.refusals = [0: "b", 2: "b"]
        candidate.services = [1: FakeReplay.service(0, cost: 7), 3: FakeReplay.service(1, cost: 15)]
        let route = try XCTUnwrap(evaluate(4).routes.first)
        XCTAssertEqual(route.requests, 4)
        XCTAssertEqual(route.refusedByBoth, 1)
        XCTAssertEqual(route.newlyAllowed, 1)
        XCTAssertEqual(route.costAllowed, Money(nanodollars: 7))
        XCTAssertEqual(route.newlyRefused, ["b": 1])
        XCTAssertEqual(route.costRefused, Money(nanodollars: 10))
        XCTAssertEqual(route.served, 1)
        XCTAssertEqual(route.costThen, Money(nanodollars: 10))
        XCTAssertEqual(route.costNow, Money(nanodollars: 15))
        XCTAssertEqual(route.rerouted.map(\.requests), [1])
        XCTAssertEqual(now.isShared, [2: false, 3: true], "turns of what only one decides are apart")
        XCTAssertEqual(candidate.isShared, [1: false, 3: true])
    }

    func testWhatIsUnknownIsUndecidedUnlessBothWouldHaveToKnowTheSame() throws {
        now.services = [0: FakeReplay.service(1, cost: 4, undecided: .header)]
        candidate.services = [0: FakeReplay.service(1, cost: 6, undecided: .header)]
        var route = try XCTUnwrap(evaluate().routes.first)
        XCTAssertEqual(route.undecided, [:])
        XCTAssertEqual(route.costNow, Money(nanodollars: 6), "where it was, at the candidate's price")
        var other = Self.route
        other.strategy = .weighted
        route = try XCTUnwrap(evaluate(candidateRoute: other).routes.first)
        XCTAssertEqual(route.undecided, [.header: 1])
        XCTAssertEqual(route.costNow, Money(nanodollars: 4), "no difference is made up")
        // What the present configuration would have to know is no matter where the candidate decides.
        candidate.services = [0: FakeReplay.service(2, cost: 6)]
        route = try XCTUnwrap(evaluate(candidateRoute: other).routes.first)
        XCTAssertEqual(route.undecided, [:])
        XCTAssertEqual(route.rerouted.map { [$0.move.from, $0.move.to] }, [[1, 2]])
        route = try XCTUnwrap(evaluate(addressDecides: [Self.key]).routes.first)
        XCTAssertEqual(route.undecided, [.sourceAddress: 1])
    }

    func testWhatIsRefusedIsNotCharged() throws {
        let rule = AllowanceRule(id: ObjectID(high: 4, low: 4), kind: .money, period: .total, limit: 25)
        let counted = [ReplayedAllowance(rule: rule, account: AccountKey(allowanceID: rule.id), scope: .team)]
        now.allowances = counted
        candidate.allowances = counted
        // Three of 10 do not fit into 25; of 10, 20 and 5 the middle one does not.
        candidate.services = [1: FakeReplay.service(0, cost: 20), 2: FakeReplay.service(0, cost: 5)]
        let report = try evaluate(3, limits: [rule])
        let route = try XCTUnwrap(report.routes.first)
        XCTAssertEqual(route.served, 1)
        XCTAssertEqual(route.newlyRefused, ["budget_exceeded": 1])
        XCTAssertEqual(route.newlyAllowed, 1)
        let allowance = try XCTUnwrap(report.allowances.first)
        XCTAssertEqual(allowance.now, .init(ranOutUnixMilliseconds: 1_002, refused: 1))
        XCTAssertEqual(allowance.candidate, .init(ranOutUnixMilliseconds: 1_001, refused: 1))
        XCTAssertTrue(allowance.isWorse, "sooner")
    }

    func testAChangeIsExactInBasisPointsAndNeverShownAsNone() throws {
        func change(_ then: Int64, _ now: Int64) throws -> Int64? {
            self.now.services = [0: FakeReplay.service(0, cost: then)]
            candidate.services = [0: FakeReplay.service(0, cost: now)]
            let json = JSONValue.record(try evaluate().json)
            return json["totals"]?["cost_change_basis_points"]?.integer
        }
        for (then, now, points) in [
            (100, 105, 500), (3, 3, 0), (0, 0, 0), (0, 1, nil), (1_000_000_007, 1_000_000_008, 1),
            (1_000_000_007, 1_000_000_006, -1), (7, 0, -10_000), (300_000_000, 315_000_000, 500),
            (1, .max, .max), (4_000_000_000_000_000_000, 4_200_000_000_000_000_000, 500),
        ] as [(Int64, Int64, Int64?)] {
            XCTAssertEqual(try change(then, now), points, "\(then) to \(now)")
        }
    }

    func testARouteThatIsGoneRefusesOnBothSides() throws {
        var evaluation = PlanEvaluation(
            now: .init(now, AllowanceReplay([], earlier: []), routes: []),
            candidate: .init(candidate, AllowanceReplay([], earlier: []), routes: [Self.route]))
        evaluation.take(request(0))
        let report = evaluation.finished([])
        XCTAssertEqual(report.routes.map(\.refusedByBoth), [1])
    }

    // MARK: Requests that were refused

    func testARefusalStaysUnlessOnlyTheCandidateHasAPlaceAndRoom() throws {
        let rule = AllowanceRule(id: ObjectID(high: 4, low: 4), kind: .money, period: .total, limit: 25)
        let wider = AllowanceRule(id: rule.id, kind: .money, period: .total, limit: 45)
        func allowance(_ rule: AllowanceRule) -> [ReplayedAllowance] {
            [ReplayedAllowance(rule: rule, account: AccountKey(allowanceID: rule.id), scope: .team)]
        }
        func allowed(worst: Int64, _ set: (FakeReplay, FakeReplay) -> Void = { _, _ in }) -> Int64? {
            let (now, candidate) = (FakeReplay(), FakeReplay())
            set(now, candidate)
            let planned = [PlannedAllowance(rule: rule, name: "a", timeZone: "UTC")]
            var evaluation = PlanEvaluation(
                now: .init(now, AllowanceReplay(planned, earlier: []), routes: [Self.route]),
                candidate: .init(candidate, AllowanceReplay(planned, earlier: []), routes: [Self.route]))
            evaluation.take(
                RecordedRefusal(
                    request: request(5), route: Array("chat".utf8), requests: 4, worst: Money(nanodollars: worst),
                    worstTokens: 0))
            return evaluation.finished(planned).routes.first?.newlyAllowed
        }
        XCTAssertEqual(allowed(worst: 0), 0, "both would serve it: its cause is gone")
        XCTAssertEqual(allowed(worst: 0) { now, _ in now.refusals[5] = "model_not_found" }, 4)
        XCTAssertEqual(
            allowed(worst: 0) { now, candidate in
                now.refusals[5] = "model_not_found"
                candidate.refusals[5] = "model_not_found"
            }, 0)
        XCTAssertEqual(
            allowed(worst: 0) { now, candidate in
                now.refusals[5] = "model_not_found"
                candidate.allowances = allowance(rule)
            }, 2, "of 10 each into 25")
        XCTAssertEqual(
            allowed(worst: 30) { now, candidate in
                now.allowances = allowance(rule)
                candidate.allowances = allowance(wider)
            }, 2, "30 fits into 45, and behind 10, and not behind 20")
        XCTAssertEqual(
            allowed(worst: 20) { now, candidate in
                now.allowances = allowance(rule)
                candidate.allowances = allowance(wider)
            }, 0, "it fits into 25: something else refused it")
    }
}
