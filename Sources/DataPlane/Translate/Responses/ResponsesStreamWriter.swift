import Shared

/// Writes a stream for a caller.
struct ResponsesStreamWriter: StreamWriter {
    init(in context: AnswerContext) {}

    mutating func write(_ event: AnswerEvent, to output: inout [UInt8]) throws(TranslationError) {
        throw .malformed("streams of responses are not written")
    }
}
