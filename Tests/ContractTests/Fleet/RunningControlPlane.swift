@testable import ControlPlane
import Shared
import TestSupport

/// A control plane on a loop of its own, with both ports open.
final class RunningControlPlane {
    let database: ControlPlaneDatabase
    let adminPort: UInt16
    let fleetPort: UInt16
    /// Good for the fleet API.
    let nodeToken: String
    private let loop: EventLoop
    private let plane: PlaneBox

    /// Concurrency: used by tasks of the one loop only.
    private final class PlaneBox: @unchecked Sendable {
        var plane: ControlPlane?
    }

    init(_ database: ControlPlaneDatabase) throws {
        self.database = database
        let loop = try EventLoop(name: "plane")
        let box = PlaneBox()
        loop.start()
        var configuration = ControlPlaneConfiguration()
        configuration.databaseURL = Secret(database.settings.connectionString)
        configuration.adminPort = 0
        configuration.fleetPort = 0
        configuration.drainTimeoutSeconds = 1
        let keys = ControlPlaneKeys(signing: database.signing, vault: database.vault)
        let started = try run(on: loop) { [configuration] actor in
            let plane = ControlPlane(
                configuration, keys: keys, on: actor.loop, logOutput: LogOutput(descriptor: 2, level: .error)
            ) { _ in { _, responder in await responder.respond(status: 404) } }
            try await plane.start()
            box.plane = plane
            let token = AccessToken.generate(.node)
            try await NodeAccessStore.insertToken(
                id: .random(), name: "test-\(ObjectID.random())", sha256: token.sha256, plane.services.pool)
            return (plane.adminPort, plane.fleetPort, token.text)
        }
        (adminPort, fleetPort, nodeToken) = started
        self.loop = loop
        plane = box
    }

    /// Runs `body` on the plane's loop.
    func with<Result: Sendable>(
        _ body: @escaping @Sendable (ControlPlaneServices) async throws -> Result
    ) throws -> Result {
        let plane = plane
        return try run(on: loop) { _ in try await body(plane.plane!.services) }
    }

    func stop() throws {
        let plane = plane
        try run(on: loop) { _ in
            await plane.plane?.stop()
            plane.plane = nil
        }
        loop.stop()
        loop.join()
    }

    /// Sends one request to the fleet API.
    func call(
        _ method: String, _ path: String, token: String? = nil, body: [UInt8] = []
    ) throws -> HTTPAnswer {
        let caller = HTTPCaller(port: fleetPort)
        defer { caller.close() }
        return try caller.send(
            method, path, headers: [("authorization", "Bearer \(token ?? nodeToken)")], body: body)
    }
}
