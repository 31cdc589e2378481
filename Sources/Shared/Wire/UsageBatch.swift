/// The body of `POST /fleet/v1/usage`: consecutive records of one stream, in order.
///
/// - Shape: `WEIRUSE1 | node ID 16 | incarnation 16 | thread u32 | record count u32 | first sequence u64`, then as many
///   frames in the form they have in the journal, and nothing after them.
/// - Units: a stream's first record has sequence 1, so that an acknowledgement of 0 means none.
/// - Errors: `WireError`. A batch is good as a whole or refused as a whole.
public struct UsageBatch: Hashable, Sendable {
    public static let magic: [UInt8] = Array("WEIRUSE1".utf8)
    public static let contentType = "application/vnd.weir.usage"
    public static let headerBytes = 8 + 16 + 16 + 4 + 4 + 8

    /// What a shipper puts into one batch at most, and what a control plane accepts.
    public static let recordsMax = 2_000
    public static let frameBytesMax = 1 << 20
    /// The longest body there can be.
    public static let bytesMax = headerBytes + frameBytesMax

    public var stream: StreamID
    public var firstSequence: UInt64
    public var records: [JournalRecord]

    public init(stream: StreamID, firstSequence: UInt64, records: [JournalRecord]) {
        self.stream = stream
        self.firstSequence = firstSequence
        self.records = records
    }

    public var lastSequence: UInt64 { firstSequence + UInt64(records.count) - 1 }

    public func encode() -> [UInt8] {
        var frames = [UInt8]()
        frames.reserveCapacity(records.reduce(0) { $0 + $1.frameBytes })
        for record in records { frames += record.encode() }
        return Self.encode(stream: stream, firstSequence: firstSequence, recordCount: records.count, frames: frames)
    }

    /// The same from frames as they stand in a journal.
    public static func encode(
        stream: StreamID, firstSequence: UInt64, recordCount: Int, frames: [UInt8]
    ) -> [UInt8] {
        precondition(recordCount > 0 && recordCount <= recordsMax && frames.count <= frameBytesMax && firstSequence > 0)
        return unsafe [UInt8](unsafeUninitializedCapacity: headerBytes + frames.count) { buffer, count in
            let body = UnsafeMutableRawBufferPointer(buffer)
            unsafe writeHeader(stream: stream, firstSequence: firstSequence, recordCount: recordCount, into: body)
            var writer = unsafe WireWriter(body, at: headerBytes)
            writer.put(frames)
            count = writer.offset
        }
    }

    /// Writes what goes in front of the frames to the first `headerBytes` of `body`: for a shipper, whose frames lie behind it already.
    public static func writeHeader(
        stream: StreamID, firstSequence: UInt64, recordCount: Int, into body: UnsafeMutableRawBufferPointer
    ) {
        var writer = unsafe WireWriter(body)
        writer.put(magic)
        writer.put(stream.nodeID)
        writer.put(stream.incarnation)
        writer.put(stream.thread)
        writer.put(UInt32(recordCount))
        writer.put(firstSequence)
    }

    public static func decode(_ bytes: [UInt8]) throws(WireError) -> UsageBatch {
        guard bytes.count <= bytesMax else { throw .badLength }
        return try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(WireError) -> UsageBatch in
            let raw = UnsafeRawBufferPointer(buffer)
            var reader = unsafe WireReader(raw)
            guard try reader.takeBytes(magic.count) == magic else { throw .badMagic }
            let stream = StreamID(
                nodeID: try reader.takeObjectID(), incarnation: try reader.takeObjectID(), thread: try reader.take())
            let count = Int(try reader.take(UInt32.self))
            let firstSequence = try reader.take(UInt64.self)
            guard count >= 1, count <= recordsMax else { throw .badField("recordCount") }
            guard firstSequence >= 1, firstSequence <= UInt64(Int64.max) - UInt64(recordsMax) else {
                throw .badField("firstSequence")
            }
            var records = [JournalRecord]()
            records.reserveCapacity(count)
            var offset = reader.offset
            for _ in 0..<count {
                let (record, size) = unsafe try JournalRecord.decode(UnsafeRawBufferPointer(rebasing: raw[offset...]))
                if let last = records.last, last == .streamEnd { throw .badField("streamEnd") }
                records.append(record)
                offset += size
            }
            guard offset == raw.count else { throw .trailingBytes }
            return UsageBatch(stream: stream, firstSequence: firstSequence, records: records)
        }
    }
}
