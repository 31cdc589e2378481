import Shared
import XCTest

@testable import DataPlane

final class CapableTargetsTests: XCTestCase {
    private typealias Feature = PolicyDocument.ModelFeature
    private static let now = RoutingFixture.start

    /// A target: what its model lacks, in which dialect it is asked, and after what failures only.
    private struct Spec {
        var lacks: [Feature] = []
        var dialect = Dialect.openai
        var on: [PolicyDocument.FallbackCause]?
    }

    private func fixture(
        _ specs: [Spec], _ change: (inout PolicyDocument.Route) -> Void = { _ in }
    ) -> RoutingFixture {
        var document = SnapshotForge.policy
        document.models = specs.enumerated().map { index, spec in
            PolicyDocument.Model(
                id: ObjectID(high: 2, low: UInt64(100 + index)), name: "m\(index)", kind: .chat,
                unsupportedFeatures: spec.lacks.isEmpty ? nil : spec.lacks)
        }
        document.providers = specs.enumerated().map { index, spec in
            var made = document.providers[0]
            made.id = ObjectID(high: 7, low: UInt64(index + 1))
            made.name = "p\(index)"
            made.dialect = spec.dialect
            made.credentialID = nil
            return made
        }
        document.routes = [document.routes[0]]
        document.routes[0].targets = specs.enumerated().map { index, spec in
            .init(providerID: document.providers[index].id, modelID: document.models[index].id, on: spec.on)
        }
        change(&document.routes[0])
        return RoutingFixture(document)
    }

    private func capable(
        _ fixture: RoutingFixture, _ wanted: ModelFeatures, drops: Bool = false, caller: Dialect = .openai
    ) -> CapableTargets? {
        CapableTargets(fixture.plan.tree, for: wanted, drops: drops, isWrittenAnew: { $0.dialect != caller })
    }

    private func bits(_ leaves: Int...) -> UInt32 { leaves.reduce(0) { $0 | 1 << UInt32($1) } }

    func testWhoLacksWhatIsWantedIsLeftOutWhereAnotherHasIt() throws {
        let fixture = fixture([Spec(lacks: [.tools]), Spec(), Spec(lacks: [.tools], dialect: .gemini)])
        XCTAssertEqual(fixture.plan.tree.lacks, .tools)
        XCTAssertTrue(fixture.plan.route.hasLacks)
        let made = try XCTUnwrap(capable(fixture, .tools))
        XCTAssertEqual(made.starts, bits(1))
        XCTAssertEqual(made.leftOut, bits(0, 2))
        XCTAssertEqual(made.behind, 0)
        XCTAssertTrue(try XCTUnwrap(capable(fixture, .images)).isEverybody(of: fixture.plan.tree))
    }

    func testWhereNobodyHasItTheProviderHasTheLastWord() throws {
        let fixture = fixture([Spec(lacks: [.tools]), Spec(lacks: [.images, .tools])])
        XCTAssertTrue(try XCTUnwrap(capable(fixture, .tools)).isEverybody(of: fixture.plan.tree))
        let either = try XCTUnwrap(capable(fixture, [.tools, .images]))
        XCTAssertTrue(either.isEverybody(of: fixture.plan.tree))
        XCTAssertEqual(try XCTUnwrap(capable(fixture, .images)).starts, bits(0))
    }

    func testWhatCanNeitherBeSaidNorDroppedIsRefused() throws {
        let fixture = fixture([Spec(lacks: [.tools], dialect: .anthropic), Spec(lacks: [.tools], dialect: .gemini)])
        XCTAssertNil(capable(fixture, .tools))
        XCTAssertTrue(try XCTUnwrap(capable(fixture, .tools, drops: true)).isEverybody(of: fixture.plan.tree))
        // The one whose bytes pass is asked.
        let passing = try XCTUnwrap(capable(fixture, .tools, caller: .gemini))
        XCTAssertEqual([passing.starts, passing.leftOut], [bits(1), bits(0)])
        guard case .lacking(let field, let lacks) = fixture.plan.tree.refusal(of: [.tools, .images]) else {
            return XCTFail("another refusal")
        }
        XCTAssertEqual(field, "tools")
        XCTAssertEqual(lacks, "'m0' lacks tools; 'm1' lacks tools")
        let begun = self.fixture([Spec(lacks: [.begunAnswers], dialect: .anthropic)])
        XCTAssertNil(capable(begun, .begunAnswers, drops: true), "what it goes on from is no field")
    }

    func testWhoCanDoLessComesBehind() throws {
        let fixture = fixture([
            Spec(lacks: [.jsonSchema], dialect: .anthropic), Spec(lacks: [.jsonSchema]),
            Spec(lacks: [.jsonSchema, .tools], dialect: .gemini), Spec(),
        ])
        let strict = try XCTUnwrap(capable(fixture, .jsonSchema))
        XCTAssertEqual([strict.starts, strict.behind, strict.leftOut], [bits(3), bits(0), bits(1, 2)])
        let drops = try XCTUnwrap(capable(fixture, .jsonSchema, drops: true))
        XCTAssertEqual([drops.starts, drops.behind, drops.leftOut], [bits(3), bits(0, 2), bits(1)])

        let plan = RoutePlan(fixture.plan, from: 3, among: drops)
        XCTAssertEqual(plan.targets.map(\.model.name), ["m3", "m0", "m2"])
        XCTAssertEqual(plan.behind, 0b110)
        XCTAssertEqual(plan.wanted, .jsonSchema)
    }

    /// A schema that is asked for by a tool is asked for all the same.
    func testASchemaByAToolIsBetterThanNone() throws {
        let fixture = fixture([Spec(lacks: [.jsonSchema]), Spec(lacks: [.jsonSchema], dialect: .anthropic)])
        let made = try XCTUnwrap(capable(fixture, .jsonSchema))
        XCTAssertEqual([made.starts, made.behind, made.leftOut], [bits(1), 0, bits(0)])
    }

    func testFallbacksAfterErrorsStandInForThoseThatCannot() throws {
        let fixture = fixture([
            Spec(lacks: [.tools]), Spec(on: [.contextLength]), Spec(on: [.error]), Spec(on: [.error, .timeout]),
        ])
        let made = try XCTUnwrap(capable(fixture, .tools))
        XCTAssertEqual(made.starts, bits(2, 3))
        let plan = RoutePlan(fixture.plan, from: 2, among: made)
        XCTAssertEqual(plan.targets.map(\.model.name), ["m2", "m1", "m3"])
        XCTAssertEqual(plan.firstPlace(Self.now), 0)
        plan.targets[0].health.saw(.overloaded, waitMilliseconds: 60_000, Self.now)
        XCTAssertEqual(plan.firstPlace(Self.now), 2, "not the one for long prompts")
        let none = self.fixture([Spec(lacks: [.tools]), Spec(on: [.contextLength])])
        XCTAssertTrue(try XCTUnwrap(capable(none, .tools)).leftOut == 0, "as for any other request")
    }

    func testThoseBehindAreTriedLastUnderAnyStrategy() throws {
        for strategy in [PolicyDocument.Route.Strategy.priority, .leastLatency] {
            let fixture = fixture([
                Spec(), Spec(lacks: [.jsonSchema], dialect: .anthropic), Spec(),
            ]) { $0.strategy = strategy }
            let made = try XCTUnwrap(capable(fixture, .jsonSchema))
            let plan = RoutePlan(fixture.plan, from: 0, among: made)
            var sequence = AttemptSequence(plan, first: 0)
            XCTAssertEqual(plan.targets.map(\.model.name), ["m0", "m2", "m1"])
            var random = SeededRandom(seed: 1)
            func next() -> AttemptSequence.Step {
                sequence.next(
                    after: .tlsFailed, waitNanoseconds: nil, left: 1_000_000_000, now: Self.now, using: &random,
                    rank: { place, _ in UInt64(10 - place) })
            }
            XCTAssertEqual(sequence.hedge(Self.now, rank: { place, _ in UInt64(10 - place) }), 1)
            XCTAssertEqual(next(), .attempt(place: 1))
            XCTAssertEqual(next(), .attempt(place: 2))
            XCTAssertEqual(next(), .end)
        }
    }

    func testGroupsLoseTheirMembersOnly() throws {
        let fixture = fixture([Spec(lacks: [.images]), Spec(), Spec(lacks: [.images])]) { route in
            route.groups = [.init(first: 0, count: 2, strategy: .weighted)]
        }
        let made = try XCTUnwrap(capable(fixture, .images))
        XCTAssertEqual(made.starts, bits(1))
        let plan = RoutePlan(fixture.plan, from: 1, among: made)
        XCTAssertEqual(plan.leaves, [1])
        let candidates = GroupCandidates(
            tree: fixture.plan.tree, group: fixture.plan.tree.root, now: Self.now, allowed: made.starts)
        XCTAssertEqual((0..<candidates.count).map(candidates.isAvailable), [true, false])
    }
}
