/// The binary form of the journal's records. The layouts are version 1; a change makes a version 2 beside it, because
/// journals outlive the process that wrote them.
///
/// ```
/// intent     version u8 | endpoint u8 | isStream u8 | endUser length u8 | virtual key ID 12 | request ID 16 | started i64
///            | organization 16 | team 16 | route 16 | provider 16 | model 16 | price 16 | reserved i64 | endUser
/// settle     version u8 | outcome u8 | usageReported u8 | zero u8 | status u16 | attempts u16 | usage 8 x u32 | cost i64
///            | duration u32 | first token u32 | overhead u32 | zero u32 | relayed bytes u64 | intent
/// streamEnd  version u8
/// ```
extension JournalRecord {
    static let payloadVersion: UInt8 = 1

    /// `length u32 | crc32c u32`; the length counts what follows these eight bytes, kind included.
    public static let frameHeaderBytes = 8
    /// No frame is longer: a longer length is damage, not a record.
    public static let frameBytesMax = frameHeaderBytes + 1 + SettleRecord.payloadBytesMax

    public var kind: Kind {
        switch self {
        case .intent: .intent
        case .settle: .settle
        case .streamEnd: .streamEnd
        }
    }

    /// The exact number of bytes that `encode(into:)` writes.
    public var frameBytes: Int {
        switch self {
        case .intent(let intent): intent.frameBytes
        case .settle(let settle): settle.frameBytes
        case .streamEnd: Self.frameHeaderBytes + 2
        }
    }

    /// Writes one frame and returns its length. Allocates nothing; `buffer` holds at least `frameBytes`.
    @discardableResult
    public func encode(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        switch self {
        case .intent(let intent): unsafe intent.encode(into: buffer)
        case .settle(let settle): unsafe settle.encode(into: buffer)
        case .streamEnd:
            unsafe Self.frame(.streamEnd, into: buffer) { $0.put(Self.payloadVersion) }
        }
    }

    /// The frame as an array.
    public func encode() -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: frameBytes) { buffer, count in
            count = unsafe encode(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    @inline(__always)
    static func frame(
        _ kind: Kind, into buffer: UnsafeMutableRawBufferPointer, payload: (inout WireWriter) -> Void
    ) -> Int {
        var writer = unsafe WireWriter(buffer, at: frameHeaderBytes)
        writer.put(kind.rawValue)
        payload(&writer)
        let length = writer.offset - frameHeaderBytes
        let checksum = unsafe CRC32C.checksum(
            UnsafeRawBufferPointer(rebasing: buffer[frameHeaderBytes..<frameHeaderBytes + length]))
        var header = unsafe WireWriter(buffer)
        header.put(UInt32(length))
        header.put(checksum)
        return writer.offset
    }

    /// One frame from the start of `bytes`, and its length. What follows it is not looked at.
    ///
    /// - Errors: `.truncated` when the bytes end inside the frame; any other error is damage.
    public static func decode(_ bytes: UnsafeRawBufferPointer) throws(WireError) -> (record: Self, frameBytes: Int) {
        var header = unsafe WireReader(bytes)
        let length = Int(try header.take(UInt32.self))
        let checksum = try header.take(UInt32.self)
        guard length >= 2, frameHeaderBytes + length <= frameBytesMax else { throw .badLength }
        guard header.remaining >= length else { throw .truncated }
        let body = unsafe UnsafeRawBufferPointer(rebasing: bytes[frameHeaderBytes..<frameHeaderBytes + length])
        guard unsafe CRC32C.checksum(body) == checksum else { throw .checksum }
        var reader = unsafe WireReader(body)
        let record: JournalRecord
        let kind = try reader.take(UInt8.self)
        do throws(WireError) {
            switch Kind(rawValue: kind) {
            case .intent: record = .intent(try IntentRecord(from: &reader))
            case .settle: record = .settle(try SettleRecord(from: &reader))
            case .streamEnd:
                try reader.takeVersion()
                record = .streamEnd
            case nil: throw .unknownKind(kind)
            }
        } catch .truncated {
            // The frame is whole, its content is not: damage, not a torn tail.
            throw .badLength
        }
        try reader.finish()
        return (record, frameHeaderBytes + length)
    }

    /// One frame that fills `bytes` exactly.
    public static func decode(_ bytes: [UInt8]) throws(WireError) -> Self {
        try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(WireError) -> JournalRecord in
            let (record, count) = unsafe try decode(UnsafeRawBufferPointer(buffer))
            guard count == buffer.count else { throw .trailingBytes }
            return record
        }
    }
}

extension IntentRecord {
    static let payloadBytesFixed = 4 + VirtualKeyID.byteCount + 16 + 8 + 6 * 16 + 8
    static let payloadBytesMax = payloadBytesFixed + endUserBytesMax

    var payloadBytes: Int { Self.payloadBytesFixed + endUser.utf8CountCut(at: Self.endUserBytesMax) }

    /// The exact number of bytes that `encode(into:)` writes.
    public var frameBytes: Int { JournalRecord.frameHeaderBytes + 1 + payloadBytes }

    /// Writes the frame of this intent and returns its length.
    @discardableResult
    public func encode(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        unsafe JournalRecord.frame(.intent, into: buffer) { write(to: &$0) }
    }

    @inline(__always)
    func write(to writer: inout WireWriter) {
        writer.put(JournalRecord.payloadVersion)
        writer.put(endpoint.rawValue)
        writer.put(UInt8(isStream ? 1 : 0))
        writer.put(UInt8(endUser.utf8CountCut(at: Self.endUserBytesMax)))
        writer.put(virtualKeyID)
        writer.put(requestID)
        writer.put(startedUnixMilliseconds)
        writer.put(organizationID)
        writer.put(teamID)
        writer.put(routeID)
        writer.put(providerID)
        writer.put(modelID)
        writer.put(priceID)
        writer.put(reserved.nanodollars)
        writer.put(endUser, upTo: Self.endUserBytesMax)
    }

    init(from reader: inout WireReader) throws(WireError) {
        try reader.takeVersion()
        guard let endpoint = Endpoint(rawValue: try reader.take()) else { throw .badField("endpoint") }
        let isStream = try reader.takeFlag(named: "isStream")
        let endUserBytes = Int(try reader.take(UInt8.self))
        guard endUserBytes <= Self.endUserBytesMax else { throw .badField("endUser") }
        let virtualKeyID = try reader.takeVirtualKeyID()
        self.init(
            requestID: try reader.takeObjectID(), startedUnixMilliseconds: try reader.take(),
            organizationID: try reader.takeObjectID(), teamID: try reader.takeObjectID(), virtualKeyID: virtualKeyID,
            routeID: try reader.takeObjectID(), providerID: try reader.takeObjectID(),
            modelID: try reader.takeObjectID(), priceID: try reader.takeObjectID(),
            reserved: Money(nanodollars: try reader.take()), endpoint: endpoint, isStream: isStream,
            endUser: try reader.takeText(endUserBytes, named: "endUser"))
    }
}

extension SettleRecord {
    static let payloadBytesFixed = 8 + 8 * 4 + 8 + 4 * 4 + 8
    static let payloadBytesMax = payloadBytesFixed + IntentRecord.payloadBytesMax

    /// The exact number of bytes that `encode(into:)` writes.
    public var frameBytes: Int { JournalRecord.frameHeaderBytes + 1 + Self.payloadBytesFixed + intent.payloadBytes }

    /// Writes the frame of this settle and returns its length.
    @discardableResult
    public func encode(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        unsafe JournalRecord.frame(.settle, into: buffer) { write(to: &$0) }
    }

    @inline(__always)
    func write(to writer: inout WireWriter) {
        writer.put(JournalRecord.payloadVersion)
        writer.put(outcome.rawValue)
        writer.put(UInt8(usageReported ? 1 : 0))
        writer.put(UInt8(0))
        writer.put(status)
        writer.put(attempts)
        writer.put(usage.input)
        writer.put(usage.cachedInput)
        writer.put(usage.cacheWrite5m)
        writer.put(usage.cacheWrite1h)
        writer.put(usage.audioInput)
        writer.put(usage.output)
        writer.put(usage.reasoning)
        writer.put(usage.audioOutput)
        writer.put(cost.nanodollars)
        writer.put(durationMicroseconds)
        writer.put(firstTokenMicroseconds)
        writer.put(overheadMicroseconds)
        writer.put(UInt32(0))
        writer.put(relayedBytes)
        intent.write(to: &writer)
    }

    init(from reader: inout WireReader) throws(WireError) {
        try reader.takeVersion()
        guard let outcome = RequestOutcome(rawValue: try reader.take()) else { throw .badField("outcome") }
        let usageReported = try reader.takeFlag(named: "usageReported")
        try reader.takeZeros(1, named: "reserved")
        let status = try reader.take(UInt16.self)
        let attempts = try reader.take(UInt16.self)
        let usage = TokenUsage(
            input: try reader.take(), cachedInput: try reader.take(), cacheWrite5m: try reader.take(),
            cacheWrite1h: try reader.take(), audioInput: try reader.take(), output: try reader.take(),
            reasoning: try reader.take(), audioOutput: try reader.take())
        let cost = Money(nanodollars: try reader.take())
        let duration = try reader.take(UInt32.self)
        let firstToken = try reader.take(UInt32.self)
        let overhead = try reader.take(UInt32.self)
        try reader.takeZeros(4, named: "reserved")
        let relayedBytes = try reader.take(UInt64.self)
        self.init(
            intent: try IntentRecord(from: &reader), outcome: outcome, status: status, attempts: attempts,
            usage: usage, usageReported: usageReported, cost: cost, durationMicroseconds: duration,
            firstTokenMicroseconds: firstToken, overheadMicroseconds: overhead, relayedBytes: relayedBytes)
    }
}

extension WireReader {
    fileprivate mutating func takeVersion() throws(WireError) {
        let version = try take(UInt8.self)
        guard version == JournalRecord.payloadVersion else { throw .unsupportedVersion(UInt32(version)) }
    }
}
