import Shared

/// Reads a stream, message by message.
///
/// - Shape: a text or a thought begins with its first piece, a call with its own event. Usage comes behind the reason of the end, and both
///   together are the end. Blocks may overlap, and events of any order are taken; what nobody here knows is left out.
/// - Errors: `malformed`, for what is no JSON, and for more open blocks than any answer has; `tooLarge`, where blocks that are told whole
///   grow beyond `heldBytesMax`.
/// - Source: `ConverseStreamOutput` of the service model.
struct BedrockStreamReader: StreamReader {
    private struct Block {
        let index: Int
        var state: State
        enum State {
            case text(part: Int), thinking(part: Int), call(part: Int)
            case held(BedrockHeldBlock)
        }
    }

    private var blocks: [Block] = []
    private var nextPart = 0
    private var hasBegun = false
    private var hasCalls = false
    private var hasFinished = false
    private var hasUsage = false
    private var isOver = false
    private var heldBytes = 0

    /// An image that a model made, or what its own tools gave.
    static let heldBytesMax = 16 * 1024 * 1024
    static let openBlocksMax = 256

    mutating func read(_ message: StreamMessage, into events: inout [AnswerEvent]) throws(TranslationError) {
        guard !isOver else { return }
        let name = unsafe message.name
        if unsafe name.isText("contentBlockDelta") {
            try delta(unsafe Self.object(message.data), into: &events)
        } else if unsafe name.isText("contentBlockStart") {
            try start(unsafe Self.object(message.data), into: &events)
        } else if unsafe name.isText("contentBlockStop") {
            stop(try unsafe Self.object(message.data), into: &events)
        } else if unsafe name.isText("messageStart") {
            begin(into: &events)
        } else if unsafe name.isText("messageStop") {
            finish(try unsafe Self.object(message.data), into: &events)
        } else if unsafe name.isText("metadata") {
            usage(try unsafe Self.object(message.data), into: &events)
        } else {
            fail(message, into: &events)
        }
    }

    mutating func end(into events: inout [AnswerEvent]) {
        guard hasFinished, !isOver else { return }
        isOver = true
        events.append(.ended)
    }

    private static func object(_ data: UnsafeRawBufferPointer) throws(TranslationError) -> JSONObject {
        do throws(JSONError) {
            if let object = try unsafe JSONValue(parsing: data, allowing: .all).object { return object }
        } catch {
            throw .malformed("an event of a stream that is no JSON: \(error)")
        }
        throw .malformed("an event of a stream that is no object")
    }

    // MARK: The message

    private mutating func begin(into events: inout [AnswerEvent]) {
        guard !hasBegun else { return }
        hasBegun = true
        // Bedrock names neither the answer nor its model.
        events.append(.began(AnswerHead(id: "", model: "")))
    }

    private mutating func finish(_ event: JSONObject, into events: inout [AnswerEvent]) {
        guard !hasFinished else { return }
        begin(into: &events)
        for block in blocks { close(block, into: &events) }
        blocks.removeAll()
        hasFinished = true
        let reason = FinishReason(bedrock: event["stopReason"]?.string ?? "", hasToolCalls: hasCalls)
        let stop = BedrockAnswerReader.stop(in: event["additionalModelResponseFields"])
        events.append(.finished(choice: 0, reason, stop: reason == .stopSequence ? stop : nil))
        if hasUsage { end(into: &events) }
    }

    private mutating func usage(_ event: JSONObject, into events: inout [AnswerEvent]) {
        begin(into: &events)
        var extras = Extras()
        let tier = event["serviceTier"]?["type"]?.string
        if let usage = BedrockUsage.usage(event["usage"], tier: tier, extras: &extras) { events.append(.usage(usage)) }
        hasUsage = true
        end(into: &events)
    }

    /// Events that are new are left out; what is called an exception or an error is one.
    private mutating func fail(_ message: StreamMessage, into events: inout [AnswerEvent]) {
        let name = unsafe String(decoding: message.name, as: UTF8.self)
        guard ["Exception", "Error", "Failure"].contains(where: { name.hasSuffix($0) }) else { return }
        isOver = true
        events.append(.failed(unsafe BedrockErrors.error(named: name, from: message.data)))
    }

    // MARK: Blocks

    private func index(of event: JSONObject) -> Int {
        event["contentBlockIndex"]?.number?.integer() ?? blocks.last?.index ?? 0
    }

    private mutating func start(_ event: JSONObject, into events: inout [AnswerEvent]) throws(TranslationError) {
        begin(into: &events)
        let index = index(of: event)
        guard let start = event["start"] else { return }
        if let call = start["toolUse"]?.object {
            if call["type"]?.string == "server_tool_use" {
                return try open(index, .held(.init(.serverCall(call))), &events)
            }
            hasCalls = true
            let kind = PartKind.toolCall(
                id: call["toolUseId"]?.string ?? "", name: call["name"]?.string ?? "", signature: nil)
            try open(index, .call(part: nextPart), &events)
            tell(kind, into: &events)
        } else if let result = start["toolResult"]?.object {
            try open(index, .held(.init(.serverResult(result))), &events)
        } else if let image = start["image"] {
            try open(index, .held(.init(.image(image["format"]?.string ?? "png"))), &events)
        }
    }

    private mutating func delta(_ event: JSONObject, into events: inout [AnswerEvent]) throws(TranslationError) {
        begin(into: &events)
        guard let delta = event["delta"]?.object else { return }
        let index = index(of: event)
        for member in delta.members {
            switch member.name {
            case "text":
                guard let text = member.value.string, !text.isEmpty else { continue }
                events.append(.text(part: try textPart(index, into: &events), text))
            case "toolUse": try input(index, member.value["input"]?.string ?? "", into: &events)
            case "reasoningContent": try thought(index, member.value, into: &events)
            case "citation":
                events.append(.citation(part: try textPart(index, into: &events), member.value, of: .bedrock))
            case "image": try held(index) { $0.add(member.value["source"]?["bytes"]?.string ?? "") }
            case "toolResult": try held(index) { $0.add(content: member.value.array ?? []) }
            default: break
            }
        }
    }

    private mutating func stop(_ event: JSONObject, into events: inout [AnswerEvent]) {
        let index = index(of: event)
        guard let place = blocks.firstIndex(where: { $0.index == index }) else { return }
        close(blocks.remove(at: place), into: &events)
    }

    private mutating func close(_ block: Block, into events: inout [AnswerEvent]) {
        switch block.state {
        case .text(let part), .thinking(let part), .call(let part): events.append(.closed(part: part))
        case .held(let held):
            heldBytes -= held.byteCount
            guard let kind = held.whole else { return }
            let part = nextPart
            tell(kind, into: &events)
            events.append(.closed(part: part))
        }
    }

    /// In place of a block of the same index that nobody closed.
    private mutating func open(
        _ index: Int, _ state: Block.State, _ events: inout [AnswerEvent]
    ) throws(TranslationError) {
        if let place = blocks.firstIndex(where: { $0.index == index }) {
            close(blocks.remove(at: place), into: &events)
        }
        guard blocks.count < Self.openBlocksMax else { throw .malformed("more than \(Self.openBlocksMax) open blocks") }
        blocks.append(Block(index: index, state: state))
    }

    /// A part of `kind` is the next one.
    private mutating func tell(_ kind: PartKind, into events: inout [AnswerEvent]) {
        events.append(.opened(part: nextPart, choice: 0, kind))
        nextPart += 1
    }

    // MARK: Pieces

    /// The part that a piece of text belongs to.
    private mutating func textPart(_ index: Int, into events: inout [AnswerEvent]) throws(TranslationError) -> Int {
        if case .text(let part)? = blocks.first(where: { $0.index == index })?.state { return part }
        let part = nextPart
        try open(index, .text(part: part), &events)
        tell(.text, into: &events)
        return part
    }

    private mutating func thinkingPart(_ index: Int, into events: inout [AnswerEvent]) throws(TranslationError) -> Int {
        if case .thinking(let part)? = blocks.first(where: { $0.index == index })?.state { return part }
        let part = nextPart
        try open(index, .thinking(part: part), &events)
        tell(.thinking(origin: .bedrock), into: &events)
        return part
    }

    private mutating func thought(
        _ index: Int, _ value: JSONValue, into events: inout [AnswerEvent]
    ) throws(TranslationError) {
        if let text = value["text"]?.string, !text.isEmpty {
            events.append(.text(part: try thinkingPart(index, into: &events), text))
        } else if let signature = value["signature"]?.string, !signature.isEmpty {
            events.append(.signature(part: try thinkingPart(index, into: &events), signature))
        } else if let redacted = value["redactedContent"]?.string, !redacted.isEmpty {
            if case .held? = blocks.first(where: { $0.index == index })?.state {
                // It goes on.
            } else {
                try open(index, .held(.init(.redacted)), &events)
            }
            try held(index) { $0.add(redacted) }
        }
    }

    /// Input of a call that was never announced has no name to go by.
    private mutating func input(
        _ index: Int, _ input: String, into events: inout [AnswerEvent]
    ) throws(TranslationError) {
        switch blocks.first(where: { $0.index == index })?.state {
        case .call(let part)?: if !input.isEmpty { events.append(.arguments(part: part, input)) }
        case .held?: try held(index) { $0.add(input) }
        default: break
        }
    }

    private mutating func held(
        _ index: Int, _ change: (inout BedrockHeldBlock) -> Void
    ) throws(TranslationError) {
        guard let place = blocks.firstIndex(where: { $0.index == index }), case .held(var block) = blocks[place].state
        else { return }
        heldBytes -= block.byteCount
        change(&block)
        heldBytes += block.byteCount
        blocks[place].state = .held(block)
        if heldBytes > Self.heldBytesMax { throw .tooLarge(limit: Self.heldBytesMax) }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func isText(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        for index in 0..<text.utf8CodeUnitCount where unsafe self[index] != text.utf8Start[index] { return false }
        return true
    }
}
