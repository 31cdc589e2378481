import Foundation
import TestSupport
import XCTest

/// Providers with several credentials, judged by the keys that the stub provider was called with.
final class CredentialPoolTests: FleetTestCase {
    private static let names = ["turns", "faults", "fallback", "spent", "missing"]
    /// For each of them a key in the environment, one in a file and one that the control plane keeps.
    private static let places = ["env", "file", "sealed"]

    private static func key(_ name: String, _ place: String) -> String { "sk-\(name)-\(place)" }

    override class func makeFleet() throws -> TestFleet {
        try TestFleet.made { fleet in
            try fleet.startControl()
            let stub = try fleet.addStub("stub", ["--requests-max=0"])
            var environment = ["STUB_KEY": "sk-stub"]
            for name in names { environment["KEY_\(name)"] = key(name, "env") }
            // One thread: each takes turns for itself.
            try fleet.addDataPlane(
                "data-1", arguments: ["--threads=1", "--access-log=\(fleet.folder)/access.log"],
                environment: environment)
            try fleet.addTenant()
            try fleet.addProvider(at: stub.baseURL)
            try fleet.addChatAndEmbedding()
            for name in names {
                let file = "\(fleet.folder)/\(name).key"
                try Data(key(name, "file").utf8).write(to: URL(filePath: file))
                for (place, source) in [
                    ("env", ["reference": name == "missing" ? "env:NOT_SET_ANYWHERE" : "env:KEY_\(name)"]),
                    ("file", ["reference": "file:\(file)"]), ("sealed", ["value": key(name, "sealed")]),
                ] {
                    try fleet.admin(
                        "POST", "credentials", ["name": "\(name)-\(place)"].merging(source) { $1 })
                }
                try fleet.admin(
                    "POST", "providers",
                    [
                        "name": name, "base_url": stub.baseURL, "credentials": places.map { "\(name)-\($0)" },
                        "retry_budget_percent": 0,
                    ])
                var targets = [["provider": name, "model": "gpt-4o-mini", "upstream_model_name": "\(name)-model"]]
                if name == "fallback" { targets.append(["provider": "stub", "model": "gpt-4o-mini"]) }
                try fleet.addRoute(name, targets)
            }
        }
    }

    /// How often each key of a provider was used by what `body` does.
    private func uses(_ name: String, _ fleet: TestFleet, _ body: () throws -> Void) throws -> [Int] {
        let before = try fleet.stub.keys()
        try body()
        let after = try fleet.stub.keys()
        return Self.places.map { (after[Self.key(name, $0)] ?? 0) - (before[Self.key(name, $0)] ?? 0) }
    }

    private func ready(_ fleet: TestFleet, _ name: String) throws -> String {
        let key = try fleet.makeKey(name).text
        try fleet.waitUntilConfigured()
        let caller = fleet.data.caller()
        // A sealed one may come after the snapshot that names it.
        try waitUntil("the keys of \(name) are here", detail: { fleet.tails }) {
            let wanted = name == "missing" ? [0, 1, 1] : [1, 1, 1]
            return try uses(name, fleet) {
                for _ in wanted where try caller.chat(key, chatBody(name)).status != 200 { return }
            }.map { min($0, 1) } == wanted
        }
        return key
    }

    func testTurnsAreExact() throws {
        let fleet = try fleet()
        let key = try ready(fleet, "turns")
        let caller = fleet.data.caller()
        let counts = try uses("turns", fleet) {
            for _ in 0..<1_000 { XCTAssertEqual(try caller.chat(key, chatBody("turns")).status, 200) }
        }
        XCTAssertEqual(counts.sorted(), [333, 333, 334])
        print("credentials: 3 keys that are well: requests=1000 \(counts)")
    }

    func testNoCallerNoticesAKeyThatIsRefusedAndOneThatIsOutOfItsRate() throws {
        let fleet = try fleet()
        let key = try ready(fleet, "faults")
        try fleet.stub.befall(key: Self.key("faults", "env"), "status-401")
        try fleet.stub.befall(key: Self.key("faults", "file"), "status-429;retry-after=60")
        let caller = fleet.data.caller()
        var answers: [HTTPAnswer] = []
        let counts = try uses("faults", fleet) {
            for number in 0..<1_000 {
                answers.append(try caller.chat(key, chatBody("faults", stream: number % 2 == 0)))
            }
        }
        XCTAssertEqual(answers.count { $0.status != 200 || $0.ending != .complete }, 0)
        XCTAssertEqual(counts, [1, 1, 1_000])
        XCTAssertEqual(answers.compactMap { $0.header("x-weir-attempts").flatMap(Int.init) }.reduce(0, +), 1_002)
        XCTAssertEqual(try fleet.data.metric("weir_retries_total"), 0)
        let metrics = try HTTPCaller(port: fleet.data.opsPort).send("GET", "/metrics").text
        for line in [
            #"weir_attempts_total{target="faults/gpt-4o-mini",outcome="credential_rejected"} 1"#,
            #"weir_attempts_total{target="faults/gpt-4o-mini",outcome="rate_limited"} 1"#,
            #"weir_credential_attempts_total{credential="faults-env",outcome="credential_rejected"} 1"#,
            #"weir_credential_attempts_total{credential="faults-file",outcome="rate_limited"} 1"#,
        ] { XCTAssertTrue(metrics.contains(line), "\(line)") }

        let last = try XCTUnwrap(answers.last?.header("x-request-id"))
        try waitUntil("the access log has the request", detail: { fleet.tails }) {
            try String(contentsOfFile: "\(fleet.folder)/access.log", encoding: .utf8).split(separator: "\n").contains {
                $0.contains(last) && $0.contains("faults-sealed")
            }
        }
        print("credentials: one 401, one 429 for a minute: requests=1000 caller_errors=0 \(counts)")
    }

    func testTheNextTargetComesWhenNoKeyIsLeft() throws {
        let fleet = try fleet()
        let key = try ready(fleet, "fallback")
        for (place, fault) in zip(Self.places, ["status-401", "status-402", "status-429;retry-after=60"]) {
            try fleet.stub.befall(key: Self.key("fallback", place), fault)
        }
        let caller = fleet.data.caller()
        let counts = try uses("fallback", fleet) {
            let first = try caller.chat(key, chatBody("fallback"))
            XCTAssertEqual(
                [first.status, Int(first.header("x-weir-attempts") ?? "")], [200, 4], first.text)
            for _ in 0..<20 {
                let answer = try caller.chat(key, chatBody("fallback"))
                XCTAssertEqual(
                    [answer.header("x-weir-target"), answer.header("x-weir-attempts")], ["stub/gpt-4o-mini", "1"],
                    "a provider without a key is not available")
            }
        }
        XCTAssertEqual(counts, [1, 1, 1])
    }

    func testWithoutAnotherTargetTheLastFailureIsTheCallers() throws {
        let fleet = try fleet()
        let key = try ready(fleet, "spent")
        for place in Self.places { try fleet.stub.befall(key: Self.key("spent", place), "status-401") }
        let counts = try uses("spent", fleet) {
            let answer = try fleet.data.caller().chat(key, chatBody("spent"))
            XCTAssertEqual(answer.status, 502, answer.text)
            XCTAssertEqual(answer.errorCode, "upstream_credential_rejected")
        }
        XCTAssertEqual(counts, [1, 1, 1])
    }

    func testAKeyThatCannotBeResolvedHasNoTurn() throws {
        let fleet = try fleet()
        let key = try ready(fleet, "missing")
        let caller = fleet.data.caller()
        let counts = try uses("missing", fleet) {
            for _ in 0..<100 {
                let answer = try caller.chat(key, chatBody("missing"))
                XCTAssertEqual([answer.status, Int(answer.header("x-weir-attempts") ?? "")], [200, 1])
            }
        }
        XCTAssertEqual(counts, [0, 50, 50])
    }
}
