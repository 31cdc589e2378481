import Shared

/// OpenAI's chunks.
struct OpenAICallerStream: CallerStream {
    private var answer = JSONObject()
    private var choices: [Int: JSONObject] = [:]
    private var messages: [Int: JSONObject] = [:]
    private var calls: [Int: [JSONObject]] = [:]
    private var hasUsage = false
    private var isOver = false

    mutating func feed(_ name: String, _ chunk: JSONValue) throws {
        guard !isOver, name.isEmpty, let members = chunk.object?.members else {
            throw StreamFault("a chunk after the end")
        }
        guard chunk["object"] == .string("chat.completion.chunk"), let listed = chunk["choices"]?.array else {
            throw StreamFault("no chunk: \(chunk)")
        }
        for field in ["id", "created", "model"] {
            guard let value = chunk[field] else { throw StreamFault("a chunk without \(field)") }
            if let known = answer[field], known != value { throw StreamFault("\(field) changed") }
        }
        for member in members where member.name != "choices" && member.value != .null {
            answer[member.name] = member.value
        }
        for choice in listed { try feed(choice: choice) }
        if let usage = chunk["usage"], usage != .null {
            guard !hasUsage, listed.isEmpty else { throw StreamFault("usage beside choices, or twice") }
            guard choices.values.allSatisfy({ $0["finish_reason"] != nil }) else {
                throw StreamFault("usage too early")
            }
            hasUsage = true
        } else if listed.isEmpty {
            throw StreamFault("a chunk that says nothing")
        }
    }

    mutating func feedEnd() throws {
        guard !isOver else { throw StreamFault("two ends") }
        isOver = true
    }

    private mutating func feed(choice: JSONValue) throws {
        guard let index = choice["index"]?.number?.integer(as: Int.self), let delta = choice["delta"]?.object else {
            throw StreamFault("no choice: \(choice)")
        }
        var known = choices[index] ?? JSONObject()
        guard known["finish_reason"] == nil else { throw StreamFault("choice \(index) goes on after its end") }
        guard messages[index] != nil || delta["role"] == .string("assistant") else { throw StreamFault("no role") }
        known["index"] = choice["index"]
        for member in choice.object?.members ?? [] where member.value != .null {
            switch member.name {
            case "index", "delta": break
            case "logprobs":
                var logprobs = known["logprobs"]?.object ?? JSONObject()
                logprobs.extend("content", with: member.value["content"]?.array ?? [])
                known["logprobs"] = .object(logprobs)
            default: known[member.name] = member.value
            }
        }
        choices[index] = known
        try feed(delta: delta, index: index)
    }

    private mutating func feed(delta: JSONObject, index: Int) throws {
        var message = messages[index] ?? JSONObject()
        for member in delta.members where member.value != .null {
            switch (member.name, member.value) {
            case ("role", let role):
                guard message["role"] == nil else { throw StreamFault("two roles") }
                message["role"] = role
            case ("tool_calls", let pieces): for piece in pieces.array ?? [] { try feed(call: piece, index: index) }
            case (let name, .string(let text)): message.extend(name, with: text)
            case (let name, .array(let elements)): message.extend(name, with: elements)
            case (let name, let value): message[name] = value
            }
        }
        messages[index] = message
    }

    private mutating func feed(call piece: JSONValue, index: Int) throws {
        guard let place = piece["index"]?.number?.integer(as: Int.self), let function = piece["function"]?.object else {
            throw StreamFault("no call: \(piece)")
        }
        var known = calls[index] ?? []
        if place == known.count {
            guard let id = piece["id"], piece["type"] == .string("function"), let name = function["name"] else {
                throw StreamFault("a call begins without id, type or name: \(piece)")
            }
            var call = JSONObject()
            call["id"] = id
            call["type"] = .string("function")
            var named = JSONObject()
            named["name"] = name
            call["function"] = .object(named)
            known.append(call)
        } else if piece["id"] != nil || piece["type"] != nil || function["name"] != nil || place > known.count {
            throw StreamFault("a call begins twice, or out of order: \(piece)")
        }
        var whole = known[place]["function"]?.object ?? JSONObject()
        whole.extend("arguments", with: function["arguments"]?.string ?? "")
        known[place]["function"] = .object(whole)
        calls[index] = known
    }

    func whole() throws -> JSONValue {
        guard isOver else { throw StreamFault("no end") }
        var whole = answer
        whole["object"] = .string("chat.completion")
        whole["choices"] = .array(
            try choices.keys.sorted().map { index in
                var choice = choices[index] ?? JSONObject()
                guard choice["finish_reason"] != nil else { throw StreamFault("choice \(index) has no end") }
                var message = messages[index] ?? JSONObject()
                message["tool_calls"] = calls[index].map { .array($0.map(JSONValue.object)) }
                choice["message"] = .object(message)
                return .object(choice)
            })
        return .object(whole)
    }

    static func comparable(_ answer: JSONValue) -> JSONValue? {
        var object = answer.object ?? JSONObject()
        object.amendEach("choices") { choice in
            choice.remove("content_filter_results")
            choice.amend("message") { message in
                message.amendEach("tool_calls") { call in call.amend("function", Self.readArguments) }
            }
        }
        return JSONValue.object(object).essence
    }

    /// White space between the tokens of arguments says nothing.
    private static func readArguments(_ function: inout JSONObject) {
        guard let text = function["arguments"]?.string, let value = try? JSONValue(parsing: Array(text.utf8)) else {
            return
        }
        function["arguments"] = value
    }
}
