import Shared
import TestSupport
import XCTest

@testable import ControlPlane

/// Probes of providers, from the REST interface to what is published.
final class AdminProbeTests: XCTestCase {
    func testAProbeIsSetAsAWholeAndCleared() throws {
        try AdminHarness.run { harness in
            let checks = await ProviderGroupChecks("probe", \.probe, harness)
            let longest = "/" + String(repeating: "a", count: 199)
            try await checks.areTaken([
                ("{}", .standard), (#"{"path": "/health"}"#, .init(path: "/health")),
                (
                    #"{"path": "\#(longest)", "interval_seconds": 300, "timeout_ms": 60000, "failures": 100}"#,
                    .init(path: longest, intervalSeconds: 300, timeoutMilliseconds: 60_000, failures: 100)
                ),
                (
                    #"{"path": "/", "interval_seconds": 1, "timeout_ms": 1, "failures": 1}"#,
                    .init(path: "/", intervalSeconds: 1, timeoutMilliseconds: 1, failures: 1)
                ),
            ])
            for (text, member, message) in [
                (#"{"interval_seconds": 0}"#, "interval_seconds", "got 0, want an integer 1...300"),
                (#"{"interval_seconds": 301}"#, "interval_seconds", "got 301, want an integer 1...300"),
                (#"{"timeout_ms": 0}"#, "timeout_ms", "got 0, want an integer 1...60000"),
                (#"{"timeout_ms": 60001}"#, "timeout_ms", "got 60001, want an integer 1...60000"),
                (#"{"failures": 0}"#, "failures", "got 0, want an integer 1...100"),
                (#"{"failures": 101}"#, "failures", "got 101, want an integer 1...100"),
                (#"{"url": "http://a"}"#, "url", "is not a known field"),
            ] { await checks.isRefused(text, member, message) }
            for path in ["", "models", "//a b", "/models?key=secret", "/a#b", #"/a\\b"#, "/é", longest + "a"] {
                await checks.isRefused(#"{"path": "\#(path)"}"#, "path")
            }
        }
    }

    func testThePathThatNobodyChoseIsThatOfTheDialect() throws {
        try AdminHarness.run { harness in
            for (dialect, more, want) in [
                ("openai", "", "/models"), ("anthropic", "", "/v1/models"), ("gemini", "", "/v1beta/models"),
                ("gemini", #", "path_version": "v1""#, "/v1/models"),
                ("bedrock", #", "region": "us-east-1""#, "/async-invoke"),
            ] {
                let made = await harness.create(
                    "providers",
                    #"{"name": "\#(dialect)\#(more.count)", "dialect": "\#(dialect)"\#(more), "probe": {"failures": 2}}"#
                )
                XCTAssertEqual(made["probe"]?["path"]?.string, want, made.text)
            }
            let made = await harness.create("providers", #"{"name": "p", "probe": {}}"#)
            let path = "/api/v1/providers/\(made.id)"
            func changed(_ change: String) async -> String? {
                let reply = await harness.call("PATCH", path, change, ifMatch: "*")
                XCTAssertEqual(reply.status, 200, reply.text)
                return reply["probe"]?["path"]?.string
            }
            let moved = await changed(#"{"dialect": "anthropic", "base_url": "https://a"}"#)
            XCTAssertEqual(moved, "/v1/models", "with its dialect")
            let own = await changed(#"{"probe": {"path": "/health"}}"#)
            XCTAssertEqual(own, "/health")
            let kept = await changed(#"{"dialect": "gemini"}"#)
            XCTAssertEqual(kept, "/health", "what was chosen stays")
            let usual = await changed(#"{"probe": {}}"#)
            XCTAssertEqual(usual, "/v1beta/models")
        }
    }

    func testTheDatabaseKeepsTheBoundsItself() throws {
        try ProviderGroupChecks<PolicyDocument.Probe>.databaseRefuses(
            [
                "probe_path = '/'",
                "probe_path = 'a', probe_interval_seconds = 1, probe_timeout_ms = 1, probe_failures = 1",
                "probe_path = '/', probe_interval_seconds = 301, probe_timeout_ms = 1, probe_failures = 1",
                "probe_path = '/', probe_interval_seconds = 1, probe_timeout_ms = 60001, probe_failures = 1",
                "probe_path = '/', probe_interval_seconds = 1, probe_timeout_ms = 1, probe_failures = 0",
            ], name: "probes")
    }
}
