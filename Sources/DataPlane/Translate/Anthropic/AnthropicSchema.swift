import Shared

/// Makes a JSON schema one that Anthropic takes.
///
/// - Shape: a keyword that is refused moves into the `description` of its schema, as text, so that the model may still go by it. Schemas
///   that answers are held to know few keywords; those of tools that are merely offered know all, but for some at the top.
/// - Source: Anthropic, "Structured outputs", JSON schema limitations.
struct AnthropicSchema {
    /// Answers may not be what the schema wants: a keyword that says more than a hint was given up.
    private(set) var isChanged = false

    // MARK: Schemas that are kept to

    /// For `output_config.format`, and for tools that are `strict`.
    mutating func strict(_ schema: JSONValue) -> JSONValue {
        guard let object = schema.object else { return schema }
        var kept = JSONObject()
        var refused: [JSONObject.Member] = []
        for member in object.members {
            switch strict(member, of: object) {
            case .kept(let name, let value): kept[name] = value
            case .refused: refused.append(member)
            case .silent: break
            }
        }
        // Without it an object may have any member, which Anthropic does not take. An answer with fewer members is
        // one that was asked for.
        if object["type"]?.names("object") == true || object["properties"] != nil {
            kept["additionalProperties"] = .boolean(false)
        }
        describe(refused, in: &kept)
        return .object(kept)
    }

    private enum Verdict {
        case kept(String, JSONValue)
        case refused
        /// It says nothing about answers.
        case silent
    }

    private mutating func strict(_ member: JSONObject.Member, of schema: JSONObject) -> Verdict {
        switch (member.name, member.value) {
        case ("$schema", _), ("$id", _), ("$comment", _), ("examples", _), ("deprecated", _): return .silent
        case ("additionalProperties", .boolean): return .silent
        case ("type", _), ("description", _), ("title", _), ("const", _), ("default", _), ("required", _), ("$ref", _):
            return .kept(member.name, member.value)
        case ("enum", .array(let values)):
            let arePlain = values.allSatisfy { $0.object == nil && $0.array == nil }
            return arePlain ? .kept(member.name, member.value) : .refused
        case ("properties", .object(let schemas)), ("$defs", .object(let schemas)),
            ("definitions", .object(let schemas)):
            var filtered = JSONObject()
            for schema in schemas.members { filtered[schema.name] = strict(schema.value) }
            return .kept(member.name, .object(filtered))
        case ("items", .object): return .kept("items", strict(member.value))
        case ("anyOf", .array(let schemas)), ("allOf", .array(let schemas)):
            return .kept(member.name, .array(schemas.map { strict($0) }))
        case ("oneOf", .array(let schemas)) where schema["anyOf"] == nil:
            isChanged = true
            return .kept("anyOf", .array(schemas.map { strict($0) }))
        case ("format", .string(let format)) where Self.formats.contains(format): return .kept("format", member.value)
        case ("pattern", .string(let pattern)) where Self.isTaken(pattern): return .kept("pattern", member.value)
        case ("minItems", .number(let count)) where count.text == "0" || count.text == "1":
            return .kept("minItems", member.value)
        default: return .refused
        }
    }

    private static let formats: Set<String> = [
        "date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid",
    ]

    /// Neither looks around nor back: `(?=`, `(?!`, `(?<`, `\b`, `\1`.
    private static func isTaken(_ pattern: String) -> Bool {
        var previous: UInt8 = 0
        var lookingAt = Array(pattern.utf8)[...]
        while let byte = lookingAt.popFirst() {
            if previous == UInt8(ascii: "\\") {
                if byte == UInt8(ascii: "b") || byte == UInt8(ascii: "B") || (49...57).contains(byte) { return false }
                previous = 0
                continue
            }
            if previous == UInt8(ascii: "("), byte == UInt8(ascii: "?"), lookingAt.first != UInt8(ascii: ":") {
                return false
            }
            previous = byte
        }
        return true
    }

    // MARK: Schemas that are offered

    /// For the input of a tool: an object, without alternatives at the top.
    mutating func input(_ schema: JSONValue?) -> JSONValue {
        guard let object = schema?.object else {
            var empty = JSONObject()
            empty["type"] = .string("object")
            empty["properties"] = .object(JSONObject())
            return .object(empty)
        }
        var kept = JSONObject()
        var refused: [JSONObject.Member] = []
        for member in object.members {
            switch member.name {
            case "anyOf", "oneOf", "allOf": refused.append(member)
            default: kept[member.name] = member.value
            }
        }
        if kept["type"]?.names("object") != true { kept["type"] = .string("object") }
        describe(refused, in: &kept)
        return .object(kept)
    }

    // MARK: Describing

    /// Appends what was refused to the description: `{"minimum":1,"maximum":10}`.
    private mutating func describe(_ refused: [JSONObject.Member], in schema: inout JSONObject) {
        guard !refused.isEmpty else { return }
        isChanged = true
        var object = JSONObject()
        for member in refused { object[member.name] = member.value }
        let text = String(decoding: JSONValue.object(object).bytes, as: UTF8.self)
        let description = schema["description"]?.string.map { $0 + "\n\n" } ?? ""
        schema["description"] = .string(description + text)
    }
}

extension JSONValue {
    /// As the `type` of a schema, a name or a list of names: whether `type` is one of them.
    fileprivate func names(_ type: String) -> Bool {
        string == type || array?.contains(.string(type)) == true
    }
}
