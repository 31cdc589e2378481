import Glibc
import Synchronization
import XCTest

@testable import Shared

/// A connection whose other end is always ready does not have the loop for itself.
final class FairTurnTests: XCTestCase {
    private static let byteCount = 128 << 10
    private static let turnBytes = 8 << 10

    private final class Meeting: Sendable {
        let turns = Atomic(0)
        let isOver = Atomic(false)
    }

    /// The turns that others get while `work` moves bytes that neither end has to wait for.
    private func turns(
        during work: @escaping @Sendable (Connection) async throws -> Void, prepare: (_ peer: Int32) -> Void = { _ in }
    ) throws -> Int {
        let pair = SocketPair(sendBufferBytes: Int32(2 * Self.byteCount))
        defer { close(pair.peer) }
        prepare(pair.peer)
        let loop = try EventLoop(name: "fair")
        let meeting = Meeting()
        let done = expectation(description: "all bytes have passed")
        loop.spawn { actor in
            do {
                let connection = try Connection(adopting: pair.own, on: actor.loop)
                connection.turnBytesMax = Self.turnBytes
                connection.setDeadline(after: .seconds(10))
                try await work(connection)
                connection.close()
            } catch { XCTFail("\(error)") }
            meeting.isOver.store(true, ordering: .relaxed)
        }
        loop.spawn { actor in
            while !meeting.isOver.load(ordering: .relaxed) {
                await actor.loop.nextTurn()
                meeting.turns.add(1, ordering: .relaxed)
            }
            done.fulfill()
        }
        // Now that both are there: the first would be done before a slow machine has brought the second.
        loop.start()
        defer {
            loop.stop()
            loop.join()
        }
        wait(for: [done], timeout: 30)
        return meeting.turns.load(ordering: .relaxed)
    }

    func testALargeUploadLetsOthersHaveTheirTurns() throws {
        let turns = try turns { connection in
            var count = 0
            while count < Self.byteCount {
                count += try await connection.fill()
                connection.input.removeAll()
            }
        } prepare: { peer in
            let bytes = [UInt8](repeating: 1, count: Self.byteCount)
            XCTAssertEqual(unsafe send(peer, bytes, bytes.count, 0), Self.byteCount, "all of it is there beforehand")
        }
        XCTAssertGreaterThanOrEqual(turns, Self.byteCount / Self.turnBytes / 2)
    }

    func testALargeDownloadLetsOthersHaveTheirTurns() throws {
        let turns = try turns { connection in
            connection.output.append([UInt8](repeating: 1, count: Self.byteCount))
            try await connection.flush()
        }
        XCTAssertGreaterThanOrEqual(turns, Self.byteCount / Self.turnBytes / 2)
    }
}
