import Shared

/// A block of a stream between its beginning and its end.
///
/// - Shape: says what it can at once. Two things have to wait: a block of a kind that the form has no word for, which goes out whole; and
///   the input of a call that stood in its first event, since pieces that come behind it would take its place.
struct AnthropicOpenBlock {
    let index: Int
    /// Set when it is opened.
    var part = 0
    /// nil for a block that is held.
    let kind: PartKind?
    /// How the block began.
    private var content: JSONObject
    /// The pieces of a held block's input.
    private var input = ""
    /// Something of its input was said.
    private var hasInput = false

    init(index: Int, _ content: JSONObject) {
        self.index = index
        self.content = content
        kind = Self.kind(of: content)
    }

    /// A block that nobody announced, but whose pieces say what it is.
    init?(index: Int, unannounced delta: String?) {
        let type: String
        switch delta {
        case "text_delta", "citations_delta": type = "text"
        case "thinking_delta", "signature_delta": type = "thinking"
        default: return nil
        }
        var content = JSONObject()
        content["type"] = .string(type)
        self.init(index: index, content)
    }

    var isCall: Bool { if case .toolCall = kind { true } else { false } }

    /// What is held of it; 0 for what was said at once.
    private(set) var heldBytes = 0

    private static func kind(of content: JSONObject) -> PartKind? {
        switch content["type"]?.string {
        case "text": return .text
        case "thinking": return .thinking(origin: .anthropic)
        case "redacted_thinking":
            guard let data = content["data"]?.string else { return nil }
            return .sealedThinking(data, origin: .anthropic)
        case "tool_use":
            guard let name = content["name"]?.string else { return nil }
            return .toolCall(id: content["id"]?.string ?? "", name: name, signature: nil)
        default: return nil
        }
    }

    // MARK: Saying

    /// What its first event had besides its kind.
    mutating func sayFirst(into events: inout [AnswerEvent]) {
        switch kind {
        case .text:
            say(content["text"]?.string) { .text(part: part, $0) }.map { events.append($0) }
            for citation in content["citations"]?.array ?? [] {
                events.append(.citation(part: part, citation, of: .anthropic))
            }
        case .thinking:
            say(content["thinking"]?.string) { .text(part: part, $0) }.map { events.append($0) }
            say(content["signature"]?.string) { .signature(part: part, $0) }.map { events.append($0) }
        default: break
        }
    }

    /// Takes a piece of its kind; others say nothing.
    mutating func grow(by delta: JSONObject, into events: inout [AnswerEvent]) {
        let type = delta["type"]?.string
        guard let kind else { return hold(delta, type) }
        let event: AnswerEvent?
        switch (type, kind) {
        case ("text_delta", .text): event = say(delta["text"]?.string) { .text(part: part, $0) }
        case ("input_json_delta", .toolCall):
            event = say(delta["partial_json"]?.string) { .arguments(part: part, $0) }
            if event != nil { hasInput = true }
        case ("thinking_delta", .thinking): event = say(delta["thinking"]?.string) { .text(part: part, $0) }
        case ("signature_delta", .thinking): event = say(delta["signature"]?.string) { .signature(part: part, $0) }
        case ("citations_delta", .text): event = delta["citation"].map { .citation(part: part, $0, of: .anthropic) }
        default: event = nil
        }
        if let event { events.append(event) }
    }

    /// What is due before it is closed: a call has arguments, if only `{}`.
    func sayLast(into events: inout [AnswerEvent]) {
        guard isCall, !hasInput else { return }
        let input = content["input"]?.object ?? JSONObject()
        let text = String(decoding: JSONValue.object(input).bytes, as: UTF8.self)
        events.append(.arguments(part: part, text))
    }

    private func say(_ piece: String?, _ event: (String) -> AnswerEvent) -> AnswerEvent? {
        guard let piece, !piece.isEmpty else { return nil }
        return event(piece)
    }

    // MARK: Holding

    /// Pieces of an input are put together; any other text grows the member that has its name.
    private mutating func hold(_ delta: JSONObject, _ type: String?) {
        if type == "input_json_delta" {
            let piece = delta["partial_json"]?.string ?? ""
            input += piece
            heldBytes += piece.utf8.count
            return
        }
        for member in delta.members where member.name != "type" {
            if let piece = member.value.string {
                // Let go before it grows: else all of it would be copied for each piece.
                var text = content[member.name]?.string ?? ""
                content[member.name] = .null
                text += piece
                content[member.name] = .string(text)
                heldBytes += piece.utf8.count
            } else if member.value != .null {
                content[member.name] = member.value
            }
        }
    }

    /// The block as it would stand in a whole answer.
    var whole: JSONValue {
        guard !input.isEmpty else { return .object(content) }
        var content = content
        content["input"] = .object(AnthropicBlockWriter.input(of: input).object)
        return .object(content)
    }
}
