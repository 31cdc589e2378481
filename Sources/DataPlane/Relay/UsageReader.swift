import Shared

/// Reads the usage numbers of OpenAI-like answers. What they mean is in `OpenAIUsage`.
enum UsageReader {
    /// The numbers of a `usage` object at `range`; nil when it is none, or lacks the count of the input.
    static func read(_ bytes: UnsafeRawBufferPointer, in range: Range<Int>) -> TokenUsage? {
        unsafe OpenAIUsage(scanning: bytes, in: range)?.normalized
    }

    /// What a whole answer says that it used; nil when it says nothing that can be read.
    static func read(answer bytes: UnsafeRawBufferPointer) -> TokenUsage? {
        guard let answer = try? unsafe OpenAIUsage.answer(bytes), var usage = answer.usage?.normalized else {
            return nil
        }
        usage.serviceTier = unsafe serviceTier(answer.serviceTier, bytes)
        return usage
    }

    /// The tier that an answer's `service_tier` names; the standard one when it is absent or unknown.
    static func serviceTier(_ field: JSONField?, _ bytes: UnsafeRawBufferPointer) -> ServiceTier {
        guard let field else { return .standard }
        // What most answers say, without making a text of it.
        if unsafe field.withString(in: bytes, { unsafe HTTPBytes.isExactly($0, 0..<$0.count, "default") }) ?? true {
            return .standard
        }
        guard let name = unsafe field.string(in: bytes) else { return .standard }
        return ServiceTier(reported: String(decoding: name, as: UTF8.self)) ?? .standard
    }
}
