import Foundation
import TestSupport
import XCTest

/// The official clients, unchanged, in front of the stub provider itself: what they understand of it they understand of the real one.
final class StubClientTests: StubTestCase {
    override var arguments: [String] { ["--strict"] }

    func testOfficialClientsAreServed() throws {
        let authority = try TestAuthority()
        let front = try TLSFront.start(in: authority.folder, authority, before: port)
        defer { front.process.kill() }
        let place = OfficialClient.Place(
            port: port, tlsPort: front.port, authorityFile: authority.file, stubPort: port, key: key, isWeir: false)
        let models = OfficialClient.Models(
            plain: "model", cached: "model+usage;cached=5", broken: "model+error-mid-stream;after=6")
        for client in OfficialClient.allCases where client != .openai {
            let report = try client.check(place, models, target: client.dialect)
            for check in report.checks { XCTAssertNil(check.failure, "\(client): \(check.name)") }
            XCTAssertGreaterThanOrEqual(report.checks.filter { !$0.skipped }.count, client.checksMin, "\(client)")
            XCTAssertGreaterThanOrEqual(report.answers.count, client.checksMin + 6, "\(client)")
        }
        // What the clients were told is what was billed; streams that broke were billed too, and nobody told.
        let bills = try bills()
        XCTAssertFalse(bills.isEmpty)
        XCTAssertGreaterThan(bills.filter { $0["endpoint"] as? String == "responses" }.count, 40)
        XCTAssertTrue(bills.allSatisfy { $0["delivery"] as? String != "open" })
    }
}
