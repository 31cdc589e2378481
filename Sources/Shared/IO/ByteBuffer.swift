import CLinux
import Glibc

/// A queue of bytes: written at the end, read from the start, in memory that is taken at the first byte.
///
/// - Shape: `[start, end)` is readable, `[end, capacity)` is writable. Offsets that callers keep are relative to `start` and
///   hold until the next `consume`; pointers hold until the next write.
/// - Units: bytes.
///
/// Concurrency: belongs to one loop.
@safe public final class ByteBuffer {
    // What is appended to every head is inlined into other modules, where most lengths are constants.
    @usableFromInline var base: UnsafeMutableRawPointer?
    public internal(set) var capacity = 0
    @usableFromInline var start = 0
    @usableFromInline var end = 0
    /// Where its memory comes from; nil: from malloc, and nobody counts it. Retained by hand for as long as this lives: each block that is
    /// taken or given, several for a piece of a stream, would otherwise cost two references.
    private let pool: Unmanaged<BufferPool>?

    /// The first allocation without a pool.
    private static let initialCapacity = 4096
    /// What an empty buffer keeps when it is trimmed. Larger ones are given back, so that one large body does not make every
    /// connection large for ever.
    private static let retainedCapacity = 16 * 1024

    public init() { unsafe pool = nil }

    /// A buffer of a loop, of which many are empty most of the time.
    public init(in pool: BufferPool) { unsafe self.pool = .passRetained(pool) }

    public init(_ bytes: [UInt8]) {
        unsafe pool = nil
        append(bytes)
    }

    deinit {
        release()
        unsafe pool?.release()
    }

    @inline(__always) public var count: Int { end &- start }
    @inline(__always) public var isEmpty: Bool { end == start }

    // MARK: Reading

    /// The readable bytes. The pointer holds until the next write to the buffer.
    @inline(__always)
    public var readable: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: base.map { unsafe UnsafeRawPointer($0 + start) }, count: count)
    }

    /// The readable bytes, for changing them in place.
    @inline(__always)
    public var mutableReadable: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(start: base.map { unsafe $0 + start }, count: count)
    }

    public func array(_ range: Range<Int>) -> [UInt8] { unsafe Array(readable[range]) }
    public var array: [UInt8] { unsafe Array(readable) }

    /// Drops `length` bytes from the start.
    @inline(__always)
    public func consume(_ length: Int) {
        assert(length <= count)
        start &+= length
        if start == end {
            start = 0
            end = 0
        }
    }

    public func removeAll() {
        start = 0
        end = 0
    }

    /// Drops what lies behind the first `length` bytes.
    public func truncate(to length: Int) { end = start + min(length, count) }

    // MARK: Writing

    /// Makes room for `length` more bytes and returns it; `didWrite` says how many were used.
    @inlinable @inline(__always)
    public func writable(_ length: Int) -> UnsafeMutableRawBufferPointer {
        if capacity &- end < length { makeRoom(length) }
        return unsafe UnsafeMutableRawBufferPointer(start: base.unsafelyUnwrapped + end, count: capacity &- end)
    }

    @inline(__always)
    public func didWrite(_ length: Int) {
        assert(end + length <= capacity)
        end &+= length
    }

    @inlinable @inline(__always)
    public func append(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count > 0, let source = bytes.baseAddress else { return }
        unsafe writable(bytes.count).baseAddress.unsafelyUnwrapped.copyMemory(from: source, byteCount: bytes.count)
        end &+= bytes.count
    }

    public func append(_ bytes: [UInt8]) { unsafe bytes.withUnsafeBytes { unsafe append($0) } }

    // A literal is to be constant bytes, not a string that is made, counted and thrown away.
    @_disfavoredOverload
    public func append(_ text: String) {
        var text = text
        text.withUTF8 { unsafe append(UnsafeRawBufferPointer($0)) }
    }

    @inlinable @inline(__always)
    public func append(_ text: StaticString) {
        unsafe append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    @inline(__always)
    public func append(byte: UInt8) {
        unsafe writable(1)[0] = byte
        end &+= 1
    }

    /// The digits of `number`.
    public func append(decimal number: UInt64) {
        let room = unsafe writable(DecimalDigits.countMax)
        let digits = DecimalDigits.count(of: number)
        unsafe DecimalDigits.write(number, count: digits, to: room.baseAddress.unsafelyUnwrapped)
        end &+= digits
    }

    /// Lower-case hexadecimal digits without leading zeros.
    public func append(hexadecimal number: UInt64) {
        let digits = max(1, (67 - number.leadingZeroBitCount) / 4)
        let room = unsafe writable(16)
        for index in 0..<digits {
            let digit = UInt8(truncatingIfNeeded: number >> UInt64((digits - 1 - index) * 4)) & 15
            unsafe room[index] = digit < 10 ? 48 + digit : 87 + digit
        }
        end &+= digits
    }

    /// The 36 characters of `id`, without making a string.
    public func append(_ id: ObjectID) {
        let room = unsafe writable(36)
        unsafe id.writeText(into: UnsafeMutableRawBufferPointer(rebasing: room[..<36]))
        end &+= 36
    }

    @usableFromInline
    func makeRoom(_ length: Int) {
        if start > 0 {
            // Moving down is enough when that leaves room without moving most of the buffer each time.
            if capacity - count >= length, start >= count {
                unsafe memmove(base.unsafelyUnwrapped, base.unsafelyUnwrapped + start, count)
                end = count
                start = 0
                return
            }
        }
        var larger = max(capacity, unsafe pool == nil ? Self.initialCapacity : BufferPool.blockSize)
        while larger - count < length { larger *= 2 }
        move(to: larger)
    }

    /// Makes room for `length` bytes in all, and no more than a little beyond, where it is known how much will come.
    public func reserve(_ length: Int) {
        guard capacity &- start < length else { return }
        move(to: max(length, count))
    }

    private func move(to size: Int) {
        let fresh = unsafe pool?._withUnsafeGuaranteedRef { unsafe $0.take(size) } ?? BufferPool.allocate(size)
        let length = count
        if let base = unsafe base { unsafe memcpy(fresh, base + start, length) }
        release()
        unsafe base = unsafe fresh
        end = length
        start = 0
        capacity = size
    }

    private func release() {
        guard let block = unsafe base else { return }
        if let pool = unsafe pool {
            unsafe pool._withUnsafeGuaranteedRef { unsafe $0.give(block, capacity) }
        } else {
            unsafe free(block)
        }
        unsafe base = nil
        capacity = 0
    }

    /// Gives the memory of an empty buffer back: all of it when `completely` or when it comes from a pool, else only what is
    /// unusually much.
    @inline(__always)
    public func trim(completely: Bool = false) {
        guard isEmpty, capacity > 0, unsafe completely || pool != nil || capacity > Self.retainedCapacity else {
            return
        }
        release()
    }

    /// Moves what it holds to memory of just that size: for bytes that stay while nothing is added.
    public func compact() {
        guard count > 0, capacity >= 2 * count else { return trim(completely: true) }
        move(to: count)
    }

    /// The offset of `needle` at or after `offset`, nil when it is not there.
    @inline(__always)
    public func find(_ needle: StaticString, from offset: Int = 0) -> Int? {
        guard offset < count else { return nil }
        let from = unsafe base.unsafelyUnwrapped + start + offset
        guard let hit = unsafe memmem(from, count &- offset, needle.utf8Start, needle.utf8CodeUnitCount) else {
            return nil
        }
        return unsafe offset &+ (UnsafeRawPointer(hit) - UnsafeRawPointer(from))
    }
}

extension UnsafeRawBufferPointer {
    /// The offset of `needle` at or after `offset`, nil when it is not there.
    public func find(_ needle: UnsafeRawBufferPointer, from offset: Int = 0) -> Int? {
        guard offset < count, let base = baseAddress, let wanted = needle.baseAddress else { return nil }
        guard let hit = unsafe memmem(base + offset, count &- offset, wanted, needle.count) else { return nil }
        return unsafe UnsafeRawPointer(hit) - base
    }
}
