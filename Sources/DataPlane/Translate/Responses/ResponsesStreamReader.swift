import Shared

/// Reads a provider's stream.
struct ResponsesStreamReader: StreamReader {
    mutating func read(_ message: StreamMessage, into events: inout [AnswerEvent]) throws(TranslationError) {
        throw .malformed("streams of responses are not read")
    }

    mutating func end(into events: inout [AnswerEvent]) {}
}
