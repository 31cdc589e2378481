import Shared
import Translate
import XCTest

/// A caller sends an answer back as it got it, with the results of its calls: the next turn of every agent.
final class SentBackTests: XCTestCase {
    func testThoughtsAndCallsReachTheirProviderAgain() throws {
        for name in ["thinking-sent-back", "thinking-sealed", "tools-in-parallel", "tool-without-arguments", "unicode"]
        {
            let known = DialectCase(name: name)
            for provider in DialectCase.providers {
                let answer = try provider.codec.answer(from: DialectCell.json(known.reply(of: provider).body))
                for caller in DialectCase.callers {
                    let context = DialectCase.context(of: caller)
                    let body = try DialectCell.json(caller.codec.body(of: answer, in: context))
                    let next = try Self.next(body, of: caller)
                    let request = DialectCase.Request(body: next, call: InboundCall(model: context.model))
                    var traits = DialectCase.traits(of: provider)
                    traits.capabilities.reasoning = true
                    let rendered = try provider.codec.request(request.conversation(of: caller), for: traits)
                    let label = "\(name) \(provider.rawValue)>\(caller.rawValue)>\(provider.rawValue)"
                    try check(
                        DialectCell.json(rendered.body), against: answer, of: provider,
                        keepsThoughts: caller != .openai, label)
                }
            }
        }
    }

    /// The next turn may go to another provider, which would refuse what it cannot read.
    func testNothingThatOnlyOneProviderReadsReachesAnother() throws {
        for name in ["thinking-sent-back", "thinking-sealed", "coding-agent"] {
            let known = DialectCase(name: name)
            for provider in DialectCase.providers {
                let answer = try provider.codec.answer(from: DialectCell.json(known.reply(of: provider).body))
                for caller in DialectCase.callers {
                    let context = DialectCase.context(of: caller)
                    let body = try DialectCell.json(caller.codec.body(of: answer, in: context))
                    let request = DialectCase.Request(
                        body: try Self.next(body, of: caller), call: InboundCall(model: context.model))
                    for other in DialectCase.providers where other != provider && other != caller {
                        // Bedrock's models of Anthropic read what Anthropic signed.
                        if provider == .anthropic, other == .bedrock { continue }
                        let rendered = try other.codec.request(
                            request.conversation(of: caller), for: DialectCase.traits(of: other))
                        let text = String(decoding: rendered.body, as: UTF8.self)
                        let label = "\(name) \(provider.rawValue)>\(caller.rawValue)>\(other.rawValue): \(text)"
                        for mark in ["weir:", "d2Vpcj", "-signed-", "\"signature\":\"\"", "signature", "redacted"] {
                            XCTAssertFalse(text.contains(mark), label)
                        }
                    }
                }
            }
        }
    }

    /// Calls are there with their arguments, and what their provider signed is signed.
    private func check(
        _ body: JSONValue, against answer: Answer, of provider: Dialect, keepsThoughts: Bool, _ label: String
    ) throws {
        let call = InboundCall(model: "m", isStream: false)
        let conversation = try provider.codec.conversation(from: body, of: call)
        let turns = conversation.turns.filter { $0.role == .assistant }
        let parts = turns.flatMap(\.parts)
        var sent = answer.choices.first?.parts ?? []
        if !keepsThoughts { sent = sent.filter { if case .thinking = $0.content { false } else { true } } }
        XCTAssertEqual(parts.compactMap(\.essence), sent.compactMap(\.essence), label)
        XCTAssertEqual(parts.compactMap(\.text).joined(), sent.compactMap(\.text).joined(), label)
    }

    /// What a client of `caller` sends next.
    private static func next(_ answer: JSONValue, of caller: Dialect) throws -> JSONValue {
        switch caller {
        case .openai, .bedrock, .responses: openai(answer["choices"]?.array?.first?["message"] ?? .null)
        case .anthropic: anthropic(answer["content"] ?? .null)
        case .gemini: gemini(answer["candidates"]?.array?.first?["content"] ?? .null)
        }
    }

    private static func openai(_ message: JSONValue) -> JSONValue {
        let results = (message["tool_calls"]?.array ?? []).map { call in
            object([("role", .string("tool")), ("tool_call_id", call["id"] ?? .null), ("content", .string("done"))])
        }
        let end = results.isEmpty ? [object([("role", .string("user")), ("content", .string("Go on."))])] : results
        return object([
            ("model", .string("gpt-5-mini")), ("reasoning_effort", .string("high")),
            (
                "messages",
                .array([object([("role", .string("user")), ("content", .string("Hello."))]), message] + end)
            ),
        ])
    }

    private static func anthropic(_ content: JSONValue) -> JSONValue {
        let results = (content.array ?? []).filter { $0["type"] == .string("tool_use") }.map { call in
            object([
                ("type", .string("tool_result")), ("tool_use_id", call["id"] ?? .null), ("content", .string("done")),
            ])
        }
        let end = results.isEmpty ? JSONValue.string("Go on.") : .array(results)
        return object([
            ("model", .string("claude-sonnet-4-5")), ("max_tokens", .number(JSONNumber(8_000))),
            ("thinking", object([("type", .string("enabled")), ("budget_tokens", .number(JSONNumber(4_000)))])),
            (
                "messages",
                .array([
                    object([("role", .string("user")), ("content", .string("Hello."))]),
                    object([("role", .string("assistant")), ("content", content)]),
                    object([("role", .string("user")), ("content", end)]),
                ])
            ),
        ])
    }

    private static func gemini(_ content: JSONValue) -> JSONValue {
        let calls = (content["parts"]?.array ?? []).compactMap { $0["functionCall"] }
        let results = calls.map { call in
            var response = object([
                ("name", call["name"] ?? .null), ("response", object([("result", .string("done"))])),
            ]).object
            response?["id"] = call["id"]
            return object([("functionResponse", .object(response ?? JSONObject()))])
        }
        let end = results.isEmpty ? [object([("text", .string("Go on."))])] : results
        return object([
            (
                "contents",
                .array([
                    object([("role", .string("user")), ("parts", .array([object([("text", .string("Hello."))])]))]),
                    content, object([("role", .string("user")), ("parts", .array(end))]),
                ])
            )
        ])
    }

    private static func object(_ members: [(String, JSONValue)]) -> JSONValue {
        var object = JSONObject()
        for (name, value) in members { object[name] = value }
        return .object(object)
    }
}

extension Part {
    /// A call without its identity, or what a provider knows its own thoughts by.
    fileprivate var essence: String? {
        switch content {
        case .toolCall(let call):
            let arguments = (try? JSONValue(parsing: Array(call.arguments.utf8))).map { PrettyJSON.text($0) }
            return "call \(call.name) \(arguments ?? call.arguments) \(call.signature ?? "unsigned")"
        case .thinking(let thinking):
            guard thinking.signature != nil || thinking.sealed != nil else { return nil }
            return "thought \(thinking.signature ?? "") \(thinking.sealed ?? "")"
        default: return nil
        }
    }
}
