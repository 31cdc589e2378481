import Shared

/// Rows in the binary form of `COPY ... FROM STDIN (FORMAT binary)`: the cheapest way for many rows into a table, because the
/// server plans nothing and inserts page by page.
///
/// - Shape: `begin` a row, then `put` every column in the order of the statement; nothing checks that the types are the table's.
/// - Source: PostgreSQL manual, COPY, "Binary Format".
struct PostgresCopyRows {
    private var buffer: [UInt8]
    private(set) var rowCount = 0

    /// `bytes`: about how much will come.
    init(reserving bytes: Int) {
        buffer = []
        buffer.reserveCapacity(bytes + 64)
        buffer.append(contentsOf: Array("PGCOPY\n".utf8) + [0xff, 0x0d, 0x0a, 0])
        raw(UInt32(0))
        raw(UInt32(0))
    }

    /// All of it, with the trailer.
    consuming func finish() -> [UInt8] {
        raw(UInt16.max)
        return buffer
    }

    mutating func begin(columns: Int) {
        rowCount += 1
        raw(UInt16(columns))
    }

    mutating func put(_ value: Int64) {
        raw(UInt32(8))
        raw(UInt64(bitPattern: value))
    }

    mutating func put(_ value: Int32) {
        raw(UInt32(4))
        raw(UInt32(bitPattern: value))
    }

    mutating func put(_ value: Int16) {
        raw(UInt32(2))
        raw(UInt16(bitPattern: value))
    }

    mutating func put(_ value: Bool) {
        raw(UInt32(1))
        buffer.append(value ? 1 : 0)
    }

    mutating func put(_ id: ObjectID) {
        raw(UInt32(16))
        raw(id.high)
        raw(id.low)
    }

    mutating func put(_ id: VirtualKeyID) {
        raw(UInt32(VirtualKeyID.byteCount))
        raw(id.high)
        raw(id.low)
    }

    /// Without NUL, which the server knows in no text.
    mutating func put(text: String) {
        let lengthAt = buffer.count
        raw(UInt32(0))
        buffer.append(contentsOf: text.utf8.lazy.filter { $0 != 0 })
        let length = UInt32(buffer.count - lengthAt - 4)
        for shift in 0..<4 { buffer[lengthAt + shift] = UInt8(truncatingIfNeeded: length >> UInt32(24 - shift * 8)) }
    }

    mutating func put(unixMilliseconds: Int64) { put(PostgresParameters.sinceYear2000(unixMilliseconds)) }

    /// A date, as days since 1970.
    mutating func put(unixDay: Int64) { put(Int32(truncatingIfNeeded: unixDay - 10_957)) }

    mutating func put(_ ids: [ObjectID]) {
        array(count: ids.count, of: PostgresType.uuid, elementBytes: 16)
        for id in ids { put(id) }
    }

    mutating func put(_ values: [Int64]) {
        array(count: values.count, of: PostgresType.int8, elementBytes: 8)
        for value in values { put(value) }
    }

    mutating func putNull() { raw(UInt32.max) }

    private mutating func array(count: Int, of type: UInt32, elementBytes: Int) {
        precondition(count > 0, "an empty array has another form; put NULL")
        raw(UInt32(20 + count * (4 + elementBytes)))
        raw(UInt32(1))
        raw(UInt32(0))
        raw(type)
        raw(UInt32(count))
        raw(UInt32(1))
    }

    @inline(__always)
    private mutating func raw(_ value: some FixedWidthInteger) {
        unsafe withUnsafeBytes(of: value.bigEndian) { unsafe buffer.append(contentsOf: $0) }
    }
}
