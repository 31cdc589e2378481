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
            "weir-control", ["--check"] + fleet.controlArguments, environment: ["WEIR_ADMN_PORT": "1"], expecting: 1)
        XCTAssertTrue(output.contains("WEIR_ADMN_PORT"), output)
    }

    func testMissingEnvironmentVariableIsNamed() throws {
        let fleet = try fleet()
        let output = try fleet.run("weir-control", ["--check", "--database-url=env:NOT_SET_ANYWHERE"], expecting: 1)
        XCTAssertTrue(output.contains("NOT_SET_ANYWHERE"), output)
        let missing = try fleet.run("weir-control", ["--check"], expecting: 1)
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

    func testACheckTellsAllThatIsWrongWithFilesFoldersAndAddressesAndChangesNothing() throws {
        let fleet = try fleet()
        let folder = fleet.folder + "/check"
        try FileManager.default.createDirectory(atPath: folder + "/data", withIntermediateDirectories: true)
        XCTAssertEqual(unsafe chmod(folder + "/data", 0o777), 0)
        try "{".write(toFile: folder + "/data/node.json", atomically: true, encoding: .utf8)
        try "no certificate".write(toFile: folder + "/bad.pem", atomically: true, encoding: .utf8)
        let before = try FileManager.default.subpathsOfDirectory(atPath: folder)
        let good = [
            "--fleet-node-token=weirnode_x", "--fleet-trusted-keys=\(fleet.publicKey)",
            "--fleet-data-directory=\(folder)/new", "--ops-port=0", "--listen-port=0", "--access-log=none",
        ]
        let output = try fleet.run(
            "weir-data",
            ["--check"] + good + [
                // 192.0.2.0/24 is nobody's: RFC 5737.
                "--listen-host=192.0.2.1", "--threads=many", "--fleet-data-directory=\(folder)/data",
                "--access-log=\(folder)/nowhere/access.log", "--fleet-ca-bundle-path=\(folder)/bad.pem",
                "--upstream-ca-file=\(folder)/none.pem", "--tls-certificate-files=\(folder)/bad.pem",
                "--tls-key-files=\(folder)/bad.pem", "--fleet-control-plane-urls=http://:x",
                "--journal-free-bytes-min=1000000000000000",
            ], expecting: 1)
        for field in [
            "threads", "listenHost", "fleet.dataDirectory: \(folder)/data can be written by others",
            "fleet.dataDirectory: parse \(folder)/data/node.json", "accessLog", "fleet.caBundlePath", "upstreamCAFile",
            "tls.certificateFiles", "fleet.controlPlaneURLs", "journal.freeBytesMin",
        ] {
            XCTAssertTrue(output.contains("dataPlane.\(field)"), "\(field) is missing in: \(output)")
        }
        XCTAssertTrue(try fleet.run("weir-data", ["--check"] + good).contains("The configuration is valid."))
        XCTAssertEqual(try FileManager.default.subpathsOfDirectory(atPath: folder).sorted(), before.sorted())
    }

    func testThePrintedConfigurationIsAFileThatSaysTheSameAndHidesSecrets() throws {
        let fleet = try fleet()
        let settings = ["--fleet-trusted-keys=\(fleet.publicKey)", "--threads=3", "--fleet-node-token=weirnode_hidden"]
        let printed = try fleet.run("weir-data", ["--print-config"] + settings)
        XCTAssertFalse(printed.contains("weirnode_hidden"), printed)
        let file = try write(printed)
        XCTAssertEqual(try fleet.run("weir-data", ["--print-config", "--config=\(file)"]), printed)
        XCTAssertTrue(printed.contains("\"threads\" : 3"), printed)
    }

    func testACheckOfTheControlPlaneLooksAtItsKeyFiles() throws {
        let fleet = try fleet()
        try fleet.run("weir-control", ["--check"] + fleet.controlArguments)
        let output = try fleet.run(
            "weir-control", ["--check"] + fleet.controlArguments + ["--signing-key-file=\(fleet.folder)/no.key"],
            expecting: 1)
        XCTAssertTrue(output.contains("signingKeyFile"), output)
        XCTAssertTrue(output.contains("weir-control init makes it"), output)
    }
}
