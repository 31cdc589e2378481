import Shared
import Translate
import XCTest

@testable import DataPlane

final class KeepAliveTests: XCTestCase {
    func testTheFirstSignBeforeAnAnswerBringsTheHead() {
        var core = KeepAliveCore()
        XCTAssertTrue(core.takesPlainAnswers)
        XCTAssertEqual(core.silenceIsTooLong(hasUnsent: false, isGone: false), .headAndSign)
        XCTAssertEqual(core.silenceIsTooLong(hasUnsent: false, isGone: false), .sign)
        XCTAssertTrue(core.hasPromised)
        XCTAssertFalse(core.takesPlainAnswers, "a stream was promised")
        XCTAssertFalse(core.streamBegins(), "he has a head")
        XCTAssertTrue(core.hasPromised)
        XCTAssertEqual(core.silenceIsTooLong(hasUnsent: false, isGone: false), .sign)
    }

    func testAnAnswerThatComesInTimeBringsItsOwnHead() {
        var core = KeepAliveCore()
        XCTAssertTrue(core.streamBegins())
        XCTAssertFalse(core.hasPromised)
        XCTAssertFalse(core.streamBegins(), "another attempt goes on with it")
        XCTAssertEqual(core.silenceIsTooLong(hasUnsent: false, isGone: false), .sign)
        XCTAssertFalse(core.hasPromised)
    }

    func testNothingIsPromisedToWhoHasLeftOrDoesNotRead() {
        var core = KeepAliveCore()
        XCTAssertEqual(core.silenceIsTooLong(hasUnsent: false, isGone: true), .nothing)
        XCTAssertEqual(core.silenceIsTooLong(hasUnsent: true, isGone: false), .nothing)
        XCTAssertTrue(core.takesPlainAnswers)
        XCTAssertEqual(core.silenceIsTooLong(hasUnsent: false, isGone: false), .headAndSign)
        XCTAssertEqual(core.silenceIsTooLong(hasUnsent: true, isGone: false), .nothing, "it would lie there in a row")
    }

    func testOnlyBytesEndTheSilence() {
        var core = KeepAliveCore()
        XCTAssertFalse(core.hasHeard(0))
        XCTAssertTrue(core.hasHeard(10))
        XCTAssertFalse(core.hasHeard(10), "a chunk that was hidden is none for the caller")
        XCTAssertTrue(core.hasHeard(11))
    }

    /// In front of a stream and between its events, whoever reads the dialect understands what he would have understood without.
    func testSignsMeanNothingInTheirDialect() throws {
        let events = Array("data: {\"a\":1}\n\ndata: {\"b\":2}\n\n".utf8)
        for dialect in [Dialect.openai, .anthropic, .gemini] {
            let sign = dialect.codec.keepAlive
            let half = events.count / 2
            let pending = ByteBuffer(sign + events[..<half] + sign + sign + events[half...])
            var framing = StreamFraming(of: dialect)
            var read: [String] = []
            while true {
                let length = try unsafe framing.next(pending.readable, atEnd: true) { message in
                    let name = unsafe String(decoding: message.name, as: UTF8.self)
                    read.append(unsafe name == "ping" ? name : String(decoding: message.data, as: UTF8.self))
                }
                guard let length, length > 0 else { break }
                pending.consume(length)
            }
            XCTAssertEqual(read.filter { $0 != "ping" }, [#"{"a":1}"#, #"{"b":2}"#], "\(dialect)")
            XCTAssertEqual(read.count { $0 == "ping" }, dialect == .anthropic ? 3 : 0)
        }
        XCTAssertEqual(Dialect.bedrock.codec.keepAlive, [])
        let space = String(decoding: Dialect.gemini.codec.keepAlive, as: UTF8.self)
        XCTAssertEqual(try JSONValue(parsing: Array("\(space)[{}\(space),\(space){}]".utf8)).array?.count, 2)
    }
}
