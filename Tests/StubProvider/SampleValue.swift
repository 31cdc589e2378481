import Shared

/// JSON that fits a schema, the same for the same schema.
///
/// - Shape: members in the order of `properties`; arrays have as many elements as they must; the first of an `enum`, or of several
///   schemas. Types may be spelled in capitals, as Gemini has them.
struct SampleValue {
    private let root: JSONValue

    init(schema: JSONValue) { root = schema }

    /// An object, whatever the schema says: what calls and structured answers are.
    var json: String {
        var out: [UInt8] = []
        write(object: root, to: &out, depth: 0)
        return String(decoding: out, as: UTF8.self)
    }

    private func write(object schema: JSONValue, to out: inout [UInt8], depth: Int) {
        out.append(UInt8(ascii: "{"))
        for (index, property) in (resolved(schema)["properties"]?.object?.members ?? []).enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            out.append(jsonString: property.name)
            out.append(UInt8(ascii: ":"))
            write(property.value, named: property.name, to: &out, depth: depth + 1)
        }
        out.append(UInt8(ascii: "}"))
    }

    private func write(_ schema: JSONValue, named name: String, to out: inout [UInt8], depth: Int) {
        let schema = resolved(schema)
        // Schemas may name themselves.
        guard depth < 16 else { return out.append(text: "null") }
        if let fixed = schema["const"] ?? schema["enum"]?.array?.first {
            if let text = fixed.string { out.append(jsonString: text) } else { out += fixed.bytes }
            return
        }
        switch Self.type(of: schema) {
        case "integer", "number":
            let bounds = ["minimum", "maximum"].map { schema[$0]?.number?.integer(as: Int.self) }
            out.append(text: "\(min(max(7, bounds[0] ?? 7), bounds[1] ?? .max))")
        case "boolean": out.append(text: "true")
        case "null": out.append(text: "null")
        case "array":
            out.append(UInt8(ascii: "["))
            for index in 0..<(schema["minItems"]?.number?.integer(as: Int.self) ?? 0) {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                write(schema["items"] ?? [:], named: name, to: &out, depth: depth + 1)
            }
            out.append(UInt8(ascii: "]"))
        case "object": write(object: schema, to: &out, depth: depth)
        default: out.append(jsonString: "a \(name)")
        }
    }

    private static func type(of schema: JSONValue) -> String? {
        let type = schema["type"]?.string ?? schema["type"]?.array?.first { $0.string != "null" }?.string
        return (type ?? (schema["properties"] == nil ? nil : "object"))?.lowercased()
    }

    /// The schema that is meant: behind a reference, or the first of several.
    private func resolved(_ schema: JSONValue) -> JSONValue {
        var schema = schema
        // Each step leads closer to a leaf, or in a circle.
        for _ in 0..<16 {
            if let reference = schema["$ref"]?.string {
                var found = root
                for name in reference.split(separator: "/").dropFirst() { found = found[String(name)] ?? [:] }
                schema = found
            } else if let several = (schema["anyOf"] ?? schema["oneOf"] ?? schema["allOf"])?.array,
                let first = several.first(where: { Self.type(of: $0) != "null" })
            {
                schema = first
            } else {
                break
            }
        }
        return schema
    }
}
