import Shared
import Translate

/// What Weir makes of one cell of the matrix, for people to read.
enum DialectCell {
    /// A caller's request as it goes to a provider, with what was lost; or why it does not go.
    static func request(
        _ request: DialectCase.Request, from caller: Dialect, for target: TargetTraits, of provider: Dialect
    ) throws
        -> JSONValue
    {
        var cell = JSONObject()
        do throws(TranslationError) {
            let rendered = try provider.codec.request(request.conversation(of: caller), for: target)
            cell["dropped"] = strings(rendered.dropped)
            cell["adjusted"] = strings(rendered.adjusted)
            cell["reading"] = reading(rendered.reading)
            cell["body"] = try json(rendered.body)
        } catch { cell["error"] = .string("\(error)") }
        return .object(cell)
    }

    /// A provider's reply, error or not, as a caller gets it.
    static func answer(_ reply: DialectCase.Reply, from provider: Dialect, for caller: Dialect) throws -> JSONValue {
        if let status = reply.failure {
            let error = unsafe reply.body.withUnsafeBytes { unsafe provider.codec.error(status: status, from: $0) }
            var cell = JSONObject()
            cell["kind"] = .string(error.kind.rawValue)
            cell["body"] = try json(caller.codec.body(of: error))
            return .object(cell)
        }
        do throws(TranslationError) {
            let answer = try provider.codec.answer(from: json(reply.body))
            return try json(caller.codec.body(of: answer, in: DialectCase.context(of: caller)))
        } catch { return .string("\(error)") }
    }

    /// Bytes that Weir wrote: JSON in which nothing is said twice.
    static func json(_ bytes: [UInt8]) throws(TranslationError) -> JSONValue {
        do throws(JSONError) { return try JSONValue(parsing: bytes) } catch {
            throw .malformed("\(error): \(String(decoding: bytes, as: UTF8.self))")
        }
    }

    private static func strings(_ strings: [String]) -> JSONValue? {
        strings.isEmpty ? nil : .array(strings.map(JSONValue.string))
    }

    private static func reading(_ reading: AnswerReading) -> JSONValue? {
        guard !reading.isPlain else { return nil }
        var object = JSONObject()
        object["format_tool"] = reading.formatTool.map(JSONValue.string)
        if !reading.toolNames.isEmpty {
            var names = JSONObject()
            for (given, original) in reading.toolNames.sorted(by: { $0.key < $1.key }) {
                names[given] = .string(original)
            }
            object["tool_names"] = .object(names)
        }
        return .object(object)
    }
}

extension JSONValue {
    /// The same with members sorted by name, and without what says nothing: null, and empty texts, lists and objects.
    var essence: JSONValue? {
        switch self {
        case .null: return nil
        case .string(let text): return text.isEmpty ? nil : self
        case .array(let elements):
            let essences = elements.compactMap(\.essence)
            return essences.isEmpty ? nil : .array(essences)
        case .object(let object):
            var essence = JSONObject()
            for member in object.members.sorted(by: { $0.name < $1.name }) {
                essence[member.name] = member.value.essence
            }
            return essence.members.isEmpty ? nil : .object(essence)
        default: return self
        }
    }
}
