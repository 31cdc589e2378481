import Shared

/// The answers of `GET /v1/models`, in the shape that the caller's client reads.
enum ModelList {
    static func all(in policy: CompiledPolicy, for caller: Caller, as dialect: Dialect) -> [UInt8] {
        let routes = policy.routes.filter { caller.key.allows(route: $0.id) }
        var writer = JSONWriter()
        writer.beginObject()
        switch dialect {
        case .openai, .bedrock, .responses:
            writer.member("object", "list")
            writer.name("data")
        case .anthropic: writer.name("data")
        case .gemini: writer.name("models")
        }
        writer.beginArray()
        for route in routes { append(route, as: dialect, to: &writer) }
        writer.endArray()
        if dialect == .anthropic {
            writer.member("has_more", false)
            for (name, route) in [("first_id", routes.first), ("last_id", routes.last)] {
                writer.name(name)
                if let route { writer.string(utf8: route.name) } else { writer.null() }
            }
        }
        writer.endObject()
        return writer.bytes
    }

    /// Nil when there is none of that name, or the key may not use it.
    static func one(_ name: String, in policy: CompiledPolicy, for caller: Caller, as dialect: Dialect) -> [UInt8]? {
        let found = unsafe Array(name.utf8).withUnsafeBytes { unsafe policy.route(named: $0) }
        guard let route = found, caller.key.allows(route: route.id) else { return nil }
        var writer = JSONWriter()
        append(route, as: dialect, to: &writer)
        return writer.bytes
    }

    private static func append(_ route: CompiledRoute, as dialect: Dialect, to writer: inout JSONWriter) {
        let name = String(decoding: route.name, as: UTF8.self)
        writer.beginObject()
        switch dialect {
        case .openai, .bedrock, .responses:
            writer.member("id", name)
            writer.member("object", "model")
            writer.member("created", route.createdUnixSeconds)
            writer.member("owned_by", "weir")
        case .anthropic:
            writer.member("type", "model")
            writer.member("id", name)
            writer.member("display_name", name)
            writer.member("created_at", RFC3339.text(unixMilliseconds: route.createdUnixSeconds * 1_000))
        case .gemini:
            writer.member("name", "models/\(name)")
            writer.member("displayName", name)
            writer.name("supportedGenerationMethods")
            writer.array { writer in
                if route.kinds.contains(.chat) {
                    writer.string("generateContent")
                    writer.string("streamGenerateContent")
                }
                if route.kinds.contains(.embedding) {
                    writer.string("embedContent")
                    writer.string("batchEmbedContents")
                }
            }
        }
        writer.endObject()
    }
}
