import Shared
import XCTest

@testable import DataPlane

final class StoredListTests: XCTestCase {
    private func list(
        _ limit: Int, _ collection: Endpoint = .files, after: StoredIdentity? = nil, place: Int = 0,
        filters: [(name: String, value: String)] = []
    ) -> StoredList {
        StoredList(
            StoredList.Query(limit: limit, after: after, filters: filters), of: collection, credentialPlace: place)
    }

    private func objects(_ ids: ClosedRange<Int>) -> [JSONValue] { ids.map { .object(["id": .string("file-\($0)")]) } }

    private func ids(_ list: StoredList) -> [String] {
        list.answer["data"]?.array?.compactMap { $0["id"]?.string } ?? []
    }

    // MARK: Pages

    func testPagesFollowOneAnotherInTheOrderOfTheProvider() throws {
        var list = list(5)
        XCTAssertEqual(list.query, "limit=1000")
        XCTAssertFalse(try list.take(objects(1...2), hasMore: true, lastID: "file-7", credentialCount: 1))
        XCTAssertEqual(list.query, "limit=1000&after=file-7", "the last of the page, whoever's it is")
        XCTAssertFalse(try list.take([], hasMore: true, lastID: "file-9", credentialCount: 1))
        XCTAssertTrue(try list.take(objects(3...4), hasMore: false, lastID: "file-4", credentialCount: 1))
        XCTAssertEqual(ids(list), ["file-1", "file-2", "file-3", "file-4"])
        XCTAssertEqual(list.answer["has_more"], .boolean(false))
        XCTAssertEqual(list.answer["object"]?.string, "list")
        XCTAssertEqual(list.answer["last_id"]?.string, "file-4")
    }

    func testWhetherThereAreMoreIsToldExactly() throws {
        for (count, hasMore, isComplete) in [
            (2, true, false), (3, false, true), (3, true, false), (4, true, true), (9, false, true),
        ] {
            var list = list(3)
            XCTAssertEqual(
                try list.take(objects(1...count), hasMore: hasMore, lastID: "file-9", credentialCount: 1), isComplete)
            if !isComplete {
                XCTAssertTrue(try list.take([], hasMore: false, lastID: nil, credentialCount: 1))
            }
            XCTAssertEqual(ids(list).count, min(count, 3), "\(count)")
            XCTAssertEqual(list.answer["has_more"], .boolean(count > 3), "\(count)")
        }
        let none = list(3)
        XCTAssertEqual(none.answer["first_id"], .null)
        XCTAssertEqual(none.answer["last_id"], .null)
        XCTAssertEqual(none.answer["has_more"], .boolean(false))
    }

    func testOneCredentialComesBehindTheOther() throws {
        var list = list(10, .batches, place: 1)
        XCTAssertEqual(list.query, "limit=50")
        XCTAssertFalse(try list.take(objects(1...1), hasMore: true, lastID: "a", credentialCount: 3))
        XCTAssertEqual(list.credentialPlace, 1)
        XCTAssertFalse(try list.take(objects(2...2), hasMore: false, lastID: "b", credentialCount: 3))
        XCTAssertEqual(list.credentialPlace, 2)
        XCTAssertEqual(list.query, "limit=50", "from the beginning")
        XCTAssertTrue(try list.take(objects(3...3), hasMore: false, lastID: "c", credentialCount: 3))
        XCTAssertEqual(ids(list), ["file-1", "file-2", "file-3"])
    }

    func testSoManyPagesAreLookedThrough() throws {
        var found = list(10)
        var inVain = list(10)
        for page in 1..<100 {
            XCTAssertFalse(
                try found.take(page == 7 ? objects(1...1) : [], hasMore: true, lastID: "a", credentialCount: 1))
            XCTAssertFalse(try inVain.take([], hasMore: true, lastID: "a", credentialCount: 1))
        }
        XCTAssertTrue(try found.take([], hasMore: true, lastID: "a", credentialCount: 1))
        XCTAssertEqual(found.answer["has_more"], .boolean(true), "nobody has looked")
        let told = refusal { try inVain.take([], hasMore: true, lastID: "a", credentialCount: 1) }
        XCTAssertEqual(told?.status, 400)
        XCTAssertEqual(told?.code.description, "list_too_long")
        XCTAssertEqual(OutcomeClass(AttemptError.listTooLong), .invalid, "nothing is wrong with the provider")
    }

    func testThereIsNoWayOnFromWhatIsNoIdentity() throws {
        for last in [nil, "", "a/b", "..", "a&limit=1", "a b", "a%20"] as [String?] {
            var list = list(10)
            XCTAssertEqual(
                refusal { try list.take([], hasMore: true, lastID: last, credentialCount: 1) }?.code.description,
                "upstream_malformed", last ?? "nil")
        }
    }

    /// Others may give their objects names so long that a page of them cannot be held.
    func testAPageThatIsTooLargeIsAskedForInSmallerPieces() throws {
        var list = list(10)
        var limits: [String] = []
        while list.shorten() { limits.append(list.query) }
        XCTAssertEqual(limits, ["limit=250", "limit=62", "limit=15", "limit=3", "limit=1"])
        let fixture = try StoredFixture()
        let request = try fixture.stored(.files, .list)
        request.list = self.list(10)
        let bytes = ByteBuffer(Array(#"{"data":["#.utf8))
        for _ in limits {
            XCTAssertFalse(
                try request.take(bytes, isWhole: false, ByteBuffer(), from: fixture.target, under: fixture.credential())
            )
        }
        XCTAssertEqual(request.path, "/files?limit=1")
        XCTAssertEqual(
            refusal {
                try request.take(bytes, isWhole: false, ByteBuffer(), from: fixture.target, under: fixture.credential())
            }?.code.description, "upstream_answer_too_large")
    }

    // MARK: Queries

    private func query(_ text: String, _ collection: Endpoint = .files) throws -> StoredList.Query {
        try StoredList.Query(text, of: collection)
    }

    func testQueriesAreReadAsOpenAIsAre() throws {
        let fixture = try StoredFixture()
        let identity = StoredIdentity(
            "file-1", of: StoredFixture.owner, at: fixture.target, under: fixture.credential())
        XCTAssertEqual(try query(""), StoredList.Query(limit: 10_000))
        XCTAssertEqual(try query("", .batches), StoredList.Query(limit: 20))
        XCTAssertEqual(
            try query("limit=7&after=\(identity.text)&order=asc&purpose=fine-tune"),
            StoredList.Query(
                limit: 7, after: identity,
                filters: [(name: "order", value: "asc"), (name: "purpose", value: "fine-tune")]))
        XCTAssertEqual(try query("order=desc").filters.map(\.value), ["desc"])
        XCTAssertEqual(
            list(1, filters: try query("purpose=batch&order=asc").filters).query, "limit=1000&purpose=batch&order=asc")
        XCTAssertEqual(
            list(1, after: try query("after=\(identity.text)").after).query, "limit=1000&after=file-1")
        for (limit, collection) in [(1, Endpoint.files), (10_000, .files), (1, .batches), (100, .batches)] {
            XCTAssertEqual(try query("limit=\(limit)", collection).limit, limit)
        }
    }

    func testWhatAListIsNotAskedByIsRefused() throws {
        for (text, collection, param) in [
            ("limit=0", .files, "limit"), ("limit=10001", .files, "limit"), ("limit=101", .batches, "limit"),
            ("limit=-1", .batches, "limit"), ("limit=", .files, "limit"), ("limit=7.0", .files, "limit"),
            ("limit", .files, "limit"), ("after=file-1", .files, "after"), ("after=", .batches, "after"),
            ("order=newest", .files, "order"), ("order=asc", .batches, "order"),
            ("purpose=a%26limit%3D1", .files, "purpose"), ("purpose=", .files, "purpose"),
            ("purpose=batch", .batches, "purpose"), ("before=x", .files, "before"), ("Limit=1", .files, "Limit"),
        ] as [(String, Endpoint, String)] {
            let told = refusal { try query(text, collection) }
            XCTAssertEqual(told?.status, 400, text)
            XCTAssertEqual(told?.param, param, text)
        }
    }
}
