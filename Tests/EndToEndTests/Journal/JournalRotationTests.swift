import Foundation
import TestSupport
import XCTest

/// Segments come and go under load: every request is one event, in whichever of them its records lie.
final class JournalRotationTests: FleetTestCase {
    private static let segmentBytes = 256 << 10
    private static let threads = 2
    private static let requests = 10_000

    override class func makeFleet() throws -> TestFleet {
        try .standard(dataArguments: ["--journal-segment-bytes=\(segmentBytes)", "--threads=\(threads)"])
    }

    /// The indices of the segment files of one thread.
    private func segments(_ folder: String, thread: Int) -> [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(thread)")) ?? []
        return names.compactMap { $0.hasSuffix(".seg") ? Int($0.dropLast(4)) : nil }.sorted()
    }

    func testTenThousandRequestsOverManySegmentsAreTenThousandEvents() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("rotation")
        // Open over many segments: its intent is copied on, so that it does not hold them all.
        try fleet.addFaultyRoute("endless", "slow;chunk=20;tokens=16000")
        try fleet.addFaultyRoute("short", "none;tokens=3")
        try fleet.waitUntilConfigured()
        let endless = try HeldStreams(2, port: fleet.data.port, key: key.text, route: "endless")
        let journal = "\(fleet.data.folder)/journal"
        let names = try FileManager.default.contentsOfDirectory(atPath: journal)
        let incarnation = try XCTUnwrap(names.first { $0.contains("-") })
        let own = "\(journal)/\(incarnation)"

        let began = ContinuousClock.now
        let callers = SteadyCallers(
            16, port: fleet.data.port, key: key.text, route: "short", requestsMax: Self.requests)
        var most = 0
        try waitUntil("all requests are answered", timeout: .seconds(60), detail: { fleet.tails }) {
            most = max(most, (0..<Self.threads).map { segments(own, thread: $0).count }.max() ?? 0)
            return callers.areDone
        }
        let took = began.duration(to: .now)
        let tally = callers.tally.withLock { $0 }
        XCTAssertEqual(tally.completed.count, Self.requests)
        XCTAssertEqual(tally.broken, 0)
        XCTAssertEqual(tally.surprises.prefix(5), [])
        XCTAssertEqual(endless.tally.withLock { $0.ended }, 0, "the long streams are under way")

        try fleet.waitUntilShipped(fleet.data)
        // Of each thread stay the segment being written, the one prepared, and as many as an open intent may lie behind.
        let last = (0..<Self.threads).map { segments(own, thread: $0).last ?? 0 }
        try waitUntil(
            "acknowledged segments are gone", detail: { "\((0..<Self.threads).map { segments(own, thread: $0) })" }
        ) {
            (0..<Self.threads).allSatisfy { segments(own, thread: $0).count <= 7 }
        }
        // Together: how the kernel divides the connections is its own affair.
        XCTAssertGreaterThan(last.reduce(0, +), 20, "segments: \(last)")

        // The long ones end with their process; the next settles them from the copies.
        fleet.data.kill()
        try fleet.data.start()
        let verdict = try fleet.journalVerdict(of: fleet.data, key: key, since: [0], whole: tally.completed)
        verdict.expectNothingLost("rotation")
        XCTAssertEqual(verdict.completed, Self.requests)
        XCTAssertEqual(verdict.interrupted, endless.count)
        try waitUntil("nothing is left of the first process") { !FileManager.default.fileExists(atPath: own) }
        let perSecond =
            Double(Self.requests) / (Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18)
        print(
            "journal rotation: requests=\(Self.requests) per_second=\(Int(perSecond)) segments=\(last) most_at_once=\(most) "
                + "lost=\(verdict.lost.count) doubled=\(verdict.doubled.count)")
    }
}
