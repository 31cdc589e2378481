import Shared
import XCTest

@testable import DataPlane

final class AdmissionQueueTests: XCTestCase {
    private let start = MonotonicTime(nanoseconds: 1_000_000_000)

    private func key(_ number: Int) -> VirtualKeyID { VirtualKeyID(high: 1, low: UInt32(number)) }

    /// Waiters are called by a text.
    private func queue(_ countMax: Int = 100, _ waiters: [(String, Int, KeyPriority)] = []) -> AdmissionQueue<String> {
        var queue = AdmissionQueue<String>(countMax: countMax)
        for (name, number, priority) in waiters {
            _ = queue.arrive(name, of: key(number), priority, until: .distantFuture)
        }
        return queue
    }

    private func drain(_ queue: inout AdmissionQueue<String>) -> String {
        var order = ""
        while let next = queue.next(at: start) { order += next }
        return order
    }

    // MARK: Order

    func testOneKeyIsServedInItsOrder() {
        var queue = queue(100, [("a", 1, .normal), ("b", 1, .normal), ("c", 1, .normal)])
        XCTAssertEqual(drain(&queue), "abc")
        XCTAssertEqual(queue.count, 0)
    }

    func testKeysTakeTurns() {
        var queue = queue(
            100,
            [
                ("a", 1, .normal), ("a", 1, .normal), ("a", 1, .normal), ("b", 2, .normal), ("c", 3, .normal),
                ("c", 3, .normal),
            ])
        XCTAssertEqual(drain(&queue), "abcaca")
    }

    func testAKeyThatComesBackStandsBehindTheOthers() {
        var queue = queue(100, [("a", 1, .normal), ("b", 2, .normal), ("b", 2, .normal)])
        XCTAssertEqual(queue.next(at: start), "a")
        _ = queue.arrive("a", of: key(1), .normal, until: .distantFuture)
        XCTAssertEqual(drain(&queue), "bab")
    }

    func testAHigherClassGoesFirst() {
        var queue = queue(100, [("l", 1, .low), ("n", 2, .normal), ("h", 3, .high), ("n", 2, .normal)])
        XCTAssertEqual(drain(&queue), "hnnl")
    }

    func testLowerClassesHaveTheirShareWhileHigherOnesWait() {
        var queue = queue(1_000)
        for _ in 1...200 {
            _ = queue.arrive("h", of: key(1), .high, until: .distantFuture)
            _ = queue.arrive("n", of: key(2), .normal, until: .distantFuture)
            _ = queue.arrive("l", of: key(3), .low, until: .distantFuture)
        }
        var served: [String: Int] = [:]
        for _ in 1...160 { served[queue.next(at: start)!, default: 0] += 1 }
        XCTAssertEqual(served["l"], 10, "one of sixteen")
        XCTAssertEqual(Double(served["n"]!), 40, accuracy: 3, "one of four")
    }

    /// Whatever comes and goes, a class that waits is served at least once in so many turns, and a key at least once in a round.
    func testNobodyStarves() {
        for seed in 1...200 as ClosedRange<UInt64> {
            var random = SeededRandom(seed: seed)
            var queue = AdmissionQueue<KeyPriority>(countMax: 50)
            var waiting = [0, 0, 0]
            var passed = [0, 0, 0]
            for _ in 1...2_000 {
                if Int.random(in: 0..<10, using: &random) < 6 {
                    // Mostly high ones, so that the others depend on their share.
                    let priority = [KeyPriority.high, .high, .high, .normal, .low].randomElement(using: &random)!
                    let arrival = queue.arrive(
                        priority, of: key(Int.random(in: 1...5, using: &random)), priority, until: .distantFuture)
                    switch arrival {
                    case .queued: waiting[priority.rank] += 1
                    case .displacing(let other, _):
                        XCTAssertGreaterThanOrEqual(other, priority, "a higher one is never displaced")
                        waiting[priority.rank] += 1
                        waiting[other.rank] -= 1
                    case .turnedAway:
                        XCTAssertEqual(queue.count, 50)
                        XCTAssertGreaterThanOrEqual(
                            priority.rank, waiting.lastIndex { $0 > 0 }!, "nobody that waits is lower")
                    }
                } else if let served = queue.next(at: start) {
                    waiting[served.rank] -= 1
                    for rank in 0..<3 {
                        passed[rank] = rank == served.rank || waiting[rank] == 0 ? 0 : passed[rank] + 1
                    }
                    XCTAssertLessThanOrEqual(passed[1], 4, "a turn of low may come between, seed \(seed)")
                    XCTAssertLessThanOrEqual(passed[2], 15, "seed \(seed)")
                }
                XCTAssertEqual(queue.count, waiting.reduce(0, +))
                for rank in 0..<3 where waiting[rank] == 0 { passed[rank] = 0 }
            }
        }
    }

    // MARK: The bound

    func testAtTheBoundAHigherOneTakesThePlaceOfTheNewestOfTheLowest() {
        var queue = queue(3, [("x", 1, .low), ("y", 1, .low), ("n", 2, .normal)])
        guard case .displacing("y", _) = queue.arrive("h", of: key(3), .high, until: .distantFuture) else {
            return XCTFail("the newest of low")
        }
        guard case .displacing("x", _) = queue.arrive("m", of: key(2), .normal, until: .distantFuture) else {
            return XCTFail("the last of low")
        }
        guard case .turnedAway = queue.arrive("z", of: key(1), .low, until: .distantFuture) else {
            return XCTFail("nobody is lower")
        }
        XCTAssertEqual(drain(&queue), "hnm")
    }

    func testAtTheBoundAFullClassTurnsTheNewcomerAway() {
        var queue = queue(2, [("a", 1, .normal), ("b", 2, .normal)])
        guard case .turnedAway = queue.arrive("c", of: key(3), .normal, until: .distantFuture) else {
            return XCTFail("each key has one")
        }
        XCTAssertEqual(drain(&queue), "ab")
    }

    func testAKeyThatFillsTheQueueMakesRoomForOthersOfItsClass() {
        var queue = queue(3, [("a", 1, .normal), ("b", 1, .normal), ("c", 1, .normal)])
        guard case .displacing("c", _) = queue.arrive("d", of: key(2), .normal, until: .distantFuture) else {
            return XCTFail("the newest of the key with the most")
        }
        guard case .turnedAway = queue.arrive("e", of: key(2), .normal, until: .distantFuture) else {
            return XCTFail("with it both keys would have two: it is the newest")
        }
        XCTAssertEqual(drain(&queue), "adb")
    }

    func testAQueueOfNothingTurnsEverybodyAway() {
        var queue = queue(0)
        guard case .turnedAway = queue.arrive("a", of: key(1), .high, until: .distantFuture) else { return XCTFail() }
    }

    // MARK: Leaving

    func testWhoLeavesIsGoneAndATicketIsGoodForItsOwnEntry() {
        var queue = queue()
        guard case .queued(let a) = queue.arrive("a", of: key(1), .normal, until: .distantFuture),
            case .queued = queue.arrive("b", of: key(1), .normal, until: .distantFuture)
        else { return XCTFail() }
        XCTAssertTrue(queue.leave(a))
        XCTAssertFalse(queue.leave(a))
        guard case .queued(let c) = queue.arrive("c", of: key(1), .normal, until: .distantFuture) else {
            return XCTFail()
        }
        XCTAssertFalse(queue.leave(a), "its place is somebody else's")
        XCTAssertEqual(queue.next(at: start), "b")
        XCTAssertTrue(queue.leave(c))
        XCTAssertNil(queue.next(at: start))
    }

    func testWhoseTimeIsOverIsPassedOver() {
        var queue = AdmissionQueue<String>(countMax: 10)
        guard case .queued(let ticket) = queue.arrive("a", of: key(1), .high, until: start.advanced(by: .seconds(1)))
        else { return XCTFail() }
        _ = queue.arrive("b", of: key(2), .low, until: .distantFuture)
        XCTAssertEqual(queue.next(at: start.advanced(by: .seconds(1))), "b")
        XCTAssertFalse(queue.leave(ticket))
        XCTAssertEqual(queue.count, 0)
    }

    /// The links hold whatever happens: as a list that is searched would have it.
    func testItDoesWhatAListWouldDo() {
        for seed in 1...100 as ClosedRange<UInt64> {
            var random = SeededRandom(seed: seed)
            var queue = AdmissionQueue<Int>(countMax: 20)
            var inside: [(number: Int, key: Int, priority: KeyPriority, ticket: AdmissionQueue<Int>.Ticket)] = []
            for number in 1...1_000 {
                switch Int.random(in: 0..<5, using: &random) {
                case 0...2:
                    let (who, priority) = (
                        Int.random(in: 1...6, using: &random), KeyPriority.allCases.randomElement(using: &random)!
                    )
                    switch queue.arrive(number, of: key(who), priority, until: .distantFuture) {
                    case .queued(let ticket): inside.append((number, who, priority, ticket))
                    case .displacing(let out, let ticket):
                        let place = inside.firstIndex { $0.number == out }!
                        XCTAssertEqual(inside[place].priority, inside.map(\.priority).max())
                        inside.remove(at: place)
                        inside.append((number, who, priority, ticket))
                    case .turnedAway:
                        XCTAssertEqual(inside.count, 20)
                        XCTAssertGreaterThanOrEqual(priority, inside.map(\.priority).max()!)
                    }
                case 3:
                    guard let served = queue.next(at: start) else {
                        XCTAssertTrue(inside.isEmpty)
                        continue
                    }
                    let place = inside.firstIndex { $0.number == served }!
                    let entry = inside.remove(at: place)
                    XCTAssertFalse(
                        inside.contains { $0.key == entry.key && $0.priority == entry.priority && $0.number < served },
                        "the first of its key, seed \(seed)")
                default:
                    guard let place = inside.indices.randomElement(using: &random) else { continue }
                    XCTAssertTrue(queue.leave(inside.remove(at: place).ticket))
                }
                XCTAssertEqual(queue.count, inside.count)
            }
        }
    }
}
