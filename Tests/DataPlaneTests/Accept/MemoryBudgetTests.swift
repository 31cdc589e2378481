import Shared
import XCTest

@testable import DataPlane

final class MemoryBudgetTests: XCTestCase {
    func testLoopsShareOneBudget() {
        let budget = MemoryBudget(limit: 1_000_000)
        let cells = [GaugeCell(), GaugeCell()]
        let loops = cells.map { LoopMemory(budget, counting: $0) }
        cells[0].set(600_000)
        XCTAssertTrue(loops[1].admits(400_000))
        XCTAssertFalse(loops[1].admits(400_001), "what another loop holds counts")
        XCTAssertEqual(budget.held, 600_000)
    }

    func testSmallRequestsAreRefusedFromTheNextLookOn() {
        let budget = MemoryBudget(limit: 100_000)
        let cell = GaugeCell()
        let memory = LoopMemory(budget, counting: cell)
        cell.set(100_000)
        XCTAssertTrue(memory.admits(500))
        memory.look()
        XCTAssertFalse(memory.admits(500))
        XCTAssertTrue(memory.isShort)
        cell.set(99_999)
        memory.look()
        XCTAssertTrue(memory.admits(500))
    }

    func testConnectionsCountWithWhatTheyCostWithoutBuffers() {
        let budget = MemoryBudget(limit: 1 << 30)
        let memory = LoopMemory(budget, counting: GaugeCell())
        for _ in 0..<10 { memory.connectionOpened() }
        XCTAssertEqual(budget.held, 10 * LoopMemory.connectionBytes)
        for _ in 0..<10 { memory.connectionClosed() }
        XCTAssertEqual(budget.held, 0)
    }

    func testWithoutALimitOfItsOwnItIsHalfOfTheMachine() {
        XCTAssertEqual(MemoryBudget(limit: 0).limit, MachineMemory.limitBytes() / 2)
    }
}
