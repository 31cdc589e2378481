/// The binary form of the journal's records. Version 2 of intent and settle added the lines; version 1 is still read, because
/// journals outlive the process that wrote them. Version 3 is written of intents of shadows alone, so that control planes that do not know
/// it go on reading all others.
///
/// ```
/// intent     version u8 | endpoint u8 | isStream u8 | endUser length u8 | virtual key ID 12 | request ID 16 | started i64
///            | organization 16 | team 16 | route 16 | provider 16 | model 16 | price 16 | reserved i64
///            | line count u8 | endUser | lines                                                       (count from version 2 on)
///            | shadow of 16                                                                         (from version 3 on)
/// settle     version u8 | outcome u8 | usageReported u8 | charge count u8 | status u16 | attempts u16 | usage 8 x u32
///            | cost i64 | duration u32 | first token u32 | overhead u32 | service tier u8 | zero 3 | relayed bytes u64
///            | image input u32 | image output u32 (both from version 2 on) | charges | intent
/// streamEnd  version u8
/// returned   version u8 | account 24 | window i64 | amount i64
/// closed     version u8 | incarnation 16
/// repeated   as intent
/// lost       version u8
/// correction see `CorrectionRecord`
/// line       kind u8 | account 24 | window i64 | amount i64
/// charge     account 24 | window i64 | amount i64 | debt i64
/// account    allowance 16 | subject u64
/// ```
extension JournalRecord {
    static let payloadVersion: UInt8 = 2
    /// Of the intent of a shadow.
    static let shadowVersion: UInt8 = 3
    /// Of the records that have had one form only.
    static let firstVersion: UInt8 = 1

    /// `length u32 | crc32c u32`; the length counts what follows these eight bytes, kind included.
    public static let frameHeaderBytes = 8
    /// No frame is longer: a longer length is damage, not a record.
    public static let frameBytesMax = frameHeaderBytes + 1 + SettleRecord.payloadBytesMax

    public var kind: Kind {
        switch self {
        case .intent: .intent
        case .settle: .settle
        case .streamEnd: .streamEnd
        case .returned: .returned
        case .incarnationClosed: .incarnationClosed
        case .repeated: .repeated
        case .lost: .lost
        case .correction: .correction
        }
    }

    /// The exact number of bytes that `encode(into:)` writes.
    public var frameBytes: Int {
        switch self {
        case .intent(let intent): intent.frameBytes
        case .settle(let settle): settle.frameBytes
        case .repeated(let intent): intent.frameBytes
        case .streamEnd, .lost: Self.frameHeaderBytes + 2
        case .returned: Self.frameHeaderBytes + 2 + ReturnRecord.payloadBytes
        case .incarnationClosed: Self.frameHeaderBytes + 2 + 16
        case .correction: CorrectionRecord.frameBytes
        }
    }

    /// Writes one frame and returns its length. Allocates nothing; `buffer` holds at least `frameBytes`.
    @discardableResult
    public func encode(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        switch self {
        case .intent(let intent): unsafe intent.encode(into: buffer)
        case .settle(let settle): unsafe settle.encode(into: buffer)
        case .streamEnd:
            unsafe Self.frame(.streamEnd, into: buffer) { $0.put(Self.firstVersion) }
        case .lost:
            unsafe Self.frame(.lost, into: buffer) { $0.put(Self.firstVersion) }
        case .repeated(let intent):
            unsafe Self.frame(.repeated, into: buffer) { intent.write(to: &$0) }
        case .returned(let record):
            unsafe Self.frame(.returned, into: buffer) {
                $0.put(Self.firstVersion)
                $0.put(record.account)
                $0.put(record.window.startUnixSeconds)
                $0.put(record.amount)
            }
        case .incarnationClosed(let incarnation):
            unsafe Self.frame(.incarnationClosed, into: buffer) {
                $0.put(Self.firstVersion)
                $0.put(incarnation)
            }
        case .correction(let record):
            unsafe Self.frame(.correction, into: buffer) { record.write(to: &$0) }
        }
    }

    /// The frame as an array.
    public func encode() -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: frameBytes) { buffer, count in
            count = unsafe encode(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    /// Copies the frame of an intent as `repeated`: the same bytes with another kind. `buffer` has the length of the frame.
    public static func copyRepeated(_ frame: UnsafeRawBufferPointer, into buffer: UnsafeMutableRawBufferPointer) {
        unsafe buffer.copyMemory(from: frame)
        unsafe buffer.storeBytes(of: Kind.repeated.rawValue, toByteOffset: frameHeaderBytes, as: UInt8.self)
        let checksum = unsafe CRC32C.checksum(
            UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[frameHeaderBytes..<frame.count]))
        unsafe buffer.storeBytes(of: checksum.littleEndian, toByteOffset: 4, as: UInt32.self)
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
                try reader.takeVersion(upTo: Self.firstVersion)
                record = .streamEnd
            case .returned:
                try reader.takeVersion(upTo: Self.firstVersion)
                record = .returned(
                    ReturnRecord(
                        account: try reader.takeAccount(), window: try reader.takeWindow(),
                        amount: try reader.takeAmount(named: "amount")))
            case .incarnationClosed:
                try reader.takeVersion(upTo: Self.firstVersion)
                record = .incarnationClosed(try reader.takeObjectID())
            case .repeated: record = .repeated(try IntentRecord(from: &reader))
            case .lost:
                try reader.takeVersion(upTo: Self.firstVersion)
                record = .lost
            case .correction: record = .correction(try CorrectionRecord(from: &reader))
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
    static let payloadBytesFixed = 4 + VirtualKeyID.byteCount + 16 + 8 + 6 * 16 + 8 + 1
    static let payloadBytesMax =
        payloadBytesFixed + endUserBytesMax + ReservationLine.linesMax * ReservationLine.byteCount + shadowBytes
    private static let shadowBytes = 16

    var payloadBytes: Int {
        Self.payloadBytesFixed + endUser.utf8CountCut(at: Self.endUserBytesMax)
            + lines.count * ReservationLine.byteCount + (shadowOf == nil ? 0 : Self.shadowBytes)
    }

    /// The longest settle that can follow this intent: what the journal keeps room for.
    public var settleFrameBytesMax: Int {
        JournalRecord.frameHeaderBytes + 1 + SettleRecord.payloadBytesFixed + payloadBytes
            + lines.count * ChargeLine.byteCount
    }

    /// The exact number of bytes that `encode(into:)` writes.
    public var frameBytes: Int { JournalRecord.frameHeaderBytes + 1 + payloadBytes }

    /// Writes the frame of this intent and returns its length.
    @discardableResult
    public func encode(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        unsafe JournalRecord.frame(.intent, into: buffer) { write(to: &$0) }
    }

    @inline(__always)
    func write(to writer: inout WireWriter) {
        writer.put(shadowOf == nil ? JournalRecord.payloadVersion : JournalRecord.shadowVersion)
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
        precondition(lines.count <= ReservationLine.linesMax)
        writer.put(UInt8(lines.count))
        writer.put(endUser, upTo: Self.endUserBytesMax)
        for line in lines {
            writer.put(line.kind.rawValue)
            writer.put(line.account)
            writer.put(line.window.startUnixSeconds)
            writer.put(line.amount)
        }
        if let shadowOf { writer.put(shadowOf) }
    }

    init(from reader: inout WireReader) throws(WireError) {
        let version = try reader.takeVersion(upTo: JournalRecord.shadowVersion)
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
            reserved: Money(nanodollars: try reader.take()), endpoint: endpoint, isStream: isStream, endUser: "")
        let lineCount = version >= 2 ? Int(try reader.take(UInt8.self)) : 0
        guard lineCount <= ReservationLine.linesMax else { throw .badField("lines") }
        endUser = try reader.takeText(endUserBytes, named: "endUser")
        lines.reserveCapacity(lineCount)
        for _ in 0..<lineCount {
            guard let kind = AllowanceKind(rawValue: try reader.take()) else { throw .badField("kind") }
            lines.append(
                ReservationLine(
                    kind: kind, account: try reader.takeAccount(), window: try reader.takeWindow(),
                    amount: try reader.takeAmount(named: "amount")))
        }
        if version >= JournalRecord.shadowVersion { shadowOf = try reader.takeObjectID() }
    }
}

extension SettleRecord {
    static let payloadBytesFixed = 8 + 8 * 4 + 8 + 4 * 4 + 8 + 2 * 4
    static let payloadBytesMax =
        payloadBytesFixed + ReservationLine.linesMax * ChargeLine.byteCount + IntentRecord.payloadBytesMax

    /// The exact number of bytes that `encode(into:)` writes.
    public var frameBytes: Int {
        JournalRecord.frameHeaderBytes + 1 + Self.payloadBytesFixed + charges.count * ChargeLine.byteCount
            + intent.payloadBytes
    }

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
        precondition(charges.count <= ReservationLine.linesMax)
        writer.put(UInt8(charges.count))
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
        writer.put(UInt32(usage.serviceTier.rawValue))
        writer.put(relayedBytes)
        writer.put(usage.imageInput)
        writer.put(usage.imageOutput)
        for charge in charges {
            writer.put(charge.account)
            writer.put(charge.window.startUnixSeconds)
            writer.put(charge.amount)
            writer.put(charge.debt)
        }
        intent.write(to: &writer)
    }

    init(from reader: inout WireReader) throws(WireError) {
        let version = try reader.takeVersion(upTo: JournalRecord.payloadVersion)
        guard let outcome = RequestOutcome(rawValue: try reader.take()) else { throw .badField("outcome") }
        let usageReported = try reader.takeFlag(named: "usageReported")
        let chargeCount = Int(try reader.take(UInt8.self))
        guard chargeCount <= (version >= 2 ? ReservationLine.linesMax : 0) else { throw .badField("charges") }
        let status = try reader.take(UInt16.self)
        let attempts = try reader.take(UInt16.self)
        var usage = TokenUsage(
            input: try reader.take(), cachedInput: try reader.take(), cacheWrite5m: try reader.take(),
            cacheWrite1h: try reader.take(), audioInput: try reader.take(), output: try reader.take(),
            reasoning: try reader.take(), audioOutput: try reader.take())
        let cost = Money(nanodollars: try reader.take())
        let duration = try reader.take(UInt32.self)
        let firstToken = try reader.take(UInt32.self)
        let overhead = try reader.take(UInt32.self)
        guard let serviceTier = ServiceTier(rawValue: try reader.take()) else { throw .badField("serviceTier") }
        usage.serviceTier = serviceTier
        try reader.takeZeros(3, named: "reserved")
        let relayedBytes = try reader.take(UInt64.self)
        if version >= 2 {
            usage.imageInput = try reader.take()
            usage.imageOutput = try reader.take()
        }
        var charges = [ChargeLine]()
        charges.reserveCapacity(chargeCount)
        for _ in 0..<chargeCount {
            charges.append(
                ChargeLine(
                    account: try reader.takeAccount(), window: try reader.takeWindow(),
                    amount: try reader.takeAmount(named: "amount"), debt: try reader.takeAmount(named: "debt")))
        }
        self.init(
            intent: try IntentRecord(from: &reader), outcome: outcome, status: status, attempts: attempts,
            usage: usage, usageReported: usageReported, cost: cost, durationMicroseconds: duration,
            firstTokenMicroseconds: firstToken, overheadMicroseconds: overhead, relayedBytes: relayedBytes,
            charges: charges)
    }
}

extension ReservationLine {
    static let byteCount = 1 + AccountKey.byteCount + 8 + 8
}

extension ChargeLine {
    static let byteCount = AccountKey.byteCount + 8 + 8 + 8
}

extension ReturnRecord {
    static let payloadBytes = AccountKey.byteCount + 8 + 8
}

extension AccountKey {
    static let byteCount = 16 + 8
}

extension WireWriter {
    @inline(__always)
    fileprivate mutating func put(_ account: AccountKey) {
        put(account.allowanceID)
        put(account.subject)
    }
}

extension WireReader {
    @discardableResult
    mutating func takeVersion(upTo newest: UInt8) throws(WireError) -> UInt8 {
        let version = try take(UInt8.self)
        guard (1...newest).contains(version) else { throw .unsupportedVersion(UInt32(version)) }
        return version
    }

    fileprivate mutating func takeAccount() throws(WireError) -> AccountKey {
        AccountKey(allowanceID: try takeObjectID(), subject: try take())
    }

    fileprivate mutating func takeWindow() throws(WireError) -> AccountWindow {
        let window = AccountWindow(startUnixSeconds: try take())
        guard window >= .unleased else { throw .badField("window") }
        return window
    }

    /// Never negative: nobody may take money out of the ledger by a record.
    mutating func takeAmount(named name: String) throws(WireError) -> Int64 {
        let amount = try take(Int64.self)
        guard amount >= 0 else { throw .badField(name) }
        return amount
    }
}
