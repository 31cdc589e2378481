import Shared
import Translate
import XCTest

final class OpenAIRequestReaderTests: OpenAITestCase {
    // MARK: Fields

    func testFieldsAreReadWhereTheFormHasThem() throws {
        let conversation = try read(
            #"""
            {"model":"gpt","messages":[{"role":"user","content":"Hi"}],"stream":true,
             "stream_options":{"include_usage":true,"include_obfuscation":false},"max_completion_tokens":100,
             "stop":["a","b"],"temperature":0.70,"top_p":1,"top_k":40,"frequency_penalty":-1.5,"presence_penalty":2e0,
             "seed":-7,"n":2,"logit_bias":{"50256":-100},"logprobs":true,"top_logprobs":5,"reasoning_effort":"xhigh",
             "user":"u-1","metadata":{"job":"nightly"},"service_tier":"flex","parallel_tool_calls":false,
             "store":true,"verbosity":"low","prediction":{"type":"content","content":"x"},"modalities":["text","audio"],
             "audio":{"voice":"alloy","format":"wav"},"web_search_options":{},"prompt_cache_key":null}
            """#)
        XCTAssertEqual(conversation.origin, .openai)
        XCTAssertEqual(conversation.model, "gpt")
        XCTAssertTrue(conversation.isStream)
        XCTAssertEqual(conversation.includesUsage, true)
        XCTAssertEqual(conversation.outputTokensMax, 100)
        XCTAssertEqual(conversation.stops, ["a", "b"])
        XCTAssertEqual(conversation.sampling.temperature?.text, "0.70")
        XCTAssertEqual(conversation.sampling.topK?.text, "40")
        XCTAssertEqual(conversation.sampling.presencePenalty?.text, "2e0")
        XCTAssertEqual(conversation.sampling.seed?.text, "-7")
        XCTAssertEqual(conversation.sampling.choices, 2)
        XCTAssertEqual(conversation.sampling.logitBias?["50256"]?.number?.int64, -100)
        XCTAssertEqual(conversation.sampling.topLogprobs, 5)
        XCTAssertEqual(conversation.reasoning, Reasoning(.effort(.xhigh)))
        XCTAssertEqual(conversation.endUser, "u-1")
        XCTAssertEqual(conversation.metadata?.names, ["job"])
        XCTAssertEqual(conversation.serviceTier, "flex")
        XCTAssertEqual(conversation.allowsParallelToolCalls, false)
        XCTAssertEqual(
            conversation.extras.lost(to: .anthropic),
            ["store", "verbosity", "prediction", "modalities", "audio", "stream_options"])
    }

    func testNullIsTheSameAsAbsent() throws {
        let conversation = try read(
            #"""
            {"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":null,"stream_options":null,"max_tokens":null,
             "stop":null,"temperature":null,"tools":null,"tool_choice":null,"response_format":null,"reasoning_effort":null,
             "user":null,"metadata":null,"n":null,"logit_bias":null,"functions":null,"function_call":null,"top_k":null}
            """#)
        var plain = try read(#"{"model":"m","messages":[{"role":"user","content":"Hi"}]}"#)
        XCTAssertEqual(conversation.extras, plain.extras)
        plain.extras = conversation.extras
        XCTAssertEqual(conversation, plain)
    }

    func testOfTwoBoundsTheLargerOneCounts() throws {
        for (fields, bound) in [
            (#""max_tokens":5"#, 5), (#""max_completion_tokens":6"#, 6),
            (#""max_tokens":5,"max_completion_tokens":6"#, 6), (#""max_tokens":9,"max_completion_tokens":6"#, 9),
        ] {
            let conversation = try read(#"{"model":"m","messages":[{"role":"user","content":""}],\#(fields)}"#)
            XCTAssertEqual(conversation.outputTokensMax, UInt64(bound), fields)
        }
    }

    func testAStopMayBeATextOrAList() throws {
        XCTAssertEqual(try read(#"{"model":"m","messages":[{"role":"user","content":""}],"stop":"x"}"#).stops, ["x"])
        XCTAssertEqual(try read(#"{"model":"m","messages":[{"role":"user","content":""}],"stop":[]}"#).stops, [])
    }

    func testTheModelMayStandInThePath() throws {
        let text = #"{"messages":[{"role":"user","content":"Hi"}]}"#
        XCTAssertEqual(try read(text, call: InboundCall(model: "deployed", isStream: true)).model, "deployed")
        XCTAssertEqual(problem(text), "model: want a string")
    }

    func testFormatsAreRead() throws {
        func format(_ text: String) throws -> Conversation {
            try read(#"{"model":"m","messages":[{"role":"user","content":""}],"response_format":\#(text)}"#)
        }
        XCTAssertEqual(try format(#"{"type":"text"}"#).format, .text)
        XCTAssertEqual(try format(#"{"type":"json_object"}"#).format, .json)
        XCTAssertEqual(
            try format(#"{"type":"json_object","schema":{"type":"object"}}"#).format,
            .schema(OutputSchema(schema: .object(["type": .string("object")]))))
        let full = try format(
            #"{"type":"json_schema","x":1,"json_schema":{"name":"n","description":"d","strict":true,"schema":{},"y":2}}"#
        )
        XCTAssertEqual(
            full.format,
            .schema(OutputSchema(name: "n", summary: "d", schema: .object(JSONObject()), isStrict: true)))
        XCTAssertEqual(full.extras.lost(to: .gemini), ["response_format"])
        let grammar = try format(#"{"type":"grammar","grammar":"root ::= x"}"#)
        XCTAssertNil(grammar.format)
        XCTAssertEqual(grammar.extras.lost(to: .gemini), ["response_format"])
    }

    func testEffortsAreReadAndUnknownOnesKept() throws {
        func reasoning(_ word: String) throws -> Conversation {
            try read(#"{"model":"m","messages":[{"role":"user","content":""}],"reasoning_effort":"\#(word)"}"#)
        }
        for effort in Reasoning.Effort.allCases where effort != .none {
            XCTAssertEqual(try reasoning(effort.rawValue).reasoning, Reasoning(.effort(effort)))
        }
        XCTAssertEqual(try reasoning("none").reasoning, Reasoning(.off))
        XCTAssertNil(try reasoning("ultra").reasoning)
        XCTAssertEqual(try reasoning("ultra").extras["reasoning_effort"], .string("ultra"))
    }

    // MARK: Messages

    func testEveryRoleIsATurn() throws {
        let turns = try turns(
            #"""
            {"role":"system","content":"Be brief.","name":"s"},
            {"role":"developer","content":[{"type":"text","text":"Be kind."},{"type":"text","text":"Be exact."}]},
            {"role":"user","content":"Hi","name":"Ann"},
            {"role":"assistant","content":null,"refusal":null,"annotations":[],"audio":null,"function_call":null,
             "tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},
                           {"id":"c2","type":"custom","custom":{"name":"sh","input":"ls"}}]},
            {"role":"tool","tool_call_id":"c1","content":"1"},
            {"role":"tool","tool_call_id":"c2","name":"sh","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}
            """#)
        XCTAssertEqual(turns.map(\.role), [.system, .developer, .user, .assistant, .tool, .tool])
        XCTAssertEqual(turns[0], Turn(.system, [Part(.text("Be brief."))], form: .text, name: "s"))
        XCTAssertEqual(turns[1], Turn(.developer, [Part(.text("Be kind.")), Part(.text("Be exact."))]))
        XCTAssertEqual(turns[3].form, .null)
        XCTAssertEqual(
            turns[3].parts.map(\.content),
            [
                .toolCall(ToolCall(id: "c1", name: "f", arguments: #"{"a":1}"#)),
                .native(try json(#"{"id":"c2","type":"custom","custom":{"name":"sh","input":"ls"}}"#), of: .openai),
            ])
        XCTAssertEqual(turns[3].extras.lost(to: .anthropic), [])
        XCTAssertEqual(
            turns[4].parts.map(\.content),
            [.toolResult(ToolResult(callID: "c1", parts: [Part(.text("1"))], form: .text))])
        XCTAssertEqual(
            turns[5].parts.map(\.content),
            [.toolResult(ToolResult(callID: "c2", name: "sh", parts: [Part(.text("a")), Part(.text("b"))]))])
    }

    func testContentMayBeNullEmptyOrAbsent() throws {
        let calls = #""tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":""}}]"#
        let forms = try [#""content":null,"#, #""content":"","#, #""content":[],"#, ""].map {
            try turns(#"{"role":"assistant",\#($0)\#(calls)}"#)[0]
        }
        XCTAssertEqual(forms.map(\.form), [.null, .text, .text, .absent])
        for turn in forms {
            XCTAssertEqual(turn.parts.map(\.content), [.toolCall(ToolCall(id: "c", name: "f", arguments: "{}"))])
        }
    }

    func testAListOfOnePlainTextIsATextByItself() throws {
        let turn = try turns(#"{"role":"user","content":[{"type":"text","text":"Hi"}]}"#)[0]
        XCTAssertEqual(turn, Turn(.user, [Part(.text("Hi"))], form: .text))
    }

    func testPartsOfAllKindsAreRead() throws {
        let turn = try turns(
            #"""
            {"role":"user","content":[
             {"type":"text","text":"Look","cache_control":{"type":"ephemeral"}},
             {"type":"image_url","image_url":{"url":"https://a/b.png","detail":"low"}},
             {"type":"image_url","image_url":{"url":"data:image/jpeg;base64,aGk="}},
             {"type":"image_url","image_url":"DATA:;charset=x;BASE64,aGk="},
             {"type":"input_audio","input_audio":{"data":"aGk=","format":"mp3"}},
             {"type":"input_audio","input_audio":{"data":"aGk=","format":"wav"}},
             {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERi0="}},
             {"type":"file","file":{"file_data":"JVBERi0x"}},
             {"type":"file","file":{"file_id":"file-1"}},
             {"type":"video_url","video_url":{"url":"https://a/b.mp4"}},
             {"type":"hologram","hologram":1}]}
            """#)[0]
        XCTAssertEqual(turn.form, .parts)
        XCTAssertEqual(turn.parts[0].cacheMark, CacheMark())
        XCTAssertEqual(
            turn.parts.map(\.content),
            [
                .text("Look"), .image(Media(.url("https://a/b.png"), detail: "low")),
                .image(Media(.data("aGk="), type: "image/jpeg")), .image(Media(.data("aGk="))),
                .audio(Media(.data("aGk="), type: "audio/mpeg")), .audio(Media(.data("aGk="), type: "audio/wav")),
                .document(Media(.data("JVBERi0="), type: "application/pdf", title: "a.pdf")),
                .document(Media(.data("JVBERi0x"), type: "application/pdf")), .document(Media(.file("file-1"))),
                .video(Media(.url("https://a/b.mp4"))),
                .native(try json(#"{"type":"hologram","hologram":1}"#), of: .openai),
            ])
    }

    func testUnknownMembersAreKeptWhereTheyStood() throws {
        let turn = try turns(
            #"""
            {"role":"user","x":1,"content":[{"type":"image_url","y":2,"image_url":{"url":"u","z":3}}]}
            """#)[0]
        XCTAssertEqual(turn.extras["x"], .number(JSONNumber(1)))
        XCTAssertEqual(turn.parts[0].extras["y"], .number(JSONNumber(2)))
        guard case .image(let media) = turn.parts[0].content else { return XCTFail("\(turn)") }
        XCTAssertEqual(media.extras["z"], .number(JSONNumber(3)))
    }

    func testRefusalsAreParts() throws {
        let turns = try turns(
            #"""
            {"role":"assistant","content":null,"refusal":"No."},
            {"role":"assistant","content":[{"type":"text","text":"Well"},{"type":"refusal","refusal":"no."}]}
            """#)
        XCTAssertEqual(turns[0], Turn(.assistant, [Part(.refusal("No."))], form: .null))
        XCTAssertEqual(turns[1], Turn(.assistant, [Part(.text("Well")), Part(.refusal("no."))]))
    }

    func testThoughtsThatCallersGiveBackAreParts() throws {
        let thought = Part(.thinking(Thinking(text: "hm", origin: .openai)))
        for names in [
            #""reasoning_content":"hm""#, #""reasoning":"hm""#, #""reasoning":"hm","reasoning_content":"hm""#,
            #""reasoning_content":"","reasoning":"hm""#,
        ] {
            let turn = try turns(#"{"role":"assistant","content":"Hi",\#(names)}"#)[0]
            XCTAssertEqual(turn.parts, [thought, Part(.text("Hi"))], names)
        }
    }

    func testMarksOfMessagesGoToTheirLastPart() throws {
        let turns = try turns(
            #"""
            {"role":"system","content":"x","cache_control":{"type":"ephemeral","ttl":"1h"}},
            {"role":"tool","tool_call_id":"c","content":"x","cache_control":{"type":"ephemeral","ttl":"5m"}},
            {"role":"user","content":[{"type":"text","text":"x","cache_control":{"type":"eternal"}}]},
            {"role":"assistant","content":null,"cache_control":{"type":"ephemeral"}}
            """#)
        XCTAssertEqual(turns[0].parts[0].cacheMark, CacheMark(seconds: 3_600))
        XCTAssertEqual(turns[1].parts[0].cacheMark, CacheMark(seconds: 300))
        XCTAssertNil(turns[2].parts[0].cacheMark)
        XCTAssertEqual(turns[2].parts[0].extras.lost(to: .anthropic), ["cache_control"])
        XCTAssertEqual(turns[3].extras.lost(to: .anthropic), ["cache_control"])
    }

    func testOpenAIsOwnMarksAreMarksToo() throws {
        func part(_ breakpoint: String) throws -> Part {
            try turns(
                #"{"role":"user","content":[{"type":"text","text":"x","prompt_cache_breakpoint":\#(breakpoint)}]}"#)[0]
                .parts[0]
        }
        for (text, mark) in [
            (#"{"mode":"explicit"}"#, CacheMark()), (#"{"mode":"explicit","ttl":"30m"}"#, CacheMark(seconds: 1_800)),
            (#"{"mode":"explicit","ttl":"12h"}"#, CacheMark(seconds: 43_200)),
        ] {
            XCTAssertEqual(try part(text).cacheMark, mark)
            XCTAssertEqual(try part(text).extras.lost(to: .anthropic), [])
        }
        XCTAssertNil(try part(#"{"mode":"explicit","ttl":"1y"}"#).cacheMark)
        XCTAssertEqual(
            try part(#"{"mode":"explicit","ttl":"1y"}"#).extras.lost(to: .anthropic), ["prompt_cache_breakpoint"])
    }

    func testTheSignatureOfACallIsTakenOutOfItsHolder() throws {
        let turn = try turns(
            #"""
            {"role":"assistant","tool_calls":[
             {"id":"a","type":"function","function":{"name":"f","arguments":"{}"},
              "extra_content":{"google":{"thought_signature":"c2ln"}}},
             {"id":"b","type":"function","function":{"name":"f","arguments":"{}"},
              "extra_content":{"google":{"thought_signature":"c2ln","x":1},"y":2}}]}
            """#)[0]
        let signatures = turn.parts.map { part -> String? in
            if case .toolCall(let call) = part.content { call.signature } else { nil }
        }
        XCTAssertEqual(signatures, ["c2ln", "c2ln"])
        XCTAssertEqual(turn.parts[0].extras.lost(to: .gemini), [])
        XCTAssertEqual(turn.parts[1].extras["extra_content"], try json(#"{"google":{"x":1},"y":2}"#))
    }

    func testMessagesInTheOldFormAreReadAsCallsAndResults() throws {
        let conversation = try read(
            #"""
            {"model":"m","functions":[{"name":"f","description":"d","parameters":{"type":"object"}}],
             "function_call":{"name":"f"},
             "messages":[{"role":"user","content":"Hi"},
              {"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},
              {"role":"function","name":"f","content":"1"},
              {"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},
              {"role":"function","name":"f","content":"2"}]}
            """#)
        XCTAssertEqual(
            conversation.tools,
            [Tool(name: "f", summary: "d", kind: .function(parameters: .object(["type": .string("object")])))])
        XCTAssertEqual(conversation.toolChoice, .function("f"))
        let ids = conversation.turns.flatMap(\.parts).compactMap { part -> String? in
            switch part.content {
            case .toolCall(let call): call.id
            case .toolResult(let result): "for \(result.callID)"
            default: nil
            }
        }
        XCTAssertEqual(
            ids, ["call_function_1", "for call_function_1", "call_function_2", "for call_function_2"])
    }

    // MARK: Tools

    func testToolsAndTheChoiceAmongThemAreRead() throws {
        func choice(_ text: String) throws -> ToolChoice? {
            try read(#"{"model":"m","messages":[{"role":"user","content":""}],"tool_choice":\#(text)}"#).toolChoice
        }
        XCTAssertEqual(try choice(#""auto""#), .automatic)
        XCTAssertEqual(try choice(#""none""#), ToolChoice.none)
        XCTAssertEqual(try choice(#""required""#), .required)
        XCTAssertEqual(try choice(#""any""#), .required)
        XCTAssertEqual(try choice(#"{"type":"function","function":{"name":"f"}}"#), .function("f"))
        let allowed =
            #"{"type":"allowed_tools","allowed_tools":{"mode":"MODE","tools":[{"type":"function","function":{"name":"f"}}]}}"#
        for (mode, isRequired) in [("auto", false), ("required", true)] {
            XCTAssertEqual(
                try choice(allowed.replacingOccurrences(of: "MODE", with: mode)),
                .among(["f"], isRequired: isRequired))
        }
        let custom = #"{"type":"custom","custom":{"name":"sh"}}"#
        XCTAssertEqual(try choice(custom), .native(try json(custom)))
    }

    func testToolsOfAllKindsAreRead() throws {
        let tools = try read(
            #"""
            {"model":"m","messages":[{"role":"user","content":""}],"tools":[
             {"type":"function","cache_control":{"type":"ephemeral"},"x":1,
              "function":{"name":"f","description":"d","parameters":{},"strict":false,"y":2}},
             {"type":"function","function":{"name":"g"}},
             {"type":"custom","custom":{"name":"sh","format":{"type":"text"}}},{"type":"browser_search"}]}
            """#
        ).tools
        XCTAssertEqual(tools.map(\.name), ["f", "g", "sh", "browser_search"])
        XCTAssertEqual(tools[0].kind, .function(parameters: .object(JSONObject())))
        XCTAssertEqual(tools[0].isStrict, false)
        XCTAssertEqual(tools[0].cacheMark, CacheMark())
        XCTAssertEqual(tools[0].extras["x"], .number(JSONNumber(1)))
        XCTAssertEqual(tools[0].extras["function"], .object(["y": .number(JSONNumber(2))]))
        XCTAssertEqual(tools[1].kind, .function(parameters: nil))
        guard case .native = tools[2].kind, case .native = tools[3].kind else { return XCTFail("\(tools)") }
    }

    // MARK: Mistakes

    func testMistakesAreNamedWithTheirPlace() {
        let user = #""messages":[{"role":"user","content":"Hi"}]"#
        for (text, expected) in [
            ("[]", ": want an object"), (#"{\#(user)}"#, "model: want a string"),
            (#"{"model":1,\#(user)}"#, "model: want a string"),
            (#"{"model":"m"}"#, "messages: want a list of at least one message"),
            (#"{"model":"m","messages":[]}"#, "messages: want a list of at least one message"),
            (#"{"model":"m","messages":["Hi"]}"#, "messages[0]: want an object"),
            (#"{"model":"m","messages":[{"content":"Hi"}]}"#, "messages[0].role: want a string"),
            (
                #"{"model":"m","messages":[{"role":"model","content":"Hi"}]}"#,
                "messages[0].role: want system, developer, user, assistant, tool or function"
            ),
            (
                #"{"model":"m","messages":[{"role":"user"}]}"#,
                "messages[0].content: want a string or a list of parts"
            ),
            (
                #"{"model":"m","messages":[{"role":"user","content":{}}]}"#,
                "messages[0].content: want a string or a list of parts"
            ),
            (
                #"{"model":"m","messages":[{"role":"user","content":["Hi"]}]}"#,
                "messages[0].content[0]: want an object"
            ),
            (
                #"{"model":"m","messages":[{"role":"user","content":[{"text":"Hi"}]}]}"#,
                "messages[0].content[0].type: want a string"
            ),
            (
                #"{"model":"m","messages":[{"role":"user","content":[{"type":"text"}]}]}"#,
                "messages[0].content[0].text: want a string"
            ),
            (
                #"{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{}}]}]}"#,
                "messages[0].content[0].image_url.url: want a string"
            ),
            (
                #"{"model":"m","messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":""}}]}]}"#,
                "messages[0].content[0].input_audio.format: want a string"
            ),
            (
                #"{"model":"m","messages":[{"role":"user","content":[{"type":"file"}]}]}"#,
                "messages[0].content[0].file: want an object"
            ),
            (
                #"{"model":"m","messages":[{"role":"tool","content":""}]}"#,
                "messages[0].tool_call_id: want a string"
            ),
            (
                #"{"model":"m","messages":[{"role":"assistant","tool_calls":[{"function":{"name":"f"}}]}]}"#,
                "messages[0].tool_calls[0].id: want a string"
            ),
            (
                #"{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"a","type":"magic"}]}]}"#,
                "messages[0].tool_calls[0].type: want function or custom"
            ),
            (
                #"{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":1}}]}]}"#,
                "messages[0].tool_calls[0].function.arguments: want a string"
            ),
            (#"{"model":"m",\#(user),"stream":"yes"}"#, "stream: want true or false"),
            (
                #"{"model":"m",\#(user),"stream_options":{"include_usage":1}}"#,
                "stream_options.include_usage: want true or false"
            ),
            (#"{"model":"m",\#(user),"max_tokens":-1}"#, "max_tokens: want a whole number that is not negative"),
            (#"{"model":"m",\#(user),"stop":1}"#, "stop: want a string or a list of strings"),
            (#"{"model":"m",\#(user),"stop":["a",1]}"#, "stop[1]: want a string"),
            (#"{"model":"m",\#(user),"temperature":"hot"}"#, "temperature: want a number"),
            (
                #"{"model":"m",\#(user),"response_format":{"type":"json_schema"}}"#,
                "response_format.json_schema: want an object"
            ),
            (#"{"model":"m",\#(user),"tools":[{"type":"function"}]}"#, "tools[0].function: want an object"),
            (#"{"model":"m",\#(user),"tools":[{"function":{}}]}"#, "tools[0].type: want a string"),
            (
                #"{"model":"m",\#(user),"tools":[{"type":"function","function":{"name":"f","parameters":[]}}]}"#,
                "tools[0].function.parameters: want an object"
            ),
            (#"{"model":"m",\#(user),"tool_choice":"some"}"#, "tool_choice: want auto, none, required or an object"),
            (#"{"model":"m",\#(user),"tool_choice":{"type":"function"}}"#, "tool_choice.function: want an object"),
        ] { XCTAssertEqual(problem(text), expected, text) }
    }
}
