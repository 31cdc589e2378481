import XCTest

@testable import ControlPlane

final class PageTests: XCTestCase {
    func testTheRowBeyondTheLimitOnlySaysThatThereIsMore() {
        let page = Page(overfetched: [1, 2, 3], limit: 2) { "\($0)" }
        XCTAssertEqual(page.rows, [1, 2])
        XCTAssertEqual(page.next, "2")
        XCTAssertNil(Page(overfetched: [1, 2], limit: 2) { "\($0)" }.next)
        XCTAssertNil(Page(overfetched: [Int](), limit: 2) { "\($0)" }.next)
    }

    func testACursorIsGoodForItsOwnListOnly() {
        let cursor = PageRequest.cursor(list: "teams", key: "a:b")
        XCTAssertEqual(PageRequest.key(ofCursor: cursor, list: "teams"), "a:b")
        XCTAssertNil(PageRequest.key(ofCursor: cursor, list: "team"))
        XCTAssertNil(PageRequest.key(ofCursor: cursor, list: "routes"))
        XCTAssertNil(PageRequest.key(ofCursor: "%%%", list: "teams"))
        XCTAssertNil(PageRequest.key(ofCursor: "", list: "teams"))
    }
}

final class RevisionMatchTests: XCTestCase {
    func testEntityTagsAreRevisionsInQuotes() {
        XCTAssertEqual(RevisionMatch(ifMatch: "\"3\""), .oneOf([3]))
        XCTAssertEqual(RevisionMatch(ifMatch: " \"3\" , \"4\""), .oneOf([3, 4]))
        XCTAssertEqual(RevisionMatch(ifMatch: "*"), .any)
        XCTAssertEqual(RevisionMatch(ifMatch: "\"abc\""), .oneOf([]), "well-formed, and never ours")
        XCTAssertEqual(RevisionMatch(ifMatch: "W/\"3\""), .oneOf([]), "a weak tag never matches")
        XCTAssertNil(RevisionMatch(ifMatch: "3"))
        XCTAssertNil(RevisionMatch(ifMatch: ""))
        XCTAssertNil(RevisionMatch(ifMatch: "\""))
    }

    func testOnlyTheCurrentRevisionPasses() {
        XCTAssertNoThrow(try RevisionMatch.oneOf([2, 3]).check(3))
        XCTAssertNoThrow(try RevisionMatch.any.check(9))
        XCTAssertThrowsError(try RevisionMatch.oneOf([2]).check(3)) { error in
            XCTAssertEqual(error as? ResourceError, .staleRevision(current: 3))
        }
    }
}
