/// The first bytes of a journal segment: whose records follow, and with which sequence number they begin.
///
/// - Shape: `WEIRJRN1 | version u32 | thread u32 | node ID 16 | incarnation 16 | first sequence u64 | index u32 | crc32c u32`,
///   then `synchronized u64`, which alone changes afterwards, the length of the file u64 (0 in older ones), and zeros up to `byteCount`, where the records begin. A segment
///   whose header is all zeros is prepared and not begun.
public struct JournalSegmentHeader: Hashable, Sendable {
    public static let byteCount = 128
    static let magic: [UInt8] = Array("WEIRJRN1".utf8)
    static let version: UInt32 = 1
    private static let checkedBytes = 60

    public var stream: StreamID
    public var index: UInt32
    public var firstSequence: UInt64
    /// Everything before this offset has been on the disk: damage there is damage, behind it may be a torn end.
    public var synchronized: UInt64
    /// The length that the file had when it was made; 0 when it is not known. Set by `encode`.
    public private(set) var byteCount: UInt64 = 0

    public init(stream: StreamID, index: UInt32, firstSequence: UInt64, synchronized: UInt64 = 0) {
        self.stream = stream
        self.index = index
        self.firstSequence = firstSequence
        self.synchronized = synchronized
    }

    /// Writes the header at the start of `buffer`, which is the whole segment.
    public func encode(into buffer: UnsafeMutableRawBufferPointer) {
        var writer = unsafe WireWriter(buffer)
        writer.put(Self.magic)
        writer.put(Self.version)
        writer.put(stream.thread)
        writer.put(stream.nodeID)
        writer.put(stream.incarnation)
        writer.put(firstSequence)
        writer.put(index)
        unsafe writer.put(CRC32C.checksum(UnsafeRawBufferPointer(rebasing: buffer[..<Self.checkedBytes])))
        writer.put(synchronized)
        writer.put(UInt64(buffer.count))
        writer.putZeros(Self.byteCount - writer.offset)
    }

    /// Notes how far the segment is on the disk. `buffer` is the whole segment.
    public static func setSynchronized(_ offset: Int, in buffer: UnsafeMutableRawBufferPointer) {
        var writer = unsafe WireWriter(buffer, at: checkedBytes + 4)
        writer.put(UInt64(offset))
    }

    /// nil for a segment that was prepared and never begun.
    public static func decode(_ bytes: UnsafeRawBufferPointer) throws(WireError) -> JournalSegmentHeader? {
        guard bytes.count >= byteCount else { throw .truncated }
        guard unsafe bytes[..<checkedBytes].contains(where: { $0 != 0 }) else { return nil }
        var reader = unsafe WireReader(bytes)
        guard try reader.takeBytes(magic.count) == magic else { throw .badMagic }
        let foundVersion = try reader.take(UInt32.self)
        guard foundVersion == version else { throw .unsupportedVersion(foundVersion) }
        let thread = try reader.take(UInt32.self)
        let stream = StreamID(
            nodeID: try reader.takeObjectID(), incarnation: try reader.takeObjectID(), thread: thread)
        let firstSequence = try reader.take(UInt64.self)
        let index = try reader.take(UInt32.self)
        guard
            try unsafe reader.take(UInt32.self)
                == CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<checkedBytes]))
        else { throw .checksum }
        guard firstSequence > 0 else { throw .badField("firstSequence") }
        let synchronized = try reader.take(UInt64.self)
        var header = JournalSegmentHeader(
            stream: stream, index: index, firstSequence: firstSequence, synchronized: synchronized)
        header.byteCount = try reader.take(UInt64.self)
        return header
    }
}
