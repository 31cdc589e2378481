import Shared
import XCTest

@testable import DataPlane

/// What becomes of files and batches says nothing of how a provider's models do.
final class StoredHealthTests: XCTestCase {
    private let now = RoutingFixture.start

    private func request(_ fixture: StoredFixture) throws -> ParsedRequest {
        try fixture.request(try fixture.stored(.files, .list))
    }

    func testNoOutcomeOfThemSetsATargetOrACredentialAside() throws {
        for secrets in [["sk-0"], ["sk-0", "sk-1"]] {
            let fixture = try StoredFixture(secrets: secrets)
            let health = try XCTUnwrap(fixture.target.health)
            let request = try request(fixture)
            for outcome in OutcomeClass.allCases {
                for _ in 0..<20 {
                    let mark = health.begin(request, now, with: fixture.target.several(fixture.credential()))
                    XCTAssertNil(mark.credential)
                    health.end(mark, outcome, waitMilliseconds: nil, now)
                }
                XCTAssertTrue(health.isAvailable(now), "\(outcome)")
                XCTAssertTrue(health.isIn(now), "\(outcome)")
                XCTAssertTrue(fixture.credential().health.cooledUntil <= now, "\(outcome)")
            }
        }
    }

    func testTheyCloseNoBreakerAndTakeNoProbe() throws {
        let fixture = try StoredFixture()
        let health = try XCTUnwrap(fixture.target.health)
        while health.isIn(now) { health.saw(.serverError, now) }
        let later = MonotonicTime(nanoseconds: health.availableAt.nanoseconds)
        var mark = health.begin(try request(fixture), later)
        XCTAssertFalse(mark.isProbe)
        health.firstToken(&mark, later)
        health.end(mark, .answered, waitMilliseconds: nil, later)
        XCTAssertFalse(health.isIn(later))
        XCTAssertTrue(health.begin(later).isProbe, "the turn is still there")
    }

    func testTheyHaveNoPartInHowLongAModelTakesAndHowBusyItIs() throws {
        let fixture = try StoredFixture()
        let health = try XCTUnwrap(fixture.target.health)
        var mark = health.begin(try request(fixture), now)
        XCTAssertFalse(mark.isOfModel)
        health.firstToken(&mark, now.plus(milliseconds: 1))
        XCTAssertNil(health.load.firstTokenNanoseconds)
        health.end(mark, .firstTokenTimedOut, waitMilliseconds: nil, now.plus(milliseconds: 9_000))
        XCTAssertNil(health.load.firstTokenNanoseconds)
        var chat = health.begin(now)
        XCTAssertTrue(chat.isOfModel)
        health.firstToken(&chat, now.plus(milliseconds: 1))
        XCTAssertNotNil(health.load.firstTokenNanoseconds)
    }
}
