import Shared
import Translate
import XCTest

/// What a caller's request says beside its contents, in either spelling.
final class GeminiSettingsTests: XCTestCase {
    private func read(_ members: String) throws -> Conversation {
        try Gemini.read(#"{"contents":[{"parts":[{"text":"Hi"}]}],\#(members)}"#)
    }

    private static let camelCase = """
        "generationConfig":{"maxOutputTokens":100,"temperature":0.70,"topP":0.9,"topK":40,"candidateCount":2,
          "stopSequences":["END"],"seed":7,"presencePenalty":0.5,"frequencyPenalty":-0.5,"responseLogprobs":true,
          "logprobs":3,"responseMimeType":"application/json","responseSchema":{"type":"OBJECT","properties":{"a":{"type":"STRING"}}},
          "responseModalities":["TEXT","IMAGE"],"speechConfig":{"languageCode":"de-DE"},"mediaResolution":"MEDIA_RESOLUTION_LOW",
          "thinkingConfig":{"includeThoughts":true,"thinkingBudget":2048}},
        "safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_NONE"}],"cachedContent":"cachedContents/x",
        "labels":{"team_name":"a"},"serviceTier":"flex",
        "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["get_a","b"]},
          "retrievalConfig":{"languageCode":"de"}},
        "tools":[{"functionDeclarations":[{"name":"get_a","description":"A","parameters":{"type":"OBJECT","properties":{"my_key":{"type":"INTEGER"}}}},
          {"name":"b","parametersJsonSchema":{"type":"object"},"behavior":"BLOCKING"}]},{"googleSearch":{},"codeExecution":{}}]
        """

    func testEveryFieldIsReadInCamelCase() throws {
        try check(read(Self.camelCase))
    }

    func testEveryFieldIsReadWithUnderscores() throws {
        var text = Self.camelCase
        for (name, other) in [
            ("generationConfig", "generation_config"), ("maxOutputTokens", "max_output_tokens"), ("topP", "top_p"),
            ("topK", "top_k"), ("candidateCount", "candidate_count"), ("stopSequences", "stop_sequences"),
            ("presencePenalty", "presence_penalty"), ("frequencyPenalty", "frequency_penalty"),
            ("responseLogprobs", "response_logprobs"), ("responseMimeType", "response_mime_type"),
            ("responseSchema", "response_schema"), ("responseModalities", "response_modalities"),
            ("speechConfig", "speech_config"), ("mediaResolution", "media_resolution"),
            ("thinkingConfig", "thinking_config"), ("includeThoughts", "include_thoughts"),
            ("thinkingBudget", "thinking_budget"), ("safetySettings", "safety_settings"),
            ("cachedContent", "cached_content"), ("serviceTier", "service_tier"), ("toolConfig", "tool_config"),
            ("functionCallingConfig", "function_calling_config"), ("allowedFunctionNames", "allowed_function_names"),
            ("retrievalConfig", "retrieval_config"), ("functionDeclarations", "function_declarations"),
            ("parametersJsonSchema", "parameters_json_schema"), ("googleSearch", "google_search"),
            ("codeExecution", "code_execution"),
        ] {
            text = text.replacingOccurrences(of: "\"\(name)\":", with: "\"\(other)\":")
        }
        try check(read(text))
    }

    private func check(_ conversation: Conversation) throws {
        XCTAssertEqual(conversation.outputTokensMax, 100)
        XCTAssertEqual(conversation.sampling.temperature?.text, "0.70")
        XCTAssertEqual(conversation.sampling.topP?.text, "0.9")
        XCTAssertEqual(conversation.sampling.topK?.text, "40")
        XCTAssertEqual(conversation.sampling.choices, 2)
        XCTAssertEqual(conversation.stops, ["END"])
        XCTAssertEqual(conversation.sampling.seed?.text, "7")
        XCTAssertEqual(conversation.sampling.presencePenalty?.text, "0.5")
        XCTAssertEqual(conversation.sampling.frequencyPenalty?.text, "-0.5")
        XCTAssertEqual(conversation.sampling.logprobs, true)
        XCTAssertEqual(conversation.sampling.topLogprobs, 3)
        let schema = try Gemini.json(#"{"type":"object","properties":{"a":{"type":"string"}}}"#)
        XCTAssertEqual(conversation.format, .schema(OutputSchema(schema: schema)))
        XCTAssertEqual(conversation.reasoning, Reasoning(.tokens(2048), includesThoughts: true))
        XCTAssertEqual(conversation.metadata?.names, ["team_name"], "labels are no message")
        XCTAssertEqual(conversation.serviceTier, "flex")
        XCTAssertEqual(conversation.toolChoice, .among(["get_a", "b"], isRequired: true))
        XCTAssertEqual(
            Set(conversation.extras.lost(to: .openai)),
            [
                "safetySettings", "cachedContent", "toolConfig.retrievalConfig", "generationConfig.responseModalities",
                "generationConfig.speechConfig", "generationConfig.mediaResolution",
            ])
        XCTAssertEqual(conversation.tools.map(\.name), ["get_a", "b", "googleSearch", "codeExecution"])
        let parameters = try Gemini.json(#"{"type":"object","properties":{"my_key":{"type":"integer"}}}"#)
        XCTAssertEqual(conversation.tools[0].kind, .function(parameters: parameters))
        XCTAssertEqual(conversation.tools[0].summary, "A")
        XCTAssertEqual(conversation.tools[1].extras.lost(to: .openai), ["behavior"])
        XCTAssertEqual(conversation.tools[2].kind, .native(try Gemini.json(#"{"googleSearch":{}}"#)))
        XCTAssertEqual(conversation.origin, .gemini)
    }

    func testWholeNumbersMayBeStrings() throws {
        let config = #""generationConfig":{"maxOutputTokens":"100","logprobs":"2","candidateCount":3.0,"seed":"-1"}"#
        let conversation = try read(config)
        XCTAssertEqual(conversation.outputTokensMax, 100)
        XCTAssertEqual(conversation.sampling.topLogprobs, 2)
        XCTAssertEqual(conversation.sampling.choices, 3)
        XCTAssertEqual(conversation.sampling.seed?.text, "-1")
    }

    func testModesOfFunctionCallingAreChoices() throws {
        func choice(_ config: String) throws -> ToolChoice? {
            try read(#""toolConfig":{"functionCallingConfig":\#(config)}"#).toolChoice
        }
        XCTAssertNil(try choice("{}"))
        XCTAssertNil(try choice(#"{"mode":"MODE_UNSPECIFIED"}"#))
        XCTAssertEqual(try choice(#"{"mode":"AUTO"}"#), .automatic)
        XCTAssertEqual(try choice(#"{"mode":"auto"}"#), .automatic)
        XCTAssertEqual(try choice(#"{"mode":"NONE"}"#), ToolChoice.none)
        XCTAssertEqual(try choice(#"{"mode":"ANY"}"#), .required)
        XCTAssertEqual(try choice(#"{"mode":"ANY","allowedFunctionNames":["a"]}"#), .function("a"))
        XCTAssertEqual(
            try choice(#"{"mode":"ANY","allowedFunctionNames":["a","b"]}"#), .among(["a", "b"], isRequired: true))
        XCTAssertEqual(try choice(#"{"mode":"VALIDATED"}"#), .automatic)
        XCTAssertEqual(
            try choice(#"{"mode":"VALIDATED","allowedFunctionNames":["a"]}"#), .among(["a"], isRequired: false))
        XCTAssertEqual(
            try choice(#"{"mode":"SOMETIMES"}"#), .native(try Gemini.json(#"{"mode":"SOMETIMES"}"#)))
    }

    func testFormatsAreReadByTypeAndSchema() throws {
        func format(_ config: String) throws -> OutputFormat? { try read(#""generationConfig":\#(config)"#).format }
        XCTAssertNil(try format("{}"))
        XCTAssertEqual(try format(#"{"responseMimeType":"text/plain"}"#), .text)
        XCTAssertEqual(try format(#"{"responseMimeType":"application/json"}"#), .json)
        let schema = try Gemini.json(#"{"type":"array","items":{"type":["string","null"]}}"#)
        XCTAssertEqual(
            try format(#"{"responseSchema":{"type":"ARRAY","items":{"type":"STRING","nullable":true}}}"#),
            .schema(OutputSchema(schema: schema)))
        XCTAssertEqual(
            try format(
                #"{"responseMimeType":"application/json","responseJsonSchema":{"type":"array","items":{"type":["string","null"]}}}"#
            ),
            .schema(OutputSchema(schema: schema)))
        let words = try read(
            #""generationConfig":{"responseMimeType":"text/x.enum","responseSchema":{"type":"STRING","enum":["a"]}}"#)
        XCTAssertNil(words.format)
        XCTAssertEqual(
            words.extras.lost(to: .openai), ["generationConfig.responseMimeType", "generationConfig.responseSchema"])
    }

    func testThinkingIsReadByBudgetAndLevel() throws {
        func reasoning(_ config: String) throws -> Reasoning? {
            try read(#""generationConfig":{"thinkingConfig":\#(config)}"#).reasoning
        }
        XCTAssertEqual(try reasoning(#"{"thinkingBudget":0}"#), Reasoning(.off))
        XCTAssertEqual(try reasoning(#"{"thinkingBudget":-1}"#), Reasoning(.automatic))
        XCTAssertEqual(try reasoning(#"{"thinkingBudget":5}"#), Reasoning(.tokens(5)))
        XCTAssertEqual(try reasoning(#"{"thinkingLevel":"HIGH"}"#), Reasoning(.effort(.high)))
        XCTAssertEqual(try reasoning(#"{"thinkingLevel":"minimal"}"#), Reasoning(.effort(.minimal)))
        XCTAssertEqual(try reasoning(#"{"includeThoughts":false}"#), Reasoning(nil, includesThoughts: false))
        XCTAssertEqual(try reasoning(#"{"thinkingLevel":"THINKING_LEVEL_UNSPECIFIED"}"#), Reasoning())
    }

    func testTextAloneIsNoModalityToSpeakOf() throws {
        XCTAssertTrue(try read(#""generationConfig":{"responseModalities":["TEXT"]}"#).extras.isEmpty)
    }
}
