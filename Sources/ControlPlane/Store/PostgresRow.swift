public import Shared

/// One row of a result, copied out of it.
///
/// - Errors: an accessor throws `StoreError.mismatch` when the column is not there, is of another type, or is NULL where the
///   name of the accessor does not begin with `optional`.
public struct PostgresRow: Sendable {
    let columns: PostgresColumns
    let values: [PostgresValue]

    public func value(_ column: String) throws(StoreError) -> PostgresValue {
        guard let index = columns.indices[column] else { throw .mismatch("the result has no column \(column)") }
        return values[index]
    }

    public func bool(_ column: String) throws(StoreError) -> Bool {
        guard case .bool(let value) = try value(column) else { throw wrong(column, "bool") }
        return value
    }

    public func optionalBool(_ column: String) throws(StoreError) -> Bool? {
        if case .null = try value(column) { return nil }
        return try bool(column)
    }

    public func int64(_ column: String) throws(StoreError) -> Int64 {
        guard case .int64(let value) = try value(column) else { throw wrong(column, "integer") }
        return value
    }

    public func optionalInt64(_ column: String) throws(StoreError) -> Int64? {
        if case .null = try value(column) { return nil }
        return try int64(column)
    }

    public func int(_ column: String) throws(StoreError) -> Int { Int(try int64(column)) }

    public func optionalInt(_ column: String) throws(StoreError) -> Int? { try optionalInt64(column).map { Int($0) } }

    public func text(_ column: String) throws(StoreError) -> String {
        guard case .text(let value) = try value(column) else { throw wrong(column, "text") }
        return value
    }

    public func optionalText(_ column: String) throws(StoreError) -> String? {
        if case .null = try value(column) { return nil }
        return try text(column)
    }

    /// The text of a `json` or `jsonb` column.
    public func json(_ column: String) throws(StoreError) -> String {
        guard case .json(let value) = try value(column) else { throw wrong(column, "json") }
        return value
    }

    public func optionalJSON(_ column: String) throws(StoreError) -> String? {
        if case .null = try value(column) { return nil }
        return try json(column)
    }

    public func uuid(_ column: String) throws(StoreError) -> ObjectID {
        guard case .uuid(let value) = try value(column) else { throw wrong(column, "uuid") }
        return value
    }

    public func optionalUUID(_ column: String) throws(StoreError) -> ObjectID? {
        if case .null = try value(column) { return nil }
        return try uuid(column)
    }

    public func bytes(_ column: String) throws(StoreError) -> [UInt8] {
        guard case .bytes(let value) = try value(column) else { throw wrong(column, "bytea") }
        return value
    }

    public func optionalBytes(_ column: String) throws(StoreError) -> [UInt8]? {
        if case .null = try value(column) { return nil }
        return try bytes(column)
    }

    /// A `timestamptz` in milliseconds since 1970.
    public func unixMilliseconds(_ column: String) throws(StoreError) -> Int64 {
        guard case .timestamp(let value) = try value(column) else { throw wrong(column, "timestamptz") }
        return value
    }

    public func optionalUnixMilliseconds(_ column: String) throws(StoreError) -> Int64? {
        if case .null = try value(column) { return nil }
        return try unixMilliseconds(column)
    }

    public func uuids(_ column: String) throws(StoreError) -> [ObjectID] {
        guard case .uuidArray(let value) = try value(column) else { throw wrong(column, "uuid[]") }
        return value
    }

    public func optionalUUIDs(_ column: String) throws(StoreError) -> [ObjectID]? {
        if case .null = try value(column) { return nil }
        return try uuids(column)
    }

    public func texts(_ column: String) throws(StoreError) -> [String] {
        guard case .textArray(let value) = try value(column) else { throw wrong(column, "text[]") }
        return value
    }

    public func optionalTexts(_ column: String) throws(StoreError) -> [String]? {
        if case .null = try value(column) { return nil }
        return try texts(column)
    }

    public func int64s(_ column: String) throws(StoreError) -> [Int64] {
        guard case .int64Array(let value) = try value(column) else { throw wrong(column, "bigint[]") }
        return value
    }

    private func wrong(_ column: String, _ wanted: String) -> StoreError {
        let got = columns.indices[column].map { values[$0].kind } ?? "nothing"
        return .mismatch("column \(column) is \(got), want \(wanted)")
    }
}

/// The columns of a result, shared by its rows.
final class PostgresColumns: Sendable {
    let types: [UInt32]
    let indices: [String: Int]

    init(names: [String], types: [UInt32]) {
        self.types = types
        indices = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
    }
}

/// Reads the binary form of result fields.
enum PostgresFieldDecoder {
    /// nil: a type the program does not speak, or bytes that are not of the type.
    static func decode(_ bytes: [UInt8], type: UInt32) -> PostgresValue? {
        typealias T = PostgresType
        var reader = Reader(bytes: bytes[...])
        switch type {
        case T.bool: return bytes.count == 1 ? .bool(bytes[0] != 0) : nil
        case T.int8, T.int4, T.int2: return reader.integer(byteCount: bytes.count).map { .int64($0) }
        case T.text, T.varchar, T.bpchar, T.name: return .text(String(decoding: bytes, as: UTF8.self))
        case T.json: return .json(String(decoding: bytes, as: UTF8.self))
        case T.jsonb:
            guard bytes.first == 1 else { return nil }
            return .json(String(decoding: bytes.dropFirst(), as: UTF8.self))
        case T.bytea: return .bytes(bytes)
        case T.uuid: return reader.uuid().map { .uuid($0) }
        case T.timestamptz: return reader.timestamp().map { .timestamp(unixMilliseconds: $0) }
        case T.date:
            guard let days = reader.integer(byteCount: bytes.count) else { return nil }
            return .text(String(RFC3339.text(unixMilliseconds: (days + 10_957) * 86_400_000).prefix(10)))
        case T.void: return .null
        case T.boolArray: return reader.array { $0.first.map { $0 != 0 } }.map { .boolArray($0) }
        case T.int8Array, T.int4Array, T.int2Array:
            return reader.array { element in
                var reader = Reader(bytes: element)
                return reader.integer(byteCount: element.count)
            }.map { .int64Array($0) }
        case T.textArray, T.varcharArray:
            return reader.array { String(decoding: $0, as: UTF8.self) }.map { .textArray($0) }
        case T.uuidArray:
            return reader.array { element in
                var reader = Reader(bytes: element)
                return reader.uuid()
            }.map { .uuidArray($0) }
        case T.byteaArray: return reader.array { Array($0) }.map { .bytesArray($0) }
        case T.timestamptzArray:
            return reader.array { element in
                var reader = Reader(bytes: element)
                return reader.timestamp()
            }.map { .timestampArray(unixMilliseconds: $0) }
        default: return nil
        }
    }

    private struct Reader {
        var bytes: ArraySlice<UInt8>

        mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
            guard count >= 0, bytes.count >= count else { return nil }
            defer { bytes = bytes.dropFirst(count) }
            return bytes.prefix(count)
        }

        mutating func unsigned(_ count: Int) -> UInt64? {
            take(count).map { $0.reduce(0) { $0 << 8 | UInt64($1) } }
        }

        /// Sign-extended from 2, 4 or 8 bytes.
        mutating func integer(byteCount: Int) -> Int64? {
            guard byteCount == 2 || byteCount == 4 || byteCount == 8, let value = unsigned(byteCount) else {
                return nil
            }
            let unused = Int64(64 - byteCount * 8)
            return Int64(bitPattern: value << UInt64(unused)) >> unused
        }

        mutating func uuid() -> ObjectID? {
            guard bytes.count == 16, let high = unsigned(8), let low = unsigned(8) else { return nil }
            return ObjectID(high: high, low: low)
        }

        mutating func timestamp() -> Int64? {
            guard let microseconds = integer(byteCount: 8) else { return nil }
            // Rounded down, before 2000 too.
            return (microseconds >= 0 ? microseconds / 1000 : -((-microseconds + 999) / 1000)) + 946_684_800_000
        }

        /// One dimension, no NULLs inside; nil otherwise.
        mutating func array<Element>(_ element: (ArraySlice<UInt8>) -> Element?) -> [Element]? {
            guard let dimensions = unsigned(4), unsigned(4) != nil, unsigned(4) != nil else { return nil }
            if dimensions == 0 { return [] }
            guard dimensions == 1, let count = unsigned(4), unsigned(4) != nil, count <= bytes.count else { return nil }
            var out: [Element] = []
            out.reserveCapacity(Int(count))
            for _ in 0..<count {
                guard let length = unsigned(4), length <= UInt64(Int32.max), let piece = take(Int(length)),
                    let value = element(piece)
                else { return nil }
                out.append(value)
            }
            return out
        }
    }
}
