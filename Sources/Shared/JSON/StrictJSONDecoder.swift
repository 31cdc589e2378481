/// What is wrong with one field of a document.
public struct FieldProblem: Error, Hashable, Sendable {
    /// `targets[0].weight`; empty for the document itself.
    public var path: String
    /// `want an integer, got "5"`.
    public var message: String

    public init(path: String, message: String) {
        self.path = path
        self.message = message
    }
}

extension FieldProblem: CustomStringConvertible {
    public var description: String { path.isEmpty ? message : "\(path): \(message)" }
}

/// Why a document was refused.
public enum StrictDecodingError: Error, Hashable, Sendable {
    case notJSON(String, offset: Int)
    /// At least one, in the order of decoding.
    case fields([FieldProblem])

    /// Either as a list of problems.
    public var problems: [FieldProblem] {
        switch self {
        case .notJSON(let message, _): [FieldProblem(path: "", message: message)]
        case .fields(let problems): problems
        }
    }
}

extension StrictDecodingError: CustomStringConvertible {
    public var description: String { problems.map(\.description).joined(separator: "; ") }
}

/// Decodes `Decodable` types and refuses what they do not know: a field misspelt is a mistake, not a default.
///
/// - Shape: works with synthesized conformances: a field that no key of the type asked for is unknown. Collects as many problems
///   as it can in one pass: behind a wrong scalar it goes on with a stand-in, whose result is never returned.
/// - Errors: unknown, duplicate and missing fields, wrong types, numbers out of range, values that a type refuses.
public enum StrictJSONDecoder {
    public static func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, from bytes: [UInt8]
    ) throws(StrictDecodingError) -> Value {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            if case .duplicateField = error.kind {
                throw .fields([FieldProblem(path: "", message: error.description)])
            }
            throw .notJSON(error.description, offset: error.offset)
        }
        return try decode(type, from: value)
    }

    public static func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, from value: JSONValue
    ) throws(StrictDecodingError) -> Value {
        let problems = ProblemList()
        let result = try? decode(type, value, path: [], problems)
        guard problems.list.isEmpty, let result else { throw .fields(problems.list) }
        return result
    }

    /// The rest of the decoding has no value to go on with; why, is in the list.
    fileprivate struct Abandoned: Error {}

    /// Every nested value comes through here.
    fileprivate static func decode<Value: Decodable>(
        _ type: Value.Type, _ value: JSONValue, path: [any CodingKey], _ problems: ProblemList
    ) throws -> Value {
        let decoder = ValueDecoder(value, path: path, problems)
        let before = problems.list.count
        do {
            let result = try Value(from: decoder)
            decoder.addUnknownFields()
            return result
        } catch {
            // What follows from a stand-in is no problem of its own.
            if problems.list.count == before { problems.add(error, value, path: path, type) }
            throw Abandoned()
        }
    }
}

/// The problems found so far.
private final class ProblemList {
    /// A document with more mistakes than this is another kind of document.
    static let countMax = 100
    private(set) var list: [FieldProblem] = []

    func add(_ message: String, at path: [any CodingKey]) {
        if list.count < Self.countMax { list.append(FieldProblem(path: Self.text(path), message: message)) }
    }

    func add(_ error: any Error, _ value: JSONValue, path: [any CodingKey], _ type: Any.Type) {
        if let allowed = Self.allowedValues(type) {
            let list = allowed.map { "\"\($0)\"" }.joined(separator: ", ")
            return add("want one of \(list), got \(value.summary)", at: path)
        }
        switch error as? DecodingError {
        case .dataCorrupted(let context):
            add("\(context.debugDescription), got \(value.summary)", at: Self.deeper(path, context.codingPath))
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            add(context.debugDescription, at: Self.deeper(path, context.codingPath))
        case .keyNotFound(let key, let context):
            add("missing", at: Self.deeper(path, context.codingPath) + [key])
        default: add("\(error)", at: path)
        }
    }

    /// The raw values of an enumeration of strings that can list its cases.
    private static func allowedValues(_ type: Any.Type) -> [String]? {
        func rawValues<Cases: CaseIterable>(_ type: Cases.Type) -> [String] {
            type.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
        }
        guard let type = type as? any CaseIterable.Type else { return nil }
        let values = rawValues(type)
        return values.isEmpty ? nil : values
    }

    private static func deeper(_ a: [any CodingKey], _ b: [any CodingKey]) -> [any CodingKey] {
        b.count > a.count ? b : a
    }

    private static func text(_ path: [any CodingKey]) -> String {
        var text = ""
        for key in path {
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += (text.isEmpty ? "" : ".") + key.stringValue
            }
        }
        return text
    }
}

private struct IndexKey: CodingKey {
    var intValue: Int?
    var stringValue: String { intValue.map(String.init) ?? "" }
    init(_ index: Int) { intValue = index }
    init?(intValue: Int) { self.intValue = intValue }
    init?(stringValue: String) { nil }
}

private struct NameKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension JSONValue {
    /// For messages: scalars as they are, cut to a sensible length; the others by kind.
    var summary: String {
        switch self {
        case .object, .array: return kind.description
        case .string(let text):
            var writer = JSONWriter()
            writer.string(text.count > 60 ? text.prefix(60) + "..." : text[...])
            return String(decoding: writer.bytes, as: UTF8.self)
        case .number(let number): return number.text.count > 60 ? number.text.prefix(60) + "..." : number.text
        case .boolean(let value): return value ? "true" : "false"
        case .null: return "null"
        }
    }
}

// MARK: Scalars

/// A type that stands in JSON without a container.
private protocol JSONScalar {
    static var wanted: String { get }
    static var standIn: Self { get }
    init?(scalar: JSONValue)
}

extension Bool: JSONScalar {
    fileprivate static var wanted: String { "true or false" }
    fileprivate static var standIn: Bool { false }
    fileprivate init?(scalar: JSONValue) {
        guard let value = scalar.boolean else { return nil }
        self = value
    }
}

extension String: JSONScalar {
    fileprivate static var wanted: String { "a string" }
    fileprivate static var standIn: String { "" }
    fileprivate init?(scalar: JSONValue) {
        guard let value = scalar.string else { return nil }
        self = value
    }
}

extension Double: JSONScalar {
    fileprivate static var wanted: String { "a number" }
    fileprivate static var standIn: Double { 0 }
    fileprivate init?(scalar: JSONValue) {
        guard let value = scalar.number?.double else { return nil }
        self = value
    }
}

extension Float: JSONScalar {
    fileprivate static var wanted: String { "a number" }
    fileprivate static var standIn: Float { 0 }
    fileprivate init?(scalar: JSONValue) {
        guard let value = scalar.number?.double, Float(value).isFinite else { return nil }
        self = Float(value)
    }
}

extension FixedWidthInteger {
    /// The limits of the full word say nothing to a person; those of smaller ones do.
    fileprivate static var wanted: String {
        if bitWidth < 64 { return "an integer \(min)...\(max)" }
        return isSigned ? "an integer" : "an integer of at least 0"
    }
    fileprivate static var standIn: Self { 0 }
    fileprivate init?(scalar: JSONValue) {
        guard let value = scalar.number?.integer(as: Self.self) else { return nil }
        self = value
    }
}

extension Int: JSONScalar {}
extension Int8: JSONScalar {}
extension Int16: JSONScalar {}
extension Int32: JSONScalar {}
extension Int64: JSONScalar {}
extension UInt: JSONScalar {}
extension UInt8: JSONScalar {}
extension UInt16: JSONScalar {}
extension UInt32: JSONScalar {}
extension UInt64: JSONScalar {}

extension ProblemList {
    /// The scalar, or a stand-in and a problem.
    fileprivate func scalar<Scalar: JSONScalar>(_ type: Scalar.Type, _ value: JSONValue, at path: [any CodingKey])
        -> Scalar
    {
        if let scalar = Scalar(scalar: value) { return scalar }
        add("want \(Scalar.wanted), got \(value.summary)", at: path)
        return Scalar.standIn
    }
}

// MARK: Decoder

private final class ValueDecoder: Decoder {
    let value: JSONValue
    let codingPath: [any CodingKey]
    let problems: ProblemList
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    private var isObject = false
    fileprivate var asked: Set<String> = []
    /// Containers that the type opened by hand inside this one.
    private var children: [ValueDecoder] = []

    init(_ value: JSONValue, path: [any CodingKey], _ problems: ProblemList) {
        self.value = value
        self.codingPath = path
        self.problems = problems
    }

    func child(_ value: JSONValue, _ key: any CodingKey) -> ValueDecoder {
        let child = ValueDecoder(value, path: codingPath + [key], problems)
        children.append(child)
        return child
    }

    /// To be called when the type has asked for all that it knows.
    func addUnknownFields() {
        for child in children { child.addUnknownFields() }
        guard isObject, let object = value.object else { return }
        for name in object.names where !asked.contains(name) {
            let nearest = Spelling.nearest(to: name, among: asked.filter { object[$0] == nil })
            problems.add(
                "unknown field" + (nearest.map { "; did you mean \"\($0)\"?" } ?? ""),
                at: codingPath + [NameKey(stringValue: name)])
        }
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard let object = value.object else {
            problems.add("want an object, got \(value.summary)", at: codingPath)
            throw StrictJSONDecoder.Abandoned()
        }
        isObject = true
        return KeyedDecodingContainer(ObjectContainer<Key>(self, object))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard let array = value.array else {
            problems.add("want an array, got \(value.summary)", at: codingPath)
            throw StrictJSONDecoder.Abandoned()
        }
        return ArrayContainer(self, array)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { ScalarContainer(decoder: self) }
}

private struct ObjectContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let decoder: ValueDecoder
    private let object: JSONObject

    init(_ decoder: ValueDecoder, _ object: JSONObject) {
        self.decoder = decoder
        self.object = object
    }

    var codingPath: [any CodingKey] { decoder.codingPath }
    var allKeys: [Key] { object.names.compactMap { Key(stringValue: $0) } }

    private func ask(_ key: Key) -> JSONValue? {
        decoder.asked.insert(key.stringValue)
        return object[key.stringValue]
    }

    func contains(_ key: Key) -> Bool { ask(key) != nil }
    func decodeNil(forKey key: Key) throws -> Bool { ask(key).map { $0 == .null } ?? true }

    private func addMissing(_ key: Key, want: String?) {
        // A name that is close is still only a guess here: which others the type knows has not been asked yet.
        let nearest = Spelling.nearest(to: key.stringValue, among: object.names.filter { !decoder.asked.contains($0) })
        decoder.problems.add(
            "missing" + (want.map { ", want \($0)" } ?? "") + (nearest.map { "; there is a \"\($0)\"" } ?? ""),
            at: codingPath + [key])
    }

    private func scalar<Scalar: JSONScalar>(_ key: Key) -> Scalar {
        guard let value = ask(key) else {
            addMissing(key, want: Scalar.wanted)
            return Scalar.standIn
        }
        return decoder.problems.scalar(Scalar.self, value, at: codingPath + [key])
    }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { scalar(key) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { scalar(key) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { scalar(key) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { scalar(key) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { scalar(key) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { scalar(key) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { scalar(key) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { scalar(key) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { scalar(key) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { scalar(key) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { scalar(key) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { scalar(key) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { scalar(key) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { scalar(key) }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        guard let value = ask(key) else {
            addMissing(key, want: nil)
            throw StrictJSONDecoder.Abandoned()
        }
        return try StrictJSONDecoder.decode(type, value, path: codingPath + [key], decoder.problems)
    }

    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        guard let value = ask(key), value != .null else { return nil }
        // The problem is noted; nil is as good a stand-in as any.
        return try? StrictJSONDecoder.decode(type, value, path: codingPath + [key], decoder.problems)
    }

    private func child(_ key: Key) throws -> ValueDecoder {
        guard let value = ask(key) else {
            addMissing(key, want: nil)
            throw StrictJSONDecoder.Abandoned()
        }
        return decoder.child(value, key)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { try child(key).container(keyedBy: type) }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try child(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { decoder }
    func superDecoder(forKey key: Key) throws -> any Decoder { try child(key) }
}

private struct ArrayContainer: UnkeyedDecodingContainer {
    private let decoder: ValueDecoder
    private let array: [JSONValue]
    private(set) var currentIndex = 0

    init(_ decoder: ValueDecoder, _ array: [JSONValue]) {
        self.decoder = decoder
        self.array = array
    }

    var codingPath: [any CodingKey] { decoder.codingPath }
    var count: Int? { array.count }
    var isAtEnd: Bool { currentIndex == array.count }
    private var path: [any CodingKey] { codingPath + [IndexKey(currentIndex)] }

    private func current() throws -> JSONValue {
        guard !isAtEnd else {
            decoder.problems.add("want an element more", at: path)
            throw StrictJSONDecoder.Abandoned()
        }
        return array[currentIndex]
    }

    mutating func decodeNil() throws -> Bool {
        guard try current() == .null else { return false }
        currentIndex += 1
        return true
    }

    private mutating func scalar<Scalar: JSONScalar>() throws -> Scalar {
        let scalar = decoder.problems.scalar(Scalar.self, try current(), at: path)
        currentIndex += 1
        return scalar
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try scalar() }
    mutating func decode(_ type: String.Type) throws -> String { try scalar() }
    mutating func decode(_ type: Double.Type) throws -> Double { try scalar() }
    mutating func decode(_ type: Float.Type) throws -> Float { try scalar() }
    mutating func decode(_ type: Int.Type) throws -> Int { try scalar() }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try scalar() }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try scalar() }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try scalar() }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try scalar() }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try scalar() }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try scalar() }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try scalar() }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try scalar() }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try scalar() }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let value = try current()
        do {
            let result = try StrictJSONDecoder.decode(type, value, path: path, decoder.problems)
            currentIndex += 1
            return result
        } catch {
            // There is no stand-in for a whole element, but the elements behind it can still be looked at.
            while currentIndex + 1 < array.count {
                currentIndex += 1
                _ = try? StrictJSONDecoder.decode(type, array[currentIndex], path: path, decoder.problems)
            }
            throw error
        }
    }

    private mutating func child() throws -> ValueDecoder {
        let child = decoder.child(try current(), IndexKey(currentIndex))
        currentIndex += 1
        return child
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> { try child().container(keyedBy: type) }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try child().unkeyedContainer() }
    mutating func superDecoder() throws -> any Decoder { try child() }
}

/// A value that is one scalar, as of an enumeration or an identity. There is no going on without it.
private struct ScalarContainer: SingleValueDecodingContainer {
    let decoder: ValueDecoder
    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool { decoder.value == .null }

    private func scalar<Scalar: JSONScalar>() throws -> Scalar {
        guard let scalar = Scalar(scalar: decoder.value) else {
            throw DecodingError.typeMismatch(
                Scalar.self,
                DecodingError.Context(
                    codingPath: codingPath, debugDescription: "want \(Scalar.wanted), got \(decoder.value.summary)"))
        }
        return scalar
    }

    func decode(_ type: Bool.Type) throws -> Bool { try scalar() }
    func decode(_ type: String.Type) throws -> String { try scalar() }
    func decode(_ type: Double.Type) throws -> Double { try scalar() }
    func decode(_ type: Float.Type) throws -> Float { try scalar() }
    func decode(_ type: Int.Type) throws -> Int { try scalar() }
    func decode(_ type: Int8.Type) throws -> Int8 { try scalar() }
    func decode(_ type: Int16.Type) throws -> Int16 { try scalar() }
    func decode(_ type: Int32.Type) throws -> Int32 { try scalar() }
    func decode(_ type: Int64.Type) throws -> Int64 { try scalar() }
    func decode(_ type: UInt.Type) throws -> UInt { try scalar() }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try scalar() }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try scalar() }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try scalar() }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try scalar() }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try StrictJSONDecoder.decode(type, decoder.value, path: codingPath, decoder.problems)
    }
}
