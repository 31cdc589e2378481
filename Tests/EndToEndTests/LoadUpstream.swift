import TestSupport
import XCTest

extension FleetTestCase {
    /// The upstream of the load generator (`weir-load upstream`), whose answers are always the same bytes, behind a route `name` of its own.
    /// Ends with the test.
    func addLoadUpstream(_ name: String, _ arguments: [String] = []) throws {
        let fleet = try fleet()
        let upstream = try ChildProcess(
            name: name, executable: TestFleet.executable("weir-load"),
            arguments: ["upstream", "--port=0"] + arguments, log: "\(fleet.folder)/\(name).log")
        addTeardownBlock { upstream.kill() }
        var port: Substring?
        try waitUntil("the upstream listens", detail: { upstream.tail() }) {
            port = upstream.output.split(separator: "\n").first.flatMap { $0.split(separator: ":").last }
            return port.flatMap { UInt16($0) } != nil
        }
        try fleet.admin("POST", "providers", ["name": name, "base_url": "http://127.0.0.1:\(port!)/v1"])
        try fleet.addRoute(name, [["provider": name, "model": "gpt-4o-mini"]])
    }
}
