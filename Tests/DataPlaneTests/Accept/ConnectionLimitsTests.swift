import Foundation
import Shared
import XCTest

@testable import DataPlane

final class ConnectionLimitsTests: XCTestCase {
    private func ip(_ text: String) -> IPAddress { IPAddress(text)! }

    func testConnectionsAreCountedOverAllLoops() {
        let limits = ConnectionLimits(connectionsMax: 100, perSourceMax: 3)
        // Each "loop" comes from a source of its own, so that all that can be wrong is the count.
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            let source = IPAddress(ipv4: UInt32(thread))
            for _ in 0..<2_000 {
                for _ in 0..<3 { XCTAssertEqual(limits.admit(source), .admitted) }
                XCTAssertEqual(limits.admit(source), .tooManyFromSource)
                for _ in 0..<3 { limits.close(source) }
            }
        }
        XCTAssertEqual(limits.openCount, 0)
        XCTAssertEqual(limits.sourceCount, 0, "a source without connections is forgotten")
    }

    func testOneBeyondTheLimitIsTooManyUntilOneCloses() {
        let limits = ConnectionLimits(connectionsMax: 2, perSourceMax: 0)
        XCTAssertEqual(limits.admit(ip("10.0.0.1")), .admitted)
        XCTAssertEqual(limits.admit(nil), .admitted)
        XCTAssertEqual(limits.admit(ip("10.0.0.2")), .tooMany)
        XCTAssertEqual(limits.openCount, 2)
        limits.close(nil)
        XCTAssertEqual(limits.admit(ip("10.0.0.2")), .admitted)
    }

    func testAnIPv6HostIsItsWholeNetworkOf64Bits() {
        let limits = ConnectionLimits(connectionsMax: 100, perSourceMax: 1)
        XCTAssertEqual(limits.admit(ip("2001:db8:1:2::1")), .admitted)
        XCTAssertEqual(limits.admit(ip("2001:db8:1:2:ffff::9")), .tooManyFromSource)
        XCTAssertEqual(limits.admit(ip("2001:db8:1:3::1")), .admitted)
    }

    func testAnIPv4AddressIsOneSourceHoweverItIsWritten() {
        let limits = ConnectionLimits(connectionsMax: 100, perSourceMax: 1)
        XCTAssertEqual(limits.admit(ip("10.0.0.1")), .admitted)
        XCTAssertEqual(limits.admit(ip("::ffff:10.0.0.1")), .tooManyFromSource)
        XCTAssertEqual(limits.admit(ip("10.0.0.2")), .admitted)
    }

    func testARefusalBySourceTakesNoPlaceInTheWhole() {
        let limits = ConnectionLimits(connectionsMax: 2, perSourceMax: 1)
        XCTAssertEqual(limits.admit(ip("10.0.0.1")), .admitted)
        for _ in 0..<5 { XCTAssertEqual(limits.admit(ip("10.0.0.1")), .tooManyFromSource) }
        XCTAssertEqual(limits.admit(ip("10.0.0.2")), .admitted)
    }

    func testDescriptorsLeaveRoomForUpstreams() {
        XCTAssertEqual(DescriptorLimit(soft: 1_000_000).connections(wanted: 16_000), 16_000)
        XCTAssertEqual(DescriptorLimit(soft: 20_000).connections(wanted: 16_000), 14_808)
        XCTAssertEqual(DescriptorLimit(soft: 100).connections(wanted: 16_000), 1, "never none at all")
    }
}
