import Shared

/// The answers of `GET /v1/models`, in OpenAI's shape.
enum ModelList {
    static func all(in policy: CompiledPolicy, for caller: Caller) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("object", "list")
        writer.name("data")
        writer.beginArray()
        for route in policy.routes where caller.key.allows(route: route.id) { append(route, to: &writer) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    /// Nil when there is none of that name, or the key may not use it.
    static func one(_ name: String, in policy: CompiledPolicy, for caller: Caller) -> [UInt8]? {
        let found = unsafe Array(name.utf8).withUnsafeBytes { unsafe policy.route(named: $0) }
        guard let route = found, caller.key.allows(route: route.id) else { return nil }
        var writer = JSONWriter()
        append(route, to: &writer)
        return writer.bytes
    }

    private static func append(_ route: CompiledRoute, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.name("id")
        writer.string(utf8: route.name)
        writer.member("object", "model")
        writer.member("created", route.createdUnixSeconds)
        writer.member("owned_by", "weir")
        writer.endObject()
    }
}
