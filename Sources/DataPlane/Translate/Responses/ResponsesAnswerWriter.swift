import Shared

/// Writes whole answers for callers.
struct ResponsesAnswerWriter {
    private let context: AnswerContext

    init(in context: AnswerContext) { self.context = context }

    mutating func body(of answer: Answer) -> [UInt8] {
        let head = AnswerHead(id: answer.id, model: answer.model, createdUnixSeconds: answer.createdUnixSeconds)
        var writer = JSONWriter()
        ResponsesObject(head, status: .completed, in: context).write(to: &writer) { $0.array { _ in } }
        return writer.bytes
    }
}
