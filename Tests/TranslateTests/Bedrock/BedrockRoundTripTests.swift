import Shared
import XCTest

@testable import Translate

/// What is read and written in one dialect is the same again.
final class BedrockRoundTripTests: XCTestCase {
    private func assertSame(
        _ request: String, model: String = BedrockChecks.sonnet, file: StaticString = #filePath, line: UInt = #line
    ) throws {
        let conversation = try BedrockConverse.conversation(
            from: try BedrockChecks.json(request), of: InboundCall(model: model, isStream: false))
        let rendered = try BedrockConverse.request(conversation, for: TargetTraits(model: model))
        assertJSON(rendered.body, request, file: file, line: line)
        XCTAssertEqual(rendered.dropped, [], file: file, line: line)
        XCTAssertEqual(rendered.adjusted, [], file: file, line: line)
        XCTAssertTrue(rendered.reading.isPlain, file: file, line: line)
    }

    func testTheLeastRequest() throws {
        try assertSame(#"{"messages": [{"role": "user", "content": [{"text": "Hello"}]}]}"#)
    }

    func testSettings() throws {
        try assertSame(
            #"""
            {"messages": [{"role": "user", "content": [{"text": "Hi"}]}],
             "system": [{"text": "Be brief."}, {"cachePoint": {"type": "default", "ttl": "1h"}},
                        {"guardContent": {"text": {"text": "Guarded.", "qualifiers": ["query"]}}}],
             "inferenceConfig": {"maxTokens": 100, "temperature": 0.70, "stopSequences": ["END", "\n\nHuman:"], "future": 1},
             "guardrailConfig": {"guardrailIdentifier": "abc", "guardrailVersion": "1", "trace": "enabled"},
             "additionalModelResponseFieldPaths": ["/stop_sequence"],
             "requestMetadata": {"team": "search", "job": "nightly build #7"},
             "performanceConfig": {"latency": "optimized"},
             "serviceTier": {"type": "flex"},
             "promptVariables": {"name": {"text": "Ann"}},
             "somethingNew": {"a": [1, 2.50, null]}}
            """#)
    }

    func testFieldsOfTheModel() throws {
        try assertSame(
            #"""
            {"messages": [{"role": "user", "content": [{"text": "Hi"}]}],
             "inferenceConfig": {"maxTokens": 20000},
             "additionalModelRequestFields": {
                "thinking": {"type": "enabled", "budget_tokens": 4096},
                "anthropic_beta": ["context-1m-2025-08-07", "not-known-here-2027-01-01"], "other": {"deep": true}}}
            """#)
        try assertSame(
            #"""
            {"messages": [{"role": "user", "content": [{"text": "Hi"}]}],
             "additionalModelRequestFields": {"thinking": {"type": "adaptive", "display": "summarized"}},
             "outputConfig": {"effort": "xhigh"}}
            """#, model: BedrockChecks.opus)
        try assertSame(
            #"""
            {"messages": [{"role": "user", "content": [{"text": "Hi"}]}], "outputConfig": {"effort": "low"},
             "additionalModelRequestFields": {"top_k": 50}}
            """#, model: "anthropic.claude-opus-4-6-v1")
        try assertSame(
            #"""
            {"messages": [{"role": "user", "content": [{"text": "Hi"}]}],
             "additionalModelRequestFields": {"inferenceConfig": {"topK": 20}, "reasoningConfig": {"type": "disabled"}}}
            """#, model: BedrockChecks.nova)
        try assertSame(
            #"""
            {"messages": [{"role": "user", "content": [{"text": "Hi"}]}], "inferenceConfig": {"maxTokens": 9000},
             "additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 2000}, "top_k": 5}}
            """#, model: "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghij12")
    }

    func testFormats() throws {
        try assertSame(
            #"""
            {"messages": [{"role": "user", "content": [{"text": "Hi"}]}],
             "outputConfig": {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": {
                "schema": "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"number\",\"minimum\":1.50}}}",
                "name": "answer", "description": "What it is"}}}}}
            """#)
    }

    func testMedia() throws {
        try assertSame(
            #"""
            {"messages": [{"role": "user", "content": [
              {"text": "Look"},
              {"image": {"format": "png", "source": {"bytes": "iVBORw0KGgo="}}},
              {"image": {"format": "webp", "source": {"s3Location": {"uri": "s3://bucket/a.webp"}}}},
              {"image": {"format": "jpeg", "source": {"s3Location": {"uri": "s3://bucket/a.jpg", "bucketOwner": "123456789012"}}}},
              {"document": {"format": "pdf", "name": "Report (2024) [v2]", "source": {"bytes": "JVBERi0="},
                            "context": "The annual one", "citations": {"enabled": true}}},
              {"document": {"format": "md", "name": "notes", "source": {"bytes": "IyBIaQ=="}}},
              {"document": {"name": "plain", "source": {"text": "All of it"}}},
              {"document": {"format": "txt", "name": "pieces", "source": {"content": [{"text": "One"}, {"text": "Two"}]}}},
              {"video": {"format": "three_gp", "source": {"s3Location": {"uri": "s3://bucket/v.3gp"}}}},
              {"video": {"format": "mpg", "source": {"bytes": "AAAA"}}},
              {"audio": {"format": "mp3", "source": {"bytes": "AAAA"}}},
              {"audio": {"format": "mpeg", "source": {"bytes": "AAAA"}}},
              {"guardContent": {"text": {"text": "Is this right?", "qualifiers": ["grounding_source", "query"]}}},
              {"guardContent": {"text": {"text": "Plainly guarded"}}},
              {"guardContent": {"image": {"format": "png", "source": {"bytes": "iVBORw0KGgo="}}}},
              {"searchResult": {"source": "https://example.com", "title": "T", "content": [{"text": "C"}], "citations": {"enabled": true}}},
              {"cachePoint": {"type": "default"}},
              {"somethingNew": {"a": 1}}]}]}
            """#)
    }

    func testEveryFormatOfEveryKind() throws {
        let formats = [
            "image": ["png", "jpeg", "gif", "webp"],
            "document": ["pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"],
            "video": ["mkv", "mov", "mp4", "webm", "flv", "mpeg", "mpg", "wmv", "three_gp"],
            "audio": [
                "mp3", "opus", "wav", "aac", "flac", "mp4", "ogg", "mkv", "mka", "x-aac", "m4a", "mpeg", "mpga", "pcm",
                "webm",
            ],
        ]
        for (kind, formats) in formats {
            for format in formats {
                let name = kind == "document" ? #""name": "d", "# : ""
                try assertSame(
                    #"{"messages": [{"role": "user", "content": [{"text": "Look"}, {"\#(kind)": {"format": "\#(format)", \#(name)"source": {"bytes": "AAAA"}}}]}]}"#
                )
            }
        }
    }

    func testTools() throws {
        try assertSame(
            #"""
            {"messages": [
              {"role": "user", "content": [{"text": "Weather?"}, {"cachePoint": {"type": "default", "ttl": "5m"}}]},
              {"role": "assistant", "content": [
                {"reasoningContent": {"reasoningText": {"text": "I should look.", "signature": "c2ln"}}},
                {"reasoningContent": {"redactedContent": "cmVkYWN0ZWQ="}},
                {"text": "Let me see."},
                {"toolUse": {"toolUseId": "tooluse_1", "name": "weather", "input": {"city": "Oslo", "days": 1.0}}},
                {"toolUse": {"toolUseId": "tooluse_2", "name": "time", "input": {}}}]},
              {"role": "user", "content": [
                {"toolResult": {"toolUseId": "tooluse_1", "status": "success", "content": [
                    {"json": {"temperature": 3.20}}, {"text": "Cold"},
                    {"image": {"format": "png", "source": {"bytes": "iVBORw0KGgo="}}},
                    {"document": {"format": "csv", "name": "table", "source": {"bytes": "YSxi"}}},
                    {"video": {"format": "mp4", "source": {"bytes": "AAAA"}}},
                    {"searchResult": {"source": "s", "title": "t", "content": [{"text": "c"}]}}]}},
                {"toolResult": {"toolUseId": "tooluse_2", "status": "error", "content": [{"text": "No clock"}]}},
                {"cachePoint": {"type": "default"}},
                {"text": "Be quick."}]},
              {"role": "assistant", "content": [
                {"citationsContent": {"content": [{"text": "It is cold."}], "citations": [
                    {"title": "table", "location": {"documentChar": {"documentIndex": 0, "start": 1, "end": 4}}}]}},
                {"toolUse": {"toolUseId": "srv_1", "name": "nova_grounding", "input": {"q": "x"}, "type": "server_tool_use"}},
                {"toolResult": {"toolUseId": "srv_1", "type": "nova_grounding_result", "content": [{"text": "found"}]}}]},
              {"role": "user", "content": [{"text": "And tomorrow?"}]}],
             "toolConfig": {"tools": [
                {"toolSpec": {"name": "weather", "description": "Tells the weather", "strict": true,
                    "inputSchema": {"json": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}},
                {"cachePoint": {"type": "default", "ttl": "1h"}},
                {"toolSpec": {"name": "time", "inputSchema": {"json": {"type": "object"}}, "future": 1}},
                {"systemTool": {"name": "nova_grounding"}}],
              "toolChoice": {"auto": {}}, "future": true}}
            """#)
    }

    func testChoicesOfTools() throws {
        for choice in [#"{"any": {}}"#, #"{"tool": {"name": "a"}}"#, #"{"auto": {}}"#] {
            try assertSame(
                #"""
                {"messages": [{"role": "user", "content": [{"text": "Hi"}]}], "toolConfig": {
                 "tools": [{"cachePoint": {"type": "default"}}, {"toolSpec": {"name": "a", "inputSchema": {"json": {"type": "object"}}}}],
                 "toolChoice": \#(choice)}}
                """#)
        }
    }

    func testInstructionsAmongTheMessages() throws {
        try assertSame(
            #"""
            {"system": [{"text": "First"}], "messages": [
              {"role": "user", "content": [{"text": "Hi"}]},
              {"role": "system", "content": [{"text": "From now on in French"}, {"toolAddition": {"tool": {"type": "tool", "name": "t"}}}]},
              {"role": "assistant", "content": [{"text": "Bonjour"}], "future": 2},
              {"role": "user", "content": [{"text": "Encore"}]}]}
            """#, model: BedrockChecks.opus)
    }

    func testAPromptThatIsStoredNeedsNoMessages() throws {
        try assertSame(
            #"{"promptVariables": {"genre": {"text": "pop"}}}"#,
            model: "arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ:1")
    }

    // MARK: Answers

    private func assertSame(answer: String, file: StaticString = #filePath, line: UInt = #line) throws {
        let read = try BedrockConverse.answer(from: try BedrockChecks.json(answer))
        assertJSON(BedrockChecks.body(read), answer, file: file, line: line)
    }

    func testAnswers() throws {
        try assertSame(
            answer: #"""
                {"output": {"message": {"role": "assistant", "content": [
                   {"reasoningContent": {"reasoningText": {"text": "Hm", "signature": "c2ln"}}},
                   {"reasoningContent": {"redactedContent": "cmVk"}},
                   {"text": "Hello"},
                   {"citationsContent": {"content": [{"text": "It "}, {"text": "is"}], "citations": [{"title": "a"}], "future": 1}},
                   {"image": {"format": "png", "source": {"bytes": "iVBORw0KGgo="}}},
                   {"toolUse": {"toolUseId": "t1", "name": "f", "input": {"a": 1.50}}},
                   {"toolUse": {"toolUseId": "t2", "name": "g", "input": {}, "type": "server_tool_use"}},
                   {"toolResult": {"toolUseId": "t2", "type": "x", "content": []}},
                   {"somethingNew": true}], "future": {"b": 1}}},
                 "stopReason": "tool_use",
                 "usage": {"inputTokens": 10, "outputTokens": 20, "totalTokens": 360, "cacheReadInputTokens": 300,
                           "cacheWriteInputTokens": 30, "cacheDetails": [{"ttl": "1h", "inputTokens": 10}, {"ttl": "5m", "inputTokens": 20}],
                           "future": 7},
                 "metrics": {"latencyMs": 512}, "performanceConfig": {"latency": "standard"}, "serviceTier": {"type": "priority"},
                 "additionalModelResponseFields": {"stop_sequence": null}, "trace": {"promptRouter": {"invokedModelId": "m"}}}
                """#)
        // Some models leave the caches out of the total.
        try assertSame(
            answer: #"""
                {"output": {"message": {"role": "assistant", "content": []}}, "stopReason": "guardrail_intervened",
                 "usage": {"inputTokens": 10, "outputTokens": 20, "totalTokens": 30, "cacheReadInputTokens": 300},
                 "metrics": {"latencyMs": 1}}
                """#)
    }

    func testEveryReasonOfTheEnd() throws {
        for reason in [
            "end_turn", "tool_use", "max_tokens", "stop_sequence", "guardrail_intervened", "content_filtered",
            "malformed_model_output", "malformed_tool_use", "model_context_window_exceeded",
        ] {
            try assertSame(
                answer: #"""
                    {"output": {"message": {"role": "assistant", "content": [{"text": "a"}]}}, "stopReason": "\#(reason)",
                     "usage": {"inputTokens": 1, "outputTokens": 2, "totalTokens": 3}, "metrics": {"latencyMs": 1}}
                    """#)
        }
    }
}
