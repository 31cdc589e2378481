import Shared
import XCTest

@testable import DataPlane

/// What the caller has of a stream, and how the stream of another attempt becomes the rest of it.
final class StreamTranscriptTests: XCTestCase {
    private func event(_ data: String) -> [UInt8] { Array("data: \(data)\n\n".utf8) }

    private func chunk(_ delta: String, finish: String = "null", id: String = "a", created: Int = 1) -> [UInt8] {
        event(
            #"{"id":"\#(id)","object":"chat.completion.chunk","created":\#(created),"model":"m-\#(id)","choices":[{"index":0,"delta":{\#(delta)},"logprobs":null,"finish_reason":\#(finish)}],"extra":[1]}"#
        )
    }

    private func pass(_ event: [UInt8], _ transcript: StreamTranscript) -> String? {
        switch unsafe event.withUnsafeBytes({ unsafe transcript.pass($0) }) {
        case .asItIs: String(decoding: event, as: UTF8.self)
        case .left: nil
        case .instead(let bytes): String(decoding: bytes, as: UTF8.self)
        }
    }

    private func text(_ transcript: StreamTranscript) -> String {
        unsafe String(decoding: transcript.text.readable, as: UTF8.self)
    }

    private func transcript(_ pieces: String...) -> StreamTranscript {
        let transcript = StreamTranscript(in: BufferPool())
        for piece in [#""role":"assistant","content":"""#] + pieces.map({ #""content":"\#($0)""# }) {
            XCTAssertEqual(pass(chunk(piece), transcript), String(decoding: chunk(piece), as: UTF8.self))
        }
        return transcript
    }

    // MARK: What the caller has

    func testTextIsKeptAsItStands() {
        let transcript = transcript("One", #" \"two\" \n"#, #"\ud83d"#, #"\ude00 é"#)
        XCTAssertEqual(text(transcript), #"One \"two\" \n\ud83d\ude00 é"#)
        XCTAssertEqual(transcript.chunkCount, 4)
        XCTAssertTrue(transcript.isOpen)
        XCTAssertEqual(transcript.identity?.id, Array(#""a""#.utf8))
        XCTAssertEqual(transcript.identity?.created, Array("1".utf8))
    }

    func testWhatIsNoTextOrTheEndClosesIt() {
        for (delta, finish) in [
            (#""tool_calls":[{"index":0}]"#, "null"), (#""reasoning_content":"hm""#, "null"),
            (#""function_call":{}"#, "null"), (#""refusal":"no""#, "null"), (#""audio":{"id":"x"}"#, "null"),
            (#""content":["part"]"#, "null"), (#""content":"last""#, #""stop""#), ("", #""length""#),
        ] {
            let transcript = transcript("One")
            _ = pass(chunk(delta, finish: finish), transcript)
            XCTAssertFalse(transcript.isOpen, delta)
            XCTAssertEqual(text(transcript), "", "what is not needed is not kept")
            XCTAssertEqual(
                pass(chunk(#""content":"x""#), transcript), String(decoding: chunk(#""content":"x""#), as: UTF8.self))
        }
        let two = transcript("One")
        _ = pass(event(#"{"choices":[{"index":0,"delta":{"content":"a"}},{"index":1,"delta":{"content":"b"}}]}"#), two)
        XCTAssertFalse(two.isOpen)
        let second = transcript("One")
        _ = pass(event(#"{"choices":[{"delta":{"content":"a"},"index":1}]}"#), second)
        XCTAssertFalse(second.isOpen)
    }

    func testEmptyMembersCommentsAndUsageDoNotCloseIt() {
        let transcript = transcript("One")
        for harmless in [
            chunk(#""content":null,"tool_calls":[],"refusal":null,"reasoning":"""#),
            event(#"{"choices":[],"usage":{"prompt_tokens":1}}"#), Array(": ping\n\n".utf8),
            event(#"{"choices":null}"#),
        ] {
            XCTAssertEqual(pass(harmless, transcript), String(decoding: harmless, as: UTF8.self))
        }
        XCTAssertTrue(transcript.isOpen)
        XCTAssertEqual(text(transcript), "One")
    }

    func testMoreTextThanTheBoundClosesIt() {
        let transcript = StreamTranscript(in: BufferPool())
        let piece = String(repeating: "x", count: 64 * 1024)
        for _ in 0..<4 { _ = pass(chunk(#""content":"\#(piece)""#), transcript) }
        XCTAssertTrue(transcript.isOpen)
        XCTAssertEqual(transcript.text.count, StreamTranscript.bytesMax)
        _ = pass(chunk(#""content":"y""#), transcript)
        XCTAssertFalse(transcript.isOpen)
    }

    func testWhichRequestsCanBeGoneOnWith() throws {
        func isPossible(_ body: String, _ endpoint: Endpoint = .chatCompletions) throws -> Bool {
            try unsafe Array(body.utf8).withUnsafeBytes { body in
                unsafe StreamTranscript.isPossible(for: try RequestParser.parse(body, endpoint: endpoint), body)
            }
        }
        let hello = #"{"role":"user","content":"hello"}"#
        func body(_ messages: String, _ more: String = "") -> String {
            #"{"model":"m","stream":true,"messages":[\#(messages)]\#(more)}"#
        }
        for possible in [
            body(hello), body(hello, #","n":1"#), body(hello, #","response_format":{"type":"text"}"#),
            body(hello, #","tools":[{"type":"function"}]"#), body(#"{"role":"assistant","content":"x"},\#(hello)"#),
        ] { XCTAssertTrue(try isPossible(possible), possible) }
        for impossible in [
            body(hello).replacingOccurrences(of: "true", with: "false"), body(hello, #","n":2"#), body(""),
            body(hello, #","response_format":{"type":"json_object"}"#),
            body(hello, #","response_format":{"type":"json_schema","json_schema":{}}"#),
            body(#"\#(hello),{"role":"assistant","content":"I"}"#), body(#"{"content":"no role"},7"#, #","n":3"#),
            body(#"\#(hello),{"r\u006fle":"user","role":"a\u0073sistant"}"#),
        ] { XCTAssertFalse(try isPossible(impossible), impossible) }
    }

    // MARK: The rest of it

    func testTheRestHasTheIdentityOfTheBeginningAndNoSecondRole() {
        let transcript = transcript("One")
        transcript.goOn(by: .assistantMessage)
        func rest(_ delta: String, finish: String = "null") -> String? {
            pass(chunk(delta, finish: finish, id: "other", created: 99), transcript)
        }
        func expected(_ delta: String, finish: String = "null") -> String {
            String(decoding: chunk(delta, finish: finish), as: UTF8.self)
        }
        XCTAssertNil(rest(#""role":"assistant","content":"","refusal":null"#), "it says nothing")
        XCTAssertNil(rest(#""role":"assistant","content":null"#))
        XCTAssertEqual(rest(#""role":"assistant","content":" two""#), expected(#""content":" two""#))
        XCTAssertEqual(rest(#""content":" three","role":"assistant""#), expected(#""content":" three""#))
        XCTAssertEqual(rest(#""content":" four" , "role" : "assistant" "#), expected(#""content":" four"  "#))
        XCTAssertEqual(rest(#""role":"assistant""#, finish: #""stop""#), expected("", finish: #""stop""#))
        XCTAssertEqual(text(transcript), "", "it is over")
    }

    func testItGoesOnFromTheRestToo() {
        let transcript = transcript("One")
        for number in 0..<2 {
            transcript.goOn(by: .prefix)
            _ = pass(chunk(#""content":" \#(number)""#, id: "other-\(number)"), transcript)
        }
        XCTAssertTrue(transcript.isOpen)
        XCTAssertEqual(text(transcript), "One 0 1")
        XCTAssertEqual(transcript.chunkCount, 3)
        XCTAssertEqual(transcript.identity?.id, Array(#""a""#.utf8))
    }

    func testUsageAndDataInSeveralLinesPass() {
        let transcript = transcript("One")
        transcript.goOn(by: .prefix)
        XCTAssertEqual(
            pass(event(#"{"id":"b","choices":[],"usage":{"prompt_tokens":1}}"#), transcript),
            "data: {\"id\":\"a\",\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n\n")
        XCTAssertEqual(
            pass(
                Array("data: {\"id\":\"b\",\ndata: \"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n".utf8), transcript
            ),
            "data: {\"id\":\"a\", \"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n")
    }

    /// However the provider cuts what it repeats, the caller gets what is new, once.
    func testARepeatedBeginningIsTakenOut() {
        let said = #"On\"e é\n"#
        let whole = ["O", "n", #"\""#, "e", " ", #"\u00e9"#, #"\n"#, "t", "w", "o"]
        var random = SeededRandom(seed: 7)
        for round in 0..<200 {
            let transcript = transcript(said)
            transcript.goOn(by: .prefixEchoed)
            var got = ""
            var rest = whole[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...rest.count, using: &random)
                let piece = rest.prefix(count).joined()
                rest = rest.dropFirst(count)
                guard let event = pass(chunk(#""content":"\#(piece)""#), transcript) else { continue }
                guard let start = event.range(of: #""content":""#)?.upperBound,
                    let end = event[start...].range(of: #""},"#)?.lowerBound
                else { return XCTFail(event) }
                got += event[start..<end]
            }
            XCTAssertEqual(got, "two", "round \(round)")
            XCTAssertEqual(text(transcript), said + "two")
        }
    }

    func testWhatOnlyLooksRepeatedIsNotLost() {
        let transcript = transcript("One two")
        transcript.goOn(by: .prefixEchoed)
        XCTAssertNil(pass(chunk(#""content":"One""#), transcript))
        XCTAssertEqual(
            pass(chunk(#""content":" three""#), transcript),
            String(decoding: chunk(#""content":"One three""#), as: UTF8.self))
        XCTAssertEqual(
            pass(chunk(#""content":"One""#), transcript), String(decoding: chunk(#""content":"One""#), as: UTF8.self))
        XCTAssertEqual(text(transcript), "One twoOne threeOne")
    }

    // MARK: The request for it

    private func continued(
        _ form: PolicyDocument.PrefixContinuation, _ more: String = "", _ pieces: String...
    ) throws -> JSONValue {
        let fixture = RoutingFixture([nil], provider: { $0.prefixContinuation = form })
        let transcript = StreamTranscript(in: BufferPool())
        for piece in pieces { _ = pass(chunk(#""content":"\#(piece)""#), transcript) }
        let body = Array(#"{"model":"m","messages":[{"role":"user","content":"hello"} ],"stream":true\#(more)}"#.utf8)
        let edits = try unsafe body.withUnsafeBytes { bytes in
            unsafe ContinuationRequest.edits(
                for: try RequestParser.parse(bytes, endpoint: .chatCompletions), bytes, at: fixture.plan.targets[0],
                behind: transcript)
        }
        return try JSONValue(parsing: edits.apply(to: body))
    }

    func testTheBeginningIsTheLastMessage() throws {
        for form in PolicyDocument.PrefixContinuation.allCases {
            let body = try continued(form, "", "One", #" \"two\""#)
            let messages = try XCTUnwrap(body["messages"]?.array)
            XCTAssertEqual(messages.count, 2)
            XCTAssertEqual(messages[1]["role"]?.string, "assistant")
            XCTAssertEqual(messages[1]["content"]?.string, #"One "two""#)
            let isFlagged = form == .prefix || form == .prefixEchoed
            XCTAssertEqual(messages[1]["prefix"], isFlagged ? .boolean(true) : nil)
            let isField = form == .continueFinalMessage
            XCTAssertEqual(body["continue_final_message"], isField ? .boolean(true) : nil)
            XCTAssertEqual(body["add_generation_prompt"], isField ? .boolean(false) : nil)
            XCTAssertEqual(body["stream_options"]?["include_usage"], .boolean(true))
            XCTAssertNil(body["max_tokens"])
            XCTAssertNil(body["max_completion_tokens"])
        }
    }

    func testTheCallersOwnFieldsAreReplacedAndTheBoundIsLower() throws {
        let body = try continued(
            .continueFinalMessage, #","add_generation_prompt":true,"max_tokens":10,"stream_options":{}"#, "a", "b", "c")
        XCTAssertEqual(body["add_generation_prompt"], .boolean(false))
        XCTAssertEqual(body["max_tokens"]?.number?.integer(as: Int.self), 7)
        let spent = try continued(.prefix, #","max_completion_tokens":2"#, "a", "b", "c")
        XCTAssertEqual(spent["max_completion_tokens"]?.number?.integer(as: Int.self), 1)
        XCTAssertNil(spent["max_tokens"])
    }
}
