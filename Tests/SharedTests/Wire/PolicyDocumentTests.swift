import Shared
import TestSupport
import XCTest

final class PolicyDocumentTests: XCTestCase {
    /// One for each form that a field can have.
    private static let allowances: [PolicyDocument.Allowance] = [
        .init(
            id: ObjectID(high: 0xb1, low: 1), name: "monthly budget", organizationID: ObjectID(high: 0x11, low: 0x12),
            kind: .money, period: .month, limit: 25_000_000_000),
        .init(
            id: ObjectID(high: 0xb1, low: 2), name: "each user", teamID: ObjectID(high: 0x21, low: 0x22), kind: .tokens,
            mode: .strict, period: .sliding(seconds: 60), limit: 50_000, endUser: "*",
            routeID: ObjectID(high: 0x31, low: 0x32)),
        .init(
            id: ObjectID(high: 0xb1, low: 3), name: "ada", teamID: ObjectID(high: 0x21, low: 0x22), kind: .slots,
            mode: .soft, period: .none, limit: 4, endUser: "ada", modelID: ObjectID(high: 0x51, low: 0x52)),
    ]

    func testAllowancesAreTheGoldenText() throws {
        let policy = PolicyDocument(
            providers: [], credentials: [], models: [], routes: [], allowances: Self.allowances)
        let bytes = CanonicalJSON.encode(policy)
        try Golden.check(bytes + Array("\n".utf8), against: "wire/policy-allowances.json")
        XCTAssertEqual(try StrictJSONDecoder.decode(PolicyDocument.self, from: bytes), policy)
    }

    /// With everything that a condition can ask.
    func testRulesAndGroupsOfRoutesAreTheGoldenText() throws {
        let target = PolicyDocument.Target(
            providerID: ObjectID(high: 0x41, low: 0x42), modelID: ObjectID(high: 0x51, low: 0x52))
        let groups: [PolicyDocument.Group] = [
            .init(first: 0, count: 3, strategy: .sticky, sticky: .init(by: .header, header: "x-session")),
            .init(first: 1, count: 2, strategy: .weighted, weight: 3, on: [.contextLength]),
        ]
        let when = PolicyDocument.Condition {
            $0.estimatedInputTokens = .init(min: 1, max: 2)
            $0.has = [.tools, .jsonSchema]
            $0.lacks = [.images, .audio]
            $0.stream = true
            $0.headers = [.init(name: "x-tier", values: ["gold", "*"])]
            $0.metadata = [.init(name: "env", values: ["prod"])]
            $0.tags = [.init(name: "cost center", values: ["4711"])]
            $0.keys = ["abc123xyz789"]
            $0.teams = [ObjectID(high: 0x21, low: 0x22)]
            $0.endUsers = ["user-é"]
            $0.languages = [.de, .en]
            $0.lastUserMessageMatches = #"\bé"#
            $0.time = .init(days: [.monday], fromMinute: 1_320, toMinute: 360, offsetMinutes: -210)
            $0.canary = .init(share: 1_250, by: .header, header: "x-user")
            $0.any = [.init { $0.stream = false }]
            $0.not = [.init { $0.canary = .init(share: 1, by: .endUser) }]
        }
        let policy = PolicyDocument(
            providers: [], credentials: [], models: [],
            routes: [
                .init(
                    id: ObjectID(high: 0x31, low: 0x32), name: "chat", strategy: .priority,
                    targets: [target, target, target, target], groups: groups,
                    rules: [
                        .init(
                            name: "all", when: when, strategy: .weighted, targets: [target, target, target],
                            groups: groups),
                        .init(name: "none", when: .init(), targets: [target]),
                    ], createdUnixSeconds: 0)
            ])
        let bytes = CanonicalJSON.encode(policy)
        try Golden.check(bytes + Array("\n".utf8), against: "wire/policy-route-rules.json")
        XCTAssertEqual(try StrictJSONDecoder.decode(PolicyDocument.self, from: bytes), policy)
    }

    func testAnUnknownKindIsRefusedByName() {
        let text =
            #"{"id":"00000000-0000-00b1-0000-000000000001","name":"x","kind":"gold","mode":"strict","#
            + #""period":"total","limit":1}"#
        XCTAssertThrowsError(try StrictJSONDecoder.decode(PolicyDocument.Allowance.self, from: Array(text.utf8))) {
            let problems = ($0 as? StrictDecodingError)?.problems ?? []
            XCTAssertEqual(problems.map(\.path), ["kind"])
            XCTAssertTrue(problems[0].message.contains("money, tokens, requests, slots"), problems[0].message)
        }
    }

    func testARuleIsWhatItsFieldsSay() {
        XCTAssertEqual(
            Self.allowances.map(\.rule),
            [
                AllowanceRule(
                    id: ObjectID(high: 0xb1, low: 1), kind: .money, period: .month, limit: 25_000_000_000),
                AllowanceRule(
                    id: ObjectID(high: 0xb1, low: 2), kind: .tokens, mode: .strict, period: .sliding(seconds: 60),
                    limit: 50_000, endUsers: .each, filter: .route(ObjectID(high: 0x31, low: 0x32))),
                AllowanceRule(
                    id: ObjectID(high: 0xb1, low: 3), kind: .slots, mode: .soft, period: .none, limit: 4,
                    endUsers: .only(subject: EndUserSubject.of("ada")),
                    filter: .model(ObjectID(high: 0x51, low: 0x52))),
            ])
    }
}
