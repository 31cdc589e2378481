import Glibc

/// The memory of one loop's buffers: blocks of one size that go round among them, and a count of all that is held.
///
/// A buffer takes a block when its first byte comes and gives it back when it is empty, so that what a connection costs while
/// nothing happens on it does not depend on what went through it before. The block that was given back last is taken first:
/// it is the one that the processor's caches still have.
///
/// - Units: bytes.
///
/// Concurrency: belongs to one loop; `held` may be read by anybody.
@safe public final class BufferPool {
    /// What one read asks for. Most requests and answers fit into one.
    static let blockSize = 16 * 1024
    /// Blocks kept for the next taker; 1 MiB for each loop.
    private static let spareMax = 64

    /// What buffers of this pool hold at the moment. Blocks that wait for a taker are not in it.
    public let held = GaugeCell()
    /// Each spare block begins with the address of the next one.
    private var spare: UnsafeMutableRawPointer?
    private var spareCount = 0

    public init() {}

    deinit {
        while let block = unsafe spare {
            unsafe spare = unsafe block.load(as: UnsafeMutableRawPointer?.self)
            unsafe free(block)
        }
    }

    func take(_ size: Int) -> UnsafeMutableRawPointer {
        held.add(Int64(size))
        if size == Self.blockSize, let block = unsafe spare {
            unsafe spare = unsafe block.load(as: UnsafeMutableRawPointer?.self)
            spareCount &-= 1
            return unsafe block
        }
        return unsafe Self.allocate(size)
    }

    func give(_ block: UnsafeMutableRawPointer, _ size: Int) {
        held.add(-Int64(size))
        guard size == Self.blockSize, spareCount < Self.spareMax else { return unsafe free(block) }
        unsafe block.storeBytes(of: spare, as: UnsafeMutableRawPointer?.self)
        unsafe spare = unsafe block
        spareCount &+= 1
    }

    static func allocate(_ size: Int) -> UnsafeMutableRawPointer {
        guard let fresh = unsafe malloc(size) else { fatalError("out of memory: a buffer of \(size) bytes") }
        return unsafe fresh
    }
}
