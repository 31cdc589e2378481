import Shared

/// Makes a JSON schema of a schema in Gemini's own dialect.
///
/// - Shape: types in lower case, `nullable` as a type of its own, bounds as numbers. What JSON schemas have too stays as it is, and so does
///   `propertyOrdering`. `format: enum` says no more than `enum` does, and goes.
/// - Source: Google, "Gemini API reference", `Schema`.
enum GeminiSchemaReader {
    static func jsonSchema(from schema: JSONValue) -> JSONValue {
        guard let object = schema.object else { return schema }
        var out = JSONObject()
        for member in GeminiNames.camelCased(object).members {
            switch member.name {
            case "type": out["type"] = type(member.value)
            case "nullable": break
            case "items", "additionalProperties": out[member.name] = jsonSchema(from: member.value)
            case "properties": out["properties"] = properties(member.value)
            case "anyOf": out["anyOf"] = member.value.array.map { .array($0.map(jsonSchema)) } ?? member.value
            case "format" where member.value == .string("enum") && object["enum"] != nil: break
            case "example": out["examples"] = .array([member.value])
            case "minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties":
                out[member.name] = GeminiNames.whole(member.value).map { .number(JSONNumber($0)) } ?? member.value
            default: out[member.name] = member.value
            }
        }
        return .object(object["nullable"] == .boolean(true) ? nullable(out) : out)
    }

    /// Names of properties are the caller's, not the protocol's.
    private static func properties(_ value: JSONValue) -> JSONValue {
        guard let object = value.object else { return value }
        var out = JSONObject()
        for member in object.members { out[member.name] = jsonSchema(from: member.value) }
        return .object(out)
    }

    private static func type(_ value: JSONValue) -> JSONValue? {
        switch value {
        case .string("TYPE_UNSPECIFIED"): nil
        case .string(let name): .string(name.lowercased())
        case .array(let names): .array(names.map { $0.string.map { .string($0.lowercased()) } ?? $0 })
        default: value
        }
    }

    private static func nullable(_ schema: JSONObject) -> JSONObject {
        var out = schema
        if let name = schema["type"]?.string {
            out["type"] = .array([.string(name), .string("null")])
            if let values = schema["enum"]?.array, !values.contains(.null) { out["enum"] = .array(values + [.null]) }
        } else if let branches = schema["anyOf"]?.array {
            out["anyOf"] = .array(branches + [.object(["type": .string("null")])])
        }
        return out
    }
}
