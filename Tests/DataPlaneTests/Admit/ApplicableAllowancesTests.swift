@testable import DataPlane
import Shared
import XCTest

final class ApplicableAllowancesTests: XCTestCase {
    private let organization = ObjectID(high: 10, low: 1)
    private let team = ObjectID(high: 11, low: 1)

    private static func id(_ number: UInt64) -> ObjectID { ObjectID(high: 20, low: number) }

    private static func money(
        _ number: UInt64, organization: ObjectID? = nil, team: ObjectID? = nil, endUser: String? = nil,
        route: ObjectID? = nil, model: ObjectID? = nil
    ) -> PolicyDocument.Allowance {
        .init(
            id: id(number), name: "allowance \(number)", organizationID: organization, teamID: team, kind: .money,
            period: .month, limit: 1_000, endUser: endUser, routeID: route, modelID: model)
    }

    private static func rule(_ number: UInt64, _ endUsers: EndUserPart = .everybody, _ filter: AllowanceFilter = .all)
        -> AllowanceRule
    {
        AllowanceRule(
            id: id(number), kind: .requests, period: .sliding(seconds: 60), limit: 100, endUsers: endUsers,
            filter: filter)
    }

    /// A policy with these allowances, and keys of `organization` and `team` with these.
    private func policy(
        _ allowances: [PolicyDocument.Allowance], ofKeys rules: [[AllowanceRule]]
    ) throws -> (policy: CompiledPolicy, callers: [Caller]) {
        var document = SnapshotForge.policy
        document.allowances = allowances
        return try policy(document, ofKeys: rules)
    }

    private func policy(
        _ document: PolicyDocument, ofKeys rules: [[AllowanceRule]]
    ) throws -> (policy: CompiledPolicy, callers: [Caller]) {
        let entries = rules.enumerated().map { number, rules in
            var entry = SnapshotForge.entry(0xab, UInt64(number))
            entry.organizationID = organization
            entry.teamID = team
            entry.allowances = rules
            return entry
        }
        let forge = SnapshotForge()
        let made = forge.make(version: 1, blobs: [SnapshotForge.policyBlob(document), SnapshotForge.shard(entries)])
        let verified = try forge.verifier.verify(envelope: made.envelope, highest: nil)
        let decoded = try forge.verifier.decode(verified) { blob in made.blobs[blob.sha256].map { .bytes($0) } }
        let policy = CompiledPolicy(Snapshot(decoded, credentials: [:]))
        return (policy, try entries.map { Caller(key: try XCTUnwrap(policy.snapshot.key($0.secretSHA256))) })
    }

    /// What applies to a request by the forge's route.
    private func applicable(
        _ allowances: [PolicyDocument.Allowance], ofKey rules: [AllowanceRule] = [], endUser: String = ""
    ) throws -> (found: [ApplicableAllowance], names: [String?]) {
        let (policy, callers) = try policy(allowances, ofKeys: [rules])
        var applicable = ApplicableAllowances()
        let found = collect(&applicable, for: callers[0], in: policy, endUser: endUser)
        return (found, found.map { policy.scopedAllowances.name(of: $0) })
    }

    private func collect(
        _ applicable: inout ApplicableAllowances, for caller: Caller, in policy: CompiledPolicy, endUser: String = ""
    ) -> [ApplicableAllowance] {
        var found: [ApplicableAllowance] = []
        applicable.collect(for: caller, tree: policy.routes[0].tree, in: policy, endUser: endUser, into: &found)
        return found
    }

    /// What a rule keeps away from a model is not counted by that model's allowance, and the other way round.
    func testAnAllowanceOfAModelAppliesToTheListThatWasChosen() throws {
        var document = SnapshotForge.policy
        let big = ObjectID(high: 2, low: 2)
        document.models.append(.init(id: big, name: "big", kind: .chat))
        document.allowances = [
            Self.money(1, organization: organization, model: big),
            Self.money(2, organization: organization, model: document.models[0].id),
            Self.money(3, organization: organization, route: document.routes[0].id),
        ]
        document.routes[0].rules = [
            .init(
                name: "big", when: .init { $0.stream = true },
                targets: [.init(providerID: document.providers[0].id, modelID: big)])
        ]
        let (policy, callers) = try policy(document, ofKeys: [[]])
        var applicable = ApplicableAllowances()
        func ids(_ tree: TargetTree) -> [ObjectID] {
            var found: [ApplicableAllowance] = []
            applicable.collect(for: callers[0], tree: tree, in: policy, endUser: "", into: &found)
            return found.map(\.rule.id)
        }
        let route = policy.routes[0]
        let rule = try XCTUnwrap(route.rules?[0])
        for _ in 1...2 {
            XCTAssertEqual(ids(route.tree), [Self.id(2), Self.id(3)])
            XCTAssertEqual(ids(rule.tree), [Self.id(1), Self.id(3)])
        }
    }

    func testThoseOfOrganizationTeamAndKeyApplyAndNoOthers() throws {
        let other = ObjectID(high: 12, low: 1)
        let (found, names) = try applicable(
            [
                Self.money(1, organization: organization), Self.money(2, organization: other),
                Self.money(3, team: team), Self.money(4, team: other),
            ], ofKey: [Self.rule(5)])
        XCTAssertEqual(found.map(\.rule.id), [1, 3, 5].map(Self.id))
        XCTAssertEqual(found.map(\.scope), [.organization, .team, .virtualKey])
        XCTAssertEqual(names, ["allowance 1", "allowance 3", nil])
        XCTAssertEqual(found[2].rule, Self.rule(5))
        XCTAssertEqual(found.map(\.account), [1, 3, 5].map { AccountKey(allowanceID: Self.id($0)) })
    }

    func testAFilterHoldsForItsRouteAndForEachModelOfTheRoute() throws {
        let (route, model) = (ObjectID(high: 3, low: 1), ObjectID(high: 2, low: 1))
        let other = ObjectID(high: 3, low: 9)
        let (found, _) = try applicable(
            [
                Self.money(1, team: team, route: route), Self.money(2, team: team, route: other),
                Self.money(3, organization: organization, model: model),
                Self.money(4, organization: organization, model: other),
            ],
            ofKey: [
                Self.rule(5, .everybody, .route(other)), Self.rule(6, .everybody, .model(model)),
            ])
        XCTAssertEqual(found.map(\.rule.id), [3, 1, 6].map(Self.id))
    }

    func testEachEndUserHasAnAccountOfItsOwnAndOneLabelIsCountedAlone() throws {
        let allowances = [
            Self.money(1, organization: organization, endUser: "*"), Self.money(2, team: team, endUser: "ada"),
        ]
        let rules = [Self.rule(3, .each), Self.rule(4, .only(subject: EndUserSubject.of("bob")))]
        let ada = try applicable(allowances, ofKey: rules, endUser: "ada").found
        XCTAssertEqual(ada.map(\.rule.id), [1, 2, 3].map(Self.id))
        XCTAssertEqual(ada.map(\.account.subject), [EndUserSubject.of("ada"), 0, EndUserSubject.of("ada")])
        let bob = try applicable(allowances, ofKey: rules, endUser: "bob").found
        XCTAssertEqual(bob.map(\.rule.id), [1, 3, 4].map(Self.id))
        XCTAssertNotEqual(ada[0].account, bob[0].account)
        let nobody = try applicable(allowances, ofKey: rules).found
        XCTAssertEqual(nobody.map(\.rule.id), [1, 3].map(Self.id))
        XCTAssertEqual(nobody[0].account.subject, EndUserSubject.of(""), "no label is a label too")
    }

    func testWhatIsKeptOfAKeyIsItsOwnAndOfThePolicyOfTheRequest() throws {
        var applicable = ApplicableAllowances()
        let (first, callers) = try policy([Self.money(1, team: team)], ofKeys: [[Self.rule(2)], []])
        let (second, later) = try policy([Self.money(3, team: team)], ofKeys: [[Self.rule(4)]])
        for _ in 0..<2 {
            XCTAssertEqual(collect(&applicable, for: callers[0], in: first).map(\.rule.id), [1, 2].map(Self.id))
            XCTAssertEqual(collect(&applicable, for: callers[1], in: first).map(\.rule.id), [Self.id(1)])
            XCTAssertEqual(collect(&applicable, for: later[0], in: second).map(\.rule.id), [3, 4].map(Self.id))
        }
    }

    func testMoreKeysThanAreKeptHaveEachTheirOwn() throws {
        var applicable = ApplicableAllowances()
        let rules = (1...1_500).map { [Self.rule($0)] }
        let (policy, callers) = try policy([], ofKeys: rules)
        for _ in 0..<2 {
            for (index, caller) in callers.enumerated() {
                XCTAssertEqual(collect(&applicable, for: caller, in: policy).map(\.rule), rules[index])
            }
        }
    }

    func testAsManyAsMayExistFitIntoOneReservation() throws {
        let organizations = (1...6).map { Self.money($0, organization: organization) }
        let teams = (7...10).map { Self.money($0, team: team) }
        let (found, _) = try applicable(organizations + teams, ofKey: (11...16).map { Self.rule($0) })
        XCTAssertEqual(found.count, ReservationLine.linesMax)
        XCTAssertEqual(Set(found.map(\.account)).count, found.count)
    }

    func testAPolicyWhoseAllowancesDoNotHoldTogetherIsRefused() {
        var both = Self.money(1, organization: organization)
        both.teamID = team
        var noPeriod = Self.money(1, team: team)
        noPeriod.period = .none
        var strayPeriod = Self.money(1, team: team)
        strayPeriod.slidingSeconds = 60
        var negative = Self.money(1, team: team)
        negative.limit = -1
        var twoFilters = Self.money(1, team: team, route: ObjectID(high: 3, low: 1))
        twoFilters.modelID = ObjectID(high: 2, low: 1)
        let wrong: [[PolicyDocument.Allowance]] = [
            [both], [Self.money(1)], [noPeriod], [strayPeriod], [negative], [twoFilters],
            [Self.money(1, team: team), Self.money(1, organization: organization)],
            (1...5).map { Self.money($0, team: team) }, (1...7).map { Self.money($0, organization: organization) },
        ]
        for (index, allowances) in wrong.enumerated() {
            XCTAssertThrowsError(try applicable(allowances), "case \(index)") {
                XCTAssertEqual(($0 as? SnapshotRejection)?.kind, .malformed)
            }
        }
    }
}
