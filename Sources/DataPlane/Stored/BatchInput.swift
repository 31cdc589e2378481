import Shared
import Translate

/// What the requests of a batch can come to, all together.
struct BatchWorth {
    fileprivate(set) var lineCount = 0
    /// What the whole batch holds, and is charged until its provider has said what it used.
    fileprivate(set) var worst = WorstCase()
    /// Four bytes of text are about a token. Of the answers nobody knows anything.
    fileprivate(set) var usage = TokenUsage(serviceTier: .batch)
}

/// Reads the input of a batch while it comes from its provider: each line is a request, and has to be one that the key may send.
///
/// - Shape: any pieces in. One line is held at a time.
/// - Errors: what is wrong with a line, by its number; the provider would say so hours later.
/// - Source: OpenAI, "Batch API": "Preparing your batch file".
struct BatchInput {
    private let lines: BatchEndpoint
    private let pin: ProviderPin
    private let places: StoredPlaces
    private let nowUnixSeconds: Int64
    private let lineBytesMax: Int
    private let byteCountMax: Int
    private var worth = BatchWorth()
    /// Of the first line's model, which is that of all.
    private(set) var plan: RoutePlan?
    private var lineNumber = 0
    private var byteCount = 0
    /// Of the line that has begun, where no end was found.
    private var scannedBytes = 0

    private static let names = JSONFieldNames("custom_id", "method", "url", "body")
    /// OpenAI takes 50,000; others take more.
    static let lineCountMax = 100_000
    /// OpenAI takes 200 MB.
    static let byteCountMax = 512 * 1024 * 1024

    /// - Parameters:
    ///   - pin: of the provider that keeps the file.
    ///   - lineBytesMax: what a request may have.
    init(
        _ lines: BatchEndpoint, at pin: ProviderPin, _ places: StoredPlaces, lineBytesMax: Int,
        byteCountMax: Int = BatchInput.byteCountMax, nowUnixSeconds: Int64
    ) {
        self.lines = lines
        self.pin = pin
        self.places = places
        self.lineBytesMax = lineBytesMax
        self.byteCountMax = byteCountMax
        self.nowUnixSeconds = nowUnixSeconds
    }

    /// Takes the whole lines at the beginning of `bytes`.
    ///
    /// - Parameter isEnd: nothing follows, so that the last line needs no end.
    mutating func take(_ bytes: ByteBuffer, isEnd: Bool) throws(ParseError) {
        while !bytes.isEmpty {
            let end = bytes.find("\n", from: scannedBytes)
            guard let length = end ?? (isEnd ? bytes.count : nil) else {
                guard bytes.count <= lineBytesMax else {
                    throw Self.refused(lineNumber + 1, "it is longer than \(lineBytesMax) bytes")
                }
                scannedBytes = bytes.count
                return
            }
            scannedBytes = 0
            lineNumber += 1
            byteCount += length + 1
            guard byteCount <= byteCountMax else { throw tooLarge }
            try unsafe take(line: UnsafeRawBufferPointer(rebasing: bytes.readable[..<length]))
            bytes.consume(end == nil ? length : length + 1)
        }
    }

    /// The sum of all lines, behind the last one.
    func end() throws(ParseError) -> (worth: BatchWorth, plan: RoutePlan) {
        guard let plan else { throw .invalidField("input_file_id", reason: "the file has no requests") }
        return (worth, plan)
    }

    private mutating func take(line: UnsafeRawBufferPointer) throws(ParseError) {
        if unsafe line.allSatisfy({ $0 <= 0x20 }) { return }
        worth.lineCount += 1
        guard worth.lineCount <= Self.lineCountMax else { throw tooLarge }
        let number = lineNumber
        let fields: JSONObjectFields
        do { fields = try unsafe JSONObjectFields(scanning: line, for: Self.names) } catch {
            throw Self.refused(number, "it is not a JSON object: \(error)")
        }
        // Which of two counts is read differently by different parsers.
        guard (0..<4).allSatisfy({ (fields[$0]?.occurrences ?? 1) == 1 }) else {
            throw Self.refused(number, "one of its fields stands in it twice")
        }
        guard unsafe fields[2]?.withString(in: line, { unsafe $0.elementsEqual(lines.path.utf8) }) == true else {
            throw Self.refused(number, "its 'url' is not the batch's endpoint, \(lines.path)")
        }
        guard let body = fields[3], body.kind == .object else {
            throw Self.refused(number, "it has no 'body' that is an object")
        }
        do throws(ParseError) {
            try unsafe take(request: UnsafeRawBufferPointer(rebasing: line[body.range]))
        } catch { throw Self.refused(number, GatewayError(error).message) }
    }

    private mutating func take(request body: UnsafeRawBufferPointer) throws(ParseError) {
        let (request, name) = try unsafe parse(body)
        if plan == nil {
            plan = places.plan(to: pin, model: name, for: lines)
            guard plan != nil else {
                throw .invalidField(
                    "model",
                    reason:
                        "this key has no route to '\(name.prefix(200))' for \(lines.path) at the provider that keeps the file; lines name models as the provider does"
                )
            }
        }
        guard let target = plan?.targets[0], target.identity.modelName == name else {
            throw .invalidField("model", reason: "it is another than in the lines before; a batch is for one model")
        }
        worth.worst.add(WorstCase(ofBatched: request, by: target, nowUnixSeconds: nowUnixSeconds))
        let tokens = UInt64(worth.usage.input) + (request.prompt.textTokens + 3) / 4
        worth.usage.input = UInt32(clamping: tokens)
    }

    /// A line's request as the stages see any other, and the model that it names.
    private func parse(_ body: UnsafeRawBufferPointer) throws(ParseError) -> (ParsedRequest, model: String) {
        guard lines.dialect == .responses else {
            let request = try unsafe RequestParser.parse(body, endpoint: lines.endpoint)
            return (request, String(decoding: unsafe request.model.string(in: body) ?? [], as: UTF8.self))
        }
        let conversation = try unsafe RequestTranslation.conversation(
            body, of: InboundCall(), in: .responses, .chatCompletions)
        let chat = try RequestTranslation.chat(conversation)
        let request = try unsafe chat.withRawBytes { chat throws(ParseError) in
            try unsafe RequestParser.parse(chat, endpoint: .chatCompletions)
        }
        let own = ByteBuffer()
        unsafe own.append(body)
        request.came(
            as: ForeignRequest(
                InboundEndpoint(operation: .metered(.chatCompletions), dialect: .responses), conversation, body: own))
        return (request, conversation.model)
    }

    private var tooLarge: ParseError {
        .invalidField(
            "input_file_id",
            reason: "it has more than \(Self.lineCountMax) requests or \(byteCountMax >> 20) MiB")
    }

    private static func refused(_ number: Int, _ reason: String) -> ParseError {
        .invalidField("input_file_id", reason: "line \(number) of the file cannot be used: \(reason)")
    }
}
