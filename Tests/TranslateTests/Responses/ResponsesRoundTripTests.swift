import Shared
import Translate
import XCTest

final class ResponsesRoundTripTests: ResponsesBodyTestCase {
    /// All that a request may say, as it is written.
    private static let rich = #"""
        {"model":"m","instructions":"Be brief.","input":[
         {"type":"message","role":"developer","content":[{"type":"input_text","text":"Be kind."}]},
         {"type":"message","role":"user","id":"msg_0","status":"completed","content":[{"type":"input_text","text":"a"},
          {"type":"input_image","image_url":"https://example.com/a.png","detail":"high"},{"type":"input_image","file_id":"file-1","detail":"auto"},
          {"type":"input_image","image_url":"data:image/png;base64,aGk=","detail":"low"},
          {"type":"input_file","file_data":"data:application/pdf;base64,JVBERi0x","filename":"a.pdf"},
          {"type":"input_file","file_url":"https://example.com/b.pdf"},{"type":"input_file","file_id":"file-2","detail":"low"},
          {"type":"input_audio","input_audio":{"data":"aGk=","format":"wav"}},{"type":"input_hologram","x":1},
          {"type":"input_text","text":"b","prompt_cache_breakpoint":{"mode":"explicit","ttl":"30m"},"x_part":1}]},
         {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Look."}],"encrypted_content":"enc","status":"completed"},
         {"type":"message","id":"msg_1","role":"assistant","status":"completed","phase":"commentary","content":[
          {"type":"output_text","text":"One.","annotations":[{"type":"url_citation","url":"u","title":"t","start_index":0,"end_index":1}],
           "logprobs":[{"token":"One","logprob":-0.5,"bytes":[79],"top_logprobs":[]}]},
          {"type":"refusal","refusal":"No more."}]},
         {"type":"message","id":"msg_2","role":"assistant","status":"incomplete","content":[{"type":"output_text","text":"Two.","annotations":[]}]},
         {"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"q"}},
         {"type":"reasoning","id":"rs_2","summary":[],"encrypted_content":"sealed"},
         {"type":"reasoning","id":"rs_3","summary":[{"type":"summary_text","text":"a"},{"type":"summary_text","text":"b"}]},
         {"type":"reasoning","id":"rs_4","summary":[],"content":[{"type":"reasoning_text","text":"shown"}]},
         {"type":"function_call","id":"fc_1","call_id":"call_1","name":"f","arguments":"{ \"a\" : 1.50 }","status":"completed","namespace":"n"},
         {"type":"custom_tool_call","id":"ct_1","call_id":"call_2","name":"sh","input":"ls"},
         {"type":"function_call_output","id":"fo_1","call_id":"call_1","output":"text","status":"completed"},
         {"type":"custom_tool_call_output","call_id":"call_2","output":"files"},
         {"type":"function_call","call_id":"call_3","name":"f","arguments":"{}"},
         {"type":"function_call_output","call_id":"call_3","output":[{"type":"input_text","text":"t"},{"type":"input_image","image_url":"data:image/png;base64,aGk=","detail":"auto"}]},
         {"type":"message","role":"assistant","content":"Short."},
         {"type":"item_reference","id":"msg_9"},
         {"type":"message","role":"user","content":"And?"}],
         "tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object","properties":{}},"strict":true,"defer_loading":true},
          {"type":"function","name":"g","parameters":null},{"type":"web_search","filters":{"allowed_domains":["a"]}},{"type":"custom","name":"sh","format":{"type":"text"}}],
         "tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"f"}]},"parallel_tool_calls":true,
         "max_output_tokens":100,"max_tool_calls":3,"temperature":0.70,"top_p":0.95,"top_logprobs":2,
         "text":{"format":{"type":"json_schema","name":"a","description":"d","schema":{"type":"object"},"strict":false,"x":1},"verbosity":"low","x":2},
         "reasoning":{"effort":"high","summary":"detailed","mode":"pro"},"include":["reasoning.encrypted_content","message.output_text.logprobs"],
         "store":false,"metadata":{"job":"nightly"},"user":"u","safety_identifier":"s","prompt_cache_key":"k","prompt_cache_retention":"24h",
         "service_tier":"flex","truncation":"auto","stream":true,"stream_options":{"include_obfuscation":false},"previous_response_id":"resp_1",
         "conversation":"conv_1","background":false,"prompt":{"id":"p"},"context_management":[{"type":"compaction"}],"x_new":{"a":[1,null]}}
        """#

    func testARequestOfResponsesLosesNothing() throws {
        let conversation = try read(Self.rich)
        let written = try written(conversation, model: "m")
        assertJSON(written.body.bytes, Self.rich)
        XCTAssertEqual(written.dropped + written.adjusted, [])
        XCTAssertEqual(try OpenAIResponses.conversation(from: written.body, of: InboundCall()), conversation)
    }

    func testShortFormsStayShort() throws {
        for text in [
            #"{"model":"m","input":[{"type":"message","role":"assistant","content":"a"},{"type":"message","role":"assistant","content":"b"}]}"#,
            #"{"model":"m","input":"Hi"}"#, #"{"model":"m","instructions":"Be brief.","input":"Hi"}"#,
            #"{"model":"m","input":[{"type":"message","role":"user","content":"a"},{"type":"message","role":"assistant","content":"b"},{"type":"message","role":"user","content":"c"}]}"#,
        ] {
            assertJSON(try written(read(text), model: "m").body.bytes, text)
        }
    }

    func testEncryptedContentSurvivesARoundTrip() throws {
        let item = #"{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAAA"}"#
        let text = #"{"model":"m","input":[{"type":"message","role":"user","content":"a"},\#(item)]}"#
        XCTAssertEqual(try written(read(text)).body["input"]?[1]?["encrypted_content"], .string("gAAAA"))
        let answer = try answer(#"{"id":"resp_1","status":"completed","model":"m","output":[\#(item)]}"#)
        let output = try XCTUnwrap(body(answer)["output"]?[0])
        assertJSON(output.bytes, item)
    }

    func testWhatIsWrittenIsReadAsItWas() {
        assertRoundTrips(of: OpenAIResponses.self, .all) { $0.quirks.cacheControl = true }
        assertRoundTrips(of: OpenAIResponses.self, .all, seeds: 0..<200) { traits in
            traits.quirks.developerRole = false
            traits.quirks.shortToolCallIDs = true
            traits.capabilities.images = false
            traits.capabilities.documents = false
            traits.capabilities.sampling = false
            traits.capabilities.reasoning = false
            traits.capabilities.systemMessages = false
        }
    }

    /// Both are OpenAI's: what one says the other can say too, but for what is listed.
    func testFromChatsAndBackSaysTheSame() throws {
        let request = try json(
            #"""
            {"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"a"},
             {"type":"image_url","image_url":{"url":"https://example.com/a.png","detail":"low"}}]},
             {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"call_1","content":"x"}],
             "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"},"strict":false}}],"tool_choice":"required",
             "max_completion_tokens":50,"temperature":0.5,"reasoning_effort":"low","verbosity":"low","prompt_cache_key":"k","logprobs":true,"top_logprobs":2,
             "response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object"}}},"user":"u","service_tier":"flex"}
            """#)
        let chat = try OpenAIChat.conversation(from: request, of: InboundCall())
        let there = try written(chat)
        XCTAssertEqual(there.dropped + there.adjusted, [])
        XCTAssertEqual(there.body["text"]?["verbosity"], .string("low"))
        let back = try written(
            OpenAIResponses.conversation(from: there.body, of: InboundCall()), to: .openai, model: "m")
        XCTAssertEqual(back.dropped + back.adjusted, [])
        assertJSON(back.body.bytes, String(decoding: request.bytes, as: UTF8.self))
    }

    func testChangedRequestsAreReadOrRefused() throws {
        var refused = 0
        let rich = try json(Self.rich)
        for seed in UInt64(0)..<1_500 {
            var mutator = JSONMutator(seed: seed)
            let body = mutator.mutated(rich)
            do {
                let conversation = try OpenAIResponses.conversation(from: body, of: InboundCall())
                _ = try written(conversation)
                _ = try written(conversation, to: .openai)
            } catch TranslationError.invalid(let field, let reason) {
                XCTAssertFalse(field.isEmpty && body.object != nil, reason)
                refused += 1
            } catch TranslationError.inexpressible(_, _) {}
        }
        XCTAssertTrue((100...1_400).contains(refused), "\(refused)")
    }
}
