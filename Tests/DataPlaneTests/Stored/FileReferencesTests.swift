import Shared
import XCTest

@testable import DataPlane

/// The files that a request for a model names.
final class FileReferencesTests: XCTestCase {
    private func known(
        _ id: String, _ fixture: StoredFixture, of owner: VirtualKeyID = StoredFixture.owner, credential place: Int = 0
    ) -> String {
        StoredIdentity(id, of: owner, at: fixture.target, under: fixture.credential(place)).text
    }

    private func find(_ body: String, _ fixture: StoredFixture) throws -> FileReferences? {
        try unsafe Array(body.utf8).withUnsafeBytes { unsafe try FileReferences(in: $0, fixture.places) }
    }

    /// The body as its provider gets it.
    private func sent(_ body: String, _ fixture: StoredFixture) throws -> String {
        var edits = JSONEdits()
        try find(body, fixture)?.apply(to: &edits)
        return String(decoding: edits.apply(to: Array(body.utf8)), as: UTF8.self)
    }

    func testIdentitiesThatWeirGaveOutAreTheProvidersAgain() throws {
        let fixture = try StoredFixture()
        for (before, after) in [
            (#"{"file":{"file_id":"\#(known("file-1", fixture))"}}"#, #"{"file":{"file_id":"file-1"}}"#),
            (
                #"{"file_id" : "\#(known("a", fixture))","x":{"file_id":"\#(known("b", fixture))"}}"#,
                #"{"file_id" : "a","x":{"file_id":"b"}}"#
            ),
            (#"{"file_ids":[ "\#(known("a", fixture))" , "\#(known("b", fixture))"]}"#, #"{"file_ids":[ "a" , "b"]}"#),
        ] {
            XCTAssertEqual(try sent(before, fixture), after)
            XCTAssertEqual(try find(before, fixture)?.pin, fixture.pin())
        }
    }

    func testEverythingElseStays() throws {
        let fixture = try StoredFixture()
        let own = known("file-1", fixture)
        for body in [
            "{}", #"{"file_id":"file-1"}"#, #"{"text":"\#(own)"}"#, #"{"file_id":"see \#(own)"}"#,
            #"{"file_id":"\#(own)."}"#, #"{"text":"\"file_id\":\"\#(own)\""}"#, #"{"xfile_id":"\#(own)"}"#,
            "\"\(own)\"",
            #"{"previous_response_id":"resp_1\#(fixture.pin().suffix)"}"#, #"{"file_id":"-weir"}"#, own, "-weir",
        ] {
            XCTAssertNil(try find(body, fixture), body)
        }
    }

    func testWhatIsSomebodyElsesIsRefused() throws {
        let fixture = try StoredFixture(secrets: ["sk-0", "sk-1"])
        let others = known("file-1", fixture, of: StoredFixture.stranger)
        XCTAssertEqual(refusal { try find(#"{"file_id":"\#(others)"}"#, fixture) }?.status, 404)
        let two = #"{"file_ids":["\#(known("a", fixture))","\#(known("b", fixture, credential: 1))"]}"#
        XCTAssertEqual(refusal { try find(two, fixture) }?.param, "file_id")
    }

    /// The provider may be another Weir, whose identities have the mark in them.
    func testAnIdentityWithTheMarkInItIsReplacedOnce() throws {
        let fixture = try StoredFixture()
        let inner = known("file-1", fixture)
        XCTAssertEqual(try sent(#"{"file_id":"\#(known(inner, fixture))"}"#, fixture), #"{"file_id":"\#(inner)"}"#)
        let marks = String(repeating: "-weir", count: 20)
        XCTAssertEqual(
            try sent(#"{"file_ids":["\#(known(marks, fixture))"]}"#, fixture), #"{"file_ids":["\#(marks)"]}"#)
    }

    /// Linear in the body, whatever stands in it.
    func testALongWordOfMarksIsLookedAtOnce() throws {
        let fixture = try StoredFixture()
        let marks = String(repeating: "-weir", count: 200_000)
        XCTAssertNil(try find(#"{"file_id":"\#(marks)"}"#, fixture))
        XCTAssertNil(try find(#"{"file_id":"\#(marks)"#, fixture))
    }

    func testARequestNamesSoManyFiles() throws {
        let fixture = try StoredFixture()
        let one = "\"\(known("a", fixture))\""
        func list(_ count: Int) -> String {
            "{\"file_ids\":[" + Array(repeating: one, count: count).joined(separator: ",") + "]}"
        }
        XCTAssertNotNil(try find(list(FileReferences.countMax), fixture))
        XCTAssertEqual(refusal { try find(list(FileReferences.countMax + 1), fixture) }?.param, "file_id")
    }
}
