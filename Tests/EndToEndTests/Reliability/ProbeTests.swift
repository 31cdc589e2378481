import Foundation
import TestSupport
import XCTest

/// Providers that data planes ask by themselves whether they are up.
///
/// - Shape: each data plane has a key of its own at the stubs, so that a provider can be gone for one of them only. Each test has a stub of
///   its own, and `good` is where its requests go instead.
final class ProbeTests: FleetTestCase {
    private static let names = ["idle", "trial", "cut", "hang"]

    override class func makeFleet() throws -> TestFleet {
        try TestFleet.made { fleet in
            try fleet.startControl()
            for name in names + ["good"] { try fleet.addStub(name) }
            for number in 1...2 {
                try fleet.addDataPlane(
                    "data-\(number)", arguments: ["--threads=\(number)"], environment: ["STUB_KEY": "sk-\(number)"])
            }
            try fleet.addTenant()
            try fleet.addProvidersOfStubs()
            try fleet.admin("POST", "models", ["name": "m", "kind": "chat"])
            for name in names {
                try fleet.addRoute(
                    name,
                    [name, "good"].map { ["provider": $0, "model": "m", "upstream_model_name": "of-\(name)"] })
            }
        }
    }

    private func befall(_ fleet: TestFleet, _ name: String, _ fault: String?, nodes: ClosedRange<Int> = 1...2) throws {
        let stub = try XCTUnwrap(fleet.stubs.first { $0.name == name })
        for number in nodes { try stub.befall(key: "sk-\(number)", fault) }
    }

    private func isDown(_ node: DataNode, _ provider: String) throws -> Bool {
        try node.metric(#"weir_provider_down{provider="\#(provider)"}"#) == 1
    }

    /// Summed over what they came to.
    private func probes(_ node: DataNode, _ provider: String) throws -> Double {
        let text = try HTTPCaller(port: node.opsPort).send("GET", "/metrics").text
        return text.split(separator: "\n").filter { $0.hasPrefix(#"weir_probes_total{provider="\#(provider)","#) }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0, +)
    }

    private func attempts(_ node: DataNode, _ provider: String, _ outcome: String) throws -> Double {
        try node.metric(#"weir_attempts_total{target="\#(provider)/m",outcome="\#(outcome)"}"#)
    }

    /// Requests that are served at this provider with their first attempt.
    private func assertServed(
        _ node: DataNode, _ key: String, _ route: String, by provider: String, requests: Int = 5,
        line: UInt = #line
    ) throws {
        let caller = node.caller()
        for _ in 1...requests {
            let answer = try caller.chat(key, chatBody(route))
            XCTAssertEqual(answer.status, 200, answer.text, line: line)
            XCTAssertEqual(answer.header("x-weir-target"), "\(provider)/m", line: line)
            XCTAssertEqual(answer.header("x-weir-attempts"), "1", line: line)
        }
    }

    func testAnIdleFleetNoticesAnOutageAndItsEndWithoutARequest() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("idle").text
        try befall(fleet, "idle", "status-503")
        try fleet.change(
            "providers", named: "idle", ["probe": ["interval_seconds": 1, "timeout_ms": 1_000, "failures": 2]])
        try fleet.waitUntilConfigured()
        try waitUntil("both have noticed", detail: { fleet.tails }) {
            try fleet.dataPlanes.allSatisfy { try isDown($0, "idle") }
        }
        for node in fleet.dataPlanes {
            try assertServed(node, key, "idle", by: "good")
            XCTAssertEqual(try node.readiness().status, 200, "a provider is nobody's readiness")
        }
        try befall(fleet, "idle", nil)
        try waitUntil("both have noticed its end", detail: { fleet.tails }) {
            try fleet.dataPlanes.allSatisfy { try !isDown($0, "idle") }
        }
        for node in fleet.dataPlanes {
            try assertServed(node, key, "idle", by: "idle")
            XCTAssertEqual(try attempts(node, "idle", "server_error"), 0)
            XCTAssertGreaterThanOrEqual(
                try node.metric(#"weir_probes_total{provider="idle",outcome="server_error"}"#), 2)
        }
        XCTAssertTrue(fleet.tails.contains("a provider does not answer probes, and is set aside"))
        XCTAssertTrue(fleet.tails.contains("a provider answers probes again"))
    }

    func testNoCallersRequestIsSpentToFindOutWhatAProbeCan() throws {
        let fleet = try fleet()
        let node = fleet.data
        let key = try fleet.makeKey("trial").text
        try befall(fleet, "trial", "status-500")
        try fleet.change(
            "providers", named: "trial",
            ["probe": ["interval_seconds": 1, "failures": 100], "breaker": ["consecutive_failures": 2]])
        try fleet.waitUntilConfigured()
        let caller = node.caller()
        for _ in 1...2 {
            XCTAssertEqual(try caller.chat(key, chatBody("trial")).header("x-weir-attempts"), "2")
        }
        // It opened for a second, in which two probes begin at most.
        let before = try probes(node, "trial")
        try waitUntil("its time is over", detail: { fleet.tails }) { try probes(node, "trial") >= before + 3 }
        try assertServed(node, key, "trial", by: "good", requests: 10)
        try befall(fleet, "trial", nil)
        try waitUntil("it is tried again", detail: { fleet.tails }) {
            let answer = try caller.chat(key, chatBody("trial"))
            XCTAssertEqual(answer.header("x-weir-attempts"), "1")
            return answer.header("x-weir-target") == "trial/m"
        }
        try assertServed(node, key, "trial", by: "trial")
        XCTAssertEqual(try attempts(node, "trial", "server_error"), 2)
    }

    func testADataPlaneThatIsCutOffDoesNotTakeAProviderFromOthers() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("cut").text
        try befall(fleet, "cut", "close-before-head", nodes: 1...1)
        try fleet.change("providers", named: "cut", ["probe": ["interval_seconds": 1, "failures": 1]])
        try fleet.waitUntilConfigured()
        let (cutOff, other) = (fleet.dataPlanes[0], fleet.dataPlanes[1])
        try waitUntil("one is cut off", detail: { fleet.tails }) { try isDown(cutOff, "cut") }
        // Before it has asked for itself it believes what it hears.
        try waitUntil("the other knows for itself", detail: { fleet.tails }) {
            let answer = try other.caller().chat(key, chatBody("cut"))
            return try probes(other, "cut") > 0 && answer.header("x-weir-target") == "cut/m"
        }
        let before = try probes(other, "cut")
        try waitUntil("the other has had time to hear of it", detail: { fleet.tails }) {
            try assertServed(other, key, "cut", by: "cut")
            return try probes(other, "cut") >= before + 2
        }
        try assertServed(cutOff, key, "cut", by: "good")
        XCTAssertFalse(try isDown(other, "cut"))
        try befall(fleet, "cut", nil)
    }

    func testAProviderThatHangsIsOutAndSettingsHoldFromTheNextProbeOn() throws {
        let fleet = try fleet()
        let node = fleet.data
        let key = try fleet.makeKey("hang").text
        try befall(fleet, "hang", "stall-before-head")
        try fleet.change("providers", named: "hang", ["probe": ["interval_seconds": 300]])
        try fleet.waitUntilConfigured()
        try fleet.change(
            "providers", named: "hang", ["probe": ["interval_seconds": 1, "timeout_ms": 100, "failures": 1]])
        try waitUntil("it is out", detail: { fleet.tails }) { try isDown(node, "hang") }
        XCTAssertGreaterThan(try node.metric(#"weir_probes_total{provider="hang",outcome="total_timeout"}"#), 0)
        try assertServed(node, key, "hang", by: "good")
        try befall(fleet, "hang", nil)
        try fleet.change(
            "providers", named: "hang", ["probe": NSNull(), "base_url": "http://127.0.0.1:\(freePort())/v1"])
        try fleet.waitUntilConfigured()
        XCTAssertFalse(try isDown(node, "hang"), "nobody asks any more")
        try fleet.change("providers", named: "hang", ["probe": ["interval_seconds": 1, "failures": 1]])
        try waitUntil("it is out again", detail: { fleet.tails }) { try isDown(node, "hang") }
        let stub = try XCTUnwrap(fleet.stubs.first { $0.name == "hang" })
        try fleet.change("providers", named: "hang", ["base_url": stub.baseURL])
        try waitUntil("its new address answers", detail: { fleet.tails }) {
            try node.metric(#"weir_probes_total{provider="hang",outcome="answered"}"#) > 0
        }
        try assertServed(node, key, "hang", by: "hang")
    }
}
