import Shared

/// Calls of tools, as requests and answers have them alike.
enum OpenAIToolCalls {
    // MARK: Reading

    /// A function's call; as it is, where it is of another kind.
    ///
    /// - Shape: lenient, as answers need it: without an identity it is empty.
    static func call(_ value: JSONValue, at path: FieldPath) throws(TranslationError) -> Part {
        var fields = try MemberReader(value, at: path)
        guard try fields.string("type") ?? "function" == "function" else { return Part(.native(value, of: .openai)) }
        guard var function = try fields.members("function") else { throw path["function"].wants("an object") }
        var call = try self.function(&function, id: try fields.string("id") ?? "")
        call.extras = function.leftovers(of: .openai)
        let holder = fields.value(ToolCall.signatureHolder)
        var extras = fields.leftovers(of: .openai)
        if let holder { call.signature = keep(holder, in: &extras) }
        var part = Part(.toolCall(call))
        part.extras = extras
        return part
    }

    /// What a call says of its function: all that there is in the old form.
    static func function(_ function: inout MemberReader, id: String) throws(TranslationError) -> ToolCall {
        let name = try function.requiredString("name")
        return ToolCall(id: id, name: name, arguments: try arguments(function.value("arguments"), at: function.path))
    }

    /// A text of JSON; some servers send the object itself.
    private static func arguments(_ value: JSONValue?, at path: FieldPath) throws(TranslationError) -> String {
        switch value {
        case nil, .string("")?: return "{}"
        case .string(let text)?: return text
        case .object?: return text(of: value)
        default: throw path["arguments"].wants("a string")
        }
    }

    /// A piece of arguments in a stream; empty where there is none.
    static func text(of arguments: JSONValue?) -> String {
        switch arguments {
        case nil, .null?: ""
        case .string(let text)?: text
        case let value?: String(decoding: value.bytes, as: UTF8.self)
        }
    }

    /// What stands beside the signature is kept; where nothing does, an empty object says that the signature stood there.
    private static func keep(_ holder: JSONValue, in extras: inout Extras) -> String? {
        guard var object = holder.object, let signature = ToolCall.signature(in: holder) else {
            extras.add(ToolCall.signatureHolder, holder, of: .openai)
            return nil
        }
        var google = object["google"]?.object ?? JSONObject()
        google["thought_signature"] = nil
        object["google"] = google.members.isEmpty ? nil : .object(google)
        extras.add(ToolCall.signatureHolder, .object(object), of: .openai)
        return signature
    }

    /// Whether a part of a kind that only this dialect has is a call; else it is content.
    static func isCall(_ native: JSONValue) -> Bool {
        native["id"] != nil || native["function"] != nil || native["custom"] != nil
    }
}

/// Where a call is signed.
///
/// - Source: Gemini API, "OpenAI compatibility": `extra_content.google.thought_signature`, which clients send back with the call.
extension ToolCall {
    static let signatureHolder = "extra_content"

    /// Whether callers get the signature already, inside of the identity.
    var carriesSignature: Bool { SignedCallID.split(id).signature != nil }

    static func signature(in holder: JSONValue?) -> String? { holder?["google"]?["thought_signature"]?.string }
}

extension JSONWriter {
    /// - Parameter isSigned: with its signature, where it has one.
    mutating func write(_ call: ToolCall, of part: Part, id: String, name: String, isSigned: Bool) {
        beginObject()
        member("id", id)
        member("type", "function")
        self.name("function")
        beginObject()
        member("name", name)
        member("arguments", call.arguments.isEmpty ? "{}" : call.arguments)
        members(of: call.extras)
        endObject()
        members(of: part.extras, but: [ToolCall.signatureHolder])
        let kept = part.extras.rest(of: ToolCall.signatureHolder)
        if isSigned, let signature = call.signature {
            write(signature: signature, beside: kept)
        } else if !kept.isEmpty {
            self.name(ToolCall.signatureHolder)
            beginObject()
            members(kept)
            endObject()
        }
        endObject()
    }

    mutating func write(signature: String, beside kept: [JSONObject.Member] = []) {
        name(ToolCall.signatureHolder)
        beginObject()
        name("google")
        beginObject()
        member("thought_signature", signature)
        members(kept.first { $0.name == "google" }?.value.object?.members ?? [])
        endObject()
        members(kept, but: ["google"])
        endObject()
    }
}
