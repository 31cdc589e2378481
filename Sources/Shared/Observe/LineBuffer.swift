import CLinux
import Glibc

/// Gathers the lines of an access log, as JSON, without allocating: bytes are formatted where they will be written from.
///
/// - Shape: `beginLine`, `field`..., `endLine`. One for each event loop; it is not for sharing. The owner calls `flush` when
///   `needsFlush`, and on a timer.
/// - Units: holds 64 KiB and wants to be flushed from 32 KiB on, so that a line always has half of it to itself.
/// - Errors: none. A line that does not fit, because it is too long or nothing could be written for a while, is dropped
///   whole and counted.
@safe public final class LineBuffer {
    public static let byteCountMax = 64 * 1024
    public static let flushThreshold = 32 * 1024

    private let descriptor: Int32
    // The names of fields are inlined into other modules, where their lengths are constants.
    @usableFromInline let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCountMax, alignment: 16)
    @usableFromInline var count = 0
    private var lineStart = 0
    @usableFromInline var hasOverflowed = false
    /// The text of the current second; only its milliseconds change from line to line.
    private var second: Int64 = .min
    private var secondText: [UInt8] = []
    public private(set) var droppedLines: UInt64 = 0

    /// The descriptor stays open and stays the caller's.
    public init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { unsafe bytes.deallocate() }

    public var needsFlush: Bool { count >= Self.flushThreshold }
    public var isEmpty: Bool { count == 0 }

    // MARK: Lines

    public func beginLine(unixMilliseconds: Int64) {
        lineStart = count
        hasOverflowed = false
        append("{\"ts\":\"")
        let milliseconds = (unixMilliseconds % 1_000 + 1_000) % 1_000
        if unixMilliseconds - milliseconds != second {
            second = unixMilliseconds - milliseconds
            secondText.removeAll(keepingCapacity: true)
            RFC3339.append(unixMilliseconds: second, to: &secondText)
        }
        unsafe secondText.withUnsafeBytes { unsafe append(UnsafeRawBufferPointer(rebasing: $0[..<20])) }
        append(UInt8(48 + milliseconds / 100))
        append(UInt8(48 + milliseconds / 10 % 10))
        append(UInt8(48 + milliseconds % 10))
        append("Z\"")
    }

    @inlinable @inline(__always)
    public func field(_ name: StaticString, _ value: Int64) {
        append(name: name)
        if value < 0 { append(UInt8(ascii: "-")) }
        append(digits: value.magnitude)
    }

    @inlinable @inline(__always)
    public func field(_ name: StaticString, _ value: UInt64) {
        append(name: name)
        append(digits: value)
    }

    @inlinable @inline(__always)
    public func field(_ name: StaticString, _ value: Int) { field(name, Int64(value)) }

    public func field(_ name: StaticString, _ value: Bool) {
        append(name: name)
        append(value ? "true" : "false")
    }

    @inlinable @inline(__always)
    public func field(_ name: StaticString, _ value: ObjectID) {
        append(name: name)
        append(quoted: value)
    }

    @usableFromInline
    func append(quoted value: ObjectID) {
        append(UInt8(ascii: "\""))
        if count + ObjectID.textByteCount <= Self.byteCountMax {
            unsafe value.writeText(
                into: UnsafeMutableRawBufferPointer(rebasing: bytes[count..<count + ObjectID.textByteCount]))
            count += ObjectID.textByteCount
        } else {
            hasOverflowed = true
        }
        append(UInt8(ascii: "\""))
    }

    public func field(_ name: StaticString, _ value: VirtualKeyID) {
        append(name: name)
        append(UInt8(ascii: "\""))
        for shift in stride(from: 56, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value.high >> UInt64(shift)))
        }
        for shift in stride(from: 24, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value.low >> UInt32(shift)))
        }
        append(UInt8(ascii: "\""))
    }

    /// A constant without characters that need escapes.
    @inlinable @inline(__always)
    public func field(_ name: StaticString, _ value: StaticString) {
        append(name: name)
        append(quoted: value)
    }

    @usableFromInline
    func append(quoted value: StaticString) {
        append(UInt8(ascii: "\""))
        append(value)
        append(UInt8(ascii: "\""))
    }

    /// Bytes from anywhere: what is not printable ASCII is escaped byte by byte, so that no caller can break a line or a
    /// terminal. UTF-8 comes out as Latin-1 would read it.
    @inlinable @inline(__always)
    public func field(_ name: StaticString, _ value: UnsafeRawBufferPointer) {
        append(name: name)
        unsafe append(escaping: value)
    }

    @usableFromInline
    func append(escaping value: UnsafeRawBufferPointer) {
        append(UInt8(ascii: "\""))
        // Room for the longest form, and for a whole block behind the last byte.
        guard count + value.count * 6 + 16 <= Self.byteCountMax else {
            hasOverflowed = true
            return
        }
        // Nearly all stands as it is: it is copied, and looked at where it lies.
        let start = unsafe bytes.baseAddress! + count
        if let from = value.baseAddress { unsafe start.copyMemory(from: from, byteCount: value.count) }
        var plain = 0
        while plain < value.count {
            let special = unsafe weir_unprintable_bytes(start + plain)
            plain &+= special == 0 ? 16 : special.trailingZeroBitCount
            if special != 0 { break }
        }
        plain = min(plain, value.count)
        count &+= plain
        for index in plain..<value.count { append(escaped: unsafe value[index]) }
        append(UInt8(ascii: "\""))
    }

    @inlinable @inline(__always)
    public func field(_ name: StaticString, _ value: [UInt8]) {
        unsafe value.withUnsafeBytes { unsafe field(name, $0) }
    }

    public func field(_ name: StaticString, _ value: String) {
        var value = value
        value.withUTF8 { unsafe field(name, UnsafeRawBufferPointer($0)) }
    }

    public func endLine() {
        append("}\n")
        guard hasOverflowed else { return }
        count = lineStart
        droppedLines += 1
    }

    /// Writes what there is with one call. What the descriptor does not take now stays for the next time; what it will
    /// never take is dropped, because a log must not stop what it is about.
    public func flush() {
        guard count > 0 else { return }
        let written = unsafe write(descriptor, bytes.baseAddress, count)
        if written < 0 {
            guard errno != EINTR, errno != EAGAIN else { return }
            for index in 0..<count where unsafe bytes[index] == 0x0a { droppedLines += 1 }
            count = 0
        } else if written == count {
            count = 0
        } else {
            unsafe memmove(bytes.baseAddress!, bytes.baseAddress! + written, count - written)
            count -= written
        }
    }

    // MARK: Bytes

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }

    @inlinable @inline(__always)
    func append(name: StaticString) {
        let length = name.utf8CodeUnitCount
        guard count + length + 4 <= Self.byteCountMax else {
            hasOverflowed = true
            return
        }
        let start = unsafe bytes.baseAddress! + count
        unsafe start.storeBytes(of: UInt16(0x222c).littleEndian, as: UInt16.self)  // ,"
        unsafe (start + 2).copyMemory(from: name.utf8Start, byteCount: length)
        unsafe (start + 2 + length).storeBytes(of: UInt16(0x3a22).littleEndian, as: UInt16.self)  // ":
        count += length + 4
    }

    @inlinable @inline(__always)
    func append(_ byte: UInt8) {
        guard count < Self.byteCountMax else {
            hasOverflowed = true
            return
        }
        unsafe bytes[count] = byte
        count += 1
    }

    private func append(_ text: StaticString) {
        unsafe append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private func append(_ source: UnsafeRawBufferPointer) {
        guard count + source.count <= Self.byteCountMax, let from = source.baseAddress else {
            hasOverflowed = unsafe hasOverflowed || !source.isEmpty
            return
        }
        unsafe memcpy(bytes.baseAddress! + count, from, source.count)
        count += source.count
    }

    private func append(escaped byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            append(UInt8(ascii: "\\"))
            append(byte)
        case 0x20...0x7e: append(byte)
        default:
            append("\\u00")
            append(Self.digit(byte >> 4))
            append(Self.digit(byte & 15))
        }
    }

    @usableFromInline
    func append(digits value: UInt64) {
        let digits = DecimalDigits.count(of: value)
        guard count + digits <= Self.byteCountMax else {
            hasOverflowed = true
            return
        }
        unsafe DecimalDigits.write(value, count: digits, to: bytes.baseAddress! + count)
        count += digits
    }
}
