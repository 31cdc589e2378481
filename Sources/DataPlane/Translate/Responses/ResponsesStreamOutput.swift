import Shared

/// The items of a stream: one is open at a time, and those before it are kept for the event that repeats them.
///
/// - Shape: texts and refusals that follow each other are the content of one message. An item ends when the next one begins or when the answer
///   does: only then it is known whether it was cut off.
/// - Errors: `tooLarge` for an answer beyond `keptBytesMax`.
struct ResponsesStreamOutput {
    private enum Kind {
        case message
        case reasoning(origin: Dialect)
        case call(id: String, name: String)
        /// In base64.
        case image(String)
        /// Of this dialect's own, whole.
        case native(JSONValue)
    }

    private let identities: ResponsesIdentities
    private let keptBytesMax: Int
    private(set) var hasRefused = false
    /// JSON, with commas between them.
    private var items: [UInt8] = []
    private var count = 0

    // MARK: The open item

    private var kind: Kind?
    private var id = ""
    /// The members that say which part of it an event is about.
    private var place: [UInt8] = []
    /// Of the open part.
    private var text = ""
    /// A part of a message or of a summary is open.
    private var hasPart = false
    private var isRefusal = false
    private var annotations: [JSONValue] = []
    private var logprobs: [JSONValue] = []
    private var newLogprobs: [JSONValue] = []
    /// The parts of a message that have ended, in JSON with commas between them.
    private var content: [UInt8] = []
    private var contentCount = 0
    private var summary: [String] = []
    private var signature: String?
    private var sealed: String?
    /// Of what was kept besides the texts.
    private var besidesBytes = 0

    init(_ identities: ResponsesIdentities, keptBytesMax: Int) {
        self.identities = identities
        self.keptBytesMax = keptBytesMax
    }

    /// What has ended, as the list that a response has.
    func write(to writer: inout JSONWriter) {
        writer.array { if count > 0 { $0.raw(items) } }
    }

    private func keep(_ more: Int) throws(TranslationError) {
        let bytes = items.count + content.count + text.utf8.count + besidesBytes + more
        if bytes > keptBytesMax { throw .tooLarge(limit: keptBytesMax) }
    }

    // MARK: Parts

    mutating func open(
        _ part: PartKind, _ frames: inout ResponsesFrames, to output: inout [UInt8]
    ) throws(TranslationError) {
        switch part {
        case .text, .refusal:
            if case .message = kind {} else { try begin(.message, .message, &frames, to: &output) }
            isRefusal = part == .refusal
            hasRefused = hasRefused || isRefusal
            openContent(&frames, to: &output)
        case .thinking(let origin): try begin(.reasoning(origin: origin), .reasoning, &frames, to: &output)
        case .sealedThinking(let sealed, let origin):
            try begin(.reasoning(origin: origin), .reasoning, &frames, to: &output)
            try keep(sealed.utf8.count)
            self.sealed = sealed
        case .toolCall(let id, let name, _):
            try end(.completed, &frames, to: &output)
            let known = id.isEmpty ? identities.callID(at: count) : id
            try begin(.call(id: known, name: name), .call, &frames, to: &output)
        case .whole(let part):
            switch part.content {
            case .native(let item, of: .responses): try begin(.native(item), nil, &frames, to: &output)
            case .image(let media):
                guard case .data(let data) = media.source else { return }
                try begin(.image(data), .image, &frames, to: &output)
            default: break
            }
        }
    }

    /// - Parameter name: nil for an item that has its own identity.
    private mutating func begin(
        _ kind: Kind, _ name: ResponsesIdentities.Item?, _ frames: inout ResponsesFrames, to output: inout [UInt8]
    ) throws(TranslationError) {
        try end(.completed, &frames, to: &output)
        self.kind = kind
        id = name.map { identities.id(of: $0, at: count) } ?? ""
        setPlace()
        let (item, index) = (item(.inProgress), count)
        frames.append("response.output_item.added", to: &output) { writer in
            writer.member("output_index", index)
            writer.name("item")
            writer.raw(item)
        }
    }

    /// - Parameter index: the name and the number of the part.
    private mutating func setPlace(_ index: (name: String, value: Int)? = nil) {
        var writer = JSONWriter()
        writer.member("item_id", id)
        writer.member("output_index", count)
        if let index { writer.member(index.name, index.value) }
        place = writer.bytes
    }

    mutating func say(
        _ piece: String, _ frames: inout ResponsesFrames, to output: inout [UInt8]
    ) throws(TranslationError) {
        let type: String
        switch kind {
        case .message: type = isRefusal ? "response.refusal.delta" : "response.output_text.delta"
        case .reasoning:
            type = "response.reasoning_summary_text.delta"
            openSummary(&frames, to: &output)
        case .call: type = "response.function_call_arguments.delta"
        case .image, .native, nil: return
        }
        try keep(piece.utf8.count)
        text += piece
        let isText = if case .message = kind { !isRefusal } else { false }
        frames.append(type, to: &output) { [place, newLogprobs] writer in
            writer.raw(place)
            writer.member("delta", piece)
            if isText { writer.member("logprobs", JSONValue.array(newLogprobs)) }
        }
        guard isText, !newLogprobs.isEmpty else { return }
        logprobs += newLogprobs
        newLogprobs = []
    }

    /// They come before their text.
    mutating func add(logprobs tokens: [JSONValue]) { newLogprobs += tokens }

    mutating func add(signature piece: String) throws(TranslationError) {
        try keep(piece.utf8.count)
        besidesBytes += piece.utf8.count
        signature = (signature ?? "") + piece
    }

    mutating func cite(
        _ annotation: JSONValue, _ frames: inout ResponsesFrames, to output: inout [UInt8]
    ) throws(TranslationError) {
        guard hasPart, !isRefusal, case .message = kind else { return }
        let bytes = annotation.bytes
        try keep(bytes.count)
        besidesBytes += bytes.count
        frames.append("response.output_text.annotation.added", to: &output) { [place, index = annotations.count] in
            $0.raw(place)
            $0.member("annotation_index", index)
            $0.name("annotation")
            $0.raw(bytes)
        }
        annotations.append(annotation)
    }

    /// The part that is open has ended; its item has not.
    mutating func close(_ frames: inout ResponsesFrames, to output: inout [UInt8]) throws(TranslationError) {
        switch kind {
        case .message: closeContent(&frames, to: &output)
        case .reasoning: closeSummary(&frames, to: &output)
        case .call:
            // Clients read what was put together as JSON.
            if text.isEmpty { try say("{}", &frames, to: &output) }
            frames.append("response.function_call_arguments.done", to: &output) { [place, text] writer in
                writer.raw(place)
                writer.member("arguments", text)
            }
        case .image, .native, nil: break
        }
    }

    // MARK: Messages

    private mutating func openContent(_ frames: inout ResponsesFrames, to output: inout [UInt8]) {
        hasPart = true
        setPlace(("content_index", contentCount))
        frame("response.content_part.added", "part", part(isEmpty: true), &frames, to: &output)
    }

    private mutating func closeContent(_ frames: inout ResponsesFrames, to output: inout [UInt8]) {
        guard hasPart else { return }
        hasPart = false
        let type = isRefusal ? "response.refusal.done" : "response.output_text.done"
        frames.append(type, to: &output) { [place, text, isRefusal, logprobs] writer in
            writer.raw(place)
            writer.member(isRefusal ? "refusal" : "text", text)
            if !isRefusal { writer.member("logprobs", JSONValue.array(logprobs)) }
        }
        let part = part(isEmpty: false)
        frame("response.content_part.done", "part", part, &frames, to: &output)
        if contentCount > 0 { content.append(UInt8(ascii: ",")) }
        content += part
        contentCount += 1
        (text, annotations, logprobs, besidesBytes) = ("", [], [], 0)
    }

    private func part(isEmpty: Bool) -> [UInt8] {
        var writer = JSONWriter()
        if isRefusal {
            ResponsesItemWriter.writeRefusal(isEmpty ? "" : text, to: &writer)
        } else {
            ResponsesItemWriter.writeText(
                isEmpty ? "" : text, annotations: annotations, logprobs: logprobs, to: &writer)
        }
        return writer.bytes
    }

    // MARK: Summaries

    /// A thought that nothing is shown of has none.
    private mutating func openSummary(_ frames: inout ResponsesFrames, to output: inout [UInt8]) {
        guard !hasPart else { return }
        hasPart = true
        setPlace(("summary_index", 0))
        frame("response.reasoning_summary_part.added", "part", Self.summaryPart(""), &frames, to: &output)
    }

    private mutating func closeSummary(_ frames: inout ResponsesFrames, to output: inout [UInt8]) {
        guard hasPart else { return }
        hasPart = false
        frames.append("response.reasoning_summary_text.done", to: &output) { [place, text] writer in
            writer.raw(place)
            writer.member("text", text)
        }
        frame("response.reasoning_summary_part.done", "part", Self.summaryPart(text), &frames, to: &output)
    }

    private static func summaryPart(_ text: String) -> [UInt8] {
        var writer = JSONWriter()
        ResponsesItemWriter.writeSummary(text, to: &writer)
        return writer.bytes
    }

    private func frame(
        _ type: String, _ name: String, _ value: [UInt8], _ frames: inout ResponsesFrames, to output: inout [UInt8]
    ) {
        frames.append(type, to: &output) { writer in
            writer.raw(place)
            writer.name(name)
            writer.raw(value)
        }
    }

    // MARK: Items

    mutating func end(
        _ status: ResponsesItemWriter.Status, _ frames: inout ResponsesFrames, to output: inout [UInt8]
    ) throws(TranslationError) {
        guard kind != nil else { return }
        let (item, index) = (item(status), count)
        (text, content, contentCount, besidesBytes) = ("", [], 0, 0)
        (kind, signature, sealed) = (nil, nil, nil)
        try keep(item.count)
        frames.append("response.output_item.done", to: &output) { writer in
            writer.member("output_index", index)
            writer.name("item")
            writer.raw(item)
        }
        if count > 0 { items.append(UInt8(ascii: ",")) }
        items += item
        count += 1
    }

    private func item(_ status: ResponsesItemWriter.Status) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 128 + content.count + text.utf8.count)
        switch kind {
        case .message:
            ResponsesItemWriter.writeMessage(id: id, status, to: &writer) { writer in
                writer.array { if contentCount > 0 { $0.raw(content) } }
            }
        case .reasoning(let origin):
            let thinking = Thinking(text: text, signature: signature, sealed: sealed, origin: origin)
            let isBegun = status == .inProgress
            ResponsesItemWriter.writeReasoning(
                id: id, status == .completed ? nil : status, summary: text.isEmpty ? [] : [text],
                encrypted: isBegun ? nil : ResponsesThoughts.encrypted(thinking), to: &writer)
        case .call(let callID, let name):
            ResponsesItemWriter.writeCall(
                id: id, status, callID: callID, name: name, arguments: text, to: &writer)
        case .image(let data):
            ResponsesItemWriter.writeImage(
                id: id, status, data: status == .inProgress ? nil : data, to: &writer)
        case .native(let value): value.write(to: &writer)
        case nil: break
        }
        return writer.bytes
    }
}
