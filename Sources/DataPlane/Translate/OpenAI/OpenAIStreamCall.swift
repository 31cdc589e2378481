import Shared

/// What one delta says of a call.
struct OpenAICallDelta {
    var index: Int?
    /// Not empty; the same for `name`.
    var id: String?
    var name: String?
    var arguments = ""
    var signature: String?
    /// A call of a custom tool: its input is any text.
    var isCustom = false

    init(_ value: JSONValue) {
        index = value["index"]?.number?.integer(as: Int.self)
        id = value["id"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        let custom = value["custom"]
        isCustom = custom?.object != nil || value["type"] == .string("custom")
        let function = custom ?? value["function"]
        name = function?["name"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        arguments = OpenAIToolCalls.text(of: function?[isCustom ? "input" : "arguments"])
        signature = ToolCall.signature(in: value[ToolCall.signatureHolder])
    }
}

/// One call of a stream, as far as it has come.
///
/// - Shape: its arguments are held until its name is there. A call of a custom tool is held to its end: only this dialect has such.
struct OpenAIStreamCall {
    let index: Int?
    private(set) var id: String?
    private(set) var name: String?
    private(set) var arguments = JSONNesting()
    private var part: Int?
    private var held = ""
    private var isCustom = false

    init(index: Int?) { self.index = index }

    mutating func read(
        _ delta: OpenAICallDelta, number: Int, of choice: Int, _ parts: inout OpenAIStreamParts,
        _ events: inout [AnswerEvent]
    ) throws(TranslationError) {
        id = id ?? delta.id
        name = name ?? delta.name
        isCustom = isCustom || delta.isCustom
        arguments.read(delta.arguments)
        if let part {
            if !delta.arguments.isEmpty { events.append(.arguments(part: part, delta.arguments)) }
            return
        }
        try parts.hold(delta.arguments.utf8.count)
        held += delta.arguments
        if name != nil, !isCustom { open(delta.signature, number: number, of: choice, &parts, &events) }
    }

    private mutating func open(
        _ signature: String?, number: Int, of choice: Int, _ parts: inout OpenAIStreamParts,
        _ events: inout [AnswerEvent]
    ) {
        let id = self.id ?? parts.callID(choice, number)
        let part = parts.open(.toolCall(id: id, name: name ?? "", signature: signature), choice, &events)
        if !held.isEmpty { events.append(.arguments(part: part, held)) }
        parts.release(held.utf8.count)
        held = ""
        self.part = part
    }

    mutating func close(
        number: Int, of choice: Int, _ parts: inout OpenAIStreamParts, _ events: inout [AnswerEvent]
    ) {
        if isCustom {
            parts.whole(.native(custom(number: number, of: choice, parts), of: .openai), choice, &events)
            return
        }
        if part == nil { open(nil, number: number, of: choice, &parts, &events) }
        if let part { events.append(.closed(part: part)) }
    }

    private func custom(number: Int, of choice: Int, _ parts: OpenAIStreamParts) -> JSONValue {
        .object([
            "id": .string(id ?? parts.callID(choice, number)), "type": .string("custom"),
            "custom": .object(["name": .string(name ?? ""), "input": .string(held)]),
        ])
    }
}

/// Whether a JSON text that comes in pieces may be over.
struct JSONNesting {
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private var hasBegun = false

    /// An object or an array that was begun is closed.
    var isWhole: Bool { hasBegun && depth == 0 && !isInString }

    mutating func read(_ piece: String) {
        for byte in piece.utf8 {
            if isEscaped {
                isEscaped = false
            } else if isInString {
                if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
            } else {
                switch byte {
                case UInt8(ascii: "{"), UInt8(ascii: "["): (depth, hasBegun) = (depth + 1, true)
                case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
                case UInt8(ascii: "\""): isInString = true
                default: break
                }
            }
        }
    }
}
