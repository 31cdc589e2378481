import Shared

/// The part of JSON schema that Gemini has a message for.
///
/// - Source: Gemini API reference, "Schema".
enum GeminiSchema {
    typealias Field = RequestField<GeminiWording>

    private static let keywords = [
        "type", "format", "title", "description", "nullable", "enum", "maxItems", "minItems", "properties", "required",
        "minProperties", "maxProperties", "minLength", "maxLength", "pattern", "example", "anyOf", "propertyOrdering",
        "default", "items", "minimum", "maximum",
    ]

    /// - Errors: a keyword that there is no field for, and what does not fit together.
    static func check(_ schema: Field) throws(ProviderError) {
        try schema.only(keywords)
        func complain(_ place: String, _ what: String) -> ProviderError {
            .invalidArgument("* GenerateContentRequest.\(schema.path)\(place): \(what)\n")
        }
        let type = try schema.optional("type")?.string().uppercased()
        let types = ["STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL", "TYPE_UNSPECIFIED"]
        if let type, !types.contains(type) {
            throw GeminiWording.mistyped("\(schema.path).type", want: .string, found: .string(type))
        }
        var names: [String] = []
        if let properties = schema.optional("properties") {
            for (index, member) in try properties.object().members.enumerated() {
                names.append(member.name)
                try check(Field(member.value, at: "\(properties.path)[\(index)].value"))
            }
            guard type == "OBJECT" || type == nil else { throw complain(".properties", "only allowed for OBJECT type") }
            guard !names.isEmpty else { throw complain(".properties", "should be non-empty for OBJECT type") }
        }
        for (index, name) in (try schema.optional("required")?.elements() ?? []).enumerated() {
            guard names.contains(try name.string()) else {
                throw complain(".required[\(index)]", "property is not defined")
            }
        }
        if let items = schema.optional("items") {
            guard type == "ARRAY" || type == nil else { throw complain(".items", "only allowed for ARRAY type") }
            try check(items)
        } else if type == "ARRAY" {
            throw complain(".items", "missing field.")
        }
        for one in try schema.optional("anyOf")?.elements() ?? [] { try check(one) }
        if let values = schema.optional("enum") {
            for value in try values.elements() where try value.string().isEmpty {
                throw complain(".enum", "cannot be empty")
            }
            guard type == "STRING" else { throw complain(".enum", "only allowed for STRING type") }
        }
        if let format = try schema.optional("format")?.string() {
            let formats = [
                "STRING": ["enum", "date-time", "date", "time", "duration"], "NUMBER": ["float", "double"],
                "INTEGER": ["int32", "int64"],
            ]
            guard formats[type ?? ""]?.contains(format) == true else {
                throw complain(".format", "only 'enum' and 'date-time' are supported for \(type ?? "this") type")
            }
        }
        if let nullable = schema.optional("nullable") { _ = try nullable.boolean() }
    }
}
