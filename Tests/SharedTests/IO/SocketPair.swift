import Glibc
import XCTest

@testable import Shared

/// Two connected sockets of this process, neither of which blocks.
struct SocketPair {
    /// For a `Connection`, which closes it.
    let own: Int32
    let peer: Int32

    /// - Parameter sendBufferBytes: of both; what they have by themselves where it is left out.
    init(sendBufferBytes: Int32? = nil) {
        var ends: [Int32] = [-1, -1]
        XCTAssertEqual(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends), 0)
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            guard var size = sendBufferBytes else { continue }
            XCTAssertEqual(unsafe setsockopt(end, SOL_SOCKET, SO_SNDBUF, &size, 4), 0)
        }
        (own, peer) = (ends[0], ends[1])
    }
}

extension XCTestCase {
    /// Runs `work` on a loop with one end of a pair; `peer` is the other end, which does not block either.
    func withPair(
        sendBufferBytes: Int32? = nil, gatherNanoseconds: UInt64 = 0,
        _ work: @escaping @Sendable (_ own: Connection, _ peer: Int32) async throws -> Void
    ) throws {
        let pair = SocketPair(sendBufferBytes: sendBufferBytes)
        defer { close(pair.peer) }
        let loop = try EventLoop(name: "pair", gatherNanoseconds: gatherNanoseconds)
        // What a task sends to its own loop wakes nobody, and is to count as if it did.
        loop.lookNanosecondsMax = 0
        let done = expectation(description: "the task has returned")
        loop.spawn { actor in
            do {
                let connection = try Connection(adopting: pair.own, on: actor.loop)
                connection.setDeadline(after: .seconds(10))
                try await work(connection, pair.peer)
                connection.close()
            } catch { XCTFail("\(error)") }
            done.fulfill()
        }
        loop.start()
        defer {
            loop.stop()
            loop.join()
        }
        wait(for: [done], timeout: 30)
    }
}
