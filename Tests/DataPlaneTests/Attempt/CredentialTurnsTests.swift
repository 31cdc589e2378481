import Shared
import XCTest

@testable import DataPlane

final class CredentialTurnsTests: XCTestCase {
    func testThreeThatAreWellGetExactlyTheirThirds() {
        var turns = CredentialTurns()
        var counts = [0, 0, 0]
        for _ in 0..<1_000 { counts[turns.take(of: 3, insists: true) { _ in .free }!] += 1 }
        XCTAssertEqual(counts, [334, 333, 333])
    }

    func testOneOnTrialIsForThoseWhoHaveNoOther() {
        var turns = CredentialTurns()
        let standings: [CredentialTurns.Standing] = [.onTrial, .free, .cooled(until: 9)]
        for _ in 0..<3 { XCTAssertEqual(turns.take(of: 3, insists: true) { standings[$0] }, 1) }
        XCTAssertEqual(turns.take(of: 3, insists: false) { [.onTrial, .out, .cooled(until: 9)][$0] }, 0)
    }

    func testWhereAllAreSetAsideTheSoonestIsTakenOnlyByWhoInsists() {
        var turns = CredentialTurns()
        let standings: [CredentialTurns.Standing] = [.cooled(until: 8), .out, .cooled(until: 7)]
        XCTAssertEqual(turns.take(of: 3, insists: true) { standings[$0] }, 2)
        XCTAssertNil(turns.take(of: 3, insists: false) { standings[$0] })
        XCTAssertNil(turns.take(of: 3, insists: true) { _ in .out })
    }

    /// Wherever the turns stand, and whoever is set aside meanwhile: as long as the same ones are free, none of them gets more than one turn
    /// more than another.
    func testTurnsAreEvenAmongThoseThatAreFree() {
        var random = SeededRandom(seed: 11)
        var turns = CredentialTurns()
        for _ in 0..<2_000 {
            let count = Int.random(in: 2...PolicyDocument.Provider.credentialCountMax, using: &random)
            let free = (0..<count).filter { _ in Bool.random(using: &random) }
            var counts: [Int: Int] = [:]
            for _ in 0..<Int.random(in: 1...200, using: &random) {
                let taken = turns.take(of: count, insists: false) { free.contains($0) ? .free : .cooled(until: 1) }
                guard let taken else {
                    XCTAssertEqual(free, [])
                    break
                }
                counts[taken, default: 0] += 1
            }
            let all = free.map { counts[$0] ?? 0 }
            XCTAssertLessThanOrEqual((all.max() ?? 0) - (all.min() ?? 0), 1, "\(free) of \(count)")
            XCTAssertEqual(Set(counts.keys).subtracting(free), [])
        }
    }
}
