import Shared

/// An answer as OpenAI writes it in its Responses API.
///
/// - Source: OpenAI API reference, "The response object" and "Streaming events".
struct ResponsesAnswer {
    private let answer: ProviderAnswer
    private let request: ResponsesRequest
    private let identity: ResponseIdentity

    init(_ answer: ProviderAnswer) {
        self.answer = answer
        request = answer.request.response ?? ResponsesRequest(echo: [:], mark: "")
        identity = ResponseIdentity(answer, mark: request.mark)
    }

    // MARK: Items

    /// An event of a stream, without what it has from its place.
    private struct Step {
        var name: String
        var members: JSONValue
        var tokens = 0
    }

    /// One item of the output, and the events between its beginning and its end.
    private struct Item {
        var opening: JSONValue
        var whole: JSONValue
        var steps: [Step]
        /// What was made without an event of its own.
        var tokens = 0
    }

    private var items: [Item] {
        var items = answer.thoughts.map { [reasoning($0)] } ?? []
        for choice in answer.choices.prefix(1) { items.append(message(choice, at: items.count)) }
        for (index, call) in answer.request.toolCalls.enumerated() {
            items.append(functionCall(call, index, at: items.count))
        }
        return items
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private func reasoning(_ thoughts: AnswerText) -> Item {
        let id = identity.reasoning
        let isShown = answer.request.thinking == .shown
        let part: JSONValue = ["type": "summary_text", "text": .string(Self.text(thoughts.text))]
        let whole: JSONValue = [
            "id": .string(id), "type": "reasoning", "summary": isShown ? [part] : [],
        ]
        let opening: JSONValue = ["id": .string(id), "type": "reasoning", "summary": []]
        let sealed = SealedReasoning.seal(id, with: answer.signatures, number: answer.number)
        var item = Item(
            opening: opening,
            whole: whole.adding("encrypted_content", request.showsEncryptedReasoning ? .string(sealed) : nil),
            steps: [])
        guard isShown else {
            item.tokens = thoughts.words.count
            return item
        }
        func step(_ name: String, _ member: String, _ value: JSONValue, tokens: Int = 0) -> Step {
            let members: JSONValue = ["item_id": .string(id), "summary_index": 0]
            return Step(
                name: "response.reasoning_summary_\(name)", members: members.adding(member, value), tokens: tokens)
        }
        item.steps = [step("part.added", "part", ["type": "summary_text", "text": ""])]
        item.steps += thoughts.words.map { word in
            let piece = Self.text(word)
            var delta = step("text.delta", "delta", .string(piece), tokens: 1)
            delta.members = delta.members.adding("obfuscation", obfuscation(of: piece))
            return delta
        }
        item.steps += [
            step("text.done", "text", part["text"] ?? .null), step("part.done", "part", part),
        ]
        return item
    }

    private func message(_ choice: AnswerText, at place: Int) -> Item {
        let id = identity.item("msg", place)
        func message(_ status: String, _ content: JSONValue) -> JSONValue {
            [
                "id": .string(id), "type": "message", "status": .string(status), "content": content,
                "role": "assistant",
            ]
        }
        func part(_ text: String) -> JSONValue {
            ["type": "output_text", "annotations": [], "logprobs": [], "text": .string(text)]
        }
        func step(_ name: String, _ members: JSONValue, tokens: Int = 0) -> Step {
            var all: JSONValue = ["item_id": .string(id), "content_index": 0]
            for member in members.object?.members ?? [] { all = all.adding(member.name, member.value) }
            return Step(name: "response.\(name)", members: all, tokens: tokens)
        }
        let text = Self.text(choice.text)
        var steps = [step("content_part.added", ["part": part("")])]
        for (index, word) in choice.words.enumerated() {
            let piece = Self.text(word)
            let delta: JSONValue = ["delta": .string(piece), "logprobs": []]
            steps.append(
                step(
                    "output_text.delta", delta.adding("obfuscation", obfuscation(of: piece)),
                    tokens: index < answer.echoed ? 0 : 1))
        }
        steps.append(step("output_text.done", ["text": .string(text), "logprobs": []]))
        steps.append(step("content_part.done", ["part": part(text)]))
        return Item(
            opening: message("in_progress", []),
            whole: message(choice.isCapped ? "incomplete" : "completed", [part(text)]), steps: steps)
    }

    private func functionCall(_ call: ToolCall, _ index: Int, at place: Int) -> Item {
        let id = identity.item("fc", place)
        func item(_ status: String, _ arguments: String) -> JSONValue {
            [
                "id": .string(id), "type": "function_call", "status": .string(status), "arguments": .string(arguments),
                "call_id": .string("call_\(request.mark)\(answer.digits(8, of: index))"), "name": .string(call.name),
            ]
        }
        func step(_ name: String, _ members: JSONValue, tokens: Int = 0) -> Step {
            Step(
                name: "response.function_call_arguments.\(name)", members: members.adding("item_id", .string(id)),
                tokens: tokens)
        }
        var steps = call.pieces.enumerated().map { number, piece in
            let before = call.tokens * number / call.pieces.count
            let delta: JSONValue = ["delta": .string(piece)]
            return step(
                "delta", delta.adding("obfuscation", obfuscation(of: piece)),
                tokens: call.tokens * (number + 1) / call.pieces.count - before)
        }
        steps.append(step("done", ["arguments": .string(call.arguments)]))
        return Item(opening: item("in_progress", ""), whole: item("completed", call.arguments), steps: steps)
    }

    /// Fills every piece up to the same length.
    private func obfuscation(of piece: String) -> JSONValue? {
        request.obfuscates ? .string(String(repeating: "x", count: 16 - piece.utf8.count % 16)) : nil
    }

    // MARK: The response

    private var isIncomplete: Bool { answer.choices.first?.isCapped == true }

    private func response(
        _ status: String, _ output: [JSONValue], usage: JSONValue = .null, error: JSONValue = .null
    ) -> JSONValue {
        let isEnded = status == "completed"
        var response: JSONValue = [
            "id": .string(identity.response), "object": "response",
            "created_at": .number(JSONNumber(answer.createdUnixSeconds)), "status": .string(status),
            "completed_at": isEnded ? .number(JSONNumber(answer.createdUnixSeconds)) : .null, "error": error,
            "incomplete_details": status == "incomplete" ? ["reason": "max_output_tokens"] : .null,
            "model": .string(answer.model), "output": .array(output),
        ]
        for member in request.echo.object?.members ?? [] { response = response.adding(member.name, member.value) }
        return response.adding("usage", usage)
    }

    private var usage: JSONValue {
        let usage = answer.usage
        guard answer.showsUsage else { return .null }
        return [
            "input_tokens": .count(usage.prompt),
            "input_tokens_details": [
                "cached_tokens": .count(usage.cached), "cache_write_tokens": .count(usage.cacheWritten),
            ],
            "output_tokens": .count(usage.completion),
            "output_tokens_details": ["reasoning_tokens": .count(usage.reasoning)],
            "total_tokens": .count(usage.prompt + usage.completion),
        ]
    }

    private var whole: JSONValue {
        response(isIncomplete ? "incomplete" : "completed", items.map(\.whole), usage: usage)
    }

    var body: [UInt8] { whole.bytes(.indented) }

    var kept: KeptResponse? {
        request.isStored ? KeptResponse(id: identity.response, items: request.items + items.map(\.whole)) : nil
    }

    /// What was made before it is not told.
    func failure(_ error: ProviderError, after events: Int?) -> [UInt8] {
        let failed = response(
            "failed", [],
            error: ["code": .string(error.code ?? "server_error"), "message": .string(error.message)])
        guard let events else { return failed.bytes(.indented) }
        return Self.frame("response.failed", ["response": failed], number: events)
    }

    // MARK: Stream

    private static func frame(_ name: String, _ members: JSONValue, number: Int) -> [UInt8] {
        var data: JSONValue = ["type": .string(name), "sequence_number": .count(number)]
        for member in members.object?.members ?? [] { data = data.adding(member.name, member.value) }
        return ResponsesDialect.frame(name, data)
    }

    var events: [StreamEvent] {
        var events: [StreamEvent] = []
        // What is counted besides the output was made before it.
        var made = answer.usage.reasoning - (answer.thoughts?.words.count ?? 0)
        func add(_ name: String, _ members: JSONValue) {
            events.append(
                StreamEvent(bytes: Self.frame(name, members, number: events.count), completionTokens: made))
        }
        let begun = response("in_progress", [])
        add("response.created", ["response": begun])
        add("response.in_progress", ["response": begun])
        for (index, item) in items.enumerated() {
            let place: JSONValue = ["output_index": .count(index)]
            add("response.output_item.added", place.adding("item", item.opening))
            for step in item.steps {
                made += step.tokens
                add(step.name, step.members.adding("output_index", .count(index)))
            }
            made += item.tokens
            add("response.output_item.done", place.adding("item", item.whole))
        }
        return events
    }

    /// The response as it ended, behind all other events.
    var ending: [UInt8] {
        let name = isIncomplete ? "response.incomplete" : "response.completed"
        let before = 2 + items.reduce(0) { $0 + 2 + $1.steps.count }
        return Self.frame(name, ["response": whole], number: before)
    }
}
