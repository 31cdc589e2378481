import Shared
import XCTest

@testable import Translate

final class AnthropicRequestReaderTests: XCTestCase {
    // MARK: A request of a coding agent

    private func agentRequest() throws -> Conversation {
        let text = try XCTUnwrap(try AnthropicChecks.corpus("requests").first { $0.name == "claude-code.json" }?.text)
        return try AnthropicMessages.conversation(from: try AnthropicChecks.json(text), of: InboundCall())
    }

    func testARequestOfACodingAgentIsUnderstood() throws {
        let conversation = try agentRequest()
        XCTAssertEqual(conversation.origin, .anthropic)
        XCTAssertTrue(conversation.isStream)
        XCTAssertEqual(conversation.outputTokensMax, 64_000)
        XCTAssertEqual(conversation.turns.map(\.role), [.system, .user, .assistant, .user, .assistant, .user])
        XCTAssertEqual(conversation.tools.count, 30)
        XCTAssertEqual(conversation.reasoning?.amount, .effort(.high))
        XCTAssertTrue(conversation.endUser?.hasPrefix(#"{"device_id":"#) == true)
        XCTAssertEqual(conversation.extras.lost(to: .openai), ["context_management"])
        XCTAssertEqual(conversation.reasoning?.extras.lost(to: .openai), [])
    }

    func testSchemasKeepTheirDialect() throws {
        guard case .function(let schema?) = try agentRequest().tools[0].kind else { return XCTFail("no function") }
        XCTAssertEqual(schema["$schema"]?.string, "https://json-schema.org/draft/2020-12/schema")
    }

    func testPartsOfAnAgentsTurnsAreOfTheirKinds() throws {
        let turns = try agentRequest().turns
        XCTAssertEqual(turns[0].parts.map(\.cacheMark?.seconds), [nil, 3_600, 3_600])
        guard case .thinking(let thinking) = turns[2].parts[0].content else { return XCTFail("no thought") }
        XCTAssertEqual(thinking.text, "The test first, then the parser.")
        XCTAssertEqual(thinking.origin, .anthropic)
        XCTAssertNotNil(thinking.signature)
        guard case .toolCall(let call) = turns[2].parts[2].content else { return XCTFail("no call") }
        XCTAssertEqual(call.arguments, #"{"file_path":"/home/dev/weir/Tests/ParserTests.swift"}"#)
        guard case .toolResult(let result) = turns[3].parts[1].content else { return XCTFail("no result") }
        XCTAssertEqual(result.isError, true)
        XCTAssertEqual(result.parts.map(\.text), ["no matches"])
        XCTAssertEqual(turns[5].parts[0].cacheMark, CacheMark())
    }

    /// The names of tools that an agent has looked up: nothing that another provider knows, but its model can read them.
    func testWhatOthersDoNotKnowInAResultIsReadable() throws {
        let conversation = try AnthropicChecks.conversation(
            #"""
            "messages": [
              {"role": "user", "content": "Look it up."},
              {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "ToolSearch", "input": {}}]},
              {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": [
                {"type": "tool_reference", "tool_name": "WebFetch"}]}]}],
            "tools": [{"name": "ToolSearch", "input_schema": {"type": "object"}}]
            """#)
        for provider in Dialect.allCases where provider != .anthropic {
            let rendered = try provider.codec.request(conversation, for: DialectCase.traits(of: provider))
            let text = String(decoding: rendered.body, as: UTF8.self)
            XCTAssertTrue(text.contains("tool_reference") && text.contains("WebFetch"), "\(provider): \(text)")
            XCTAssertEqual(rendered.dropped, [], "\(provider)")
        }
    }

    // MARK: Content

    func testSystemIsATextOrBlocks() throws {
        let text = try AnthropicChecks.asked(#""system": "Be brief.""#)
        XCTAssertEqual(text.turns[0], Turn(.system, [Part(.text("Be brief."))], form: .text))
        let blocks = try AnthropicChecks.asked(#""system": [{"type": "text", "text": "A"}]"#)
        XCTAssertEqual(blocks.turns[0], Turn(.system, [Part(.text("A"))], form: .parts))
    }

    func testEveryKindOfBlockTakesACacheMark() throws {
        let mark = #""cache_control": {"type": "ephemeral", "ttl": "1h"}"#
        let conversation = try AnthropicChecks.conversation(
            #"""
            "system": [{"type": "text", "text": "s", \#(mark)}],
            "messages": [{"role": "user", "content": [
              {"type": "text", "text": "t", \#(mark)},
              {"type": "image", "source": {"type": "url", "url": "https://e.com"}, \#(mark)},
              {"type": "document", "source": {"type": "url", "url": "https://e.com"}, \#(mark)},
              {"type": "tool_result", "tool_use_id": "x", \#(mark)}]},
             {"role": "assistant", "content": [{"type": "tool_use", "id": "x", "name": "n", "input": {}, \#(mark)}]}],
            "tools": [{"name": "n", "input_schema": {"type": "object"}, \#(mark)}]
            """#)
        for part in conversation.turns.flatMap(\.parts) { XCTAssertEqual(part.cacheMark, CacheMark(seconds: 3_600)) }
        XCTAssertEqual(conversation.turns.flatMap(\.parts).count, 6)
        XCTAssertEqual(conversation.tools[0].cacheMark, CacheMark(seconds: 3_600))
    }

    func testBlocksOfUnknownKindsAreKeptWhole() throws {
        let block = #"{"type": "server_tool_use", "id": "s", "name": "web_search", "input": {"query": "q"}}"#
        let conversation = try AnthropicChecks.conversation(
            #""messages": [{"role": "assistant", "content": [\#(block)]}]"#)
        XCTAssertEqual(conversation.turns[0].parts[0].content, .native(try AnthropicChecks.json(block), of: .anthropic))
    }

    func testADocumentMadeOfBlocksIsItsText() throws {
        let conversation = try AnthropicChecks.conversation(
            #"""
            "messages": [{"role": "user", "content": [{"type": "document", "title": "T", "source":
              {"type": "content", "content": [{"type": "text", "text": "A"}, {"type": "text", "text": "B"}]}}]}]
            """#)
        guard case .document(let media) = conversation.turns[0].parts[0].content else { return XCTFail("no document") }
        XCTAssertEqual(media.source, .text("A\n\nB"))
        XCTAssertEqual(media.title, "T")
        XCTAssertEqual(media.extras.lost(to: .gemini), ["content"])
    }

    func testResultsKeepTheFormOfTheirContent() throws {
        let conversation = try AnthropicChecks.conversation(
            #"""
            "messages": [{"role": "user", "content": [
              {"type": "tool_result", "tool_use_id": "a"},
              {"type": "tool_result", "tool_use_id": "b", "content": ""},
              {"type": "tool_result", "tool_use_id": "c", "content": []}]}]
            """#)
        let forms = conversation.turns[0].parts.map { part -> Turn.Form? in
            if case .toolResult(let result) = part.content { result.form } else { nil }
        }
        XCTAssertEqual(forms, [.absent, .text, .parts])
    }

    func testSignaturesThatWereCarriedAreTheirProvidersAgain() throws {
        let conversation = try AnthropicChecks.conversation(
            #"""
            "messages": [{"role": "assistant", "content": [
              {"type": "thinking", "thinking": "t", "signature": "weir:gemini:AbC="},
              {"type": "redacted_thinking", "data": "weir:openai:gAAA:x"},
              {"type": "thinking", "thinking": "t", "signature": ""},
              {"type": "thinking", "thinking": "t", "signature": "weir:nobody:x"}]}]
            """#)
        XCTAssertEqual(
            conversation.turns[0].parts.map(\.content),
            [
                .thinking(Thinking(text: "t", signature: "AbC=", origin: .gemini)),
                .thinking(Thinking(sealed: "gAAA:x", origin: .openai)),
                .thinking(Thinking(text: "t", origin: .anthropic)),
                .thinking(Thinking(text: "t", signature: "weir:nobody:x", origin: .anthropic)),
            ])
    }

    // MARK: Tools

    func testToolsOfTheCallersAreFunctionsWithAndWithoutAType() throws {
        let conversation = try AnthropicChecks.asked(
            #"""
            "tools": [
              {"name": "a", "description": "A", "input_schema": {"type": "object"}, "strict": true, "defer_loading": true},
              {"type": "custom", "name": "b", "input_schema": {"type": "object"}},
              {"type": "web_search_20250305", "name": "web_search", "max_uses": 3},
              {"type": "mcp_toolset", "mcp_server_name": "m"}]
            """#)
        let tools = conversation.tools
        XCTAssertEqual(tools.map(\.name), ["a", "b", "web_search", "mcp_toolset"])
        XCTAssertEqual(tools[0].summary, "A")
        XCTAssertEqual(tools[0].isStrict, true)
        XCTAssertEqual(tools[0].extras.lost(to: .openai), ["defer_loading"])
        XCTAssertTrue(tools[1].extras.isEmpty)
        guard case .native(let search) = tools[2].kind else { return XCTFail("not native") }
        XCTAssertEqual(search["max_uses"]?.number?.text, "3")
    }

    func testChoicesOfTools() throws {
        let cases: [(String, ToolChoice, Bool?)] = [
            (#"{"type": "auto"}"#, .automatic, nil),
            (#"{"type": "any", "disable_parallel_tool_use": true}"#, .required, false),
            (#"{"type": "tool", "name": "f", "disable_parallel_tool_use": false}"#, .function("f"), true),
            (#"{"type": "none"}"#, .none, nil),
        ]
        for (text, choice, parallel) in cases {
            let conversation = try AnthropicChecks.asked(#""tool_choice": \#(text)"#)
            XCTAssertEqual(conversation.toolChoice, choice, text)
            XCTAssertEqual(conversation.allowsParallelToolCalls, parallel, text)
        }
    }

    // MARK: The answer

    func testSampling() throws {
        let conversation = try AnthropicChecks.asked(
            #""temperature": 0.70, "top_p": 0.9, "top_k": 5, "stop_sequences": ["a", "b"]"#)
        XCTAssertEqual(conversation.sampling.temperature?.text, "0.70")
        XCTAssertEqual(conversation.sampling.topP?.text, "0.9")
        XCTAssertEqual(conversation.sampling.topK?.text, "5")
        XCTAssertEqual(conversation.stops, ["a", "b"])
    }

    func testAmountsOfThinking() throws {
        let cases: [(String, Reasoning.Amount?, Bool?)] = [
            (#""thinking": {"type": "enabled", "budget_tokens": 2048}"#, .tokens(2_048), nil),
            (#""thinking": {"type": "adaptive", "display": "summarized"}"#, .automatic, true),
            (#""thinking": {"type": "disabled"}"#, .off, nil),
            (
                #""thinking": {"type": "adaptive", "display": "omitted"}, "output_config": {"effort": "max"}"#,
                .effort(.max), false
            ),
            (#""output_config": {"effort": "low"}"#, .effort(.low), nil),
            (#""thinking": {"type": "adaptive"}, "output_config": {"effort": "ultra"}"#, .automatic, nil),
        ]
        for (text, amount, shows) in cases {
            let reasoning = try AnthropicChecks.asked(text).reasoning
            XCTAssertEqual(reasoning?.amount, amount, text)
            XCTAssertEqual(reasoning?.includesThoughts, shows, text)
        }
        XCTAssertNil(try AnthropicChecks.asked(#""thinking": null"#).reasoning)
    }

    func testASchemaIsReadUnderBothOfItsNames() throws {
        let format = #"{"type": "json_schema", "schema": {"type": "object"}}"#
        let schema = OutputFormat.schema(OutputSchema(schema: try AnthropicChecks.json(#"{"type": "object"}"#)))
        XCTAssertEqual(try AnthropicChecks.asked(#""output_config": {"format": \#(format)}"#).format, schema)
        XCTAssertEqual(try AnthropicChecks.asked(#""output_format": \#(format)"#).format, schema)
        let both = try AnthropicChecks.asked(#""output_config": {"format": \#(format)}, "output_format": \#(format)"#)
        XCTAssertEqual(both.extras.lost(to: .openai), ["output_format"])
    }

    func testWhatOnlyAnthropicKnowsIsKept() throws {
        let conversation = try AnthropicChecks.asked(
            #"""
            "container": "c", "mcp_servers": [{"name": "m"}], "service_tier": "auto", "metadata": {"user_id": "u", "x": 1},
            "output_config": {"effort": "low", "task_budget": {"total": 1}}, "speed": "fast"
            """#)
        XCTAssertEqual(conversation.endUser, "u")
        XCTAssertEqual(conversation.serviceTier, "auto")
        XCTAssertEqual(
            conversation.extras.lost(to: .openai), ["container", "mcp_servers", "speed", "output_config", "metadata"])
    }

    // MARK: Counting

    func testARequestToCountNeedsNoBound() throws {
        let body = try AnthropicChecks.json(#"{"model": "m", "messages": [{"role": "user", "content": "Hi"}]}"#)
        XCTAssertNil(try AnthropicMessages.conversationToCount(from: body, of: InboundCall()).outputTokensMax)
        assertJSON(AnthropicMessages.tokenCountBody(2_095), #"{"input_tokens": 2095}"#)
    }

    // MARK: Errors

    func testErrorsNameTheField() throws {
        let user = #""messages": [{"role": "user", "content": "Hi"}]"#
        let cases: [(String, String)] = [
            (#"{"max_tokens": 1, \#(user)}"#, "model"),
            (#"{"model": "m", \#(user)}"#, "max_tokens"),
            (#"{"model": "m", "max_tokens": -1, \#(user)}"#, "max_tokens"),
            (#"{"model": "m", "max_tokens": 1.5, \#(user)}"#, "max_tokens"),
            (#"{"model": "m", "max_tokens": 1}"#, "messages"),
            (#"{"model": "m", "max_tokens": 1, "messages": []}"#, "messages"),
            (#"{"model": "m", "max_tokens": 1, "messages": "Hi"}"#, "messages"),
            (#"{"model": "m", "max_tokens": 1, "messages": ["Hi"]}"#, "messages[0]"),
            (#"{"model": "m", "max_tokens": 1, "messages": [{"role": "tool", "content": "x"}]}"#, "messages[0].role"),
            (#"{"model": "m", "max_tokens": 1, "messages": [{"role": "user"}]}"#, "messages[0].content"),
            (#"{"model": "m", "max_tokens": 1, "messages": [{"role": "user", "content": 1}]}"#, "messages[0].content"),
            (#"{"model": "m", "max_tokens": 1, \#(user), "stream": "yes"}"#, "stream"),
            (#"{"model": "m", "max_tokens": 1, \#(user), "stop_sequences": [1]}"#, "stop_sequences[0]"),
            (#"{"model": "m", "max_tokens": 1, \#(user), "temperature": "hot"}"#, "temperature"),
            (#"{"model": "m", "max_tokens": 1, \#(user), "tools": [{"name": "f"}]}"#, "tools[0].input_schema"),
            (#"{"model": "m", "max_tokens": 1, \#(user), "tools": [{"input_schema": {}}]}"#, "tools[0].name"),
            (#"{"model": "m", "max_tokens": 1, \#(user), "tool_choice": {"type": "some"}}"#, "tool_choice.type"),
            (#"{"model": "m", "max_tokens": 1, \#(user), "tool_choice": {"type": "tool"}}"#, "tool_choice.name"),
            (#"{"model": "m", "max_tokens": 1, \#(user), "thinking": {"type": "enabled"}}"#, "thinking.budget_tokens"),
            (#"{"model": "m", "max_tokens": 1, \#(user), "thinking": {"type": "much"}}"#, "thinking.type"),
            (#"{"model": "m", "max_tokens": 1, \#(user), "metadata": {"user_id": 5}}"#, "metadata.user_id"),
            (
                #"{"model": "m", "max_tokens": 1, \#(user), "output_config": {"format": {"type": "json_schema"}}}"#,
                "output_config.format.schema"
            ),
            (#"{"model": "m", "max_tokens": 1, \#(user), "system": [{"text": "x"}]}"#, "system[0].type"),
        ]
        for (text, field) in cases { try assertInvalid(text, field) }
        XCTAssertThrowsError(try AnthropicMessages.conversation(from: .array([]), of: InboundCall()))
    }

    func testErrorsInBlocksNameTheirPlace() throws {
        let cases: [(String, String)] = [
            (#""text""#, ""),
            (#"{"text": "x"}"#, ".type"),
            (#"{"type": "text"}"#, ".text"),
            (#"{"type": "image"}"#, ".source"),
            (#"{"type": "image", "source": {"type": "base64"}}"#, ".source.data"),
            (#"{"type": "document", "source": {"type": "url"}}"#, ".source.url"),
            (#"{"type": "tool_use", "id": "x", "name": "n"}"#, ".input"),
            (#"{"type": "tool_use", "id": "x", "name": "n", "input": "{}"}"#, ".input"),
            (#"{"type": "tool_result", "content": "x"}"#, ".tool_use_id"),
            (#"{"type": "tool_result", "tool_use_id": "x", "content": [{"type": "text"}]}"#, ".content[0].text"),
            (#"{"type": "thinking", "signature": "x"}"#, ".thinking"),
            (#"{"type": "redacted_thinking"}"#, ".data"),
            (#"{"type": "text", "text": "x", "cache_control": {}}"#, ".cache_control.type"),
        ]
        for (block, field) in cases {
            try assertInvalid(
                #"{"model": "m", "max_tokens": 1, "messages": [{"role": "user", "content": [\#(block)]}]}"#,
                "messages[0].content[0]\(field)")
        }
    }

    private func assertInvalid(_ text: String, _ field: String, line: UInt = #line) throws {
        let body = try AnthropicChecks.json(text)
        XCTAssertThrowsError(try AnthropicMessages.conversation(from: body, of: InboundCall()), text, line: line) {
            guard case .invalid(let found, let reason) = $0 as? TranslationError else { return XCTFail("\($0)") }
            XCTAssertEqual(found, field, text, line: line)
            XCTAssertTrue(reason.hasPrefix("want "), reason, line: line)
        }
    }
}
