public import Shared

/// One value on its way to or from PostgreSQL.
///
/// - Shape: the server says which type a parameter has; the value is encoded for that type, or refused as
///   `StoreError.mismatch`. `int64` serves smallint, integer and bigint; `text` serves every type by its text form.
/// - Units: `timestamp` is milliseconds since 1970 in UTC; what the server keeps below that is cut off.
public enum PostgresValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case int64(Int64)
    case text(String)
    /// For `json` and `jsonb`.
    case json(String)
    case uuid(ObjectID)
    case bytes([UInt8])
    case timestamp(unixMilliseconds: Int64)
    case boolArray([Bool])
    case int64Array([Int64])
    case textArray([String])
    case uuidArray([ObjectID])
    case bytesArray([[UInt8]])
    case timestampArray(unixMilliseconds: [Int64])

    public static func integer(_ value: some BinaryInteger) -> PostgresValue { .int64(Int64(value)) }

    /// NULL for nil.
    public static func optional<T>(_ value: T?, _ make: (T) -> PostgresValue) -> PostgresValue {
        value.map(make) ?? .null
    }

    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .int64: "int64"
        case .text: "text"
        case .json: "json"
        case .uuid: "uuid"
        case .bytes: "bytes"
        case .timestamp: "timestamp"
        case .boolArray: "array of bool"
        case .int64Array: "array of int64"
        case .textArray: "array of text"
        case .uuidArray: "array of uuid"
        case .bytesArray: "array of bytes"
        case .timestampArray: "array of timestamp"
        }
    }
}

/// The types of PostgreSQL that the program speaks in binary.
///
/// - Source: `pg_type.dat` of PostgreSQL; these numbers never change.
enum PostgresType {
    static let bool: UInt32 = 16, bytea: UInt32 = 17, name: UInt32 = 19
    static let int8: UInt32 = 20, int2: UInt32 = 21, int4: UInt32 = 23
    static let text: UInt32 = 25, json: UInt32 = 114, jsonb: UInt32 = 3802
    static let bpchar: UInt32 = 1042, varchar: UInt32 = 1043
    static let date: UInt32 = 1082, timestamptz: UInt32 = 1184, uuid: UInt32 = 2950, void: UInt32 = 2278
    static let boolArray: UInt32 = 1000, byteaArray: UInt32 = 1001
    static let int2Array: UInt32 = 1005, int4Array: UInt32 = 1007, int8Array: UInt32 = 1016
    static let textArray: UInt32 = 1009, varcharArray: UInt32 = 1015
    static let timestamptzArray: UInt32 = 1185, uuidArray: UInt32 = 2951
}
