import Shared
import Translate

/// What an error body of a provider says that its status does not.
///
/// - Shape: pure; looks at `error.code`, `error.type` and `error.message` of an OpenAI-like body, and at the whole text of any other.
/// - Source: the error references of OpenAI, Azure OpenAI, Anthropic, Gemini, Mistral, Cohere, and vLLM's and llama.cpp's servers.
enum ProviderComplaint: Equatable {
    case none
    /// The prompt, or prompt and answer together, are longer than the model takes.
    case contextLength
    case contentFilter
    /// Paid credit is used up: waiting does not help.
    case quota

    /// Bodies beyond this are judged by what stands in their first part.
    static let bytesMax = 16 * 1024

    /// - Parameter dialect: of the provider. What the dialect's own reader says of a quota is believed before any phrase: Gemini says "quota" of
    ///   a limit of a minute, and tells in the details which it is.
    init(readingBody bytes: UnsafeRawBufferPointer, status: Int, in dialect: Dialect) {
        unsafe self.init(readingBody: bytes)
        guard dialect != .openai, status == 429 else { return }
        self = unsafe dialect.codec.error(status: status, from: bytes).kind == .quota ? .quota : .none
    }

    init(readingBody bytes: UnsafeRawBufferPointer) {
        let bytes = unsafe UnsafeRawBufferPointer(rebasing: bytes.prefix(Self.bytesMax))
        // Codes before messages: a message may quote the caller's text.
        if let fields = unsafe Self.errorFields(bytes) {
            for field in [fields.code, fields.type] {
                guard let range = field else { continue }
                for (complaint, texts) in Self.codes
                where texts.contains(where: { unsafe HTTPBytes.equals(bytes, range, $0) }) {
                    self = complaint
                    return
                }
            }
            guard let message = fields.message else {
                self = .none
                return
            }
            self = unsafe Self.phrase(in: UnsafeRawBufferPointer(rebasing: bytes[message]))
            return
        }
        self = unsafe Self.phrase(in: bytes)
    }

    private static let codes: [(ProviderComplaint, [StaticString])] = [
        (
            .contextLength,
            [
                "context_length_exceeded", "string_above_max_length", "exceed_context_size_error",
                "model_max_prompt_tokens_exceeded",
                "context_window_exceeded", "max_tokens_exceeded", "prompt_too_long",
            ]
        ),
        (
            .contentFilter,
            [
                "content_filter", "content_policy_violation", "responsibleaipolicyviolation", "moderation_blocked",
                "image_generation_user_error", "data_inspection_failed", "content_blocked",
            ]
        ),
        (
            .quota,
            [
                "insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "credit_balance_too_low",
                "insufficient_balance",
            ]
        ),
    ]

    /// In lower case.
    private static let phrases: [(ProviderComplaint, [StaticString])] = [
        (
            .contextLength,
            [
                "maximum context length", "context window", "prompt is too long", "input is too long",
                "exceeds the maximum number of tokens",
                "context length exceeded", "exceeds the available context size", "too many tokens", "input token count",
                "reduce the length of the messages",
            ]
        ),
        (
            .contentFilter,
            ["content management policy", "content policy", "content filter", "flagged as potentially violating"]
        ),
        (
            .quota,
            ["exceeded your current quota", "credit balance is too low", "insufficient balance", "billing hard limit"]
        ),
    ]

    private static func phrase(in bytes: UnsafeRawBufferPointer) -> ProviderComplaint {
        let text = unsafe bytes.map { $0 &- 65 < 26 ? $0 | 0x20 : $0 }
        for (complaint, texts) in phrases where texts.contains(where: { has(text, $0) }) { return complaint }
        return .none
    }

    private static func has(_ text: [UInt8], _ phrase: StaticString) -> Bool {
        let phrase = Array(phrase.description.utf8)
        guard text.count >= phrase.count else { return false }
        return (0...(text.count - phrase.count)).contains { start in
            text[start] == phrase[0] && text[start..<(start + phrase.count)].elementsEqual(phrase)
        }
    }

    private static let outer = JSONFieldNames("error")
    private static let inner = JSONFieldNames("code", "type", "message")

    /// Ranges without quotes of those that are strings. Nil where there is no error object.
    private static func errorFields(
        _ bytes: UnsafeRawBufferPointer
    ) -> (code: Range<Int>?, type: Range<Int>?, message: Range<Int>?)? {
        guard let body = try? unsafe JSONObjectFields(scanning: bytes, for: outer), let error = body[0],
            error.kind == .object
        else { return nil }
        let object = unsafe UnsafeRawBufferPointer(rebasing: bytes[error.range])
        guard let fields = try? unsafe JSONObjectFields(scanning: object, for: inner) else { return nil }
        func text(_ index: Int) -> Range<Int>? {
            guard let field = fields[index], field.kind == .string else { return nil }
            return (error.start + field.start + 1)..<(error.start + field.end - 1)
        }
        return (text(0), text(1), text(2))
    }
}
