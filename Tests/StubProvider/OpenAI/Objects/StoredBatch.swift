import Shared

/// What a batch is made of.
struct BatchOrder {
    static let endpoints = [
        "/v1/responses", "/v1/chat/completions", "/v1/embeddings", "/v1/completions", "/v1/moderations",
    ]

    let inputFileID: String
    let endpoint: String
    let metadata: JSONValue?
    /// Of the files that it makes.
    let outputExpiresAfterSeconds: Int64?

    /// - Errors: the provider's 400.
    init(_ bytes: [UInt8]) throws(ProviderError) {
        let body = RequestField<ResponsesWording>(try ProviderRequest.object(bytes))
        try body.only(["input_file_id", "endpoint", "completion_window", "metadata", "output_expires_after"])
        inputFileID = try body.required("input_file_id").string()
        endpoint = try body.required("endpoint").word(of: Self.endpoints)
        try body.required("completion_window").word(of: ["24h"])
        metadata = try body.optional("metadata")?.metadata()
        outputExpiresAfterSeconds = try body.optional("output_expires_after").map { field throws(ProviderError) in
            try Expiry.read(field)
        }
    }
}

/// A batch as it is kept. It moves on whenever its account looks at it, and at no other time.
///
/// - Shape: `validating`; at the first look `in_progress`, or `failed`; at the second `completed`. One that was cancelled is `cancelling`,
///   and `cancelled` at the next look.
struct StoredBatch: StoredObject {
    enum Status: String {
        case validating, failed
        case inProgress = "in_progress"
        case finalizing, completed, expired, cancelling, cancelled

        var isOver: Bool { [.failed, .completed, .expired, .cancelled].contains(self) }
    }

    private static let windowSeconds: Int64 = 86_400

    let id: String
    let account: String
    let order: BatchOrder
    /// The `x-request-id` that it was ordered with: the ledger has its requests under this.
    let requestID: String
    let createdUnixSeconds: Int64
    /// As providers of old have it.
    var hidesUsage: Bool
    private(set) var status = Status.validating
    private var times: [Status: Int64] = [:]
    private(set) var problems: [BatchProblem] = []
    var model: String?
    var total = 0
    var completed = 0
    var failed = 0
    var usage = StubUsage()
    var outputFileID: String?
    var errorFileID: String?

    init(
        id: String, account: String, order: BatchOrder, requestID: String, hidesUsage: Bool, createdUnixSeconds: Int64
    ) {
        self.id = id
        self.account = account
        self.order = order
        self.requestID = requestID
        self.hidesUsage = hidesUsage
        self.createdUnixSeconds = createdUnixSeconds
    }

    var size: Int { 2_048 + (order.metadata.map { Tokens.textBytes(of: $0) } ?? 0) }

    mutating func become(_ status: Status, at unixSeconds: Int64) {
        self.status = status
        times[status] = unixSeconds
    }

    mutating func fail(_ problems: [BatchProblem], at unixSeconds: Int64) {
        self.problems = problems
        become(.failed, at: unixSeconds)
    }

    /// - Errors: the provider's 409 where it is too late.
    mutating func cancel(at unixSeconds: Int64) throws(ProviderError) {
        guard status != .cancelling, !status.isOver else {
            throw ProviderError(
                status: 409, type: "invalid_request_error",
                message: "Cannot cancel a batch with status '\(status.rawValue)'.")
        }
        become(.cancelling, at: unixSeconds)
    }

    static func unknown(_ id: String) -> ProviderError {
        ProviderError(status: 404, type: "invalid_request_error", message: "No batch found with id '\(id)'.")
    }

    var json: JSONValue {
        func time(_ status: Status) -> JSONValue { times[status].map { .count(Int($0)) } ?? .null }
        let errors: JSONValue = ["object": "list", "data": .array(problems.map(\.json))]
        let body: JSONValue = [
            "id": .string(id), "object": "batch", "endpoint": .string(order.endpoint), "model": .string(orNull: model),
            "errors": problems.isEmpty ? .null : errors, "input_file_id": .string(order.inputFileID),
            "completion_window": "24h", "status": .string(status.rawValue),
            "output_file_id": .string(orNull: outputFileID), "error_file_id": .string(orNull: errorFileID),
            "created_at": .count(Int(createdUnixSeconds)), "in_progress_at": time(.inProgress),
            "expires_at": .count(Int(createdUnixSeconds + Self.windowSeconds)), "finalizing_at": time(.finalizing),
            "completed_at": time(.completed), "failed_at": time(.failed), "expired_at": time(.expired),
            "cancelling_at": time(.cancelling), "cancelled_at": time(.cancelled),
            "request_counts": [
                "total": .count(total), "completed": .count(completed), "failed": .count(failed),
            ],
        ]
        return body.adding("usage", hidesUsage ? nil : usageJSON).adding("metadata", order.metadata ?? .null)
    }

    /// There from the beginning, and nothing until the batch is over.
    private var usageJSON: JSONValue {
        [
            "input_tokens": .count(usage.prompt), "input_tokens_details": ["cached_tokens": .count(usage.cached)],
            "output_tokens": .count(usage.completion),
            "output_tokens_details": ["reasoning_tokens": .count(usage.reasoning)],
            "total_tokens": .count(usage.prompt + usage.completion),
        ]
    }
}
