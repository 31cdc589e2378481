import Shared
import Synchronization

/// Counts of times in buckets that are 1/32 of their value wide.
///
/// - Units: nanoseconds. Values beyond about 18 minutes go into the last bucket.
struct Histogram: Sendable {
    private static let subBuckets = 32
    private static let powers = 36
    private var counts = [UInt32](repeating: 0, count: subBuckets * powers)
    private(set) var count = 0

    mutating func add(_ nanoseconds: UInt64) {
        counts[Self.bucket(nanoseconds)] += 1
        count += 1
    }

    mutating func add(_ other: Histogram) {
        for index in counts.indices { counts[index] += other.counts[index] }
        count += other.count
    }

    /// The middle of the bucket below which `fraction` of the values lie; 0 when there are none.
    func quantile(_ fraction: Double) -> Double {
        let rank = Int((Double(count) * fraction).rounded(.up))
        var seen = 0
        for (index, bucket) in counts.enumerated() where bucket > 0 {
            seen += Int(bucket)
            if seen >= rank { return Self.middle(index) }
        }
        return 0
    }

    /// Below 32 each value has its own bucket; above, the five bits after the leading one choose among 32.
    private static func bucket(_ value: UInt64) -> Int {
        guard value >= 32 else { return Int(value) }
        let power = 63 - value.leadingZeroBitCount
        let index = (power - 4) * subBuckets + Int((value >> UInt64(power - 5)) & 31)
        return min(index, subBuckets * powers - 1)
    }

    private static func middle(_ index: Int) -> Double {
        guard index >= subBuckets else { return Double(index) }
        let power = index / subBuckets + 4
        let width = Double(UInt64(1) << UInt64(power - 5))
        return Double(subBuckets + index % subBuckets) * width + width / 2
    }
}

/// What one or all connections have seen.
struct LoadStatistics: Sendable {
    private(set) var answers = 0
    private(set) var events = 0
    private(set) var faults: [AnswerFault: Int] = [:]
    private(set) var latency = Histogram()
    private(set) var firstByte = Histogram()
    /// Of what was asked while connections, buffers and leases were still being made: counted, and no part of the times above.
    private(set) var warmUpFirstByte = Histogram()

    var faultCount: Int { faults.values.reduce(0, +) }

    mutating func answered(
        asked: MonotonicTime, firstByte: MonotonicTime, complete: MonotonicTime, events: Int, isWarmUp: Bool
    ) {
        answers += 1
        self.events += events
        let untilFirstByte = firstByte.nanoseconds &- asked.nanoseconds
        if isWarmUp { return warmUpFirstByte.add(untilFirstByte) }
        latency.add(complete.nanoseconds &- asked.nanoseconds)
        self.firstByte.add(untilFirstByte)
    }

    mutating func failed(_ fault: AnswerFault) { faults[fault, default: 0] += 1 }

    mutating func add(_ other: LoadStatistics) {
        answers += other.answers
        events += other.events
        faults.merge(other.faults, uniquingKeysWith: +)
        latency.add(other.latency)
        firstByte.add(other.firstByte)
        warmUpFirstByte.add(other.warmUpFirstByte)
    }

    func json(seconds: Double, processorSeconds: Double) -> String {
        let kinds = faults.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\"\($0.key.rawValue)\":\($0.value)" }
        let fields = [
            "\"answers\":\(answers)",
            "\"faults\":\(faultCount)",
            "\"fault_kinds\":{\(kinds.joined(separator: ","))}",
            "\"events\":\(events)",
            "\"seconds\":\(seconds)",
            "\"answers_per_second\":\(Double(answers) / seconds)",
            "\"p50_us\":\(latency.quantile(0.5) / 1000)",
            "\"p99_us\":\(latency.quantile(0.99) / 1000)",
            "\"first_byte_p50_us\":\(firstByte.quantile(0.5) / 1000)",
            "\"first_byte_p99_us\":\(firstByte.quantile(0.99) / 1000)",
            "\"warm_up_first_byte_p99_us\":\(warmUpFirstByte.quantile(0.99) / 1000)",
            "\"own_cpu_us_per_answer\":\(processorSeconds * 1e6 / Double(max(1, answers)))",
        ]
        return "{" + fields.joined(separator: ",") + "}"
    }
}

/// Where the connections leave what they have seen.
final class LoadResults: Sendable {
    private let state: Mutex<(total: LoadStatistics, missing: Int)>

    init(connections: Int) { state = Mutex((LoadStatistics(), connections)) }

    /// True for the last one.
    func add(_ statistics: LoadStatistics) -> Bool {
        state.withLock { state in
            state.total.add(statistics)
            state.missing -= 1
            return state.missing == 0
        }
    }

    var total: LoadStatistics { state.withLock { $0.total } }
}
