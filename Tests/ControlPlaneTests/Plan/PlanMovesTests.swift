import Shared
import XCTest

@testable import ControlPlane

final class PlanMovesTests: XCTestCase {
    private func text(_ moves: PlanMoves) -> [String] {
        moves.rerouted.map { "\($0.move.from)>\($0.move.to) \($0.requests)" }
    }

    func testWhatARequestDecidesIsComparedRequestByRequest() {
        var moves = PlanMoves()
        for _ in 0..<3 { moves.add(from: 0, to: 1, pool: nil) }
        moves.add(from: 1, to: 0, pool: nil)
        moves.add(from: 2, to: 2, pool: nil)
        XCTAssertEqual(text(moves), ["0>1 3", "1>0 1"])
    }

    func testWhereTurnsDecideOnlySharesAreCompared() {
        var moves = PlanMoves()
        let pool = PlanMoves.Pool(from: 4, to: 4)
        // Every single request goes elsewhere, and the shares are the same.
        for _ in 0..<50 {
            moves.add(from: 0, to: 1, pool: pool)
            moves.add(from: 1, to: 0, pool: pool)
        }
        XCTAssertEqual(text(moves), [])
        for _ in 0..<10 { moves.add(from: 0, to: 1, pool: pool) }
        XCTAssertEqual(text(moves), ["0>1 10"])
    }

    func testListsAreComparedEachOnItsOwn() {
        var moves = PlanMoves()
        moves.add(from: 0, to: 1, pool: .init(from: 0, to: 0))
        moves.add(from: 1, to: 0, pool: .init(from: 1, to: 1))
        XCTAssertEqual(text(moves), ["0>1 1", "1>0 1"])
    }

    func testAsFewMoveAsCanAndNoneIsLost() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<200 {
            var moves = PlanMoves()
            var from = [Int](repeating: 0, count: 5)
            var to = from
            for _ in 0..<Int.random(in: 1...100, using: &random) {
                let (a, b) = (Int.random(in: 0..<5, using: &random), Int.random(in: 0..<5, using: &random))
                from[a] += 1
                to[b] += 1
                moves.add(from: a, to: b, pool: .init(from: 0, to: 0))
            }
            let least = zip(from, to).reduce(0) { $0 + max(0, $1.0 - $1.1) }
            XCTAssertEqual(moves.rerouted.reduce(0) { $0 + Int($1.requests) }, least)
            for (move, requests) in moves.rerouted {
                from[move.from] -= Int(requests)
                from[move.to] += Int(requests)
            }
            XCTAssertEqual(from, to)
        }
    }
}
