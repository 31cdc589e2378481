import Shared
import XCTest

@testable import DataPlane

final class MultipartScannerTests: XCTestCase {
    private let file = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n\r\n--\r\n--y\r\n"

    private func part(_ disposition: String, _ value: String, more: String = "") -> String {
        "--x\r\nContent-Disposition: form-data; \(disposition)\r\n\(more)\r\n\(value)\r\n"
    }

    private func scan(_ body: String, split: Int? = nil) throws(GatewayError) -> MultipartScanner {
        let bytes = Array(body.utf8)
        var scanner = MultipartScanner(boundary: Array("x".utf8), watching: ["model", "n"])
        do throws(ParseError) {
            for piece in [bytes[..<(split ?? 0)], bytes[(split ?? 0)...]] {
                try unsafe Array(piece).withRawBytes { piece throws(ParseError) in try unsafe scanner.feed(piece) }
            }
        } catch { throw GatewayError(error) }
        return scanner
    }

    func testFieldsAreFoundWhereverTheBodyIsSplit() throws {
        let body =
            "\r\n" + part("name=\"language\"", "de") + file + part("name=\"model\"", "a\r\n-b")
            + part("NAME=n ; other=\"a;name=b\"", "") + "--x--\r\nepilogue\r\n--x\r\n"
        let bytes = Array(body.utf8)
        for split in 0...bytes.count {
            let scanner = try scan(body, split: split)
            XCTAssertEqual(scanner.fields.map(\.name), ["model", "n"], "\(split)")
            XCTAssertEqual(scanner.fields.map { String(decoding: $0.value, as: UTF8.self) }, ["a\r\n-b", ""])
            XCTAssertEqual(scanner.fields.map { Array(bytes[$0.range]) }, scanner.fields.map(\.value))
            XCTAssertTrue(scanner.isAtEnd)
            XCTAssertFalse(scanner.isInFile)
        }
    }

    func testAFileIsKnownWhileItPasses() throws {
        let cut = String(file.dropLast(3))
        let scanner = try scan(part("name=\"model\"", "m") + cut)
        XCTAssertTrue(scanner.isInFile)
        XCTAssertFalse(scanner.isAtEnd)
        XCTAssertEqual(scanner.value("model"), Array("m".utf8))
        XCTAssertFalse(try scan(part("name=\"model\"", "m")).isInFile)
    }

    func testWhatTwoParsersMayReadDifferentlyIsRefused() throws {
        let model = part("name=\"model\"", "m")
        for (body, param) in [
            (model + model + "--x--", "model"), (part("name=\"model\"; name=\"other\"", "m"), nil),
            (part("name*=utf-8''model", "m"), nil), (part("filename=\"a\"", "m"), nil), ("--x\r\n\r\nm\r\n--x--", nil),
            (part("name=\"model\"", "m", more: "Content-Transfer-Encoding: base64\r\n") + "--x--", "model"),
            (part("name=\"model\"; filename=\"a\"", "m") + "--x--", "model"), ("--x\nfoo", nil), ("--xy\r\n", nil),
            (part("name=\"model\"", String(repeating: "m", count: 5_000)), "model"),
            ("--x\r\n" + String(repeating: "a: b\r\n", count: 2_000), nil), ("preamble\r\n" + model + "--x--", nil),
            ("\n" + model + "--x--", nil), ("\r\n\r\n" + model + "--x--", nil), (" " + model + "--x--", nil),
            // Not the last delimiter for everybody, and so parts behind it.
            (model + "--x--y\r\n" + model + "--x--", nil), (model + "--x --\r\n" + model + "--x--", nil),
            (model + "--x--\n" + model + "--x--", nil), (model + "--x \n" + model + "--x--", nil),
            // Two dispositions, and names that begin or end at different places.
            (
                part("name=\"file\"; filename=\"a\"", "m", more: "content-disposition: form-data; name=\"model\"\r\n"),
                nil
            ),
            (
                part("name=\"file\"; filename=\"a\"", "m", more: "Content-Disposition : form-data; name=\"model\"\r\n"),
                nil
            ),
            (part("name=\"file\";\r\n name=\"model\"", "m"), nil), (part("name=\"file\"\nX: y", "m"), nil),
            (part("name=\"file\"\rX: y", "m"), nil), (part("name=\"fi\0le\"", "m"), nil),
            (part("name=\"x\\\"; name=model; y=\"", "m"), nil), (part("name=\"model", "m"), nil),
            (part("name=\"x\"model", "m"), nil), (part("name=x\"model\"", "m"), nil),
            (part("name=\"x\"\r\nno field", "m"), nil), (part("name=\"x\"\r\n: a", "m"), nil),
        ] as [(String, String?)] {
            XCTAssertThrowsError(try scan(body), String(body.prefix(80))) { error in
                XCTAssertEqual((error as? GatewayError)?.param, param, String(body.prefix(80)))
                XCTAssertEqual((error as? GatewayError)?.status, 400)
            }
        }
    }

    func testHowMuchOfAFormIsHeld() throws {
        let named = try scan(part("name=\"model\"", "m") + String(file.dropLast(3)))
        XCTAssertFalse(FormRequest.isEnough(named, heldBytes: FormRequest.heldBytes - 1))
        XCTAssertTrue(FormRequest.isEnough(named, heldBytes: FormRequest.heldBytes))
        let unnamed = try scan(String(file.dropLast(3)))
        XCTAssertFalse(FormRequest.isEnough(unnamed, heldBytes: FormRequest.heldBytesMax - 1))
        XCTAssertTrue(FormRequest.isEnough(unnamed, heldBytes: FormRequest.heldBytesMax))
    }

    // MARK: The boundary

    private func boundary(_ fields: String) throws -> [UInt8]? {
        try unsafe ParsedHead.of("POST", "/v1/files", fields) { head, bytes in
            guard var scanner = try? unsafe FormRequest.scanner(of: head, bytes) else { return nil }
            let name = "B-1"
            let form = Array("--\(name)\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--\(name)--".utf8)
            try unsafe form.withUnsafeBytes { try unsafe scanner.feed($0) }
            return scanner.value("model")
        }
    }

    /// Whoever could write two would send one form to Weir and another to the provider.
    func testTheBoundaryIsTheOneThatEverybodyReads() throws {
        for type in [
            "multipart/form-data; boundary=B-1", "Multipart/Form-Data;Boundary=\"B-1\"",
            "multipart/form-data; charset=utf-8; boundary=B-1 ", "multipart/form-data; boundary=B-1; charset=utf-8",
        ] {
            XCTAssertEqual(try boundary("content-type: \(type)\r\n"), Array("m".utf8), type)
        }
        for type in [
            "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
            "multipart/form-data; boundary=B-1; boundary=b", "multipart/form-data; boundary=B-1; Boundary =b",
            "multipart/form-data; boundary=B-1; boundary*=b", "multipart/form-data; boundary=\"B-1\\\"\"",
            "multipart/form-data; boundary=\"B-1\"x", "multipart/form-data; boundary=\"B-1",
            "multipart/form-data; boundary=B 1",
            "multipart/form-data; boundary= B-1", "multipart/form-data; boundary =B-1",
            "multipart/form-data; boundary=\u{e9}",
            "multipart/form-data; boundary=" + String(repeating: "b", count: 201), "multipart/mixed; boundary=B-1", "",
        ] {
            XCTAssertNil(try boundary("content-type: \(type)\r\n"), type)
        }
        XCTAssertNil(try boundary(""))
        XCTAssertNil(
            try boundary(
                "content-type: multipart/form-data; boundary=B-1\r\ncontent-type: multipart/form-data; boundary=b\r\n"))
    }
}
