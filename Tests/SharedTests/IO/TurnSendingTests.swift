import Glibc
import XCTest

@testable import Shared

/// What is left to the loop goes at the end of its turn, once and whole, whatever becomes of the connection.
final class TurnSendingTests: XCTestCase {
    /// What `peer` can read now; nil at the end of the stream.
    private static func received(_ peer: Int32) -> [UInt8]? {
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe recv(peer, &piece, piece.count, 0)
            if count == 0 { return all.isEmpty ? nil : all }
            if count < 0 { return all }
            all += piece[..<count]
        }
    }

    private static let text = Array("an answer".utf8)
    /// Numbered, so that a byte that is missing or comes twice shows.
    private static func numbered(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 % 251) } }

    func testItGoesAtTheEndOfTheTurn() throws {
        try withPair { connection, peer in
            connection.output.append(Self.text)
            XCTAssertTrue(try connection.flushInTurn())
            XCTAssertEqual(Self.received(peer), [], "others of this turn are still at work")
            XCTAssertFalse(connection.isQuiet())
            connection.output.append(Self.text)
            XCTAssertTrue(try connection.flushInTurn())
            await connection.loop.nextTurn()
            XCTAssertEqual(Self.received(peer), Self.text + Self.text)
            XCTAssertTrue(connection.isQuiet())
        }
    }

    func testWhoeverCannotWaitSendsItAllInOrder() throws {
        try withPair { connection, peer in
            connection.output.append(Self.text)
            XCTAssertTrue(try connection.flushInTurn())
            connection.output.append([0x21])
            try await connection.flush()
            XCTAssertEqual(Self.received(peer), Self.text + [0x21])
            await connection.loop.nextTurn()
            XCTAssertEqual(Self.received(peer), [], "nothing goes twice")
        }
    }

    func testWhatATurnHadNoRoomForGoesInAnother() throws {
        try withPair { connection, peer in
            // That the socket can be written to is told once in any case.
            await connection.loop.nextTurn()
            connection.turnBytesMax = 4096
            connection.output.append(Self.numbered(6000))
            XCTAssertTrue(try connection.flushInTurn())
            await connection.loop.nextTurn()
            XCTAssertEqual(Self.received(peer)?.count, 4096)
            // Read by the peer, which is told, and nobody waits on the connection meanwhile.
            await connection.loop.nextTurn()
            await connection.loop.nextTurn()
            XCTAssertEqual(Self.received(peer), Array(Self.numbered(6000)[4096...]))
        }
    }

    func testItGoesBeforeTheConnectionCloses() throws {
        for end in [{ $0.close() }, { $0.shutDownWriting() }] as [@Sendable (Connection) -> Void] {
            try withPair { connection, peer in
                connection.output.append(Self.text)
                XCTAssertTrue(try connection.flushInTurn())
                end(connection)
                XCTAssertEqual(Self.received(peer), Self.text)
                XCTAssertNil(Self.received(peer))
            }
        }
    }

    func testAPeerThatHasSaidEverythingHasItsAnswer() throws {
        try withPair(sendBufferBytes: 4 << 10) { connection, peer in
            let bytes = Self.numbered(16 << 10)
            XCTAssertEqual(shutdown(peer, Int32(SHUT_WR)), 0)
            connection.output.append(bytes)
            XCTAssertTrue(try connection.flushInTurn())
            let reader = PeerReader(peer, on: connection.loop, expecting: bytes.count)
            let end = try await connection.fill()
            XCTAssertEqual(end, 0)
            XCTAssertTrue(connection.output.isEmpty)
            let got = await reader.all()
            XCTAssertEqual(got, bytes)
        }
    }

    func testAPeerThatDoesNotTakeItIsNotListenedTo() throws {
        try withPair(sendBufferBytes: 4 << 10) { connection, peer in
            let bytes = Self.numbered(16 << 10)
            connection.output.append(bytes)
            XCTAssertTrue(try connection.flushInTurn())
            await connection.loop.nextTurn()
            XCTAssertFalse(connection.output.isEmpty, "the kernel has room for a part")
            connection.output.append(Self.text)
            XCTAssertFalse(try connection.flushInTurn(), "whoever has more to say has to wait")
            XCTAssertEqual(unsafe send(peer, "next", 4, 0), 4)
            let reader = PeerReader(peer, on: connection.loop, expecting: bytes.count + Self.text.count)
            let count = try await connection.fill()
            XCTAssertEqual(count, 4)
            XCTAssertTrue(connection.output.isEmpty, "all was sent before anything was read")
            let got = await reader.all()
            XCTAssertEqual(got, bytes + Self.text)
        }
    }

    func testWhatIsOverdueGoesWithoutAnybodyWaiting() throws {
        try withPair(sendBufferBytes: 4 << 10) { connection, peer in
            let bytes = Self.numbered(16 << 10)
            connection.output.append(bytes)
            XCTAssertTrue(try connection.flushInTurn())
            let got = await PeerReader(peer, on: connection.loop, expecting: bytes.count).all()
            XCTAssertEqual(got, bytes)
            XCTAssertTrue(connection.output.isEmpty)
        }
    }

    func testTheReaderLearnsThatItCouldNotBeSent() throws {
        try withPair { connection, peer in
            XCTAssertEqual(shutdown(peer, Int32(SHUT_RD)), 0)
            connection.output.append(Self.text)
            XCTAssertTrue(try connection.flushInTurn())
            do {
                _ = try await connection.fill()
                XCTFail("the peer is gone")
            } catch { XCTAssertEqual(error as? ConnectionError, .broken) }
            XCTAssertTrue(connection.output.isEmpty)
        }
    }

    func testManyDoNotWaitForEachOtherForLong() throws {
        let pairs = (0..<80).map { _ in SocketPair() }
        defer { for pair in pairs { close(pair.peer) } }
        let loop = try EventLoop(name: "turns")
        let done = expectation(description: "all have sent")
        done.expectedFulfillmentCount = pairs.count
        let first = pairs[0].peer
        for (index, pair) in pairs.enumerated() {
            loop.spawn { actor in
                do {
                    let connection = try Connection(adopting: pair.own, on: actor.loop)
                    connection.output.append(Self.text)
                    XCTAssertTrue(try connection.flushInTurn())
                    // All of them are jobs of one turn.
                    if index == 70 { XCTAssertEqual(Self.received(first), Self.text) }
                } catch { XCTFail("\(error)") }
                done.fulfill()
            }
        }
        loop.start()
        wait(for: [done], timeout: 30)
        loop.stop()
        loop.join()
        for pair in pairs.dropFirst() { XCTAssertEqual(Self.received(pair.peer), Self.text) }
    }
}

/// Reads a descriptor to a number of bytes while another task of the loop is at work.
///
/// Concurrency: belongs to one loop.
private final class PeerReader: @unchecked Sendable {
    private var bytes: [UInt8] = []
    private let isComplete: LevelSignal

    init(_ descriptor: Int32, on loop: EventLoop, expecting count: Int) {
        isComplete = LevelSignal(on: loop)
        loop.spawn { [self] actor in
            var piece = [UInt8](repeating: 0, count: 1024)
            while bytes.count < count {
                let received = unsafe recv(descriptor, &piece, piece.count, 0)
                if received > 0 { bytes += piece[..<received] } else { await actor.loop.nextTurn() }
            }
            isComplete.raise(to: 1)
        }
    }

    func all() async -> [UInt8] {
        _ = await isComplete.wait(beyond: 0, timeout: .seconds(10))
        return bytes
    }
}
