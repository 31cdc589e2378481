import Foundation
import Glibc
import TestSupport
import XCTest

/// What the processes say when they cannot start: which setting, what they got, what they want; and a status that is not 0.
final class StartupTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet {
        let fleet = try TestFleet()
        try fleet.startControl()
        return fleet
    }

    private func write(_ text: String) throws -> String {
        let path = try fleet().folder + "/config-\(UUID().uuidString.prefix(8)).json"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    func testUnknownFieldOfTheFileIsNamed() throws {
        let fleet = try fleet()
        for (program, typo) in [("weir-control", "admnPort"), ("weir-data", "listenPrt")] {
            let output = try fleet.run(program, ["--config=\(try write(#"{"\#(typo)": 1}"#))"], expecting: 2)
            XCTAssertTrue(output.contains(typo), output)
        }
    }

    func testAllProblemsAreToldAtOnce() throws {
        let file = try write(#"{"adminPort": "many", "fleetPort": 70000}"#)
        let output = try fleet().run("weir-control", ["--config=\(file)", "--no-such-flag=1"], expecting: 2)
        for problem in ["adminPort", "fleetPort", "70000", "no-such-flag", "databaseURL"] {
            XCTAssertTrue(output.contains(problem), "\(problem) is missing in: \(output)")
        }
    }

    func testUnknownEnvironmentVariableOfOursIsNamed() throws {
        let fleet = try fleet()
        let output = try fleet.run(
            "weir-control", ["--check"] + fleet.controlArguments, environment: ["WEIR_ADMN_PORT": "1"], expecting: 2)
        XCTAssertTrue(output.contains("WEIR_ADMN_PORT"), output)
    }

    func testMissingEnvironmentVariableIsNamed() throws {
        let fleet = try fleet()
        let output = try fleet.run("weir-control", ["--check", "--database-url=env:NOT_SET_ANYWHERE"], expecting: 2)
        XCTAssertTrue(output.contains("NOT_SET_ANYWHERE"), output)
        let missing = try fleet.run("weir-control", ["--check"], expecting: 2)
        XCTAssertTrue(missing.contains("databaseURL"), missing)
    }

    func testBusyPortIsNamed() throws {
        let fleet = try fleet()
        // The control plane of this class has both ports already.
        let output = try fleet.run("weir-control", fleet.controlArguments, expecting: 1)
        XCTAssertTrue(output.contains("\(fleet.adminPort)") || output.contains("\(fleet.fleetPort)"), output)
    }

    func testDatabaseThatIsNotThereIsSaid() throws {
        let fleet = try fleet()
        let arguments = [
            "--database-url=host=\(fleet.folder) dbname=nowhere", "--admin-port=\(freePort())",
            "--fleet-port=\(freePort())",
            "--signing-key-file=\(fleet.signingKeyFile)", "--encryption-key-file=\(fleet.folder)/encryption.key",
        ]
        let output = try fleet.run("weir-control", ["init"] + arguments, expecting: 1)
        XCTAssertTrue(output.contains("database"), output)
        XCTAssertFalse(output.contains("weiradm_"), output)

        // As a service it waits for the database, and says that it is not ready.
        let process = try ChildProcess(
            name: "waiting", executable: TestFleet.executable("weir-control"), arguments: arguments,
            log: "\(fleet.folder)/waiting.log")
        defer { process.kill() }
        guard process.waitForExit(timeout: .seconds(2)) == nil else {
            XCTAssertTrue(process.output.contains("database"), process.output)
            return
        }
        XCTAssertTrue(process.output.contains("database"), process.output)
    }

    func testDataPlaneWithoutSnapshotIsNotReadyAndRefusesNobodyWrongly() throws {
        let fleet = try fleet()
        // Nobody listens at this port: it has never seen a snapshot, and cannot get one.
        let node = try fleet.addDataPlane("lonely", fleetPort: freePort(), waitsUntilReady: false)
        defer { node.kill() }
        try waitUntil("it listens") {
            (try? node.readiness().status) == 503 && (try? RawConnection(port: node.port)) != nil
        }
        let answer = try node.caller().chat("weir_whoever", chatBody("chat"))
        // "Cannot verify" is never "wrong key".
        XCTAssertEqual(answer.status, 503)
        XCTAssertEqual(answer.errorCode, "key_unverifiable")
    }
}
