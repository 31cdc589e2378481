import Shared
import Translate

/// What is fuzzed: every reader of bytes that come from others, with what follows from them.
///
/// - Shape: `run` traps where a rule is broken, which is how a fuzzer and a test see it.
public enum FuzzTarget: String, CaseIterable, Sendable {
    case json, sse, eventStream = "event-stream"
    case openaiRequest = "openai-request", anthropicRequest = "anthropic-request", geminiRequest = "gemini-request",
        bedrockRequest = "bedrock-request", responsesRequest = "responses-request"
    case openaiAnswer = "openai-answer", anthropicAnswer = "anthropic-answer", geminiAnswer = "gemini-answer",
        bedrockAnswer = "bedrock-answer", responsesAnswer = "responses-answer"
    case openaiStream = "openai-stream", anthropicStream = "anthropic-stream", geminiStream = "gemini-stream",
        bedrockStream = "bedrock-stream", responsesStream = "responses-stream"

    public func run(_ bytes: UnsafeRawBufferPointer) {
        switch self {
        case .json: unsafe FuzzJSON.run(bytes)
        case .sse: unsafe FuzzFraming.events(bytes)
        case .eventStream: unsafe FuzzFraming.messages(bytes)
        case .openaiRequest: unsafe FuzzDialect(.openai).request(bytes)
        case .anthropicRequest: unsafe FuzzDialect(.anthropic).request(bytes)
        case .geminiRequest: unsafe FuzzDialect(.gemini).request(bytes)
        case .bedrockRequest: unsafe FuzzDialect(.bedrock).request(bytes)
        case .responsesRequest: unsafe FuzzDialect(.responses).request(bytes)
        case .openaiAnswer: unsafe FuzzDialect(.openai).answer(bytes)
        case .anthropicAnswer: unsafe FuzzDialect(.anthropic).answer(bytes)
        case .geminiAnswer: unsafe FuzzDialect(.gemini).answer(bytes)
        case .bedrockAnswer: unsafe FuzzDialect(.bedrock).answer(bytes)
        case .responsesAnswer: unsafe FuzzDialect(.responses).answer(bytes)
        case .openaiStream: unsafe FuzzDialect(.openai).stream(bytes)
        case .anthropicStream: unsafe FuzzDialect(.anthropic).stream(bytes)
        case .geminiStream: unsafe FuzzDialect(.gemini).stream(bytes)
        case .bedrockStream: unsafe FuzzDialect(.bedrock).stream(bytes)
        case .responsesStream: unsafe FuzzDialect(.responses).stream(bytes)
        }
    }
}

enum FuzzJSON {
    /// What is read is written as JSON that reads as the same; and what is refused is refused by both readers.
    static func run(_ bytes: UnsafeRawBufferPointer) {
        let isJSON = unsafe (try? JSONText.validate(bytes)) != nil
        guard let value = try? unsafe JSONValue(parsing: bytes, allowing: .all) else { return precondition(!isJSON) }
        precondition(isJSON)
        let again = value.bytes
        precondition((try? JSONValue(parsing: again)) == value)
        check(again, isNoLongerThan: 6 * bytes.count + 16)
    }

    /// JSON, and not a multiple of what it was made of.
    static func check(_ output: [UInt8], isNoLongerThan bound: Int) {
        precondition(output.count <= bound, "\(output.count) bytes")
        precondition((try? JSONText.validate(output)) != nil, "no JSON")
    }
}

enum FuzzFraming {
    /// In two pieces as in one.
    static func events(_ bytes: UnsafeRawBufferPointer) {
        let whole = unsafe lengths(bytes, firstPiece: bytes.count)
        for cut in unsafe cuts(bytes) { unsafe precondition(lengths(bytes, firstPiece: cut) == whole) }
    }

    private static func lengths(_ bytes: UnsafeRawBufferPointer, firstPiece: Int) -> [Int] {
        var found: [Int] = []
        var framer = SSEFramer()
        var start = 0
        for end in [firstPiece, bytes.count] {
            while let length = unsafe framer.eventLength(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) {
                precondition(length > 0 && start + length <= end)
                let event = unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<(start + length)])
                unsafe SSEEvent.withData(of: event) { precondition($0.count <= length) }
                precondition(unsafe SSEEvent.name(of: event).upperBound <= length)
                found.append(length)
                start += length
            }
        }
        return found
    }

    static func messages(_ bytes: UnsafeRawBufferPointer) {
        let whole = unsafe names(bytes, firstPiece: bytes.count)
        for cut in unsafe cuts(bytes) { unsafe precondition(names(bytes, firstPiece: cut) == whole) }
    }

    private static func names(_ bytes: UnsafeRawBufferPointer, firstPiece: Int) -> [[UInt8]] {
        var found: [[UInt8]] = []
        var framer = EventStreamFramer()
        var start = 0
        for end in [firstPiece, bytes.count] {
            while true {
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<end])
                let message: EventStreamMessage?
                do { message = try unsafe framer.next(rest) } catch { return found + [[0]] }
                guard let message else { break }
                precondition(message.byteCount > 0 && message.byteCount <= rest.count)
                unsafe found.append(Array(message.name))
                start += message.byteCount
            }
        }
        return found
    }

    /// At some of the places, so that long inputs are not slow ones.
    private static func cuts(_ bytes: UnsafeRawBufferPointer) -> StrideTo<Int> {
        stride(from: 0, to: bytes.count, by: max(1, bytes.count / 32))
    }
}
