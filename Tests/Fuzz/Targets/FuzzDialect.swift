import Shared
import Translate

/// The readers of one dialect, and all writers behind them.
struct FuzzDialect {
    private let codec: any DialectCodec.Type
    private static let context = AnswerContext(id: "0123456789abcdef", model: "m", nowUnixSeconds: 1_760_000_000)

    /// By how much a text may grow from one dialect to another, and what each has around it. References in schemas are written out, which is
    /// bounded by the writers.
    private static func bound(_ count: Int) -> Int { 64 * count + 256 * 1024 }

    init(_ dialect: Dialect) { codec = dialect.codec }

    /// A request is refused, or goes into every dialect as JSON.
    func request(_ bytes: UnsafeRawBufferPointer) {
        guard let json = try? unsafe JSONValue(parsing: bytes, allowing: .loneSurrogates) else { return }
        let call = InboundCall(model: "m", isStream: false)
        guard let conversation = try? codec.conversation(from: json, of: call) else { return }
        for dialect in Dialect.allCases {
            for traits in Self.traits {
                guard let rendered = try? dialect.codec.request(conversation, for: traits) else { continue }
                FuzzJSON.check(rendered.body, isNoLongerThan: Self.bound(bytes.count))
            }
        }
    }

    private static let traits: [TargetTraits] = {
        var poor = TargetTraits(model: "m")
        poor.capabilities.jsonSchema = false
        poor.capabilities.images = false
        poor.capabilities.reasoning = false
        poor.quirks.shortToolCallIDs = true
        poor.quirks.developerRole = false
        return [TargetTraits(model: "m"), poor]
    }()

    func answer(_ bytes: UnsafeRawBufferPointer) {
        FuzzJSON.check(
            codec.body(of: unsafe codec.error(status: 400, from: bytes)), isNoLongerThan: Self.bound(bytes.count))
        guard let json = try? unsafe JSONValue(parsing: bytes, allowing: .all),
            let answer = try? codec.answer(from: json)
        else { return }
        for dialect in Dialect.allCases {
            FuzzJSON.check(
                dialect.codec.body(of: answer, in: Self.context), isNoLongerThan: Self.bound(bytes.count))
        }
    }

    /// The messages of a stream, a line each, in any order.
    func stream(_ bytes: UnsafeRawBufferPointer) {
        var reader = codec.streamReader()
        var writers = Dialect.allCases.map { $0.codec.streamWriter(in: Self.context) }
        var output: [UInt8] = []
        var written = 0
        var events: [AnswerEvent] = []
        func hand(_ events: [AnswerEvent]) {
            for event in events {
                for index in writers.indices {
                    output.removeAll(keepingCapacity: true)
                    guard (try? writers[index].write(event, to: &output)) != nil else { continue }
                    written += output.count
                }
            }
        }
        var isBroken = false
        let lines = unsafe bytes.split(separator: 0x0a)
        for index in unsafe lines.indices where !isBroken {
            let line = unsafe lines[index]
            events.removeAll(keepingCapacity: true)
            // `name data`, as far as the dialect has names.
            let name = unsafe line.prefix { $0 != 0x20 && $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "[") }
            let data = unsafe line.dropFirst(name.count).drop { $0 == 0x20 }
            do {
                try unsafe reader.read(
                    StreamMessage(
                        name: UnsafeRawBufferPointer(rebasing: name), data: UnsafeRawBufferPointer(rebasing: data)),
                    into: &events)
            } catch { isBroken = true }
            hand(events)
        }
        if !isBroken {
            events.removeAll(keepingCapacity: true)
            reader.end(into: &events)
            hand(events)
        }
        // A line of a stream may have a head and an end of its own in each dialect.
        precondition(written <= 4 * Self.bound(bytes.count) + 4_096 * bytes.count, "\(written) bytes")
    }
}
