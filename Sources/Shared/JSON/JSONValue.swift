/// A JSON text as a tree: for configuration, snapshots and the admin API, not for what callers send.
///
/// - Shape: objects keep the order of their members, and two of one name are an error. Numbers keep their text, so that none
///   loses a digit.
public indirect enum JSONValue: Hashable, Sendable {
    case object(JSONObject)
    case array([JSONValue])
    case string(String)
    case number(JSONNumber)
    case boolean(Bool)
    case null

    public var kind: JSONKind {
        switch self {
        case .object: .object
        case .array: .array
        case .string: .string
        case .number: .number
        case .boolean: .boolean
        case .null: .null
        }
    }

    public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }
    public var array: [JSONValue]? { if case .array(let array) = self { array } else { nil } }
    public var string: String? { if case .string(let string) = self { string } else { nil } }
    public var number: JSONNumber? { if case .number(let number) = self { number } else { nil } }
    public var boolean: Bool? { if case .boolean(let boolean) = self { boolean } else { nil } }

    /// The member of an object, or nil.
    public subscript(name: String) -> JSONValue? { object?[name] }
}

/// The members of an object in their order.
public struct JSONObject: Hashable, Sendable {
    public struct Member: Hashable, Sendable {
        public var name: String
        public var value: JSONValue
    }

    public private(set) var members: [Member] = []
    /// Set from nine members on: below that, looking through them is faster.
    private var index: [String: Int] = [:]

    public init() {}

    public var names: [String] { members.map(\.name) }

    /// Setting nil removes the member; a new one goes to the end.
    public subscript(name: String) -> JSONValue? {
        get { place(of: name).map { members[$0].value } }
        set {
            switch (place(of: name), newValue) {
            case (let place?, let value?): members[place].value = value
            case (nil, let value?): append(name, value)
            case (let place?, nil):
                members.remove(at: place)
                index = [:]
                if members.count > Self.unindexedMax { reindex() }
            case (nil, nil): break
            }
        }
    }

    private static let unindexedMax = 8

    private func place(of name: String) -> Int? {
        index.isEmpty ? members.firstIndex { $0.name == name } : index[name]
    }

    private mutating func append(_ name: String, _ value: JSONValue) {
        members.append(Member(name: name, value: value))
        if !index.isEmpty {
            index[name] = members.count - 1
        } else if members.count > Self.unindexedMax {
            reindex()
        }
    }

    private mutating func reindex() {
        for (place, member) in members.enumerated() { index[member.name] = place }
    }

    public static func == (a: JSONObject, b: JSONObject) -> Bool { a.members == b.members }
    public func hash(into hasher: inout Hasher) { hasher.combine(members) }
}

/// A number as it was written.
public struct JSONNumber: Hashable, Sendable {
    public let text: String

    /// `text` must be a number by JSON's grammar.
    init(validated text: String) { self.text = text }
    public init(_ value: Int64) { text = String(value) }

    /// Exactly, or nil.
    public func integer<Integer: FixedWidthInteger>(as type: Integer.Type = Integer.self) -> Integer? { Integer(text) }
    public var int64: Int64? { Int64(text) }
    /// The nearest one; nil when it is too large for any.
    public var double: Double? { Double(text).flatMap { $0.isFinite ? $0 : nil } }
}

// MARK: Reading

extension JSONValue {
    /// - Errors: what `JSONText.validate` finds, and `duplicateField` and `loneSurrogate`.
    public init(parsing bytes: [UInt8]) throws(JSONError) {
        self = try unsafe bytes.withRawBytes { bytes throws(JSONError) in try unsafe JSONValue(parsing: bytes) }
    }

    public init(parsing bytes: UnsafeRawBufferPointer) throws(JSONError) {
        // One grammar for all: the scanner has checked everything before the tree is built, the depth included, so that
        // the builder below may recurse and need not look for mistakes.
        try unsafe JSONText.validate(bytes)
        var builder = unsafe JSONTreeBuilder(bytes)
        self = try builder.value()
    }
}

@safe private struct JSONTreeBuilder {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = unsafe bytes }

    mutating func value() throws(JSONError) -> JSONValue {
        switch next() {
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"):
            position += 4
            return .boolean(true)
        case UInt8(ascii: "f"):
            position += 5
            return .boolean(false)
        case UInt8(ascii: "n"):
            position += 4
            return .null
        default:
            let start = position
            while unsafe position < bytes.count, unsafe Self.isInNumber(bytes[position]) { position += 1 }
            return unsafe .number(JSONNumber(validated: String(decoding: bytes[start..<position], as: UTF8.self)))
        }
    }

    private mutating func object() throws(JSONError) -> JSONObject {
        var object = JSONObject()
        position += 1
        while next() != UInt8(ascii: "}") {
            if next() == UInt8(ascii: ",") { position += 1 }
            _ = next()
            let start = position
            let name = try string()
            guard object[name] == nil else { throw JSONError(.duplicateField(name), at: start) }
            _ = next()
            position += 1  // the colon
            object[name] = try value()
        }
        position += 1
        return object
    }

    private mutating func array() throws(JSONError) -> [JSONValue] {
        var array: [JSONValue] = []
        position += 1
        while next() != UInt8(ascii: "]") {
            if next() == UInt8(ascii: ",") { position += 1 }
            array.append(try value())
        }
        position += 1
        return array
    }

    private mutating func string() throws(JSONError) -> String {
        let quote = position
        position += 1
        let start = position
        var hasEscape = false
        while unsafe bytes[position] != UInt8(ascii: "\"") {
            if unsafe bytes[position] == UInt8(ascii: "\\") {
                hasEscape = true
                position += 1
            }
            position += 1
        }
        let content = unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<position])
        position += 1
        guard hasEscape else { return unsafe String(decoding: content, as: UTF8.self) }
        guard let decoded = unsafe JSONString.decode(content) else { throw JSONError(.loneSurrogate, at: quote) }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// The next byte that is not white space.
    private mutating func next() -> UInt8 {
        while unsafe bytes[position] <= 0x20 { position += 1 }
        return unsafe bytes[position]
    }

    private static func isInNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }
}

// MARK: Writing

extension JSONValue {
    /// Without white space, members in their order.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .object(let object):
            writer.beginObject()
            for member in object.members {
                writer.name(member.name)
                member.value.write(to: &writer)
            }
            writer.endObject()
        case .array(let array):
            writer.beginArray()
            for element in array { element.write(to: &writer) }
            writer.endArray()
        case .string(let string): writer.string(string)
        case .number(let number): writer.raw(number.text)
        case .boolean(let boolean): writer.bool(boolean)
        case .null: writer.null()
        }
    }

    public var bytes: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }
}
