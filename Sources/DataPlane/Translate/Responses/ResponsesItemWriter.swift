import Shared

/// Writes the items of an answer: whole ones for whole answers and for the events that end an item, empty ones for those that begin it.
///
/// - Source: OpenAI, "The response object", `output`.
enum ResponsesItemWriter {
    enum Status: String {
        case inProgress = "in_progress"
        case completed, incomplete
    }

    /// - Parameter content: writes the list of the parts.
    /// - Parameter others: members of the item besides.
    static func writeMessage(
        id: String, _ status: Status, others: [JSONObject.Member] = [], to writer: inout JSONWriter,
        content: (inout JSONWriter) -> Void
    ) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("type", "message")
        writer.member("status", status.rawValue)
        writer.member("role", "assistant")
        writer.name("content")
        content(&writer)
        writer.members(others, but: ["id", "type", "status", "role", "content"])
        writer.endObject()
    }

    /// A part of a message.
    static func writeText(
        _ text: String, annotations: [JSONValue] = [], logprobs: [JSONValue] = [], to writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.member("type", "output_text")
        writer.member("annotations", JSONValue.array(annotations))
        writer.member("logprobs", JSONValue.array(logprobs))
        writer.member("text", text)
        writer.endObject()
    }

    /// A part of a message.
    static func writeRefusal(_ refusal: String, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("type", "refusal")
        writer.member("refusal", refusal)
        writer.endObject()
    }

    /// - Parameter status: nil: finished, as OpenAI's own items say by saying nothing.
    static func writeReasoning(
        id: String, _ status: Status? = nil, summary: [String], encrypted: String?, others: [JSONObject.Member] = [],
        to writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("type", "reasoning")
        writer.name("summary")
        writer.array { writer in
            for text in summary { writeSummary(text, to: &writer) }
        }
        if let encrypted { writer.member("encrypted_content", encrypted) }
        if let status { writer.member("status", status.rawValue) }
        writer.members(others, but: ["id", "type", "summary", "encrypted_content", "status"])
        writer.endObject()
    }

    /// A part of a reasoning item.
    static func writeSummary(_ text: String, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("type", "summary_text")
            writer.member("text", text)
        }
    }

    /// A picture, as OpenAI shows what its own tool draws.
    ///
    /// - Parameter data: in base64; nil until it is drawn.
    static func writeImage(id: String, _ status: Status, data: String?, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("type", "image_generation_call")
            writer.member("status", status == .inProgress ? "in_progress" : "completed")
            writer.member("result", data.map { .string($0) } ?? .null)
        }
    }

    static func writeCall(
        id: String, _ status: Status, callID: String, name: String, arguments: String,
        others: [JSONObject.Member] = [], to writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("type", "function_call")
        writer.member("status", status.rawValue)
        writer.member("arguments", arguments)
        writer.member("call_id", callID)
        writer.member("name", name)
        writer.members(others, but: ["id", "type", "status", "arguments", "call_id", "name"])
        writer.endObject()
    }
}
