import Shared

/// What the caller of a stream has of its answer, so that another attempt can go on behind it.
///
/// - Shape: of the answer's text just what stood between the quotes of each chunk: such pieces in a row are the inside of one string of JSON
///   again. Anything else in the answer than the text of its only choice, and more text than `bytesMax`, and it cannot be gone on with.
///
/// Concurrency: belongs to its request.
final class StreamTranscript {
    /// Of JSON, escapes included.
    static let bytesMax = 256 * 1024

    /// What all chunks of an answer have in common, as it stands in the first.
    struct Identity {
        var id: [UInt8]?
        var created: [UInt8]?
        var model: [UInt8]?
    }

    let text: ByteBuffer
    private(set) var identity: Identity?
    /// It can be gone on with, should it break off here.
    private(set) var isOpen = true
    /// With text in them: about as many tokens.
    private(set) var chunkCount: UInt64 = 0
    /// Makes what follows the rest of what the caller has; nil: nothing has broken off yet.
    private var rewriter: ContinuationRewriter?

    /// What becomes of an event on its way to the caller.
    enum Passage: Equatable {
        case asItIs
        /// It says nothing new.
        case left
        case instead([UInt8])
    }

    init(in pool: BufferPool) { text = ByteBuffer(in: pool) }

    /// An answer to this request can be gone on with as far as the request goes: one choice, of free text, which no message of the caller
    /// has begun already.
    static func isPossible(for request: ParsedRequest, _ body: UnsafeRawBufferPointer) -> Bool {
        guard request.endpoint == .chatCompletions, request.isStream, request.choiceCount == 1 else { return false }
        guard unsafe !BodyFacts.topLevel(body).wantsFormat else { return false }
        return unsafe lastRole(of: request, body).map { $0 != assistant } ?? false
    }

    private static let assistant = Array("assistant".utf8)

    private static func lastRole(of request: ParsedRequest, _ body: UnsafeRawBufferPointer) -> [UInt8]? {
        guard var messages = unsafe MessageReader(request, body) else { return nil }
        var last: [UInt8]?
        while messages.nextMessage() {
            var role: [UInt8] = []
            while let name = messages.nextName() {
                guard name == .role else {
                    messages.skipValue()
                    continue
                }
                role.removeAll()
                if let range = messages.string() { unsafe JSONString.append(range, of: body, to: &role) }
            }
            last = role
        }
        return last
    }

    /// An event with data is about to go to the caller.
    func pass(_ event: UnsafeRawBufferPointer) -> Passage {
        guard isOpen || rewriter != nil else { return .asItIs }
        return unsafe SSEEvent.withData(of: event) { data in unsafe pass(data: data) } ?? .asItIs
    }

    private func pass(data: UnsafeRawBufferPointer) -> Passage {
        let chunk = unsafe ChatChunk(data)
        if identity == nil {
            identity = Identity(
                id: chunk.id.map { unsafe Array(data[$0]) }, created: chunk.created.map { unsafe Array(data[$0]) },
                model: chunk.model.map { unsafe Array(data[$0]) })
        }
        guard rewriter != nil else {
            if let content = chunk.content { unsafe append(UnsafeRawBufferPointer(rebasing: data[content])) }
            note(chunk)
            return .asItIs
        }
        let passage = unsafe rewriter!.pass(chunk, data) { unsafe append($0) }
        note(chunk)
        return passage
    }

    private func append(_ content: UnsafeRawBufferPointer) {
        guard isOpen, unsafe !content.isEmpty else { return }
        guard text.count + content.count <= Self.bytesMax else { return close() }
        unsafe text.append(content)
        chunkCount += 1
    }

    private func note(_ chunk: ChatChunk) { if chunk.isFinal || chunk.hasOther { close() } }

    private func close() {
        isOpen = false
        text.removeAll()
        text.trim(completely: true)
    }

    /// What comes from now on is of another attempt, that was told what the caller has.
    func goOn(by form: PolicyDocument.PrefixContinuation?) {
        rewriter = ContinuationRewriter(
            identity ?? Identity(), echo: form == .prefixEchoed ? unsafe Self.decoded(text.readable) : [])
    }

    private static func decoded(_ text: UnsafeRawBufferPointer) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        unsafe JSONString.append(0..<text.count, of: text, to: &out)
        return out
    }
}
