import Shared

/// Reads callers' requests.
enum ResponsesRequestReader {
    static func conversation(
        from body: JSONValue, of call: InboundCall
    ) throws(TranslationError) -> Conversation {
        throw .malformed("requests of responses are not read")
    }
}
