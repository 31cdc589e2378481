import Shared
import Translate

/// What the requests of a batch are for, all of them.
struct BatchEndpoint: Equatable {
    /// As each line of the input names it.
    let path: String
    let endpoint: Endpoint
    var dialect = Dialect.openai

    /// - Source: OpenAI API reference, "Create batch": `endpoint`.
    static let all = [
        BatchEndpoint(path: "/v1/chat/completions", endpoint: .chatCompletions),
        BatchEndpoint(path: "/v1/responses", endpoint: .chatCompletions, dialect: .responses),
        BatchEndpoint(path: "/v1/embeddings", endpoint: .embeddings),
        BatchEndpoint(path: "/v1/completions", endpoint: .completions),
        BatchEndpoint(path: "/v1/moderations", endpoint: .moderations),
    ]
}

/// The body that makes a batch.
struct BatchRequest {
    let inputFileID: String
    let lines: BatchEndpoint
    private let metadata: JSONObject
    private let fields: JSONObjectFields
    private let inputField: JSONField

    private static let names = JSONFieldNames("input_file_id", "endpoint", "metadata")

    init(_ body: UnsafeRawBufferPointer) throws(ParseError) {
        do { fields = try unsafe JSONObjectFields(scanning: body, for: Self.names) } catch { throw .notJSON(error) }
        guard let input = try PassedFields.sole(fields[0], "input_file_id") else {
            throw .invalidField("input_file_id", reason: "it is missing")
        }
        guard let id = unsafe input.string(in: body) else { throw .wrongType(field: "input_file_id", want: "a string") }
        inputField = input
        inputFileID = String(decoding: id, as: UTF8.self)
        let path = try unsafe PassedFields.sole(fields[1], "endpoint")?.string(in: body) ?? []
        guard let lines = BatchEndpoint.all.first(where: { $0.path.utf8.elementsEqual(path) }) else {
            let known = BatchEndpoint.all.map(\.path).joined(separator: ", ")
            let given = String(decoding: path.prefix(100), as: UTF8.self)
            throw .invalidField("endpoint", reason: "'\(given)' is none of \(known)")
        }
        self.lines = lines
        metadata = try unsafe Self.metadata(try PassedFields.sole(fields[2], "metadata"), body)
    }

    private static func metadata(
        _ field: JSONField?, _ body: UnsafeRawBufferPointer
    ) throws(ParseError) -> JSONObject {
        guard let field, field.kind != .null else { return JSONObject() }
        let value: JSONValue
        do { value = try unsafe JSONValue(parsing: UnsafeRawBufferPointer(rebasing: body[field.range])) } catch {
            throw .notJSON(error)
        }
        guard let metadata = value.object else { throw .wrongType(field: "metadata", want: "an object") }
        guard metadata.members.count <= StoredOwner.metadataCountMax else {
            throw .invalidField(
                "metadata",
                reason:
                    "it has \(metadata.members.count) members, and there is room for \(StoredOwner.metadataCountMax)")
        }
        if let reserved = metadata.names.first(where: StoredOwner.isReserved) {
            throw .invalidField("metadata", reason: "names like '\(reserved)' are the gateway's own")
        }
        return metadata
    }

    /// The input by the name that its provider knows, and whose the batch is.
    func edits(inputFileID id: String, of owner: VirtualKeyID, request: ObjectID, model: ObjectID) -> JSONEdits {
        var edits = JSONEdits()
        edits.replace(inputField.range, with: JSONValue.string(id).bytes)
        let whole = StoredOwner.metadata(metadata, of: owner, request: request, model: model)
        edits.set("metadata", at: 2, of: fields, to: JSONValue.object(whole).bytes)
        return edits
    }
}
