import Simulation
import XCTest

/// The simulation, short; `make sim` runs it at length.
final class SimulationTests: XCTestCase {
    func testTheBooksAgreeWithWhatHappenedAfterEveryStepAndAfterHealing() {
        for seed in [1, 2, 3] as [UInt64] {
            var world = World(seed: seed)
            world.run(steps: 15_000)
            if world.violations.isEmpty { world.heal() }
            XCTAssertEqual(world.violations, [], "seed \(seed)")
        }
    }

    func testEveryBrokenRuleIsNoticed() {
        for rule in BrokenRule.all {
            XCTAssertNotNil(SimulationRun.stepsUntilCaught(rule, seed: 1), rule.name)
        }
    }
}
