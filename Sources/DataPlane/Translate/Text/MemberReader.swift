import Shared

/// Where a value stands in a body: `messages[2].content[0].type`. Spelled only when it is wanted.
indirect enum FieldPath {
    case body
    case member(FieldPath, String)
    case element(FieldPath, Int)

    var text: String {
        switch self {
        case .body: ""
        case .member(.body, let name): name
        case .member(let parent, let name): "\(parent.text).\(name)"
        case .element(let parent, let index): "\(parent.text)[\(index)]"
        }
    }

    subscript(name: String) -> FieldPath { .member(self, name) }
    subscript(index: Int) -> FieldPath { .element(self, index) }

    func wants(_ what: String) -> TranslationError { .invalid(field: text, reason: "want \(what)") }
}

/// Takes the members of a caller's object one by one; what nobody took is left over, for `Extras`.
///
/// - Shape: null is the same as absent, but for `take`.
/// - Errors: `TranslationError.invalid` where a member is of another kind than was asked for.
struct MemberReader {
    let path: FieldPath
    private let object: JSONObject
    private var isTaken: [Bool]

    init(_ value: JSONValue, at path: FieldPath) throws(TranslationError) {
        guard let object = value.object else { throw path.wants("an object") }
        self.init(object, at: path)
    }

    init(_ object: JSONObject, at path: FieldPath) {
        self.path = path
        self.object = object
        isTaken = Array(repeating: false, count: object.members.count)
    }

    /// As it stands, null included; nil where it is absent.
    mutating func take(_ name: String) -> JSONValue? {
        guard let place = object.members.firstIndex(where: { $0.name == name }) else { return nil }
        isTaken[place] = true
        return object.members[place].value
    }

    /// Anything but null.
    mutating func value(_ name: String) -> JSONValue? { take(name).flatMap { $0 == .null ? nil : $0 } }

    mutating func string(_ name: String) throws(TranslationError) -> String? {
        guard let value = value(name) else { return nil }
        guard let string = value.string else { throw path[name].wants("a string") }
        return string
    }

    mutating func requiredString(_ name: String) throws(TranslationError) -> String {
        guard let string = try string(name) else { throw path[name].wants("a string") }
        return string
    }

    mutating func boolean(_ name: String) throws(TranslationError) -> Bool? {
        guard let value = value(name) else { return nil }
        guard let boolean = value.boolean else { throw path[name].wants("true or false") }
        return boolean
    }

    mutating func number(_ name: String) throws(TranslationError) -> JSONNumber? {
        guard let value = value(name) else { return nil }
        guard let number = value.number else { throw path[name].wants("a number") }
        return number
    }

    mutating func unsigned(_ name: String) throws(TranslationError) -> UInt64? {
        guard let value = value(name) else { return nil }
        guard let count = value.number?.integer(as: UInt64.self) else {
            throw path[name].wants("a whole number that is not negative")
        }
        return count
    }

    mutating func array(_ name: String) throws(TranslationError) -> [JSONValue]? {
        guard let value = value(name) else { return nil }
        guard let array = value.array else { throw path[name].wants("a list") }
        return array
    }

    mutating func object(_ name: String) throws(TranslationError) -> JSONObject? {
        guard let value = value(name) else { return nil }
        guard let object = value.object else { throw path[name].wants("an object") }
        return object
    }

    /// The members of an object that is itself a member.
    mutating func members(_ name: String) throws(TranslationError) -> MemberReader? {
        try object(name).map { MemberReader($0, at: path[name]) }
    }

    /// A list of strings.
    mutating func strings(_ name: String) throws(TranslationError) -> [String]? {
        guard let array = try array(name) else { return nil }
        var strings: [String] = []
        for (index, value) in array.enumerated() {
            guard let string = value.string else { throw path[name][index].wants("a string") }
            strings.append(string)
        }
        return strings
    }

    /// Whether anything is left, null aside.
    var isExhausted: Bool {
        !object.members.indices.contains { !isTaken[$0] && object.members[$0].value != .null }
    }

    /// What was not taken.
    func leftovers(of dialect: Dialect) -> Extras {
        var extras = Extras()
        for (index, member) in object.members.enumerated() where !isTaken[index] {
            extras.add(member.name, member.value, of: dialect)
        }
        return extras
    }
}
