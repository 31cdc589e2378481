import Foundation

/// One control plane: a process that can be killed and started again over the same database, keys and ports.
public final class ControlNode {
    public let name: String
    public let adminPort = freePort()
    public let fleetPort = freePort()
    public private(set) var process: ChildProcess?
    private let folder: String

    init(name: String, folder: String) {
        self.name = name
        self.folder = folder
    }

    func arguments(database: String) -> [String] {
        [
            "--database-url=\(database)", "--admin-port=\(adminPort)", "--fleet-port=\(fleetPort)",
            "--signing-key-file=\(folder)/signing.key", "--encryption-key-file=\(folder)/encryption.key",
        ]
    }

    /// Returns when it is ready, which needs PostgreSQL.
    public func start(database: String, waitsUntilReady: Bool = true) throws {
        let process = try ChildProcess(
            name: name, executable: TestFleet.executable("weir-control"), arguments: arguments(database: database),
            log: "\(folder)/\(name).log")
        self.process = process
        if waitsUntilReady { try waitUntilReady(process, port: fleetPort) }
    }

    public func kill() {
        process?.kill()
        process = nil
    }

    @discardableResult
    public func stop(timeout: Duration = .seconds(10)) -> ChildProcess.Exit? {
        let exit = process?.terminate(timeout: timeout)
        process = nil
        return exit
    }
}
