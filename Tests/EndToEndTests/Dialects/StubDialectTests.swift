import Foundation
import TestSupport
import XCTest

/// The provider in all its dialects: the same answers, faults and bills in each, in the shapes that the real ones have.
final class StubDialectTests: StubTestCase {
    override var arguments: [String] { ["--strict"] }

    // MARK: Answers

    func testEveryDialectAnswersTheSameQuestionPlainAndInAStream() throws {
        for dialect in DialectSpeech.allCases {
            for isStream in [false, true] {
                let label = "\(dialect), stream \(isStream)"
                var question = DialectSpeech.Question(text: "Where do you begin?", isStream: isStream)
                question.system = "You are a river."
                // OpenAI's responses have no smaller cap.
                question.outputTokensMax = 16
                let answer = try ask(dialect, question)
                XCTAssertEqual(answer.text.split(separator: " ").count, 16, label)
                XCTAssertEqual(answer.finish, Self.word("length", in: dialect), label)
                XCTAssertTrue(answer.isWhole, label)
                let bill = try XCTUnwrap(try bills().last)
                // The same text costs the same everywhere.
                XCTAssertEqual(bill["promptTokens"] as? Int, 3 + 4 + 4 + 4 + 5, label)
                XCTAssertEqual(bill["completionTokens"] as? Int, 16, label)
                XCTAssertEqual(bill["isStream"] as? Bool, isStream, label)
                XCTAssertEqual(bill["delivery"] as? String, "whole", label)
                XCTAssertEqual(try totals(answer, in: dialect), [20, 0, 16, 0], label)
            }
        }
        XCTAssertEqual(
            Set(try bills().compactMap { $0["endpoint"] as? String }),
            ["chat", "messages", "generate_content", "converse", "responses"])
    }

    func testAnswersEndByThemselvesAtACapAndAtAStop() throws {
        for dialect in DialectSpeech.allCases {
            for isStream in [false, true] {
                var question = DialectSpeech.Question(isStream: isStream)
                question.outputTokensMax = 200
                let whole = try ask(dialect, question)
                XCTAssertEqual(whole.finish, Self.word("stop", in: dialect))
                XCTAssertTrue(whole.text.hasSuffix("."), whole.text)
                // The request with a stop is another one, and so is its answer: it ends before the first "e" all the same.
                switch dialect {
                case .openai: question.extra = ["stop": ["e"]]
                case .anthropic: question.extra = ["stop_sequences": ["e"]]
                case .gemini: question.extra = ["generationConfig": ["stopSequences": ["e"]]]
                case .bedrock: question.extra = ["inferenceConfig": ["stopSequences": ["e"]]]
                // It has no stops.
                case .responses: continue
                }
                let stopped = try ask(dialect, question)
                XCTAssertFalse(stopped.text.contains("e"), stopped.text)
                XCTAssertEqual(stopped.finish, Self.word("stop sequence", in: dialect))
            }
        }
    }

    func testAnAnswerFitsTheSchemaThatWasSent() throws {
        let schema: [String: Any] = [
            "type": "object", "additionalProperties": false, "required": ["name", "parts"],
            "properties": [
                "name": ["type": "string", "enum": ["\u{fc}ber \u{1f30a}"]],
                "parts": [
                    "type": "array", "minItems": 2,
                    "items": [
                        "type": "object", "additionalProperties": false, "properties": ["count": ["type": "integer"]],
                    ],
                ],
            ],
        ]
        let wanted = #"{"name":"über 🌊","parts":[{"count":7},{"count":7}]}"#
        let text = String(decoding: try JSONSerialization.data(withJSONObject: schema), as: UTF8.self)
        for dialect in DialectSpeech.allCases {
            for isStream in [false, true] {
                var question = DialectSpeech.Question(outputTokensMax: 200, isStream: isStream)
                switch dialect {
                case .openai:
                    question.extra = [
                        "response_format": ["type": "json_schema", "json_schema": ["name": "s", "schema": schema]]
                    ]
                case .anthropic:
                    question.extra = ["output_config": ["format": ["type": "json_schema", "schema": schema]]]
                case .gemini:
                    question.extra = [
                        "generationConfig": ["responseMimeType": "application/json", "responseJsonSchema": schema]
                    ]
                case .responses:
                    question.extra = [
                        "text": ["format": ["type": "json_schema", "name": "s", "schema": schema]]
                    ]
                case .bedrock:
                    question.extra = [
                        "outputConfig": [
                            "textFormat": [
                                "type": "json_schema", "structure": ["jsonSchema": ["schema": text, "name": "s"]],
                            ]
                        ]
                    ]
                }
                XCTAssertEqual(Self.sorted(try ask(dialect, question).text), Self.sorted(wanted), "\(dialect)")
            }
        }
    }

    private static func sorted(_ text: String) -> String {
        let tree = try? JSONSerialization.jsonObject(with: Data(text.utf8))
        let data = tree.flatMap { try? JSONSerialization.data(withJSONObject: $0, options: [.sortedKeys]) }
        return data.map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    // MARK: Tools

    func testToolsAreCalledWhenTheTextNamesThem() throws {
        for dialect in DialectSpeech.allCases {
            for isStream in [false, true] {
                var question = DialectSpeech.Question(text: "hello", isStream: isStream, tools: ["look", "listen"])
                XCTAssertEqual(try ask(dialect, question).calls, [], "\(dialect)")
                question.text = "now listen"
                let answer = try ask(dialect, question)
                XCTAssertEqual(answer.calls.map(\.name), ["listen"], "\(dialect)")
                XCTAssertEqual(answer.calls.map(\.arguments), [#"{"place":"a place"}"#], "\(dialect)")
                XCTAssertEqual(answer.finish, Self.word("calls", in: dialect))

                // What came of it is answered in words.
                question.more = dialect.results(answer, texts: ["a listen result"])
                let last = try ask(dialect, question)
                XCTAssertEqual(last.calls, [], "\(dialect)")
                XCTAssertFalse(last.text.isEmpty, "\(dialect)")
            }
        }
    }

    func testTwoToolsAreCalledInParallel() throws {
        for dialect in DialectSpeech.allCases {
            for (tools, names) in [(["look", "listen"], ["look", "listen"]), (["look"], ["look", "look"])] {
                for isStream in [false, true] {
                    var question = DialectSpeech.Question(text: "both in parallel", isStream: isStream, tools: tools)
                    let answer = try ask(dialect, question)
                    XCTAssertEqual(answer.calls.map(\.name), names, "\(dialect)")
                    if dialect != .gemini { XCTAssertEqual(Set(answer.calls.map(\.id)).count, 2, "\(dialect)") }
                    question.more = dialect.results(answer, texts: ["one", "two"])
                    XCTAssertFalse(try ask(dialect, question).text.isEmpty, "\(dialect)")
                    // One result is missing.
                    var half = question.more
                    switch dialect {
                    case .openai, .responses: half.removeLast()
                    case .anthropic, .bedrock:
                        half[1]["content"] = Array((half[1]["content"] as? [[String: Any]] ?? []).dropLast())
                    case .gemini: half[1]["parts"] = Array((half[1]["parts"] as? [[String: Any]] ?? []).dropLast())
                    }
                    question.more = half
                    XCTAssertEqual(try send(dialect, question).status, 400, "\(dialect)")
                }
            }
        }
    }

    func testTheNextAnswersAreWhatATestSays() throws {
        let caller = HTTPCaller(port: port)
        func say(_ body: String) throws -> Int {
            try caller.send("POST", "/stub/answers", body: Array(body.utf8)).status
        }
        let arguments = #"{"deep":[1,null],"place":"über 🌊"}"#
        for dialect in DialectSpeech.allCases {
            for isStream in [false, true] {
                let label = "\(dialect), stream \(isStream)"
                let look = #"{"calls": [{"name": "look", "arguments": \#(arguments)}]}"#
                XCTAssertEqual(try say(#"{"answers": [\#(look), {"text": "It is \"über\"."}]}"#), 200)
                var question = DialectSpeech.Question(isStream: isStream, tools: ["look"])
                let answer = try ask(dialect, question)
                XCTAssertEqual(answer.calls.map(\.name), ["look"], label)
                XCTAssertEqual(answer.calls.map { Self.sorted($0.arguments) }, [Self.sorted(arguments)], label)
                XCTAssertEqual(answer.finish, Self.word("calls", in: dialect), label)
                question.more = dialect.results(answer, texts: ["bright"])
                let last = try ask(dialect, question)
                XCTAssertEqual(last.text, #"It is "über"."#, label)
                XCTAssertEqual(last.finish, Self.word("stop", in: dialect), label)
                XCTAssertNotEqual(try ask(dialect, question).text, last.text, label)
            }
        }
        for nothing in [
            "{}", #"{"answers": []}"#, #"{"answers": [{}]}"#, #"{"answers": [{"calls": [{"name": "f"}]}]}"#,
        ] {
            XCTAssertEqual(try say(nothing), 400, nothing)
        }
    }

    // MARK: Thoughts

    func testThoughtsComeSignedAndHaveToComeBackUnchanged() throws {
        for dialect in DialectSpeech.allCases where dialect != .openai {
            for isStream in [false, true] {
                let label = "\(dialect), stream \(isStream)"
                var question = DialectSpeech.Question(text: "look", isStream: isStream, tools: ["look"], thinks: true)
                let answer = try ask(dialect, question)
                XCTAssertFalse(answer.thoughts.isEmpty, label)
                XCTAssertEqual(answer.calls.count, 1, label)
                XCTAssertGreaterThan(try XCTUnwrap(try bills().last?["reasoningTokens"] as? Int), 0, label)

                let results = dialect.results(answer, texts: ["bright"])
                question.more = results
                XCTAssertFalse(try ask(dialect, question).text.isEmpty, label)

                question.more = try Self.changed(results) {
                    $0.replacing(/"(thinking|text)":"\w/) { "\"\($0.1)\":\"X" }
                }
                // Where the thoughts are sealed apart from what is shown of them, nobody minds what becomes of that.
                if dialect != .gemini, dialect != .responses {
                    XCTAssertEqual(try send(dialect, question).status, 400, label)
                }
                question.more = try Self.changed(results) {
                    $0.replacing(/(ignature|encrypted_content)":"(\w)/) { "\($0.1)\":\"\($0.2 == "B" ? "C" : "B")" }
                }
                let refused = try send(dialect, question)
                XCTAssertEqual(refused.status, 400, label)
                let word = dialect == .responses ? "could not be verified" : "signature"
                XCTAssertTrue(refused.text.lowercased().contains(word), refused.text)
                question.more = results
                if dialect == .responses {
                    question.more.removeFirst()
                    XCTAssertTrue(
                        try send(dialect, question).text.contains("without its required 'reasoning' item"), label)
                    // What does not say which answer it is of needs no thoughts.
                    question.more[0]["id"] = nil
                    XCTAssertEqual(try send(dialect, question).status, 200, label)
                    continue
                }
                let name = dialect == .gemini ? "parts" : "content"
                var parts = try XCTUnwrap(results[0][name] as? [[String: Any]])
                if dialect == .gemini { parts[0]["thoughtSignature"] = nil } else { parts.removeFirst() }
                question.more[0][name] = parts
                XCTAssertEqual(try send(dialect, question).status, 400, label)
                // Whoever does not think any more needs no thoughts.
                question.thinks = false
                XCTAssertEqual(try send(dialect, question).status, 200, label)
            }
        }
    }

    private static func changed(_ turns: [[String: Any]], _ change: (String) -> String) throws -> [[String: Any]] {
        let data = try JSONSerialization.data(withJSONObject: turns, options: [.withoutEscapingSlashes])
        let text = change(String(decoding: data, as: UTF8.self))
        return try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]] ?? []
    }

    // MARK: Usage

    func testCachedWrittenAndReasoningTokensStandWhereTheDialectHasThem() throws {
        for dialect in DialectSpeech.allCases {
            for isStream in [false, true] {
                let label = "\(dialect), stream \(isStream)"
                var question = DialectSpeech.Question(
                    model: "model+usage;cached=5;written=3;reasoning=7;tokens=20",
                    text: String(repeating: "river ", count: 20))
                question.isStream = isStream
                question.outputTokensMax = 200
                let answer = try ask(dialect, question)
                let usage = try XCTUnwrap(answer.usage, label)
                let prompt = 3 + 4 + 30
                XCTAssertEqual(
                    try totals(answer, in: dialect),
                    [prompt, 5, 27, [.gemini, .openai, .responses].contains(dialect) ? 7 : 0],
                    label)
                switch dialect {
                case .openai: XCTAssertEqual(usage["prompt_tokens"], prompt, label)
                case .responses:
                    XCTAssertEqual(usage["input_tokens"], prompt, label)
                    XCTAssertEqual(usage["cache_write_tokens"], 3, label)
                    XCTAssertEqual(usage["total_tokens"], prompt + 27, label)
                case .anthropic:
                    XCTAssertEqual(usage["input_tokens"], prompt - 8, label)
                    XCTAssertEqual(usage["cache_creation_input_tokens"], 3, label)
                case .gemini:
                    XCTAssertEqual(usage["promptTokenCount"], prompt, label)
                    XCTAssertEqual(usage["candidatesTokenCount"], 20, label)
                    XCTAssertEqual(usage["totalTokenCount"], prompt + 27, label)
                case .bedrock:
                    XCTAssertEqual(usage["inputTokens"], prompt - 8, label)
                    XCTAssertEqual(usage["cacheWriteInputTokens"], 3, label)
                    XCTAssertEqual(usage["totalTokens"], prompt + 27, label)
                }
                let bill = try XCTUnwrap(try bills().last)
                XCTAssertEqual(bill["cachedTokens"] as? Int, 5, label)
                XCTAssertEqual(bill["cacheWrittenTokens"] as? Int, 3, label)
                XCTAssertEqual(bill["completionTokens"] as? Int, 27, label)
                XCTAssertEqual(bill["reasoningTokens"] as? Int, 7, label)
            }
        }
    }

    func testCountedTokensAreThoseOfTheBill() throws {
        let caller = HTTPCaller(port: port)
        func count(_ dialect: DialectSpeech, _ path: String, _ body: [String: Any]) throws -> [String: Any] {
            let data = try JSONSerialization.data(withJSONObject: body)
            return try caller.send("POST", path, headers: dialect.headers(key: key), body: Array(data)).json
        }
        let question = DialectSpeech.Question(text: "How long is this?", tools: ["look"])
        var body = DialectSpeech.anthropic.body(question)
        _ = try ask(.anthropic, question)
        let prompt = try XCTUnwrap(try bills().last?["promptTokens"] as? Int)
        body["max_tokens"] = nil
        XCTAssertEqual(try count(.anthropic, "/v1/messages/count_tokens", body)["input_tokens"] as? Int, prompt)
        body = DialectSpeech.gemini.body(.init(text: "How long is this?"))
        _ = try ask(.gemini, .init(text: "How long is this?"))
        XCTAssertEqual(
            try count(.gemini, "/v1beta/models/model:countTokens", ["contents": body["contents"] ?? []])["totalTokens"]
                as? Int, try bills().last?["promptTokens"] as? Int)
        body = DialectSpeech.bedrock.body(.init(text: "How long is this?"))
        XCTAssertEqual(
            try count(.bedrock, "/model/model/count-tokens", ["input": ["converse": ["messages": body["messages"]]]])[
                "inputTokens"] as? Int, 12)
        let asked = DialectSpeech.Question(text: "How long is this?", outputTokensMax: nil, tools: ["look"])
        _ = try ask(.responses, asked)
        XCTAssertEqual(
            try count(.responses, "/v1/responses/input_tokens", DialectSpeech.responses.body(asked))["input_tokens"]
                as? Int, try bills().last?["promptTokens"] as? Int)
        // Counting is not billed.
        XCTAssertEqual(try bills().count, 3)
    }

    func testModelsAreListedInTheDialectOfTheCaller() throws {
        let caller = HTTPCaller(port: port)
        func list(_ dialect: DialectSpeech, _ path: String) throws -> [String: Any] {
            try caller.send("GET", path, headers: dialect.headers(key: key)).json
        }
        XCTAssertEqual(try list(.openai, "/v1/models")["object"] as? String, "list")
        XCTAssertEqual(try list(.anthropic, "/v1/models")["has_more"] as? Bool, false)
        XCTAssertEqual(try list(.anthropic, "/v1/models/claude-sonnet-4-5")["type"] as? String, "model")
        for version in ["v1", "v1beta"] {
            XCTAssertNotNil(try list(.gemini, "/\(version)/models")["models"])
            XCTAssertEqual(
                try list(.gemini, "/\(version)/models/gemini-2.5-pro")["name"] as? String, "models/gemini-2.5-pro")
        }
    }
}
