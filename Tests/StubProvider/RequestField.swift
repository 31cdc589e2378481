import Shared

/// How a provider names the places of a request, and refuses what it finds there.
protocol RequestWording {
    static func path(_ parent: String, _ name: String) -> String
    static func path(_ parent: String, _ index: Int) -> String
    /// The name that stands for both, where a provider takes two spellings.
    static func canonical(_ name: String) -> String
    static func missing(_ path: String) -> ProviderError
    static func mistyped(_ path: String, want: JSONKind, found: JSONValue) -> ProviderError
    static func unknown(_ name: String, in path: String) -> ProviderError
}

extension RequestWording {
    static func canonical(_ name: String) -> String { name }
}

/// A value of a request, and where it stands.
struct RequestField<Wording: RequestWording> {
    let value: JSONValue
    let path: String

    init(_ value: JSONValue, at path: String = "") {
        self.value = value
        self.path = path
    }

    var kind: JSONKind { value.kind }

    /// A member that is there and not null.
    func optional(_ name: String) -> RequestField? {
        guard let found = value.object?.members.first(where: { Wording.canonical($0.name) == name }),
            found.value != .null
        else { return nil }
        return RequestField(found.value, at: Wording.path(path, name))
    }

    func required(_ name: String) throws(ProviderError) -> RequestField {
        _ = try object()
        guard let found = optional(name) else { throw Wording.missing(Wording.path(path, name)) }
        return found
    }

    /// An object without other members than these.
    func only(_ names: [String]) throws(ProviderError) {
        for member in try object().members where !names.contains(Wording.canonical(member.name)) {
            throw Wording.unknown(member.name, in: path)
        }
    }

    func object() throws(ProviderError) -> JSONObject {
        guard let object = value.object else { throw mistyped(.object) }
        return object
    }

    func elements() throws(ProviderError) -> [RequestField] {
        guard let array = value.array else { throw mistyped(.array) }
        return array.enumerated().map { RequestField($0.element, at: Wording.path(path, $0.offset)) }
    }

    func string() throws(ProviderError) -> String {
        guard let string = value.string else { throw mistyped(.string) }
        return string
    }

    func number() throws(ProviderError) -> Double {
        guard let number = value.number?.double else { throw mistyped(.number) }
        return number
    }

    func integer() throws(ProviderError) -> Int {
        guard let integer = value.number?.integer(as: Int.self) else { throw mistyped(.number) }
        return integer
    }

    func boolean() throws(ProviderError) -> Bool {
        guard let boolean = value.boolean else { throw mistyped(.boolean) }
        return boolean
    }

    private func mistyped(_ want: JSONKind) -> ProviderError { Wording.mistyped(path, want: want, found: value) }
}

extension String {
    /// As many bytes as that, each of them among `allowed`.
    func isName(of allowed: (UInt8) -> Bool, countMax: Int) -> Bool {
        !isEmpty && utf8.count <= countMax && utf8.allSatisfy(allowed)
    }

    var isBlank: Bool { allSatisfy(\.isWhitespace) }
}

extension UInt8 {
    var isLetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    /// What most providers take in the names of tools.
    var isInToolName: Bool { isLetterOrDigit || self == UInt8(ascii: "_") || self == UInt8(ascii: "-") }
}
