import Foundation
import Glibc
import Shared
import TestSupport
import XCTest

@testable import DataPlane

/// The conversation of two processes about one set of sockets, both sides in this one.
final class TakeOverTests: XCTestCase {
    private var folder = ""

    override func setUpWithError() throws {
        folder = FileManager.default.temporaryDirectory.path + "/weir-take-over-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    override func tearDown() { try? FileManager.default.removeItem(atPath: folder) }

    /// The old process: what it listens on, and what became of it.
    private final class Old {
        var handedOver = 0
        var failed = 0
        var refusal: String?
        let lock: FileLock
        let ops: Listener
        let listeners: [Listener]
        private(set) var door: TakeOverDoor!

        init(_ folder: String, on loop: EventLoop, listeners count: Int = 3) throws {
            lock = try XCTUnwrap(FileLock.acquire(folder + "/lock"))
            let any = SocketAddress(numeric: "127.0.0.1", port: 0)!
            ops = try Listener(on: any, loop: loop, sharesPort: false) { close($0) }
            var address = any
            var opened: [Listener] = []
            for _ in 0..<count {
                opened.append(try Listener(on: address, loop: loop, sharesPort: true) { close($0) })
                address.port = opened[0].address.port
            }
            listeners = opened
            door = TakeOverDoor(
                on: loop,
                answer: { [weak self] in
                    guard let self else { return .refused("gone") }
                    if let refusal { return .refused(refusal) }
                    return .offer(
                        .init(
                            lock: lock.handedOver, ops: ops.duplicate()!,
                            listeners: [.plain: listeners.map { $0.duplicate()! }]))
                }, handedOver: { [weak self] in self?.handedOver += 1 }, failed: { [weak self] in self?.failed += 1 })
            door.open(in: folder)
        }
    }

    private static func wait(_ what: String, on loop: EventLoop, until condition: () -> Bool) async throws {
        let end = loop.refreshedNow().advanced(by: .seconds(10))
        while !condition() {
            if loop.refreshedNow() > end { throw TestFailure("waited in vain: \(what)") }
            await loop.sleep(for: .milliseconds(2))
        }
    }

    func testAllSocketsAndTheLockAreHandedOverAndTheOldProcessLearnsOfItsEnd() throws {
        let folder = folder
        try onLoop { actor in
            let loop = actor.loop
            // More than one message holds.
            let old = try Old(folder, on: loop, listeners: MessageSocket.descriptorsMax + 3)
            let asked = try await TakeOver.ask(in: folder, timeout: .seconds(5), on: loop)
            let new = try XCTUnwrap(asked)
            XCTAssertEqual(new.addresses[.plain], old.listeners[0].address)
            XCTAssertEqual(new.opsAddress, old.ops.address)
            let sockets = new.takeListeners(.plain)
            XCTAssertEqual(sockets.count, old.listeners.count)
            let shared = try FileLock(adopting: new.takeLock(), of: folder + "/lock")
            XCTAssertEqual(old.handedOver, 0, "nothing changes before the new process serves")
            try await new.finish()
            try await Self.wait("the old process knows", on: loop) { old.handedOver == 1 }
            XCTAssertEqual(old.failed, 0)
            XCTAssertNil(try FileLock.acquire(folder + "/lock"), "it is held")
            withExtendedLifetime(shared) {}
            for socket in sockets { close(socket) }
        }
    }

    func testConnectionsInTheQueueOfASocketAreAcceptedByTheNewProcess() throws {
        let folder = folder
        try onLoop { actor in
            let loop = actor.loop
            let old = try Old(folder, on: loop, listeners: 1)
            let asked = try await TakeOver.ask(in: folder, timeout: .seconds(5), on: loop)
            let new = try XCTUnwrap(asked)
            let socket = new.takeListeners(.plain)[0]
            // The old process does not accept any more, and nobody does yet.
            old.listeners[0].close()
            let caller = try RawConnection(port: old.listeners[0].address.port)
            var accepted: [Int32] = []
            let listener = try Listener(adopting: socket, loop: loop) { accepted.append($0) }
            try await Self.wait("it is accepted", on: loop) { accepted.count == 1 }
            caller.close()
            listener.close()
            close(accepted[0])
        }
    }

    func testANewProcessThatGoesAwayLeavesTheOldOneAsItWas() throws {
        let folder = folder
        try onLoop { actor in
            let loop = actor.loop
            let old = try Old(folder, on: loop)
            for attempt in 1...3 {
                let asked = try await TakeOver.ask(in: folder, timeout: .seconds(5), on: loop)
                try XCTUnwrap(asked).close()
                try await Self.wait("the old process knows", on: loop) { old.failed == attempt }
            }
            XCTAssertEqual(old.handedOver, 0)
            XCTAssertNotNil(old.listeners[0].duplicate())
            let asked = try await TakeOver.ask(in: folder, timeout: .seconds(5), on: loop)
            try await XCTUnwrap(asked).finish()
            try await Self.wait("a later one succeeds", on: loop) { old.handedOver == 1 }
        }
    }

    func testANewProcessThatTakesTooLongIsTooLate() throws {
        let folder = folder
        try onLoop { actor in
            let loop = actor.loop
            let old = try Old(folder, on: loop)
            let asked = try await TakeOver.ask(in: folder, timeout: .milliseconds(50), on: loop)
            let new = try XCTUnwrap(asked)
            try await Self.wait("the old process has given up", on: loop) { old.failed == 1 }
            do {
                try await new.finish()
                XCTFail("the old process does not know of it")
            } catch {}
            XCTAssertEqual(old.handedOver, 0)
        }
    }

    func testOnlyOneProcessCanTakeOverAtATime() throws {
        let folder = folder
        try onLoop { actor in
            let loop = actor.loop
            let old = try Old(folder, on: loop)
            let asked = try await TakeOver.ask(in: folder, timeout: .seconds(5), on: loop)
            let first = try XCTUnwrap(asked)
            do {
                _ = try await TakeOver.ask(in: folder, timeout: .seconds(5), on: loop)
                XCTFail("two at a time")
            } catch { XCTAssertTrue("\(error)".contains("already"), "\(error)") }
            try await first.finish()
            try await Self.wait("the first goes on", on: loop) { old.handedOver == 1 }
        }
    }

    func testAnotherVersionAndARefusalAreToldInWords() throws {
        let folder = folder
        try onLoop { actor in
            let loop = actor.loop
            let old = try Old(folder, on: loop)
            old.refusal = "the running process stops already"
            do {
                _ = try await TakeOver.ask(in: folder, timeout: .seconds(5), on: loop)
                XCTFail("it was refused")
            } catch { XCTAssertTrue("\(error)".contains("stops already"), "\(error)") }
            old.refusal = nil
            let socket = try XCTUnwrap(
                try MessageSocket.connect(to: TakeOverMessage.socketName, in: folder, on: loop))
            let soon = loop.refreshedNow().advanced(by: .seconds(5))
            try await socket.send(
                Array(#"{"kind":"hello","protocol":2,"software":"9.0","later":[1]}"#.utf8), by: soon)
            let answer = try TakeOverMessage(try await socket.receive(by: soon).bytes)
            XCTAssertEqual(answer.kind, .refused)
            XCTAssertTrue(answer.reason?.contains("version 2") ?? false, answer.reason ?? "")
            XCTAssertEqual(old.handedOver, 0)
        }
    }

    func testThereIsNoneToTakeOverWhereNobodyListens() throws {
        let folder = folder
        try onLoop { actor in
            let loop = actor.loop
            let none = try await TakeOver.ask(in: folder, timeout: .seconds(5), on: loop)
            XCTAssertNil(none)
            // What a process left that was killed.
            do {
                let gone = try MessageListener(at: TakeOverMessage.socketName, in: folder, on: loop) { $0.close() }
                gone.close(removing: false)
            }
            XCTAssertTrue(FileManager.default.fileExists(atPath: folder + "/" + TakeOverMessage.socketName))
            let left = try await TakeOver.ask(in: folder, timeout: .seconds(5), on: loop)
            XCTAssertNil(left)
        }
    }

    func testAFolderThatOthersMayWriteToHasNoDoor() throws {
        XCTAssertNil(TakeOverDoor.isOpenToOthers(folder))
        for mode in [0o770, 0o702] {
            XCTAssertEqual(unsafe chmod(folder, mode_t(mode)), 0)
            XCTAssertNotNil(TakeOverDoor.isOpenToOthers(folder))
        }
        XCTAssertEqual(unsafe chmod(folder, 0o755), 0)
        XCTAssertNil(TakeOverDoor.isOpenToOthers(folder), "others may look")
    }
}
