import Foundation
import Synchronization
import TestSupport
import XCTest

/// Every official client, unchanged, against providers of every dialect: what a caller writes in one dialect a provider understands in
/// another, and the other way round; and the usage report says what both said.
final class ClientDialectTests: FleetTestCase {
    /// What breaks is paced: an error that came together with the beginning would be told instead of it.
    private static let faults = ["cached": "usage;cached=5", "broken": "error-mid-stream;after=6;chunk=20"]

    private static func route(to dialect: DialectSpeech, _ kind: String? = nil) -> String {
        "via-\(dialect)" + (kind.map { "-\($0)" } ?? "")
    }

    /// A provider for each dialect, all of them the same stub; a route to each, and one for each fault.
    override class func makeFleet() throws -> TestFleet {
        try TestFleet.made { fleet in
            let authority = try TestAuthority(in: fleet.folder)
            let pair = try authority.issue("weir", for: "IP:127.0.0.1,DNS:localhost")
            try fleet.startControl()
            let stub = try fleet.addStub("stub", ["--key=sk-stub", "--strict"])
            try fleet.addDataPlane(
                arguments: [
                    "--tls-certificate-files=\(pair.certificateFile)", "--tls-key-files=\(pair.keyFile)",
                    "--tls-listen-port=\(freePort())",
                ], environment: ["STUB_KEY": "sk-stub"])
            try fleet.addTenant()
            try fleet.admin("POST", "credentials", ["name": "stub", "reference": "env:STUB_KEY"])
            try fleet.addChatModel(outputTokensMax: 16_384)
            for dialect in DialectSpeech.allCases {
                // The version is a part of the address in OpenAI's dialects, and of the path in the others.
                let isOpenAIs = dialect == .openai || dialect == .responses
                let baseURL = isOpenAIs ? stub.baseURL : "http://127.0.0.1:\(stub.port)"
                try fleet.admin(
                    "POST", "providers",
                    [
                        "name": "\(dialect)", "dialect": dialect.rawValue, "base_url": baseURL, "credential": "stub",
                    ])
                var target: [String: Any] = ["provider": "\(dialect)", "model": "gpt-4o-mini"]
                try fleet.addRoute(route(to: dialect), [target], fields: ["unsupported_parameters": "drop"])
                for (kind, fault) in faults {
                    target["upstream_model_name"] = "gpt-4o-mini+\(fault)"
                    try fleet.addRoute(route(to: dialect, kind), [target], fields: ["unsupported_parameters": "drop"])
                }
            }
        }
    }

    /// How many checks held and how many did not.
    struct Tally {
        var passed = 0
        var failed = 0
        var skipped = 0

        mutating func count(_ check: PythonTools.ClientReport.Check) {
            if check.failure != nil {
                failed += 1
            } else if check.skipped {
                skipped += 1
            } else {
                passed += 1
            }
        }

        static func += (a: inout Tally, b: Tally) {
            a.passed += b.passed
            a.failed += b.failed
            a.skipped += b.skipped
        }
    }

    /// Of all tests of this class.
    static let total = Mutex(Tally())

    override class func tearDown() {
        let total = Self.total.withLock { $0 }
        print("clients: passed=\(total.passed) failed=\(total.failed)")
        super.tearDown()
    }

    /// Counts the checks of a program, and fails for those that did not hold.
    func count(_ report: PythonTools.ClientReport, _ label: String) {
        var tally = Tally()
        for check in report.checks {
            tally.count(check)
            XCTAssertNil(check.failure, "\(label): \(check.name)")
        }
        Self.total.withLock { $0 += tally }
        print("clients: \(label) passed=\(tally.passed) failed=\(tally.failed) skipped=\(tally.skipped)")
    }

    func testEveryClientIsServedByProvidersOfEveryDialect() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("clients")
        let poor = try fleet.makeKey("poor-clients")
        try fleet.makeAllowance(
            "nothing-left", of: poor,
            ["kind": "money", "period": "total", "limit_nanodollars": 1, "mode": "strict"])
        // Agents run on budgets, which do not take input that cannot be measured.
        let budgeted = try fleet.makeKey("agents")
        try fleet.makeAllowance(
            "agents", of: budgeted,
            ["kind": "money", "period": "total", "limit_nanodollars": 1_000_000_000_000, "mode": "strict"])
        try fleet.waitUntilConfigured()
        var place = OfficialClient.Place(
            port: fleet.data.port, tlsPort: try tlsPort(fleet), authorityFile: "\(fleet.folder)/authority.pem",
            stubPort: fleet.stub.port, key: key.text, poorKey: poor.text, isWeir: true)

        for client in OfficialClient.allCases {
            place.key = client == .claude ? budgeted.text : key.text
            for target in DialectSpeech.allCases {
                let models = OfficialClient.Models(
                    plain: Self.route(to: target), cached: Self.route(to: target, "cached"),
                    broken: Self.route(to: target, "broken"))
                let report = try client.check(place, models, target: target)
                count(report, "\(client) to \(target)")
                try checkUsage(report, of: target, "\(client) to \(target)", fleet)
            }
        }
        XCTAssertGreaterThan(Self.total.withLock { $0.passed }, 500)
    }

    private func tlsPort(_ fleet: TestFleet) throws -> UInt16 {
        let prefix = "--tls-listen-port="
        let argument = try XCTUnwrap(fleet.data.allArguments.first { $0.hasPrefix(prefix) })
        return try XCTUnwrap(UInt16(argument.dropFirst(prefix.count)))
    }

    /// What the client was told is what the provider billed and what the report has, whatever each of them counts on top of what.
    private func checkUsage(
        _ report: PythonTools.ClientReport, of target: DialectSpeech, _ label: String, _ fleet: TestFleet
    ) throws {
        let events = try fleet.events(for: report.answers.compactMap(\.requestID))
        let bills = Dictionary(grouping: try fleet.stub.ledger(), by: \.requestID)
        XCTAssertFalse(report.answers.isEmpty, label)
        for answer in report.answers {
            let what = "\(label): \(answer.kind)"
            let id = try XCTUnwrap(answer.requestID, "\(what): no request ID")
            let event = try XCTUnwrap(events[id], what)
            let bill = try XCTUnwrap(bills[id]?.first, "\(what): the provider never saw \(id)")
            XCTAssertEqual(bills[id]?.count, 1, what)
            XCTAssertEqual(event.outcome, "completed", what)
            XCTAssertTrue(event.usageReported, what)
            XCTAssertEqual(event.inputTokens, bill.promptTokens, what)
            XCTAssertEqual(event.cachedInputTokens, bill.cachedTokens, what)
            XCTAssertEqual(event.outputTokens, bill.completionTokens, what)
            // Bedrock does not say how much of its output was thought.
            if target != .bedrock { XCTAssertEqual(event.reasoningTokens, bill.reasoningTokens, what) }
            // A stream that was not asked for its usage tells none.
            if let prompt = answer.promptTokens {
                XCTAssertEqual(prompt, bill.promptTokens, what)
                XCTAssertEqual(answer.completionTokens, bill.completionTokens, what)
                XCTAssertEqual(answer.cachedTokens, bill.cachedTokens, what)
            }
            guard event.reasoningTokens == 0 else { continue }
            let cost = TestFleet.cost(
                TestFleet.chatPrice, input: event.inputTokens, cached: event.cachedInputTokens,
                output: event.outputTokens)
            XCTAssertEqual(event.costNanodollars, cost, what)
        }
    }
}
