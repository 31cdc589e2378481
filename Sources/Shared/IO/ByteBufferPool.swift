/// Buffers of one loop that are used for the time of a request. Their memory is the loop's, and goes back to it between two.
///
/// - Units: keeps `keptMax` of them.
///
/// Concurrency: belongs to one loop.
public final class ByteBufferPool {
    private static let keptMax = 64
    private let memory: BufferPool
    private var kept: [ByteBuffer] = []

    public init(in memory: BufferPool) { self.memory = memory }

    /// An empty buffer.
    public func take() -> ByteBuffer { kept.popLast() ?? ByteBuffer(in: memory) }

    /// Nobody looks at the buffer any more.
    public func give(_ buffer: ByteBuffer) {
        guard kept.count < Self.keptMax else { return }
        buffer.removeAll()
        buffer.trim()
        kept.append(buffer)
    }
}
