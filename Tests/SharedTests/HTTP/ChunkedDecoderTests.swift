import XCTest

@testable import Shared

final class ChunkedDecoderTests: XCTestCase {
    /// Decodes `pieces` as they would arrive, one after the other.
    private func decode(_ pieces: [[UInt8]]) throws -> (body: [UInt8], isDone: Bool, rest: Int) {
        var decoder = ChunkedDecoder()
        var body: [UInt8] = []
        let buffer = ByteBuffer()
        for piece in pieces {
            buffer.append(piece)
            stepping: while !buffer.isEmpty {
                switch try unsafe decoder.next(buffer.readable) {
                case .needMore:
                    buffer.removeAll()
                    break stepping
                case .data(let skipping, let count):
                    body += buffer.array(skipping..<(skipping + count))
                    buffer.consume(skipping + count)
                case .end(let skipping):
                    buffer.consume(skipping)
                    return (body, true, buffer.count)
                }
            }
        }
        return (body, decoder.isDone, buffer.count)
    }

    func testBodyIsTheSameHoweverItIsCut() throws {
        let wire = Array(
            "5\r\nhello\r\n1 ; ext = \"v\\\"\";x;y=z\r\n,\r\n00006\r\n world\r\n0\r\nTrailer: x\r\n\r\n".utf8)
        for cut in 0...wire.count {
            let result = try decode([Array(wire[..<cut]), Array(wire[cut...])])
            XCTAssertEqual(String(decoding: result.body, as: UTF8.self), "hello, world", "cut at \(cut)")
            XCTAssertTrue(result.isDone)
        }
        XCTAssertEqual(try decode(wire.map { [$0] }).body, Array("hello, world".utf8))
    }

    func testWhatFollowsTheEndIsLeftAlone() throws {
        XCTAssertEqual(try decode([Array("0\r\n\r\nGET /".utf8)]).rest, 5)
    }

    func testMalformedChunksAreRefused() {
        for wire in [
            "x\r\n", "\r\n", "5\nhello\r\n0\r\n\r\n", "5\r\nhelloX\r\n", "1000000000000000\r\n", "-1\r\n",
            "5\r\nhello\r0\r\n",
            "0\r\n folded\r\n\r\n", "0\r\nbad\nline\r\n\r\n", "5 \r\n", "5 x\r\n", "5;\r\n", "5;a=\r\n", "5;a=\"\r\n",
            "5;a\n", "5;a@\r\n", "0\r\nX\r\n", "0\r\nX : y\r\n", "0\r\nX: \u{7f}\r\n", "0\r\nX: y\r\n\n",
        ] {
            XCTAssertThrowsError(try decode([Array(wire.utf8)]), wire) {
                XCTAssertEqual($0 as? HTTPError, .malformedChunk)
            }
        }
    }

    func testExtensionsAreBounded() {
        let wire = "1;" + String(repeating: "e", count: 20_000)
        XCTAssertThrowsError(try decode([Array(wire.utf8)]))
    }
}
