/// A JSON text as a tree: for configuration, snapshots, the admin API, and for what is translated between dialects. What passes as it is
/// stays bytes.
///
/// - Shape: objects keep the order of their members. Numbers keep their text, so that none loses a digit.
public enum JSONValue: Hashable, Sendable {
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

        public init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    public private(set) var members: [Member] = []
    /// Set beyond `unindexedMax` members: below that, looking through them is faster.
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

    /// Of members that have different names.
    fileprivate init(distinct members: [Member]) {
        self.members = members
        if members.count > Self.unindexedMax { reindex() }
    }

    /// An index is built whenever an object is parsed and pays off in look-ups alone: objects of requests and of streams have about
    /// twenty members at most, each looked up once.
    fileprivate static let unindexedMax = 32

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

extension JSONWriter {
    /// All members of `object`, inside the object that has begun.
    public mutating func members(_ object: JSONObject) {
        for member in object.members {
            name(member.name)
            member.value.write(to: &self)
        }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        for (name, value) in elements { self[name] = value }
    }
}

/// A number as it was written.
public struct JSONNumber: Hashable, Sendable {
    public let text: String

    /// `text` must be a number by JSON's grammar.
    init(validated text: String) { self.text = text }
    public init(_ value: some BinaryInteger) { text = String(value) }

    /// Exactly, or nil.
    public func integer<Integer: FixedWidthInteger>(as type: Integer.Type = Integer.self) -> Integer? { Integer(text) }
    public var int64: Int64? { Int64(text) }
    /// The nearest one; nil when it is too large for any.
    public var double: Double? { Double(text).flatMap { $0.isFinite ? $0 : nil } }
}

// MARK: Reading

/// What is to be made of JSON whose grammar is right and whose meaning is doubtful.
public struct JSONLeniency: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Of two members with one name the last one counts, in the place of the first; else they are an error.
    public static let duplicateFields = JSONLeniency(rawValue: 1)
    /// Half of a surrogate pair becomes U+FFFD; else it is an error. Clients that cut texts by UTF-16 units send such halves.
    public static let loneSurrogates = JSONLeniency(rawValue: 2)
    public static let all: JSONLeniency = [.duplicateFields, .loneSurrogates]
}

extension JSONValue {
    /// - Errors: what `JSONText.validate` finds, and `duplicateField` and `loneSurrogate` as far as `leniency` does not allow them.
    public init(parsing bytes: [UInt8], allowing leniency: JSONLeniency = []) throws(JSONError) {
        self = try unsafe bytes.withRawBytes { bytes throws(JSONError) in
            try unsafe JSONValue(parsing: bytes, allowing: leniency)
        }
    }

    public init(parsing bytes: UnsafeRawBufferPointer, allowing leniency: JSONLeniency = []) throws(JSONError) {
        // One grammar for all: the scanner has checked everything before the tree is built, the depth included, so that
        // the builder below may recurse and need not look for mistakes.
        try unsafe JSONText.validate(bytes)
        var builder = unsafe JSONTreeBuilder(bytes, leniency)
        self = try builder.value()
    }
}

@safe private struct JSONTreeBuilder {
    private let bytes: UnsafeRawBufferPointer
    private let leniency: JSONLeniency
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer, _ leniency: JSONLeniency) {
        unsafe self.bytes = unsafe bytes
        self.leniency = leniency
    }

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
            return .number(JSONNumber(validated: text(start..<position)))
        }
    }

    private mutating func object() throws(JSONError) -> JSONObject {
        var members: [JSONObject.Member] = []
        var seen = SeenNames()
        var places: [String: Int] = [:]
        position += 1
        var separator = next()
        while separator != UInt8(ascii: "}") {
            _ = next()
            let start = position
            let name = try string()
            let count = position - start
            let mayBeSecond = unsafe seen.mayHave(
                first: bytes[start + 1], last: bytes[position - 2], count: count, isPlain: name.utf8.count == count - 2)
            _ = next()
            position += 1  // the colon
            if mayBeSecond, let place = Self.place(of: name, in: members, &places) {
                guard leniency.contains(.duplicateFields) else { throw JSONError(.duplicateField(name), at: start) }
                members[place].value = try value()
            } else {
                // Most objects have one to four members; the next step would be from one to two.
                if members.isEmpty { members.reserveCapacity(4) }
                members.append(.init(name: name, value: try value()))
            }
            separator = next()
            if separator == UInt8(ascii: ",") { position += 1 }
        }
        position += 1
        return JSONObject(distinct: members)
    }

    /// - Parameter places: of names that were looked up, in an object of so many members that looking through them would take as long as
    ///   their number squared; empty at first.
    private static func place(
        of name: String, in members: [JSONObject.Member], _ places: inout [String: Int]
    ) -> Int? {
        guard members.count > JSONObject.unindexedMax else { return members.firstIndex { $0.name == name } }
        for place in places.count..<members.count { places[members[place].name] = place }
        return places[name]
    }

    private mutating func array() throws(JSONError) -> [JSONValue] {
        var array: [JSONValue] = []
        position += 1
        var separator = next()
        while separator != UInt8(ascii: "]") {
            array.append(try value())
            separator = next()
            if separator == UInt8(ascii: ",") { position += 1 }
        }
        position += 1
        return array
    }

    private mutating func string() throws(JSONError) -> String {
        let quote = position
        position += 1
        var hasEscape = false
        while true {
            position = unsafe JSONText.endOfPlainText(bytes, from: position)
            let byte = unsafe bytes[position]
            if byte == UInt8(ascii: "\"") { break }
            if byte == UInt8(ascii: "\\") {
                hasEscape = true
                position += 1
            }
            position += 1
        }
        let content = (quote + 1)..<position
        position += 1
        guard hasEscape else { return text(content) }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(content.count)
        guard unsafe JSONString.append(content, of: bytes, to: &decoded) || leniency.contains(.loneSurrogates)
        else { throw JSONError(.loneSurrogate, at: quote) }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// The way of a buffer of `UInt8` to a text is shorter than that of raw memory, which the standard library finds by a cast at run time.
    @inline(__always)
    private func text(_ range: Range<Int>) -> String {
        unsafe bytes.withMemoryRebound(to: UInt8.self) { bytes in
            unsafe String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
        }
    }

    /// The next byte that is not white space.
    @inline(__always)
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

/// Which names an object may have already, so that most need not be compared with all before them.
///
/// - Shape: a name that is spelled with escapes is compared with all; two spellings of one text that differ in their characters (`é` has two)
///   may pass for different names.
private struct SeenNames {
    private var bits: UInt64 = 0

    /// True where a name may be one of those that were asked for before.
    ///
    /// - Parameter count: of the bytes with the quotes around them.
    @inline(__always)
    mutating func mayHave(first: UInt8, last: UInt8, count: Int, isPlain: Bool) -> Bool {
        guard isPlain else {
            bits = .max
            return true
        }
        let hash = UInt64(first) &* 7 &+ UInt64(last) &* 3 &+ UInt64(truncatingIfNeeded: count)
        let bit = UInt64(1) << (hash & 63)
        defer { bits |= bit }
        return bits & bit != 0
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
