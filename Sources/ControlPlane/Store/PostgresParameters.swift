import Shared

/// The parameters of one statement, laid out one after the other for libpq.
///
/// - Source: the binary forms are those of the `*send`/`*recv` functions of PostgreSQL: big-endian, arrays as
///   `dimensions, has-null flag, element type, (count, lower bound), (length, bytes)*`.
struct PostgresParameters {
    private(set) var bytes: [UInt8] = []
    /// Where each one begins in `bytes`; nil is NULL.
    private(set) var offsets: [Int?] = []
    private(set) var lengths: [Int32] = []
    /// 0 text, 1 binary.
    private(set) var formats: [Int32] = []

    init(_ values: [PostgresValue], types: [UInt32]) throws(StoreError) {
        guard values.count == types.count else {
            throw .mismatch("the statement has \(types.count) parameters, \(values.count) were given")
        }
        offsets.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            if case .null = value {
                offsets.append(nil)
                lengths.append(0)
                formats.append(1)
                continue
            }
            let start = bytes.count
            guard let format = encode(value, as: types[index]) else {
                throw .mismatch("parameter $\(index + 1) has type \(types[index]), got \(value.kind)")
            }
            offsets.append(start)
            lengths.append(Int32(bytes.count - start))
            formats.append(format)
            // libpq wants a terminator after text, and an offset must lie inside the buffer even for an empty value.
            bytes.append(0)
        }
    }

    /// The format written, or nil when the value does not fit the type.
    private mutating func encode(_ value: PostgresValue, as type: UInt32) -> Int32? {
        typealias T = PostgresType
        switch (value, type) {
        case (.bool(let value), T.bool): bytes.append(value ? 1 : 0)
        case (.int64(let value), T.int8): append(UInt64(bitPattern: value))
        case (.int64(let value), T.int4):
            guard let small = Int32(exactly: value) else { return nil }
            append(UInt32(bitPattern: small))
        case (.int64(let value), T.int2):
            guard let small = Int16(exactly: value) else { return nil }
            append(UInt16(bitPattern: small))
        case (.json(let text), T.jsonb):
            bytes.append(1)
            bytes.append(contentsOf: text.utf8)
        case (.json(let text), T.json): bytes.append(contentsOf: text.utf8)
        case (.uuid(let id), T.uuid): append(id)
        case (.bytes(let value), T.bytea): bytes.append(contentsOf: value)
        case (.timestamp(let value), T.timestamptz): append(UInt64(bitPattern: Self.sinceYear2000(value)))
        case (.boolArray(let values), T.boolArray):
            array(values, of: T.bool) { parameters, value in parameters.bytes.append(value ? 1 : 0) }
        case (.int64Array(let values), T.int8Array):
            array(values, of: T.int8) { parameters, value in parameters.append(UInt64(bitPattern: value)) }
        case (.int64Array(let values), T.int4Array):
            guard values.allSatisfy({ Int32(exactly: $0) != nil }) else { return nil }
            array(values, of: T.int4) { parameters, value in
                parameters.append(UInt32(bitPattern: Int32(truncatingIfNeeded: value)))
            }
        case (.int64Array(let values), T.int2Array):
            guard values.allSatisfy({ Int16(exactly: $0) != nil }) else { return nil }
            array(values, of: T.int2) { parameters, value in
                parameters.append(UInt16(bitPattern: Int16(truncatingIfNeeded: value)))
            }
        case (.textArray(let values), T.textArray), (.textArray(let values), T.varcharArray):
            array(values, of: type == T.textArray ? T.text : T.varchar) { parameters, value in
                parameters.bytes.append(contentsOf: value.utf8)
            }
        case (.uuidArray(let values), T.uuidArray):
            array(values, of: T.uuid) { parameters, value in parameters.append(value) }
        case (.bytesArray(let values), T.byteaArray):
            array(values, of: T.bytea) { parameters, value in parameters.bytes.append(contentsOf: value) }
        case (.timestampArray(let values), T.timestamptzArray):
            array(values, of: T.timestamptz) { parameters, value in
                parameters.append(UInt64(bitPattern: Self.sinceYear2000(value)))
            }
        case (.text(let text), _):
            bytes.append(contentsOf: text.utf8)
            return 0
        default: return nil
        }
        return 1
    }

    private mutating func array<Element>(
        _ values: [Element], of elementType: UInt32, _ encode: (inout PostgresParameters, Element) -> Void
    ) {
        append(UInt32(values.isEmpty ? 0 : 1))
        append(UInt32(0))
        append(elementType)
        if values.isEmpty { return }
        append(UInt32(values.count))
        append(UInt32(1))
        for value in values {
            let lengthAt = bytes.count
            append(UInt32(0))
            encode(&self, value)
            let length = UInt32(bytes.count - lengthAt - 4)
            for shift in 0..<4 { bytes[lengthAt + shift] = UInt8(truncatingIfNeeded: length >> UInt32(24 - shift * 8)) }
        }
    }

    private mutating func append<T: FixedWidthInteger & UnsignedInteger>(_ value: T) {
        for shift in stride(from: T.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> T(shift)))
        }
    }

    private mutating func append(_ id: ObjectID) {
        append(id.high)
        append(id.low)
    }

    /// Microseconds since 2000-01-01, which is how the server counts. Saturates far outside any sensible date.
    static func sinceYear2000(_ unixMilliseconds: Int64) -> Int64 {
        (max(-100_000_000_000_000, min(100_000_000_000_000, unixMilliseconds)) - 946_684_800_000) * 1000
    }
}
