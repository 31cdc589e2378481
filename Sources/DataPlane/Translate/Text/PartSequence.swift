import Shared

/// Puts the parts of a stream one behind the other, for callers that take one open block at a time.
///
/// - Shape: of the first choice. Pieces of a part that was opened while another one is open are held until that is closed, and come in the
///   order in which the parts were opened. A text, a refusal or a thought without a piece is not there at all; other parts come even
///   without one. Empty pieces are left out.
/// - Errors: `tooLarge`, where more than `heldBytesMax` would be held.
struct PartSequence {
    /// Opened and not told to their end, in the order in which they were opened.
    private var parts: [HeldPart] = []
    /// The number of the part that is open.
    private var current: Int?
    private var heldBytes = 0

    /// Calls of tools that came at once, but for the first: several whole files, as coding agents write them.
    static let heldBytesMax = 1024 * 1024

    /// Appends to `row` what may be told now. Events that are not of a part are not for here.
    mutating func take(_ event: AnswerEvent, into row: inout [AnswerEvent]) throws(TranslationError) {
        switch event {
        case .text(let number, _), .arguments(let number, _), .signature(let number, _),
            .citation(let number, _, of: _):
            if current == number {
                if event.pieceBytes > 0 { row.append(event) }
            } else {
                try wait(event, of: number, into: &row)
            }
        case .opened(let number, choice: 0, let kind): try open(HeldPart(number, kind), into: &row)
        case .closed(let number): close(number, into: &row)
        default: break
        }
    }

    /// Nothing more comes: what is open ends, and what is held is told.
    mutating func finish(into row: inout [AnswerEvent]) {
        for place in parts.indices { parts[place].isClosed = true }
        if let current { close(current, into: &row) } else { release(into: &row) }
        parts.removeAll()
    }

    private mutating func open(_ part: HeldPart, into row: inout [AnswerEvent]) throws(TranslationError) {
        parts.append(part)
        if current == nil, part.comesWithoutPieces { begin(part, into: &row) } else { try hold(part.bytes) }
    }

    private mutating func wait(
        _ piece: AnswerEvent, of number: Int, into row: inout [AnswerEvent]
    ) throws(TranslationError) {
        let bytes = piece.pieceBytes
        guard bytes > 0, let place = parts.firstIndex(where: { $0.number == number }) else { return }
        if current == nil {
            heldBytes -= parts[place].bytes
            begin(parts[place], into: &row)
            row.append(piece)
        } else {
            parts[place].hold(piece, bytes)
            try hold(bytes)
        }
    }

    private mutating func hold(_ bytes: Int) throws(TranslationError) {
        heldBytes += bytes
        if heldBytes > Self.heldBytesMax { throw .tooLarge(limit: Self.heldBytesMax) }
    }

    private mutating func begin(_ part: HeldPart, into row: inout [AnswerEvent]) {
        current = part.number
        row.append(.opened(part: part.number, choice: 0, part.kind))
    }

    private mutating func close(_ number: Int, into row: inout [AnswerEvent]) {
        guard let place = parts.firstIndex(where: { $0.number == number }) else { return }
        if current == number {
            parts.remove(at: place)
            row.append(.closed(part: number))
            current = nil
            release(into: &row)
        } else if parts[place].hasSomethingToSay {
            parts[place].isClosed = true
        } else {
            heldBytes -= parts.remove(at: place).bytes
        }
    }

    /// Tells what was held, up to a part that is not closed yet.
    private mutating func release(into row: inout [AnswerEvent]) {
        while current == nil, let place = parts.firstIndex(where: \.hasSomethingToSay) {
            let part = parts[place]
            heldBytes -= part.bytes
            begin(part, into: &row)
            row += part.pieces
            if part.isClosed {
                parts.remove(at: place)
                row.append(.closed(part: part.number))
                current = nil
            } else {
                parts[place] = HeldPart(part.number, part.kind)
            }
        }
    }
}

/// A part that was opened, and may have to wait.
private struct HeldPart {
    let number: Int
    let kind: PartKind
    /// Those of one kind that follow each other are one.
    private(set) var pieces: [AnswerEvent] = []
    /// Of what is held, the part itself included.
    private(set) var bytes: Int
    var isClosed = false

    /// What a part takes that says nothing: many of those would be much too.
    private static let overhead = 64

    init(_ number: Int, _ kind: PartKind) {
        self.number = number
        self.kind = kind
        bytes = Self.overhead
        switch kind {
        case .toolCall(let id, let name, _): bytes += id.utf8.count + name.utf8.count
        case .sealedThinking(let text, _): bytes += text.utf8.count
        case .whole(let part): bytes += part.roughBytes
        case .text, .refusal, .thinking: break
        }
    }

    var comesWithoutPieces: Bool {
        switch kind {
        case .toolCall, .sealedThinking, .whole: true
        case .text, .refusal, .thinking: false
        }
    }

    var hasSomethingToSay: Bool { comesWithoutPieces || !pieces.isEmpty }

    mutating func hold(_ piece: AnswerEvent, _ count: Int) {
        bytes += count
        if pieces.isEmpty || !pieces[pieces.count - 1].append(piece) { pieces.append(piece) }
    }
}

extension AnswerEvent {
    /// Makes one of two pieces of a kind; false where they are of two.
    fileprivate mutating func append(_ piece: AnswerEvent) -> Bool {
        // Nobody else may hold the text while it grows, or all of it would be copied for each piece.
        switch (self, piece) {
        case (.text(let part, var text), .text(_, let more)):
            self = .ping
            text += more
            self = .text(part: part, text)
        case (.arguments(let part, var text), .arguments(_, let more)):
            self = .ping
            text += more
            self = .arguments(part: part, text)
        case (.signature(let part, var text), .signature(_, let more)):
            self = .ping
            text += more
            self = .signature(part: part, text)
        default: return false
        }
        return true
    }

    /// 0 for a piece that says nothing, and for what is none.
    fileprivate var pieceBytes: Int {
        switch self {
        case .text(_, let text), .arguments(_, let text), .signature(_, let text): text.utf8.count
        case .citation(_, let value, of: _): value.bytes.count
        default: 0
        }
    }
}

extension Part {
    /// Of a part that comes whole.
    fileprivate var roughBytes: Int {
        switch content {
        case .text(let text), .refusal(let text): text.utf8.count
        case .native(let value, of: _): value.bytes.count
        case .image(let media), .document(let media), .audio(let media), .video(let media):
            switch media.source {
            case .data(let text), .url(let text), .file(let text), .text(let text): text.utf8.count
            }
        case .thinking, .toolCall, .toolResult: 0
        }
    }
}
