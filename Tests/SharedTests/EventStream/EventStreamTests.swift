import Shared
import TestSupport
import XCTest

/// What a message was, kept.
private struct Kept: Equatable {
    var kind: EventStreamMessage.Kind
    var name: String
    var headers: [String: EventStreamHeaderValue]
    var payload: String

    init(_ message: EventStreamMessage) {
        kind = message.kind
        name = unsafe String(decoding: message.name, as: UTF8.self)
        headers = Dictionary(uniqueKeysWithValues: message.headers.all.map { ($0.name, $0.value) })
        payload = unsafe String(decoding: message.payload, as: UTF8.self)
    }
}

private func golden(_ name: String) throws -> [UInt8] {
    try XCTUnwrap(Hex.decode(Golden.lines(of: "eventstream/\(name).hex").joined()))
}

/// Reads what arrives in `pieces`, keeping what was not consumed, as a connection does.
private func read(_ pieces: [[UInt8]], isWhole: Bool = true) throws(EventStreamError) -> [Kept] {
    var framer = EventStreamFramer()
    var kept: [Kept] = []
    var pending: [UInt8] = []
    for piece in pieces {
        pending += piece
        var consumed = 0
        try unsafe pending.withRawBytes { bytes throws(EventStreamError) in
            while let message = try unsafe framer.next(UnsafeRawBufferPointer(rebasing: bytes[consumed...])) {
                kept.append(Kept(message))
                consumed += message.byteCount
            }
        }
        pending.removeFirst(consumed)
    }
    if isWhole { try unsafe pending.withRawBytes { bytes throws(EventStreamError) in try unsafe framer.end(bytes) } }
    return kept
}

private func error(reading bytes: [UInt8]) -> EventStreamError? {
    do throws(EventStreamError) {
        _ = try read([bytes])
        return nil
    } catch { return error }
}

/// The files were made and checked with botocore: `Tests/Golden/eventstream`.
final class EventStreamTests: XCTestCase {
    private let uuid = Array(UInt8(1)...16)

    private var allHeaders: [String: EventStreamHeaderValue] {
        [
            "true": .boolean(true), "false": .boolean(false), "byte": .byte(-49), "short": .short(-5000),
            "integer": .integer(40_972), "long": .long(-(1 << 62)), "bytes": .bytes([0, 255] + Array("bytes".utf8)),
            "string": .string("application/json \u{2603}"), "timestamp": .timestamp(unixMilliseconds: 8_675_309),
            "uuid": .uuid(uuid),
        ]
    }

    // MARK: Reading

    func testReadsHeadersOfEveryType() throws {
        let messages = try read([golden("all-headers")])
        XCTAssertEqual(messages.map(\.headers), [allHeaders])
        XCTAssertEqual(messages.map(\.payload), ["{'foo':'bar'}"])
    }

    func testReadsMessagesWithoutHeadersOrPayload() throws {
        XCTAssertEqual(try read([golden("empty-message")]).map(\.payload), [""])
        XCTAssertEqual(try read([golden("payload-no-headers")]).map(\.payload), ["{'foo':'bar'}"])
        XCTAssertEqual(try read([golden("int32-header")]).first?.headers, ["event-type": .integer(0xa00c)])
        XCTAssertEqual(
            try read([golden("payload-one-string-header")]).first?.headers,
            ["content-type": .string("application/json")])
        XCTAssertEqual(try read([golden("empty-values")]).first?.headers, ["text": .string(""), "bytes": .bytes([])])
    }

    func testTellsEventsExceptionsAndErrorsApart() throws {
        let exception = try XCTUnwrap(read([golden("exception")]).first)
        XCTAssertEqual(exception.kind, .exception)
        XCTAssertEqual(exception.name, "throttlingException")
        XCTAssertEqual(exception.payload, #"{"message": "Too many requests"}"#)
        let error = try XCTUnwrap(read([golden("error")]).first)
        XCTAssertEqual(error.kind, .error)
        XCTAssertEqual(error.name, "InternalError")
        let event = try XCTUnwrap(read([golden("three-messages")]).last)
        XCTAssertEqual(event.kind, .event)
        XCTAssertEqual(event.name, "messageStop")
    }

    func testEverySplitGivesTheSameMessages() throws {
        let bytes = try golden("three-messages")
        let whole = try read([bytes])
        XCTAssertEqual(whole.count, 3)
        for split in 0...bytes.count {
            XCTAssertEqual(try read([Array(bytes[..<split]), Array(bytes[split...])]), whole)
        }
        XCTAssertEqual(try read(bytes.map { [$0] }), whole)
    }

    func testFindsATextByItsNameAndTypeWithoutCopying() throws {
        let bytes = try golden("all-headers")
        var framer = EventStreamFramer()
        try unsafe bytes.withUnsafeBytes { bytes in
            let headers = try unsafe XCTUnwrap(framer.next(bytes)).headers
            XCTAssertEqual(
                unsafe headers.text("string").map { unsafe String(decoding: $0, as: UTF8.self) },
                "application/json \u{2603}")
            XCTAssertTrue(unsafe headers.text("short") == nil)
            XCTAssertTrue(unsafe headers.text("absent") == nil)
            XCTAssertEqual(headers["short"], .short(-5000))
            XCTAssertNil(headers["absent"])
        }
    }

    // MARK: What is wrong

    func testNamesWhichChecksumIsWrong() throws {
        for name in ["corrupted-length", "corrupted-header-length"] {
            guard case .preludeChecksum = error(reading: try golden(name)) else { return XCTFail(name) }
        }
        for name in ["corrupted-headers", "corrupted-payload", "corrupted-checksum"] {
            guard case .messageChecksum = error(reading: try golden(name)) else { return XCTFail(name) }
        }
    }

    func testAChangedBitIsFoundWhereverItIs() throws {
        let bytes = try golden("all-headers")
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << bit
                XCTAssertNotNil(error(reading: changed), "bit \(bit) of byte \(index)")
            }
        }
    }

    func testRefusesLengthsBeyondTheBoundsBeforeTheMessageHasArrived() throws {
        XCTAssertEqual(error(reading: try golden("headers-too-long")), .headersTooLong(byteCount: 128 * 1024 + 1))
        XCTAssertEqual(error(reading: try golden("message-too-long")), .messageTooLong(byteCount: 25 << 20))
        XCTAssertEqual(error(reading: prelude(16 << 20 + 1, 0)), .messageTooLong(byteCount: 16 << 20 + 1))
        XCTAssertEqual(error(reading: prelude(20, 5)), .lengthsDisagree(message: 20, headers: 5))
        XCTAssertEqual(error(reading: prelude(15, 0)), .lengthsDisagree(message: 15, headers: 0))
    }

    func testAMessageMayBeAsLongAsTheBound() throws {
        var output: [UInt8] = []
        let headers = EventStreamHeaderBlock.event("chunk")
        let payload = [UInt8](repeating: 0x61, count: EventStreamWriter.payloadBytesMax(behind: headers))
        EventStreamWriter.append(headers, payload, to: &output)
        XCTAssertEqual(output.count, EventStreamFramer.messageBytesMax)
        XCTAssertEqual(try read([output]).first?.payload.utf8.count, payload.count)
    }

    func testAStreamThatEndsInsideAMessageIsTruncated() throws {
        let bytes = try golden("three-messages")
        XCTAssertEqual(error(reading: Array(bytes.dropLast())), .truncated(byteCount: 122))
        XCTAssertEqual(error(reading: [0]), .truncated(byteCount: 1))
        XCTAssertNil(error(reading: []))
    }

    func testAHeaderThatDoesNotFitIsRefusedWithItsPlace() {
        let malformed: [([UInt8], offset: Int)] = [
            ([0, 7, 0, 0], 0), ([1], 0), ([1, 0x61], 0), ([1, 0x61, 10], 0), ([1, 0x61, 7, 0], 0),
            ([1, 0x61, 7, 0, 2, 0x62], 0), ([1, 0x61, 0, 1, 0x62, 5, 0], 3), ([255, 0x61, 0], 0),
        ]
        for (headers, offset) in malformed {
            XCTAssertEqual(error(reading: message(rawHeaders: headers)), .malformedHeader(offset: offset), "\(headers)")
        }
    }

    func testEveryErrorSaysWhatIsWrong() {
        XCTAssertEqual(
            EventStreamError.messageChecksum(stated: 0x1, computed: 0xdead_beef).description,
            "the checksum of a message is deadbeef, not 00000001")
        XCTAssertEqual(
            EventStreamError.truncated(byteCount: 5).description,
            "the stream ends inside a message, 5 bytes after it began")
    }

    // MARK: Writing

    func testWritesTheBytesThatBotocoreReads() throws {
        var block = EventStreamHeaderBlock()
        for name in ["true", "false", "byte", "short", "integer", "long", "bytes", "string", "timestamp", "uuid"] {
            block.add(name, try XCTUnwrap(allHeaders[name]))
        }
        var output: [UInt8] = []
        EventStreamWriter.append(block, Array("{'foo':'bar'}".utf8), to: &output)
        XCTAssertEqual(output, try golden("all-headers"))
        output = []
        EventStreamWriter.append(
            .exception("throttlingException"), Array(#"{"message": "Too many requests"}"#.utf8), to: &output)
        XCTAssertEqual(output, try golden("exception"))
    }

    func testMessagesFollowEachOther() throws {
        var output: [UInt8] = []
        EventStreamWriter.append(EventStreamHeaderBlock(), Array("one".utf8), to: &output)
        EventStreamWriter.append(.event("two"), [], to: &output)
        let messages = try read([output])
        XCTAssertEqual(messages.map(\.payload), ["one", ""])
        XCTAssertEqual(messages.map(\.name), ["", "two"])
    }

    // MARK: Samples

    private func big(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

    private func prelude(_ message: Int, _ headers: Int) -> [UInt8] {
        let lengths = big(UInt32(message)) + big(UInt32(headers))
        return lengths + big(crc(lengths))
    }

    private func message(rawHeaders: [UInt8]) -> [UInt8] {
        let body = prelude(16 + rawHeaders.count, rawHeaders.count) + rawHeaders
        return body + big(crc(body))
    }

    /// Bit by bit, so that it is not what is tested.
    private func crc(_ bytes: [UInt8]) -> UInt32 {
        var crc = ~UInt32(0)
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
        }
        return ~crc
    }
}
