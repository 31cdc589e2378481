import Shared

/// Why a batch is not begun.
struct BatchProblem {
    var code: String
    var message: String
    var param: String?
    /// Of the input file, the first of them 1.
    var line: Int?

    var json: JSONValue {
        [
            "code": .string(code), "message": .string(message), "param": .string(orNull: param),
            "line": line.map { .count($0) } ?? .null,
        ]
    }
}

/// The requests of a batch, and what is wrong with them.
///
/// - Source: OpenAI API reference, "Batch", and its guide to the input file.
struct BatchInput {
    struct Line {
        var customID: String
        var body: JSONValue
    }

    static let linesMax = 50_000
    private static let problemsMax = 100

    private(set) var lines: [Line] = []
    private(set) var problems: [BatchProblem] = []
    /// Of all lines, without the fault that stands behind it.
    private(set) var model: String?
    /// A line has the batch say nothing of its usage.
    private(set) var hidesUsage = false
    private var customIDs: Set<String> = []

    /// - Parameter isKnown: whether the provider has that model.
    init(_ content: [UInt8], endpoint: String, isKnown: (String) -> Bool) {
        var texts = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if texts.last?.isEmpty == true { texts.removeLast() }
        guard !texts.isEmpty else {
            problems = [BatchProblem(code: "empty_file", message: "The input file is empty.")]
            return
        }
        guard texts.count <= Self.linesMax else {
            problems = [
                BatchProblem(
                    code: "too_many_tasks",
                    message: "The input file has \(texts.count) requests. A batch takes no more than \(Self.linesMax).")
            ]
            return
        }
        for (index, text) in texts.enumerated() where problems.count < Self.problemsMax {
            if let problem = add(Array(text), endpoint: endpoint, isKnown: isKnown) {
                problems.append(problem)
                problems[problems.count - 1].line = index + 1
            }
        }
    }

    /// Of a file that the account has not, or not for a batch.
    init(unreadable id: String) {
        problems = [
            BatchProblem(
                code: "file_not_found", message: "The account has no file '\(id)' for a batch.", param: "input_file_id")
        ]
    }

    private mutating func add(_ text: [UInt8], endpoint: String, isKnown: (String) -> Bool) -> BatchProblem? {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: text)
        } catch {
            return BatchProblem(code: "invalid_json_line", message: "This line is not parseable as valid JSON.")
        }
        guard value.object != nil else {
            return BatchProblem(code: "invalid_json_line", message: "This line is not a JSON object.")
        }
        for name in ["custom_id", "method", "url", "body"] where value[name] == nil {
            return BatchProblem(
                code: "missing_required_parameter", message: "Missing required parameter: '\(name)'.", param: name)
        }
        guard let customID = value["custom_id"]?.string, !customID.isEmpty else {
            return Self.mistyped("custom_id", "a string that is not empty")
        }
        guard customIDs.insert(customID).inserted else {
            return BatchProblem(
                code: "duplicate_custom_id", message: "Another request of the batch has this custom_id too.",
                param: "custom_id")
        }
        guard value["method"]?.string == "POST" else {
            return BatchProblem(code: "invalid_method", message: "Only POST is supported.", param: "method")
        }
        guard value["url"]?.string == endpoint else {
            return BatchProblem(
                code: "invalid_url", message: "The URL of this request is not the endpoint of the batch.", param: "url")
        }
        guard let body = value["body"], body.object != nil else { return Self.mistyped("body", "an object") }
        guard let name = body["model"]?.string, !name.isEmpty else {
            return BatchProblem(
                code: "missing_required_parameter", message: "Missing required parameter: 'body.model'.",
                param: "body.model")
        }
        lines.append(Line(customID: customID, body: body))
        return add(model: name, isKnown: isKnown)
    }

    private mutating func add(model name: String, isKnown: (String) -> Bool) -> BatchProblem? {
        let (model, fault) = Fault.split(model: name)
        if fault?.kind == .missingBatchUsage { hidesUsage = true }
        guard isKnown(model) else {
            return BatchProblem(
                code: "model_not_found", message: "The model `\(model)` is not supported by the Batch API.",
                param: "body.model")
        }
        guard self.model == nil || self.model == model else {
            return BatchProblem(
                code: "mismatched_model",
                message: "The model `\(model)` is not that of the first request. A batch is for one model.",
                param: "body.model")
        }
        self.model = model
        return nil
    }

    private static func mistyped(_ name: String, _ want: String) -> BatchProblem {
        BatchProblem(code: "invalid_type", message: "Invalid type for '\(name)': expected \(want).", param: name)
    }
}
