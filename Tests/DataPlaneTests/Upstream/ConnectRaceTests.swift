import Shared
import XCTest

@testable import DataPlane

final class ConnectRaceTests: XCTestCase {
    private let start = MonotonicTime(nanoseconds: 1_000_000_000_000)
    private func after(_ milliseconds: Int) -> MonotonicTime { start.advanced(by: .milliseconds(milliseconds)) }

    func testTheNextAddressIsTriedAfterTheDelayWhileTheFirstIsSilent() {
        var race = ConnectRace(count: 3, delay: .milliseconds(250))
        XCTAssertEqual(race.step(at: start), .connect(0))
        XCTAssertEqual(race.step(at: start), .wait(until: after(250)))
        XCTAssertEqual(race.step(at: after(249)), .wait(until: after(250)))
        XCTAssertEqual(race.step(at: after(250)), .connect(1))
        // A loop that looks late does not begin two at once.
        XCTAssertEqual(race.step(at: after(900)), .connect(2))
        XCTAssertEqual(race.step(at: after(900)), .wait(until: .distantFuture))
        XCTAssertEqual(race.underWay, 3)
    }

    func testARefusalStartsTheNextAtOnce() {
        var race = ConnectRace(count: 3, delay: .milliseconds(250))
        XCTAssertEqual(race.step(at: start), .connect(0))
        XCTAssertEqual(race.step(at: after(100)), .wait(until: after(250)))
        race.attemptFailed(at: after(101))
        XCTAssertEqual(race.step(at: after(101)), .connect(1))
        XCTAssertEqual(race.step(at: after(101)), .wait(until: after(351)))
        // The third begins while the second goes on, and its refusal leaves the second alone.
        XCTAssertEqual(race.step(at: after(351)), .connect(2))
        race.attemptFailed(at: after(352))
        XCTAssertEqual(race.step(at: after(352)), .wait(until: .distantFuture))
        race.attemptFailed(at: after(400))
        XCTAssertEqual(race.step(at: after(400)), .lost)
    }

    func testWithoutAnAddressTheRaceIsLost() {
        var race = ConnectRace(count: 0, delay: .milliseconds(250))
        XCTAssertEqual(race.step(at: start), .lost)
    }

    func testOneAddressIsTriedOnce() {
        var race = ConnectRace(count: 1, delay: .milliseconds(250))
        XCTAssertEqual(race.step(at: start), .connect(0))
        XCTAssertEqual(race.step(at: after(10_000)), .wait(until: .distantFuture))
        race.attemptFailed(at: after(10_001))
        XCTAssertEqual(race.step(at: after(10_001)), .lost)
    }

    // MARK: Order

    private func addresses(_ hosts: String...) -> [SocketAddress] { hosts.map { SocketAddress(numeric: $0, port: 1)! } }

    func testFamiliesTakeTurnsAndTheSystemsFirstStaysFirst() {
        let order = AddressOrder()
        XCTAssertEqual(
            order.ordered(addresses("::1", "::2", "::3", "10.0.0.1", "10.0.0.2"), at: start),
            addresses("::1", "10.0.0.1", "::2", "10.0.0.2", "::3"))
        XCTAssertEqual(
            order.ordered(addresses("10.0.0.1", "::1", "::2"), at: start), addresses("10.0.0.1", "::1", "::2"))
        XCTAssertEqual(order.ordered(addresses("10.0.0.2", "10.0.0.1"), at: start), addresses("10.0.0.2", "10.0.0.1"))
        XCTAssertEqual(order.ordered([], at: start), [])
    }

    func testWhatFailedLatelyComesLastTheLatestAtTheEnd() {
        var order = AddressOrder()
        let all = addresses("::1", "10.0.0.1", "::2", "10.0.0.2")
        order.failed(all[1], at: after(10))
        order.failed(all[0], at: after(20))
        XCTAssertEqual(order.ordered(all, at: after(30)), [all[2], all[3], all[1], all[0]])
        order.succeeded(all[0])
        XCTAssertEqual(order.ordered(all, at: after(30)), [all[0], all[2], all[3], all[1]])
        let end = after(10).advanced(by: AddressOrder.failureTime)
        XCTAssertEqual(order.ordered(all, at: end.advanced(by: .nanoseconds(-1))).last, all[1])
        XCTAssertEqual(order.ordered(all, at: end), all)
    }

    func testAllThatFailedAreStillTriedAndThoseThatAreGoneForgotten() {
        var order = AddressOrder()
        let all = addresses("10.0.0.1", "10.0.0.2")
        order.failed(all[0], at: after(2))
        order.failed(all[1], at: after(1))
        XCTAssertEqual(order.ordered(all, at: after(3)), [all[1], all[0]])
        order.keep([all[1]])
        XCTAssertEqual(order.ordered(all, at: after(3)), all)
    }
}
