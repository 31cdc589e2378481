import Glibc
import Shared

/// One request that the provider billed.
struct LedgerEntry {
    enum Delivery: String {
        case open, whole, partial, none
    }
    var sequence: UInt64
    /// The `x-request-id` it came with; empty when it had none.
    var requestID: String
    var endpoint: String
    var model: String
    var isStream: Bool
    var usage: StubUsage
    /// By the machine's monotonic clock, which other processes read too.
    var begunMicroseconds: UInt64
    /// 0 while it is open.
    var finishedMicroseconds: UInt64 = 0
    var delivery = Delivery.open
    /// The batch that it was a part of, which is another service tier.
    var batchID: String?

    func write(to out: inout [UInt8]) {
        out.append(text: "{\"sequence\":\(sequence),\"requestID\":")
        out.append(jsonString: requestID)
        out.append(text: ",\"endpoint\":\"\(endpoint)\",\"model\":")
        out.append(jsonString: model)
        out.append(text: ",\"isStream\":\(isStream),\"promptTokens\":\(usage.prompt),\"cachedTokens\":\(usage.cached)")
        out.append(text: ",\"completionTokens\":\(usage.completion),\"reasoningTokens\":\(usage.reasoning)")
        out.append(text: ",\"begunMicroseconds\":\(begunMicroseconds),\"finishedMicroseconds\":\(finishedMicroseconds)")
        out.append(text: ",\"delivery\":\"\(delivery.rawValue)\"")
        // Most dialects have no such thing.
        if usage.cacheWritten > 0 { out.append(text: ",\"cacheWrittenTokens\":\(usage.cacheWritten)") }
        if let batchID { out.append(text: ",\"batch\":\"\(batchID)\",\"serviceTier\":\"batch\"") }
        out.append(UInt8(ascii: "}"))
    }
}

/// What the provider billed, request by request, independent of what anybody else wrote down.
///
/// A request is billed from the moment its answer begins to be made, as providers do: whether the caller is still there
/// when it ends changes `delivery`, not the bill. A stream is billed for the words made before it broke.
struct Ledger {
    private(set) var entries: [LedgerEntry] = []
    private var firstSequence: UInt64 = 1
    private var nextSequence: UInt64 = 1
    private let entriesMax: Int
    private let file: Int32?
    private(set) var received: UInt64 = 0
    private(set) var billed: UInt64 = 0
    private(set) var refused: UInt64 = 0
    private(set) var promptTokens: UInt64 = 0
    private(set) var completionTokens: UInt64 = 0

    init(entriesMax: Int, path: String?) throws(StubUsageError) {
        self.entriesMax = entriesMax
        guard let path else {
            file = nil
            return
        }
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw StubUsageError("--ledger: cannot open \(path): errno \(errno)") }
        file = descriptor
    }

    mutating func requestCame() { received += 1 }
    mutating func requestWasRefused() { refused += 1 }

    /// The sequence under which the rest is told to `finish`.
    mutating func begin(
        requestID: String, endpoint: String, model: String, isStream: Bool, usage: StubUsage, now: MonotonicTime,
        batchID: String? = nil
    ) -> UInt64 {
        let sequence = nextSequence
        nextSequence += 1
        billed += 1
        guard entriesMax > 0 else { return sequence }
        if entries.count >= entriesMax {
            // A tenth at a time, so that the shift is paid once in many requests.
            let count = max(1, entriesMax / 10)
            entries.removeFirst(count)
            firstSequence += UInt64(count)
        }
        entries.append(
            LedgerEntry(
                sequence: sequence, requestID: requestID, endpoint: endpoint, model: model, isStream: isStream,
                usage: usage, begunMicroseconds: now.nanoseconds / 1_000, batchID: batchID))
        return sequence
    }

    mutating func finish(_ sequence: UInt64, usage: StubUsage, delivery: LedgerEntry.Delivery, now: MonotonicTime) {
        promptTokens += UInt64(usage.prompt)
        completionTokens += UInt64(usage.completion)
        guard entriesMax > 0, sequence >= firstSequence else { return }
        let index = Int(sequence - firstSequence)
        entries[index].usage = usage
        entries[index].delivery = delivery
        entries[index].finishedMicroseconds = now.nanoseconds / 1_000
        guard let file else { return }
        var line: [UInt8] = []
        entries[index].write(to: &line)
        line.append(UInt8(ascii: "\n"))
        // One write per line: O_APPEND keeps lines whole even if two processes share the file.
        _ = unsafe line.withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
    }

    /// Entries after `since`, oldest first, and the counters.
    func json(since: UInt64) -> [UInt8] {
        var out: [UInt8] = []
        out.append(text: "{\"received\":\(received),\"billed\":\(billed),\"refused\":\(refused)")
        out.append(text: ",\"promptTokens\":\(promptTokens),\"completionTokens\":\(completionTokens)")
        out.append(text: ",\"lastSequence\":\(nextSequence - 1),\"firstKept\":\(firstSequence),\"entries\":[")
        let skip = since >= firstSequence ? Int(min(since - firstSequence + 1, UInt64(entries.count))) : 0
        for (index, entry) in entries[skip...].enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            entry.write(to: &out)
        }
        out.append(text: "]}")
        return out
    }
}

extension [UInt8] {
    mutating func append(text: String) { append(contentsOf: text.utf8) }

    /// Appends `text` as a JSON string with its quotes.
    mutating func append(jsonString text: String) {
        append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                append(UInt8(ascii: "\\"))
                append(byte)
            case 0..<32:
                append(text: byte < 16 ? "\\u000" : "\\u00")
                append(text: String(byte, radix: 16))
            default: append(byte)
            }
        }
        append(UInt8(ascii: "\""))
    }
}
