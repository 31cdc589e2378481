/// Buffers of one loop that are used for the time of a request, with the memory that they have grown to.
///
/// - Units: keeps `keptMax` of them, each with the memory that `ByteBuffer.trim` leaves.
///
/// Concurrency: belongs to one loop.
public final class ByteBufferPool {
    /// With what an ordinary answer needs, a quarter of a mebibyte.
    private static let keptMax = 64
    private var kept: [ByteBuffer] = []

    public init() {}

    /// An empty buffer.
    public func take() -> ByteBuffer { kept.popLast() ?? ByteBuffer() }

    /// Nobody looks at the buffer any more.
    public func give(_ buffer: ByteBuffer) {
        guard kept.count < Self.keptMax else { return }
        buffer.removeAll()
        buffer.trim()
        kept.append(buffer)
    }
}
