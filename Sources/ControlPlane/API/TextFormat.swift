import Shared

/// The kinds of text in the admin API, each with its rule and the words that explain it.
enum TextFormat: Equatable, Sendable {
    /// 1 to `bytesMax` bytes without control characters.
    case line(bytesMax: Int)
    /// A name people give: 1...200 bytes, no control characters, no blank at either end, not a UUID (a reference by name
    /// must not be mistaken for one by ID).
    case name
    /// A public model name: a name without white space.
    case modelName
    case uuid
    case keyID
    /// The ID or the name of another object.
    case reference
    case dateTime
    /// `http` or `https`, host, optional port and path, nothing else.
    case baseURL
    /// What is appended to a base URL: a path without query, as a secret in it would stand in logs.
    case probePath
    /// An IPv4 or IPv6 network, `10.0.0.0/8`.
    case network
    /// `env:NAME` or `file:/path`.
    case secretReference
    /// A secret: printable ASCII without blanks, as it goes into a header, or a JSON object, which does not.
    case secret
    /// The name of an HTTP field that callers may set, in any case.
    case fieldName
    /// The name of an HTTP field that may carry a secret to a provider, in any case.
    case credentialField
    /// What stands behind the question mark of a URL.
    case query
    /// Of a vendor's cloud; it may become part of a host's name.
    case region
    /// What names a rule of a route: fit for a header, a log and a metric as it is.
    case ruleName
    /// `08:30`.
    case timeOfDay
    /// `+05:30`.
    case utcOffset
    /// Dollars as decimal text.
    case decimal
    /// An amount of dollars as people write it, none below zero: `25`, `0.5`, `12.345678901`.
    case dollars
    /// Anything.
    case free

    var remedy: String {
        switch self {
        case .line(let bytesMax): "1...\(bytesMax) bytes of text without control characters"
        case .name: "a name of 1...200 bytes without control characters, without blanks at its ends, and not a UUID"
        case .modelName: "a model name of 1...200 bytes without white space, and not a UUID"
        case .uuid: "a UUID"
        case .keyID: "a key ID: 12 characters of 0-9a-z"
        case .reference: "the ID or the name of an existing object"
        case .dateTime: "an RFC 3339 date-time from 1970 to 2999, such as 2026-01-31T00:00:00Z"
        case .baseURL: "http:// or https://, a host, and an optional port and path, such as https://api.openai.com/v1"
        case .probePath:
            "a path of 1...\(PolicyDocument.Probe.pathBytesMax) characters that begins with /, such as /models, without ? and #"
        case .network: "a network such as 10.0.0.0/8 or 2001:db8::/32"
        case .secretReference: "env:NAME or file:/absolute/path"
        case .secret:
            "1...4096 printable ASCII characters without blanks, or a JSON object of at most \(Self.jsonSecretBytesMax) bytes"
        case .fieldName:
            "the name of an HTTP field of 1...64 characters, such as x-session, and none of \(Self.fieldNamesRefused.joined(separator: ", "))"
        case .credentialField:
            "the name of an HTTP field of 1...64 characters, such as api-key, and none of content-*, \(Self.framingFieldNames.joined(separator: ", "))"
        case .query:
            "pairs name=value with & between them, 1...256 characters as they stand in a URL, without the question mark, such as api-version=2024-10-21"
        case .region: "1...32 lower-case letters, digits and hyphens, no hyphen at an end, such as us-east-1"
        case .ruleName: "1...\(PolicyDocument.Rule.nameBytesMax) characters of A-Za-z0-9._-"
        case .timeOfDay: "a time of the day such as 08:30, from 00:00 to 23:59"
        case .utcOffset: "a distance from UTC such as +02:00, from -12:00 to +14:00"
        case .decimal: "a decimal number"
        case .dollars: "dollars as text from 0 to 9223372036 with at most nine decimals, such as \"25.00\""
        case .free: "text"
        }
    }

    func accepts(_ text: String) -> Bool {
        let bytes = text.utf8
        switch self {
        case .line(let bytesMax): return (1...bytesMax).contains(bytes.count) && !text.hasControlCharacters
        case .name:
            return (1...200).contains(bytes.count) && !text.hasControlCharacters && bytes.first != 32
                && bytes.last != 32
                && ObjectID(text) == nil
        case .modelName:
            return (1...200).contains(bytes.count) && !text.hasControlCharacters
                && !text.contains(where: \.isWhitespace)
                && ObjectID(text) == nil
        case .uuid: return ObjectID(text) != nil
        case .keyID: return VirtualKeyID(text) != nil
        case .reference: return (1...200).contains(bytes.count) && !text.hasControlCharacters
        case .dateTime: return RFC3339.parse(text).map(Self.times.contains) ?? false
        case .baseURL: return Self.isBaseURL(text)
        case .probePath:
            return (1...PolicyDocument.Probe.pathBytesMax).contains(bytes.count) && bytes.first == UInt8(ascii: "/")
                && bytes.allSatisfy { (33...126).contains($0) && !Self.noPathBytes.contains($0) }
        case .network: return NetworkPrefix(text) != nil
        case .secretReference: return Self.isSecretReference(text)
        case .secret:
            return (1...4096).contains(bytes.count) && bytes.allSatisfy { (33...126).contains($0) }
                || Self.isJSONSecret(text)
        case .fieldName:
            return (1...64).contains(bytes.count) && bytes.allSatisfy { HTTPBytes.isToken($0) }
                && !Self.fieldNamesRefused.contains(text.lowercased())
        case .credentialField:
            let name = text.lowercased()
            return (1...64).contains(bytes.count) && bytes.allSatisfy { HTTPBytes.isToken($0) }
                && !name.hasPrefix("content-") && !Self.framingFieldNames.contains(name)
        case .query: return Self.isQuery(text)
        case .region:
            return (1...32).contains(bytes.count) && bytes.first != 45 && bytes.last != 45
                && bytes.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || $0 == 45 }
        case .ruleName:
            return (1...PolicyDocument.Rule.nameBytesMax).contains(bytes.count)
                && bytes.allSatisfy {
                    (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45 || $0 == 46
                        || $0 == 95
                }
        case .timeOfDay: return ClockText.minuteOfDay(text) != nil
        case .utcOffset: return ClockText.offsetMinutes(text) != nil
        case .decimal: return !text.isEmpty
        case .dollars: return Money(dollars: text) != nil
        case .free: return true
        }
    }

    /// They end a path, or stand in none (RFC 3986).
    private static let noPathBytes = Set(#"?#"<>\^`{|}[]"#.utf8)

    /// What proves who a caller is, and what says where a message goes and ends: no name of a session stands there.
    private static let fieldNamesRefused = ["authorization", "cookie", "x-api-key", "host", "content-length"]

    /// What says where a message goes, where it ends and what becomes of its connection.
    private static let framingFieldNames = [
        "host", "connection", "expect", "http2-settings", "keep-alive", "proxy-authenticate", "proxy-authorization",
        "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ]

    /// 1970 to 2999: what every clock, database and text form on the way can hold.
    private static let times: Range<Int64> = 0..<32_503_680_000_000

    /// `format`, `pattern` and lengths of JSON Schema. A pattern says less than `accepts` where a regular expression would
    /// say it badly; it never says more.
    var facets: [(name: String, value: JSONValue)] {
        func lengths(_ max: Int) -> [(name: String, value: JSONValue)] {
            [("minLength", .int(1)), ("maxLength", .int(Int64(max)))]
        }
        switch self {
        case .line(let bytesMax): return lengths(bytesMax)
        case .name, .reference: return lengths(200)
        case .modelName: return lengths(200) + [("pattern", .string("^\\S+$"))]
        case .uuid: return [("format", .string("uuid"))]
        case .keyID: return [("pattern", .string("^[0-9a-z]{12}$"))]
        case .dateTime: return [("format", .string("date-time"))]
        case .baseURL: return [("format", .string("uri")), ("pattern", .string("^https?://"))]
        case .probePath:
            return lengths(PolicyDocument.Probe.pathBytesMax) + [("pattern", .string("^/[^?#\\s]*$"))]
        case .network: return [("maxLength", .int(49))]
        case .secretReference: return [("pattern", .string("^(env:[A-Za-z_][A-Za-z0-9_]*|file:/.*)$"))]
        case .secret: return lengths(Self.jsonSecretBytesMax)
        case .fieldName: return lengths(64) + [("pattern", .string("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"))]
        case .credentialField: return lengths(64) + [("pattern", .string("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"))]
        case .query: return lengths(256) + [("pattern", .string("^[^=&?#\\s]+=[^?#\\s]*$"))]
        case .region: return lengths(32) + [("pattern", .string("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"))]
        case .ruleName:
            return lengths(PolicyDocument.Rule.nameBytesMax) + [("pattern", .string("^[A-Za-z0-9._-]+$"))]
        case .timeOfDay: return [("pattern", .string("^([01][0-9]|2[0-3]):[0-5][0-9]$"))]
        case .utcOffset: return [("pattern", .string("^[+-](0[0-9]|1[0-4]):[0-5][0-9]$"))]
        case .decimal: return [("pattern", .string("^-?[0-9]+\\.[0-9]{2,9}$"))]
        case .dollars: return [("pattern", .string("^[0-9]{1,10}(\\.[0-9]{1,9})?$"))]
        case .free: return []
        }
    }

    /// Checked by hand rather than with a URL type: what is refused here (user names, queries, fragments, blanks) would
    /// otherwise surface much later, as a strange upstream request.
    private static func isBaseURL(_ text: String) -> Bool {
        let rest: Substring
        if text.hasPrefix("https://") {
            rest = text.dropFirst(8)
        } else if text.hasPrefix("http://") {
            rest = text.dropFirst(7)
        } else {
            return false
        }
        guard text.utf8.count <= 2000, text.utf8.allSatisfy({ (33...126).contains($0) }),
            !text.contains("?"), !text.contains("#"), !text.contains("@"), !text.contains("\\")
        else { return false }
        var authority = rest.prefix { $0 != "/" }
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return false }
            let address = authority[authority.index(after: authority.startIndex)..<end]
            guard !address.isEmpty, NetworkPrefix("\(address)/128") != nil else { return false }
            authority = authority[authority.index(after: end)...]
        } else {
            let host = authority.prefix { $0 != ":" }
            guard !host.isEmpty, host.utf8.allSatisfy(isHostByte) else { return false }
            authority = authority.dropFirst(host.count)
        }
        if authority.isEmpty { return true }
        let digits = authority.dropFirst()
        guard authority.hasPrefix(":"), digits.utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(digits)
        else {
            return false
        }
        return (1...65535).contains(port)
    }

    /// By hand as well: what is not a pair, or has to be escaped, would surface as a strange upstream request.
    private static func isQuery(_ text: String) -> Bool {
        guard (1...256).contains(text.utf8.count) else { return false }
        return text.utf8.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false).allSatisfy { pair in
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")), equals > pair.startIndex else { return false }
            var escaped = 0
            for byte in pair {
                if escaped > 0 {
                    guard isHexDigit(byte) else { return false }
                    escaped -= 1
                } else if byte == UInt8(ascii: "%") {
                    escaped = 2
                } else if !isQueryByte(byte) {
                    return false
                }
            }
            return escaped == 0
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
    }

    /// RFC 3986, section 3.4, without the question mark, which would rather be a mistake.
    private static func isQueryByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: queryMarks.contains(byte)
        }
    }

    private static let queryMarks = Set("-._~!$'()*+,;=:@/".utf8)

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// Longer than any key that a cloud hands out.
    private static let jsonSecretBytesMax = 16_384

    private static func isJSONSecret(_ text: String) -> Bool {
        guard text.utf8.count <= jsonSecretBytesMax, text.utf8.first == UInt8(ascii: "{") else { return false }
        return (try? JSONValue(parsing: Array(text.utf8)))?.object != nil
    }

    private static func isSecretReference(_ text: String) -> Bool {
        guard text.utf8.count <= 1000, !text.hasControlCharacters else { return false }
        if text.hasPrefix("file:/") { return text.utf8.count > 6 }
        guard text.hasPrefix("env:") else { return false }
        let name = text.utf8.dropFirst(4)
        guard let first = name.first, !(48...57).contains(first) else { return false }
        return name.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95
        }
    }
}

extension String {
    var hasControlCharacters: Bool {
        unicodeScalars.contains { $0.value < 32 || (127...159).contains($0.value) }
    }

    /// Quoted, and cut where it is long: an answer does not repeat a megabyte.
    var quotedForMessage: String {
        unicodeScalars.count > 60 ? "\"\(prefix(60))…\"" : "\"\(self)\""
    }
}
