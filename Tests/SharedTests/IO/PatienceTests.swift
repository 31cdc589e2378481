import Glibc
import XCTest

@testable import Shared

/// What arrives on a patient connection may wait a moment, where much arrives, and none of it is lost.
final class PatienceTests: XCTestCase {
    /// Takes what arrives; after each piece the peer sends the next.
    private final class Reader: ArrivalTaker {
        private let connection: Connection
        private let peer: Int32
        private let last: Int
        private var sent = 0
        private(set) var bytes: [UInt8] = []

        init(_ connection: Connection, _ peer: Int32, last: Int) {
            self.connection = connection
            self.peer = peer
            self.last = last
        }

        func sendNext() {
            sent += 1
            var piece = UInt8(truncatingIfNeeded: sent)
            XCTAssertEqual(unsafe send(peer, &piece, 1, 0), 1)
        }

        /// False: all of it is there.
        func read() -> Bool {
            do throws(ConnectionError) {
                while let count = try connection.fillNow(), count > 0 {
                    bytes += connection.input.array
                    connection.input.removeAll()
                }
            } catch { XCTFail("\(error)") }
            return bytes.count < last
        }

        func takesArrival() -> Bool {
            guard read() else { return false }
            sendNext()
            return true
        }

        var expected: [UInt8] { (1...last).map { UInt8(truncatingIfNeeded: $0) } }
    }

    /// Of one loop.
    private final class Counts: @unchecked Sendable {
        var waiting = 0
    }

    func testPiecesComeInOrderWhileTheyBeginToWaitAndCease() throws {
        try withPair(gatherNanoseconds: 1_000_000) { connection, peer in
            for _ in 0..<3 {
                XCTAssertFalse(connection.loop.isGathering)
                let reader = Reader(connection, peer, last: 50)
                XCTAssertTrue(reader.read())
                reader.sendNext()
                await connection.untilArrival(offeredTo: reader)
                XCTAssertEqual(reader.bytes, reader.expected)
                XCTAssertTrue(connection.loop.isGathering, "they came one behind the other")
                while connection.loop.isGathering, !connection.peerIsGone {
                    await connection.loop.sleep(for: .milliseconds(1))
                }
            }
            XCTAssertFalse(connection.peerIsGone)
        }
    }

    /// An interval of a minute: whatever waits for its end fails by the connection's deadline.
    func testTheFirstDoNotWaitAndTheEndOfPatienceIsTheEndOfTheWait() throws {
        try withPair(gatherNanoseconds: 60_000_000_000) { connection, peer in
            let reader = Reader(connection, peer, last: 9)
            XCTAssertTrue(reader.read())
            reader.sendNext()
            var isOver = false
            let timer = LoopTimer(on: connection.loop) {
                XCTAssertEqual(reader.bytes.count, 8)
                XCTAssertTrue(connection.loop.isGathering)
                isOver = true
                connection.endPatience()
            }
            timer.arm(after: .milliseconds(20))
            await connection.untilArrival(offeredTo: reader)
            XCTAssertTrue(isOver, "the ninth waited")
            XCTAssertEqual(reader.bytes, reader.expected)
        }
    }

    /// With an interval of a minute, as above.
    func testOthersAreNotKeptWaiting() throws {
        try withPair(gatherNanoseconds: 60_000_000_000) { connection, peer in
            let reader = Reader(connection, peer, last: 8)
            XCTAssertTrue(reader.read())
            reader.sendNext()
            await connection.untilArrival(offeredTo: reader)
            XCTAssertTrue(connection.loop.isGathering)
            let pair = SocketPair()
            let other = try Connection(adopting: pair.own, on: connection.loop)
            other.setDeadline(after: .seconds(10))
            for byte: UInt8 in 1...20 {
                var byte = byte
                XCTAssertEqual(unsafe send(pair.peer, &byte, 1, 0), 1)
                let count = try await other.fill()
                XCTAssertEqual(count, 1)
            }
            other.close()
            close(pair.peer)
        }
    }

    /// Who polls before sleeping is not woken, and pays for having each piece at once.
    func testNothingWaitsForAThreadThatPolls() throws {
        try withPair(gatherNanoseconds: 60_000_000_000) { connection, peer in
            connection.loop.spinNanoseconds = 1_000_000_000
            let reader = Reader(connection, peer, last: 50)
            XCTAssertTrue(reader.read())
            reader.sendNext()
            await connection.untilArrival(offeredTo: reader)
            XCTAssertEqual(reader.bytes, reader.expected)
            XCTAssertFalse(connection.loop.isGathering)
        }
    }

    /// The kernel is asked for 64 at once: if a look took only so many, all of these would take longer than the connection's deadline.
    func testALookTakesAll() throws {
        try withPair(gatherNanoseconds: 1_000_000_000) { connection, peer in
            let loop = connection.loop
            let first = Reader(connection, peer, last: 8)
            XCTAssertTrue(first.read())
            first.sendNext()
            await connection.untilArrival(offeredTo: first)
            XCTAssertTrue(loop.isGathering)
            connection.setDeadline(after: .seconds(4))
            let pairs = (0..<320).map { _ in SocketPair() }
            let counts = Counts()
            for pair in pairs {
                loop.spawn { actor in
                    do {
                        let own = try Connection(adopting: pair.own, on: actor.loop)
                        let reader = Reader(own, pair.peer, last: 1)
                        XCTAssertTrue(reader.read())
                        counts.waiting += 1
                        await own.untilArrival(offeredTo: reader)
                        XCTAssertEqual(reader.bytes, [1])
                        own.close()
                    } catch { XCTFail("\(error)") }
                    counts.waiting -= 1
                }
            }
            while counts.waiting < pairs.count, !connection.peerIsGone { await loop.nextTurn() }
            for pair in pairs {
                var piece: UInt8 = 1
                XCTAssertEqual(unsafe send(pair.peer, &piece, 1, 0), 1)
            }
            while counts.waiting > 0, !connection.peerIsGone { await loop.nextTurn() }
            XCTAssertFalse(connection.peerIsGone, "\(counts.waiting) still wait")
            for pair in pairs { close(pair.peer) }
        }
    }

    func testRoomToSendIsNoArrival() throws {
        try withPair(gatherNanoseconds: 60_000_000_000) { connection, _ in
            for _ in 0..<20 {
                let pair = SocketPair()
                let other = try Connection(adopting: pair.own, on: connection.loop)
                XCTAssertNil(try other.fillNow())
                let timer = LoopTimer(on: connection.loop) { other.abort() }
                timer.arm(after: .milliseconds(1))
                await other.untilArrival(offeredTo: Reader(other, pair.peer, last: 1))
                other.close()
                close(pair.peer)
                XCTAssertFalse(connection.loop.isGathering)
            }
        }
    }

    /// A pool asks whether a connection is of use when its stream has ended: what stands in line then is part of the answer.
    func testWhatStandsInLineIsKnownWhenPatienceEnds() throws {
        try withPair { connection, peer in
            let pair = SocketPair()
            let other = try Connection(adopting: pair.own, on: connection.loop)
            let reader = Reader(connection, peer, last: 1)
            XCTAssertTrue(reader.read())
            reader.sendNext()
            await connection.untilArrival(offeredTo: reader)
            XCTAssertTrue(connection.isQuiet())
            XCTAssertNil(try other.fillNow())
            XCTAssertEqual(shutdown(peer, Int32(SHUT_WR)), 0)
            var byte: UInt8 = 1
            XCTAssertEqual(unsafe send(pair.peer, &byte, 1, 0), 1)
            // Both are told in one turn, and this task goes on before the line is served.
            let count = try await other.fill()
            XCTAssertEqual(count, 1)
            XCTAssertFalse(connection.peerIsGone)
            connection.endPatience()
            XCTAssertTrue(connection.peerIsGone)
            XCTAssertFalse(connection.isQuiet())
            other.close()
            close(pair.peer)
        }
    }

    /// A thread that was held up finds the piece and the end of the time for it together.
    func testWhatStandsInLineWhenItsDeadlinePassesWasInTime() throws {
        try withPair { connection, peer in
            let loop = connection.loop
            let reader = Reader(connection, peer, last: 1)
            XCTAssertTrue(reader.read())
            let deadline = loop.now.advanced(by: .milliseconds(30))
            connection.setDeadline(deadline)
            loop.spawn { actor in
                await actor.loop.nextTurn()
                var piece: UInt8 = 1
                XCTAssertEqual(unsafe send(peer, &piece, 1, 0), 1)
                while actor.loop.refreshedNow() <= deadline {}
            }
            await connection.untilArrival(offeredTo: reader)
            XCTAssertEqual(reader.bytes, reader.expected)
            XCTAssertNil(connection.failure)
            let count = try? await connection.fill()
            XCTAssertNil(count)
            XCTAssertEqual(connection.failure, .timedOut, "nobody has moved it")
        }
    }

    // MARK: Whose turn it is

    /// Notes in what order pieces and callers had their turn.
    private final class Order: @unchecked Sendable {
        var pieces = 0
        /// So many had been taken when each caller was served.
        var piecesBefore: [Int] = []
    }

    private final class Piece: ArrivalTaker {
        private let connection: Connection
        private let order: Order
        private let whenTaken: () -> Void

        init(_ connection: Connection, _ order: Order, whenTaken: @escaping () -> Void) {
            self.connection = connection
            self.order = order
            self.whenTaken = whenTaken
        }

        func takesArrival() -> Bool {
            guard let count = try? connection.fillNow() else { return true }
            XCTAssertEqual(count, 1)
            order.pieces += 1
            whenTaken()
            return false
        }
    }

    /// 40 pieces and so many callers have come when the loop looks; with the first piece another caller comes.
    ///
    /// - Returns: how many pieces were taken before the callers were served, and before that other one was.
    private func piecesTaken(besides callers: Int) throws -> (before: [Int], beforeAnother: [Int]) {
        let atFirst = Order()
        let later = Order()
        try withPair { connection, another in
            let loop = connection.loop
            let pairs = (0..<(40 + callers)).map { _ in SocketPair() }
            let left = Counts()
            for (index, pair) in pairs.enumerated() {
                left.waiting += 1
                loop.spawn { actor in
                    do {
                        let own = try Connection(adopting: pair.own, on: actor.loop)
                        if index < 40 {
                            let piece = Piece(own, later) {
                                var byte: UInt8 = 1
                                if later.pieces == 1 { XCTAssertEqual(unsafe send(another, &byte, 1, 0), 1) }
                            }
                            XCTAssertNil(try own.fillNow())
                            await own.untilArrival(offeredTo: piece)
                        } else {
                            let count = try await own.fill()
                            XCTAssertEqual(count, 1)
                            atFirst.piecesBefore.append(later.pieces)
                        }
                        own.close()
                    } catch { XCTFail("\(error)") }
                    left.waiting -= 1
                }
            }
            // All wait, and the kernel has told of each that there is room to send.
            for _ in 0..<20 { await loop.nextTurn() }
            for pair in pairs {
                var byte: UInt8 = 1
                XCTAssertEqual(unsafe send(pair.peer, &byte, 1, 0), 1)
            }
            let count = try await connection.fill()
            XCTAssertEqual(count, 1)
            later.piecesBefore.append(later.pieces)
            while left.waiting > 0, !connection.peerIsGone { await loop.nextTurn() }
            for pair in pairs { close(pair.peer) }
        }
        return (atFirst.piecesBefore, later.piecesBefore)
    }

    func testPiecesComeAfterEverybodyElse() throws {
        let taken = try piecesTaken(besides: 2)
        XCTAssertEqual(taken.before, [0, 0])
        XCTAssertEqual(taken.beforeAnother, [4], "four at a time, while nobody else has anything")
    }

    func testPiecesHaveAsManyTurnsAsThereWereOthers() throws {
        let taken = try piecesTaken(besides: 11)
        XCTAssertEqual(taken.before, Array(repeating: 0, count: 11))
        XCTAssertEqual(taken.beforeAnother, [11])
    }
}
