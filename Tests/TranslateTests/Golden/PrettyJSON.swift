import Shared

/// JSON for people to read: a member a line, in the order in which they were written; short lists and objects on one line.
struct PrettyJSON {
    private(set) var text = ""

    static func text(_ value: JSONValue, indent: Int = 0) -> String {
        var printer = PrettyJSON()
        printer.append(value, indent: indent)
        return printer.text
    }

    private static let widthMax = 110

    private mutating func append(_ value: JSONValue, indent: Int) {
        let plain = Self.plain(value)
        if plain.count + indent <= Self.widthMax || (value.object == nil && value.array == nil) {
            text += plain
            return
        }
        let inner = String(repeating: " ", count: indent + 2)
        if let members = value.object?.members {
            text += "{\n"
            for (place, member) in members.enumerated() {
                text += inner + Self.plain(.string(member.name)) + ": "
                append(member.value, indent: indent + 2)
                text += place == members.count - 1 ? "\n" : ",\n"
            }
            text += String(repeating: " ", count: indent) + "}"
        } else if let elements = value.array {
            text += "[\n"
            for (place, element) in elements.enumerated() {
                text += inner
                append(element, indent: indent + 2)
                text += place == elements.count - 1 ? "\n" : ",\n"
            }
            text += String(repeating: " ", count: indent) + "]"
        }
    }

    private static func plain(_ value: JSONValue) -> String {
        switch value {
        case .object(let object):
            let members = object.members.map { "\(plain(.string($0.name))): \(plain($0.value))" }
            return members.isEmpty ? "{}" : "{ \(members.joined(separator: ", ")) }"
        case .array(let elements): return "[\(elements.map(plain).joined(separator: ", "))]"
        default:
            var writer = JSONWriter()
            value.write(to: &writer)
            return String(decoding: writer.bytes, as: UTF8.self)
        }
    }
}
