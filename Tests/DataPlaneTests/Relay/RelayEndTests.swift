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

        init(bytes: Int) { remaining = bytes }

        func read(into buffer: ByteBuffer) async throws(UpstreamReadError) -> Int {
            let count = min(remaining, 64 * 1024)
            buffer.append([UInt8](repeating: 0x20, count: count))
            remaining -= count
            return count
        }

        func abort() {}
        func finish() { finishes += 1 }
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
                let caller = try CurlTransportTests.Caller(on: loop, head: CurlTransportTests.plainHead)
                let client = ClientStream(
                    caller.connection, source: nil, settings: DataPlaneConfiguration(),
                    memory: LoopMemory(MemoryBudget(limit: 0), counting: loop.buffers.held))
                let request = try unsafe RequestParser.parse(caller.body.readable, endpoint: .embeddings)
                let context = RequestContext(
                    id: CurlTransportTests.requestID, startedAt: loop.now, startedUnixMilliseconds: 0, policy: nil)
                let relay = Relay(exchange, client, request)
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
}
