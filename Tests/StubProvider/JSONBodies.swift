public import Shared

// Bodies are written as what they are: `["type": "message", "usage": usage]`.

extension JSONValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .number(JSONNumber(value)) }
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        var object = JSONObject()
        for (name, value) in elements { object[name] = value }
        self = .object(object)
    }

    static func count(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
    static func string(orNull text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    /// The same object with one member more at its end; nil adds none.
    func adding(_ name: String, _ value: JSONValue?) -> JSONValue {
        guard let value, var object else { return self }
        object[name] = value
        return .object(object)
    }
}

/// Where a provider's servers put white space.
enum JSONStyle {
    case compact
    /// A blank behind each colon.
    case spaced
    /// A line for each member and each element, two blanks deeper for each level.
    case indented
}

extension JSONValue {
    func bytes(_ style: JSONStyle) -> [UInt8] {
        guard style != .compact else { return bytes }
        var out: [UInt8] = []
        write(to: &out, isIndented: style == .indented, depth: 0)
        return out
    }

    private func write(to out: inout [UInt8], isIndented: Bool, depth: Int) {
        func list(_ open: String, _ close: String, count: Int, _ item: (Int) -> Void) {
            out.append(text: open)
            for index in 0..<count {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                if isIndented { out.append(text: "\n" + String(repeating: "  ", count: depth + 1)) }
                item(index)
            }
            if isIndented, count > 0 { out.append(text: "\n" + String(repeating: "  ", count: depth)) }
            out.append(text: close)
        }
        switch self {
        case .object(let object):
            list("{", "}", count: object.members.count) { index in
                out.append(jsonString: object.members[index].name)
                out.append(text: ": ")
                object.members[index].value.write(to: &out, isIndented: isIndented, depth: depth + 1)
            }
        case .array(let array):
            list("[", "]", count: array.count) { index in
                array[index].write(to: &out, isIndented: isIndented, depth: depth + 1)
            }
        default: out += bytes
        }
    }
}
