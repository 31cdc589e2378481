import Foundation
import Shared
import Translate
import XCTest

final class ResponsesAnswerTests: ResponsesBodyTestCase {
    private static let whole = #"""
        {"id":"resp_1","object":"response","created_at":1700000001,"status":"completed","error":null,"incomplete_details":null,"model":"gpt-5-mini",
         "output":[{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"Look."}],"encrypted_content":"enc"},
          {"id":"msg_1","type":"message","status":"completed","role":"assistant","phase":"commentary","content":[
           {"type":"output_text","annotations":[],"logprobs":[{"token":"Wait","logprob":-0.5,"bytes":[87],"top_logprobs":[]}],"text":"Wait."}]},
          {"id":"fc_1","type":"function_call","status":"completed","arguments":"{}","call_id":"call_1","name":"f"},
          {"id":"ws_1","type":"web_search_call","status":"completed","action":{"type":"search","query":"q"}}],
         "usage":{"input_tokens":10,"input_tokens_details":{"cached_tokens":4,"cache_write_tokens":2},"output_tokens":7,
          "output_tokens_details":{"reasoning_tokens":3},"total_tokens":17},
         "service_tier":"default","parallel_tool_calls":true,"tool_choice":"auto","tools":[],"store":true,"billing":{"payer":"x"}}
        """#

    // MARK: Reading

    func testAnAnswerIsReadInTheOrderOfItsItems() throws {
        let answer = try answer(Self.whole)
        XCTAssertEqual(answer.id, "resp_1")
        XCTAssertEqual(answer.createdUnixSeconds, 1_700_000_001)
        XCTAssertEqual(
            answer.choices[0].parts.prefix(3).map(\.content),
            [
                .thinking(Thinking(text: "Look.", signature: "enc", origin: .responses)), .text("Wait."),
                .toolCall(ToolCall(id: "call_1", name: "f", arguments: "{}")),
            ])
        XCTAssertEqual(answer.choices[0].finish, .toolCalls)
        XCTAssertEqual(
            answer.usage, TokenUsage(input: 10, cachedInput: 4, cacheWrite5m: 2, output: 7, reasoning: 3))
        XCTAssertEqual(answer.choices[0].logprobs?["content"]?[0]?["token"], .string("Wait"))
    }

    func testAnAnswerOfResponsesLosesNothing() throws {
        let body = try body(answer(Self.whole)) { $0.echo = OpenAIResponses.echo(of: .null) }
        for member in try XCTUnwrap(json(Self.whole).object).members {
            assertJSON(
                (body[member.name] ?? .null).bytes, String(decoding: member.value.bytes, as: UTF8.self))
        }
    }

    func testEveryEndIsUnderstood() throws {
        func finish(_ status: String, _ output: String = "") throws -> FinishReason? {
            try answer(#"{"id":"r",\#(status)"output":[\#(output)]}"#).choices[0].finish
        }
        XCTAssertEqual(try finish(#""status":"completed","#), .stop)
        XCTAssertEqual(try finish(""), .stop)
        XCTAssertEqual(try finish(#""status":"incomplete","#), .length)
        for (reason, wanted) in [
            ("max_output_tokens", FinishReason.length), ("content_filter", .contentFilter),
            ("steered", .other("steered")),
        ] {
            let status = #""status":"incomplete","incomplete_details":{"reason":"\#(reason)"},"#
            XCTAssertEqual(try finish(status), wanted)
        }
        let refusal = #"{"type":"message","role":"assistant","content":[{"type":"refusal","refusal":"No."}]}"#
        XCTAssertEqual(try finish(#""status":"completed","#, refusal), .refusal)
        XCTAssertEqual(
            try finish(#""status":"completed","#, #"{"type":"custom_tool_call","call_id":"c","name":"f","input":""}"#),
            .toolCalls)
    }

    func testWhatIsNoAnswerIsMalformed() {
        for (text, message) in [
            ("7", "the answer is no object"), ("{}", "the answer has no output"),
            (#"{"status":"failed","error":{"code":"server_error","message":"Boom."},"output":[]}"#, "Boom."),
        ] {
            XCTAssertThrowsError(try answer(text)) { XCTAssertEqual($0 as? TranslationError, .malformed(message)) }
        }
    }

    func testChangedAnswersAreReadOrMalformed() throws {
        let whole = try json(Self.whole)
        for seed in UInt64(0)..<1_500 {
            var mutator = JSONMutator(seed: seed)
            do {
                let read = try OpenAIResponses.answer(from: mutator.mutated(whole))
                _ = try body(read)
                _ = try JSONValue(parsing: OpenAIChat.body(of: read, in: Self.context))
            } catch TranslationError.malformed {}
        }
    }

    // MARK: Writing

    func testAnAnswerOfAnotherDialectIsWrittenAsOpenAIDoes() throws {
        let answer = answer(
            [
                Part(.thinking(Thinking(text: "Hm.", signature: "sig", origin: .anthropic))), Part(.text("One. ")),
                Part(.text("Two.")), Part(.toolCall(ToolCall(id: "toolu_1", name: "f", arguments: ""))),
                Part(.toolCall(ToolCall(id: "", name: "g", arguments: "{}"))),
            ], .toolCalls)
        assertJSON(
            try body(answer).bytes,
            #"""
            {"id":"resp_msg_01","object":"response","created_at":1700000000,"status":"completed","error":null,"incomplete_details":null,
             "model":"the-model","output":[
              {"id":"rs_msg_01_0","type":"reasoning","summary":[{"type":"summary_text","text":"Hm."}],"encrypted_content":"weir:anthropic:signature:sig"},
              {"id":"msg_msg_01_1","type":"message","status":"completed","role":"assistant","content":[
               {"type":"output_text","annotations":[],"logprobs":[],"text":"One. "},{"type":"output_text","annotations":[],"logprobs":[],"text":"Two."}]},
              {"id":"fc_msg_01_2","type":"function_call","status":"completed","arguments":"{}","call_id":"toolu_1","name":"f"},
              {"id":"fc_msg_01_3","type":"function_call","status":"completed","arguments":"{}","call_id":"call_msg_01_3","name":"g"}],
             "usage":{"input_tokens":10,"input_tokens_details":{"cached_tokens":4,"cache_write_tokens":0},"output_tokens":7,
              "output_tokens_details":{"reasoning_tokens":3},"total_tokens":17}}
            """#)
    }

    func testWhatWasCutIsNotSaidToBeComplete() throws {
        for (finish, reason) in [
            (FinishReason.length, "max_output_tokens"), (.contentFilter, "content_filter"),
            (.refusal, "content_filter"),
            (.pause, "max_output_tokens"), (.other("x"), "max_output_tokens"), (.other("steered"), "steered"),
        ] {
            let body = try body(answer([Part(.text("a")), Part(.text(""))], finish))
            XCTAssertEqual(body["status"], .string("incomplete"))
            XCTAssertEqual(body["incomplete_details"]?["reason"], .string(reason))
            XCTAssertEqual(body["output"]?[0]?["status"], .string("incomplete"))
        }
        let refused = try body(answer([Part(.refusal("No."))], .refusal))
        XCTAssertEqual(refused["status"], .string("completed"))
        assertJSON(
            try XCTUnwrap(refused["output"]?[0]?["content"]).bytes, #"[{"type":"refusal","refusal":"No."}]"#)
    }

    func testNothingIsAnEmptyOutput() throws {
        let body = try body(Answer())
        XCTAssertEqual(body["output"], .array([]))
        XCTAssertEqual(body["usage"], .null)
        XCTAssertEqual(body["id"], .string("resp_0194-f2"))
    }

    func testLogprobsOfChatsAreListsWithoutNull() throws {
        var answer = answer([Part(.text("a"))])
        answer.choices[0].logprobs = try json(
            #"{"content":[{"token":"a","logprob":-1,"bytes":null,"top_logprobs":[{"token":"b","logprob":-2}]}]}"#)
        assertJSON(
            try XCTUnwrap(body(answer)["output"]?[0]?["content"]?[0]?["logprobs"]).bytes,
            #"[{"token":"a","logprob":-1,"bytes":[],"top_logprobs":[{"token":"b","logprob":-2,"bytes":[]}]}]"#)
    }

    func testPicturesAreThoseOfACallThatDrew() throws {
        let output = try body(answer([Part(.image(Media(.data("aGk="), type: "image/png")))]))["output"]?[0]
        XCTAssertEqual(output?["type"], .string("image_generation_call"))
        XCTAssertEqual(output?["result"], .string("aGk="))
    }

    // MARK: What is repeated

    func testAnAnswerRepeatsItsRequest() throws {
        let request = try json(
            #"""
            {"model":"m","input":"secret","instructions":"Be brief.","tools":[{"type":"function","name":"f","parameters":{}}],"temperature":0.5,
             "text":{"format":{"type":"json_object"}},"reasoning":{"effort":"low"},"store":true,"metadata":{"a":"b"},"tool_choice":null}
            """#)
        let body = try body(answer([Part(.text("a"))])) { $0.echo = OpenAIResponses.echo(of: request) }
        for name in ["instructions", "tools", "temperature", "metadata"] { XCTAssertEqual(body[name], request[name]) }
        XCTAssertEqual(body["tool_choice"], .string("auto"))
        XCTAssertEqual(body["parallel_tool_calls"], .boolean(true))
        XCTAssertEqual(body["truncation"], .string("disabled"))
        XCTAssertEqual(body["store"], .boolean(false))
        XCTAssertNil(body["input"])
        assertJSON(
            try XCTUnwrap(body["text"]).bytes, #"{"format":{"type":"json_object"},"verbosity":"medium"}"#)
        assertJSON(try XCTUnwrap(body["reasoning"]).bytes, #"{"effort":"low","summary":null}"#)
        // Not a request at all.
        XCTAssertEqual(OpenAIResponses.echo(of: .number(JSONNumber(7))).count, body.object.map { $0.members.count - 9 })
    }

    /// Bodies for OpenAI's own client to judge: `WEIR_RESPONSES_BODIES=folder` writes them there.
    func testBodiesForTheOfficialClient() throws {
        let request = try json(
            #"{"model":"m","input":"a","tools":[{"type":"function","name":"f"},{"type":"web_search"}],"tool_choice":{"type":"function","name":"f"}}"#
        )
        let thought = Part(.thinking(Thinking(text: "Hm.", signature: "s", origin: .anthropic)))
        let sealed = Part(.thinking(Thinking(sealed: "s", origin: .anthropic)))
        let call = Part(.toolCall(ToolCall(id: "c", name: "f", arguments: "{}")))
        let answers = [
            answer([]), answer([thought, Part(.text("a")), call], .toolCalls),
            answer([sealed, Part(.refusal("a"))], .refusal),
            answer([Part(.text("a"))], .length), answer([Part(.text("a"))], .contentFilter),
            answer([Part(.image(Media(.data("aGk="), type: "image/png")))]), try answer(Self.whole),
        ]
        let folder = ProcessInfo.processInfo.environment["WEIR_RESPONSES_BODIES"]
        for (index, answer) in answers.enumerated() {
            let body = try body(answer) { $0.echo = OpenAIResponses.echo(of: request) }
            XCTAssertEqual(body["object"], .string("response"))
            guard let folder else { continue }
            try Data(body.bytes).write(to: URL(fileURLWithPath: "\(folder)/\(index).json"))
        }
    }
}
