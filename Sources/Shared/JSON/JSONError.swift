/// Why a text is not the JSON that was wanted, and where.
public struct JSONError: Error, Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        /// Something else should stand here: `a value`, `',' or '}'`.
        case expected(String)
        /// The text ends where something should follow.
        case unexpectedEnd
        /// Something follows the end of the value.
        case trailingBytes
        /// Objects and arrays nested deeper than `JSONScanner.depthMax`.
        case tooDeep
        /// A character below U+0020 inside a string must be escaped.
        case controlCharacter
        case invalidEscape
        case invalidNumber
        case invalidUTF8
        /// Half of a surrogate pair: grammatical, but not a character. Refused only where the text has to be decoded.
        case loneSurrogate
        case duplicateField(String)
    }

    public var kind: Kind
    /// Counted from the beginning of the text, in bytes.
    public var offset: Int

    public init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
    }
}

extension JSONError: CustomStringConvertible {
    public var description: String {
        switch kind {
        case .expected(let what): "expected \(what) at byte \(offset)"
        case .unexpectedEnd: "the JSON ends unexpectedly at byte \(offset)"
        case .trailingBytes: "expected nothing more at byte \(offset)"
        case .tooDeep: "more than \(JSONScanner.depthMax) levels of nesting at byte \(offset)"
        case .controlCharacter: "a control character in a string must be escaped at byte \(offset)"
        case .invalidEscape: "invalid escape sequence at byte \(offset)"
        case .invalidNumber: "invalid number at byte \(offset)"
        case .invalidUTF8: "invalid UTF-8 at byte \(offset)"
        case .loneSurrogate: "half of a surrogate pair at byte \(offset)"
        case .duplicateField(let name): "duplicate field \"\(name)\" at byte \(offset)"
        }
    }
}

/// What a value is.
public enum JSONKind: UInt8, Sendable {
    case object, array, string, number, boolean, null

    public var description: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .boolean: "true or false"
        case .null: "null"
        }
    }
}
