import Shared

/// Makes the stream of another attempt the rest of a stream that broke off.
///
/// - Shape: pure. Chunks get the identity of the first stream, since clients take a chunk with another one for another answer. A second role
///   is taken out: some clients put the pieces of every string of a delta behind one another. Every other byte stays.
struct ContinuationRewriter {
    private let identity: StreamTranscript.Identity
    /// What the provider repeats in front of what is new.
    private let echo: [UInt8]
    /// So much of it has come. Nil: it is over, or the provider does not repeat it.
    private var echoed: Int?

    init(_ identity: StreamTranscript.Identity, echo: [UInt8]) {
        self.identity = identity
        self.echo = echo
        echoed = echo.isEmpty ? nil : 0
    }

    /// - Parameter taken: gets the text that is new to the caller, as it stands between quotes.
    mutating func pass(
        _ chunk: ChatChunk, _ data: UnsafeRawBufferPointer, _ taken: (UnsafeRawBufferPointer) -> Void
    ) -> StreamTranscript.Passage {
        var edits = JSONEdits()
        for (range, value) in [
            (chunk.id, identity.id), (chunk.created, identity.created), (chunk.model, identity.model),
        ] {
            if let range, let value { edits.replace(range, with: value) }
        }
        var isNew = chunk.isFinal || chunk.hasOther
        if let content = chunk.content {
            switch unsafe withoutEcho(UnsafeRawBufferPointer(rebasing: data[content])) {
            case nil:
                if !content.isEmpty { isNew = true }
                unsafe taken(UnsafeRawBufferPointer(rebasing: data[content]))
            case let rest?:
                if !rest.isEmpty { isNew = true }
                edits.replace(content, with: rest)
                unsafe rest.withUnsafeBytes { unsafe taken($0) }
            }
        }
        if let role = chunk.role {
            guard isNew else { return .left }
            edits.replace(unsafe Self.member(role, of: data), with: [])
        } else if chunk.content != nil, !isNew {
            return .left
        }
        var event = Array("data: ".utf8)
        event.reserveCapacity(data.count + 64)
        unsafe edits.forEachSegment(of: data) { unsafe event.append(contentsOf: $0) }
        // Of data in several lines, which are white space between values.
        for index in event.indices where event[index] == 0x0a { event[index] = 0x20 }
        event += [0x0a, 0x0a]
        return .instead(event)
    }

    /// The content without what the caller has already, between quotes; nil: all of it is new.
    private mutating func withoutEcho(_ content: UnsafeRawBufferPointer) -> [UInt8]? {
        guard let count = echoed, unsafe !content.isEmpty else { return nil }
        var text: [UInt8] = []
        unsafe JSONString.append(0..<content.count, of: content, to: &text)
        let expected = echo[count...].prefix(text.count)
        guard text.starts(with: expected) else {
            // It does not repeat: what looked like it is new.
            echoed = nil
            return Self.quoted(echo[..<count] + text)
        }
        echoed = count + expected.count < echo.count ? count + expected.count : nil
        return Self.quoted(text[expected.count...])
    }

    private static func quoted(_ text: some Sequence<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        JSONWriter.append(String(decoding: Array(text), as: UTF8.self), to: &out)
        return Array(out.dropFirst().dropLast())
    }

    /// A member with the comma that is too much without it.
    private static func member(_ range: Range<Int>, of bytes: UnsafeRawBufferPointer) -> Range<Int> {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d }
        var end = range.upperBound
        while unsafe isSpace(bytes[end]) { end += 1 }
        if unsafe bytes[end] == UInt8(ascii: ",") { return range.lowerBound..<(end + 1) }
        var start = range.lowerBound
        while unsafe isSpace(bytes[start - 1]) { start -= 1 }
        return unsafe (bytes[start - 1] == UInt8(ascii: ",") ? start - 1 : range.lowerBound)..<range.upperBound
    }
}
