import Shared
import Translate
import XCTest

/// How a history from any dialect is written for Gemini.
final class GeminiHistoryTests: XCTestCase {
    private func contents(_ rendered: RenderedRequest) throws -> String {
        let body = try JSONValue(parsing: rendered.body)
        return String(decoding: (body["contents"] ?? .null).bytes, as: UTF8.self)
    }

    private func check(
        _ turns: [Turn], _ expected: String, model: String = "gemini-2.5-flash", dropped: [String] = [],
        adjusted: [String] = [], file: StaticString = #filePath, line: UInt = #line
    ) throws {
        let rendered = try Gemini.write(Gemini.conversation(turns), model: model)
        assertJSON(Array(try contents(rendered).utf8), expected, file: file, line: line)
        XCTAssertEqual(rendered.dropped, dropped, file: file, line: line)
        XCTAssertEqual(rendered.adjusted, adjusted, file: file, line: line)
    }

    // MARK: Instructions and roles

    func testInstructionsOfAllKindsAndPlacesAreTheSystemInstruction() throws {
        let rendered = try Gemini.write(
            Gemini.conversation([
                Turn(.system, [Part(.text("a"))]), Turn(.user, [Part(.text("Hi"))]),
                Turn(.developer, [Part(.text("b"))]), Turn(.user, [Part(.text("Ho"))]),
            ]))
        assertJSON(
            rendered.body,
            """
            {"contents":[{"role":"user","parts":[{"text":"Hi"},{"text":"Ho"}]}],
             "systemInstruction":{"parts":[{"text":"a"},{"text":"b"}]}}
            """)
        XCTAssertEqual(rendered.dropped, [])
    }

    func testInstructionsAloneAreSaidByTheUser() throws {
        try check(
            [Turn(.system, [Part(.text("a"))])], #"[{"role":"user","parts":[{"text":"a"}]}]"#,
            adjusted: ["messages[].role"])
    }

    func testAModelWithoutInstructionsHearsThemFromTheUser() throws {
        let conversation = Gemini.conversation([
            Turn(.system, [Part(.text("a"))]), Turn(.assistant, [Part(.text("b"))]), Turn(.user, [Part(.text("c"))]),
        ])
        let rendered = try Gemini.write(conversation, model: "gemma-3") { $0.systemMessages = false }
        assertJSON(
            rendered.body,
            """
            {"contents":[{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"text":"b"}]},
              {"role":"user","parts":[{"text":"c"}]}]}
            """)
    }

    func testPicturesInInstructionsAreDropped() throws {
        try check(
            [Turn(.system, [Part(.text("a")), Part(.image(Media(.data("aGk="))))]), Turn(.user, [Part(.text("b"))])],
            #"[{"role":"user","parts":[{"text":"b"}]}]"#, dropped: ["messages[].content"])
    }

    func testTurnsOfOneRoleAreMergedAndEmptyTextsLeftOut() throws {
        try check(
            [
                Turn(.user, [Part(.text("a"))]), Turn(.user, [Part(.text("")), Part(.text("b"))]),
                Turn(.assistant, [Part(.text(""))], form: .text), Turn(.assistant, [], form: .null),
                Turn(.user, [Part(.text("c"))]), Turn(.assistant, [Part(.refusal("No."))]),
            ],
            """
            [{"role":"user","parts":[{"text":"a"},{"text":"b"},{"text":"c"}]},{"role":"model","parts":[{"text":"No."}]}]
            """)
    }

    func testNobodySayingAnythingIsInexpressible() {
        for turns in [[], [Turn(.user, [Part(.text(""))])], [Turn(.user, [], form: .absent)]] {
            XCTAssertThrowsError(try Gemini.write(Gemini.conversation(turns))) { error in
                guard case .inexpressible("messages", _)? = error as? TranslationError else {
                    return XCTFail("\(error)")
                }
            }
        }
    }

    func testNamesOfParticipantsAndForeignMembersAreReportedAndMarksOfCachesAreNot() throws {
        var turn = Turn(.user, [Part(.text("a"), cacheMark: CacheMark())], name: "Ann")
        turn.extras.add("weight", .number(JSONNumber(1)), of: .openai)
        turn.parts[0].extras.add("citations", .boolean(true), of: .anthropic)
        turn.parts.append(Part(.native(try Gemini.json(#"{"type":"search_result"}"#), of: .anthropic)))
        try check(
            [turn], #"[{"role":"user","parts":[{"text":"a"}]}]"#,
            dropped: [
                "messages[].weight", "messages[].name", "messages[].citations", "messages[].search_result",
            ])
    }

    // MARK: Media

    func testMediaOfAllSources() throws {
        try check(
            [
                Turn(
                    .user,
                    [
                        Part(.image(Media(.data("aGk="), type: "image/png"))), Part(.image(Media(.data("aGk=")))),
                        Part(.image(Media(.url("https://example.com/a.webp?x=1")))),
                        Part(.image(Media(.url("https://example.com/a")))),
                        Part(.image(Media(.url("https://example.com")))),
                        Part(.document(Media(.data("aGk=")))),
                        Part(.document(Media(.url("https://example.com/a.csv")))),
                        Part(.document(Media(.text("hello")))),
                        Part(.audio(Media(.data("aGk="), type: "wav"))),
                        Part(.audio(Media(.data("aGk="), type: "audio/mpeg"))),
                        Part(.video(Media(.url("https://www.youtube.com/watch?v=1")))),
                        Part(.video(Media(.file("gs://b/a.mov")))),
                    ])
            ],
            """
            [{"role":"user","parts":[
              {"inlineData":{"mimeType":"image/png","data":"aGk="}},{"inlineData":{"mimeType":"image/jpeg","data":"aGk="}},
              {"fileData":{"mimeType":"image/webp","fileUri":"https://example.com/a.webp?x=1"}},
              {"fileData":{"mimeType":"image/jpeg","fileUri":"https://example.com/a"}},
              {"fileData":{"mimeType":"image/jpeg","fileUri":"https://example.com"}},
              {"inlineData":{"mimeType":"application/pdf","data":"aGk="}},
              {"fileData":{"mimeType":"text/csv","fileUri":"https://example.com/a.csv"}},
              {"inlineData":{"mimeType":"text/plain","data":"aGVsbG8="}},
              {"inlineData":{"mimeType":"audio/wav","data":"aGk="}},{"inlineData":{"mimeType":"audio/mpeg","data":"aGk="}},
              {"fileData":{"fileUri":"https://www.youtube.com/watch?v=1"}},
              {"fileData":{"mimeType":"video/mov","fileUri":"gs://b/a.mov"}}]}]
            """)
    }

    func testWhatGeminiCannotBeToldOfMediaIsReported() throws {
        try check(
            [
                Turn(
                    .user,
                    [
                        Part(.text("a")), Part(.image(Media(.file("file-1")))),
                        Part(.document(Media(.file("file-2")))), Part(.document(Media(.data("aGk="), title: "a.pdf"))),
                        Part(.image(Media(.data("aGk="), type: "image/png", detail: "low"))),
                        Part(.image(Media(.data("aGk="), type: "image/png", detail: "auto"))),
                    ])
            ],
            """
            [{"role":"user","parts":[{"text":"a"},{"inlineData":{"mimeType":"application/pdf","data":"aGk="}},
              {"inlineData":{"mimeType":"image/png","data":"aGk="}},{"inlineData":{"mimeType":"image/png","data":"aGk="}}]}]
            """,
            dropped: ["messages[].image_url", "messages[].file", "messages[].image_url.detail"])
    }

    func testMediaThatTheModelCannotTakeAreDropped() throws {
        let media = Media(.data("aGk="))
        let conversation = Gemini.conversation([
            Turn(
                .user,
                [Part(.text("a")), Part(.image(media)), Part(.document(media)), Part(.audio(media))])
        ])
        let rendered = try Gemini.write(conversation) {
            ($0.images, $0.documents, $0.audio) = (false, false, false)
        }
        assertJSON(rendered.body, #"{"contents":[{"role":"user","parts":[{"text":"a"}]}]}"#)
        XCTAssertEqual(rendered.dropped, ["messages[].image_url", "messages[].file", "messages[].input_audio"])
    }

    // MARK: Calls and results

    func testResultsGetTheNameOfTheirCallAndStandInOneUserTurn() throws {
        try check(
            [
                Turn(.user, [Part(.text("a"))]),
                Turn(.assistant, [Part(.text("b")), Gemini.call("toolu_1"), Gemini.call("toolu_2", "time", "")]),
                Turn(.tool, [Gemini.result("toolu_1")]), Turn(.tool, [Gemini.result("toolu_2", #" {"hour": 7} "#)]),
                Turn(.user, [Part(.text("c"))]),
            ],
            """
            [{"role":"user","parts":[{"text":"a"}]},
             {"role":"model","parts":[{"text":"b"},{"functionCall":{"id":"toolu_1","name":"weather","args":{"city":"Oslo"}}},
               {"functionCall":{"id":"toolu_2","name":"time","args":{}}}]},
             {"role":"user","parts":[{"functionResponse":{"id":"toolu_1","name":"weather","response":{"result":"rain"}}},
               {"functionResponse":{"id":"toolu_2","name":"time","response":{"hour":7}}},{"text":"c"}]}]
            """)
    }

    func testResultsAreObjectsTextsOrErrors() throws {
        func response(_ part: Part) throws -> String {
            let turns = [Turn(.assistant, [Gemini.call("a")]), Turn(.tool, [part])]
            let body = try JSONValue(parsing: Gemini.write(Gemini.conversation(turns)).body)
            let result = body["contents"]?.array?[1]["parts"]?.array?[0]["functionResponse"]?["response"]
            return String(decoding: (result ?? .null).bytes, as: UTF8.self)
        }
        XCTAssertEqual(try response(Gemini.result("a", #"{"a":1.0}"#)), #"{"a":1.0}"#)
        XCTAssertEqual(try response(Gemini.result("a", "[1]")), #"{"result":"[1]"}"#)
        XCTAssertEqual(try response(Gemini.result("a", "{not so}")), #"{"result":"{not so}"}"#)
        XCTAssertEqual(try response(Gemini.result("a", "")), #"{"result":""}"#)
        XCTAssertEqual(try response(Gemini.result("a", "gone", isError: true)), #"{"error":"gone"}"#)
        XCTAssertEqual(try response(Gemini.result("a", #"{"c":5}"#, isError: true)), #"{"error":{"c":5}}"#)
        XCTAssertEqual(try response(Gemini.result("a", "fine", isError: false)), #"{"result":"fine"}"#)
        let pieces = ToolResult(
            callID: "a",
            parts: [
                Part(.text("x")), Part(.document(Media(.text("y")))),
                Part(.native(try Gemini.json(#"{"type":"z"}"#), of: .anthropic)),
            ])
        XCTAssertEqual(try response(Part(.toolResult(pieces))), #"{"result":"x\ny\n{\"type\":\"z\"}"}"#)
    }

    func testAResultWithoutItsCallKeepsWhatNameItHas() throws {
        let named = ToolResult(callID: "x", name: "my tool", parts: [])
        let rendered = try Gemini.write(
            Gemini.conversation([Turn(.tool, [Part(.toolResult(named)), Gemini.result("y")])]))
        assertJSON(
            rendered.body,
            """
            {"contents":[{"role":"user","parts":[{"functionResponse":{"id":"x","name":"my_tool","response":{"result":""}}},
              {"functionResponse":{"id":"y","name":"y","response":{"result":"rain"}}}]}]}
            """)
    }

    func testMadeUpIdentitiesAreNotSentAndResultsStandInTheOrderOfTheirCalls() throws {
        try check(
            [
                Turn(
                    .assistant,
                    [
                        Gemini.call("call_1_0", "f", #"{"a":1}"#), Gemini.call("call_1_1", "g"),
                        Gemini.call("call_1_2", "f"),
                    ]),
                Turn(
                    .tool,
                    [Gemini.result("call_1_2", "3"), Gemini.result("call_1_1", "2"), Gemini.result("call_1_0", "1")]),
            ],
            """
            [{"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":1}}},{"functionCall":{"name":"g","args":{"city":"Oslo"}}},
               {"functionCall":{"name":"f","args":{"city":"Oslo"}}}]},
             {"role":"user","parts":[{"functionResponse":{"name":"f","response":{"result":"1"}}},
               {"functionResponse":{"name":"g","response":{"result":"2"}}},{"functionResponse":{"name":"f","response":{"result":"3"}}}]}]
            """)
    }

    func testArgumentsThatAreNoObjectBecomeItsOnlyMember() throws {
        try check(
            [
                Turn(
                    .assistant,
                    [
                        Gemini.call("a", "f", "[1]"), Gemini.call("b", "f", "{broken"), Gemini.call("c", "f", "null"),
                        Gemini.call("d", "f", " "),
                    ])
            ],
            """
            [{"role":"model","parts":[{"functionCall":{"id":"a","name":"f","args":{"input":[1]}}},
               {"functionCall":{"id":"b","name":"f","args":{"input":"{broken"}}},{"functionCall":{"id":"c","name":"f","args":{}}},
               {"functionCall":{"id":"d","name":"f","args":{}}}]}]
            """, adjusted: ["messages[].tool_calls[].function.arguments"])
    }

    func testMediaInResultsStandInsideOrBesideByTheModel() throws {
        let result = ToolResult(
            callID: "a",
            parts: [
                Part(.text("see")), Part(.image(Media(.data("aGk="), type: "image/png"))),
                Part(.image(Media(.url("https://example.com/a.png")))),
            ])
        let turns = [
            Turn(.assistant, [Gemini.call("a", signature: "QQ==")]),
            Turn(.tool, [Part(.toolResult(result)), Gemini.result("b")]),
        ]
        let model = """
            {"role":"model","parts":[{"functionCall":{"id":"a","name":"weather","args":{"city":"Oslo"}},"thoughtSignature":"QQ=="}]}
            """
        let data = #"{"inlineData":{"mimeType":"image/png","data":"aGk="}}"#
        let file = #"{"fileData":{"mimeType":"image/png","fileUri":"https://example.com/a.png"}}"#
        let other = #"{"functionResponse":{"id":"b","name":"b","response":{"result":"rain"}}}"#
        try check(
            turns,
            """
            [\(model),{"role":"user","parts":[{"functionResponse":{"id":"a","name":"weather","response":{"result":"see"},"parts":[\(data)]}},
              \(other),\(file)]}]
            """, model: "gemini-3-pro-preview")
        try check(
            turns,
            """
            [\(model),{"role":"user","parts":[{"functionResponse":{"id":"a","name":"weather","response":{"result":"see"}}},
              \(other),\(data),\(file)]}]
            """)
    }

    // MARK: Signatures

    func testASignatureComesOutOfTheIdentityOfACall() throws {
        let signature = Base64.encode(Array(0...20))
        let answer = try Gemini.answer(
            """
            {"candidates":[{"content":{"parts":[{"functionCall":{"name":"weather","args":{"city":"Oslo"}},"thoughtSignature":"\(signature)"}]}}],
             "responseId":"r1"}
            """)
        guard case .toolCall(var call) = answer.choices[0].parts[0].content else { return XCTFail() }
        // A caller of another dialect gives back the identity and nothing else.
        call.signature = nil
        try check(
            [
                Turn(.user, [Part(.text("a"))]), Turn(.assistant, [Part(.toolCall(call))]),
                Turn(.tool, [Gemini.result(call.id)]),
            ],
            """
            [{"role":"user","parts":[{"text":"a"}]},
             {"role":"model","parts":[{"functionCall":{"name":"weather","args":{"city":"Oslo"}},"thoughtSignature":"\(signature)"}]},
             {"role":"user","parts":[{"functionResponse":{"name":"weather","response":{"result":"rain"}}}]}]
            """, model: "gemini-3-flash")
    }

    private func signatures(_ turns: [Turn], model: String, reasoning: Bool = true) throws -> [String?] {
        let rendered = try Gemini.write(Gemini.conversation(turns), model: model) { $0.reasoning = reasoning }
        let body = try JSONValue(parsing: rendered.body)
        return (body["contents"]?.array ?? []).flatMap { $0["parts"]?.array ?? [] }
            .filter { $0["functionCall"] != nil }.map { $0["thoughtSignature"]?.string }
    }

    func testUnsignedCallsOfTheCurrentLoopSkipTheValidatorForTheModelsThatHaveOne() throws {
        let skip = "skip_thought_signature_validator"
        let turns = [
            Turn(.user, [Part(.text("a"))]), Turn(.assistant, [Gemini.call("1")]), Turn(.tool, [Gemini.result("1")]),
            Turn(.assistant, [Part(.text("b"))]), Turn(.user, [Part(.text("c"))]),
            Turn(.assistant, [Gemini.call("2"), Gemini.call("3")]),
            Turn(.tool, [Gemini.result("2"), Gemini.result("3")]),
            Turn(.assistant, [Gemini.call("4", signature: "QQ=="), Gemini.call("5")]),
            Turn(.tool, [Gemini.result("4"), Gemini.result("5")]), Turn(.assistant, [Gemini.call("6")]),
            Turn(.tool, [Gemini.result("6")]),
        ]
        let expected: [String?] = [nil, skip, nil, "QQ==", nil, skip]
        for model in ["gemini-3-pro-preview", "gemini-3.1-flash-lite", "gemini-flash-latest", "models/gemini-4-argon"] {
            XCTAssertEqual(try signatures(turns, model: model), expected, model)
        }
        let unsigned: [String?] = [nil, nil, nil, "QQ==", nil, nil]
        for model in ["gemini-2.5-pro", "gemini-2.0-flash", "gemma-3-27b-it"] {
            XCTAssertEqual(try signatures(turns, model: model), unsigned, model)
        }
        XCTAssertEqual(try signatures(turns, model: "gemini-3-pro-preview", reasoning: false), unsigned)
        let begun = Array(turns.dropFirst().prefix(2))
        XCTAssertEqual(try signatures(begun, model: "gemini-3-pro-preview"), [skip], "a history without its beginning")
    }

    func testASignatureOfATextComesBackFromAnotherDialectAsAnEmptyThought() throws {
        try check(
            [
                Turn(
                    .assistant,
                    [Part(.text("a")), Part(.thinking(Thinking(text: "", signature: "QQ==", origin: .gemini)))])
            ],
            #"[{"role":"model","parts":[{"text":"a","thoughtSignature":"QQ=="}]}]"#)
    }

    func testThoughtsGoBackToTheirOwnProviderOnly() throws {
        try check(
            [
                Turn(.user, [Part(.text("a"))]),
                Turn(
                    .assistant,
                    [
                        Part(.thinking(Thinking(text: "theirs", signature: "x", origin: .anthropic))),
                        Part(.thinking(Thinking(text: "ours", signature: "QQ==", origin: .gemini))), Part(.text("b")),
                        Part(.thinking(Thinking(signature: "Qg==", origin: .gemini))),
                    ]),
            ],
            """
            [{"role":"user","parts":[{"text":"a"}]},
             {"role":"model","parts":[{"text":"ours","thought":true,"thoughtSignature":"QQ=="},{"text":"b","thoughtSignature":"Qg=="}]}]
            """)
    }
}
