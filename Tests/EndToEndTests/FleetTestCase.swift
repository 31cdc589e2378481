import Foundation
import Shared
import Synchronization
import TestSupport
import XCTest

/// A class of tests that share one installation, made for the first of them and ended after the last.
///
/// Concurrency: XCTest runs the tests of a process one after the other on one thread; `fleets` is only touched there.
class FleetTestCase: XCTestCase {
    nonisolated(unsafe) private static var fleets: [ObjectIdentifier: Result<TestFleet, any Error>] = [:]

    /// What the tests of the class need; the standard installation unless overridden.
    class func makeFleet() throws -> TestFleet { try .standard() }

    /// The installation of this class. Starting it fails every test of the class, each with the reason.
    func fleet() throws -> TestFleet {
        let id = ObjectIdentifier(Self.self)
        if let made = unsafe Self.fleets[id] { return try made.get() }
        let made = Result { try Self.makeFleet() }
        unsafe Self.fleets[id] = made
        return try made.get()
    }

    override class func tearDown() {
        if case .success(let fleet)? = unsafe fleets.removeValue(forKey: ObjectIdentifier(self)) { fleet.end() }
        super.tearDown()
    }

    override func tearDown() {
        CallerThreads.testIsOver()
        let fleet = unsafe Self.fleets[ObjectIdentifier(Self.self)]
        if testRun?.totalFailureCount ?? 0 > 0, case .success(let fleet)? = fleet {
            print("=== logs of \(name)\n\(fleet.tails)\n===")
        }
        super.tearDown()
    }
}

extension TestFleet {
    /// Prices with digits behind the nanodollar, so that rounding shows.
    static let chatPrice: [String: Int] = [
        "input_picodollars_per_token": 150_001, "cached_input_picodollars_per_token": 75_003,
        "output_picodollars_per_token": 600_007,
    ]
    static let embeddingPrice: [String: Int] = [
        "input_picodollars_per_token": 20_011, "output_picodollars_per_token": 0,
    ]

    /// One of everything: PostgreSQL, control plane, stub provider, data plane, organization, team, priced models, the
    /// routes `chat` and `embedding`.
    static func standard(
        ownPostgres: Bool = false, dataPlanes: Int = 1, stubArguments: [String] = [], dataArguments: [String] = []
    ) throws -> TestFleet {
        try made(ownPostgres: ownPostgres) { fleet in
            try fleet.startControl()
            let stub = try fleet.addStub("stub", ["--key=sk-stub"] + stubArguments)
            for number in 0..<dataPlanes {
                try fleet.addDataPlane(
                    "data-\(number + 1)", arguments: dataArguments, environment: ["STUB_KEY": "sk-stub"])
            }
            try fleet.addTenant()
            try fleet.addProvider(at: stub.baseURL)
            try fleet.addChatAndEmbedding()
        }
    }

    /// A fleet that `set` has filled and every data plane has the configuration of. What fails on the way says so with the logs.
    static func made(ownPostgres: Bool = false, _ set: (TestFleet) throws -> Void) throws -> TestFleet {
        let fleet = try TestFleet(ownPostgres: ownPostgres)
        do {
            try set(fleet)
            try fleet.waitUntilConfigured()
            return fleet
        } catch {
            let tails = fleet.tails
            fleet.end()
            throw TestFailure("\(error)\n\(tails)")
        }
    }

    /// The organization and team that keys are made in.
    func addTenant() throws {
        try admin("POST", "organizations", ["name": "organization"])
        try admin("POST", "teams", ["name": "team", "organization": "organization"])
    }

    /// The provider `stub`, with the key that data planes have in their environment.
    func addProvider(at baseURL: String) throws {
        try admin("POST", "credentials", ["name": "stub", "reference": "env:STUB_KEY"])
        try admin("POST", "providers", ["name": "stub", "base_url": baseURL, "credential": "stub"])
    }

    /// A provider for each stub, of its name, with the key that data planes have in their environment.
    func addProvidersOfStubs(_ fields: (StubNode) -> [String: Any] = { _ in [:] }) throws {
        try admin("POST", "credentials", ["name": "stub", "reference": "env:STUB_KEY"])
        for stub in stubs {
            try admin(
                "POST", "providers",
                ["name": stub.name, "base_url": stub.baseURL, "credential": "stub"].merging(fields(stub)) { $1 })
        }
    }

    /// Whatever its revision is.
    func change(_ collection: String, named name: String, _ fields: [String: Any]) throws {
        guard let id = try list("\(collection)?name=\(name)").first?["id"] as? String else {
            throw TestFailure("there is no \(name) among \(collection)")
        }
        let answer = try adminAnswer("PATCH", "\(collection)/\(id)", fields, headers: [("if-match", "*")])
        guard answer.status == 200 else { throw TestFailure("\(name): \(answer.status) \(answer.text)") }
    }

    /// What the control plane has of how a request went, once it has.
    func explanation(of requestID: String) throws -> [String: Any] {
        var found: [String: Any] = [:]
        try waitUntil("the explanation is at the control plane", timeout: .seconds(10), detail: { tails }) {
            let answer = try adminAnswer("GET", "explanations/\(requestID)")
            found = answer.json
            return answer.status == 200
        }
        return found
    }

    /// Two priced models of the stub and the routes `chat` and `embedding` to them.
    func addChatAndEmbedding() throws {
        try addChatModel(outputTokensMax: 16_384)
        try admin(
            "POST", "models", ["name": "text-embedding-3-small", "kind": "embedding", "prices": [Self.embeddingPrice]])
        try addRoute("chat", [["provider": "stub", "model": "gpt-4o-mini"]])
        try addRoute("embedding", [["provider": "stub", "model": "text-embedding-3-small"]])
    }

    /// The model `gpt-4o-mini`, with a price.
    func addChatModel(outputTokensMax: Int) throws {
        try admin(
            "POST", "models",
            ["name": "gpt-4o-mini", "kind": "chat", "max_output_tokens": outputTokensMax, "prices": [Self.chatPrice]])
    }

    func addRoute(
        _ name: String, strategy: String = "priority", _ targets: [[String: Any]], fields: [String: Any] = [:]
    ) throws {
        try admin(
            "POST", "routes", ["name": name, "strategy": strategy, "targets": targets].merging(fields) { $1 })
    }

    /// A route to the stub whose model name carries a fault.
    func addFaultyRoute(_ name: String, _ fault: String, at provider: String = "stub", thenGood: Bool = false) throws {
        var targets = [["provider": provider, "model": "gpt-4o-mini", "upstream_model_name": "gpt-4o-mini+\(fault)"]]
        if thenGood { targets.append(["provider": "stub", "model": "gpt-4o-mini"]) }
        try addRoute(name, targets)
    }

    /// What a request costs, computed a second time: each line rounded up to a nanodollar, then added.
    static func cost(_ price: [String: Int], input: Int, cached: Int = 0, output: Int) -> Int64 {
        func line(_ count: Int, _ name: String) -> Int64 {
            (Int64(count) * Int64(price[name] ?? 0) + 999) / 1000
        }
        return line(input - cached, "input_picodollars_per_token") + line(cached, "cached_input_picodollars_per_token")
            + line(output, "output_picodollars_per_token")
    }
}
