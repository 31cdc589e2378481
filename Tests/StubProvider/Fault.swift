/// One way in which the provider answers other than well.
///
/// - Shape: as text a kind and its numbers: `status-503;retry-after=2`, `stall-mid-stream;after=3;ms=500`.
struct Fault: Equatable {
    enum Kind: Equatable {
        case none
        case status(Int)
        case closeBeforeHead
        case resetBeforeHead
        case resetMidHead
        case stallBeforeHead
        case stallAfterHead
        case stallMidStream
        case cutMidStream
        case resetMidStream
        case malformedChunk
        case badChecksum
        case errorMidStream
        case failedResponse
        case malformedFraming
        case missingUsage
        case missingBatchUsage
        case usageEveryChunk
        case missingDone
        case wrongContentLength
        case hugeAnswer
        case slow
        case usage
    }

    var kind: Kind
    /// Chunks of a stream, or bytes of a plain body, that go out before it happens.
    var after = 3
    /// How long a stall lasts; nil: until the caller has gone.
    var milliseconds: Int?
    var retryAfter: String?
    var retryAfterMilliseconds: String?
    /// The `code` in the error body of a status.
    var code: String?
    /// `huge-answer`: the size of the answer's text.
    var bytes = 8 << 20
    var firstTokenMilliseconds: Int?
    var chunkMilliseconds: Int?
    /// The answer's length, whatever the prompt.
    var tokens: Int?
    var cachedTokens = 0
    var cacheWrittenTokens = 0
    var reasoningTokens = 0

    static let none = Fault(kind: .none)

    static let help = """
        none                      answers well
          status-NNN                an error body with that status [retry-after=S] [retry-after-ms=N] [code=C]
          close-before-head         ends the connection without an answer
          reset-before-head         the same with a reset
          reset-mid-head            half a head, then a reset
          stall-before-head         says nothing [ms=N, default until the caller has gone], then answers
          stall-after-head          a head, then nothing [ms=N]
          stall-mid-stream          stops after some chunks [after=N] [ms=N]
          cut-mid-stream            closes after some chunks, or bytes of a plain body [after=N]
          reset-mid-stream          the same with a reset
          malformed-chunk           one event that is not JSON [after=N]
          bad-checksum              one frame whose checksum is wrong, where there are any: Bedrock's streams [after=N]
          error-mid-stream          an error event after some chunks, then a clean end [after=N] [code=C]
          failed-response           an answer that says of itself that it failed, in a stream after some events [after=N] [code=C];
                                    only OpenAI's responses can, for the others it is error-mid-stream
          malformed-framing         a chunk size that is no number [after=N]
          missing-usage             an answer without usage
          missing-batch-usage       a batch without usage, whose answers have theirs: of its order, or of a line's model
          usage-every-chunk         running usage on each chunk of a stream (OpenAI; Gemini's have it anyway)
          missing-done              a stream that ends cleanly without what marks its end: [DONE], message_stop, the chunk
                                    with a finishReason, messageStop
          wrong-content-length      promises 100 bytes more than it sends, then closes
          huge-answer               an answer of some MiB [bytes=N]
          slow                      its own latency [first=MS] [chunk=MS]
          usage                     cached, cache-writing and reasoning tokens in the usage [cached=N] [written=N] [reasoning=N]
        Every kind takes [tokens=N], the length of the answer.
        """

    private static let names: [(String, Kind)] = [
        ("none", .none), ("close-before-head", .closeBeforeHead), ("reset-before-head", .resetBeforeHead),
        ("reset-mid-head", .resetMidHead), ("stall-before-head", .stallBeforeHead),
        ("stall-after-head", .stallAfterHead), ("stall-mid-stream", .stallMidStream),
        ("cut-mid-stream", .cutMidStream), ("reset-mid-stream", .resetMidStream), ("malformed-chunk", .malformedChunk),
        ("bad-checksum", .badChecksum), ("error-mid-stream", .errorMidStream),
        ("failed-response", .failedResponse), ("malformed-framing", .malformedFraming),
        ("missing-usage", .missingUsage), ("missing-batch-usage", .missingBatchUsage),
        ("usage-every-chunk", .usageEveryChunk), ("missing-done", .missingDone),
        ("wrong-content-length", .wrongContentLength), ("huge-answer", .hugeAnswer), ("slow", .slow), ("usage", .usage),
    ]

    init(kind: Kind) { self.kind = kind }

    /// nil for anything but a known kind with known numbers.
    init?(_ text: String) {
        var parts = text.split(separator: ";")[...]
        guard let name = parts.popFirst() else { return nil }
        if name.hasPrefix("status-"), let status = Int(name.dropFirst(7)), (100...599).contains(status) {
            self.init(kind: .status(status))
        } else if let kind = Self.names.first(where: { $0.0 == name })?.1 {
            self.init(kind: kind)
        } else {
            return nil
        }
        for part in parts {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2 else { return nil }
            let number = Int(pair[1])
            switch (pair[0], number) {
            case ("after", let number?): after = number
            case ("ms", let number?): milliseconds = number
            case ("bytes", let number?): bytes = number
            case ("first", let number?): firstTokenMilliseconds = number
            case ("chunk", let number?): chunkMilliseconds = number
            case ("tokens", let number?): tokens = number
            case ("cached", let number?): cachedTokens = number
            case ("written", let number?): cacheWrittenTokens = number
            case ("reasoning", let number?): reasoningTokens = number
            case ("retry-after", _): retryAfter = pair[1]
            case ("retry-after-ms", _): retryAfterMilliseconds = pair[1]
            case ("code", _): code = pair[1]
            default: return nil
            }
        }
    }

    /// An answer that is no stream goes out in part only, or late.
    var breaksPlainAnswers: Bool {
        switch kind {
        case .wrongContentLength, .cutMidStream, .resetMidStream, .stallMidStream, .stallAfterHead: true
        default: false
        }
    }

    /// The model name without the fault behind its `+`, and that fault.
    static func split(model: String) -> (model: String, fault: Fault?) {
        guard let plus = model.lastIndex(of: "+"), let fault = Fault(String(model[model.index(after: plus)...])) else {
            return (model, nil)
        }
        return (String(model[..<plus]), fault)
    }
}
