import Shared

/// Bytes prepared by a test, sent as they are in the pieces that the test wants.
struct CannedAnswer {
    private let raw: [UInt8]
    private let splits: [Int]
    /// The nth use is split after n bytes; it stays until each position had its turn.
    private let everyPosition: Bool
    private var uses = 0

    init(parsing body: [UInt8]) throws(ScriptError) {
        let value = try parseControl(body)
        guard let raw = value["raw"]?.string.flatMap({ Base64.decode($0) }), !raw.isEmpty else {
            throw ScriptError("raw: want the bytes of a whole answer, head and all, in base64")
        }
        self.raw = raw
        splits = (value["splits"]?.array ?? []).compactMap { $0.number?.integer(as: Int.self) }
        guard splits == splits.sorted(), splits.allSatisfy({ (1..<raw.count).contains($0) }) else {
            throw ScriptError("splits: want rising positions inside the answer")
        }
        everyPosition = value["everyPosition"]?.boolean ?? false
    }

    /// The pieces of the next use, and whether it was the last.
    mutating func next() -> (pieces: [[UInt8]], isUsedUp: Bool) {
        uses += 1
        let cuts = everyPosition ? [uses] : splits
        var pieces: [[UInt8]] = []
        var start = 0
        for cut in cuts + [raw.count] {
            pieces.append(Array(raw[start..<cut]))
            start = cut
        }
        return (pieces, everyPosition ? uses + 1 >= raw.count : true)
    }
}

/// The canned answers that wait for their requests, in order.
struct CannedAnswers {
    private var waiting: [CannedAnswer] = []

    mutating func add(_ answer: CannedAnswer) { waiting.append(answer) }

    mutating func next() -> [[UInt8]]? {
        guard !waiting.isEmpty else { return nil }
        let (pieces, isUsedUp) = waiting[0].next()
        if isUsedUp { waiting.removeFirst() }
        return pieces
    }
}

struct ScriptError: Error {
    var message: String
    init(_ message: String) { self.message = message }
}

func parseControl(_ body: [UInt8]) throws(ScriptError) -> JSONValue {
    do {
        return try JSONValue(parsing: body)
    } catch {
        throw ScriptError("not JSON: \(error)")
    }
}

extension FaultScript {
    /// `{"sequence": [...]}`, `{"rate": 0.1, "seed": 7, "faults": [...]}`, both, or `{}` for none.
    init(parsing body: [UInt8], seed: UInt64) throws(ScriptError) {
        let value = try parseControl(body)
        func faults(_ name: String) throws(ScriptError) -> [Fault] {
            var faults: [Fault] = []
            for item in value[name]?.array ?? [] {
                guard let fault = item.string.flatMap({ Fault($0) }) else {
                    throw ScriptError("\(name): no such fault: \(item.string ?? "not a string")")
                }
                faults.append(fault)
            }
            return faults
        }
        self.init(
            sequence: try faults("sequence"), rate: value["rate"]?.number?.double ?? 0, faults: try faults("faults"),
            seed: value["seed"]?.number?.integer(as: UInt64.self) ?? seed)
    }
}
