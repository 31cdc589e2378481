import Shared
import XCTest

@testable import DataPlane

/// A file's name says whose it is, whoever reads the form.
final class UploadFormTests: XCTestCase {
    private let owner = StoredFixture.owner
    private let prefix = StoredOwner.prefix(of: StoredFixture.owner)
    private let purpose = "--x\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n"

    private func file(_ parameters: String, more: String = "", content: String = "{}") -> String {
        "--x\r\nContent-Disposition: form-data; \(parameters)\r\n\(more)\r\n\(content)\r\n"
    }

    private func scan(_ body: [UInt8], cuts: [Int] = []) throws(ParseError) -> MultipartScanner {
        var scanner = MultipartScanner(boundary: Array("x".utf8), watching: [], takesOneFile: true)
        var start = 0
        for cut in cuts + [body.count] {
            let piece = Array(body[start..<cut])
            try unsafe piece.withRawBytes { piece throws(ParseError) in try unsafe scanner.feed(piece) }
            start = cut
        }
        return scanner
    }

    /// What the provider gets.
    private func sent(_ body: String, cuts: [Int] = [], isWhole: Bool = true) throws -> String {
        let bytes = Array(body.utf8)
        let scanner = try scan(bytes, cuts: cuts)
        let edits = try UploadForm.edits(scanner, isWhole: isWhole, of: owner)
        XCTAssertEqual(edits.byteCount(editing: bytes.count), bytes.count + prefix.utf8.count)
        return String(decoding: edits.apply(to: bytes), as: UTF8.self)
    }

    func testTheOwnerStandsRightBehindTheQuote() throws {
        for (parameters, marked) in [
            ("name=\"file\"; filename=\"a.jsonl\"", "name=\"file\"; filename=\"\(prefix)a.jsonl\""),
            ("filename=\"a\"; name=\"file\"", "filename=\"\(prefix)a\"; name=\"file\""),
            ("NAME=file ; FileName=\"a\" ", "NAME=file ; FileName=\"\(prefix)a\" "),
            ("name=\"file\";filename=\"\"", "name=\"file\";filename=\"\(prefix)\""),
            (
                "name=\"file\"; filename=\"a; b=c %22\\\\ \u{1f600}\"",
                "name=\"file\"; filename=\"\(prefix)a; b=c %22\\\\ \u{1f600}\""
            ),
            (
                "name=\"file\"; filename=\"weir-000000000000-a\"",
                "name=\"file\"; filename=\"\(prefix)weir-000000000000-a\""
            ),
        ] {
            let body = purpose + file(parameters) + "--x--\r\n"
            XCTAssertEqual(try sent(body), purpose + file(marked) + "--x--\r\n")
        }
        let typed = file("name=\"file\"; filename=\"a\"", more: "Content-Type: text/plain; filename=\"b\"\r\n")
        XCTAssertEqual(
            try sent(typed + "--x--"), typed.replacing("filename=\"a\"", with: "filename=\"\(prefix)a\"") + "--x--")
    }

    func testThePlaceIsTheSameHoweverTheFormArrives() throws {
        let body =
            purpose
            + file(
                "name=\"file\"; filename=\"a\"", more: "Content-Type: a\r\n",
                content: "\r\n--y\r\n--x1".replacing("--x1", with: "--"))
            + purpose.replacing("purpose", with: "name") + "--x--\r\n"
        let whole = try sent(body)
        let count = body.utf8.count
        for cut in 0...count { XCTAssertEqual(try sent(body, cuts: [cut]), whole, "\(cut)") }
        var random = SeededRandom(seed: 9)
        for _ in 0..<200 {
            let cuts = (0..<Int.random(in: 0...30, using: &random))
                .map { _ in Int.random(in: 0...count, using: &random) }.sorted()
            XCTAssertEqual(try sent(body, cuts: cuts), whole, "\(cuts)")
        }
    }

    func testOneFileNamedFileIsTaken() throws {
        let good = file("name=\"file\"; filename=\"a\"")
        for body in [
            purpose + "--x--", purpose + file("name=\"file\"") + "--x--",
            file("name=\"data\"; filename=\"a\"") + "--x--",
            good + good + "--x--", good + file("name=\"data\"; filename=\"a\"") + "--x--", good,
            file("name=\"FILE\"; filename=\"a\"") + "--x--",
        ] {
            XCTAssertEqual(refusal { try sent(body) }?.status, 400, body)
        }
    }

    /// What could be another name for the provider than for Weir is no name.
    func testANameThatTwoMayReadDifferentlyIsRefused() throws {
        let forged = "weir-000000000000-a"
        for parameters in [
            "name=\"file\"; filename=\(forged)", "name=\"file\"; filename='\(forged)'",
            "name=\"file\"; filename =\"\(forged)\"", "name=\"file\"; filename= \"\(forged)\"",
            "name=\"file\"; filename*=UTF-8''\(forged)", "name=\"file\"; filename*0=\"\(forged)\"",
            "name=\"file\"; filename=\"a\"; filename=\"\(forged)\"",
            "name=\"file\"; filename=\"a\"; filename=\(forged)",
            "name=\"file\"; filename=\"a\"; filename =\"\(forged)\"",
            "name=\"file\"; filename=\"a\"; FILENAME=\(forged)",
            "name=\"file\"; filename=\"a\"; filename*=UTF-8''\(forged)",
            "name=\"file\"; filename*=UTF-8''a; filename=\"\(forged)\"",
            "name=\"file\"; filename=\"a\"; filename*0*=UTF-8''\(forged)",
            "name=\"file\"; filename=\"a\"; file name=\(forged)",
            "name=\"file\"; xfilename=\"a\"; filename=\(forged)", "name=\"file\"; filename=\"a\"b",
            "name=\"file\"; filename=\"a\\\"; filename=\(forged); y=\"", "name=\"file\"; filename=\"a\\",
            "name=\"file\"; filename=\"a\"\r\nContent-Disposition: form-data; filename=\"\(forged)\"",
            "name=\"file\"; filename=\"a\"\r\nContent-Disposition : form-data; name=\"file\"; filename=\"\(forged)\"",
            "name=\"file\"; filename=\"a\";\r\n filename*=UTF-8''\(forged)",
            "name=\"file\"; filename=\"a\"\n; filename=\(forged)",
            "name=\"file\"; filename=\"a\r\"; filename=\(forged)", "name=\"file\"; filename=\"a\0\"",
        ] {
            XCTAssertEqual(refusal { try sent(purpose + file(parameters) + "--x--") }?.status, 400, parameters)
        }
        // Inside of other names it is only text.
        let inside = "name=\"file\"; x=\"filename=\"; filename=\"a\"; xfilename=b"
        XCTAssertEqual(
            try sent(file(inside) + "--x--"),
            file(inside.replacing("; filename=\"a\"", with: "; filename=\"\(prefix)a\"")) + "--x--")
        XCTAssertEqual(
            refusal { try sent(file("name=\"filename=\"; filename=\"a\"") + "--x--") }?.param, "file", "another field")
    }

    func testALargeFileBeginsOnceItsNameIsKnown() throws {
        let scanner = try scan(Array((purpose + file("name=\"file\"; filename=\"a\"").dropLast(2)).utf8))
        XCTAssertFalse(UploadForm.isEnough(scanner, heldBytes: FormRequest.heldBytes - 1))
        XCTAssertTrue(UploadForm.isEnough(scanner, heldBytes: FormRequest.heldBytes))
        XCTAssertNoThrow(try UploadForm.edits(scanner, isWhole: false, of: owner))
        let unnamed = try scan(Array(purpose.utf8))
        XCTAssertFalse(UploadForm.isEnough(unnamed, heldBytes: FormRequest.heldBytesMax - 1))
        XCTAssertTrue(UploadForm.isEnough(unnamed, heldBytes: FormRequest.heldBytesMax))
        XCTAssertEqual(refusal { try UploadForm.edits(unnamed, isWhole: false, of: owner) }?.param, "file")
    }
}
