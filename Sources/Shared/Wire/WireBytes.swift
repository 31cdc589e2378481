/// Writes integers one after another into raw memory that the caller has measured beforehand.
///
/// - Shape: little-endian, except identities and hashes, whose bytes have the order of their text.
/// - Errors: writing past the end is our bug and stops the process.
@safe struct WireWriter {
    private let buffer: UnsafeMutableRawBufferPointer
    private(set) var offset: Int

    /// `buffer` must outlive the writer: it is used inside the closure that produced it.
    init(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int = 0) {
        unsafe self.buffer = unsafe buffer
        self.offset = offset
    }

    @inline(__always)
    mutating func put<T: FixedWidthInteger & BitwiseCopyable>(_ value: T) {
        unsafe precondition(offset + MemoryLayout<T>.size <= buffer.count)
        unsafe buffer.storeBytes(of: value.littleEndian, toByteOffset: offset, as: T.self)
        offset += MemoryLayout<T>.size
    }

    @inline(__always)
    mutating func put(_ id: ObjectID) {
        put(id.high.byteSwapped)
        put(id.low.byteSwapped)
    }

    @inline(__always)
    mutating func put(_ id: VirtualKeyID) {
        put(id.high.byteSwapped)
        put(id.low.byteSwapped)
    }

    mutating func put(_ digest: SHA256Digest) {
        put(digest.word0.byteSwapped)
        put(digest.word1.byteSwapped)
        put(digest.word2.byteSwapped)
        put(digest.word3.byteSwapped)
    }

    /// At most `limit` bytes of the text, cut where a character begins.
    @inline(__always)
    mutating func put(_ text: String, upTo limit: Int) {
        let count = text.utf8CountCut(at: limit)
        unsafe precondition(offset + count <= buffer.count)
        var text = text
        text.withUTF8 { source in
            unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[offset...])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(source)[..<count]))
        }
        offset += count
    }

    mutating func put(_ bytes: [UInt8]) {
        unsafe precondition(offset + bytes.count <= buffer.count)
        unsafe bytes.withUnsafeBytes { source in
            unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[offset...]).copyMemory(from: source)
        }
        offset += bytes.count
    }

    mutating func putZeros(_ count: Int) {
        unsafe precondition(offset + count <= buffer.count)
        for index in 0..<count { unsafe buffer[offset + index] = 0 }
        offset += count
    }
}

extension String {
    /// The number of UTF-8 bytes up to `limit` that end where a character ends.
    @inline(__always)
    func utf8CountCut(at limit: Int) -> Int {
        guard utf8.count > limit else { return utf8.count }
        var index = utf8.index(utf8.startIndex, offsetBy: limit)
        var count = limit
        while count > 0, utf8[index] & 0xc0 == 0x80 {
            index = utf8.index(before: index)
            count -= 1
        }
        return count
    }
}

/// Reads what `WireWriter` wrote. Every read is checked against the end: bytes from elsewhere are never trusted.
@safe struct WireReader {
    private let bytes: UnsafeRawBufferPointer
    private(set) var offset: Int

    /// `bytes` must outlive the reader: it is used inside the closure that produced it.
    init(_ bytes: UnsafeRawBufferPointer, at offset: Int = 0) {
        unsafe self.bytes = unsafe bytes
        self.offset = offset
    }

    var remaining: Int { unsafe bytes.count - offset }

    mutating func take<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type = T.self) throws(WireError) -> T {
        guard remaining >= MemoryLayout<T>.size else { throw .truncated }
        defer { offset += MemoryLayout<T>.size }
        return unsafe T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
    }

    mutating func takeObjectID() throws(WireError) -> ObjectID {
        ObjectID(high: try take(UInt64.self).byteSwapped, low: try take(UInt64.self).byteSwapped)
    }

    mutating func takeDigest() throws(WireError) -> SHA256Digest {
        SHA256Digest(
            try take(UInt64.self).byteSwapped, try take(UInt64.self).byteSwapped, try take(UInt64.self).byteSwapped,
            try take(UInt64.self).byteSwapped)
    }

    mutating func takeVirtualKeyID() throws(WireError) -> VirtualKeyID {
        let id = VirtualKeyID(high: try take(UInt64.self).byteSwapped, low: try take(UInt32.self).byteSwapped)
        guard id.isWellFormed else { throw .badField("virtualKeyID") }
        return id
    }

    mutating func takeBytes(_ count: Int) throws(WireError) -> [UInt8] {
        guard count >= 0, remaining >= count else { throw .truncated }
        defer { offset += count }
        return unsafe Array(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count]))
    }

    mutating func takeText(_ count: Int, named name: String) throws(WireError) -> String {
        guard let text = String(validating: try takeBytes(count), as: UTF8.self) else { throw .badField(name) }
        return text
    }

    mutating func takeZeros(_ count: Int, named name: String) throws(WireError) {
        guard remaining >= count else { throw .truncated }
        for index in offset..<offset + count where unsafe bytes[index] != 0 { throw .badField(name) }
        offset += count
    }

    mutating func takeFlag(named name: String) throws(WireError) -> Bool {
        switch try take(UInt8.self) {
        case 0: false
        case 1: true
        default: throw .badField(name)
        }
    }

    /// Nothing may be left.
    func finish() throws(WireError) {
        guard remaining == 0 else { throw .trailingBytes }
    }
}

extension VirtualKeyID {
    /// Whether all twelve bytes are `0-9a-z`. The memberwise initializer does not look.
    var isWellFormed: Bool {
        func isCode(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (97...122).contains(byte) }
        for shift in stride(from: UInt64(0), to: 64, by: 8)
        where !isCode(UInt8(truncatingIfNeeded: high >> shift)) { return false }
        for shift in stride(from: UInt32(0), to: 32, by: 8)
        where !isCode(UInt8(truncatingIfNeeded: low >> shift)) { return false }
        return true
    }
}
