import Shared

/// How the API writes values down.
extension JSONValue {
    static let mediaType = "application/json"
    static let mergePatchMediaType = "application/merge-patch+json"

    static func record(_ fields: [(name: String, value: JSONValue)]) -> JSONValue {
        var object = JSONObject()
        for field in fields { object[field.name] = field.value }
        return .object(object)
    }

    /// The same object with one field more.
    func with(_ name: String, _ value: JSONValue) -> JSONValue {
        var object = object ?? JSONObject()
        object[name] = value
        return .object(object)
    }

    static func int(_ value: Int64) -> JSONValue { .number(JSONNumber(value)) }
    static func id(_ id: ObjectID) -> JSONValue { .string(id.description) }
    static func time(_ unixMilliseconds: Int64) -> JSONValue {
        .string(RFC3339.text(unixMilliseconds: unixMilliseconds))
    }
    static func strings(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }

    /// null for nil.
    static func optional<T>(_ value: T?, _ make: (T) -> JSONValue) -> JSONValue { value.map(make) ?? .null }

    /// Two decimals at most, without those that are 0.
    static func hundredths(_ value: Int) -> JSONValue {
        let digits =
            value % 100 == 0
            ? "" : value % 10 == 0 ? ".\(value % 100 / 10)" : ".\(value % 100 < 10 ? "0" : "")\(value % 100)"
        guard let number = try? JSONValue(parsing: Array("\(value / 100)\(digits)".utf8)) else {
            preconditionFailure("a decimal number is JSON")
        }
        return number
    }

    /// Of a number below a million that has no more than two decimals, none of them an exponent's.
    var hundredths: Int64? {
        guard let text = number?.text else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts[0].count <= 6, let whole = Int64(parts[0]), whole >= 0, parts[0].first != "-"
        else {
            return nil
        }
        var decimals = parts.count == 2 ? parts[1] : ""
        while decimals.last == "0" { decimals.removeLast() }
        guard decimals.count <= 2 else { return nil }
        guard let rest = Int64(decimals + String(repeating: "0", count: 2 - decimals.count)) else { return nil }
        return whole * 100 + rest
    }

    /// nil as well where a number is no integer of 64 bits.
    var integer: Int64? { number?.int64 }
    var isNull: Bool { self == .null }
    var fieldList: [(name: String, value: JSONValue)] { object?.members.map { ($0.name, $0.value) } ?? [] }
    var kindName: String { kind.description }

    /// The value itself where it is short, its kind otherwise.
    var shortForMessage: String {
        switch self {
        case .string(let text): text.quotedForMessage
        case .number(let number):
            number.text.utf8.count > 40 ? "a number of \(number.text.utf8.count) digits" : number.text
        default: kindName
        }
    }

    /// Whether any number in it is one that a `jsonb` column could refuse.
    var holdsExtremeNumber: Bool {
        switch self {
        case .object(let object): object.members.contains { $0.value.holdsExtremeNumber }
        case .array(let elements): elements.contains(where: \.holdsExtremeNumber)
        case .number(let number): number.text.utf8.count > 1000 || number.exponentMagnitude > 1000
        case .string, .boolean, .null: false
        }
    }

    /// Whether any text in it, names included, holds U+0000.
    var holdsNUL: Bool {
        switch self {
        case .object(let object): object.members.contains { $0.name.utf8.contains(0) || $0.value.holdsNUL }
        case .array(let elements): elements.contains(where: \.holdsNUL)
        case .string(let text): text.utf8.contains(0)
        case .number, .boolean, .null: false
        }
    }
}

extension JSONNumber {
    /// How far the exponent moves the point; `Int.max` where that is more than a number can say.
    fileprivate var exponentMagnitude: Int {
        guard let mark = text.firstIndex(where: { $0 == "e" || $0 == "E" }) else { return 0 }
        let digits = text[text.index(after: mark)...].drop { $0 == "+" || $0 == "-" }
        return Int(digits) ?? .max
    }
}
