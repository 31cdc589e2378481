import TestSupport
import XCTest

/// Many connections at once, in small; `make slowloris` and `make parked` are the same with ten thousand on a release build.
final class CrowdTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet {
        try .standard(
            dataArguments: ["--head-timeout-milliseconds=1500", "--body-timeout-milliseconds=1500", "--threads=1"])
    }

    /// The upstream that the load generator knows the answers of, behind the route `crowd`.
    private func configure(_ arguments: String...) throws -> String {
        let name = "crowd-\(arguments.count)"
        try addLoadUpstream(name, arguments)
        return name
    }

    private func load(_ command: String, model: String, _ arguments: String...) throws -> String {
        let fleet = try fleet()
        let key = try fleet.makeKey(model)
        try fleet.waitUntilConfigured()
        let process = try ChildProcess(
            name: command, executable: TestFleet.executable("weir-load"),
            arguments: [
                command, "--port=\(fleet.data.port)", "--pid=\(try XCTUnwrap(fleet.data.process).pid)",
                "--key=\(key.text)", "--model=\(model)",
            ] + arguments, log: "\(fleet.folder)/\(command)-\(model).log")
        let exit = process.waitForExit(timeout: .seconds(60))
        if exit == nil { process.kill() }
        print(process.output)
        XCTAssertEqual(exit, .status(0), process.tail())
        return process.output
    }

    func testSlowConnectionsAreCutAndTheOthersDoNotNotice() throws {
        let model = try configure()
        // What others do on the machine shows in a p99 of so few; the ratio itself is what `make slowloris` measures.
        let line = try load(
            "slowloris", model: model, "--connections=600", "--rate=200", "--baseline-seconds=3", "--seconds=5",
            "--deadline-seconds=4", "--p99-ratio-max=8", "--rss-mib-max=\(200 * Sanitizer.memoryFactor)")
        XCTAssertTrue(line.contains("uncut=0 cut_otherwise=0"), line)
        try waitUntil("nothing is left of them") { try fleet().data.metric("weir_connections") == 0 }
    }

    func testAStreamThatIsSilentCostsLittle() throws {
        let model = try configure("--chunks=2", "--chunk-delay-milliseconds=60000")
        let line = try load(
            "park", model: model, "--stream", "--connections=1000", "--hold-seconds=1",
            "--kib-per-connection-max=\(32 * Sanitizer.memoryFactor)")
        XCTAssertTrue(line.contains("connections=1000 "), line)
    }
}
