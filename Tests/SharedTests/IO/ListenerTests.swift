import Glibc
import Synchronization
import TestSupport
import XCTest

@testable import Shared

final class ListenerTests: XCTestCase {
    /// What the listener's loop shares with the test.
    private final class Door: Sendable {
        let accepted = Mutex<[Int32]>([])
        let refusals = Atomic<Int>(0)
        let port = Atomic<UInt16>(0)
    }

    /// Concurrency: made, used and let go on the loop.
    private final class Keeper: @unchecked Sendable {
        var listener: Listener?
        var rests: UInt64 { listener?.restCount ?? 0 }
    }

    private func open(_ loop: EventLoop, _ door: Door, _ keeper: Keeper) throws {
        loop.post {
            do {
                let listener = try Listener(
                    on: SocketAddress(numeric: "127.0.0.1", port: 0)!, loop: loop, sharesPort: false,
                    refuse: { descriptor in
                        door.refusals.add(1, ordering: .relaxed)
                        _ = unsafe send(descriptor, "no", 2, Int32(MSG_NOSIGNAL))
                        close(descriptor)
                    },
                    accept: { descriptor in door.accepted.withLock { $0.append(descriptor) } })
                keeper.listener = listener
                door.port.store(listener.address.port, ordering: .releasing)
            } catch { XCTFail("\(error)") }
        }
        try waitUntil("the listener is open") { door.port.load(ordering: .acquiring) > 0 }
    }

    private func end(_ loop: EventLoop, _ keeper: Keeper) {
        loop.post { keeper.listener?.close() }
        loop.stop()
        loop.join()
    }

    /// A client's socket that exists before there are no descriptors left.
    private func clientSocket() -> Int32 { socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }

    private func connect(_ descriptor: Int32, to port: UInt16) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        return unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private func text(from descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = unsafe recv(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    }

    func testWithoutDescriptorsCallersAreToldAndAcceptingGoesOnWhenOneIsFree() throws {
        let loop = try EventLoop(name: "listener")
        loop.start()
        let door = Door()
        let keeper = Keeper()
        try open(loop, door, keeper)
        defer { end(loop, keeper) }
        let port = door.port.load(ordering: .relaxed)
        let clients = (0..<3).map { _ in clientSocket() }
        defer { for client in clients { close(client) } }

        var limit = rlimit()
        let resource = __rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue))
        XCTAssertEqual(unsafe getrlimit(resource, &limit), 0)
        let before = limit
        limit.rlim_cur = min(before.rlim_cur, 1_024)
        XCTAssertEqual(unsafe setrlimit(resource, &limit), 0)
        var fillers: [Int32] = []
        defer {
            for filler in fillers { close(filler) }
            var restored = before
            unsafe setrlimit(resource, &restored)
        }
        while case let filler = dup(2), filler >= 0 { fillers.append(filler) }

        // Two callers come: both are told within a moment, and the loop does not spin meanwhile.
        let began = processCPU()
        for client in clients.prefix(2) {
            XCTAssertEqual(connect(client, to: port), 0)
            XCTAssertEqual(text(from: client), "no")
        }
        XCTAssertEqual(door.refusals.load(ordering: .relaxed), 2)
        XCTAssertLessThan(processCPU() - began, 0.1, "seconds of CPU: accepting must rest")

        // The turn that told the second one is over: else it would tell the third one too, who would be in the queue by then.
        try TestSupport.run(on: loop) { _ in }

        // The third one finds a descriptor, because the owner of one says that it is free.
        close(fillers.removeLast())
        XCTAssertEqual(connect(clients[2], to: port), 0)
        loop.post { keeper.listener?.resume() }
        try waitUntil("the third caller is let in") { door.accepted.withLock { $0.count } == 1 }
        close(door.accepted.withLock { $0[0] })
    }

    func testACrowdIsAcceptedTurnByTurn() throws {
        let loop = try EventLoop(name: "listener")
        let door = Door()
        let keeper = Keeper()
        loop.start()
        try open(loop, door, keeper)
        defer { end(loop, keeper) }
        let port = door.port.load(ordering: .relaxed)
        let clients = (0..<500).map { _ in clientSocket() }
        defer { for client in clients { close(client) } }
        for client in clients { XCTAssertEqual(connect(client, to: port), 0) }
        try waitUntil("all are accepted") { door.accepted.withLock { $0.count } == 500 }
        for descriptor in door.accepted.withLock({ $0 }) { close(descriptor) }
    }

    private func processCPU() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
