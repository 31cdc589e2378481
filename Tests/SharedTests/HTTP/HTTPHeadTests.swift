import XCTest

@testable import Shared

final class HTTPHeadTests: XCTestCase {
    private func parse(_ text: String, max: Int = 64 * 1024) throws -> HTTPHead? {
        let head = HTTPHead()
        let buffer = ByteBuffer(Array(text.utf8))
        defer { withExtendedLifetime(buffer) {} }
        return try unsafe head.parseRequest(buffer.readable, headBytesMax: max) ? head : nil
    }

    private func assertRefused(_ text: String, as expected: HTTPError, line: UInt = #line) {
        XCTAssertThrowsError(try parse(text), line: line) { XCTAssertEqual($0 as? HTTPError, expected, line: line) }
    }

    func testRequestIsIndexedWithoutItsWhiteSpace() throws {
        let text =
            "POST /v1/chat/completions?x=1 HTTP/1.1\r\nHost: a\r\nContent-Length:  12 \r\nX-Odd:\t v \r\n\r\nrest"
        let head = try XCTUnwrap(parse(text))
        XCTAssertEqual(head.method, .post)
        let bytes = Array(text.utf8)
        XCTAssertEqual(String(decoding: bytes[head.targetRange], as: UTF8.self), "/v1/chat/completions?x=1")
        XCTAssertEqual(head.framing, .length(12))
        XCTAssertEqual(head.byteCount, text.utf8.count - 4)
        XCTAssertEqual(String(decoding: bytes[head.fields[2].valueRange], as: UTF8.self), "v")
        XCTAssertTrue(head.keepsAlive)
    }

    func testEveryPrefixOfAHeadWaitsForMore() throws {
        let text = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        let head = HTTPHead()
        let bytes = Array(text.utf8)
        for count in 0...bytes.count {
            let buffer = ByteBuffer(Array(bytes[..<count]))
            let isComplete = try unsafe head.parseRequest(buffer.readable, headBytesMax: 1000)
            withExtendedLifetime(buffer) {}
            XCTAssertEqual(isComplete, count == bytes.count, "at \(count)")
        }
    }

    func testAmbiguousFramingIsRefused() {
        let start = "POST / HTTP/1.1\r\nHost: a\r\n"
        assertRefused(start + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", as: .ambiguousFraming)
        assertRefused(start + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", as: .ambiguousFraming)
        assertRefused(start + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", as: .ambiguousFraming)
        assertRefused(start + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", as: .ambiguousFraming)
        assertRefused(start + "Transfer-Encoding: gzip, chunked\r\n\r\n", as: .unsupportedTransferEncoding)
        for coding in ["xchunked", "gzip", "identity", "", "chunked, chunked", "chunked,", "chunked;q=1"] {
            assertRefused(start + "Transfer-Encoding: \(coding)\r\n\r\n", as: .unframedTransferEncoding)
        }
        assertRefused(start + "Transfer_Encoding: chunked\r\n\r\n", as: .malformedHeader)
        assertRefused(start + "Content_Length: 1\r\n\r\n", as: .malformedHeader)
        assertRefused("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", as: .ambiguousFraming)
        for length in ["+1", "-1", "1,1", "0x1", "1 1", ""] {
            assertRefused(start + "Content-Length: \(length)\r\n\r\n", as: .malformedContentLength)
        }
        assertRefused(start + "Content-Length: 9999999999999999999\r\n\r\n", as: .bodyTooLarge)
    }

    func testMalformedHeadsAreRefused() {
        assertRefused("GET / HTTP/1.1\r\nHost: a\r\n b: folded\r\n\r\n", as: .malformedHeader)
        assertRefused("GET / HTTP/1.1\r\nHost : a\r\n\r\n", as: .malformedHeader)
        assertRefused("GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", as: .malformedHeader)
        assertRefused("GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", as: .malformedHeader)
        assertRefused("GET / HTTP/1.1\r\nHost: a\u{0}\r\n\r\n", as: .malformedHeader)
        assertRefused("GET / HTTP/1.1\r\n: a\r\n\r\n", as: .malformedHeader)
        assertRefused("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", as: .malformedStartLine)
        assertRefused("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", as: .malformedStartLine)
        assertRefused("GET /é HTTP/1.1\r\nHost: a\r\n\r\n", as: .malformedTarget)
        assertRefused(" GET / HTTP/1.1\r\nHost: a\r\n\r\n", as: .malformedStartLine)
        assertRefused("GET / HTTP/2.0\r\nHost: a\r\n\r\n", as: .unsupportedVersion)
        assertRefused("GET / HTTP/1.1\r\n\r\n", as: .malformedHost)
        assertRefused("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", as: .malformedHost)
        assertRefused("POST / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n", as: .unsupportedExpectation)
    }

    func testHeadLimitIsExact() throws {
        let head = "GET / HTTP/1.1\r\nHost: a\r\nX: "
        let exact = head + String(repeating: "v", count: 1000 - head.utf8.count - 4) + "\r\n\r\n"
        XCTAssertNotNil(try parse(exact, max: 1000))
        let above = head + String(repeating: "v", count: 1001 - head.utf8.count - 4) + "\r\n\r\n"
        XCTAssertThrowsError(try parse(above, max: 1000)) { XCTAssertEqual($0 as? HTTPError, .headTooLarge) }
        for (start, error) in [
            ("", HTTPError.methodTooLong), ("GET /", .targetTooLong), ("GET / HTTP/1.1\r\nX: ", .headTooLarge),
        ] {
            XCTAssertThrowsError(try parse(start + String(repeating: "G", count: 1000), max: 1000)) {
                XCTAssertEqual($0 as? HTTPError, error)
            }
        }
        let fields = (0..<100).map { "h\($0): v\r\n" }.joined()
        XCTAssertThrowsError(try parse("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")) {
            XCTAssertEqual($0 as? HTTPError, .tooManyHeaders)
        }
    }

    func testTargetsOfEveryFormNameTheirPath() throws {
        for (line, path, query) in [
            ("GET /a/b?c=d?e HTTP/1.1", "/a/b", "c=d?e"), ("GET /? HTTP/1.1", "/", ""), ("OPTIONS * HTTP/1.1", "*", ""),
            ("GET http://h/a?b HTTP/1.1", "/a", "b"), ("GET HTTPS://[::1]:80/a HTTP/1.1", "/a", ""),
            ("GET http://h HTTP/1.1", "", ""), ("GET http://h?/a HTTP/1.1", "", "/a"),
            ("CONNECT h:1 HTTP/1.1", "h:1", ""),
        ] {
            let text = line + "\r\nHost: a\r\n\r\n"
            let head = try XCTUnwrap(parse(text), line)
            let bytes = Array(text.utf8)
            XCTAssertEqual(String(decoding: bytes[head.pathRange], as: UTF8.self), path, line)
            XCTAssertEqual(String(decoding: bytes[head.queryRange], as: UTF8.self), query, line)
        }
        for target in [
            "*", "a", "http://", "http:///a", "http://u@h/", "http://h:1a/", "h:1", "/a#b", "/a\"b", "ftp://h/",
        ] {
            assertRefused("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n", as: .malformedTarget)
        }
    }

    func testHeadThatCannotBecomeOneIsRefusedBeforeItIsComplete() {
        assertRefused("GET / HTTP/1.1\n", as: .malformedStartLine)
        assertRefused("GET /\r\n", as: .malformedStartLine)
        assertRefused("GET / HTTP/2.0\r\n", as: .unsupportedVersion)
        assertRefused("GET / HTTP/1.1\r\nX: a\n", as: .malformedHeader)
        XCTAssertNil(try parse("GET / HTTP/1.1\r\nX: a\r"))
    }

    func testValuesEndAtTheFirstControlCharacterWhereverItLies() throws {
        // Eight bytes are looked at together, so each place within them is tried, before and behind bytes that look alike.
        for place in 0..<20 {
            for byte in [UInt8(0), 1, 10, 13, 31, 127] {
                var value = Array(repeating: UInt8(0x80), count: 20)
                value[place] = byte
                let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\nX: ".utf8) + value + Array("\r\n\r\n".utf8)
                let buffer = ByteBuffer(bytes)
                XCTAssertThrowsError(
                    try unsafe HTTPHead().parseRequest(buffer.readable, headBytesMax: 1000), "\(place) \(byte)")
                withExtendedLifetime(buffer) {}
            }
            for byte in [UInt8(9), 32, 126, 128, 255] {
                var value = Array(repeating: UInt8(0x7e), count: 20)
                value[place] = byte
                let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\nX: ".utf8) + value + Array(".\r\n\r\n".utf8)
                let buffer = ByteBuffer(bytes)
                XCTAssertTrue(
                    try unsafe HTTPHead().parseRequest(buffer.readable, headBytesMax: 1000), "\(place) \(byte)")
                withExtendedLifetime(buffer) {}
            }
        }
    }

    func testDatesAreWrittenInTheirOneForm() {
        for (seconds, text) in [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
        ] as [(Int64, String)] {
            let buffer = ByteBuffer()
            buffer.append(httpDate: seconds)
            XCTAssertEqual(String(decoding: buffer.array, as: UTF8.self), text)
        }
    }

    func testADateThatIsKeptIsMadeAnewWithEachSecond() {
        let kept = HTTPDateText()
        for seconds in [784_111_777, 784_111_777, 784_111_778, 784_111_777, 0, 0, 4_107_542_399] as [Int64] {
            let (buffer, fresh) = (ByteBuffer(), ByteBuffer())
            kept.append(seconds, to: buffer)
            fresh.append(httpDate: seconds)
            XCTAssertEqual(buffer.array, fresh.array)
        }
    }

    func testNumbersHaveAllTheirDigits() {
        var numbers: [UInt64] = [0, .max, .max - 1]
        var power: UInt64 = 1
        while true {
            numbers += [power - 1, power, power + 1, power &* 7 / 3]
            let (next, overflows) = power.multipliedReportingOverflow(by: 10)
            if overflows { break }
            power = next
        }
        for number in numbers {
            let buffer = ByteBuffer()
            buffer.append(decimal: number)
            XCTAssertEqual(String(decoding: buffer.array, as: UTF8.self), String(number))
        }
    }

    /// Setting one bit in letters, digits and hyphens alike tells upper case from lower, and nothing else.
    func testFieldsAreKnownByTheirNamesInAnyCaseAndNoOthers() throws {
        func names(_ name: String) throws -> [HTTPFieldName] {
            try XCTUnwrap(parse("GET / HTTP/1.1\r\nhost: a\r\n\(name): 1\r\n\r\n")).fields.map(\.name)
        }
        for (name, known) in [
            ("CONTENT-Length", .contentLength), ("content-lengtH", .contentLength), ("x-Request-ID", .xRequestID),
            ("Accept-Encoding", .acceptEncoding), ("Retry-After-MS", .retryAfter), ("DATE", .date),
            ("x_api_key", .xAPIKey),
            ("X-Weir-Explain", .xWeir), ("Access-Control-Request-Headers", .accessControlRequestHeaders),
        ] as [(String, HTTPFieldName)] {
            XCTAssertEqual(try names(name), [.host, known], name)
        }
        for name in [
            "accept~encoding", "accept-encodin'", "accept.encoding", "dat", "datf", "datE2", "x-weir", "x_request.id",
        ] {
            XCTAssertEqual(try names(name), [.host, .other], name)
        }
    }

    func testConnectionOptionsDecideKeepAlive() throws {
        XCTAssertEqual(try parse("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")?.keepsAlive, false)
        XCTAssertEqual(try parse("GET / HTTP/1.0\r\n\r\n")?.keepsAlive, false)
        XCTAssertEqual(try parse("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")?.keepsAlive, true)
        let head = try XCTUnwrap(parse("GET / HTTP/1.1\r\nHost: a\r\nConnection: x-one , TE\r\n\r\n"))
        XCTAssertEqual(head.connectionNames.count, 2)
        XCTAssertTrue(head.keepsAlive)
    }

    func testAnswersFrameTheirBodies() throws {
        func framing(_ text: String, requestWasHead: Bool = false) throws -> HTTPBodyFraming {
            let head = HTTPHead()
            let buffer = ByteBuffer(Array(text.utf8))
            let isComplete = try unsafe head.parseResponse(
                buffer.readable, headBytesMax: 1000, requestWasHead: requestWasHead)
            withExtendedLifetime(buffer) {}
            XCTAssertTrue(isComplete)
            return head.framing
        }
        XCTAssertEqual(try framing("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"), .length(3))
        XCTAssertEqual(try framing("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", requestWasHead: true), .none)
        XCTAssertEqual(try framing("HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n"), .chunked)
        XCTAssertEqual(try framing("HTTP/1.1 200 OK\r\n\r\n"), .untilClose)
        XCTAssertEqual(try framing("HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n"), .none)
        XCTAssertThrowsError(try framing("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"))
        XCTAssertThrowsError(try framing("HTTP/1.1 099 OK\r\n\r\n"))
        XCTAssertThrowsError(try framing("HTTP/1.1 20 OK\r\n\r\n"))
    }
}
