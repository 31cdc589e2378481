import Shared
import Translate
import XCTest

final class ResponsesRequestReaderTests: ResponsesBodyTestCase {
    func testAnInputIsATextOrItems() throws {
        XCTAssertEqual(
            try read(#"{"model":"m","input":"Hi"}"#).turns, [Turn(.user, [Part(.text("Hi"))], form: .text)])
        let turns = try turns(
            #"""
            {"role":"developer","content":"Be brief."},
            {"type":"message","role":"user","content":[{"type":"input_text","text":"What is this?"},
             {"type":"input_image","image_url":"data:image/png;base64,aGk=","detail":"low"},
             {"type":"input_image","file_id":"file-1"},
             {"type":"input_file","file_data":"data:application/pdf;base64,JVBERi0x","filename":"a.pdf"},
             {"type":"input_file","file_url":"https://example.com/b.pdf"}]}
            """#)
        XCTAssertEqual(turns.map(\.role), [.developer, .user])
        XCTAssertEqual(
            turns[1].parts.map(\.content),
            [
                .text("What is this?"), .image(Media(.data("aGk="), type: "image/png", detail: "low")),
                .image(Media(.file("file-1"))),
                .document(Media(.data("JVBERi0x"), type: "application/pdf", title: "a.pdf")),
                .document(Media(.url("https://example.com/b.pdf"))),
            ])
    }

    func testInstructionsAreTheFirstTurn() throws {
        let turns = try read(#"{"model":"m","instructions":"Be brief.","input":"Hi"}"#).turns
        XCTAssertEqual(turns.map(\.role), [.system, .user])
        XCTAssertEqual(turns[0].parts, [Part(.text("Be brief."))])
    }

    func testWhatTheModelSaidBetweenTwoOfOthersIsOneTurn() throws {
        let turns = try turns(
            #"""
            {"role":"user","content":"Weather?"},
            {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Look."}],"encrypted_content":"enc"},
            {"type":"message","id":"msg_1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Wait.","annotations":[]}]},
            {"type":"function_call","id":"fc_1","call_id":"c1","name":"weather","arguments":"{\"city\":\"Oslo\"}","status":"completed"},
            {"type":"function_call","call_id":"c2","name":"time","arguments":""},
            {"type":"function_call_output","call_id":"c1","output":"rain"},
            {"type":"function_call_output","call_id":"c2","output":[{"type":"input_text","text":"noon"}]},
            {"role":"assistant","content":"Rain at noon."}
            """#)
        XCTAssertEqual(turns.map(\.role), [.user, .assistant, .tool, .tool, .assistant])
        XCTAssertEqual(
            turns[1].parts.map(\.content),
            [
                .thinking(Thinking(text: "Look.", signature: "enc", origin: .responses)), .text("Wait."),
                .toolCall(ToolCall(id: "c1", name: "weather", arguments: #"{"city":"Oslo"}"#)),
                .toolCall(ToolCall(id: "c2", name: "time", arguments: "{}")),
            ])
        XCTAssertEqual(
            turns[3].parts.map(\.content), [.toolResult(ToolResult(callID: "c2", parts: [Part(.text("noon"))]))])
    }

    func testThoughtsThatOnlyTheirProviderReadsAreSealed() throws {
        let turns = try turns(
            #"""
            {"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"enc"},
            {"type":"reasoning","summary":[{"type":"summary_text","text":"a"},{"type":"summary_text","text":"b"}]},
            {"type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"shown"}]}
            """#)
        XCTAssertEqual(
            turns[0].parts.map(\.content),
            [
                .thinking(Thinking(sealed: "enc", origin: .responses)),
                .thinking(Thinking(text: "a\n\nb", origin: .responses)),
                .thinking(Thinking(text: "shown", origin: .responses)),
            ])
    }

    func testItemsOfOtherKindsAreKeptWhereTheyStood() throws {
        let turns = try turns(
            #"""
            {"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"q"}},
            {"type":"custom_tool_call","call_id":"c","name":"sh","input":"ls"},
            {"type":"custom_tool_call_output","call_id":"c","output":"a"},
            {"type":"mcp_approval_response","approval_request_id":"x","approve":true}
            """#)
        XCTAssertEqual(turns.map(\.role), [.assistant, .tool, .tool])
        XCTAssertEqual(turns[0].parts.count, 2)
    }

    func testToolsStandFlat() throws {
        let conversation = try read(
            #"""
            {"model":"m","input":"Hi","tools":[
             {"type":"function","name":"f","description":"d","parameters":{"type":"object"},"strict":true},
             {"type":"web_search"},{"type":"custom","name":"sh","format":{"type":"text"}}],
             "tool_choice":{"type":"function","name":"f"},"parallel_tool_calls":false}
            """#)
        XCTAssertEqual(conversation.tools.map(\.name), ["f", "web_search", "sh"])
        XCTAssertEqual(conversation.tools[0].isStrict, true)
        XCTAssertEqual(conversation.tools[0].kind, .function(parameters: .object(["type": .string("object")])))
        XCTAssertEqual(conversation.toolChoice, .function("f"))
        XCTAssertEqual(conversation.allowsParallelToolCalls, false)
        let among = #"{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"f"}]}"#
        let choices: [(String, ToolChoice)] = [
            (#""auto""#, .automatic), (#""none""#, .none), (#""required""#, .required),
            (among, .among(["f"], isRequired: true)),
        ]
        for (text, choice) in choices {
            XCTAssertEqual(try read(#"{"model":"m","input":"Hi","tool_choice":\#(text)}"#).toolChoice, choice)
        }
        guard case .native? = try read(#"{"model":"m","input":"Hi","tool_choice":{"type":"mcp"}}"#).toolChoice else {
            return XCTFail("a choice of another kind is kept")
        }
    }

    func testFieldsOfTheAnswer() throws {
        let conversation = try read(
            #"""
            {"model":"m","input":"Hi","max_output_tokens":50,"temperature":0.70,"top_p":0.9,"stream":true,
             "text":{"format":{"type":"json_schema","name":"a","schema":{"type":"object"},"strict":true},"verbosity":"low"},
             "reasoning":{"effort":"high","summary":"auto"},"top_logprobs":3,"include":["message.output_text.logprobs"],
             "safety_identifier":"u","metadata":{"job":"x"},"service_tier":"flex"}
            """#)
        XCTAssertEqual(conversation.outputTokensMax, 50)
        XCTAssertEqual(conversation.sampling.temperature?.text, "0.70")
        XCTAssertEqual(conversation.sampling.logprobs, true)
        XCTAssertEqual(conversation.sampling.topLogprobs, 3)
        XCTAssertEqual(
            conversation.format,
            .schema(OutputSchema(name: "a", schema: .object(["type": .string("object")]), isStrict: true)))
        XCTAssertEqual(conversation.reasoning?.amount, .effort(.high))
        XCTAssertEqual(conversation.reasoning?.includesThoughts, true)
        XCTAssertEqual(conversation.endUser, "u")
        XCTAssertEqual(conversation.serviceTier, "flex")
        XCTAssertTrue(conversation.isStream)
        XCTAssertNil(conversation.includesUsage)
    }

    func testWhatTellsAModelNothingIsNoLoss() throws {
        let conversation = try read(
            #"""
            {"model":"m","store":true,"include":["reasoning.encrypted_content"],"prompt_cache_key":"k","truncation":"disabled",
             "stream_options":{"include_obfuscation":false},"previous_response_id":null,"background":false,"conversation":null,
             "reasoning":{"summary":"auto"},
             "input":[{"type":"message","id":"msg_0","status":"completed","role":"user","content":"Hi"},
             {"type":"message","id":"msg_1","status":"completed","role":"assistant","phase":"final_answer","content":[{"type":"output_text","text":"a",
              "annotations":[{"type":"url_citation","url":"u","title":"t","start_index":0,"end_index":1}],"logprobs":[]}]},
             {"type":"function_call","id":"fc_1","call_id":"c","name":"f","arguments":"{}","status":"completed"},
             {"type":"function_call_output","id":"fo_1","call_id":"c","output":"x","status":"completed"}]}
            """#)
        for dialect in [Dialect.openai, .anthropic, .gemini] {
            XCTAssertEqual(try written(conversation, to: dialect).dropped, [], dialect.rawValue)
        }
    }

    func testBadRequestsNameTheField() {
        let cases = [
            (#"{"input":"Hi"}"#, "model: want a string"),
            (#"{"model":"m"}"#, "input: want a string or a list of at least one item"),
            (#"{"model":"m","input":[]}"#, "input: want a string or a list of at least one item"),
            (#"{"model":"m","input":7}"#, "input: want a string or a list of at least one item"),
            (#"{"model":"m","input":[7]}"#, "input[0]: want an object"),
            (
                #"{"model":"m","input":[{}]}"#,
                "input[0].type: want message, function_call, function_call_output, reasoning or another type"
            ),
            (
                #"{"model":"m","input":[{"role":"king","content":"a"}]}"#,
                "input[0].role: want user, system, developer or assistant"
            ),
            (#"{"model":"m","input":[{"role":"user"}]}"#, "input[0].content: want a string or a list of parts"),
            (
                #"{"model":"m","input":[{"role":"user","content":[{"text":"a"}]}]}"#,
                "input[0].content[0].type: want a string"
            ),
            (
                #"{"model":"m","input":[{"role":"user","content":[{"type":"input_image"}]}]}"#,
                "input[0].content[0].image_url: want a string, or else a string in file_id"
            ),
            (
                #"{"model":"m","input":[{"role":"user","content":[{"type":"input_file"}]}]}"#,
                "input[0].content[0].file_data: want a string, or else a string in file_url or file_id"
            ),
            (#"{"model":"m","input":[{"type":"function_call","call_id":"c"}]}"#, "input[0].name: want a string"),
            (
                #"{"model":"m","input":[{"type":"function_call_output","call_id":"c"}]}"#,
                "input[0].output: want a string or a list of parts"
            ),
            (
                #"{"model":"m","input":[{"type":"reasoning","summary":[{"type":"summary_text"}]}]}"#,
                "input[0].summary[0].text: want a string"
            ),
            (#"{"model":"m","input":"a","tools":[{"type":"function"}]}"#, "tools[0].name: want a string"),
            (#"{"model":"m","input":"a","tool_choice":7}"#, "tool_choice: want auto, none, required or an object"),
            (
                #"{"model":"m","input":"a","max_output_tokens":-1}"#,
                "max_output_tokens: want a whole number that is not negative"
            ),
            (#"{"model":"m","input":"a","text":{"format":"json"}}"#, "text.format: want an object"),
            (#"{"model":"m","input":"a","reasoning":{"effort":1}}"#, "reasoning.effort: want a string"),
            (#"{"model":"m","input":"a","include":[1]}"#, "include[0]: want a string"),
            (#"{"model":"m","input":"a","stream":"yes"}"#, "stream: want true or false"),
            (
                #"{"model":"m","input":"a","background":true}"#,
                "background: not served; leave it out, and ask for a stream where answers take long"
            ),
        ]
        for (body, wanted) in cases { XCTAssertEqual(problem(body), wanted) }
    }

    // MARK: Ties

    func testWhatOnlyTheOwnProviderKnowsIsNotDropped() throws {
        let cases = [
            (#""previous_response_id":"resp_1","input":"Go on.""#, "previous_response_id"),
            (#""conversation":{"id":"conv_1"},"input":"Go on.""#, "conversation"),
            (#""prompt":{"id":"pmpt_1"}"#, "prompt"),
            (#""input":[{"role":"user","content":"a"},{"type":"item_reference","id":"msg_1"}]"#, "input[1]"),
            (#""input":[{"id":"msg_1"}]"#, "input[0]"),
            (#""input":[{"type":"compaction","encrypted_content":"e"}]"#, "input[0]"),
        ]
        for (members, field) in cases {
            let text = #"{"model":"m",\#(members)}"#
            let conversation = try read(text)
            for dialect in [Dialect.openai, .anthropic, .gemini, .bedrock] {
                XCTAssertThrowsError(try written(conversation, to: dialect)) { error in
                    guard case TranslationError.inexpressible(field, let reason) = error else {
                        return XCTFail("\(error)")
                    }
                    XCTAssertTrue(reason.contains("dialect responses") && reason.contains("; "), reason)
                }
            }
            let own = try written(conversation, model: "m").body
            for member in try XCTUnwrap(json(text).object).members where member.name != "input" {
                XCTAssertEqual(own[member.name], member.value, members)
            }
        }
    }
}
