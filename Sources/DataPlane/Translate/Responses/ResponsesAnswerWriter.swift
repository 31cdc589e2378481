import Shared

/// Writes whole answers for callers.
///
/// - Shape: the first choice. Each thought and each call is an item; texts that follow each other are one message, unless their provider made
///   two of them. What identifies a thought to its provider stands in `encrypted_content`, whether it was asked for or not: callers who give
///   their items back have it, and the next request does not break.
struct ResponsesAnswerWriter {
    private let context: AnswerContext
    private var identities: ResponsesIdentities
    private var writer = JSONWriter()
    /// Of items.
    private var count = 0
    /// How likely the tokens were, until a text has it.
    private var logprobs: [JSONValue] = []

    init(in context: AnswerContext) {
        self.context = context
        identities = ResponsesIdentities(answer: "", in: context)
    }

    mutating func body(of answer: Answer) -> [UInt8] {
        let choice = answer.choices.first { $0.index == 0 } ?? answer.choices.first ?? Choice()
        var head = AnswerHead(id: answer.id, model: answer.model, createdUnixSeconds: answer.createdUnixSeconds)
        head.serviceTier = answer.serviceTier
        head.extras = answer.extras
        let ending = ResponsesFinish.ending(choice.finish, hasRefused: choice.parts.contains { $0.isRefusal })
        var object = ResponsesObject(head, status: ending.status, in: context)
        object.incompleteReason = ending.incompleteReason
        object.usage = answer.usage
        object.usageExtras = answer.usageExtras
        identities = ResponsesIdentities(answer: answer.id, in: context)
        let items = items(of: choice, isWhole: ending.status == .completed)
        object.write(to: &writer) { $0.raw(items) }
        return writer.bytes
    }

    // MARK: Items

    private mutating func items(of choice: Choice, isWhole: Bool) -> [UInt8] {
        logprobs = ResponsesLogprobs.list(choice.logprobs)
        var list = JSONWriter()
        list.beginArray()
        var rest = choice.parts[...]
        while let first = rest.first {
            let end = first.isMessage ? rest.dropFirst().firstIndex { !$0.isMessage || $0.beginsItem } : nil
            let item = first.isMessage ? rest[..<(end ?? rest.endIndex)] : rest.prefix(1)
            rest = rest[item.endIndex...]
            let isLast = !rest.contains { $0.isItem }
            write(Array(item), isWhole || !isLast ? .completed : .incomplete, to: &list)
        }
        list.endArray()
        return list.bytes
    }

    private mutating func write(_ parts: [Part], _ status: ResponsesItemWriter.Status, to list: inout JSONWriter) {
        guard let first = parts.first, parts.contains(where: { $0.isItem }) else { return }
        switch first.content {
        case _ where first.isMessage: writeMessage(parts, status, to: &list)
        case .thinking(let thinking): write(thinking, of: first, to: &list)
        case .toolCall(let call): write(call, of: first, status, to: &list)
        case .image(let media): write(media, to: &list)
        case .native(let value, _): value.write(to: &list)
        case .text, .refusal, .document, .audio, .video, .toolResult: return
        }
        count += 1
    }

    private mutating func writeMessage(
        _ parts: [Part], _ status: ResponsesItemWriter.Status, to list: inout JSONWriter
    ) {
        let members = parts.first?.extras.members(for: .responses).first { $0.name == ResponsesLabels.item }
        let object = members?.value.object ?? JSONObject()
        let id = object["id"]?.string ?? identities.id(of: .message, at: count)
        ResponsesItemWriter.writeMessage(id: id, status, others: object.members, to: &list) { list in
            list.beginArray()
            for part in parts { write(part, to: &list) }
            list.endArray()
        }
    }

    private mutating func write(_ part: Part, to list: inout JSONWriter) {
        switch part.content {
        case .text(let text):
            let members = part.extras.members(for: .responses)
            let own = members.first { $0.name == "logprobs" }?.value.array
            ResponsesItemWriter.writeText(
                text, annotations: members.first { $0.name == "annotations" }?.value.array ?? [],
                logprobs: own ?? logprobs, to: &list)
            logprobs = []
        case .refusal(let text): ResponsesItemWriter.writeRefusal(text, to: &list)
        case .native(let value, _): value.write(to: &list)
        default: break
        }
    }

    private func write(_ thinking: Thinking, of part: Part, to list: inout JSONWriter) {
        let members = part.extras.members(for: .responses)
        let summary = members.first { $0.name == "summary" }?.value.array?.compactMap { $0["text"]?.string }
        let text = thinking.text ?? ""
        ResponsesItemWriter.writeReasoning(
            id: members.first { $0.name == "id" }?.value.string ?? identities.id(of: .reasoning, at: count),
            summary: summary ?? (text.isEmpty ? [] : [text]), encrypted: ResponsesThoughts.encrypted(thinking),
            others: members, to: &list)
    }

    private func write(
        _ call: ToolCall, of part: Part, _ status: ResponsesItemWriter.Status, to list: inout JSONWriter
    ) {
        let members = part.extras.members(for: .responses)
        ResponsesItemWriter.writeCall(
            id: members.first { $0.name == "id" }?.value.string ?? identities.id(of: .call, at: count), status,
            callID: call.id.isEmpty ? identities.callID(at: count) : call.id, name: call.name,
            arguments: call.arguments.isEmpty ? "{}" : call.arguments, others: members, to: &list)
    }

    private func write(_ image: Media, to list: inout JSONWriter) {
        guard case .data(let data) = image.source else { return }
        ResponsesItemWriter.writeImage(
            id: identities.id(of: .image, at: count), .completed, data: data, to: &list)
    }
}

extension Part {
    fileprivate var isMessage: Bool {
        switch content {
        case .text, .refusal: true
        default: isInsideMessage
        }
    }

    /// Whether this dialect has an item for it.
    fileprivate var isItem: Bool {
        switch content {
        case .text(let text), .refusal(let text): !text.isEmpty || beginsItem
        case .thinking(let thinking): thinking.text?.isEmpty == false || ResponsesThoughts.encrypted(thinking) != nil
        case .toolCall, .native(_, of: .responses): true
        case .image(let media): if case .data = media.source { true } else { false }
        case .native, .document, .audio, .video, .toolResult: false
        }
    }
}
