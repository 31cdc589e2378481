import XCTest

@testable import DataPlane

final class ConnectionQuotaTests: XCTestCase {
    private final class Waiter {}

    func testPlacesAreGivenInTheOrderOfAsking() {
        var quota = ConnectionQuota<Waiter>(openMax: 2, waitingMax: 3)
        let all = (0..<6).map { _ in Waiter() }
        XCTAssertEqual(quota.ask(all[0]), .open)
        XCTAssertEqual(quota.ask(all[1]), .open)
        XCTAssertEqual(quota.ask(all[2]), .wait)
        XCTAssertEqual(quota.ask(all[3]), .wait)
        XCTAssertEqual(quota.ask(all[4]), .wait)
        XCTAssertEqual(quota.ask(all[5]), .refused)
        XCTAssertEqual(quota.waiting, 3)
        XCTAssertTrue(quota.closed() === all[2], "a place that is free goes to the first")
        XCTAssertEqual(quota.open, 2)
        XCTAssertTrue(quota.next() === all[3], "and so does a connection")
        XCTAssertEqual(quota.ask(all[5]), .wait, "nobody overtakes")
        XCTAssertTrue(quota.closed() === all[4])
        XCTAssertTrue(quota.closed() === all[5])
        XCTAssertNil(quota.closed())
        XCTAssertEqual(quota.open, 1)
        XCTAssertNil(quota.next())
        XCTAssertEqual(quota.ask(all[0]), .open)
    }

    func testWhoLeavesTheQueueIsPassedOver() {
        var quota = ConnectionQuota<Waiter>(openMax: 1, waitingMax: 2)
        let all = (0..<3).map { _ in Waiter() }
        for waiter in all { _ = quota.ask(waiter) }
        XCTAssertTrue(quota.leave(all[1]))
        XCTAssertFalse(quota.leave(all[1]))
        XCTAssertFalse(quota.leave(all[0]), "who has a place is not in the queue")
        XCTAssertTrue(quota.closed() === all[2])
        XCTAssertNil(quota.closed())
        XCTAssertEqual(quota.open, 0)
    }

    func testWithoutAQueueNobodyWaits() {
        var quota = ConnectionQuota<Waiter>(openMax: 1, waitingMax: 0)
        XCTAssertEqual(quota.ask(Waiter()), .open)
        XCTAssertEqual(quota.ask(Waiter()), .refused)
    }
}
