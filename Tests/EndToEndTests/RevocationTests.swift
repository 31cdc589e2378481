import Foundation
import TestSupport
import XCTest

/// How long a revoked key still works: `make revocation`.
final class RevocationTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet { try .standard(dataPlanes: 2) }

    func testRevokedKeyIsRefusedByBothReplicasWithinASecond() throws {
        let fleet = try fleet()
        let trials = 50
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
            var isRefused = callers.map { _ in false }
            while isRefused.contains(false) {
                for (index, caller) in callers.enumerated() {
                    let now = try status(caller, key.text)
                    XCTAssertTrue(now == 200 || now == 401, "\(now)")
                    XCTAssertFalse(isRefused[index] && now == 200, "a refused key works again")
                    isRefused[index] = now == 401
                }
                guard returned.duration(to: .now) < .seconds(10) else {
                    return XCTFail("trial \(trial): still accepted after 10 s: \(isRefused)\n\(fleet.tails)")
                }
            }
            let took = returned.duration(to: .now)
            milliseconds.append(Double(took.components.seconds) * 1e3 + Double(took.components.attoseconds) / 1e15)
        }
        milliseconds.sort()
        let figures = String(format: "p50_ms=%.0f max_ms=%.0f", milliseconds[trials / 2], milliseconds[trials - 1])
        print("revocation: trials=\(trials) \(figures)")
        XCTAssertLessThan(milliseconds[trials - 1], 1000)
    }
}
