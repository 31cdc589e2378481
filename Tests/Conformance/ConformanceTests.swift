import Foundation
import TestSupport
import XCTest

/// `make conformance`: every case through a real data plane, in front of the stub provider and in front of nginx.
///
/// `WEIR_CONFORMANCE_CASES` runs only the cases whose name contains it.
final class ConformanceTests: XCTestCase {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    func testEveryCaseHoldsInFrontOfTheStubProviderAndOfNginx() throws {
        var cases = try ConformanceCase.load(Self.folder.appendingPathComponent("cases"))
        XCTAssertEqual(Set(cases.map(\.name)).count, cases.count, "two cases have one name")
        if let wanted = ProcessInfo.processInfo.environment["WEIR_CONFORMANCE_CASES"] {
            cases = cases.filter { $0.name.contains(wanted) }
        } else {
            XCTAssertGreaterThanOrEqual(cases.count, 250)
        }
        let scene = try ConformanceScene(template: Self.folder.appendingPathComponent("nginx.conf"))
        defer { scene.end() }
        var violations = 0
        for run in scene.runs {
            for one in cases {
                let problems = run.problems(of: one)
                if !problems.isEmpty {
                    violations += 1
                    XCTFail(
                        "\(one.name) (RFC \(one.clause), \(one.place)), \(run.upstream): \(problems.joined(separator: "; "))"
                    )
                }
            }
        }
        for problem in try scene.remains() {
            violations += 1
            XCTFail(problem)
        }
        print("conformance: cases=\(cases.count) violations=\(violations)")
    }

    func testEveryRefusalThatIsDocumentedHasACase() throws {
        let cases = try ConformanceCase.load(Self.folder.appendingPathComponent("cases"))
        let page = Self.folder.deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("docs/errors.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let start = try XCTUnwrap(text.range(of: "<!-- refusals -->")).upperBound
        let end = try XCTUnwrap(text.range(of: "<!-- end -->", range: start..<text.endIndex)).lowerBound
        var documented: Set<String> = []
        for row in text[start..<end].split(separator: "\n").dropFirst(2) {
            let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `")) }
            documented.insert(cells[0])
            let tested = cases.filter { $0.refusal == cells[0] }
            XCTAssertFalse(tested.isEmpty, "no case for \(cells[0])")
            for one in tested {
                guard case .get(let last)? = one.steps.last(where: { if case .get = $0 { true } else { false } }) else {
                    XCTFail("\(one.name) gets nothing")
                    continue
                }
                XCTAssertEqual(last.statuses.map(String.init), [cells[1]], one.name)
                XCTAssertEqual(last.code, cells[2], one.name)
                XCTAssertEqual(one.end == .open ? "stays" : "closes", cells[3], one.name)
            }
        }
        for one in cases {
            if let refusal = one.refusal { XCTAssertTrue(documented.contains(refusal), "\(refusal): \(one.place)") }
        }
    }
}

/// One installation with everything that stands on either side of it.
private final class ConformanceScene {
    private let fleet: TestFleet
    private let nginx: NginxNode
    private let taps: [WireTap]
    let runs: [ConformanceRun]

    init(template: URL) throws {
        let fleet = try TestFleet()
        self.fleet = fleet
        do {
            try fleet.startControl()
            let stub = try fleet.addStub("stub", ["--key=sk-stub", "--requests-max=8192"])
            nginx = try NginxNode(folder: "\(fleet.folder)/nginx", template: template, upstream: stub.port)
            taps = [try WireTap(to: stub.port), try WireTap(to: nginx.port)]
            let environment = ["STUB_KEY": "sk-stub"]
            let first = try fleet.addDataPlane("first", environment: environment)
            let second = try fleet.addDataPlane(
                "second",
                arguments: [
                    "--head-timeout-milliseconds=600", "--body-timeout-milliseconds=600",
                    "--idle-timeout-milliseconds=600", "--body-bytes-max=2048", "--head-bytes-max=4096",
                    "--cors-allowed-origins=https://app.example.com", "--cors-max-age-seconds=300",
                ], environment: environment)
            try fleet.admin("POST", "organizations", ["name": "organization"])
            try fleet.admin("POST", "teams", ["name": "team", "organization": "organization"])
            try fleet.admin("POST", "credentials", ["name": "stub", "reference": "env:STUB_KEY"])
            for (name, tap) in zip(["stub", "nginx"], taps) {
                try fleet.admin(
                    "POST", "providers",
                    ["name": name, "base_url": "http://127.0.0.1:\(tap.port)/v1", "credential": "stub"])
                try fleet.admin("POST", "models", ["name": name, "kind": "chat", "max_output_tokens": 100])
                try fleet.admin(
                    "POST", "routes",
                    // Each request once: what is compared is what arrived.
                    ["name": name, "targets": [["provider": name, "model": name]], "retries_max": 0])
            }
            let key = try fleet.makeKey("conformance").text
            try fleet.waitUntilConfigured()
            runs = zip(["stub", "nginx"], taps).map { name, tap in
                ConformanceRun(
                    upstream: name, watch: UpstreamWatch(tap), stub: stub, key: key, first: first, second: second)
            }
        } catch {
            let tails = fleet.tails
            fleet.end()
            throw TestFailure("\(error)\n\(tails)")
        }
    }

    func end() {
        nginx.end()
        for tap in taps { tap.close() }
        fleet.end()
    }

    /// What does not add up once all cases are over: nobody saw a request that no case sent, or saw one twice.
    func remains() throws -> [String] {
        var problems: [String] = []
        for run in runs {
            let late = try run.watch.take().requests
            if !late.isEmpty { problems.append("\(late.count) requests upstream after the last case") }
        }
        let passed = runs[1].watch.count
        let log = nginx.log()
        if log.count != passed { problems.append("nginx saw \(log.count) requests where Weir sent \(passed)") }
        let refused = log.filter { $0.upstreamStatus == "-" && $0.status != "499" }
        if !refused.isEmpty { problems.append("nginx refused \(refused.map { "\($0.id) \($0.status)" })") }
        let received = try HTTPCaller(port: fleet.stub.port).send("GET", "/stub/ledger?since=\(Int32.max)").json[
            "received"]
        let sent = runs.reduce(0) { $0 + $1.watch.count - $1.watch.withdrawn }
        if received as? Int != sent {
            problems.append("the provider received \(received ?? "nothing") requests where \(sent) were sent")
        }
        if fleet.dataPlanes.contains(where: { $0.process?.isRunning != true }) {
            problems.append("a data plane ended")
        }
        return problems
    }
}
