import Shared

/// The fields of an object that its schema has accepted: reading them cannot fail, being absent is all that can happen.
struct Fields {
    private let value: JSONValue

    init(_ value: JSONValue) { self.value = value }

    func value(_ name: String) -> JSONValue? { value[name] }
    func has(_ name: String) -> Bool { value[name] != nil }
    func isNull(_ name: String) -> Bool { value[name] == .null }
    func text(_ name: String) -> String? { value[name]?.string }
    func integer(_ name: String) -> Int64? { value[name]?.integer }
    func flag(_ name: String) -> Bool? { value[name]?.boolean }
    func object(_ name: String) -> JSONValue? { value[name].flatMap { $0.object == nil ? nil : $0 } }
    func elements(_ name: String) -> [JSONValue]? { value[name]?.array }
    func texts(_ name: String) -> [String]? { value[name]?.array?.compactMap(\.string) }
    func time(_ name: String) -> Int64? { text(name).flatMap { RFC3339.parse($0) } }

    // MARK: Taking over what is present

    func take(_ name: String, into value: inout String) { if let text = text(name) { value = text } }
    func take(_ name: String, into value: inout Int) { if let number = integer(name) { value = Int(number) } }
    func take(_ name: String, into value: inout Bool) { if let flag = flag(name) { value = flag } }
    func take(_ name: String, into value: inout [String]) { if let texts = texts(name) { value = texts } }
    func take(_ name: String, into value: inout JSONValue) { if let object = object(name) { value = object } }

    func take<Choice: RawRepresentable<String>>(_ name: String, into value: inout Choice) {
        if let choice = text(name).flatMap(Choice.init(rawValue:)) { value = choice }
    }

    /// null clears.
    func take<Choice: RawRepresentable<String>>(_ name: String, into value: inout Choice?) {
        if has(name) { value = text(name).flatMap(Choice.init(rawValue:)) }
    }

    func take<Choice: RawRepresentable<String>>(_ name: String, into value: inout [Choice]) {
        if let texts = texts(name) { value = texts.compactMap(Choice.init(rawValue:)) }
    }

    func take(_ name: String, into value: inout String?) { if has(name) { value = text(name) } }

    func take(_ name: String, into value: inout Int?) {
        if has(name) { value = integer(name).map { Int($0) } }
    }

    func takeTime(_ name: String, into value: inout Int64?) { if has(name) { value = time(name) } }
}
