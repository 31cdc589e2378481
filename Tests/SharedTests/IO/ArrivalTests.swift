import Glibc
import XCTest

@testable import Shared

/// What arrives is taken in the turn in which it does, and the task wakes for what is left.
final class ArrivalTests: XCTestCase {
    /// Takes everything up to a full stop, and has the peer send the next piece each time.
    private final class Reader: ArrivalTaker {
        private let connection: Connection
        private let peer: Int32
        private var pieces: [String]
        private(set) var text = ""
        private(set) var offers = 0
        private(set) var end: Result<Int, ConnectionError>?

        init(_ connection: Connection, _ peer: Int32, _ pieces: [String]) {
            self.connection = connection
            self.peer = peer
            self.pieces = pieces
        }

        func sendNext() {
            guard !pieces.isEmpty else { return }
            let piece = Array(pieces.removeFirst().utf8)
            XCTAssertEqual(unsafe send(peer, piece, piece.count, 0), piece.count)
        }

        /// False: there is something for the task.
        func read() -> Bool {
            do throws(ConnectionError) {
                while let count = try connection.fillNow() {
                    if count == 0 {
                        end = .success(0)
                        return false
                    }
                    text += unsafe String(decoding: connection.input.readable, as: UTF8.self)
                    connection.input.removeAll()
                }
            } catch {
                end = .failure(error)
                return false
            }
            return !text.hasSuffix(".")
        }

        func takesArrival() -> Bool {
            offers += 1
            let goesOn = read()
            sendNext()
            return goesOn
        }
    }

    private func withReader(
        _ pieces: [String], _ work: @escaping @Sendable (Reader, Connection, _ peer: Int32) async throws -> Void
    ) throws {
        try withPair { connection, peer in
            let reader = Reader(connection, peer, pieces)
            XCTAssertTrue(reader.read(), "nothing is there yet")
            try await work(reader, connection, peer)
        }
    }

    func testWhatIsTakenDoesNotWakeTheTask() throws {
        try withReader(["a", "b", "c", "d."]) { reader, connection, _ in
            reader.sendNext()
            await connection.untilArrival(offeredTo: reader)
            XCTAssertEqual(reader.text, "abcd.")
            XCTAssertEqual(reader.offers, 4, "one for each piece, and the task woke once")
        }
    }

    func testNobodyIsAskedOnceTheTaskIsAwake() throws {
        try withReader(["a.", "b"]) { reader, connection, _ in
            reader.sendNext()
            await connection.untilArrival(offeredTo: reader)
            let count = try await connection.fill()
            XCTAssertEqual(count, 1)
            XCTAssertEqual(reader.offers, 1)
        }
    }

    func testWhatIsLeftOnTheSocketWakesTheTask() throws {
        try withReader([]) { reader, connection, peer in
            connection.turnBytesMax = 1024
            let text = [UInt8](repeating: UInt8(ascii: "x"), count: 4096)
            XCTAssertEqual(unsafe send(peer, text, text.count, 0), text.count)
            var wakes = 0
            while reader.text.utf8.count < text.count, reader.end == nil {
                await connection.untilArrival(offeredTo: reader)
                wakes += 1
                XCTAssertTrue(reader.read())
            }
            XCTAssertEqual(reader.text.utf8.count, text.count)
            XCTAssertGreaterThanOrEqual(wakes, 3, "others had their turns meanwhile")
        }
    }

    func testTheEndOfTheStreamIsOffered() throws {
        try withReader([]) { reader, connection, peer in
            shutdown(peer, Int32(SHUT_WR))
            await connection.untilArrival(offeredTo: reader)
            XCTAssertEqual(reader.end, .success(0))
        }
    }

    func testAFailureWakesTheTaskWithoutAnOffer() throws {
        try withReader([]) { reader, connection, _ in
            connection.setDeadline(after: .milliseconds(5))
            await connection.untilArrival(offeredTo: reader)
            XCTAssertEqual(reader.offers, 0)
            XCTAssertFalse(reader.read())
            XCTAssertEqual(reader.end, .failure(.timedOut))
        }
        try withReader([]) { reader, connection, _ in
            let timer = LoopTimer(on: connection.loop) { connection.abort() }
            timer.arm(after: .milliseconds(5))
            await connection.untilArrival(offeredTo: reader)
            XCTAssertEqual(reader.offers, 0)
            XCTAssertFalse(reader.read())
            XCTAssertEqual(reader.end, .failure(.aborted))
        }
    }

    func testAFailureFoundByTheTakerWakesTheTask() throws {
        try withReader([]) { reader, connection, peer in
            // Bytes that the peer never reads make its end a reset.
            connection.output.append("unread")
            try await connection.flush()
            let nothing = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
            XCTAssertEqual(dup2(nothing, peer), peer)
            close(nothing)
            await connection.untilArrival(offeredTo: reader)
            XCTAssertEqual(reader.end, .failure(.broken))
        }
    }
}
