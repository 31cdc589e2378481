import Shared
import Translate
import XCTest

final class OpenAIRequestWriterTests: OpenAITestCase {
    private static let hello = Turn(.user, [Part(.text("Hello"))])

    private func plain(_ change: (inout Conversation) -> Void) -> Conversation {
        var conversation = conversation([Self.hello])
        change(&conversation)
        return conversation
    }

    private func number(_ text: String) throws -> JSONNumber { try XCTUnwrap(json(text).number) }

    // MARK: What came in this dialect

    func testRealRequestsGoOutAsTheyCame() throws {
        for body in Self.realRequests {
            let rendered = try write(read(body)) {
                $0.model = "m"
                $0.quirks.cacheControl = true
            }
            assertJSON(rendered.body, body)
            XCTAssertEqual(rendered.dropped + rendered.adjusted, [])
            XCTAssertTrue(rendered.reading.isPlain)
        }
    }

    private static let realRequests = [
        #"{"model":"m","messages":[{"role":"user","content":"Hi"}]}"#,
        #"""
        {"model":"m","messages":[{"role":"developer","content":"Be brief."},{"role":"user","name":"Ann","content":[
          {"type":"text","text":"What is this?"},
          {"type":"image_url","image_url":{"url":"data:image/png;base64,aGk=","detail":"high"}},
          {"type":"image_url","image_url":{"url":"https://example.com/a.png"},"prompt_cache_breakpoint":{"mode":"explicit","ttl":"12h"}},
          {"type":"input_audio","input_audio":{"data":"aGk=","format":"wav"}},
          {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,aGk="}},
          {"type":"file","file":{"file_id":"file-abc"}}]}],
         "max_completion_tokens":4096,"stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false},
         "modalities":["text","audio"],"audio":{"voice":"alloy","format":"pcm16"},"store":true,"metadata":{"a":"b"},
         "service_tier":"priority","safety_identifier":"x","prompt_cache_key":"y","verbosity":"high","user":"u"}
        """#,
        #"""
        {"model":"m","messages":[{"role":"user","content":"Weather in Oslo and Rome?"},
          {"role":"assistant","content":null,"tool_calls":[
            {"id":"call_a","type":"function","function":{"name":"weather","arguments":"{\"city\": \"Oslo\"}"}},
            {"id":"call_b","type":"function","function":{"name":"weather","arguments":"{}"},
             "extra_content":{"google":{"thought_signature":"c2ln"}}}]},
          {"role":"tool","tool_call_id":"call_a","content":"rain"},
          {"role":"tool","tool_call_id":"call_b","name":"weather","content":[{"type":"text","text":"s"},{"type":"text","text":"un"}]},
          {"role":"assistant","content":"Rain and sun.","annotations":[],"audio":{"id":"audio_1"}},
          {"role":"user","content":"Thanks"}],
         "tools":[{"type":"function","function":{"name":"weather","description":"d","strict":true,
            "parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}}},
           {"type":"custom","custom":{"name":"sh","format":{"type":"grammar","grammar":{"syntax":"lark","definition":"start: x"}}}}],
         "tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"weather"}}]}},
         "parallel_tool_calls":true,"temperature":0.20,"top_p":0.9,"n":1,"seed":42,"stop":["\n\n","END"],
         "frequency_penalty":0,"presence_penalty":0.5,"logit_bias":{"1":-100},"logprobs":true,"top_logprobs":2,
         "reasoning_effort":"minimal","prediction":{"type":"content","content":"x"},"web_search_options":{},
         "response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":"object"}}}}
        """#,
        #"""
        {"model":"m","top_k":20,"min_p":0.05,"repetition_penalty":1.1,"chat_template_kwargs":{"enable_thinking":false},
         "messages":[{"role":"system","content":[{"type":"text","text":"long","cache_control":{"type":"ephemeral","ttl":"1h"}}]},
          {"role":"user","content":[{"type":"video_url","video_url":{"url":"https://a/b.mp4"}},{"type":"text","text":"x"}]},
          {"role":"assistant","content":"y","reasoning_content":"hm"},{"role":"user","content":"z"}],
         "response_format":{"type":"grammar","grammar":"root ::= x"},"reasoning_effort":"ultra"}
        """#,
    ]

    // MARK: Quirks

    func testAStreamAsksForItsUsageWhoeverAskedForIt() throws {
        for includesUsage in [nil, true, false] {
            let conversation = plain { ($0.isStream, $0.includesUsage) = (true, includesUsage) }
            let tree = try written(conversation)
            XCTAssertEqual(tree["stream"], .boolean(true))
            XCTAssertEqual(tree["stream_options"], try json(#"{"include_usage":true}"#))
        }
        XCTAssertNil(try written(plain { _ in })["stream"])
        XCTAssertNil(try written(plain { _ in })["stream_options"])
    }

    func testServersWithoutStreamOptionsGetNone() throws {
        let asked = try read(
            #"{"model":"m","messages":[{"role":"user","content":""}],"stream":true,"stream_options":{"include_usage":true}}"#
        )
        let rendered = try write(asked) { $0.quirks.streamOptions = false }
        assertJSON(rendered.body, #"{"model":"target","messages":[{"role":"user","content":""}],"stream":true}"#)
        XCTAssertEqual(rendered.dropped, [])
        let more = try read(
            #"{"model":"m","messages":[{"role":"user","content":""}],"stream":true,"stream_options":{"x":true}}"#)
        XCTAssertEqual(try write(more) { $0.quirks.streamOptions = false }.dropped, ["stream_options"])
    }

    func testTheBoundHasTheNameThatTheTargetKnows() throws {
        let conversation = plain { $0.outputTokensMax = 7 }
        XCTAssertEqual(try written(conversation)["max_completion_tokens"], .number(JSONNumber(7)))
        let older = try written(conversation) { $0.quirks.outputBound = .maxTokens }
        XCTAssertEqual(older["max_tokens"], .number(JSONNumber(7)))
        XCTAssertNil(older["max_completion_tokens"])
    }

    func testInstructionsHaveTheRoleThatTheTargetKnows() throws {
        let turns = [Turn(.system, [Part(.text("a"))]), Turn(.developer, [Part(.text("b"))]), Self.hello]
        let user = #"{"role":"user","content":"Hello"}"#
        assertJSON(
            try messages(turns),
            #"[{"role":"system","content":"a"},{"role":"developer","content":"b"},\#(user)]"#)
        assertJSON(
            try messages(turns) { $0.quirks.developerRole = false },
            #"[{"role":"system","content":"a"},{"role":"system","content":"b"},\#(user)]"#)
        assertJSON(
            try messages(turns) { $0.capabilities.systemMessages = false },
            #"[{"role":"user","content":"a"},{"role":"user","content":"b"},\#(user)]"#)
    }

    func testMarksOfCachesGoToWhoTakesThemAndAreNoLoss() throws {
        var turn = Turn(
            .user, [Part(.text("a"), cacheMark: CacheMark()), Part(.text("b"), cacheMark: CacheMark(seconds: 86_400))])
        assertJSON(
            try messages([turn]) { $0.quirks.cacheControl = true },
            #"""
            [{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},
             {"type":"text","text":"b","cache_control":{"type":"ephemeral","ttl":"1h"}}]}]
            """#)
        turn.parts.removeLast()
        assertJSON(try messages([turn]), #"[{"role":"user","content":"a"}]"#)
        XCTAssertEqual(try write(conversation([turn])).dropped, [])
    }

    // MARK: Identities of calls

    private func ids(_ turns: [Turn], _ change: (inout TargetTraits) -> Void = { _ in }) throws -> [String] {
        let messages = try XCTUnwrap(written(conversation(turns, origin: .gemini), change)["messages"]?.array)
        return messages.flatMap { message in
            (message["tool_calls"]?.array ?? []).compactMap { $0["id"]?.string }
                + [message["tool_call_id"]?.string].compactMap(\.self)
        }
    }

    private func call(_ id: String, _ name: String = "f") -> Part {
        Part(.toolCall(ToolCall(id: id, name: name, arguments: "{}")))
    }

    private func result(_ id: String, _ name: String? = nil, _ parts: [Part] = [Part(.text("1"))], isError: Bool? = nil)
        -> Part
    {
        Part(.toolResult(ToolResult(callID: id, name: name, parts: parts, isError: isError)))
    }

    func testIdentitiesOfNineCharactersAreTheSameForCallAndResult() throws {
        let turns = [
            Self.hello, Turn(.assistant, [call("toolu_01A"), call("abcDEF123"), call("toolu_01B")]),
            Turn(.user, [result("toolu_01A"), result("abcDEF123"), result("toolu_01B")]),
        ]
        let ids = try ids(turns) { $0.quirks.shortToolCallIDs = true }
        XCTAssertEqual(Array(ids[0..<3]), Array(ids[3..<6]))
        XCTAssertEqual(Set(ids).count, 3)
        XCTAssertEqual(ids[1], "abcDEF123")
        for id in ids {
            XCTAssertEqual(id.count, 9)
            XCTAssertTrue(id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }, id)
        }
    }

    func testLongIdentitiesAreCutAndSignaturesTakenOff() throws {
        let long = String(repeating: "x", count: 41)
        let ids = try ids([
            Self.hello, Turn(.assistant, [call(long), call("call_1-signed-c2lnbmF0dXJl")]),
            Turn(.user, [result(long), result("call_1-signed-c2lnbmF0dXJl")]),
        ])
        XCTAssertEqual(ids[0], ids[2])
        XCTAssertLessThanOrEqual(ids[0].count, 40)
        XCTAssertEqual([ids[1], ids[3]], ["call_1", "call_1"])
    }

    func testCallsWithoutIdentitiesGetThemInTheirOrder() throws {
        let ids = try ids([
            Self.hello, Turn(.assistant, [call("", "f"), call("", "g"), call("", "f")]),
            Turn(.tool, [result("", "g"), result("", "f"), result("", "f")]),
            Turn(.assistant, [call("", "f")]), Turn(.tool, [result("", "f")]),
        ])
        XCTAssertEqual(
            ids, ["call_1", "call_2", "call_3", "call_2", "call_1", "call_3", "call_4", "call_4"])
    }

    // MARK: Results

    func testResultsComeFirstThenWhatElseTheUserSays() throws {
        let turns = [
            Self.hello, Turn(.assistant, [Part(.text("Let me see.")), call("a"), call("b")]),
            Turn(.user, [Part(.text("Quick!")), result("a"), result("b", nil, [Part(.text("2")), Part(.text("3"))])]),
        ]
        assertJSON(
            try messages(turns),
            #"""
            [{"role":"user","content":"Hello"},
             {"role":"assistant","content":"Let me see.","tool_calls":[
              {"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},
              {"id":"b","type":"function","function":{"name":"f","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"a","content":"1"},
             {"role":"tool","tool_call_id":"b","content":[{"type":"text","text":"2"},{"type":"text","text":"3"}]},
             {"role":"user","content":"Quick!"}]
            """#)
    }

    func testImagesInResultsAreShownBehindAllResults() throws {
        let image = Part(.image(Media(.data("aGk="), type: "image/png")))
        let shown = #"{"type":"image_url","image_url":{"url":"data:image/png;base64,aGk="}}"#
        let calls = [Self.hello, Turn(.assistant, [call("a"), call("b")])]
        let wanted = #"""
            [{"role":"tool","tool_call_id":"a","content":"The result is shown in the next message."},
             {"role":"tool","tool_call_id":"b","content":"1"},
             {"role":"user","content":[{"type":"text","text":"Result of the call a:"},\#(shown)MORE]}LAST]
            """#
        func check(_ turns: [Turn], more: String, last: String) throws {
            let messages = try XCTUnwrap(JSONValue(parsing: messages(calls + turns)).array)
            assertJSON(
                JSONValue.array(Array(messages.dropFirst(2))).bytes,
                wanted.replacingOccurrences(of: "MORE", with: more).replacingOccurrences(of: "LAST", with: last))
        }
        let results = [Turn(.tool, [result("a", nil, [image])]), Turn(.tool, [result("b")])]
        try check(results, more: "", last: "")
        try check(
            results + [Turn(.user, [Part(.text("And?"))])], more: #",{"type":"text","text":"And?"}"#, last: "")
        try check(
            results + [Turn(.assistant, [Part(.text("I see."))])], more: "",
            last: #",{"role":"assistant","content":"I see."}"#)
    }

    func testThatAResultIsAnErrorIsSaidInItsText() throws {
        let cases: [(parts: [Part], expected: String)] = [
            ([Part(.text("not found"))], "Error: not found"), ([], "Error"),
            ([Part(.text("ERROR 404"))], "ERROR 404"), ([Part(.text(""))], "Error"),
        ]
        for (parts, expected) in cases {
            let turns = [
                Self.hello, Turn(.assistant, [call("a")]), Turn(.user, [result("a", nil, parts, isError: true)]),
            ]
            let rendered = try write(conversation(turns))
            let message = try JSONValue(parsing: rendered.body)["messages"]?.array?.last
            XCTAssertEqual(message?["content"], .string(expected))
            XCTAssertEqual(rendered.dropped + rendered.adjusted, [])
        }
    }

    // MARK: Answers of the model

    func testContentBesideCallsIsNullWhereThereIsNone() throws {
        let calls = #""tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]"#
        for (form, expected) in [
            (Turn.Form.parts, #""content":null,"#), (.null, #""content":null,"#), (.text, #""content":"","#),
            (.absent, ""),
        ] {
            assertJSON(
                try messages([Turn(.assistant, [call("a")], form: form)]),
                #"[{"role":"assistant",\#(expected)\#(calls)}]"#)
        }
    }

    func testArgumentsAreATextAndNeverEmpty() throws {
        let turn = Turn(.assistant, [Part(.toolCall(ToolCall(id: "a", name: "f", arguments: "")))])
        let message = try JSONValue(parsing: messages([turn])).array?.first
        XCTAssertEqual(message?["tool_calls"]?.array?.first?["function"]?["arguments"], .string("{}"))
    }

    func testThoughtsOfOthersAreLeftOutAndOwnOnesKept() throws {
        let foreign = Part(.thinking(Thinking(text: "hm", signature: "s", origin: .anthropic)))
        let own = Part(.thinking(Thinking(text: "hm", origin: .openai)))
        let turns = [
            Self.hello, Turn(.assistant, [foreign]), Turn(.assistant, [foreign, Part(.text("a"))]),
            Turn(.assistant, [own, Part(.text("b"))]),
        ]
        assertJSON(
            try messages(turns),
            #"""
            [{"role":"user","content":"Hello"},{"role":"assistant","content":"a"},
             {"role":"assistant","content":"b","reasoning_content":"hm"}]
            """#)
        XCTAssertEqual(try write(conversation(turns)).dropped, [])
    }

    func testAnEmptyAnswerIsAnEmptyText() throws {
        assertJSON(try messages([Turn(.assistant, [])]), #"[{"role":"assistant","content":""}]"#)
    }

    // MARK: Documents

    func testDocumentsAreFilesOrTexts() throws {
        let parts = [
            Media(.data("JVBERi0x"), type: "application/pdf"), Media(.data("aGk="), type: "text/plain", title: "a.txt"),
            Media(.text("plain")), Media(.text("plain"), title: "Title"), Media(.file("file-1")),
        ].map { Part(.document($0)) }
        assertJSON(
            try messages([Turn(.user, parts)]),
            #"""
            [{"role":"user","content":[
              {"type":"file","file":{"filename":"document.pdf","file_data":"data:application/pdf;base64,JVBERi0x"}},
              {"type":"text","text":"a.txt\n\nhi"},{"type":"text","text":"plain"},{"type":"text","text":"Title\n\nplain"},
              {"type":"file","file":{"file_id":"file-1"}}]}]
            """#)
    }

    // MARK: What is lost

    private func dropped(_ part: Part, role: Turn.Role = .user, _ change: (inout TargetTraits) -> Void = { _ in })
        throws -> [String]
    {
        try write(conversation([Self.hello, Turn(role, [Part(.text("x")), part])]), change).dropped
    }

    func testPartsThatOpenAICannotTakeAreReported() throws {
        let image = Part(.image(Media(.data("aGk="), type: "image/png")))
        let pdf = Part(.document(Media(.data("aGk="), type: "application/pdf")))
        let sound = Part(.audio(Media(.data("aGk="), type: "audio/wav")))
        let path = "messages[].content[]."
        XCTAssertEqual(try dropped(Part(.image(Media(.file("f"))))), [path + "image_url"])
        XCTAssertEqual(try dropped(image) { $0.capabilities.images = false }, [path + "image_url"])
        XCTAssertEqual(try dropped(image, role: .system), [path + "image_url"])
        XCTAssertEqual(try dropped(image, role: .assistant), [path + "image_url"])
        XCTAssertEqual(try dropped(Part(.document(Media(.url("https://a/b.pdf"))))), [path + "file"])
        XCTAssertEqual(try dropped(Part(.document(Media(.file("file_011"))))), [path + "file"])
        XCTAssertEqual(try dropped(Part(.document(Media(.file("files/abc"))))), [path + "file"])
        XCTAssertEqual(try dropped(pdf) { $0.capabilities.documents = false }, [path + "file"])
        XCTAssertEqual(try dropped(sound) { $0.capabilities.audio = false }, [path + "input_audio"])
        XCTAssertEqual(try dropped(Part(.audio(Media(.url("u"), type: "audio/wav")))), [path + "input_audio"])
        XCTAssertEqual(try dropped(Part(.video(Media(.data("aGk="), type: "video/mp4")))), [path + "video_url"])
        XCTAssertEqual(
            try dropped(Part(.native(json(#"{"type":"server_tool_use"}"#), of: .anthropic))), [path + "server_tool_use"]
        )
        XCTAssertEqual(
            try dropped(Part(.native(json(#"{"executableCode":{}}"#), of: .gemini))), [path + "executableCode"])
        XCTAssertEqual(try dropped(image), [])
    }

    func testExtrasOfOtherDialectsAreReported() throws {
        func extras(_ name: String) -> Extras {
            var extras = Extras()
            extras.add(name, .boolean(true), of: .anthropic)
            return extras
        }
        var part = Part(.text("Hello"))
        part.extras = extras("citations")
        var turn = Turn(.user, [part])
        turn.extras = extras("turn")
        var media = Media(.url("u"))
        media.extras = extras("media")
        turn.parts.append(Part(.image(media)))
        var conversation = conversation([turn])
        conversation.tools = [Tool(name: "f", kind: .function(parameters: nil))]
        conversation.tools[0].extras = extras("eager")
        conversation.extras = extras("container")
        XCTAssertEqual(
            try write(conversation).dropped,
            [
                "messages[].turn", "messages[].content[].citations", "messages[].content[].media", "tools[].eager",
                "container",
            ])
    }

    func testFieldsThatOpenAIHasNothingForAreReported() throws {
        let topK = try number("40")
        XCTAssertEqual(try write(plain { $0.sampling.topK = topK }).dropped, ["top_k"])
        let many = try write(plain { $0.stops = ["1", "2", "3", "4", "5"] })
        XCTAssertEqual(many.dropped, ["stop"])
        XCTAssertEqual(try JSONValue(parsing: many.body)["stop"], try json(#"["1","2","3","4"]"#))
        XCTAssertEqual(try write(plain { $0.stops = ["1", "2", "3", "4"] }).dropped, [])
        let native = try json(#"{"type":"web_search_20250305","name":"web_search"}"#)
        XCTAssertEqual(
            try write(plain { $0.tools = [Tool(name: "web_search", kind: .native(native))] }).dropped,
            ["tools[].web_search_20250305"])
        XCTAssertEqual(
            try write(
                plain {
                    $0.tools = [Tool(name: "f", kind: .function(parameters: nil))]
                    $0.toolChoice = .native(native)
                }
            ).dropped, ["tool_choice"])
    }

    func testModelsThatThinkGetNoSampling() throws {
        let (half, one, zero) = (try number("0.5"), try number("1.0"), try number("0"))
        let conversation = plain { conversation in
            conversation.sampling.temperature = half
            conversation.sampling.topP = one
            conversation.sampling.presencePenalty = zero
            conversation.sampling.logprobs = true
            conversation.sampling.topLogprobs = 1
            conversation.sampling.logitBias = ["1": .number(zero)]
            conversation.sampling.seed = zero
        }
        XCTAssertEqual(try write(conversation).dropped, [])
        let rendered = try write(conversation) { $0.capabilities.sampling = false }
        XCTAssertEqual(rendered.dropped, ["temperature", "logit_bias", "logprobs", "top_logprobs"])
        assertJSON(rendered.body, #"{"model":"target","messages":[{"role":"user","content":"Hello"}],"seed":0}"#)
    }

    func testNothingLeftToSayIsAnError() throws {
        let image = Turn(.user, [Part(.image(Media(.url("u"))))])
        for turns in [[], [image]] {
            XCTAssertThrowsError(try write(conversation(turns)) { $0.capabilities.images = false }) { error in
                guard case TranslationError.inexpressible(field: "messages", _) = error else {
                    return XCTFail("\(error)")
                }
            }
        }
    }

    // MARK: Thought and form of the answer

    func testThoughtIsAskedForByEffort() throws {
        for (amount, expected) in [
            (Reasoning.Amount.off, "none"), (.effort(.none), "none"), (.effort(.max), "max"), (.tokens(0), "none"),
            (.tokens(1_024), "low"), (.tokens(10_000), "medium"), (.tokens(31_999), "high"), (.automatic, nil),
        ] as [(Reasoning.Amount, String?)] {
            let conversation = plain { $0.reasoning = Reasoning(amount) }
            XCTAssertEqual(try written(conversation)["reasoning_effort"]?.string, expected)
            let without = try write(conversation) { $0.capabilities.reasoning = false }
            XCTAssertEqual(without.dropped, expected == nil || expected == "none" ? [] : ["reasoning_effort"])
        }
    }

    private static let schema = OutputSchema(schema: .object(["type": .string("object")]))

    func testFormatsAreWritten() throws {
        func format(_ format: OutputFormat) throws -> JSONValue? {
            try written(plain { $0.format = format })["response_format"]
        }
        XCTAssertEqual(try format(.text), try json(#"{"type":"text"}"#))
        XCTAssertEqual(try format(.json), try json(#"{"type":"json_object"}"#))
        XCTAssertEqual(
            try format(.schema(Self.schema)),
            try json(#"{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"}}}"#))
    }

    func testModelsWithoutSchemasAreAskedByATool() throws {
        let without: (inout TargetTraits) -> Void = { $0.capabilities.jsonSchema = false }
        let format = OutputFormat.schema(Self.schema)
        let rendered = try write(plain { $0.format = format }, without)
        assertJSON(
            rendered.body,
            #"""
            {"model":"target","messages":[{"role":"user","content":"Hello"}],
             "tools":[{"type":"function","function":{"name":"json_answer","description":"Gives the answer.","parameters":{"type":"object"}}}],
             "tool_choice":{"type":"function","function":{"name":"json_answer"}}}
            """#)
        XCTAssertEqual(rendered.reading.formatTool, "json_answer")
        XCTAssertEqual(rendered.dropped, [])
        let alsoWithoutTools = try write(plain { $0.format = format }) {
            without(&$0)
            $0.capabilities.tools = false
        }
        XCTAssertEqual(alsoWithoutTools.dropped, ["response_format"])
        XCTAssertNil(alsoWithoutTools.reading.formatTool)
    }

    func testBesideToolsTheModelMayCallOneOfThemInstead() throws {
        func tree(_ choice: ToolChoice?) throws -> (tools: [String], choice: String?, formatTool: String?) {
            let rendered = try write(
                plain {
                    $0.format = .schema(Self.schema)
                    $0.tools = [Tool(name: "f", kind: .function(parameters: nil))]
                    $0.toolChoice = choice
                }
            ) { $0.capabilities.jsonSchema = false }
            let tree = try JSONValue(parsing: rendered.body)
            return (
                (tree["tools"]?.array ?? []).compactMap { $0["function"]?["name"]?.string },
                tree["tool_choice"].map { String(decoding: $0.bytes, as: UTF8.self) }, rendered.reading.formatTool
            )
        }
        XCTAssertEqual(try tree(nil).choice, #""required""#)
        XCTAssertEqual(try tree(.automatic).tools, ["f", "json_answer"])
        XCTAssertEqual(try tree(ToolChoice.none).choice, #"{"type":"function","function":{"name":"json_answer"}}"#)
        XCTAssertEqual(try tree(.required).formatTool, nil)
        XCTAssertEqual(try tree(.function("f")).tools, ["f"])
    }

    // MARK: Tools

    func testNamesThatOpenAIDoesNotTakeAreChangedEverywhereAlike() throws {
        let name = "files.read"
        let rendered = try write(
            plain { conversation in
                conversation.tools = [Tool(name: name, kind: .function(parameters: nil))]
                conversation.toolChoice = .function(name)
                conversation.turns += [Turn(.assistant, [call("a", name)]), Turn(.user, [result("a", name)])]
            })
        let tree = try JSONValue(parsing: rendered.body)
        XCTAssertEqual(tree["tools"]?.array?[0]["function"]?["name"], .string("files_read"))
        XCTAssertEqual(tree["tool_choice"]?["function"]?["name"], .string("files_read"))
        XCTAssertEqual(
            tree["messages"]?.array?[1]["tool_calls"]?.array?[0]["function"]?["name"], .string("files_read"))
        XCTAssertEqual(rendered.reading.toolNames, ["files_read": name])
    }

    func testWithoutToolsNothingSaysHowToUseThem() throws {
        let conversation = plain { ($0.toolChoice, $0.allowsParallelToolCalls) = (.automatic, false) }
        assertJSON(try write(conversation).body, #"{"model":"target","messages":[{"role":"user","content":"Hello"}]}"#)
        XCTAssertEqual(try write(conversation).dropped, [])
        XCTAssertEqual(try write(plain { $0.toolChoice = .required }).dropped, ["tool_choice"])
        let tools = plain { $0.tools = [Tool(name: "f", kind: .function(parameters: nil))] }
        XCTAssertEqual(try write(tools) { $0.capabilities.tools = false }.dropped, ["tools"])
    }

    func testAnthropicsTierHasAnotherNameHere() throws {
        XCTAssertEqual(try written(plain { $0.serviceTier = "standard_only" })["service_tier"], .string("default"))
        XCTAssertEqual(try written(plain { $0.serviceTier = "auto" })["service_tier"], .string("auto"))
    }

    func testLabelsOfOthersAreNotKeptWithoutTheAnswer() throws {
        let labels = plain { $0.metadata = ["team": .string("search")] }
        XCTAssertEqual(try write(labels).dropped, ["metadata"])
        XCTAssertNil(try written(labels)["metadata"])
        XCTAssertEqual(try write(plain { $0.metadata = JSONObject() }).dropped, [])
        var own = labels
        own.origin = .openai
        XCTAssertEqual(try written(own)["metadata"]?["team"], .string("search"))
    }

    func testALongNameOfAPersonBecomesAShortOneThatStaysTheSame() throws {
        let long = #"{"device_id":"0f3a","account_uuid":"","session_id":"5b1d7e8a-6f2c-4f43-9d9a-2f8e1f1f9a11"}"#
        let rendered = try write(plain { $0.endUser = long })
        XCTAssertEqual(rendered.adjusted, ["user"])
        let name = try XCTUnwrap(JSONValue(parsing: rendered.body)["user"]?.string)
        XCTAssertEqual(name.utf8.count, 64)
        XCTAssertEqual(try written(plain { $0.endUser = long })["user"], .string(name))
        XCTAssertNotEqual(try written(plain { $0.endUser = long + " " })["user"], .string(name))
        let short = String(repeating: "u", count: 64)
        XCTAssertEqual(try written(plain { $0.endUser = short })["user"], .string(short))
        XCTAssertEqual(try write(plain { $0.endUser = short }).adjusted, [])
    }
}
