import Shared

/// A file as it is kept.
struct StoredFile: StoredObject {
    let id: String
    let account: String
    let filename: String
    let purpose: String
    let content: [UInt8]
    let createdUnixSeconds: Int64
    /// Nil: it stays until it is deleted. Said and not done: nobody waits for it here, an hour is the least.
    var expiresUnixSeconds: Int64?

    var size: Int { content.count + 512 }

    var json: JSONValue {
        [
            "object": "file", "id": .string(id), "purpose": .string(purpose), "filename": .string(filename),
            "bytes": .count(content.count), "created_at": .count(Int(createdUnixSeconds)),
            "expires_at": expiresUnixSeconds.map { .count(Int($0)) } ?? .null, "status": "processed",
            "status_details": .null,
        ]
    }

    var deletion: JSONValue { ["object": "file", "id": .string(id), "deleted": true] }
}

extension ProviderError {
    static func unknownFile(_ id: String) -> ProviderError {
        ProviderError(
            status: 404, type: "invalid_request_error", message: "No such File object: \(id)", param: "id")
    }
}

/// How long what is made may stay.
enum Expiry {
    static let seconds = 3_600...2_592_000

    /// - Errors: the provider's 400.
    static func read(_ field: RequestField<ResponsesWording>) throws(ProviderError) -> Int64 {
        try field.only(["anchor", "seconds"])
        try field.required("anchor").word(of: ["created_at"])
        let read = try field.required("seconds").integer(from: seconds.lowerBound, to: seconds.upperBound)
        return Int64(read)
    }
}

/// The form in which a file comes.
struct FileUpload {
    private static let fields = ["file", "purpose", "expires_after[anchor]", "expires_after[seconds]"]
    private static let purposes = ["assistants", "batch", "fine-tune", "vision", "user_data", "evals"]
    /// Input files of batches go after a month where nothing else is said.
    private static let batchSeconds: Int64 = 2_592_000

    let filename: String
    let purpose: String
    let content: [UInt8]
    let expiresAfterSeconds: Int64?

    /// - Errors: the provider's 400.
    init(_ form: FormBody) throws(ProviderError) {
        for (place, part) in form.parts.enumerated() {
            guard Self.fields.contains(part.name) else {
                throw .invalid("Additional properties are not allowed ('\(part.name)' was unexpected)")
            }
            guard !form.parts[..<place].contains(where: { $0.name == part.name }) else {
                throw .invalid("'\(part.name)' stands in the form twice.", param: part.name)
            }
        }
        guard let file = form.parts.first(where: { $0.name == "file" }), let name = file.filename, !name.isEmpty else {
            throw .invalid("'file' is a required property", param: "file")
        }
        guard let purpose = form.text("purpose") else {
            throw .invalid("'purpose' is a required property", param: "purpose")
        }
        guard Self.purposes.contains(purpose) else {
            let list = Self.purposes.map { "'\($0)'" }.joined(separator: ", ")
            throw .invalid("'\(purpose)' is not one of [\(list)] - 'purpose'", param: "purpose")
        }
        guard !file.content.isEmpty else { throw .invalid("The file is empty.", param: "file") }
        guard purpose != "batch" || name.hasSuffix(".jsonl") else {
            throw .invalid("Invalid file format for Batch API. Must be .jsonl", param: "file")
        }
        filename = name
        self.purpose = purpose
        content = file.content
        let said = try Self.expiry(form)
        expiresAfterSeconds = said ?? (purpose == "batch" ? Self.batchSeconds : nil)
    }

    private static func expiry(_ form: FormBody) throws(ProviderError) -> Int64? {
        var said = JSONObject()
        if let anchor = form.text("expires_after[anchor]") { said["anchor"] = .string(anchor) }
        if let seconds = form.text("expires_after[seconds]") {
            said["seconds"] = Int(seconds).map { .count($0) } ?? .string(seconds)
        }
        return said.members.isEmpty ? nil : try Expiry.read(RequestField(.object(said), at: "expires_after"))
    }
}
