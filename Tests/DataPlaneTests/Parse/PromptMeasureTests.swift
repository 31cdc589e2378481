import Shared
import XCTest

@testable import DataPlane

final class PromptMeasureTests: XCTestCase {
    private func measure(_ body: String) throws -> PromptMeasure {
        try unsafe Array(body.utf8).withUnsafeBytes { bytes in
            unsafe try RequestParser.parse(bytes, endpoint: .chatCompletions).prompt
        }
    }

    private func chat(_ content: String) -> String {
        #"{"model":"m","messages":[{"role":"user","content":\#(content)}]}"#
    }

    /// What the frame of `chat` counts on its own.
    private var frame: UInt64 { get throws { try measure(chat(#""""#)).textTokens } }

    func testTextCountsTheBytesItHasOnceItsEscapesAreDecoded() throws {
        for (written, count) in [
            ("hello", 5), (#"a\nb"#, 3), (#"\"\\\/"#, 3), ("é€😀", 9), (#"\u0041\u00e9\u20ac"#, 6),
            (#"\ud83d\ude00"#, 6),
            (#"\ud800"#, 3), ("{[,:]}", 6),
        ] as [(String, UInt64)] {
            XCTAssertEqual(try measure(chat("\"\(written)\"")).textTokens, try frame + count, written)
        }
    }

    func testEveryByteOutsideOfContentCountsAndStructureCountsThreeTimes() throws {
        let plain = try measure(#"{"model":"m","messages":[]}"#).textTokens
        let tools = #","tools":[{"a":1}]"#
        let more = try measure(#"{"model":"m","messages":[]\#(tools)}"#).textTokens
        XCTAssertEqual(more - plain, UInt64(tools.utf8.count) + 2 * 7)
    }

    func testTheDataOfAnImageIsAnImageAndNoText() throws {
        let data = "data:image/png;base64," + String(repeating: "A", count: 10_000)
        let large = try measure(chat(#"[{"type":"image_url","image_url":{"url":"\#(data)"}}]"#))
        XCTAssertEqual(large.imagesHighDetail, 1)
        XCTAssertLessThan(large.textTokens, 250)
        let low = try measure(chat(#"[{"image_url":{"detail":"low","url":"\#(data)"},"type":"image_url"}]"#))
        XCTAssertEqual(low.imagesLowDetail, 1)
        XCTAssertEqual(low.imagesHighDetail, 0)
        XCTAssertFalse(low.hasUnknownInput)
        let linked = try measure(chat(#"[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]"#))
        XCTAssertEqual(linked.imagesHighDetail, 1)
    }

    func testWhatMayBeReadAsTextCountsAsText() throws {
        let data = "data:image/png;base64," + String(repeating: "A", count: 1_000)
        for content in [
            #"[{"type":"text","image_url":{"url":"\#(data)"},"text":"x"}]"#,
            #"[{"type":"image_url","type":"text","image_url":{"url":"\#(data)"}}]"#,
            #"[{"type":"image_url","image_url":{"url":"x","url":"\#(data)"}}]"#,
            #"[{"type":"image_url","image_url":{"url":"\#(data.dropFirst(11))"}}]"#,
            #"[{"type":"image_url","text":"\#(data)","image_url":{"url":"x"}}]"#, #"["\#(data)"]"#,
            #"{"url":"\#(data)"}"#,
        ] {
            XCTAssertGreaterThan(try measure(chat(content)).textTokens, 1_000, content)
        }
        XCTAssertGreaterThan(
            try measure(#"{"model":"m","tools":[{"url":"\#(data)"}],"messages":[]}"#).textTokens, 1_000)
    }

    func testInputWhoseSizeDoesNotShowIsSaidToBeUnknown() throws {
        for content in [
            #"[{"type":"file","file":{"file_id":"f"}}]"#, #"[{"type":"video_url","video_url":{"url":"x"}}]"#,
            #"[{"image_url":{"url":"x"}}]"#, #"[{"type":"image_url","image\u005furl":{"url":"x"}}]"#,
            #"[{"Type":"image_url","image_url":{"url":"x"}}]"#, #"[{"type":"image_url"}]"#,
            #"[{"type":"input_audio","input_audio":{}}]"#,
        ] {
            XCTAssertTrue(try measure(chat(content)).hasUnknownInput, content)
        }
        XCTAssertTrue(try measure(#"{"model":"m","messages":[],"web_search_options":{}}"#).hasUnknownInput)
        for content in [#""x""#, "null", #"[{"type":"text","text":"x"}]"#, #"[]"#, "3"] {
            XCTAssertFalse(try measure(chat(content)).hasUnknownInput, content)
        }
    }

    func testSoundCountsByItsLength() throws {
        let data = String(repeating: "A", count: 100_000)
        let sound = try measure(
            chat(#"[{"type":"input_audio","input_audio":{"data":"\#(data)","format":"mp3"}}]"#))
        XCTAssertEqual(sound.audioTokens, 10_064)
        XCTAssertLessThan(sound.textTokens, 300)
        XCTAssertFalse(sound.hasUnknownInput)
    }

    func testTheWalkSurvivesEveryShapeAndCountsEveryMessage() throws {
        let body =
            #"{"model":"m","messages":[1,"a",null,[],{},[[{"content":"x"}]],{"content":{"a":[1,{"b":"]}"}]}},{ "content" : [ ] , "x":[-1.5e3,true] },{"content":["a",{"type":"text","text":"\\"}]}]}"#
        let found = try measure(body)
        XCTAssertEqual(found.messageCount, 9)
        XCTAssertGreaterThanOrEqual(found.textTokens, UInt64(body.utf8.count))
    }

    func testNumbersThatBoundTheAnswerMustBeReadable() {
        for (field, value) in [
            ("max_tokens", "-1"), ("max_tokens", "1.5"), ("max_completion_tokens", "\"9\""), ("n", "1e3"), ("n", "[]"),
        ] {
            XCTAssertThrowsError(try measure(#"{"model":"m","messages":[],"\#(field)":\#(value)}"#), field + value)
        }
        XCTAssertThrowsError(try measure(#"{"model":"m","messages":[],"max_tokens":1,"max_tokens":2}"#))
        XCTAssertThrowsError(try measure(#"{"model":"m","messages":[],"messages":[]}"#))
        XCTAssertNoThrow(try measure(#"{"model":"m","messages":[],"max_tokens":null,"n":null}"#))
    }
}
