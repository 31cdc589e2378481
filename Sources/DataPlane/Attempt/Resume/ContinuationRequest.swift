import Shared

/// The request that asks a provider to go on with an answer.
enum ContinuationRequest {
    private static let names = JSONFieldNames("continue_final_message", "add_generation_prompt")

    /// What has to change in the caller's body for it: what every attempt at the target changes, the beginning of the answer as the last message,
    /// and what makes the provider go on with that. The bound of the answer is lower by what the caller has of it.
    static func edits(
        for request: ParsedRequest, _ body: UnsafeRawBufferPointer, at target: CompiledTarget,
        behind transcript: StreamTranscript
    ) -> JSONEdits {
        var edits = unsafe RequestParser.edits(
            for: request, body, modelNameJSON: target.modelNameJSON, spentTokens: transcript.chunkCount)
        guard !transcript.text.isEmpty, let form = target.provider.prefixContinuation,
            let messages = RequestParser.messages(of: request)
        else { return edits }
        var message = Array(#",{"role":"assistant","content":""#.utf8)
        unsafe message.append(contentsOf: transcript.text.readable)
        switch form {
        case .assistantMessage, .continueFinalMessage: message += Array(#""}"#.utf8)
        case .prefix, .prefixEchoed: message += Array(#"","prefix":true}"#.utf8)
        }
        edits.insert(message, at: messages.end - 1)
        if form == .continueFinalMessage, let fields = try? unsafe JSONObjectFields(scanning: body, for: names) {
            edits.set("continue_final_message", at: 0, of: fields, to: Array("true".utf8))
            edits.set("add_generation_prompt", at: 1, of: fields, to: Array("false".utf8))
        }
        return edits
    }
}
