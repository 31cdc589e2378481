import Foundation
import TestSupport
import XCTest

/// What a request allocates on the loop that serves it, counted within the real process by `libweir-probe.so`.
///
/// The thresholds are those of a debug build, in which the optimizer keeps nothing off the heap. `make allocations` has the figures of the
/// release build, and where they come from.
final class AllocationTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet {
        let fleet = try TestFleet.standard(dataPlanes: 0)
        do {
            try fleet.addDataPlane(
                arguments: ["--threads=1"],
                environment: [
                    "STUB_KEY": "sk-stub", "LD_PRELOAD": TestFleet.executable("libweir-probe.so"),
                    "PROBE_FILE": "\(fleet.folder)/probe",
                ])
            return fleet
        } catch {
            fleet.end()
            throw error
        }
    }

    override func setUpWithError() throws {
        try super.setUpWithError()
        // The probe stands where malloc stands, and a sanitizer stands there too.
        try XCTSkipIf(Sanitizer.current != nil, "allocations are counted without a sanitizer")
    }

    /// A key under a budget and a limit of requests, neither of which it gets near.
    private func limitedKey(_ name: String) throws -> TestFleet.Key {
        let fleet = try fleet()
        let key = try fleet.makeKey(name)
        try fleet.makeAllowance(
            "\(name) money", of: key, ["kind": "money", "period": "total", "limit_nanodollars": 1_000_000_000_000])
        try fleet.makeAllowance(
            "\(name) requests", of: key, ["kind": "requests", "period": "minute", "limit": 1_000_000])
        try fleet.waitUntilConfigured()
        return key
    }

    /// Allocations of the loop for each request of the quietest of five runs: timers and leases only ever add to them.
    private func allocations(_ requests: Int, _ caller: HTTPCaller, _ key: TestFleet.Key, _ body: String) throws
        -> Double
    {
        let fleet = try fleet()
        let process = try XCTUnwrap(fleet.data.process)
        let counter = try AllocationCounter(
            file: "\(fleet.folder)/probe", process: process.pid, thread: "weir-data-0")
        func run(_ count: Int) throws {
            for _ in 0..<count {
                let answer = try caller.chat(key.text, body)
                guard answer.status == 200 else { throw TestFailure("\(answer.status) \(answer.text)") }
            }
        }
        // Buffers and tables grow to what they need.
        try run(requests)
        var least = Double.infinity
        for _ in 0..<5 {
            let before = try counter.count()
            try run(requests)
            least = min(least, Double(try counter.count() - before) / Double(requests))
        }
        return least
    }

    func testAPlainRequestAllocatesNoMoreThanItDid() throws {
        try addLoadUpstream("plain")
        let key = try limitedKey("plain")
        let count = try allocations(200, fleet().data.caller(), key, chatBody("plain"))
        // Measured: 56.0.
        print("allocations: plain=\(count) per request (debug build)")
        XCTAssertLessThanOrEqual(count, 57)
    }

    func testAStreamAllocatesNoMoreThanItDid() throws {
        try addLoadUpstream("stream", ["--chunks=10", "--chunk-delay-milliseconds=1"])
        let key = try limitedKey("stream")
        let count = try allocations(40, fleet().data.caller(), key, chatBody("stream", stream: true))
        // Measured: 103.9 to 104.7; how many chunks come at once is not quite the same each time.
        print("allocations: stream=\(count) per stream of 10 chunks (debug build)")
        XCTAssertLessThanOrEqual(count, 106)
    }
}

/// Reads what the probe has counted for one thread of a process: `Tests/Benchmarks/Probe/include/probe.h`.
private struct AllocationCounter {
    private let file: String
    private let offset: Int

    private static let magic: UInt64 = 0x3162_6f72_7072_6557
    private static let headerBytes = 64
    private static let entryBytes = 64
    private static let entries = 256

    /// Finds the thread by its name, which is known once the process is ready.
    init(file: String, process: Int32, thread name: String) throws {
        self.file = file
        let folder = "/proc/\(process)/task"
        let id = try FileManager.default.contentsOfDirectory(atPath: folder).first {
            try String(contentsOfFile: "\(folder)/\($0)/comm", encoding: .utf8).hasPrefix(name + "\n")
        }.flatMap(UInt64.init)
        guard let id else { throw TestFailure("no thread \(name) in process \(process)") }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        guard Self.word(bytes, at: 0) == Self.magic else { throw TestFailure("\(file) is not the probe's") }
        let offsets = (0..<Self.entries).map { Self.headerBytes + $0 * Self.entryBytes }
        guard let offset = offsets.first(where: { Self.word(bytes, at: $0) == id }) else {
            throw TestFailure("the probe has not seen thread \(id), \(name)")
        }
        self.offset = offset
    }

    /// Allocations so far.
    func count() throws -> Int {
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
        defer { try? handle.close() }
        try handle.seek(toOffset: UInt64(offset))
        return Int(Self.word(try handle.read(upToCount: Self.entryBytes) ?? Data(), at: 8))
    }

    private static func word(_ bytes: Data, at offset: Int) -> UInt64 {
        guard bytes.count >= offset + 8 else { return 0 }
        return (0..<8).reduce(0) { $0 | UInt64(bytes[bytes.startIndex + offset + $1]) << UInt64(8 * $1) }
    }
}
