import Shared

/// Reads providers' whole answers.
enum ResponsesAnswerReader {
    static func answer(from body: JSONValue) throws(TranslationError) -> Answer {
        throw .malformed("responses are not read")
    }
}
