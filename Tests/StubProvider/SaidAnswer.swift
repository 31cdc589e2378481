import Shared

/// What a test has the model say: a text, or calls of tools with their arguments. Its dialect writes it, and it is billed, as any other.
struct SaidAnswer {
    private let text: String?
    private let calls: [ToolCall]

    /// `{"text": "..."}`, or `{"calls": [{"name": "...", "arguments": {...}}]}`.
    init(_ value: JSONValue) throws(ScriptError) {
        text = value["text"]?.string
        var calls: [ToolCall] = []
        for call in value["calls"]?.array ?? [] {
            guard let name = call["name"]?.string, let arguments = call["arguments"], arguments.kind == .object else {
                throw ScriptError("calls: want a name and an object of arguments for each")
            }
            calls.append(ToolCall(name: name, arguments: String(decoding: arguments.bytes, as: UTF8.self)))
        }
        self.calls = calls
        guard text != nil || !calls.isEmpty else { throw ScriptError("answers: want a text or calls") }
    }

    /// In place of what the request would have been answered with.
    func take(place request: inout ProviderRequest) {
        request.format = text
        request.toolCalls = calls
    }
}

/// The answers that wait for their requests, in order: a whole conversation with someone who runs the tools.
///
/// - Shape: a request that is refused takes none.
struct SaidAnswers {
    private var waiting: [SaidAnswer] = []
    /// More than any test has in mind.
    private static let countMax = 256

    /// `{"answers": [...]}`.
    mutating func add(parsing body: [UInt8]) throws(ScriptError) {
        var added: [SaidAnswer] = []
        for answer in try parseControl(body)["answers"]?.array ?? [] { added.append(try SaidAnswer(answer)) }
        guard !added.isEmpty else { throw ScriptError("answers: want a list of at least one") }
        guard waiting.count + added.count <= Self.countMax else {
            throw ScriptError("answers: no more than \(Self.countMax) may wait")
        }
        waiting += added
    }

    mutating func next() -> SaidAnswer? { waiting.isEmpty ? nil : waiting.removeFirst() }
}
