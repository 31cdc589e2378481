@testable import Shared
import XCTest

/// Objects that begin like the one before them are not scanned from their beginning, and nothing shows it.
final class JSONLeadTests: XCTestCase {
    private static let names = JSONFieldNames("usage", "choices", "error", "service_tier")

    /// What a scan finds, or the error it ends with.
    private enum Found: Equatable {
        case fields([JSONField?], contentStart: Int, isEmpty: Bool)
        case error(JSONError)

        init(_ scan: () throws(JSONError) -> JSONObjectFields) {
            do throws(JSONError) {
                let fields = try scan()
                self = .fields((0..<4).map { fields[$0] }, contentStart: fields.contentStart, isEmpty: fields.isEmpty)
            } catch { self = .error(error) }
        }
    }

    /// Each text is scanned behind those before it, and by itself.
    private func assertSame(_ texts: [[UInt8]], file: StaticString = #filePath, line: UInt = #line) {
        var lead = JSONLead()
        for text in texts {
            unsafe text.withUnsafeBytes { bytes in
                let behind = Found { () throws(JSONError) in
                    try unsafe JSONObjectFields(scanning: bytes, for: Self.names, after: &lead)
                }
                let alone = Found { () throws(JSONError) in
                    try unsafe JSONObjectFields(scanning: bytes, for: Self.names)
                }
                XCTAssertEqual(behind, alone, String(decoding: text, as: UTF8.self), file: file, line: line)
            }
        }
    }

    private func assertSame(_ texts: String..., file: StaticString = #filePath, line: UInt = #line) {
        assertSame(texts.map { Array($0.utf8) }, file: file, line: line)
    }

    func testWhatFollowsTheSameBeginningIsFound() {
        assertSame(
            #"{"id":"a","created":17,"choices":[{"delta":{"content":"x"}}],"usage":null}"#,
            #"{"id":"a","created":17,"choices":[],"usage":{"total_tokens":3}}"#,
            #"{"id":"a","created":17,"usage":{"total_tokens":4},"model":"m","choices":[1]}"#,
            #"{"id":"a","created":17,"error":{"message":"over"}}"#,
            #"{"id":"a","created":17,"choices":[1],"choices":[2]}"#)
    }

    func testABeginningThatChangesIsScanned() {
        assertSame(
            #"{"id":"a","created":17,"choices":[1]}"#, #"{"id":"b","created":17,"choices":[2]}"#,
            #"{"choices":[3]}"#, #"{"id":"b","created":17,"choices":[4]}"#, #" { "id" : "b" , "choices":[5]}"#,
            #" { "id" : "b", "choices":[5]}"#, #" { "id" : "b", "choices":[6]}"#)
    }

    func testAValueThatOnlyBeginsAlikeIsAnother() {
        assertSame(
            #"{"created":17,"choices":[1]}"#, #"{"created":171,"choices":[2]}"#, #"{"created":17.5,"choices":[3]}"#,
            #"{"created":17,"choices":[4]}"#, #"{"created":17}"#, #"{"created":17,}"#, #"{"created":17,"#)
    }

    func testWhatIsBrokenBehindTheBeginningIsRefusedWhereItWouldBe() {
        let text = #"{"id":"a","model":"m","choices":[{"delta":{"content":"\u00e4 \n"}}],"n":-1.5e3}"#
        let bytes = Array(text.utf8)
        for end in 0...bytes.count { assertSame([bytes, Array(bytes[..<end]), bytes]) }
        for place in bytes.indices {
            for byte: UInt8 in [0x00, 0x22, 0x2c, 0x5c, 0x7d, 0xff] {
                var broken = bytes
                broken[place] = byte
                assertSame([bytes, broken, bytes, broken])
            }
        }
    }

    func testABeginningThatIsTooLongIsScannedEachTime() {
        for length in [150, 180, 185, 186, 187, 188, 190, 200, 1_000] {
            let id = String(repeating: "a", count: length)
            assertSame(#"{"id":"\#(id)","choices":[1]}"#, #"{"id":"\#(id)","choices":[2]}"#, #"{"id":"\#(id)"}"#)
        }
    }

    func testObjectsOfNothingAndOfOtherThings() {
        assertSame(
            "{}", "{ }", "", "[]", #"{"a":1}"#, #"{"a":1,"b":2}"#, #"{"a":1,"b":3,"usage":1}"#, "{}", #"{"a":1}"#)
    }
}
