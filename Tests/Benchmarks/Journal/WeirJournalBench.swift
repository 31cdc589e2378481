import DataPlane
import Glibc
import Shared

/// `make bench-journal`: what intent and settle of one request cost under each policy. One line for each, then one of all.
@main
struct WeirJournalBench {
    static func main() throws {
        let directory = CommandLine.arguments.dropFirst().first ?? "/tmp/weir-bench-journal"
        let seconds = CommandLine.arguments.dropFirst(2).first.flatMap(Double.init) ?? 2
        var figures: [String] = []
        func show(_ name: String, _ result: Result) {
            print(
                "\(name): requests=\(result.requests) thread_cpu_us=\(text(result.threadMicroseconds))",
                "process_cpu_us=\(text(result.processMicroseconds)) p50_us=\(text(result.p50))",
                "p99_us=\(text(result.p99)) per_s=\(Int(result.perSecond))")
            figures.append("\(name)_cpu_us=\(text(result.threadMicroseconds)) \(name)_per_s=\(Int(result.perSecond))")
        }
        for policy in JournalConfiguration.Synchronization.allCases {
            show(policy.rawValue, try measure(policy, directory, seconds: seconds, group: nil))
        }
        // What `always` would cost if the requests of one turn shared a wait: passes by hand after so many.
        for group in [1, 8, 64] {
            show("group\(group)", try measure(.interval, directory, seconds: seconds, group: group))
        }
        print("journal: \(figures.joined(separator: " "))")
    }

    struct Result {
        var requests = 0
        var threadMicroseconds = 0.0
        var processMicroseconds = 0.0
        var p50 = 0.0
        var p99 = 0.0
        var perSecond = 0.0
    }

    private static func measure(
        _ policy: JournalConfiguration.Synchronization, _ directory: String, seconds: Double, group: Int?
    ) throws -> Result {
        let meter = try JournalMeter(directory: directory, synchronization: policy, maintainsItself: group == nil)
        let account = AccountKey(allowanceID: ObjectID(high: 1, low: 1))
        var intent = IntentRecord(
            requestID: .random(), startedUnixMilliseconds: 1_760_000_000_000, organizationID: .random(),
            teamID: .random(), virtualKeyID: VirtualKeyID("abc123xyz789")!, routeID: .random(), providerID: .random(),
            modelID: .random(), priceID: .random(), reserved: Money(nanodollars: 6_000_000), endpoint: .chatCompletions,
            isStream: true, endUser: "somebody@example.com",
            lines: [
                ReservationLine(kind: .money, account: account, window: .whole, amount: 6_000_000),
                ReservationLine(kind: .requests, account: account, window: .whole, amount: 1),
            ])
        var settle = SettleRecord(
            intent: intent, outcome: .completed, status: 200, attempts: 1, usage: TokenUsage(input: 400, output: 120),
            usageReported: true, cost: Money(nanodollars: 2_000_000), durationMicroseconds: 900_000,
            firstTokenMicroseconds: 200_000, overheadMicroseconds: 90, relayedBytes: 4_000,
            charges: [ChargeLine(account: account, window: .whole, amount: 2_000_000)])
        var waits: [UInt64] = []
        waits.reserveCapacity(1 << 20)
        var requests = 0
        let step = group ?? 16
        let start = nanoseconds(CLOCK_MONOTONIC)
        let end = start + UInt64(seconds * 1e9)
        var thread: UInt64 = 0
        var process: UInt64 = 0
        while nanoseconds(CLOCK_MONOTONIC) < end {
            let (threadStart, processStart) = (
                nanoseconds(CLOCK_THREAD_CPUTIME_ID), nanoseconds(CLOCK_PROCESS_CPUTIME_ID)
            )
            let begun = nanoseconds(CLOCK_MONOTONIC)
            for _ in 0..<step {
                intent.requestID = ObjectID(high: 1, low: UInt64(requests))
                settle.intent.requestID = intent.requestID
                while !meter.record(intent, settle) {
                    meter.acknowledge()
                    if group != nil { meter.maintain() } else { usleep(1_000) }
                }
                requests += 1
            }
            if group != nil { meter.maintain() }
            let wait = nanoseconds(CLOCK_MONOTONIC) - begun
            thread += nanoseconds(CLOCK_THREAD_CPUTIME_ID) - threadStart
            process += nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - processStart
            // In a group each request waits for all of it; without one it waits for itself.
            if waits.count < 1 << 20 { waits.append(group == nil ? wait / UInt64(step) : wait) }
            if requests % 4_096 == 0 { meter.acknowledge() }
        }
        let elapsed = Double(nanoseconds(CLOCK_MONOTONIC) - start)
        meter.finish()
        waits.sort()
        return Result(
            requests: requests, threadMicroseconds: Double(thread) / Double(requests) / 1_000,
            processMicroseconds: Double(process) / Double(requests) / 1_000,
            p50: Double(waits[waits.count / 2]) / 1_000, p99: Double(waits[waits.count * 99 / 100]) / 1_000,
            perSecond: Double(requests) / elapsed * 1e9)
    }

    private static func nanoseconds(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private static func text(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
