import Glibc
import TestSupport
import XCTest

@testable import DataPlane
@testable import Shared

/// What becomes of a provider's connection at the end of an answer.
final class RelayEndTests: XCTestCase {
    /// A provider's answer that has arrived whole, and how often it was given back.
    private final class WholeAnswer: UpstreamExchange {
        var answer = UpstreamAnswer(status: 200)
        let forwardedFields = ByteBuffer()
        private var remaining: Int
        private(set) var finishes = 0
        private(set) var aborts = 0
        /// The most that waited in the buffer that it was read into.
        private(set) var held = 0
        /// Called with what is left.
        var onRead: (Int) -> Void = { _ in }

        init(bytes: Int) { remaining = bytes }

        func read(into buffer: ByteBuffer) async throws(UpstreamReadError) -> Int {
            onRead(remaining)
            if aborts > 0 { throw .aborted }
            let count = min(remaining, 64 * 1024)
            buffer.append([UInt8](repeating: 0x20, count: count))
            remaining -= count
            held = max(held, buffer.count)
            return count
        }

        func abort() { aborts += 1 }
        func finish() { finishes += 1 }
    }

    /// A caller, and its request under way.
    private static func request(
        on loop: EventLoop
    ) throws -> (CurlTransportTests.Caller, ClientStream, ParsedRequest, RequestContext) {
        let caller = try CurlTransportTests.Caller(on: loop, head: CurlTransportTests.plainHead)
        let client = ClientStream(
            caller.connection, source: nil, settings: DataPlaneConfiguration(),
            memory: LoopMemory(MemoryBudget(limit: 0), counting: loop.buffers.held))
        let request = try unsafe RequestParser.parse(caller.body.readable, endpoint: .embeddings)
        let context = RequestContext(
            id: CurlTransportTests.requestID, startedAt: loop.now, startedUnixMilliseconds: 0, policy: nil)
        return (caller, client, request, context)
    }

    /// An answer is given back when it is complete, before its caller has it: by the time that the caller turns out to be gone,
    /// somebody else's request may be on that connection.
    func testTheConnectionIsGivenBackOnceAlsoWhenTheCallerLeavesMeanwhile() throws {
        // Held whole, and passed on in pieces.
        for bytes in [900 * 1024, 3 * 1024 * 1024] {
            try onLoop { actor in
                let loop = actor.loop
                let exchange = WholeAnswer(bytes: bytes)
                // A caller who does not read and then leaves.
                let (caller, client, request, context) = try Self.request(on: loop)
                let relay = Relay(exchange, client, request, nil)
                let outcome = Outcome(ending: .callerGone)
                outcome.relay = relay
                let leaving = LoopTimer(on: loop) { shutdown(caller.peer, Int32(SHUT_RDWR)) }
                leaving.arm(after: .milliseconds(20))
                let target = CurlTransportTests.target("http://127.0.0.1:1")
                outcome.mark = target.health.begin(loop.now)
                try await relay.begin(began: loop.now, target: target, outcome)
                await relay.carry(from: target, context, outcome)
                let isUsable = await Answerer().finish(outcome, client, context, loop)
                XCTAssertFalse(isUsable)
                XCTAssertEqual(exchange.finishes, 1, "\(bytes) bytes")
            }
        }
    }

    // MARK: Without a caller

    private struct Leaving {
        let exchange: WholeAnswer
        let client: ClientStream
        let outcome: Outcome
        let orphans: Orphans
    }

    /// An answer of three MiB whose caller leaves when so much of it is left.
    private func leave(
        _ left: Int, admitted: Int = 0, isStopping: Bool = false, _ body: @escaping @Sendable (Leaving) -> Void
    ) throws {
        try onLoop { actor in
            let loop = actor.loop
            let exchange = WholeAnswer(bytes: 3 << 20)
            let (caller, client, request, context) = try Self.request(on: loop)
            defer { withExtendedLifetime(caller) {} }
            let orphans = Orphans(MetricsRegistry())
            for _ in 0..<admitted { _ = orphans.admit() }
            let watch = OrphanWatch(client, orphans)
            client.orphanWatch = watch
            watch.abortOnLeaving(exchange)
            let relay = Relay(exchange, client, request, nil)
            let outcome = Outcome(ending: .callerGone)
            outcome.relay = relay
            let target = CurlTransportTests.target("http://127.0.0.1:1")
            outcome.mark = target.health.begin(loop.now)
            exchange.onRead = { remaining in
                guard remaining == left else { return }
                if isStopping { client.cutByStop() } else { watch.abort() }
            }
            do {
                try await relay.begin(began: loop.now, target: target, outcome)
                await relay.carry(from: target, context, outcome)
            } catch { XCTAssertFalse(client.isOrphaned, "\(error)") }
            if client.isOrphaned { await relay.endOrphan(outcome) }
            body(Leaving(exchange: exchange, client: client, outcome: outcome, orphans: orphans))
            outcome.relay = nil
        }
    }

    func testAnAnswerWithoutACallerIsReadToItsEndAndHeldNowhere() throws {
        try leave((3 << 20) - 2 * 64 * 1024) { seen in
            XCTAssertEqual(seen.outcome.kind, .cancelled)
            guard case .callerGone = seen.outcome.ending else { return XCTFail("\(seen.outcome.ending)") }
            XCTAssertEqual(seen.outcome.status, 499, "no byte has reached the caller")
            XCTAssertEqual([seen.exchange.finishes, seen.exchange.aborts], [1, 0])
            XCTAssertLessThanOrEqual(seen.exchange.held, 3 * 64 * 1024)
            XCTAssertTrue(seen.client.connection.output.isEmpty)
            XCTAssertEqual(seen.orphans.count, 0)
        }
    }

    func testTheNewestIsCancelledWhereThereAreTooMany() throws {
        try leave((3 << 20) - 64 * 1024, admitted: Orphans.countMax - 1) { seen in
            XCTAssertEqual(seen.exchange.aborts, 0)
            XCTAssertEqual(seen.orphans.count, Orphans.countMax - 1)
        }
        try leave((3 << 20) - 64 * 1024, admitted: Orphans.countMax) { seen in
            XCTAssertGreaterThan(seen.exchange.aborts, 0)
            XCTAssertFalse(seen.client.isOrphaned)
            XCTAssertEqual(seen.orphans.count, Orphans.countMax)
        }
    }

    func testAProcessThatStopsMakesNoOrphans() throws {
        try leave((3 << 20) - 64 * 1024, isStopping: true) { seen in
            XCTAssertGreaterThan(seen.exchange.aborts, 0)
            XCTAssertFalse(seen.client.isOrphaned)
        }
    }

    func testWhoWaitsForAConnectionIsNotWaitedForAndNothingIsBegunForWhoHasLeft() throws {
        try onLoop { actor in
            let loop = actor.loop
            let caller = try CurlTransportTests.Caller(on: loop, head: CurlTransportTests.plainHead)
            let client = ClientStream(
                caller.connection, source: nil, settings: DataPlaneConfiguration(),
                memory: LoopMemory(MemoryBudget(limit: 0), counting: loop.buffers.held))
            let orphans = Orphans(MetricsRegistry())
            let watch = OrphanWatch(client, orphans)
            let waiting = CheckOut(on: loop, by: .distantFuture)
            watch.abortOnLeaving(waiting)
            watch.abort()
            XCTAssertTrue(waiting.isAborted)
            XCTAssertEqual(orphans.count, 0)
            let exchange = WholeAnswer(bytes: 1)
            watch.abortOnLeaving(exchange)
            watch.abort()
            XCTAssertEqual([orphans.count, exchange.aborts], [1, 0])
            let again = WholeAnswer(bytes: 1)
            watch.abortOnLeaving(again)
            XCTAssertEqual(again.aborts, 1)
        }
    }
}
