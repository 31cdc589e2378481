import Shared

/// Fields that the form has no place for.
///
/// - Shape: what is left of an object inside an object that has extras is kept there, under the name of the inner object, as an object of
///   its own: `{"type": "function", "function": {"name": "f", "x": 1}}` leaves `"function": {"x": 1}`. When the inner object is written
///   again, what was kept of it goes to its end.
extension Extras {
    /// Keeps what was left of the inner object `name`. Null says nothing there.
    mutating func addRest(_ rest: Extras, of name: String, in dialect: Dialect = .openai) {
        var object = JSONObject()
        for member in rest.members where member.value != .null { object[member.name] = member.value }
        if !object.members.isEmpty { add(name, .object(object), of: dialect) }
    }

    /// What was kept of the inner object `name`.
    func rest(of name: String, in dialect: Dialect = .openai) -> [JSONObject.Member] {
        guard self.dialect == dialect else { return [] }
        return self[name]?.object?.members ?? []
    }
}

extension JSONWriter {
    mutating func member(_ name: String, _ value: JSONValue) {
        self.name(name)
        value.write(to: &self)
    }

    mutating func member(_ name: String, _ number: JSONNumber) {
        self.name(name)
        raw(number.text)
    }

    /// - Parameter written: names of those that have been written elsewhere.
    mutating func members(of extras: Extras, but written: [String] = []) {
        members(extras.members(for: .openai), but: written)
    }

    mutating func members(_ members: [JSONObject.Member], but written: [String] = []) {
        for member in members where !written.contains(member.name) { self.member(member.name, member.value) }
    }
}

// MARK: Marks of caches

/// Two spellings: Anthropic's `cache_control`, as OpenRouter, LiteLLM and Qwen take it in this dialect, and OpenAI's own.
///
/// - Source: OpenAI, "Prompt caching": `prompt_cache_breakpoint` of GPT-5.6 and later.
extension CacheMark {
    static let openAIName = "cache_control"
    static let breakpointName = "prompt_cache_breakpoint"

    /// Takes the mark from an object, if the form can say it; else it is left over.
    init?(taking reader: inout MemberReader, from object: JSONValue) {
        guard let value = object[Self.openAIName]?.object, value["type"]?.string == "ephemeral" else { return nil }
        switch (value.members.count, value["ttl"]?.string) {
        case (1, nil): self.init()
        case (2, "5m"): self.init(seconds: 300)
        case (2, "1h"): self.init(seconds: 3_600)
        default: return nil
        }
        _ = reader.take(Self.openAIName)
    }

    /// The same for OpenAI's own. An empty object among the extras then says that the mark stood there.
    init?(takingBreakpoint reader: inout MemberReader, from object: JSONValue) {
        guard let value = object[Self.breakpointName]?.object, value["mode"]?.string == "explicit" else { return nil }
        switch (value.members.count, value["ttl"]?.string) {
        case (1, nil): self.init()
        case (2, "30m"): self.init(seconds: 1_800)
        case (2, "12h"): self.init(seconds: 43_200)
        default: return nil
        }
        _ = reader.take(Self.breakpointName)
    }

    /// There are two times only.
    func write(to writer: inout JSONWriter) {
        writer.name(Self.openAIName)
        writer.beginObject()
        writer.member("type", "ephemeral")
        if let seconds { writer.member("ttl", seconds > 300 ? "1h" : "5m") }
        writer.endObject()
    }

    func writeBreakpoint(to writer: inout JSONWriter) {
        writer.name(Self.breakpointName)
        writer.beginObject()
        writer.member("mode", "explicit")
        if let seconds { writer.member("ttl", seconds > 1_800 ? "12h" : "30m") }
        writer.endObject()
    }
}

extension JSONWriter {
    /// What a part has besides its content: its mark, and what only `dialect` knows.
    ///
    /// - Parameter takesMarks: the target knows `cache_control`.
    /// - Parameter written: names of members that have been written elsewhere.
    mutating func writeEnd(of part: Part, in dialect: Dialect, takesMarks: Bool, but written: [String] = []) {
        let members = part.extras.members(for: dialect)
        if let mark = part.cacheMark, members.contains(where: { $0.name == CacheMark.breakpointName }) {
            mark.writeBreakpoint(to: &self)
        } else if takesMarks {
            part.cacheMark?.write(to: &self)
        }
        self.members(members, but: written + [CacheMark.breakpointName])
    }
}
