import ControlPlane
import Shared
import XCTest

final class ControlPlaneConfigurationTests: XCTestCase {
    private func load(_ arguments: [String], environment: [String: String] = [:])
        -> ConfigurationLoader.Result<ControlPlaneConfiguration>
    {
        ConfigurationLoader(
            process: "weir-control", summary: "test", arguments: arguments, environment: environment
        ).load(ControlPlaneConfiguration.self)
    }

    private func problems(_ arguments: [String], environment: [String: String] = [:]) -> [String] {
        guard case .problems(let problems) = load(arguments, environment: environment) else { return [] }
        return problems.map(\.description)
    }

    func testOnlyTheDatabaseMustBeNamed() throws {
        guard case .loaded(let loaded) = load([], environment: ["WEIR_DATABASE_URL": "dbname=weir"]) else {
            return XCTFail("the defaults are not good")
        }
        XCTAssertEqual(loaded.configuration.databaseURL.reveal(), "dbname=weir")
        XCTAssertEqual(loaded.configuration.adminPort, 7070)
        XCTAssertEqual(loaded.configuration.fleetPort, 7071)
        XCTAssertEqual(problems([]).count, 1)
        XCTAssertTrue(problems([])[0].hasPrefix("controlPlane.databaseURL: "), problems([])[0])
    }

    func testEveryProblemIsSaidAtOnce() {
        let said = problems([
            "--database-url=x", "--admin-port=9", "--fleet-port=9", "--fleet=", "--signing-key-file=key",
            "--log-level=loud",
        ])
        XCTAssertEqual(said.count, 4, "\(said)")
        XCTAssertFalse(problems(["--database-url=x", "--admin-prot=1"]).isEmpty)
    }

    func testASecretIsNeverShown() {
        let said = problems(["--database-url=postgresql://u:hunter2@h/db", "--admin-port=99999"])
        XCTAssertEqual(said.count, 1)
        XCTAssertFalse(said.joined().contains("hunter2"))
    }
}
