import Glibc
import Shared
import TestSupport
import XCTest

final class ReadinessProbeTests: XCTestCase {
    func testItMeasuresHowLongALoopKeepsWhatIsReadyWaiting() throws {
        try onLoop { actor in
            let loop = actor.loop
            let probe = try ReadinessProbe(on: loop)
            XCTAssertEqual(probe.take(), 0, "nothing is measured yet")
            let began = MonotonicTime.now()
            // The loop does not get to its descriptors meanwhile.
            while began.duration(to: .now()) < .milliseconds(30) {}
            XCTAssertGreaterThanOrEqual(probe.take(), 30_000_000, "one that still waits counts for what it has waited")
            await loop.nextTurn()
            await loop.nextTurn()
            let first = probe.take()
            XCTAssertGreaterThanOrEqual(first, 30_000_000)
            var least = UInt64.max
            for _ in 0..<20 {
                await loop.sleep(for: .milliseconds(1))
                least = min(least, probe.take())
            }
            XCTAssertLessThan(least, 5_000_000, "a loop with nothing to do")
        }
    }
}
