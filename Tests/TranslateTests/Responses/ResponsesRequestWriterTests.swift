import Shared
import Translate
import XCTest

final class ResponsesRequestWriterTests: ResponsesBodyTestCase {
    private static let call = Part(.toolCall(ToolCall(id: "a", name: "weather", arguments: #"{"city":"Oslo"}"#)))

    func testAConversationOfAnotherDialectIsNotKeptAndBringsItsThoughtsBack() throws {
        var conversation = conversation([
            Turn(.system, [Part(.text("Be brief."))], form: .text), Turn(.user, [Part(.text("Weather?"))], form: .text),
            Turn(
                .assistant,
                [
                    Part(.thinking(Thinking(text: "Hm.", signature: "s", origin: .anthropic))), Part(.text("Wait.")),
                    Self.call,
                ]),
            Turn(
                .user,
                [
                    Part(.toolResult(ToolResult(callID: "a", parts: [Part(.text("rain"))], isError: true))),
                    Part(.text("Quick!")),
                ]),
        ])
        conversation.tools = [Tool(name: "weather", kind: .function(parameters: nil))]
        conversation.outputTokensMax = 50
        conversation.reasoning = Reasoning(.tokens(8_192), includesThoughts: true)
        let written = try written(conversation)
        XCTAssertEqual(written.dropped + written.adjusted, [])
        assertJSON(
            written.body.bytes,
            #"""
            {"model":"gpt-5-mini","instructions":"Be brief.","input":[
             {"type":"message","role":"user","content":"Weather?"},{"type":"message","role":"assistant","content":"Wait."},
             {"type":"function_call","call_id":"a","name":"weather","arguments":"{\"city\":\"Oslo\"}"},
             {"type":"function_call_output","call_id":"a","output":"Error: rain"},{"type":"message","role":"user","content":"Quick!"}],
             "tools":[{"type":"function","name":"weather","parameters":{"type":"object","properties":{}},"strict":false}],
             "max_output_tokens":50,"reasoning":{"effort":"medium","summary":"auto"},"store":false,"include":["reasoning.encrypted_content"]}
            """#)
    }

    func testModelsThatDoNotThinkAreNotAskedForThoughts() throws {
        let conversation = conversation([Turn(.user, [Part(.text("a"))])])
        XCTAssertNil(try written(conversation, model: "gpt-4o-mini").body["include"])
        XCTAssertNil(try written(conversation, model: "openai/gpt-4.1").body["include"])
        XCTAssertNil(try written(conversation) { $0.capabilities.reasoning = false }.body["include"])
        XCTAssertNotNil(try written(conversation, model: "o4-mini").body["include"])
    }

    func testWhatResponsesHaveNoWordForIsNamed() throws {
        var conversation = conversation([Turn(.user, [Part(.text("a"))])], origin: .openai)
        conversation.stops = ["END"]
        conversation.sampling.choices = 2
        conversation.sampling.seed = JSONNumber(7)
        conversation.sampling.topK = JSONNumber(7)
        conversation.sampling.frequencyPenalty = JSONNumber(1)
        conversation.sampling.presencePenalty = JSONNumber(1)
        conversation.sampling.logitBias = ["1": .number(JSONNumber(1))]
        conversation.turns[0].parts += [
            Part(.audio(Media(.data("aGk="), type: "audio/wav"))), Part(.video(Media(.url("https://example.com/v")))),
        ]
        XCTAssertEqual(
            Set(try written(conversation).dropped),
            [
                "stop", "n", "seed", "top_k", "frequency_penalty", "presence_penalty", "logit_bias",
                "messages[].content[].input_audio", "messages[].content[].video_url",
            ])
        conversation.turns = [Turn(.user, [Part(.video(Media(.url("https://example.com/v"))))])]
        XCTAssertThrowsError(try written(conversation))
    }

    func testImagesAndDocumentsOfUsersAndOfResults() throws {
        let parts = [
            Part(.image(Media(.data("aGk="), type: "image/png"))), Part(.image(Media(.file("file_anthropic")))),
            Part(.document(Media(.url("https://example.com/a.pdf"), title: "a"))),
            Part(.document(Media(.data("JVBERi0x"), type: "application/pdf"))),
            Part(.document(Media(.text("plain"), type: "text/plain"))),
        ]
        let result = Part(.toolResult(ToolResult(callID: "a", parts: parts)))
        let written = try written(
            conversation([
                Turn(.user, parts), Turn(.assistant, [Self.call]), Turn(.tool, [result]),
            ]))
        let wanted = #"""
            [{"type":"input_image","image_url":"data:image/png;base64,aGk=","detail":"auto"},
             {"type":"input_file","file_url":"https://example.com/a.pdf","filename":"a"},
             {"type":"input_file","filename":"document.pdf","file_data":"data:application/pdf;base64,JVBERi0x"},
             {"type":"input_text","text":"plain"}]
            """#
        assertJSON(try XCTUnwrap(written.body["input"]?[0]?["content"]).bytes, wanted)
        assertJSON(try XCTUnwrap(written.body["input"]?[2]?["output"]).bytes, wanted)
        XCTAssertEqual(written.dropped, ["messages[].content[].image_url"])
    }

    func testIdentitiesOfCallsAreAsLongAsOpenAITakesThem() throws {
        let id = String(repeating: "x", count: 65)
        let turns = [
            Turn(.user, [Part(.text("a"))]),
            Turn(.assistant, [Part(.toolCall(ToolCall(id: id, name: "f", arguments: "{}")))]),
            Turn(.tool, [Part(.toolResult(ToolResult(callID: id, parts: [Part(.text("x"))])))]),
        ]
        let input = try written(conversation(turns)).body["input"]
        let given = try XCTUnwrap(input?[1]?["call_id"]?.string)
        XCTAssertLessThanOrEqual(given.utf8.count, 64)
        XCTAssertEqual(input?[2]?["call_id"]?.string, given)
    }

    func testToolsOfOthersAndChoices() throws {
        var conversation = conversation([Turn(.user, [Part(.text("a"))])], origin: .openai)
        conversation.tools = [
            Tool(
                name: "weather today", kind: .function(parameters: .object(["type": .string("object")])), isStrict: true
            ),
            Tool(name: "sh", kind: .native(.object(["type": .string("custom")]))),
        ]
        conversation.toolChoice = .among(["weather today"], isRequired: true)
        let written = try written(conversation)
        XCTAssertEqual(written.dropped, ["tools[].custom"])
        assertJSON(
            try XCTUnwrap(written.body["tools"]).bytes,
            #"[{"type":"function","name":"weather_today","parameters":{"type":"object"},"strict":true}]"#)
        assertJSON(
            try XCTUnwrap(written.body["tool_choice"]).bytes,
            #"{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"weather_today"}]}"#)
    }
}
