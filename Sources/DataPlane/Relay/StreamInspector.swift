import Shared

/// Looks at each event of a chat stream on its way past: what it may show to the caller, and what it says about usage.
///
/// - Shape: pure; one for each stream. The events themselves are not changed.
struct StreamInspector {
    enum Verdict: Equatable {
        case forward
        /// The chunk with the usage that Weir asked for and the caller did not.
        case hide
        /// `[DONE]`: the answer is whole.
        case done
        /// The provider reports an error in the middle of its stream.
        case failed
        /// No JSON: what follows cannot be trusted.
        case malformed
    }

    /// Weir asked for the usage on its own account.
    let hidesUsageChunk: Bool
    private(set) var usage: TokenUsage?
    /// It came behind the last content: the provider has no more to count.
    private(set) var usageIsFinal = false
    /// Said on any chunk, before or after the usage.
    private var serviceTier = ServiceTier.standard
    /// Chunks with content so far: the estimate of the output when no usage comes.
    private(set) var chunkCount: UInt32 = 0
    private var lead = JSONLead()

    private static let names = JSONFieldNames("usage", "choices", "error", "service_tier")

    init(hidesUsageChunk: Bool) { self.hidesUsageChunk = hidesUsageChunk }

    mutating func inspect(_ event: UnsafeRawBufferPointer) -> Verdict {
        unsafe SSEEvent.withData(of: event) { data in unsafe inspect(data: data) } ?? .forward
    }

    private mutating func inspect(data: UnsafeRawBufferPointer) -> Verdict {
        if unsafe Self.isDone(data) { return .done }
        guard let fields = try? unsafe JSONObjectFields(scanning: data, for: Self.names, after: &lead) else {
            return .malformed
        }
        if let error = fields[2], error.kind != .null { return .failed }
        let hasChoices = fields[1].map { unsafe !Self.isEmptyArray(data, $0) } ?? false
        if hasChoices { chunkCount &+= 1 }
        if let tier = fields[3], tier.kind == .string {
            serviceTier = unsafe UsageReader.serviceTier(tier, data)
            usage?.serviceTier = serviceTier
        }
        guard let field = fields[0], field.kind == .object, let numbers = unsafe UsageReader.read(data, in: field.range)
        else {
            return .forward
        }
        // Some servers send running totals on every chunk: the last one counts, they are never added.
        usage = numbers
        usageIsFinal = !hasChoices
        usage?.serviceTier = serviceTier
        return hidesUsageChunk && !hasChoices ? .hide : .forward
    }

    /// What the first event says of a failure; nil: it says of none.
    static func failure(data: UnsafeRawBufferPointer) -> OutcomeClass? {
        if unsafe isDone(data) { return nil }
        guard let fields = try? unsafe JSONObjectFields(scanning: data, for: names) else { return .malformed }
        guard let error = fields[2], error.kind != .null else { return nil }
        switch unsafe ProviderComplaint(readingBody: data) {
        case .none: return .serverError
        case .contextLength: return .contextTooLong
        case .contentFilter: return .contentFiltered
        case .quota: return .quotaExhausted
        }
    }

    @inline(__always)
    private static func isDone(_ data: UnsafeRawBufferPointer) -> Bool {
        unsafe data.count == 6 && data.elementsEqual("[DONE]".utf8)
    }

    private static func isEmptyArray(_ bytes: UnsafeRawBufferPointer, _ field: JSONField) -> Bool {
        guard field.kind == .array else { return false }
        for index in (field.start + 1)..<(field.end - 1) {
            switch unsafe bytes[index] {
            case 0x20, 0x09, 0x0a, 0x0d: continue
            default: return false
            }
        }
        return true
    }
}
