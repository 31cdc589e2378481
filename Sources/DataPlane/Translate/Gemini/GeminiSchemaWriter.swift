import Shared

/// Writes JSON schemas for Gemini.
///
/// Gemini takes a schema in either of two forms. Its own dialect is a part of OpenAPI's, in which one type is upper case, `nullable` is a
/// flag, and a field that it does not know fails the whole request; every version and make of the API takes it. JSON schemas as they are
/// (`parametersJsonSchema`, `responseJsonSchema`) are newer, and what is not supported in them is passed over. So parameters go in Gemini's
/// own dialect where that says all that the schema says, and as a JSON schema where something would be lost: references that lead back to
/// themselves, values of an enumeration that are no strings, maps, tuples, exclusive bounds, formats that only JSON schemas have.
///
/// - Shape: references are put in place of themselves, at most `nodeCountMax` schemas in all, since references to references grow without
///   bound; beyond that it is the JSON schema that goes.
/// - Source: Google, "Gemini API reference", `Schema`, `FunctionDeclaration`, `GenerationConfig.responseJsonSchema`.
struct GeminiSchemaWriter {
    private static let nodeCountMax = 2_000

    private let root: JSONValue
    private var nodeCount = 0
    /// References that are being put in place: one that occurs among them leads back to itself.
    private var open: [String] = []

    private init(root: JSONValue) { self.root = root }

    /// nil where it cannot say the same.
    static func ownDialect(of schema: JSONValue) -> JSONValue? {
        var writer = GeminiSchemaWriter(root: schema)
        return writer.schema(schema).map { .object($0) }
    }

    /// Whether these are the parameters of a function without any: Gemini wants none then, not an object without properties.
    static func takesNothing(_ schema: JSONValue) -> Bool {
        guard let object = schema.object else { return false }
        return object.members.allSatisfy { member in
            switch member.name {
            case "type": member.value == .string("object")
            case "properties": member.value.object?.members.isEmpty == true
            case "required": member.value.array?.isEmpty == true
            case "additionalProperties": member.value == .boolean(false)
            case "$schema", "title", "description": true
            default: false
            }
        }
    }

    // MARK: Gemini's own dialect

    private mutating func schema(_ value: JSONValue) -> JSONObject? {
        nodeCount += 1
        guard nodeCount <= Self.nodeCountMax, let object = value.object else { return nil }
        if let reference = object["$ref"] { return referred(reference, in: object) }
        for name in ["anyOf", "oneOf"] where object[name] != nil { return union(object, under: name) }
        if let all = object["allOf"]?.array { return all.count == 1 ? merged(object, without: "allOf", all[0]) : nil }
        if case .array(let types)? = object["type"] { return union(object, of: types) }
        return plain(object)
    }

    private mutating func plain(_ object: JSONObject) -> JSONObject? {
        var out = JSONObject()
        guard let type = Self.type(of: object) else { return nil }
        out["type"] = .string(type.uppercased())
        for member in object.members where member.name != "type" {
            guard write(member, ofType: type, to: &out) else { return nil }
        }
        // An object of which nothing is known, or an array of anything, is refused.
        if type == "object", out["properties"] == nil { return nil }
        if type == "array", out["items"] == nil { return nil }
        if let required = out["required"]?.array, let properties = out["properties"]?.object {
            let known = required.filter { $0.string.map { properties[$0] != nil } ?? false }
            out["required"] = known.isEmpty ? nil : .array(known)
        }
        return out
    }

    /// - Returns: false where Gemini cannot be told.
    private mutating func write(_ member: JSONObject.Member, ofType type: String, to out: inout JSONObject) -> Bool {
        switch member.name {
        // Says no more than that the value may be null.
        case "default" where member.value == .null: return true
        case "title", "description", "default", "propertyOrdering", "required", "pattern", "minimum", "maximum",
            "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "nullable":
            out[member.name] = member.value
        case "examples": out["example"] = member.value.array?.first
        case "example": out["example"] = member.value
        case "properties": return writeProperties(member.value, to: &out)
        case "items":
            guard let items = schema(member.value) else { return false }
            out["items"] = .object(items)
        case "enum": return writeValues(member.value.array ?? [], ofType: type, to: &out)
        case "const": return writeValues([member.value], ofType: type, to: &out)
        case "format":
            guard let format = member.value.string, Self.takesFormat(format, ofType: type) else { return false }
            out["format"] = member.value
        // No other properties than the declared ones: that is how Gemini calls in any case.
        case "additionalProperties": return member.value.boolean != nil
        case "$schema", "$id", "$comment", "$defs", "definitions", "$anchor", "deprecated", "readOnly", "writeOnly":
            return true
        default: return member.value == .null
        }
        return true
    }

    private mutating func writeProperties(_ value: JSONValue, to out: inout JSONObject) -> Bool {
        guard let members = value.object?.members, !members.isEmpty else { return false }
        var properties = JSONObject()
        for member in members {
            guard let property = schema(member.value) else { return false }
            properties[member.name] = .object(property)
        }
        out["properties"] = .object(properties)
        return true
    }

    /// Values of an enumeration are strings that are not empty.
    private func writeValues(_ values: [JSONValue], ofType type: String, to out: inout JSONObject) -> Bool {
        let named = values.filter { $0 != .null }
        guard type == "string", !named.isEmpty, named.allSatisfy({ $0.string?.isEmpty == false }) else { return false }
        out["enum"] = .array(named)
        if named.count < values.count { out["nullable"] = .boolean(true) }
        return true
    }

    private static func type(of object: JSONObject) -> String? {
        if let type = object["type"] { return type.string }
        if object["properties"] != nil { return "object" }
        if object["items"] != nil { return "array" }
        if object["enum"]?.array?.first?.string != nil || object["const"]?.string != nil { return "string" }
        return nil
    }

    private static func takesFormat(_ format: String, ofType type: String) -> Bool {
        switch type {
        case "string": format == "date-time" || format == "enum"
        case "number": format == "float" || format == "double"
        case "integer": format == "int32" || format == "int64"
        default: false
        }
    }

    // MARK: References and unions

    private mutating func referred(_ reference: JSONValue, in object: JSONObject) -> JSONObject? {
        guard let name = reference.string, !open.contains(name), let meant = resolved(name) else { return nil }
        open.append(name)
        defer { open.removeLast() }
        return merged(object, without: "$ref", meant)
    }

    private func resolved(_ reference: String) -> JSONValue? {
        guard reference.hasPrefix("#") else { return nil }
        var value = root
        for piece in reference.dropFirst().split(separator: "/") {
            let name = piece.replacing("~1", with: "/").replacing("~0", with: "~")
            guard let next = value[String(name)] else { return nil }
            value = next
        }
        return value
    }

    /// What `object` says about a schema that stands in it, put into that.
    private mutating func merged(
        _ object: JSONObject, without name: String, _ inner: JSONValue, isNullable: Bool = false
    ) -> JSONObject? {
        guard var out = schema(inner) else { return nil }
        for member in object.members where member.name != name {
            switch member.name {
            case "default" where member.value == .null: break
            case "title", "description", "default": out[member.name] = member.value
            case "$defs", "definitions", "$schema", "$id", "$comment": break
            default: return nil
            }
        }
        if isNullable { out["nullable"] = .boolean(true) }
        return out
    }

    private mutating func union(_ object: JSONObject, of types: [JSONValue]) -> JSONObject? {
        let named = types.filter { $0 != .string("null") }
        var rest = object
        if named.count == 1 {
            rest["type"] = named[0]
            guard var out = schema(.object(rest)) else { return nil }
            if named.count < types.count { out["nullable"] = .boolean(true) }
            return out
        }
        rest["type"] = nil
        rest["anyOf"] = .array(types.map { .object(["type": $0]) })
        return union(rest, under: "anyOf")
    }

    /// One of several. Gemini understands "exactly one" no other than "any".
    private mutating func union(_ object: JSONObject, under name: String) -> JSONObject? {
        guard let all = object[name]?.array else { return nil }
        let named = all.filter { !Self.isNull($0) }
        let isNullable = named.count < all.count
        if named.count == 1 { return merged(object, without: name, named[0], isNullable: isNullable) }
        if let values = Self.values(named) {
            return merged(object, without: name, .object(["enum": .array(values)]), isNullable: isNullable)
        }
        // Nothing may stand beside `anyOf`, so that what is said of all is said of each.
        var branches: [JSONValue] = []
        for value in named {
            guard var branch = merged(object, without: name, value, isNullable: isNullable) else { return nil }
            if let own = value["description"] { branch["description"] = own }
            branch["title"] = value["title"]
            branch["default"] = value["default"]
            // A union in a union.
            guard branch["anyOf"] == nil else { return nil }
            branches.append(.object(branch))
        }
        return branches.isEmpty ? nil : ["anyOf": .array(branches)]
    }

    private static func isNull(_ schema: JSONValue) -> Bool {
        schema["type"] == .string("null") || schema["const"] == .null || schema["enum"] == .array([.null])
    }

    /// The strings of branches that are nothing but constants.
    private static func values(_ branches: [JSONValue]) -> [JSONValue]? {
        var values: [JSONValue] = []
        for branch in branches {
            guard let object = branch.object, let value = object["const"], value.string != nil,
                object.members.allSatisfy({ ["const", "type"].contains($0.name) })
            else { return nil }
            values.append(value)
        }
        return values.isEmpty ? nil : values
    }

    // MARK: JSON schemas

    /// As it is, but for what Gemini reads otherwise: no `$schema`, definitions under `$defs`, a constant as an enumeration of one, and nothing
    /// beside a reference, which therefore becomes the only branch of an `anyOf`.
    static func jsonSchema(from schema: JSONValue) -> JSONValue {
        guard let object = schema.object else { return schema }
        var out = JSONObject()
        for member in object.members {
            switch member.name {
            case "$schema": break
            case "properties", "patternProperties", "dependentSchemas": out[member.name] = each(member.value)
            case "$defs", "definitions": out["$defs"] = each(member.value)
            case "items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else":
                out[member.name] = jsonSchema(from: member.value)
            case "anyOf", "oneOf", "allOf", "prefixItems":
                out[member.name] = member.value.array.map { .array($0.map(jsonSchema)) } ?? member.value
            case "const" where member.value.string != nil || member.value.number != nil:
                out["enum"] = .array([member.value])
            case "$ref": out["$ref"] = reference(member.value)
            default: out[member.name] = member.value
            }
        }
        guard let target = out["$ref"], out.names.contains(where: { !$0.hasPrefix("$") }) else { return .object(out) }
        out["$ref"] = nil
        out["anyOf"] = .array([.object(["$ref": target])])
        return .object(out)
    }

    private static func each(_ value: JSONValue) -> JSONValue {
        guard let object = value.object else { return value }
        var out = JSONObject()
        for member in object.members { out[member.name] = jsonSchema(from: member.value) }
        return .object(out)
    }

    private static func reference(_ value: JSONValue) -> JSONValue {
        guard let text = value.string, text.hasPrefix("#/definitions/") else { return value }
        return .string("#/$defs/" + text.dropFirst("#/definitions/".count))
    }
}
