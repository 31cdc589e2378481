import Shared

/// How the value of a flag becomes a field of a request's body.
struct BodyField: Sendable {
    enum Kind: Sendable {
        case text, integer, flag
        /// `true` or `false`.
        case boolean
        /// `none` is null.
        case nullableText
        case nullableInteger
        /// Separated by commas, or the flag again; `none` is the empty list.
        case list
        /// The same, but `all` is null.
        case listOrAll
        /// The same, but `none` is null.
        case listOrNone
        /// The same of integers.
        case integers
        /// `name=value`, the flag again for more.
        case map
        /// `name=JSON or text`, the flag again for more.
        case object
        /// `name=integer`, separated by commas; `none` is null.
        case nullableIntegerMap
        /// The same where a value may be `true` or `false`, and what is none of these is text.
        case nullableMixedMap
        /// `header:NAME`, or the name of something else; `none` is null.
        case sticky
        /// `p95` or milliseconds, then `name=value`, separated by commas; `none` is null.
        case hedge
        /// `provider=…,model=…,percent=…,key=…[,upstream=…]`; `none` is null.
        case shadow
        /// `provider=…,model=…[,weight=…][,upstream=…][,on=…]`, the flag again for more.
        case targets
        /// JSON, or `@FILE` that holds it.
        case json
        /// The first line of the file of this name.
        case secretFile
    }

    var name: String
    var kind: Kind

    init(_ name: String, _ kind: Kind) {
        self.name = name
        self.kind = kind
    }

    func value(of texts: [String], flag: String) throws -> JSONValue {
        let text = texts.last ?? ""
        switch kind {
        case .text: return .string(text)
        case .nullableText: return text == "none" ? .null : .string(text)
        case .integer: return try Self.integer(text, flag)
        case .nullableInteger: return text == "none" ? .null : try Self.integer(text, flag)
        case .flag: return .boolean(true)
        case .boolean: return try Self.boolean(text, flag)
        case .nullableIntegerMap, .nullableMixedMap:
            if text == "none" { return .null }
            return try Self.record(
                text.split(separator: ",").map { part in
                    let (name, value) = try Self.pair(String(part), flag)
                    return (name, try kind == .nullableMixedMap ? Self.mixed(value) : Self.integer(value, flag))
                })
        case .hedge: return text == "none" ? .null : try Self.hedge(text, flag)
        case .shadow: return text == "none" ? .null : try Self.shadow(text, flag)
        case .sticky: return text == "none" ? .null : Self.sticky(text)
        case .list: return text == "none" ? .array([]) : Self.list(texts)
        case .integers:
            if text == "none" { return .array([]) }
            return .array(try texts.flatMap { try $0.split(separator: ",").map { try Self.integer(String($0), flag) } })
        case .listOrNone: return text == "none" ? .null : Self.list(texts)
        case .listOrAll: return text == "all" ? .null : text == "none" ? .array([]) : Self.list(texts)
        case .map:
            return try Self.record(
                texts.map { text in
                    let (name, value) = try Self.pair(text, flag)
                    return (name, .string(value))
                })
        case .object:
            return try Self.record(
                texts.map { text in
                    let (name, value) = try Self.pair(text, flag)
                    return (name, (try? JSONValue(parsing: Array(value.utf8))) ?? .string(value))
                })
        case .targets: return .array(try texts.map { try Self.target($0, flag) })
        case .json: return try Self.json(text, flag)
        case .secretFile: return .string(try Connection.secret(in: text))
        }
    }

    private static func mixed(_ text: String) -> JSONValue {
        switch text {
        case "true": .boolean(true)
        case "false": .boolean(false)
        default: Int64(text).map { .number(JSONNumber($0)) } ?? .string(text)
        }
    }

    private static func boolean(_ text: String, _ flag: String) throws -> JSONValue {
        guard let value = ["true": true, "false": false][text] else {
            throw UsageError("--\(flag): got \"\(text)\", want true or false")
        }
        return .boolean(value)
    }

    private static func json(_ text: String, _ flag: String) throws -> JSONValue {
        let bytes = text.hasPrefix("@") ? try Connection.read(String(text.dropFirst())) : Array(text.utf8)
        do throws(JSONError) { return try JSONValue(parsing: bytes) } catch {
            throw UsageError("--\(flag): want JSON or @FILE: \(error)")
        }
    }

    private static func integer(_ text: String, _ flag: String) throws -> JSONValue {
        guard let number = Int64(text) else { throw UsageError("--\(flag): got \"\(text)\", want an integer") }
        return .number(JSONNumber(number))
    }

    private static func number(_ text: String, _ flag: String) throws -> JSONValue {
        guard let value = try? JSONValue(parsing: Array(text.utf8)), value.number != nil else {
            throw UsageError("--\(flag): got \"\(text)\", want a number")
        }
        return value
    }

    private static func list(_ texts: [String]) -> JSONValue {
        .array(texts.flatMap { $0.split(separator: ",").map { .string(String($0)) } })
    }

    private static func pair(_ text: String, _ flag: String) throws -> (String, String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw UsageError("--\(flag): got \"\(text)\", want name=value")
        }
        return (parts[0], parts[1])
    }

    private static func sticky(_ text: String) -> JSONValue {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return record([("by", .string(parts[0]))] + parts.dropFirst().map { ("header", .string($0)) })
    }

    private static func hedge(_ text: String, _ flag: String) throws -> JSONValue {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        var fields: [(String, JSONValue)] = [("after_ms", .null)]
        if parts[0] != "p95" {
            guard let milliseconds = Int64(parts[0]) else {
                throw UsageError("--\(flag): got \"\(text)\", want p95 or milliseconds first")
            }
            fields[0].1 = .number(JSONNumber(milliseconds))
        }
        for part in parts.dropFirst() {
            let (name, value) = try pair(part, flag)
            fields.append((name, try name == "plain_answers" ? boolean(value, flag) : integer(value, flag)))
        }
        return record(fields)
    }

    private static func target(_ text: String, _ flag: String) throws -> JSONValue {
        try place(text, flag, more: "[,weight=…][,upstream=…][,on=CAUSE+CAUSE]") { name, value in
            switch name {
            case "weight": (name, try integer(value, flag))
            case "on": (name, .array(value.split(separator: "+").map { .string(String($0)) }))
            default: nil
            }
        }
    }

    private static func shadow(_ text: String, _ flag: String) throws -> JSONValue {
        try place(text, flag, more: ",percent=…,key=…[,upstream=…]") { name, value in
            switch name {
            case "percent": (name, try number(value, flag))
            case "key": ("virtual_key", .string(value))
            default: nil
            }
        }
    }

    /// A model at a provider, and what else `field` knows.
    private static func place(
        _ text: String, _ flag: String, more: String, _ field: (String, String) throws -> (String, JSONValue)?
    ) throws -> JSONValue {
        record(
            try text.split(separator: ",").map { part in
                let (name, value) = try pair(String(part), flag)
                switch name {
                case "provider", "model": return (name, .string(value))
                case "upstream": return ("upstream_model_name", .string(value))
                default: break
                }
                guard let known = try field(name, value) else {
                    throw UsageError("--\(flag): unknown part \"\(name)\"; want provider=…,model=…\(more)")
                }
                return known
            })
    }

    static func record(_ fields: [(String, JSONValue)]) -> JSONValue {
        var object = JSONObject()
        for (name, value) in fields { object[name] = value }
        return .object(object)
    }
}
