import Shared

/// The object `response`: the whole of an answer, and what the events that begin and end a stream hold.
///
/// - Shape: all that OpenAI's clients require is there, and null rather than absent. What the request said is repeated (`AnswerContext.echo`),
///   but where the provider spoke of it itself.
/// - Source: OpenAI, "The response object".
struct ResponsesObject {
    enum Status: String {
        case inProgress = "in_progress"
        case completed, incomplete, failed
    }

    var id: String
    var createdUnixSeconds: Int64
    var model: String
    var status: Status
    var error: ProviderError?
    /// `max_output_tokens` or `content_filter`.
    var incompleteReason: String?
    /// nil until it is known.
    var usage: TokenUsage?
    var usageExtras = Extras()
    /// As the provider named it.
    var serviceTier: String?
    /// What the provider said of the answer besides.
    var extras = Extras()
    var echo: [JSONObject.Member]

    init(_ head: AnswerHead, status: Status, in context: AnswerContext) {
        id = ResponsesIdentities(answer: head.id, in: context).response
        createdUnixSeconds = head.createdUnixSeconds ?? context.nowUnixSeconds
        model = head.model.isEmpty ? context.model : head.model
        self.status = status
        serviceTier = head.serviceTier
        extras = head.extras
        echo = context.echo
    }

    /// - Parameter output: writes the list of the items.
    func write(to writer: inout JSONWriter, output: (inout JSONWriter) -> Void) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("object", "response")
        writer.member("created_at", createdUnixSeconds)
        writer.member("status", status.rawValue)
        writer.name("error")
        if let error { ResponsesErrors.write(error, to: &writer) } else { writer.null() }
        writer.name("incomplete_details")
        if let incompleteReason {
            writer.object { $0.member("reason", incompleteReason) }
        } else {
            writer.null()
        }
        writer.member("model", model)
        writer.name("output")
        output(&writer)
        writer.name("usage")
        if let usage { ResponsesUsage.write(usage, usageExtras, to: &writer) } else { writer.null() }
        if let serviceTier { writer.member("service_tier", OpenAITier.word(serviceTier)) }
        writeRest(to: &writer)
        writer.endObject()
    }

    private static let written: Set = [
        "id", "object", "created_at", "status", "error", "incomplete_details", "model", "output", "usage",
    ]

    private func writeRest(to writer: inout JSONWriter) {
        var names = Self.written
        if serviceTier != nil { names.insert("service_tier") }
        for member in extras.members(for: .responses) + echo where names.insert(member.name).inserted {
            writer.member(member.name, member.value)
        }
    }
}
