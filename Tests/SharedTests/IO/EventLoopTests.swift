import Foundation
import Synchronization
import XCTest

@testable import Shared

final class EventLoopTests: XCTestCase {
    private func withLoop(_ body: (EventLoop) throws -> Void) throws {
        let loop = try EventLoop(name: "test")
        loop.start()
        defer {
            loop.stop()
            loop.join()
        }
        try body(loop)
    }

    func testSpawnedTaskRunsOnTheLoopBeforeAndAfterEverySuspension() throws {
        try withLoop { loop in
            let done = expectation(description: "done")
            loop.spawn { actor in
                XCTAssertTrue(actor.loop.isCurrent)
                await actor.loop.sleep(for: .milliseconds(2))
                XCTAssertTrue(actor.loop.isCurrent)
                await Task.yield()
                XCTAssertTrue(actor.loop.isCurrent)
                done.fulfill()
            }
            wait(for: [done], timeout: 10)
        }
    }

    func testPostsFromManyThreadsAllRun() throws {
        try withLoop { loop in
            let done = expectation(description: "all")
            done.expectedFulfillmentCount = 400
            for _ in 0..<4 {
                Thread.detachNewThread { for _ in 0..<100 { loop.post { done.fulfill() } } }
            }
            wait(for: [done], timeout: 10)
        }
    }

    func testCallsAskedForTogetherAreOneAndSeeWhatWasWrittenBefore() throws {
        try withLoop { loop in
            let written = Mutex(0)
            let calls = Mutex(0)
            let busy = DispatchSemaphore(value: 0)
            let done = expectation(description: "all seen")
            let call = LoopCall(on: loop) {
                calls.withLock { $0 += 1 }
                if written.withLock({ $0 }) == 400 { done.fulfill() }
            }
            loop.post { busy.wait() }
            let threads = DispatchGroup()
            for _ in 0..<4 {
                threads.enter()
                Thread.detachNewThread {
                    for _ in 0..<100 {
                        written.withLock { $0 += 1 }
                        call.make()
                    }
                    threads.leave()
                }
            }
            threads.wait()
            busy.signal()
            wait(for: [done], timeout: 10)
            XCTAssertEqual(calls.withLock { $0 }, 1)
        }
    }

    func testSleepersWakeInTheOrderOfTheirDeadlines() throws {
        try withLoop { loop in
            let done = expectation(description: "done")
            loop.spawn { actor in
                final class Order { var seen: [Int] = [] }
                let order = Order()
                let signal = LevelSignal(on: actor.loop)
                var timers: [LoopTimer] = []
                for milliseconds in [30, 10, 20] {
                    let timer = LoopTimer(on: actor.loop) {
                        order.seen.append(milliseconds)
                        signal.raise(to: UInt64(order.seen.count))
                    }
                    timer.arm(after: .milliseconds(milliseconds))
                    timers.append(timer)
                }
                var level: UInt64 = 0
                while level < 3 { level = await signal.wait(beyond: level, timeout: .seconds(5)) }
                XCTAssertEqual(order.seen, [10, 20, 30])
                withExtendedLifetime(timers) {}
                done.fulfill()
            }
            wait(for: [done], timeout: 10)
        }
    }

    func testLevelSignalGivesUpAtItsTimeout() throws {
        try withLoop { loop in
            let done = expectation(description: "done")
            loop.spawn { actor in
                let signal = LevelSignal(on: actor.loop)
                let level = await signal.wait(beyond: 0, timeout: .milliseconds(5))
                XCTAssertEqual(level, 0)
                done.fulfill()
            }
            wait(for: [done], timeout: 10)
        }
    }

    func testNobodySleepsThroughTheLastOfManyRaises() throws {
        try withLoop { loop in
            final class Meeting: @unchecked Sendable {
                // Concurrency: touched on the loop only.
                let signal: LevelSignal
                var late: [UInt64] = []
                init(on loop: EventLoop) { signal = LevelSignal(on: loop) }
            }
            let tasks: UInt64 = 16
            let meeting = Meeting(on: loop)
            let done = expectation(description: "done")
            done.expectedFulfillmentCount = Int(tasks)
            for number in 0..<tasks {
                loop.spawn { actor in
                    // Nobody raises after the last has come, so whoever missed that sleeps until its time is over.
                    for round in 1...20 as ClosedRange<UInt64> {
                        if (number + round).isMultiple(of: 3) { await actor.loop.sleep(for: .microseconds(50)) }
                        meeting.signal.raise()
                        let began = actor.loop.refreshedNow()
                        _ = await meeting.signal.wait(beyond: tasks * round - 1, timeout: .milliseconds(500))
                        if began.duration(to: actor.loop.refreshedNow()) >= .milliseconds(500) {
                            meeting.late.append(round)
                        }
                    }
                    done.fulfill()
                }
            }
            wait(for: [done], timeout: 30)
            XCTAssertEqual(meeting.late, [])
        }
    }

    func testServerAnswersOverARealSocketAndReusesTheConnection() throws {
        try withLoop { loop in
            let done = expectation(description: "done")
            loop.spawn { actor in
                let server = HTTPServer(on: actor.loop, options: .init(port: 0)) { request, responder in
                    await responder.respond(status: 200, body: Array(request.path.utf8) + request.body)
                }
                do {
                    try server.listen()
                    let address = SocketAddress(numeric: "127.0.0.1", port: server.port)!
                    let client = try await Connection.connect(
                        to: address, on: actor.loop, deadline: actor.loop.now.advanced(by: .seconds(5)))
                    client.setDeadline(after: .seconds(5))
                    for body in ["one", "three"] {
                        client.output.append(
                            "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)")
                        try await client.flush()
                        let head = HTTPHead()
                        while try unsafe !head.parseResponse(client.input.readable, headBytesMax: 4096) {
                            _ = try await client.fill()
                        }
                        XCTAssertEqual(head.status, 200)
                        XCTAssertEqual(head.framing, .length(UInt64(5 + body.utf8.count)))
                        client.input.consume(head.byteCount)
                        while client.input.count < 5 + body.utf8.count { _ = try await client.fill() }
                        XCTAssertEqual(String(decoding: client.input.array, as: UTF8.self), "/echo\(body)")
                        client.input.removeAll()
                    }
                    client.close()
                } catch { XCTFail("\(error)") }
                await server.drain(timeout: .seconds(1))
                done.fulfill()
            }
            wait(for: [done], timeout: 10)
        }
    }
}
