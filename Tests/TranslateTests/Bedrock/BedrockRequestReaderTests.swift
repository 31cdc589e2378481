import Shared
import XCTest

@testable import Translate

final class BedrockRequestReaderTests: XCTestCase {
    func testTheModelAndTheStreamComeFromThePath() throws {
        let body = try BedrockChecks.json(#"{"messages": [{"role": "user", "content": [{"text": "Hi"}]}]}"#)
        let conversation = try BedrockConverse.conversation(
            from: body, of: InboundCall(model: "anthropic.claude-v2:1", isStream: true))
        XCTAssertEqual(conversation.model, "anthropic.claude-v2:1")
        XCTAssertTrue(conversation.isStream)
        XCTAssertEqual(conversation.origin, .bedrock)
        XCTAssertThrowsError(try BedrockConverse.conversation(from: body, of: InboundCall())) {
            XCTAssertEqual($0 as? TranslationError, .invalid(field: "modelId", reason: "want the ID of a model"))
        }
    }

    func testReadsWhatOtherDialectsHaveAWordFor() throws {
        let conversation = try BedrockChecks.asked(
            #"""
            "system": [{"text": "Be brief."}],
            "inferenceConfig": {"maxTokens": 100, "temperature": 0.5, "topP": 0.9, "stopSequences": ["END"]},
            "additionalModelRequestFields": {"top_k": 40, "thinking": {"type": "enabled", "budget_tokens": 2048}},
            "requestMetadata": {"team": "a"}, "serviceTier": {"type": "flex"}
            """#)
        XCTAssertEqual(conversation.turns.map(\.role), [.system, .user])
        XCTAssertEqual(conversation.outputTokensMax, 100)
        XCTAssertEqual(conversation.sampling.temperature?.text, "0.5")
        XCTAssertEqual(conversation.sampling.topP?.text, "0.9")
        XCTAssertEqual(conversation.sampling.topK?.text, "40")
        XCTAssertEqual(conversation.stops, ["END"])
        XCTAssertEqual(conversation.reasoning?.amount, .tokens(2_048))
        XCTAssertEqual(conversation.metadata?["team"], .string("a"))
        XCTAssertEqual(conversation.serviceTier, "flex")
        XCTAssertTrue(conversation.extras.isEmpty)
    }

    func testReadsThinkingAndEffort() throws {
        let reasoning = { (members: String) in try BedrockChecks.asked(members).reasoning }
        XCTAssertEqual(
            try reasoning(#""additionalModelRequestFields": {"thinking": {"type": "disabled"}}"#)?.amount, .off)
        let adaptive = #""additionalModelRequestFields": {"thinking": {"type": "adaptive", "display": "omitted"}}"#
        XCTAssertEqual(try reasoning(adaptive)?.amount, .automatic)
        XCTAssertEqual(try reasoning(adaptive)?.includesThoughts, false)
        XCTAssertEqual(try reasoning(#"\#(adaptive), "outputConfig": {"effort": "max"}"#)?.amount, .effort(.max))
        XCTAssertEqual(try reasoning(#""outputConfig": {"effort": "low"}"#)?.amount, .effort(.low))
    }

    func testReadsToolsAndTheirChoice() throws {
        let tools =
            #""tools": [{"toolSpec": {"name": "a", "description": "A", "strict": true, "inputSchema": {"json": {"type": "object"}}}}, {"cachePoint": {"type": "default", "ttl": "1h"}}]"#
        let conversation = try BedrockChecks.asked(#""toolConfig": {\#(tools), "toolChoice": {"tool": {"name": "a"}}}"#)
        let tool = try XCTUnwrap(conversation.tools.first)
        XCTAssertEqual(tool.name, "a")
        XCTAssertEqual(tool.summary, "A")
        XCTAssertEqual(tool.isStrict, true)
        XCTAssertEqual(tool.kind, .function(parameters: try BedrockChecks.json(#"{"type": "object"}"#)))
        XCTAssertEqual(tool.cacheMark, CacheMark(seconds: 3_600))
        XCTAssertEqual(conversation.tools.count, 1)
        XCTAssertEqual(conversation.toolChoice, .function("a"))
        for (choice, expected) in [("auto", ToolChoice.automatic), ("any", .required)] {
            let conversation = try BedrockChecks.asked(#""toolConfig": {\#(tools), "toolChoice": {"\#(choice)": {}}}"#)
            XCTAssertEqual(conversation.toolChoice, expected)
        }
    }

    func testReadsCallsAndResults() throws {
        let turns = try BedrockChecks.conversation(
            #"""
            "messages": [
              {"role": "assistant", "content": [{"toolUse": {"toolUseId": "t", "name": "f", "input": {"a": [1.0]}}}]},
              {"role": "user", "content": [{"toolResult": {"toolUseId": "t", "status": "error",
                 "content": [{"text": "no"}, {"json": {"b": 1}}]}}]}]
            """#
        ).turns
        XCTAssertEqual(turns[0].parts, [Part(.toolCall(ToolCall(id: "t", name: "f", arguments: #"{"a":[1.0]}"#)))])
        guard case .toolResult(let result) = turns[1].parts[0].content else { return XCTFail("no result") }
        XCTAssertEqual(result.callID, "t")
        XCTAssertEqual(result.isError, true)
        // Other dialects get the JSON as a text.
        XCTAssertEqual(result.parts.map(\.text), ["no", #"{"b":1}"#])
        XCTAssertTrue(result.parts.allSatisfy { $0.extras.lost(to: .openai).isEmpty })
    }

    func testTextsWithCitationsAndGuardsAreTextsElsewhere() throws {
        let parts = try BedrockChecks.conversation(
            #"""
            "messages": [{"role": "user", "content": [
               {"citationsContent": {"content": [{"text": "A"}, {"text": "B"}], "citations": [{"title": "t"}]}},
               {"guardContent": {"text": {"text": "C", "qualifiers": ["query"]}}}]}]
            """#
        ).turns[0].parts
        XCTAssertEqual(parts.map(\.text), ["AB", "C"])
        XCTAssertEqual(parts[0].extras.lost(to: .openai), ["citations", "content"])
        XCTAssertEqual(parts[1].extras.lost(to: .openai), ["guardContent"])
    }

    func testToolsThatTheProviderRunsAreNobodysToAnswer() throws {
        let parts = try BedrockChecks.conversation(
            #"""
            "messages": [{"role": "assistant", "content": [
               {"toolUse": {"toolUseId": "s", "name": "grounding", "input": {}, "type": "server_tool_use"}},
               {"toolResult": {"toolUseId": "s", "type": "grounding_result", "content": []}}]}]
            """#
        ).turns[0].parts
        for part in parts {
            guard case .native(_, of: .bedrock) = part.content else { return XCTFail("\(part)") }
        }
    }

    func testACachePointBelongsToTheBlockBeforeIt() throws {
        let parts = try BedrockChecks.conversation(
            #"""
            "messages": [{"role": "user", "content": [
               {"cachePoint": {"type": "default"}}, {"text": "a"}, {"cachePoint": {"type": "default", "ttl": "1h"}},
               {"text": "b"}, {"cachePoint": {"type": "default"}}, {"cachePoint": {"type": "other"}}]}]
            """#
        ).turns[0].parts
        XCTAssertEqual(parts.map(\.cacheMark), [nil, CacheMark(seconds: 3_600), CacheMark(), nil])
        XCTAssertEqual(parts.map(\.text), [nil, "a", "b", nil])
    }

    func testAThoughtOfAnotherProviderIsThatProvidersAgain() throws {
        let signature = BedrockThoughts.signature("c2ln", of: .anthropic)
        let redacted = BedrockThoughts.redacted("ZGF0YQ==", of: .anthropic)
        let parts = try BedrockChecks.conversation(
            #"""
            "messages": [{"role": "assistant", "content": [
               {"reasoningContent": {"reasoningText": {"text": "Hm", "signature": "\#(signature)"}}},
               {"reasoningContent": {"redactedContent": "\#(redacted)"}},
               {"reasoningContent": {"reasoningText": {"text": "Own", "signature": "b3du"}}},
               {"reasoningContent": {"redactedContent": "b3du"}}]}]
            """#
        ).turns[0].parts
        XCTAssertEqual(
            parts.map(\.content),
            [
                .thinking(Thinking(text: "Hm", signature: "c2ln", origin: .anthropic)),
                .thinking(Thinking(sealed: "ZGF0YQ==", origin: .anthropic)),
                .thinking(Thinking(text: "Own", signature: "b3du", origin: .bedrock)),
                .thinking(Thinking(sealed: "b3du", origin: .bedrock)),
            ])
    }

    func testAnErrorNamesTheField() {
        let content = { (block: String) in #""messages": [{"role": "user", "content": [\#(block)]}]"# }
        let first = "messages[0].content[0]"
        let problems: [(String, field: String)] = [
            ("", "messages"), (#""messages": []"#, "messages"), (#""messages": {}"#, "messages"),
            (#""messages": [1]"#, "messages[0]"), (#""messages": [{"content": []}]"#, "messages[0].role"),
            (#""messages": [{"role": "tool", "content": []}]"#, "messages[0].role"),
            (#""messages": [{"role": "user", "content": "Hi"}]"#, "messages[0].content"),
            (#""messages": [{"role": "user"}]"#, "messages[0].content"),
            (content("{}"), first), (content("1"), first), (content(#"{"text": 1}"#), "\(first).text"),
            (content(#"{"image": 1}"#), "\(first).image"),
            (content(#"{"image": {"format": "png"}}"#), "\(first).image.source"),
            (content(#"{"image": {"format": "png", "source": {}}}"#), "\(first).image.source"),
            (
                content(#"{"image": {"format": "png", "source": {"s3Location": {}}}}"#),
                "\(first).image.source.s3Location.uri"
            ),
            (content(#"{"toolUse": {"name": "a"}}"#), "\(first).toolUse.toolUseId"),
            (content(#"{"toolUse": {"toolUseId": "a"}}"#), "\(first).toolUse.name"),
            (content(#"{"toolResult": {"toolUseId": "a"}}"#), "\(first).toolResult.content"),
            (
                content(#"{"toolResult": {"toolUseId": "a", "content": [{"text": 1}]}}"#),
                "\(first).toolResult.content[0].text"
            ),
            (
                content(#"{"toolResult": {"toolUseId": "a", "content": [], "status": "x"}}"#),
                "\(first).toolResult.status"
            ),
            (content(#"{"reasoningContent": {"reasoningText": {}}}"#), "\(first).reasoningContent.reasoningText.text"),
        ]
        for (members, field) in problems {
            guard case .invalid(let found, let reason)? = BedrockChecks.problem(members) else {
                return XCTFail("no problem in \(members)")
            }
            XCTAssertEqual(found, field, members)
            XCTAssertTrue(reason.hasPrefix("want "), reason)
        }
    }

    func testAnErrorInASettingNamesTheField() {
        let asked = #""messages": [{"role": "user", "content": [{"text": "Hi"}]}], "#
        let format = { (text: String) in #""outputConfig": {"textFormat": \#(text)}"# }
        let problems: [(String, field: String)] = [
            (#""system": "Be brief""#, "system"), (#""system": [{"text": 1}]"#, "system[0].text"),
            (#""inferenceConfig": {"maxTokens": -1}"#, "inferenceConfig.maxTokens"),
            (#""inferenceConfig": {"temperature": "hot"}"#, "inferenceConfig.temperature"),
            (#""inferenceConfig": {"stopSequences": [1]}"#, "inferenceConfig.stopSequences[0]"),
            (#""toolConfig": {}"#, "toolConfig.tools"), (#""toolConfig": {"tools": [{}]}"#, "toolConfig.tools[0]"),
            (
                #""toolConfig": {"tools": [{"toolSpec": {"name": "a"}}]}"#,
                "toolConfig.tools[0].toolSpec.inputSchema.json"
            ),
            (#""toolConfig": {"tools": [], "toolChoice": {}}"#, "toolConfig.toolChoice"),
            (#""toolConfig": {"tools": [], "toolChoice": {"tool": {}}}"#, "toolConfig.toolChoice.tool.name"),
            (#""additionalModelRequestFields": 1"#, "additionalModelRequestFields"),
            (
                #""additionalModelRequestFields": {"thinking": {"type": "some"}}"#,
                "additionalModelRequestFields.thinking.type"
            ),
            (
                #""additionalModelRequestFields": {"thinking": {"type": "enabled"}}"#,
                "additionalModelRequestFields.thinking.budget_tokens"
            ),
            (#""serviceTier": {}"#, "serviceTier.type"), (format(#"{"type": "xml"}"#), "outputConfig.textFormat.type"),
            (format(#"{"type": "json_schema"}"#), "outputConfig.textFormat.structure.jsonSchema"),
            (
                format(#"{"type": "json_schema", "structure": {"jsonSchema": {"schema": "{"}}}"#),
                "outputConfig.textFormat.structure.jsonSchema.schema"
            ),
        ]
        for (members, field) in problems {
            guard case .invalid(let found, _)? = BedrockChecks.problem(asked + members) else {
                return XCTFail("no problem in \(members)")
            }
            XCTAssertEqual(found, field, members)
        }
    }
}
