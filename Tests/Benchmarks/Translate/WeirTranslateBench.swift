import Glibc
import Shared
import Translate

/// `make bench-translate`: what the translation of one request with its answer, and of one piece of a stream, costs between each two dialects.
/// One line for each pair, then one of all: the dearest.
@main
struct WeirTranslateBench {
    static func main() throws {
        let rounds = CommandLine.arguments.dropFirst().first.flatMap(Int.init) ?? 20_000
        var plainMost = 0.0
        var chunkMost = 0.0
        for provider in Dialect.allCases {
            for caller in Dialect.allCases where caller != provider {
                let sample = try Sample(caller, provider)
                let plain = try measure(rounds) { try sample.translatePlain() }
                let chunks = try measure(rounds / 20) { try sample.translateStream() } / Double(Sample.pieces)
                print(
                    "\(caller.rawValue) -> \(provider.rawValue): plain_us=\(text(plain)) chunk_us=\(text(chunks))",
                    "request_bytes=\(sample.request.count) answer_bytes=\(sample.answer.count)")
                plainMost = max(plainMost, plain)
                chunkMost = max(chunkMost, chunks)
            }
        }
        print("translate: plain_us=\(text(plainMost)) chunk_us=\(text(chunkMost))")
    }

    /// The least CPU time of one of three runs, in microseconds a round: what disturbs only adds.
    private static func measure(_ rounds: Int, _ body: () throws -> Void) rethrows -> Double {
        var least = Double.infinity
        for _ in 0..<3 {
            let began = cpuMicroseconds()
            for _ in 0..<rounds { try body() }
            least = min(least, (cpuMicroseconds() - began) / Double(rounds))
        }
        return least
    }

    private static func cpuMicroseconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }

    private static func text(_ value: Double) -> String { String(Double(Int(value * 100 + 0.5)) / 100) }
}

/// A chat of two kilobytes with two tools, its answer of two kilobytes, and the same as a stream, in the words of two dialects.
private struct Sample {
    /// Of the stream, with content.
    static let pieces = 200

    let caller: any DialectCodec.Type
    let provider: any DialectCodec.Type
    let request: [UInt8]
    let answer: [UInt8]
    private let messages: [(name: [UInt8], data: [UInt8])]
    private let call: InboundCall
    private let traits = TargetTraits(model: "model")
    private let context = AnswerContext(id: "0123456789abcdef", model: "chat", nowUnixSeconds: 1_760_000_000)

    init(_ callerDialect: Dialect, _ providerDialect: Dialect) throws {
        caller = callerDialect.codec
        provider = providerDialect.codec
        call = InboundCall(model: "chat", isStream: false)
        request = try caller.request(Self.conversation, for: TargetTraits(model: "chat")).body
        answer = provider.body(of: Self.whole, in: context)
        messages = try Self.stream(provider, context)
    }

    // MARK: What is measured

    func translatePlain() throws {
        let conversation = try caller.conversation(from: try JSONValue(parsing: request), of: call)
        let rendered = try provider.request(conversation, for: traits)
        let read = try provider.answer(from: try JSONValue(parsing: answer, allowing: .all))
        let body = caller.body(of: read, in: context)
        precondition(!rendered.body.isEmpty && body.count > 1_000)
    }

    func translateStream() throws {
        var reader = provider.streamReader()
        var writer = caller.streamWriter(in: context)
        var events: [AnswerEvent] = []
        var output: [UInt8] = []
        var count = 0
        for message in messages {
            events.removeAll(keepingCapacity: true)
            output.removeAll(keepingCapacity: true)
            try unsafe message.name.withUnsafeBytes { name in
                try unsafe message.data.withUnsafeBytes { data in
                    try unsafe reader.read(StreamMessage(name: name, data: data), into: &events)
                }
            }
            for event in events { try writer.write(event, to: &output) }
            count += output.count
        }
        precondition(count > 1_000)
    }

    // MARK: What it is measured with

    private static let sentence = "The weather in Oslo is mild today, with a light breeze from the south. "

    private static var conversation: Conversation {
        var conversation = Conversation()
        conversation.model = "chat"
        conversation.turns = [
            Turn(.system, [Part(.text("You are brief. " + sentence))]),
            Turn(.user, [Part(.text(String(repeating: sentence, count: 6)))]),
            Turn(.assistant, [Part(.text(String(repeating: sentence, count: 6)))]),
            Turn(.user, [Part(.text(String(repeating: sentence, count: 6)))]),
        ]
        conversation.tools = ["weather", "time"].map { name in
            let schema: JSONValue = .object([
                "type": .string("object"),
                "properties": .object(["city": .object(["type": .string("string"), "description": .string("A city.")])]
                ),
                "required": .array([.string("city")]),
            ])
            return Tool(name: name, summary: "Tells the \(name) of a city.", kind: .function(parameters: schema))
        }
        conversation.outputTokensMax = 512
        conversation.sampling.temperature = JSONNumber(1)
        return conversation
    }

    private static var whole: Answer {
        var answer = Answer()
        answer.id = "answer-1"
        answer.model = "model"
        answer.createdUnixSeconds = 1_760_000_000
        answer.choices = [Choice(parts: [Part(.text(String(repeating: sentence, count: 26)))], finish: .stop)]
        answer.usage = TokenUsage(input: 400, cachedInput: 100, output: 450)
        return answer
    }

    /// What a provider sends, as its dialect's own writer has it: its frames taken apart again.
    private static func stream(
        _ codec: any DialectCodec.Type, _ context: AnswerContext
    ) throws -> [(name: [UInt8], data: [UInt8])] {
        var events: [AnswerEvent] = [
            .began(AnswerHead(id: "answer-1", model: "model", usage: TokenUsage(input: 400))),
            .opened(part: 0, choice: 0, .text),
        ]
        for piece in 0..<pieces { events.append(.text(part: 0, " word\(piece)")) }
        events += [
            .closed(part: 0), .finished(choice: 0, .stop, stop: nil), .usage(TokenUsage(input: 400, output: 200)),
            .ended,
        ]
        var writer = codec.streamWriter(in: context)
        var bytes: [UInt8] = []
        for event in events { try writer.write(event, to: &bytes) }
        return codec.dialect == .bedrock ? try messages(bytes) : Self.events(bytes)
    }

    private static func events(_ bytes: [UInt8]) -> [(name: [UInt8], data: [UInt8])] {
        var found: [(name: [UInt8], data: [UInt8])] = []
        var name: [UInt8] = []
        for line in bytes.split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }) {
            if line.starts(with: "event: ".utf8) { name = Array(line.dropFirst(7)) }
            guard line.starts(with: "data: ".utf8) else { continue }
            found.append((name, Array(line.dropFirst(6))))
            name = []
        }
        return found
    }

    private static func messages(_ bytes: [UInt8]) throws -> [(name: [UInt8], data: [UInt8])] {
        var found: [(name: [UInt8], data: [UInt8])] = []
        var framer = EventStreamFramer()
        try unsafe bytes.withUnsafeBytes { bytes in
            var start = 0
            while let message = try unsafe framer.next(UnsafeRawBufferPointer(rebasing: bytes[start...])) {
                unsafe found.append((Array(message.name), Array(message.payload)))
                start += message.byteCount
            }
        }
        return found
    }
}
