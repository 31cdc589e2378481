import Foundation
@testable import Shared
import TestSupport
import XCTest

/// A pipe whose read end gives what was written so far.
private final class Tap {
    let pipe = Pipe()
    var descriptor: Int32 { pipe.fileHandleForWriting.fileDescriptor }

    func lines() throws -> [String] {
        try pipe.fileHandleForWriting.close()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

final class LogTests: XCTestCase {
    func testALineIsOneObjectWithItsFields() throws {
        let tap = Tap()
        let output = LogOutput(descriptor: tap.descriptor, time: ManualTime())
        Logger("fleet", to: output).with(["request_id": "r\"1"]).info(
            "snapshot accepted",
            ["version": .integer(UInt64.max), "ok": true, "node": .text(ObjectID.zero), "none": .text(nil as String?)])
        XCTAssertEqual(
            try tap.lines(),
            [
                #"{"ts":"2025-01-01T00:00:00.000Z","level":"info","logger":"fleet","message":"snapshot accepted","#
                    + #""request_id":"r\"1","version":18446744073709551615,"ok":true,"#
                    + #""node":"00000000-0000-0000-0000-000000000000","none":null}"#
            ])
    }

    func testLevelsBelowTheMinimumAreNotEvenEvaluated() throws {
        let tap = Tap()
        let output = LogOutput(descriptor: tap.descriptor, level: .warning)
        let logger = Logger("a", to: output)
        func fields() -> KeyValuePairs<String, LogValue> {
            XCTFail("evaluated")
            return [:]
        }
        logger.debug("no", fields())
        logger.info("no", fields())
        logger.warning("yes")
        logger.error("yes")
        output.level = .debug
        XCTAssertEqual(output.level, .debug)
        logger.debug("yes")
        XCTAssertEqual(try tap.lines().count, 3)
    }

    func testLinesOfManyThreadsStayWhole() throws {
        let tap = Tap()
        let logger = Logger("threads", to: LogOutput(descriptor: tap.descriptor))
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            for index in 0..<50 { logger.info("line", ["thread": .integer(thread), "index": .integer(index)]) }
        }
        let lines = try tap.lines()
        XCTAssertEqual(lines.count, 200)
        for line in lines { XCTAssertNoThrow(try JSONText.validate(Array(line.utf8)), line) }
    }

    func testLinesThatCannotBeWrittenAreCounted() {
        let output = LogOutput(descriptor: -1)
        Logger("a", to: output).error("lost")
        XCTAssertEqual(output.lostLines, 1)
    }
}

final class LineBufferTests: XCTestCase {
    func testFieldsAreFormattedInPlace() throws {
        let tap = Tap()
        let buffer = LineBuffer(descriptor: tap.descriptor)
        let id = ObjectID(high: 0x0123_4567_89ab_cdef, low: 0xfedc_ba98_7654_3210)
        buffer.beginLine(unixMilliseconds: 1_735_689_600_007)
        buffer.field("status", 200)
        buffer.field("least", Int64.min)
        buffer.field("most", UInt64.max)
        buffer.field("stream", true)
        buffer.field("id", id)
        buffer.field("outcome", "completed" as StaticString)
        buffer.field("user", Array("a\"\\\n\u{7f}é".utf8))
        buffer.field("model", String("gpt"))
        buffer.endLine()
        buffer.beginLine(unixMilliseconds: 1_735_689_601_250)
        buffer.endLine()
        buffer.flush()
        XCTAssertTrue(buffer.isEmpty)
        XCTAssertEqual(
            try tap.lines(),
            [
                #"{"ts":"2025-01-01T00:00:00.007Z","status":200,"least":-9223372036854775808,"most":18446744073709551615,"#
                    + #""stream":true,"id":"\#(id)","outcome":"completed","user":"a\"\\\u000a\u007f\u00c3\u00a9","model":"gpt"}"#,
                #"{"ts":"2025-01-01T00:00:01.250Z"}"#,
            ])
    }

    func testALineThatDoesNotFitIsDroppedWhole() throws {
        let tap = Tap()
        let buffer = LineBuffer(descriptor: tap.descriptor)
        buffer.beginLine(unixMilliseconds: 0)
        buffer.field("a", 1)
        buffer.endLine()
        buffer.beginLine(unixMilliseconds: 0)
        buffer.field("long", [UInt8](repeating: 97, count: LineBuffer.byteCountMax))
        buffer.endLine()
        buffer.beginLine(unixMilliseconds: 0)
        buffer.field("b", 2)
        buffer.endLine()
        XCTAssertEqual(buffer.droppedLines, 1)
        buffer.flush()
        XCTAssertEqual(
            try tap.lines(), [#"{"ts":"1970-01-01T00:00:00.000Z","a":1}"#, #"{"ts":"1970-01-01T00:00:00.000Z","b":2}"#])
    }

    func testItAsksToBeFlushedAndForgetsWhatCannotBeWritten() {
        let buffer = LineBuffer(descriptor: -1)
        var lines: UInt64 = 0
        while !buffer.needsFlush {
            buffer.beginLine(unixMilliseconds: 0)
            buffer.field("text", [UInt8](repeating: 97, count: 1_000))
            buffer.endLine()
            lines += 1
        }
        buffer.flush()
        XCTAssertTrue(buffer.isEmpty)
        XCTAssertEqual(buffer.droppedLines, lines)
    }

    func testWhatTheDescriptorDoesNotTakeStaysForTheNextTime() throws {
        let tap = Tap()
        let flags = fcntl(tap.descriptor, F_GETFL)
        XCTAssertEqual(fcntl(tap.descriptor, F_SETFL, flags | O_NONBLOCK), 0)
        let buffer = LineBuffer(descriptor: tap.descriptor)
        // More than a pipe holds (64 KiB), in two goes.
        for _ in 0..<2 {
            for _ in 0..<45 {
                buffer.beginLine(unixMilliseconds: 0)
                buffer.field("text", [UInt8](repeating: 97, count: 1_000))
                buffer.endLine()
            }
            buffer.flush()
        }
        XCTAssertFalse(buffer.isEmpty)
        var read = 0
        while !buffer.isEmpty {
            read += tap.pipe.fileHandleForReading.availableData.count
            buffer.flush()
        }
        let rest = try tap.lines().reduce(0) { $0 + $1.utf8.count + 1 }
        XCTAssertEqual(buffer.droppedLines, 0)
        XCTAssertEqual((read + rest) % 90, 0)
    }
}
