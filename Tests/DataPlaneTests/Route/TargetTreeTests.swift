import Shared
import XCTest

@testable import DataPlane

/// Groups in lists of targets: who is first, who follows, and who counts.
final class TargetTreeTests: XCTestCase {
    private typealias Group = PolicyDocument.Group
    private let now = RoutingFixture.start

    private func fixture(
        _ count: Int, by strategy: PolicyDocument.Route.Strategy = .priority, _ groups: [Group],
        on causes: [Int: [PolicyDocument.FallbackCause]] = [:], weights: [Int: Int] = [:]
    ) -> RoutingFixture {
        RoutingFixture((0..<count).map { causes[$0] }) { route in
            route.strategy = strategy
            route.groups = groups
            if strategy == .sticky { route.sticky = .init(by: .endUser) }
            for (place, weight) in weights { route.targets[place].weight = weight }
        }
    }

    /// The leaf that a request begins with.
    private func first(_ router: inout Router, _ fixture: RoutingFixture, sticky key: UInt64 = 1) throws -> Int {
        let plan = router.plan(
            of: fixture.tree, in: fixture.policy, estimate: { UsageEstimate(inputTokens: 0, outputTokens: 0) },
            nowUnixSeconds: 0, now: now,
            stickyKey: { _ in key })
        return fixture.leaf(plan.targets[0])
    }

    /// The leaves in the order in which they are tried, when each fails with this.
    private func walk(
        _ fixture: RoutingFixture, from leaf: Int, _ outcome: OutcomeClass = .serverError,
        rank: (Int) -> UInt64 = { UInt64($0) }
    ) -> [Int] {
        let plan = fixture.policy.plans[0].first { fixture.leaf($0.targets[0]) == leaf }!
        var sequence = AttemptSequence(plan, first: 0)
        var random = SeededRandom(seed: 1)
        var order = [leaf]
        while case .attempt(let place) = sequence.next(
            after: outcome, waitNanoseconds: nil, left: 1_000_000_000, now: now, using: &random,
            rank: { place, _ in rank(fixture.leaf(plan.targets[place])) })
        {
            order.append(fixture.leaf(plan.targets[place]))
        }
        return order
    }

    // MARK: Shape

    func testGroupsLieInEachOtherOrApart() {
        func group(_ first: Int, _ count: Int) -> Group { Group(first: first, count: count, strategy: .priority) }
        for (groups, count, areNested) in [
            ([], 1, true), ([group(0, 2)], 2, true), ([group(0, 3)], 2, false), ([group(0, 0)], 2, false),
            ([group(0, 2), group(2, 2)], 4, true), ([group(0, 3), group(1, 2)], 4, true),
            ([group(0, 2), group(1, 2)], 4, false), ([group(2, 2), group(0, 2)], 4, false),
            ([group(0, 3), group(0, 2)], 4, true), ([group(0, 3), group(0, 2), group(0, 1)], 4, false),
            ([group(0, 2), group(0, 3)], 4, false), ([group(-1, 2)], 4, false),
            ([group(.max, 2)], 4, false), ([group(1, .max)], 4, false),
        ] as [([Group], Int, Bool)] {
            XCTAssertEqual(Group.areNested(groups, targetCount: count), areNested, "\(groups.map(\.first)) of \(count)")
        }
    }

    func testAListWithoutGroupsIsAPlainOne() {
        let plain = fixture(3, [])
        XCTAssertFalse(plain.tree.isNested)
        XCTAssertEqual(plain.policy.plans[0].map { $0.targets.map(plain.leaf) }, [[0, 1, 2], [1, 0, 2], [2, 0, 1]])
    }

    func testAPlanGoesFromTheInsideOut() {
        // 0, (1, (2, 3), 4), 5
        let fixture = fixture(
            6, [Group(first: 1, count: 4, strategy: .priority), Group(first: 2, count: 2, strategy: .priority)])
        XCTAssertEqual(
            fixture.policy.plans[0].map { $0.targets.map(fixture.leaf) },
            [
                [0, 1, 2, 3, 4, 5], [1, 2, 3, 4, 0, 5], [2, 3, 1, 4, 0, 5], [3, 2, 1, 4, 0, 5], [4, 1, 2, 3, 0, 5],
                [5, 0, 1, 2, 3, 4],
            ])
    }

    func testAFallbackOnlyGroupHasNoPlans() {
        let fixture = fixture(3, [Group(first: 1, count: 2, strategy: .priority, on: [.contextLength])])
        XCTAssertEqual(fixture.policy.plans[0].map { fixture.leaf($0.targets[0]) }, [0])
        XCTAssertEqual(fixture.tree.targets.map(\.isFallbackOnly), [false, true, true])
    }

    // MARK: First

    func testWeightsAreExactAtEachLevel() throws {
        // 0 and 1 share 3 of 4, two to one; 2 has the rest.
        let fixture = fixture(
            3, by: .weighted, [Group(first: 0, count: 2, strategy: .weighted, weight: 3)], weights: [0: 2, 1: 1])
        var router = Router()
        var counts = [0, 0, 0]
        for turn in 1...1_200 {
            counts[try first(&router, fixture)] += 1
            if turn % 12 == 0 { XCTAssertEqual(counts, [turn / 2, turn / 4, turn / 4]) }
        }
    }

    func testEachLevelHasItsOwnStrategy() throws {
        // Turns between 0 and (1, 2), where 1 comes before 2.
        let fixture = fixture(3, by: .weighted, [Group(first: 1, count: 2, strategy: .priority)])
        var router = Router()
        XCTAssertEqual(try (0..<4).map { _ in try first(&router, fixture) }, [0, 1, 0, 1])
        fixture.takeOut(1)
        XCTAssertEqual(try (0..<4).map { _ in try first(&router, fixture) }, [0, 2, 0, 2])
        fixture.takeOut(2)
        XCTAssertEqual(try (0..<4).map { _ in try first(&router, fixture) }, [0, 0, 0, 0], "a group with nobody in it")
    }

    func testAGroupIsAvailableWhenOneOfItsTargetsIs() throws {
        let fixture = fixture(
            4, [Group(first: 0, count: 3, strategy: .priority), Group(first: 1, count: 2, strategy: .priority)])
        var router = Router()
        var found: [Int] = []
        for out in 0..<4 {
            found.append(try first(&router, fixture))
            fixture.takeOut(out)
        }
        XCTAssertEqual(found, [0, 1, 2, 3])
        XCTAssertEqual(try first(&router, fixture), 0, "all are out: health decides at the attempt")
    }

    func testStickyGroupsKeepTheirCallers() throws {
        let fixture = fixture(
            6, by: .sticky,
            [
                Group(first: 0, count: 3, strategy: .sticky, sticky: .init(by: .endUser)),
                Group(first: 3, count: 3, strategy: .sticky, sticky: .init(by: .endUser)),
            ])
        var router = Router()
        let before = try (1...600).map { try first(&router, fixture, sticky: StableHash.mixed($0)) }
        XCTAssertEqual(try (1...600).map { try first(&router, fixture, sticky: StableHash.mixed($0)) }, before)
        for leaf in 0..<6 { XCTAssertEqual(Double(before.count { $0 == leaf }), 100, accuracy: 50) }
        fixture.takeOut(4)
        let after = try (1...600).map { try first(&router, fixture, sticky: StableHash.mixed($0)) }
        for (old, new) in zip(before, after) {
            XCTAssertTrue(old == 4 ? (3...5).contains(new) && new != 4 : new == old, "\(old) became \(new)")
        }
    }

    func testTheBestOfAGroupStandsForIt() throws {
        for strategy in [PolicyDocument.Route.Strategy.leastBusy, .leastLatency] {
            let fixture = fixture(4, by: strategy, [Group(first: 2, count: 2, strategy: strategy)])
            // 0 and 1 are busy and slow, 2 too, 3 is free.
            for leaf in 0..<3 {
                var mark = fixture.tree.targets[leaf].health.begin(now)
                fixture.tree.targets[leaf].health.firstToken(&mark, now.plus(milliseconds: 500))
                if strategy == .leastBusy { _ = fixture.tree.targets[leaf].health.begin(now) }
            }
            var mark = fixture.tree.targets[3].health.begin(now)
            fixture.tree.targets[3].health.firstToken(&mark, now.plus(milliseconds: 1))
            fixture.tree.targets[3].health.end(mark, .answered, waitMilliseconds: nil, now.plus(milliseconds: 2))
            var router = Router()
            let found = try (0..<20).map { _ in try first(&router, fixture) }
            XCTAssertTrue(found.contains(3), "\(strategy): \(found)")
            XCTAssertFalse(found.contains(2), "\(strategy): \(found)")
        }
    }

    func testTurnsOutliveASnapshot() throws {
        let groups = [Group(first: 0, count: 2, strategy: .weighted, weight: 1)]
        let old = fixture(3, by: .weighted, groups)
        var router = Router()
        let before = try (0..<3).map { _ in try first(&router, old) }
        // The same again in a snapshot of another version: the turns go on.
        let new = RoutingFixture(old.policy.snapshot.policy, version: 2)
        let after = try (0..<5).map { _ in try first(&router, new) }
        XCTAssertEqual(before + after, [0, 2, 1, 2, 0, 2, 1, 2])
    }

    // MARK: After a failure

    func testTheRestOfTheGroupComesFirst() {
        let fixture = fixture(
            6, [Group(first: 1, count: 4, strategy: .priority), Group(first: 2, count: 2, strategy: .priority)])
        XCTAssertEqual(walk(fixture, from: 3), [3, 2, 1, 4, 0, 5])
        XCTAssertEqual(walk(fixture, from: 0), [0, 1, 2, 3, 4, 5])
        XCTAssertEqual(walk(fixture, from: 5), [5, 0, 1, 2, 3, 4])
    }

    func testAGroupThatIsEnteredIsTriedToItsEnd() {
        // 0, (1, 2), (3, 4): what ranks first is within the second group, then the rest of it.
        let fixture = fixture(
            5, by: .leastLatency,
            [
                Group(first: 1, count: 2, strategy: .leastLatency), Group(first: 3, count: 2, strategy: .leastLatency),
            ])
        let figures: [UInt64] = [0, 5, 2, 9, 1]
        XCTAssertEqual(walk(fixture, from: 0, rank: { figures[$0] }), [0, 4, 3, 2, 1])
        XCTAssertEqual(walk(fixture, from: 1, rank: { figures[$0] }), [1, 2, 0, 4, 3])
    }

    func testAGroupIsEnteredForTheCausesThatItTakes() {
        let fixture = fixture(3, [Group(first: 1, count: 2, strategy: .priority, on: [.contextLength])])
        XCTAssertEqual(walk(fixture, from: 0, .serverError), [0])
        XCTAssertEqual(
            walk(fixture, from: 0, .contextTooLong), [0, 1], "within the group each entry says what it takes")
        let both = self.fixture(
            3, [Group(first: 1, count: 2, strategy: .priority, on: [.contextLength])], on: [2: [.contextLength]])
        XCTAssertEqual(walk(both, from: 0, .contextTooLong), [0, 1, 2])
    }

    func testWhatIsAFallbackInAGroupComesAfterAFailureInIt() {
        // (0, 1 after context_length), 2
        let fixture = fixture(3, [Group(first: 0, count: 2, strategy: .priority)], on: [1: [.contextLength]])
        XCTAssertEqual(walk(fixture, from: 0, .contextTooLong), [0, 1])
        XCTAssertEqual(walk(fixture, from: 0, .serverError), [0, 2])
        XCTAssertEqual(walk(fixture, from: 2, .serverError), [2, 0], "never begun with")
    }

    func testWhatIsSetAsideIsPassedOver() {
        let fixture = fixture(
            6, [Group(first: 1, count: 4, strategy: .priority), Group(first: 2, count: 2, strategy: .priority)])
        fixture.takeOut(2)
        fixture.takeOut(4)
        XCTAssertEqual(walk(fixture, from: 3), [3, 1, 0, 5])
    }

    /// Over random trees: whoever comes next shares the innermost group with the one that failed that has anybody left.
    func testFallbacksAlwaysGoFromTheInsideOut() {
        var random = SeededRandom(seed: 11)
        for _ in 0..<200 {
            let count = Int.random(in: 2...9, using: &random)
            let groups = Self.randomGroups(count, &random)
            let fixture = fixture(count, by: .leastBusy, groups)
            let figures = (0..<count).map { _ in UInt64.random(in: 0...3, using: &random) }
            for start in 0..<count {
                let order = walk(fixture, from: start, rank: { figures[$0] })
                XCTAssertEqual(order.sorted(), Array(0..<count), "everybody, once")
                for step in 1..<count {
                    let left = Set(order[step...])
                    let inner = groups.map(\.range).filter { $0.contains(order[step - 1]) }
                        .filter { !left.isDisjoint(with: $0) }.min { $0.count < $1.count }
                    if let inner {
                        XCTAssertTrue(inner.contains(order[step]), "\(groups.map(\.range)): \(order)")
                    }
                }
            }
        }
    }

    private static func randomGroups(_ count: Int, _ random: inout SeededRandom) -> [Group] {
        var groups: [Group] = []
        for _ in 0..<6 {
            let first = Int.random(in: 0..<count, using: &random)
            let length = Int.random(in: 1...(count - first), using: &random)
            let more = (groups + [Group(first: first, count: length, strategy: .leastBusy)])
                .sorted { ($0.first, -$0.count) < ($1.first, -$1.count) }
            if Group.areNested(more, targetCount: count) { groups = more }
        }
        return groups
    }

    // MARK: Rules

    func testTheFirstRuleThatHoldsDecides() throws {
        func rule(_ name: String, _ set: (inout PolicyDocument.Condition) -> Void) -> PolicyDocument.Rule {
            .init(
                name: name, when: .init(set),
                targets: [.init(providerID: ObjectID(high: 7, low: 1), modelID: SnapshotForge.policy.models[0].id)])
        }
        let fixture = RoutingFixture([nil]) { route in
            route.rules = [
                rule("streams") { $0.stream = true }, rule("ada") { $0.endUsers = ["ada"] },
                rule("long") { $0.estimatedInputTokens = .init(min: 100) }, rule("ada again") { $0.endUsers = ["ada"] },
            ]
        }
        let rules = try XCTUnwrap(fixture.policy.routes[0].rules)
        var random = SeededRandom(seed: 4)
        for _ in 0..<200 {
            let isStream = Bool.random(using: &random)
            let user = ["ada", "bob"].randomElement(using: &random)!
            let isLong = Bool.random(using: &random)
            let request = FactsFixture {
                let text = String(repeating: "x", count: isLong ? 1_000 : 10)
                $0.body =
                    #"{"model":"chat","stream":\#(isStream),"user":"\#(user)","messages":[{"role":"user","content":"\#(text)"}]}"#
            }
            let found = try request.with { facts in rules.first { $0.conditions.allHold(&facts) } }
            let expected = isStream ? "streams" : user == "ada" ? "ada" : isLong ? "long" : nil
            XCTAssertEqual(found.map { String(decoding: $0.name, as: UTF8.self) }, expected)
        }
    }

    func testARuleHasItsOwnTargetsPlansAndModels() throws {
        var document = SnapshotForge.policy
        document.models.append(.init(id: ObjectID(high: 2, low: 2), name: "big", kind: .chat))
        let provider = document.providers[0].id
        document.routes[0].rules = [
            .init(
                name: "big", when: .init(), strategy: .weighted,
                targets: [
                    .init(providerID: provider, modelID: ObjectID(high: 2, low: 2), weight: 2),
                    .init(providerID: provider, modelID: ObjectID(high: 2, low: 2), upstreamModelName: "other"),
                ])
        ]
        let fixture = RoutingFixture(document)
        let rule = try XCTUnwrap(fixture.policy.routes[0].rules?[0])
        XCTAssertEqual(rule.tree.modelIDs, [ObjectID(high: 2, low: 2)])
        XCTAssertEqual(fixture.tree.modelIDs, [ObjectID(high: 2, low: 1)])
        XCTAssertEqual(fixture.policy.plans[rule.tree.index].map(\.targets.count), [2, 2])
        XCTAssertTrue(fixture.policy.plans[rule.tree.index].allSatisfy { $0.rule === rule })
        XCTAssertNil(fixture.policy.plans[0][0].rule)
        var router = Router()
        let found = (0..<3).map { _ in
            router.plan(
                of: rule.tree, in: fixture.policy, estimate: { UsageEstimate(inputTokens: 0, outputTokens: 0) },
                nowUnixSeconds: 0, now: now,
                stickyKey: { _ in 0 }
            ).targets[0].index
        }
        XCTAssertEqual(found, [1, 2, 1], "by weight")
    }
}

extension RoutingFixture {
    var tree: TargetTree { policy.routes[0].tree }

    func leaf(_ target: CompiledTarget) -> Int { tree.targets.firstIndex { $0 === target }! }

    /// Sets a target aside for good.
    func takeOut(_ leaf: Int) {
        tree.targets[leaf].health.saw(.modelNotFound, waitMilliseconds: 600_000, Self.start.plus(milliseconds: 0))
    }
}
