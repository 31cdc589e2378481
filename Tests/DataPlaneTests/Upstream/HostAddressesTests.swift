import Shared
import XCTest

@testable import DataPlane

final class HostAddressesTests: XCTestCase {
    private let start = MonotonicTime(nanoseconds: 1_000_000_000_000)
    private func after(_ seconds: Double) -> MonotonicTime {
        start.advanced(by: .milliseconds(Int64(seconds * 1_000)))
    }
    private let one = SocketAddress(numeric: "10.0.0.1", port: 443)!
    private let two = SocketAddress(numeric: "10.0.0.2", port: 443)!
    private typealias Decision = HostAddresses.Decision

    private func known(stale: Duration = .seconds(3_600)) -> HostAddresses {
        var name = HostAddresses(lifeTime: .seconds(30), staleTime: stale)
        XCTAssertEqual(name.ask(at: start), Decision(verdict: .wait, looksUp: true))
        XCTAssertEqual(name.ask(at: start), Decision(verdict: .wait), "one look-up serves all who wait")
        XCTAssertFalse(name.found([one, two], at: start))
        return name
    }

    func testAnAnswerIsUsedForItsLifeAndAWhileLongerWhileANewOneIsAskedFor() {
        var name = known()
        XCTAssertEqual(name.ask(at: after(29.9)), Decision(verdict: .use))
        XCTAssertEqual(name.ask(at: after(30)), Decision(verdict: .use, looksUp: true))
        XCTAssertEqual(name.ask(at: after(30)), Decision(verdict: .use))
        XCTAssertTrue(name.found([two], at: after(31)), "an address is gone")
        XCTAssertEqual(name.addresses, [two])
        XCTAssertEqual(name.ask(at: after(60.9)), Decision(verdict: .use))
        XCTAssertFalse(name.found([two, one], at: after(61)), "one more is no reason to leave the others")
    }

    /// What was asked for long ago may belong to somebody else by now.
    func testAnOldAnswerIsUsedOnlyWhenTheNewOneDoesNotCome() {
        var name = known()
        XCTAssertEqual(name.ask(at: after(60)), Decision(verdict: .waitBriefly, looksUp: true))
        XCTAssertEqual(name.ask(at: after(60.5)), Decision(verdict: .waitBriefly))
        name.failed(at: after(61))
        XCTAssertEqual(name.ask(at: after(61)), Decision(verdict: .use))
        XCTAssertEqual(name.addresses, [one, two])
        XCTAssertEqual(name.ask(at: after(65.9)), Decision(verdict: .use), "not asked again at once")
        XCTAssertEqual(name.ask(at: after(66)), Decision(verdict: .use, looksUp: true))
        XCTAssertFalse(name.found([one, two], at: after(66.1)))
        XCTAssertEqual(name.ask(at: after(96)), Decision(verdict: .use))
    }

    func testStaleAnswersHaveAnEnd() {
        var name = known(stale: .seconds(100))
        XCTAssertTrue(name.refresh())
        name.failed(at: after(27))
        XCTAssertEqual(name.ask(at: after(29)).verdict, .use)
        XCTAssertEqual(name.ask(at: after(129.9)), Decision(verdict: .use, looksUp: true))
        name.failed(at: after(129.95))
        XCTAssertEqual(name.ask(at: after(130)), Decision(verdict: .fail))
        XCTAssertEqual(name.ask(at: after(130.95)), Decision(verdict: .wait, looksUp: true))
        var none = known(stale: .zero)
        XCTAssertEqual(none.ask(at: after(29.9)).verdict, .use)
        XCTAssertEqual(none.ask(at: after(30)), Decision(verdict: .wait, looksUp: true))
    }

    func testANameThatIsNotFoundIsAskedForAgainAfterASecond() {
        var name = HostAddresses(lifeTime: .seconds(30), staleTime: .seconds(100))
        XCTAssertTrue(name.ask(at: start).looksUp)
        name.failed(at: after(0.1))
        XCTAssertEqual(name.ask(at: after(1)), Decision(verdict: .fail))
        XCTAssertEqual(name.ask(at: after(1.1)), Decision(verdict: .wait, looksUp: true))
        XCTAssertEqual(name.ask(at: after(1.2)), Decision(verdict: .wait), "while that look-up runs, its answer counts")
    }

    func testItIsRefreshedALittleBeforeTheEndAndSoonerAfterAFailure() {
        var name = known()
        XCTAssertEqual(name.refreshTime, .milliseconds(26_250))
        XCTAssertTrue(name.refresh())
        XCTAssertFalse(name.refresh(), "one at a time")
        name.failed(at: after(27))
        XCTAssertEqual(name.refreshTime, .seconds(5))
        var short = HostAddresses(lifeTime: .seconds(2), staleTime: .zero)
        short.failed(at: start)
        XCTAssertEqual(short.refreshTime, .seconds(2))
    }

    func testMoreAddressesThanAreTriedAreNotKept() {
        var name = HostAddresses(lifeTime: .seconds(30), staleTime: .zero)
        let many = (1...40).map { SocketAddress(numeric: "10.0.0.\($0)", port: 1)! }
        _ = name.found(many, at: start)
        XCTAssertEqual(name.addresses, Array(many.prefix(AddressOrder.addressesMax)))
    }
}
