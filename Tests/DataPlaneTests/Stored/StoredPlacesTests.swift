import Shared
import XCTest

@testable import DataPlane

/// Where a key's files and batches can be.
final class StoredPlacesTests: XCTestCase {
    private let openai = BatchEndpoint.all[0]

    private func named(_ name: String?, _ fixture: StoredFixture) throws -> RoutePlan {
        try fixture.places.plan(routeNamed: name.map { Array($0.utf8) })
    }

    private func code(_ name: String?, _ fixture: StoredFixture) -> String? {
        refusal { try named(name, fixture) }?.code.description
    }

    private func providers(_ plan: RoutePlan?) -> [String] { plan?.targets.map(\.provider.name) ?? [] }

    // MARK: By a route

    func testTheOnlyProviderOfAKeyNeedsNoName() throws {
        let fixture = try StoredFixture {
            $0.routes.append(StoredFixture.route("again", 2))
            $0.providers.append(StoredFixture.provider(2) { $0.dialect = .anthropic })
            $0.routes.append(StoredFixture.route("claude", 3, provider: 2))
        }
        XCTAssertEqual(providers(try named(nil, fixture)), ["stub"])
        XCTAssertEqual(providers(try named("again", fixture)), ["stub"])
        XCTAssertEqual(code("claude", fixture), "model_not_supported", "that one keeps nothing of the kind")
        XCTAssertEqual(code("nobody", fixture), "model_not_found")
        XCTAssertEqual(code("", fixture), "model_not_found")
    }

    func testOfSeveralProvidersOneHasToBeNamed() throws {
        let fixture = try StoredFixture {
            $0.providers.append(StoredFixture.provider(2))
            $0.routes.append(StoredFixture.route("other", 2, provider: 2))
        }
        let told = refusal { try named(nil, fixture) }
        XCTAssertEqual(told?.status, 400)
        XCTAssertEqual(told?.code.description, "missing_route")
        XCTAssertEqual(told?.param, "x-weir-route")
        XCTAssertEqual(providers(try named("other", fixture)), ["p2"])
        XCTAssertEqual(providers(try named("chat", fixture)), ["stub"])
    }

    func testWhatAKeyMayNotUseIsNotThere() throws {
        let fixture = try StoredFixture(key: StoredFixture.key { $0.allowedRoutes = [ObjectID(high: 3, low: 2)] }) {
            $0.providers.append(StoredFixture.provider(2))
            $0.routes.append(StoredFixture.route("other", 2, provider: 2))
        }
        XCTAssertEqual(providers(try named(nil, fixture)), ["p2"], "the only one that it knows")
        XCTAssertEqual(code("chat", fixture), "model_not_found")
        XCTAssertNil(fixture.places.plan(to: fixture.pin()))
        XCTAssertNil(fixture.places.plan(to: fixture.pin(), model: "gpt", for: openai))
        let none = try StoredFixture(key: StoredFixture.key { $0.allowedRoutes = [] })
        XCTAssertEqual(code(nil, none), "model_not_supported")
    }

    func testWhatIsSentAndListedIsTheFirstProvidersThatKeepsFiles() throws {
        let fixture = try StoredFixture {
            $0.providers += [StoredFixture.provider(2), StoredFixture.provider(3) { $0.dialect = .gemini }]
            $0.routes[0].targets = [3, 2, 1, 2].map {
                .init(providerID: StoredFixture.providerID($0), modelID: StoredFixture.modelID(1))
            }
        }
        XCTAssertEqual(providers(try named("chat", fixture)), ["p2", "p2"])
        XCTAssertEqual(
            providers(fixture.places.plan(to: ProviderPin(fixture.policy.targets[2], fixture.credential()))), ["stub"])
    }

    // MARK: By rules

    private func ruled(
        _ rules: [(PolicyDocument.Condition, provider: UInt64)], team: ObjectID = .zero
    ) throws -> StoredFixture {
        let key = StoredFixture.key {
            $0.teamID = team
            $0.tagsJSON = Array(#"{"tier":"gold"}"#.utf8)
        }
        return try StoredFixture(key: key) { document in
            document.providers += (2...4).map { StoredFixture.provider($0) }
            document.routes[0].rules = rules.enumerated().map { index, rule in
                .init(
                    name: "r\(index)", when: rule.0,
                    targets: [
                        .init(
                            providerID: StoredFixture.providerID(rule.provider), modelID: StoredFixture.modelID(1))
                    ])
            }
        }
    }

    private func isReached(_ number: UInt64, _ fixture: StoredFixture) throws -> Bool {
        let target = try XCTUnwrap(
            fixture.policy.targets.first { $0.provider.id == StoredFixture.providerID(number) })
        return fixture.places.plan(to: ProviderPin(target, target.credentials.members[0])) != nil
    }

    func testWhatARuleHasForOthersIsNotReached() throws {
        let mine = ObjectID(high: 9, low: 1)
        let others = ObjectID(high: 9, low: 2)
        typealias Condition = PolicyDocument.Condition
        func team(_ id: ObjectID) -> Condition { Condition { $0.teams = [id] } }
        func key(_ id: String) -> Condition { Condition { $0.keys = [id] } }
        func tag(_ value: String) -> Condition { Condition { $0.tags = [.init(name: "tier", values: [value])] } }
        func not(_ condition: Condition) -> Condition { Condition { $0.not = [condition] } }
        func any(_ conditions: Condition...) -> Condition { Condition { $0.any = conditions } }
        let stream = Condition { $0.stream = true }
        for (condition, isReached, hidesTheRest) in [
            (team(mine), true, true), (team(others), false, false), (key("abc123xyz789"), true, true),
            (key("000000000000"), false, false), (tag("gold"), true, true), (tag("lead"), false, false),
            (stream, true, false), (not(team(mine)), false, false), (not(team(others)), true, true),
            (not(stream), true, false), (any(team(others), stream), true, false),
            (any(team(others), key("000000000000")), false, false),
            (any(team(mine), stream), true, true),
            (
                Condition {
                    $0.teams = [mine]
                    $0.stream = false
                }, true, false
            ),
            (
                Condition {
                    $0.teams = [others]
                    $0.stream = false
                }, false, false
            ),
        ] {
            let fixture = try ruled([(condition, 2), (stream, 3)], team: mine)
            XCTAssertEqual(try self.isReached(2, fixture), isReached, "\(condition)")
            XCTAssertEqual(try self.isReached(3, fixture), !hidesTheRest, "\(condition)")
            XCTAssertEqual(try self.isReached(1, fixture), !hidesTheRest, "\(condition)")
            XCTAssertEqual(providers(try named("chat", fixture)), [hidesTheRest ? "p2" : "stub"])
        }
    }

    func testANamedRouteKeepsByARuleWhatItDoesNotKeepByItself() throws {
        let fixture = try StoredFixture {
            $0.providers.append(StoredFixture.provider(2))
            $0.providers[0].dialect = .gemini
            $0.routes[0].rules = [
                .init(
                    name: "r", when: .init { $0.stream = true },
                    targets: [.init(providerID: StoredFixture.providerID(2), modelID: StoredFixture.modelID(1))])
            ]
        }
        let plan = try named("chat", fixture)
        XCTAssertEqual(providers(plan), ["p2"])
        XCTAssertNotNil(plan.rule)
    }

    // MARK: Providers

    /// Nothing of theirs proves an identity: their credentials are not on the requests.
    func testWhereRequestsAreSignedOrCarryTokensNothingIsKept() throws {
        for change in [
            { $0.region = "eu-central-1" }, { $0.credentialKind = .serviceAccount },
        ] as [(inout PolicyDocument.Provider) -> Void] {
            let fixture = try StoredFixture(secrets: ["{}"]) { change(&$0.providers[0]) }
            XCTAssertEqual(code(nil, fixture), "model_not_supported")
            XCTAssertNil(fixture.places.plan(to: fixture.pin()))
        }
    }

    // MARK: By a model

    func testABatchIsForAModelAsItsProviderKnowsIt() throws {
        let fixture = try StoredFixture {
            $0.models += [StoredFixture.model("embed", 2, .embedding), StoredFixture.model("plain", 3)]
            $0.providers.append(StoredFixture.provider(2) { $0.quirks = .init(responses: true) })
            $0.routes[0].targets[0].upstreamModelName = "gpt-2026"
            $0.routes += [
                StoredFixture.route("embed", 2, model: 2), StoredFixture.route("plain", 3, model: 3),
                StoredFixture.route("responses", 4, provider: 2),
            ]
        }
        let places = fixture.places
        func plan(_ model: String, _ path: String, _ pin: ProviderPin) throws -> [String] {
            let lines = try XCTUnwrap(BatchEndpoint.all.first { $0.path == path })
            return places.plan(to: pin, model: model, for: lines)?.targets.map(\.identity.modelName) ?? []
        }
        let chat = "/v1/chat/completions"
        XCTAssertEqual(try plan("gpt-2026", chat, fixture.pin()), ["gpt-2026"])
        XCTAssertEqual(try plan("gpt", chat, fixture.pin()), [], "that is Weir's name of it")
        XCTAssertEqual(try plan("chat", chat, fixture.pin()), [], "and that the route's")
        XCTAssertEqual(try plan("plain", chat, fixture.pin()), ["plain"])
        XCTAssertEqual(try plan("embed", "/v1/embeddings", fixture.pin()), ["embed"])
        XCTAssertEqual(try plan("embed", chat, fixture.pin()), [], "it does not chat")
        XCTAssertEqual(try plan("gpt-2026", "/v1/embeddings", fixture.pin()), [])
        XCTAssertEqual(try plan("plain", "/v1/responses", fixture.pin()), [], "its provider has no such thing")
        let second = try XCTUnwrap(fixture.policy.targets.first { $0.provider.name == "p2" })
        let pin = ProviderPin(second, second.credentials.members[0])
        XCTAssertEqual(try plan("gpt", "/v1/responses", pin), ["gpt"])
        XCTAssertEqual(try plan("gpt", chat, pin), ["gpt"])
        XCTAssertEqual(try plan("plain", chat, pin), [], "a model of another provider")
    }

    // MARK: Objects

    func testWhatIsProvedIsFoundAndNothingElse() throws {
        let fixture = try StoredFixture(secrets: ["sk-0", "sk-1"])
        func text(_ owner: VirtualKeyID, _ place: Int, in fixture: StoredFixture) -> String {
            StoredIdentity("file-1", of: owner, at: fixture.target, under: fixture.credential(place)).text
        }
        for place in 0..<2 {
            let found = try fixture.places.find(text(StoredFixture.owner, place, in: fixture), in: .files)
            XCTAssertEqual(found.0.id, "file-1")
            XCTAssertTrue(found.isProven)
            XCTAssertFalse(
                try fixture.places.find(text(StoredFixture.stranger, place, in: fixture), in: .files).isProven)
        }
        let rotated = try StoredFixture(secrets: ["sk-2", "sk-1"])
        XCTAssertFalse(
            try fixture.places.find(text(StoredFixture.owner, 0, in: rotated), in: .files).isProven,
            "the credential has another secret by now")
        for unknown in ["", "file-1", "file-1" + fixture.pin().suffix] {
            let told = refusal { try fixture.places.find(unknown, in: .batches) }
            XCTAssertEqual(told?.status, 404)
            XCTAssertEqual(told?.code.description, "object_not_found")
            XCTAssertTrue(told?.message.contains("GET /v1/batches") == true)
        }
        let moved = try StoredFixture {
            $0.providers[0].id = StoredFixture.providerID(7)
            $0.routes[0].targets[0].providerID = StoredFixture.providerID(7)
        }
        XCTAssertEqual(
            refusal { try moved.places.find(text(StoredFixture.owner, 0, in: fixture), in: .files) }?.status, 404)
    }

    func testAPlanCanBeOfSomeTargetsOfATree() throws {
        let fixture = RoutingFixture([nil, nil, nil])
        let route = fixture.policy.routes[0]
        let all = route.tree.targets
        XCTAssertNil(RoutePlan(route, nil, route.tree) { _ in false })
        XCTAssertEqual(RoutePlan(route, nil, route.tree) { _ in true }?.targets.map(\.index), all.map(\.index))
        let some = RoutePlan(route, nil, route.tree) { $0 !== all[1] }
        XCTAssertEqual(some?.targets.map(\.index), [all[0].index, all[2].index])
        XCTAssertEqual(some?.behind, 0)
    }
}
