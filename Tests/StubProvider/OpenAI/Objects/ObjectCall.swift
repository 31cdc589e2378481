import Shared

/// What is asked of the objects that an account keeps at OpenAI: its files and its batches.
///
/// - Source: OpenAI API reference, "Files" and "Batch".
enum ObjectCall: Equatable {
    case createFile, listFiles
    case file(String), fileContent(String), deleteFile(String)
    case createBatch, listBatches
    case batch(String), cancelBatch(String)

    /// Nil where it is no such request.
    init?(_ request: HTTPRequest) {
        let parts = request.path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (3...5).contains(parts.count), parts[0].isEmpty, parts[1] == "v1",
            parts[3...].allSatisfy({ !$0.isEmpty })
        else { return nil }
        let id = parts.count > 3 ? parts[3] : nil
        let action = parts.count > 4 ? parts[4] : nil
        switch (request.method, parts[2], id, action) {
        case ("POST", "files", nil, nil): self = .createFile
        case ("GET", "files", nil, nil): self = .listFiles
        case ("GET", "files", let id?, nil): self = .file(id)
        case ("GET", "files", let id?, "content"?): self = .fileContent(id)
        case ("DELETE", "files", let id?, nil): self = .deleteFile(id)
        case ("POST", "batches", nil, nil): self = .createBatch
        case ("GET", "batches", nil, nil): self = .listBatches
        case ("GET", "batches", let id?, nil): self = .batch(id)
        case ("POST", "batches", let id?, "cancel"?): self = .cancelBatch(id)
        default: return nil
        }
    }

    /// What its query may say.
    private var parameters: [String] {
        switch self {
        case .listFiles: ["after", "limit", "order", "purpose"]
        case .listBatches: ["after", "limit"]
        default: []
        }
    }

    /// - Errors: the provider's 400 for a parameter that there is not, or that stands there twice.
    func check(_ query: [(name: String, value: String)]) throws(ProviderError) {
        var seen: Set<String> = []
        for (name, _) in query {
            guard parameters.contains(name) else {
                throw .invalid("Unknown query parameter: '\(name)'.", param: name, code: "unknown_parameter")
            }
            guard seen.insert(name).inserted else {
                throw .invalid("'\(name)' stands in the query twice.", param: name)
            }
        }
    }
}

/// The answer to such a request.
struct ObjectAnswer {
    var contentType = "application/json"
    var fields: [(String, String)] = []
    var body: [UInt8]

    init(_ body: JSONValue) { self.body = body.bytes(.indented) + Array("\n".utf8) }

    /// What was uploaded, as it came.
    init(contentOf file: StoredFile) {
        contentType = "application/octet-stream"
        // A quoted string, where a mark would end it.
        let name = file.filename.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
        fields = [("content-disposition", "attachment; filename=\"\(name)\"")]
        body = file.content
    }
}
