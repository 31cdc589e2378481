/// What a request cost in the end, where its provider told so only after its settle had charged the worst case.
///
/// - Shape: any data plane that sees it may write one, any number of times: the first that reaches the control plane counts.
/// - Units: `cost` is never negative.
public struct CorrectionRecord: Hashable, Sendable {
    /// Of the usage event that is corrected.
    public var requestID: ObjectID
    public var usage: TokenUsage
    public var cost: Money

    public init(requestID: ObjectID, usage: TokenUsage, cost: Money) {
        self.requestID = requestID
        self.usage = usage
        self.cost = cost
    }
}

/// The payload:
///
/// ```
/// correction version u8 | service tier u8 | request ID 16 | usage 10 x u32 | cost i64 | zero 75
/// ```
///
/// The counts have the order of `TokenUsage`.
extension CorrectionRecord {
    /// With them the frame has 150 bytes: it cannot be hidden in a caller's text, so it is believed where it stands behind damage in a
    /// journal, and no record of a thread is shorter, which is what a stretch of damage is measured by.
    static let zeroBytes = 75
    static let payloadBytes = 2 + 16 + 10 * 4 + 8 + zeroBytes
    static let frameBytes = JournalRecord.frameHeaderBytes + 1 + payloadBytes

    @inline(__always)
    func write(to writer: inout WireWriter) {
        writer.put(JournalRecord.firstVersion)
        writer.put(usage.serviceTier.rawValue)
        writer.put(requestID)
        writer.put(usage.input)
        writer.put(usage.cachedInput)
        writer.put(usage.cacheWrite5m)
        writer.put(usage.cacheWrite1h)
        writer.put(usage.audioInput)
        writer.put(usage.imageInput)
        writer.put(usage.output)
        writer.put(usage.reasoning)
        writer.put(usage.audioOutput)
        writer.put(usage.imageOutput)
        writer.put(cost.nanodollars)
        writer.putZeros(Self.zeroBytes)
    }

    init(from reader: inout WireReader) throws(WireError) {
        try reader.takeVersion(upTo: JournalRecord.firstVersion)
        guard let serviceTier = ServiceTier(rawValue: try reader.take()) else { throw .badField("serviceTier") }
        requestID = try reader.takeObjectID()
        usage = TokenUsage(
            input: try reader.take(), cachedInput: try reader.take(), cacheWrite5m: try reader.take(),
            cacheWrite1h: try reader.take(), audioInput: try reader.take(), imageInput: try reader.take(),
            output: try reader.take(), reasoning: try reader.take(), audioOutput: try reader.take(),
            imageOutput: try reader.take(), serviceTier: serviceTier)
        cost = Money(nanodollars: try reader.takeAmount(named: "cost"))
        try reader.takeZeros(Self.zeroBytes, named: "reserved")
    }
}
