import Shared

/// How Google's servers read JSON: names in camel case or with underscores, whole numbers also as strings.
///
/// - Source: Protocol Buffers, "ProtoJSON format".
extension MemberReader {
    /// The members of a message, all of them under their names in camel case. What is free in form (arguments, labels) is no message.
    init(gemini value: JSONValue, at path: FieldPath) throws(TranslationError) {
        guard let object = value.object else { throw path.wants("an object") }
        self.init(GeminiNames.camelCased(object), at: path)
    }

    /// The members of a message that is itself a member.
    mutating func message(_ name: String) throws(TranslationError) -> MemberReader? {
        guard let value = value(name) else { return nil }
        return try MemberReader(gemini: value, at: path[name])
    }

    /// A whole number, also as a string.
    mutating func whole(_ name: String) throws(TranslationError) -> Int64? {
        guard let value = value(name) else { return nil }
        guard let whole = GeminiNames.whole(value) else { throw path[name].wants("a whole number") }
        return whole
    }

    /// A whole number that is not negative, also as a string.
    mutating func count(_ name: String) throws(TranslationError) -> UInt64? {
        guard let whole = try whole(name) else { return nil }
        guard whole >= 0 else { throw path[name].wants("a whole number that is not negative") }
        return UInt64(whole)
    }
}

enum GeminiNames {
    /// Of the members of the object itself, not of what lies within.
    static func camelCased(_ object: JSONObject) -> JSONObject {
        guard object.members.contains(where: { $0.name.utf8.dropFirst().contains(UInt8(ascii: "_")) }) else {
            return object
        }
        var renamed = JSONObject()
        for member in object.members { renamed[camelCased(member.name)] = member.value }
        return renamed
    }

    /// An underscore at the beginning stays: it belongs to the name.
    static func camelCased(_ name: String) -> String {
        var out: [UInt8] = []
        var isAfterUnderscore = false
        for byte in name.utf8 {
            if byte == UInt8(ascii: "_"), !out.isEmpty {
                isAfterUnderscore = true
                continue
            }
            out.append(isAfterUnderscore && byte &- 97 < 26 ? byte - 32 : byte)
            isAfterUnderscore = false
        }
        return String(decoding: out, as: UTF8.self)
    }

    static func whole(_ value: JSONValue) -> Int64? {
        switch value {
        case .string(let text): Int64(text)
        case .number(let number): number.int64 ?? number.double.flatMap { Int64(exactly: $0) }
        default: nil
        }
    }
}

/// Bytes in JSON: base64 of either alphabet, padded or not. Google's client for Python writes the one for URLs, with padding.
enum GeminiBytes {
    /// The same bytes in the alphabet that all dialects take, padded.
    static func standard(_ text: String) -> String {
        let isStandard = !text.utf8.contains { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        if isStandard, text.utf8.count.isMultiple(of: 4) { return text }
        var out = text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: byte
            }
        }
        while !out.count.isMultiple(of: 4) { out.append(UInt8(ascii: "=")) }
        return String(decoding: out, as: UTF8.self)
    }
}
