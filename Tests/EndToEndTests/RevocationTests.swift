import Foundation
import TestSupport
import XCTest

/// How long a revoked key still works: `make revocation`.
///
/// Each loop of a data plane has its own copy of a snapshot, and takes it when it comes to it. A refusal ends its connection, and the
/// next one may be another loop's. So a key counts as refused when so many connections in a row were refused that all loops were asked.
final class RevocationTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet { try .standard(dataPlanes: 2) }

    func testRevokedKeyIsRefusedByBothReplicasWithinASecond() throws {
        let fleet = try fleet()
        let trials = 50
        // One loop of two alone would serve them all once in 32,768 times.
        let refusalsInRow = 16
        let callers = fleet.dataPlanes.map { $0.caller() }
        func status(_ caller: HTTPCaller, _ key: String) throws -> Int {
            try caller.send("GET", "/v1/models", headers: [("authorization", "Bearer \(key)")]).status
        }
        var milliseconds: [Double] = []
        for trial in 1...trials {
            let key = try fleet.makeKey("revoked-\(trial)")
            try waitUntil("both replicas accept key \(trial)", timeout: .seconds(10)) {
                try callers.allSatisfy { try status($0, key.text) == 200 }
            }
            try fleet.admin("POST", "virtual-keys/\(key.id)/revoke")
            let returned = ContinuousClock.now
            var refusals = callers.map { _ in 0 }
            var firstOfRow = callers.map { _ in returned }
            while refusals.contains(where: { $0 < refusalsInRow }) {
                for (index, caller) in callers.enumerated() {
                    let now = try status(caller, key.text)
                    XCTAssertTrue(now == 200 || now == 401, "\(now)")
                    refusals[index] = now == 401 ? refusals[index] + 1 : 0
                    if refusals[index] <= 1 { firstOfRow[index] = .now }
                }
                guard returned.duration(to: .now) < .seconds(10) else {
                    return XCTFail("trial \(trial): still accepted after 10 s: \(refusals)\n\(fleet.tails)")
                }
            }
            let took = firstOfRow.map { returned.duration(to: $0) }.max()!
            milliseconds.append(Double(took.components.seconds) * 1e3 + Double(took.components.attoseconds) / 1e15)
        }
        milliseconds.sort()
        let figures = String(format: "p50_ms=%.0f max_ms=%.0f", milliseconds[trials / 2], milliseconds[trials - 1])
        print("revocation: trials=\(trials) \(figures)")
        XCTAssertLessThan(milliseconds[trials - 1], 1000)
    }
}
