import Foundation
import TestSupport
import XCTest

/// What the official OpenAI client, unchanged, makes of each error: its exception class, and how often it asks again by itself.
final class ClientErrorTests: FleetTestCase {
    /// The certificate that nobody trusts.
    nonisolated(unsafe) private static var impostor: ChildProcess?

    override class func makeFleet() throws -> TestFleet {
        let fleet = try TestFleet.standard()
        // Refusals of a credential set all of its targets aside.
        for name in ["rejected", "forbidden", "quota"] {
            try fleet.admin("POST", "credentials", ["name": name, "reference": "env:STUB_KEY"])
            try fleet.admin(
                "POST", "providers", ["name": name, "base_url": fleet.stub.baseURL, "credential": name])
        }
        try fleet.admin(
            "POST", "providers",
            [
                "name": "impatient", "base_url": fleet.stub.baseURL, "credential": "stub",
                "first_token_timeout_ms": 200,
            ])
        try fleet.admin(
            "POST", "providers",
            ["name": "distrusted", "base_url": "https://127.0.0.1:\(try startImpostor(in: fleet.folder))/v1"])
        for (route, fault, provider, fields) in [
            ("good", "none", "stub", [:]),
            ("invalid", "status-400", "stub", [:]),
            ("too-long", "status-400;code=context_length_exceeded", "stub", [:]),
            ("unprocessable", "status-422", "stub", [:]),
            ("conflict", "status-409", "stub", ["retries_max": 0]),
            ("limited", "status-429;retry-after-ms=50", "stub", ["retries_max": 0]),
            ("failing", "status-500", "stub", ["retries_max": 0]),
            ("silent", "stall-before-head", "impatient", ["retries_max": 0]),
            ("rejected", "status-401", "rejected", [:]),
            ("forbidden", "status-403", "forbidden", [:]),
            ("quota", "status-429;code=insufficient_quota", "quota", [:]),
            ("distrusted", "none", "distrusted", [:]),
            ("unable", "status-501", "stub", [:]),
            ("endless", "stall-before-head", "stub", ["total_timeout_ms": 300]),
            ("breaking", "cut-mid-stream;after=4;tokens=20;chunk=10", "stub", [:]),
        ] as [(String, String, String, [String: Any])] {
            try fleet.addRoute(
                route,
                [["provider": provider, "model": "gpt-4o-mini", "upstream_model_name": "gpt-4o-mini+\(fault)"]],
                fields: fields)
        }
        // What befalls it is told to the stub.
        try fleet.addRoute(
            "once", [["provider": "stub", "model": "gpt-4o-mini", "upstream_model_name": "once"]],
            fields: ["retries_max": 0])
        return fleet
    }

    override class func tearDown() {
        unsafe impostor?.kill()
        unsafe impostor = nil
        super.tearDown()
    }

    /// A provider with a certificate of an authority of its own.
    private class func startImpostor(in folder: String) throws -> UInt16 {
        let pair = try TestAuthority(in: folder, name: "impostor").issue("impostor-1", for: "IP:127.0.0.1")
        let port = freePort()
        let process = try ChildProcess(
            name: "impostor", executable: try findTool("openssl"),
            arguments: [
                "s_server", "-accept", "127.0.0.1:\(port)", "-cert", pair.certificateFile, "-key", pair.keyFile, "-www",
            ], log: "\(folder)/impostor.log")
        unsafe impostor = process
        try waitUntil("the impostor listens", detail: { process.tail() }) {
            (try? RawConnection(port: port, timeout: .seconds(5)))?.close() != nil
        }
        return port
    }

    func testClientSeesTheRightExceptionAndAsksAgainOnlyWhereThatHelps() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("errors")
        let poor = try fleet.makeKey("errors-poor")
        let daily = try fleet.makeKey("errors-daily")
        for (name, key, fields) in [
            (
                "errors-poor", poor,
                ["kind": "money", "period": "total", "limit_nanodollars": 1_000, "mode": "strict"] as [String: Any]
            ),
            ("errors-daily", daily, ["kind": "requests", "period": "day", "limit": 1]),
        ] {
            let body: [String: Any] = ["name": name, "virtual_key": key.id]
            try fleet.admin("POST", "allowances", body.merging(fields) { $1 })
        }
        try fleet.waitUntilConfigured()
        let used = try fleet.data.caller().chat(daily.text, chatBody("good", extra: #","max_tokens":5"#))
        XCTAssertEqual(used.status, 200, used.text)
        try fleet.stub.script("status-429;retry-after-ms=50")
        let report = try PythonTools.openAIChecks(
            [
                "--base-url", "http://127.0.0.1:\(fleet.data.port)/v1", "--ops-url",
                "http://127.0.0.1:\(fleet.data.opsPort)", "--key", key.text, "--poor", poor.text, "--daily", daily.text,
            ], program: "openai_error_checks.py")
        for check in report.checks { XCTAssertNil(check.failure, check.name) }
        XCTAssertEqual(report.checks.count, 19)
        let requests = report.checks.map { "\($0.name)=\($0.requests.map(String.init) ?? "?")" }
        print("client errors: requests of the client: \(requests.joined(separator: ", "))")
    }
}
