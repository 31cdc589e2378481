import Shared
import Translate
import XCTest

final class GeminiRequestReaderTests: XCTestCase {
    // MARK: The call

    func testModelAndStreamComeFromTheCall() throws {
        let body = #"{"model":"models/other","contents":[{"parts":[{"text":"Hi"}]}]}"#
        let conversation = try Gemini.read(body, model: "gemini-2.5-pro", isStream: true)
        XCTAssertEqual(conversation.model, "gemini-2.5-pro")
        XCTAssertTrue(conversation.isStream)
        XCTAssertTrue(conversation.extras.isEmpty)
        let alone = try GeminiContent.conversation(from: Gemini.json(body), of: InboundCall())
        XCTAssertEqual(alone.model, "models/other")
        XCTAssertFalse(alone.isStream)
        assertInvalid(
            "model", try GeminiContent.conversation(from: Gemini.json(#"{"contents":[]}"#), of: InboundCall()))
    }

    // MARK: History

    func testRolesAreReadAndOneContentNeedsNone() throws {
        let conversation = try Gemini.read(
            """
            {"contents":[{"parts":[{"text":"a"}]},{"role":"model","parts":[{"text":"b"}]},{"role":"user","parts":[{"text":"c"}]}]}
            """)
        XCTAssertEqual(conversation.turns.map(\.role), [.user, .assistant, .user])
        XCTAssertEqual(conversation.turns.map { $0.parts[0].text }, ["a", "b", "c"])
        let single = try Gemini.read(#"{"contents":{"parts":{"text":"a"}}}"#)
        XCTAssertEqual(single.turns, [Turn(.user, [Part(.text("a"))])])
    }

    func testSystemInstructionIsAContentOrAText() throws {
        let content =
            #"{"contents":[{"parts":[{"text":"x"}]}],"system_instruction":{"role":"user","parts":[{"text":"Be brief."}]}}"#
        XCTAssertEqual(try Gemini.read(content).turns[0], Turn(.system, [Part(.text("Be brief."))]))
        let text = #"{"contents":[{"parts":[{"text":"x"}]}],"systemInstruction":"Be brief."}"#
        XCTAssertEqual(try Gemini.read(text).turns[0], Turn(.system, [Part(.text("Be brief."))], form: .text))
    }

    func testMediaAreReadByTheirType() throws {
        let conversation = try Gemini.read(
            """
            {"contents":[{"parts":[
              {"inlineData":{"mimeType":"image/png","data":"aGk="}},
              {"inline_data":{"mime_type":"audio/wav","data":"-_8"}},
              {"inlineData":{"mimeType":"application/pdf","data":"aGk=","displayName":"a.pdf"}},
              {"fileData":{"fileUri":"https://youtu.be/x"},"videoMetadata":{"startOffset":"10s"}},
              {"file_data":{"file_uri":"gs://bucket/a.bin","mime_type":"video/mp4"}},
              {"fileData":{"fileUri":"https://example.com/a/b.JPG?x=.pdf"}},
              {"fileData":{"fileUri":"https://generativelanguage.googleapis.com/v1beta/files/x","mimeType":"text/csv"}}]}]}
            """)
        let parts = conversation.turns[0].parts
        XCTAssertEqual(parts[0].content, .image(Media(.data("aGk="), type: "image/png")))
        XCTAssertEqual(parts[1].content, .audio(Media(.data("+/8="), type: "audio/wav")), "base64 in one alphabet")
        guard case .document(let pdf) = parts[2].content else { return XCTFail() }
        XCTAssertEqual(pdf.title, "a.pdf")
        XCTAssertEqual(parts[3].content, .video(Media(.url("https://youtu.be/x"))))
        XCTAssertEqual(parts[3].extras.lost(to: .openai), ["videoMetadata"])
        XCTAssertEqual(parts[4].content, .video(Media(.file("gs://bucket/a.bin"), type: "video/mp4")))
        XCTAssertEqual(parts[5].content, .image(Media(.url("https://example.com/a/b.JPG?x=.pdf"))))
        XCTAssertEqual(
            parts[6].content,
            .document(Media(.file("https://generativelanguage.googleapis.com/v1beta/files/x"), type: "text/csv")))
    }

    func testPartsOfOtherKindsAreKeptWhole() throws {
        for part in [
            #"{"executableCode":{"language":"PYTHON","code":"1"},"thoughtSignature":"QQ=="}"#,
            #"{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1"}}"#,
            #"{"toolCall":{"id":"1"}}"#, #"{"thought":true,"inlineData":{"mimeType":"image/png","data":"aGk="}}"#,
        ] {
            let conversation = try Gemini.read(#"{"contents":[{"role":"model","parts":[\#(part)]}]}"#)
            XCTAssertEqual(conversation.turns[0].parts, [Part(.native(try Gemini.json(part), of: .gemini))])
        }
    }

    func testSignaturesAreThoughtsOfTheirOwn() throws {
        let conversation = try Gemini.read(
            """
            {"contents":[{"role":"model","parts":[
              {"text":"hmm","thought":true,"thought_signature":"QQ=="},{"text":"a","thoughtSignature":"Qg=="},
              {"text":"","thoughtSignature":"Qw=="},
              {"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"RA=="}]}]}
            """)
        let parts = conversation.turns[0].parts
        XCTAssertEqual(parts[0].content, .thinking(Thinking(text: "hmm", signature: "QQ==", origin: .gemini)))
        XCTAssertEqual(parts[1].content, .text("a"))
        XCTAssertEqual(parts[2].content, .thinking(Thinking(signature: "Qg==", origin: .gemini)))
        guard case .thinking(let alone) = parts[3].content else { return XCTFail() }
        XCTAssertEqual(alone.signature, "Qw==")
        guard case .toolCall(let call) = parts[4].content else { return XCTFail() }
        XCTAssertEqual(call.signature, "RA==")
        XCTAssertEqual(call.id, "call_0_0", "a caller's identities stay as short as they are")
        XCTAssertEqual(call.arguments, #"{"a":1}"#)
    }

    func testAnotherProvidersThoughtIsItsOwnAgain() throws {
        let carried = Base64.encode(Array("weir:anthropic:signature:c2ln:x".utf8))
        let sealed = Base64.encode(Array("weir:bedrock:sealed:abc".utf8))
        let conversation = try Gemini.read(
            """
            {"contents":[{"role":"model","parts":[{"text":"one ","thought":true},{"text":"two","thought":true},
              {"text":"","thought":true,"thoughtSignature":"\(carried)"},
              {"text":"","thought":true,"thoughtSignature":"\(sealed)"}]}]}
            """)
        XCTAssertEqual(
            conversation.turns[0].parts,
            [
                Part(.thinking(Thinking(text: "one two", signature: "c2ln:x", origin: .anthropic))),
                Part(.thinking(Thinking(sealed: "abc", origin: .bedrock))),
            ])
    }

    // MARK: Functions

    func testCallsAndResponsesWithoutIdentitiesArePairedByNameAndOrder() throws {
        let body = """
            {"contents":[{"role":"user","parts":[{"text":"x"}]},
              {"role":"model","parts":[{"functionCall":{"name":"f"}},{"functionCall":{"name":"g"}},{"functionCall":{"name":"f"}}]},
              {"role":"function","parts":[{"functionResponse":{"name":"g","response":{"a":1}}},
                {"functionResponse":{"name":"f","response":{"result":"1"}}},
                {"functionResponse":{"name":"f","response":{"result":"2"}}}]},
              {"role":"model","parts":[{"functionCall":{"name":"f"}}]},
              {"role":"user","parts":[{"functionResponse":{"name":"f","response":{}}}]}]}
            """
        let turns = try Gemini.read(body).turns
        XCTAssertEqual(turns.map(\.role), [.user, .assistant, .tool, .assistant, .tool])
        XCTAssertEqual(Self.callIDs(turns[1]), ["call_1_0", "call_1_1", "call_1_2"])
        XCTAssertEqual(Self.callIDs(turns[2]), ["call_1_1", "call_1_0", "call_1_2"])
        XCTAssertEqual(Self.callIDs(turns[3]), Self.callIDs(turns[4]))
        XCTAssertEqual(try Gemini.read(body).turns, turns, "the next request makes the same identities")
    }

    func testGivenIdentitiesStay() throws {
        let turns = try Gemini.read(
            """
            {"contents":[{"role":"model","parts":[{"functionCall":{"id":"a","name":"f","args":null}},{"functionCall":{"id":"b","name":"f"}}]},
              {"role":"user","parts":[{"functionResponse":{"id":"b","name":"f","response":{}}},{"functionResponse":{"name":"f","response":{}}},
                {"functionResponse":{"name":"f","response":{}}},{"text":"and?"}]}]}
            """
        ).turns
        XCTAssertEqual(Self.callIDs(turns[0]), ["a", "b"])
        XCTAssertEqual(turns[1].role, .user, "the user says something too")
        XCTAssertEqual(Self.callIDs(turns[1]), ["b", "a", "call_1_0"])
    }

    func testAResponseWithoutAnIdentityBelongsToACallWithoutOne() throws {
        let turns = try Gemini.read(
            """
            {"contents":[{"role":"model","parts":[{"functionCall":{"id":"a","name":"f"}},{"functionCall":{"name":"f"}}]},
              {"role":"user","parts":[{"functionResponse":{"name":"f","response":{}}},{"functionResponse":{"id":"a","name":"f","response":{}}}]}]}
            """
        ).turns
        XCTAssertEqual(Self.callIDs(turns[1]), ["call_0_0", "a"])
    }

    func testCallsThatNobodyAnsweredAreNotAnsweredLater() throws {
        let turns = try Gemini.read(
            """
            {"contents":[{"role":"model","parts":[{"functionCall":{"name":"f"}}]},{"role":"user","parts":[{"text":"never mind"}]},
              {"role":"model","parts":[{"functionCall":{"name":"f"}}]},{"role":"model","parts":[{"functionCall":{"name":"g"}}]},
              {"role":"user","parts":[{"functionResponse":{"name":"f","response":{}}},{"functionResponse":{"name":"g","response":{}}}]}]}
            """
        ).turns
        XCTAssertEqual(Self.callIDs(turns[4]), ["call_2_0", "call_3_0"])
    }

    func testResponsesAreTextsOrJSON() throws {
        func result(_ response: String) throws -> ToolResult {
            let body = #"{"contents":[{"parts":[{"functionResponse":{"id":"a","name":"f","response":\#(response)}}]}]}"#
            guard case .toolResult(let result) = try Gemini.read(body).turns[0].parts[0].content else {
                throw TranslationError.malformed("no result")
            }
            return result
        }
        XCTAssertEqual(try result(#"{"result":"rain"}"#).parts, [Part(.text("rain"))])
        XCTAssertEqual(try result(#"{"output":"rain"}"#).parts, [Part(.text("rain"))])
        XCTAssertTrue(try result(#"{"output":"rain"}"#).extras.lost(to: .openai).isEmpty)
        XCTAssertEqual(try result(#"{"error":"gone"}"#).isError, true)
        XCTAssertEqual(try result(#"{"error":{"code":5}}"#).parts, [Part(.text(#"{"code":5}"#))])
        XCTAssertEqual(try result(#"{"error":{"code":5}}"#).isError, true)
        XCTAssertEqual(try result(#"{"result":5}"#).parts, [Part(.text(#"{"result":5}"#))])
        XCTAssertEqual(try result(#"{"a":1.50,"b":"x"}"#).parts, [Part(.text(#"{"a":1.50,"b":"x"}"#))])
        XCTAssertNil(try result("{}").isError)
    }

    func testResponsesMayHaveMedia() throws {
        let turns = try Gemini.read(
            """
            {"contents":[{"parts":[{"functionResponse":{"id":"a","name":"f","willContinue":true,"response":{"result":"see"},
              "parts":[{"inlineData":{"mimeType":"image/png","data":"aGk=","displayName":"p"}}]}}]}]}
            """
        ).turns
        guard case .toolResult(let result) = turns[0].parts[0].content else { return XCTFail() }
        XCTAssertEqual(result.parts[0].text, "see")
        guard case .image(let image) = result.parts[1].content else { return XCTFail() }
        XCTAssertEqual(image.source, .data("aGk="))
        XCTAssertEqual(result.extras.lost(to: .openai), ["willContinue"])
    }

    private static func callIDs(_ turn: Turn) -> [String] {
        turn.parts.compactMap { part in
            switch part.content {
            case .toolCall(let call): call.id
            case .toolResult(let result): result.callID
            default: nil
            }
        }
    }

    // MARK: Counting

    func testCountingTokensTakesContentsOrAWholeRequest() throws {
        let call = InboundCall(model: "gemini-2.5-flash")
        let contents = try GeminiContent.conversationToCount(
            from: Gemini.json(#"{"contents":[{"parts":[{"text":"a"}]}]}"#), of: call)
        XCTAssertEqual(contents.turns, [Turn(.user, [Part(.text("a"))])])
        let whole = try GeminiContent.conversationToCount(
            from: Gemini.json(
                """
                {"generate_content_request":{"model":"models/x","contents":[{"parts":[{"text":"a"}]}],
                  "systemInstruction":{"parts":[{"text":"s"}]}}}
                """), of: call)
        XCTAssertEqual(whole.turns.map(\.role), [.system, .user])
        assertInvalid(
            "generateContentRequest.contents",
            try GeminiContent.conversationToCount(
                from: Gemini.json(#"{"generateContentRequest":{}}"#), of: call))
        XCTAssertEqual(String(decoding: GeminiContent.tokenCountBody(31), as: UTF8.self), #"{"totalTokens":31}"#)
    }

    // MARK: Errors

    func testErrorsNameTheField() {
        let bodies = [
            ("contents", #"{}"#), ("contents", #"{"contents":[]}"#), ("contents", #"{"contents":"Hi"}"#),
            ("contents[0]", #"{"contents":["Hi"]}"#),
            ("contents[0].role", #"{"contents":[{"role":"system","parts":[]}]}"#),
            ("contents[0].role", #"{"contents":[{"role":1,"parts":[]}]}"#),
            ("contents[0].parts", #"{"contents":[{"parts":"Hi"}]}"#),
            ("contents[0].parts[1]", #"{"contents":[{"parts":[{"text":"a"},{}]}]}"#),
            ("contents[0].parts[0].text", #"{"contents":[{"parts":[{"text":1}]}]}"#),
            ("contents[0].parts[0].inlineData.data", #"{"contents":[{"parts":[{"inlineData":{"mimeType":"a/b"}}]}]}"#),
            ("contents[0].parts[0].fileData.fileUri", #"{"contents":[{"parts":[{"file_data":{}}]}]}"#),
            ("contents[0].parts[0].functionCall.name", #"{"contents":[{"parts":[{"functionCall":{"args":{}}}]}]}"#),
            (
                "contents[0].parts[0].functionCall.args",
                #"{"contents":[{"parts":[{"functionCall":{"name":"f","args":"{}"}}]}]}"#
            ),
            (
                "contents[0].parts[0].functionResponse.response",
                #"{"contents":[{"parts":[{"functionResponse":{"name":"f","response":"x"}}]}]}"#
            ),
            (
                "contents[0].parts[0].functionResponse.parts[0]",
                #"{"contents":[{"parts":[{"functionResponse":{"name":"f","parts":["x"]}}]}]}"#
            ),
            (
                "contents[0].parts[0].functionResponse.parts[0]",
                #"{"contents":[{"parts":[{"functionResponse":{"name":"f","parts":[{}]}}]}]}"#
            ),
            ("systemInstruction", #"{"contents":[{"parts":[{"text":"a"}]}],"systemInstruction":7}"#),
            ("tools", #"{"contents":[{"parts":[{"text":"a"}]}],"tools":{}}"#),
            (
                "tools[0].functionDeclarations[0].name",
                #"{"contents":[{"parts":[{"text":"a"}]}],"tools":[{"functionDeclarations":[{}]}]}"#
            ),
            (
                "toolConfig.functionCallingConfig.allowedFunctionNames[0]",
                """
                {"contents":[{"parts":[{"text":"a"}]}],"tool_config":{"function_calling_config":{"allowed_function_names":[1]}}}
                """
            ),
            (
                "generationConfig.temperature",
                #"{"contents":[{"parts":[{"text":"a"}]}],"generation_config":{"temperature":"hot"}}"#
            ),
            (
                "generationConfig.maxOutputTokens",
                #"{"contents":[{"parts":[{"text":"a"}]}],"generationConfig":{"max_output_tokens":-1}}"#
            ),
            (
                "generationConfig.thinkingConfig.thinkingBudget",
                #"{"contents":[{"parts":[{"text":"a"}]}],"generationConfig":{"thinkingConfig":{"thinkingBudget":-2}}}"#
            ),
            (
                "generationConfig.thinkingConfig.thinkingLevel",
                #"{"contents":[{"parts":[{"text":"a"}]}],"generationConfig":{"thinkingConfig":{"thinkingLevel":"much"}}}"#
            ),
        ]
        for (field, body) in bodies { assertInvalid(field, try Gemini.read(body)) }
        assertInvalid("", try Gemini.read("[]"))
    }
}
