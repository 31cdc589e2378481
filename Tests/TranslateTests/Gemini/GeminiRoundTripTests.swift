import Shared
import Translate
import XCTest

/// Read and written again in the same dialect, nothing is lost.
final class GeminiRoundTripTests: XCTestCase {
    // MARK: Requests

    private func assertSame(
        _ body: String, model: String = "gemini-3-flash", file: StaticString = #filePath, line: UInt = #line
    ) throws {
        let rendered = try Gemini.roundTrip(body, model: model)
        assertJSON(rendered.body, body, file: file, line: line)
        XCTAssertEqual(rendered.dropped, [], file: file, line: line)
        XCTAssertEqual(rendered.adjusted, [], file: file, line: line)
        XCTAssertEqual(rendered.reading, AnswerReading(), file: file, line: line)
    }

    func testAQuestion() throws {
        try assertSame(#"{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}"#)
    }

    func testEverySetting() throws {
        try assertSame(
            """
            {"contents":[{"role":"user","parts":[{"text":"Hi"}]}],
             "systemInstruction":{"parts":[{"text":"Be brief."},{"text":"Be kind."}]},
             "generationConfig":{"maxOutputTokens":100,"temperature":0.70,"topP":0.95,"topK":40,"candidateCount":2,"stopSequences":["a"],
               "seed":-7,"presencePenalty":0.1,"frequencyPenalty":0.2,"responseLogprobs":true,"logprobs":5,"responseModalities":["TEXT","IMAGE"],
               "thinkingConfig":{"thinkingLevel":"LOW","includeThoughts":true,"newField":1},"speechConfig":{"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Kore"}}},
               "mediaResolution":"MEDIA_RESOLUTION_LOW","imageConfig":{"aspectRatio":"1:1"},"enableEnhancedCivicAnswers":true},
             "safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_ONLY_HIGH"}],
             "cachedContent":"cachedContents/abc","labels":{"team_a":"b"},"serviceTier":"priority","store":false,"newField":{"a":[1]}}
            """)
    }

    func testABudgetOfThoughts() throws {
        for budget in [-1, 0, 512, 24_576] {
            try assertSame(
                """
                {"contents":[{"role":"user","parts":[{"text":"Hi"}]}],
                 "generationConfig":{"thinkingConfig":{"thinkingBudget":\(budget),"includeThoughts":true}}}
                """, model: "gemini-2.5-flash")
        }
    }

    func testWhatAnotherModelWouldTakeOtherwiseStays() throws {
        let body = """
            {"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"tools":[{"functionDeclarations":[{"name":"f"}]}],
             "generationConfig":{"responseMimeType":"application/json","thinkingConfig":{"thinkingBudget":4096}}}
            """
        try assertSame(body, model: "gemini-2.5-flash")
        try assertSame(body, model: "gemini-3-flash")
    }

    func testFormats() throws {
        for config in [
            #"{"responseMimeType":"text/plain"}"#, #"{"responseMimeType":"application/json"}"#,
            #"{"responseMimeType":"application/json","responseJsonSchema":{"type":"object","properties":{"a":{"type":["string","null"],"format":"uri"}}}}"#,
            #"{"responseMimeType":"text/x.enum","responseSchema":{"type":"STRING","enum":["a","b"]}}"#,
        ] {
            try assertSame(
                #"{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":\#(config)}"#)
        }
    }

    func testAResponseSchemaSaysTheSameAsAJSONSchema() throws {
        let rendered = try Gemini.roundTrip(
            """
            {"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"responseMimeType":"application/json",
              "responseSchema":{"type":"OBJECT","propertyOrdering":["a"],"properties":{"a":{"type":"STRING","nullable":true}}}}}
            """)
        assertJSON(
            rendered.body,
            """
            {"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"responseMimeType":"application/json",
              "responseJsonSchema":{"type":"object","propertyOrdering":["a"],"properties":{"a":{"type":["string","null"]}}}}}
            """)
    }

    func testToolsAndTheirConfiguration() throws {
        for calling in [
            #"{"mode":"AUTO"}"#, #"{"mode":"NONE"}"#, #"{"mode":"ANY"}"#, #"{"mode":"VALIDATED"}"#,
            #"{"mode":"ANY","allowedFunctionNames":["a.b"]}"#,
            #"{"mode":"VALIDATED","allowedFunctionNames":["a.b","c"],"streamFunctionCallArguments":true}"#,
            #"{"mode":"SOMETIMES","x":1}"#,
        ] {
            try assertSame(
                """
                {"contents":[{"role":"user","parts":[{"text":"Hi"}]}],
                 "tools":[{"functionDeclarations":[{"name":"a.b","description":"A","behavior":"BLOCKING","response":{"type":"STRING"},
                     "parameters":{"type":"OBJECT","description":"d","properties":{"x":{"type":"STRING","enum":["1","2"],"nullable":true},
                       "y":{"type":"ARRAY","items":{"type":"OBJECT","properties":{"z":{"type":"NUMBER","minimum":0}}}}},"required":["x"]}},
                   {"name":"c","description":"","parametersJsonSchema":{"type":"object","additionalProperties":{"type":"integer"}}}]},
                   {"googleSearch":{"timeRangeFilter":{"startTime":"2025-01-01T00:00:00Z"}}},{"urlContext":{}},{"codeExecution":{}}],
                 "toolConfig":{"functionCallingConfig":\(calling),"retrievalConfig":{"latLng":{"latitude":1.5,"longitude":2}}}}
                """)
        }
    }

    func testAHistoryWithEverythingInIt() throws {
        for model in ["gemini-3-pro-preview", "gemini-2.5-flash"] {
            try assertSame(
                """
                {"contents":[
                  {"role":"user","parts":[{"text":"Look","partMetadata":{"a":1}},{"inlineData":{"mimeType":"image/png","data":"aGk=","displayName":"x"},"mediaResolution":{"level":"MEDIA_RESOLUTION_HIGH"}},
                    {"fileData":{"mimeType":"video/mp4","fileUri":"gs://b/v.mp4"},"videoMetadata":{"startOffset":"1s","fps":2}},
                    {"fileData":{"fileUri":"https://youtu.be/abc"}},{"fileData":{"mimeType":"application/pdf","fileUri":"https://generativelanguage.googleapis.com/v1beta/files/x"}}]},
                  {"role":"model","parts":[{"text":"Hm","thought":true},{"text":"more","thought":true,"thoughtSignature":"QQ=="},{"text":"Yes","thoughtSignature":"Qg=="},
                    {"text":"","thoughtSignature":"Qw=="},{"executableCode":{"language":"PYTHON","code":"print(1)"}},{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1"}},
                    {"inlineData":{"mimeType":"image/png","data":"aGk="},"thoughtSignature":"RA=="},{"functionCall":{"id":"f1","name":"a","args":{"x":1.0,"y":[null]}},"thoughtSignature":"RQ=="},
                    {"functionCall":{"name":"b","args":{}}}]},
                  {"role":"user","parts":[{"functionResponse":{"id":"f1","name":"a","response":{"result":"{\\"a\\":1}"},"scheduling":"SILENT"}},
                    {"functionResponse":{"name":"b","response":{"output":"ok"}}}]},
                  {"role":"model","parts":[{"functionCall":{"name":"a","args":{}},"thoughtSignature":"Rg=="}]},
                  {"role":"user","parts":[{"functionResponse":{"name":"a","response":{"error":"no","code":5}}},{"text":"and?"}]},
                  {"role":"model","parts":[{"functionCall":{"name":"a","args":{}},"thoughtSignature":"Rg=="},{"functionCall":{"name":"a","args":{}}}]},
                  {"role":"user","parts":[{"functionResponse":{"name":"a","response":{"error":"no"}}},{"functionResponse":{"name":"a","response":{"result":{"n":1}}}}]}]}
                """, model: model)
        }
    }

    func testCallsAndResponsesInContentsOfNoRole() throws {
        let rendered = try Gemini.roundTrip(
            """
            {"contents":[{"parts":[{"functionCall":{"name":"f","args":{}}},{"functionResponse":{"name":"f","response":{"a":1}}}]}],
             "cachedContent":"cachedContents/x","toolConfig":{"functionCallingConfig":{"mode":"ANY"}}}
            """)
        assertJSON(
            rendered.body,
            """
            {"contents":[{"role":"user","parts":[{"functionCall":{"name":"f","args":{}},"thoughtSignature":"skip_thought_signature_validator"},
               {"functionResponse":{"name":"f","response":{"a":1}}}]}],
             "cachedContent":"cachedContents/x","toolConfig":{"functionCallingConfig":{"mode":"ANY"}}}
            """)
    }

    func testMediaInAResponse() throws {
        try assertSame(
            """
            {"contents":[{"role":"model","parts":[{"functionCall":{"name":"a","args":{}},"thoughtSignature":"RQ=="}]},
              {"role":"user","parts":[{"functionResponse":{"name":"a","response":{"image":{"$ref":"p"}},
                "parts":[{"inlineData":{"mimeType":"image/png","data":"aGk=","displayName":"p"}},{"newKind":{}}]}}]}]}
            """)
    }

    // MARK: Answers

    private func assertSameAnswer(_ body: String, file: StaticString = #filePath, line: UInt = #line) throws {
        assertJSON(Gemini.body(try Gemini.answer(body)), body, file: file, line: line)
    }

    func testAnswers() throws {
        try assertSameAnswer(
            """
            {"candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"text":"Hello","thoughtSignature":"QQ=="}],"role":"model"},"finishReason":"STOP","index":0,
               "safetyRatings":[{"category":"HARM_CATEGORY_HARASSMENT","probability":"NEGLIGIBLE"}],"avgLogprobs":-0.25,"tokenCount":3,
               "citationMetadata":{"citationSources":[{"uri":"https://example.com"}]},"groundingMetadata":{"webSearchQueries":["q"]},
               "logprobsResult":{"chosenCandidates":[{"token":"a","tokenId":5,"logProbability":-1}],"logProbabilitySum":-1}},
              {"content":{"role":"model"},"finishReason":"RECITATION","finishMessage":"Kept back.","index":1},{"finishReason":"MAX_TOKENS","index":2}],
             "usageMetadata":{"promptTokenCount":10,"cachedContentTokenCount":4,"toolUsePromptTokenCount":6,"candidatesTokenCount":3,"thoughtsTokenCount":8,
               "totalTokenCount":27,"trafficType":"ON_DEMAND","promptTokensDetails":[{"modality":"TEXT","tokenCount":10}],
               "toolUsePromptTokensDetails":[{"modality":"TEXT","tokenCount":6}]},
             "modelVersion":"gemini-3-flash","responseId":"abc","createTime":"2025-11-20T10:00:00.123456Z","modelStatus":{"modelStage":"STABLE"}}
            """)
        try assertSameAnswer(
            """
            {"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"QQ=="},{"functionCall":{"id":"x","name":"g","args":{}}},
               {"inlineData":{"mimeType":"image/png","data":"aGk="}},{"executableCode":{"code":"1"},"thoughtSignature":"QQ=="}],"role":"model"},"finishReason":"STOP","index":0}],
             "usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1,"totalTokenCount":2},"modelVersion":"m","responseId":"abc"}
            """)
        try assertSameAnswer(
            """
            {"promptFeedback":{"blockReason":"SAFETY","safetyRatings":[]},"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":0,"totalTokenCount":1},
             "modelVersion":"m","responseId":"abc"}
            """)
    }

    // MARK: Streams

    func testAStreamSaysTheSame() throws {
        let messages = [
            #"{"candidates":[{"content":{"parts":[{"text":"hm","thought":true}],"role":"model"},"index":0}],"modelVersion":"m","responseId":"r"}"#,
            #"{"candidates":[{"content":{"parts":[{"text":"","thought":true,"thoughtSignature":"QQ=="}],"role":"model"},"index":0}],"modelVersion":"m","responseId":"r"}"#,
            #"{"candidates":[{"content":{"parts":[{"text":"Hel"}],"role":"model"},"index":0}],"modelVersion":"m","responseId":"r"}"#,
            #"{"candidates":[{"content":{"parts":[{"text":"lo"}],"role":"model"},"index":0}],"modelVersion":"m","responseId":"r"}"#,
            #"{"candidates":[{"index":0,"groundingMetadata":{"webSearchQueries":["q"]},"safetyRatings":[{"blocked":false}]}],"modelVersion":"m","responseId":"r"}"#,
            #"{"candidates":[{"content":{"parts":[{"text":"","thoughtSignature":"Qg=="}],"role":"model"},"index":0}],"modelVersion":"m","responseId":"r"}"#,
            #"{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"aGk="}}],"role":"model"},"index":0}],"modelVersion":"m","responseId":"r"}"#,
            #"{"candidates":[{"content":{"parts":[{"executableCode":{"code":"1"}}],"role":"model"},"index":0}],"modelVersion":"m","responseId":"r"}"#,
            #"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"Qw=="}],"role":"model"},"index":0}],"modelVersion":"m","responseId":"r"}"#,
            #"{"candidates":[{"content":{"parts":[{"functionCall":{"id":"x","name":"f","args":{}}}],"role":"model"},"index":0}],"modelVersion":"m","responseId":"r"}"#,
            """
            {"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP","index":0}],
             "usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":4,"totalTokenCount":12,"thoughtsTokenCount":3},"modelVersion":"m","responseId":"r"}
            """,
        ]
        let frames = try Gemini.frames(Gemini.events(messages))
        XCTAssertEqual(frames.count, messages.count)
        for (frame, message) in zip(frames, messages) { assertJSON(frame, message) }
    }
}
