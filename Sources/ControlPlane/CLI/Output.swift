import Shared

/// What people read.
enum Output {
    static func json(_ value: JSONValue) -> String {
        var text = ""
        write(value, indent: "", to: &text)
        return text + "\n"
    }

    /// Columns wide enough for what is in them; numbers to the right.
    static func table(_ rows: [JSONValue], columns: [Column]) -> String {
        guard !rows.isEmpty else { return "none\n" }
        let cells = rows.map { row in columns.map { cell($0.value(row)) } }
        let widths = columns.indices.map { index in
            max(columns[index].title.count, cells.map { $0[index].count }.max() ?? 0)
        }
        func line(_ texts: [String]) -> String {
            var line = ""
            for (index, text) in texts.enumerated() {
                let blanks = String(repeating: " ", count: widths[index] - text.count)
                line += (index == 0 ? "" : "  ") + (columns[index].isNumber ? blanks + text : text + blanks)
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }
        return line(columns.map(\.title)) + cells.map(line).joined()
    }

    /// One object, a field a line; a list of objects has a line for each.
    static func fields(_ value: JSONValue) -> String {
        guard let members = value.object?.members else { return cell(value) + "\n" }
        let width = (members.map(\.name.count).max() ?? 0) + 2
        return members.map { member in
            let elements = member.value.array ?? []
            let lines = elements.contains { $0.object != nil } ? elements.map(element) : [cell(member.value)]
            let indent = "\n" + String(repeating: " ", count: width)
            return member.name + String(repeating: " ", count: width - member.name.count)
                + lines.joined(separator: indent) + "\n"
        }.joined()
    }

    struct Column: Sendable {
        var title: String
        var isNumber = false
        var value: @Sendable (JSONValue) -> JSONValue

        /// A field of the row; the title is its name.
        init(_ name: String, title: String? = nil, number: Bool = false) {
            self.title = title ?? name
            isNumber = number
            value = { $0[name] ?? .null }
        }

        init(title: String, number: Bool = false, _ value: @escaping @Sendable (JSONValue) -> JSONValue) {
            self.title = title
            isNumber = number
            self.value = value
        }
    }

    /// Times to the second; what is absent as a dash; nothing that a terminal would obey.
    static func cell(_ value: JSONValue) -> String {
        switch value {
        case .null: "-"
        case .boolean(let flag): flag ? "yes" : "no"
        case .number(let number): number.text
        case .string(let text): isTime(text) ? text.prefix(19) + "Z" : printable(text)
        case .array(let elements): elements.isEmpty ? "-" : elements.map(element).joined(separator: ", ")
        case .object(let object): object.members.isEmpty ? "-" : element(value)
        }
    }

    private static func element(_ value: JSONValue) -> String {
        switch value {
        case .object(let object):
            object.members.filter { $0.value != .null }.map { "\(printable($0.name))=\(element($0.value))" }.joined(
                separator: " ")
        case .array: printable(String(decoding: value.bytes, as: UTF8.self))
        default: cell(value)
        }
    }

    private static func isTime(_ text: String) -> Bool {
        text.utf8.count == 24 && text.utf8.last == UInt8(ascii: "Z") && RFC3339.parse(text) != nil
    }

    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.value < 32 || (127...159).contains($0.value) ? "?" : $0 }))
    }

    private static func write(_ value: JSONValue, indent: String, to text: inout String) {
        let inner = indent + "  "
        switch value {
        case .object(let object) where !object.members.isEmpty:
            text += "{\n"
            for (index, member) in object.members.enumerated() {
                text += inner + String(decoding: JSONValue.string(member.name).bytes, as: UTF8.self) + ": "
                write(member.value, indent: inner, to: &text)
                text += index == object.members.count - 1 ? "\n" : ",\n"
            }
            text += indent + "}"
        case .array(let elements) where !elements.isEmpty:
            text += "[\n"
            for (index, element) in elements.enumerated() {
                text += inner
                write(element, indent: inner, to: &text)
                text += index == elements.count - 1 ? "\n" : ",\n"
            }
            text += indent + "]"
        default: text += String(decoding: value.bytes, as: UTF8.self)
        }
    }
}
