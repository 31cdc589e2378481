import Shared

/// Reads a provider's stream.
///
/// - Shape: blocks come one after another, but nothing here relies on that, nor on a block being announced or ended. A block of a kind that
///   has no word in the form is held until it is whole.
/// - Errors: `malformed` for what is no event; `tooLarge` for a block that is held beyond `heldBytesMax`.
/// - Source: Anthropic, "Streaming messages".
struct AnthropicStreamReader: StreamReader {
    private var open: [AnthropicOpenBlock] = []
    private var nextPart = 0
    private var usage = AnthropicUsageFields()
    private var hasBegun = false
    private var hasCalls = false
    private var isFinished = false
    private var isOver = false

    /// Blocks that may be open at once. Anthropic has one.
    private static let openMax = 64
    /// Of a block that is held. The longest known are pages that a server tool fetched.
    static let heldBytesMax = 4 * 1024 * 1024

    mutating func read(_ message: StreamMessage, into events: inout [AnswerEvent]) throws(TranslationError) {
        guard !isOver, unsafe !message.data.isEmpty else { return }
        let value: JSONValue
        do throws(JSONError) { value = try unsafe JSONValue(parsing: message.data, allowing: .all) } catch {
            // Some who speak this dialect end as OpenAI's streams do.
            if unsafe message.data.elementsEqual("[DONE]".utf8) { return end(into: &events) }
            throw .malformed("an event of the stream is no JSON: \(error.kind)")
        }
        guard let event = value.object else { throw .malformed("an event of the stream is no object") }
        let type = event["type"]?.string ?? (unsafe String(decoding: message.name, as: UTF8.self))
        try read(event, ofType: type, into: &events)
    }

    private mutating func read(
        _ event: JSONObject, ofType type: String, into events: inout [AnswerEvent]
    ) throws(TranslationError) {
        switch type {
        case "content_block_delta": try readDelta(event, into: &events)
        case "content_block_start": try readStart(event, into: &events)
        case "content_block_stop": close(at: index(of: event), into: &events)
        case "message_start": begin(event["message"]?.object, into: &events)
        case "message_delta": readMessageDelta(event, into: &events)
        case "message_stop":
            finish(.init(anthropic: hasCalls ? "tool_use" : "end_turn"), stop: nil, into: &events)
            isOver = true
            events.append(.ended)
        case "ping": events.append(.ping)
        case "error":
            isOver = true
            events.append(.failed(AnthropicErrors.error(status: 0, from: .object(event))))
        // More kinds may come, and are to be passed over.
        default: break
        }
    }

    mutating func end(into events: inout [AnswerEvent]) {
        // Whoever gave the reason for the end has said everything.
        guard !isOver, isFinished else { return }
        isOver = true
        events.append(.ended)
    }

    // MARK: The message

    private mutating func begin(_ message: JSONObject?, into events: inout [AnswerEvent]) {
        guard !hasBegun else { return }
        hasBegun = true
        usage.merge(message?["usage"])
        var head = AnswerHead(
            id: message?["id"]?.string ?? "", model: message?["model"]?.string ?? "", serviceTier: usage.serviceTier,
            usage: usage.isKnown ? usage.tokens : nil)
        if let message { head.extras = AnthropicAnswerReader.extras(of: message) }
        events.append(.began(head))
    }

    private mutating func readMessageDelta(_ event: JSONObject, into events: inout [AnswerEvent]) {
        begin(nil, into: &events)
        if let word = event["delta"]?["stop_reason"]?.string {
            finish(.init(anthropic: word), stop: event["delta"]?["stop_sequence"]?.string, into: &events)
        }
        guard event["usage"]?.object != nil else { return }
        usage.merge(event["usage"])
        events.append(.usage(usage.tokens))
    }

    private mutating func finish(_ reason: FinishReason, stop: String?, into events: inout [AnswerEvent]) {
        begin(nil, into: &events)
        while let block = open.first { close(at: block.index, into: &events) }
        guard !isFinished else { return }
        isFinished = true
        events.append(.finished(choice: 0, reason, stop: stop))
    }

    // MARK: Blocks

    private func index(of event: JSONObject) -> Int { event["index"]?.number?.integer(as: Int.self) ?? 0 }

    private mutating func readStart(_ event: JSONObject, into events: inout [AnswerEvent]) throws(TranslationError) {
        begin(nil, into: &events)
        let index = index(of: event)
        // One that was not ended is over when another one takes its place.
        close(at: index, into: &events)
        guard let content = event["content_block"]?.object else {
            throw .malformed("a block of the stream begins without content")
        }
        try open(AnthropicOpenBlock(index: index, content), into: &events)
    }

    private mutating func open(
        _ block: AnthropicOpenBlock, into events: inout [AnswerEvent]
    ) throws(TranslationError) {
        guard open.count < Self.openMax else {
            throw .malformed("more than \(Self.openMax) blocks of the stream are open")
        }
        var block = block
        if let kind = block.kind {
            block.part = nextPart
            nextPart += 1
            hasCalls = hasCalls || block.isCall
            events.append(.opened(part: block.part, choice: 0, kind))
            block.sayFirst(into: &events)
        }
        open.append(block)
    }

    private mutating func readDelta(_ event: JSONObject, into events: inout [AnswerEvent]) throws(TranslationError) {
        guard let delta = event["delta"]?.object else { throw .malformed("a piece of the stream is empty") }
        let index = index(of: event)
        if !open.contains(where: { $0.index == index }) {
            begin(nil, into: &events)
            guard let block = AnthropicOpenBlock(index: index, unannounced: delta["type"]?.string) else { return }
            try open(block, into: &events)
        }
        guard let place = open.firstIndex(where: { $0.index == index }) else { return }
        open[place].grow(by: delta, into: &events)
        if open[place].heldBytes > Self.heldBytesMax { throw .tooLarge(limit: Self.heldBytesMax) }
    }

    private mutating func close(at index: Int, into events: inout [AnswerEvent]) {
        guard let place = open.firstIndex(where: { $0.index == index }) else { return }
        var block = open.remove(at: place)
        if block.kind == nil {
            block.part = nextPart
            nextPart += 1
            events.append(.opened(part: block.part, choice: 0, .whole(Part(.native(block.whole, of: .anthropic)))))
        } else {
            block.sayLast(into: &events)
        }
        events.append(.closed(part: block.part))
    }
}
