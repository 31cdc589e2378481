import Glibc
import Shared
import Synchronization

/// Watches the event loops from a thread of its own: says so when one stands still, and keeps their longest turns.
///
/// The journal's loop is not among them: it waits for its disk, and the journal's metrics tell.
///
/// Concurrency: `look` runs on the watchdog's loop; the rest is for any thread.
final class Watchdog: Sendable {
    private let loops: [Watched]
    private let interval: Duration
    private let looksPerWindow: Int
    /// nil: never.
    private let abortNanoseconds: UInt64?
    private let own: EventLoop
    private let state: Mutex<State>
    private let log = Logger("watchdog")

    struct Watched: Sendable {
        var name: String
        var pulse: LoopPulse
    }

    private struct State {
        var watches: [LoopWatch]
        var stalls: [UInt64]
        /// The longest turns of the window that is over, and of the one under way.
        var before: [UInt64]
        var current: [UInt64]
        var looks = 0
    }

    /// So long a longest turn is told at least, and twice as long at most: whoever scrapes every 30 seconds misses none.
    private static let window = Duration.seconds(30)

    init(
        _ loops: [EventLoop], stall: Duration, abortAfter: Duration?
    ) throws(SystemError) {
        self.loops = loops.map { Watched(name: $0.name, pulse: $0.pulse) }
        // Four looks in a stall, so that it is noticed at most a quarter late.
        let interval = max(Duration.milliseconds(10), min(stall / 4, .milliseconds(500)))
        self.interval = interval
        looksPerWindow = max(1, Int(Self.window / interval))
        abortNanoseconds = abortAfter.map { UInt64($0.wholeNanoseconds) }
        own = try EventLoop(name: "weir-watchdog")
        let watch = LoopWatch(stallNanoseconds: UInt64(stall.wholeNanoseconds))
        let zeros = [UInt64](repeating: 0, count: loops.count)
        state = Mutex(
            State(
                watches: Array(repeating: watch, count: loops.count), stalls: zeros, before: zeros, current: zeros))
    }

    func start() {
        own.start()
        own.spawn { [self] actor in
            while true {
                look(now: MonotonicTime.now().nanoseconds)
                await actor.loop.sleep(for: interval)
            }
        }
    }

    /// Ends the thread.
    func stop() {
        own.stop()
        own.join()
    }

    private func look(now: UInt64) {
        for index in loops.indices {
            let pulse = loops[index].pulse
            let began = pulse.turnBegan
            let longest = pulse.takeLongestTurn()
            let (finding, lasted) = state.withLock { state in
                let finding = state.watches[index].look(turnBegan: began, now: now)
                if case .stalled = finding { state.stalls[index] += 1 }
                // A turn under way counts as far as it has come.
                let underWay = began.map { now > $0 ? now - $0 : 0 } ?? 0
                state.current[index] = max(state.current[index], longest, underWay)
                return (finding, state.watches[index].stalledFor)
            }
            if let finding { report(finding, of: loops[index]) }
            if let abortNanoseconds, lasted > abortNanoseconds { end(loops[index], after: lasted) }
        }
        state.withLock { state in
            state.looks += 1
            guard state.looks % looksPerWindow == 0 else { return }
            state.before = state.current
            state.current = [UInt64](repeating: 0, count: loops.count)
        }
    }

    private func report(_ finding: LoopWatch.Finding, of watched: Watched) {
        switch finding {
        case .stalled(let nanoseconds):
            log.error(
                "an event loop stands still",
                [
                    "loop": .string(watched.name), "milliseconds": .integer(nanoseconds / 1_000_000),
                    "thread_state": .string(watched.pulse.threadState ?? "unknown"),
                ])
        case .recovered(let nanoseconds):
            log.warning(
                "an event loop goes on",
                ["loop": .string(watched.name), "milliseconds": .integer(nanoseconds / 1_000_000)])
        }
    }

    /// A core file shows where each thread was. Whoever supervises the process starts it again, and its journal tells the rest.
    private func end(_ watched: Watched, after nanoseconds: UInt64) -> Never {
        log.error(
            "an event loop stands still for too long: the process ends",
            ["loop": .string(watched.name), "milliseconds": .integer(nanoseconds / 1_000_000)])
        abort()
    }

    // MARK: What it knows

    /// In words, the loops that stand still at this moment.
    var stalled: [String] {
        state.withLock { state in
            loops.indices.compactMap { index in
                let lasted = state.watches[index].stalledFor
                guard lasted > 0 else { return nil }
                return "event loop \(loops[index].name) stands still for \(lasted / 1_000_000) ms"
            }
        }
    }

    func register(in registry: MetricsRegistry) {
        for index in loops.indices {
            let pulse = loops[index].pulse
            let labels: MetricLabels = ["loop": loops[index].name]
            registry.counter("weir_loop_turns_total", help: "Turns of an event loop.", labels: labels) {
                Double(pulse.turns)
            }
            registry.counter(
                "weir_loop_busy_seconds_total", help: "Time an event loop worked, rather than waited.", labels: labels
            ) { Double(pulse.busyNanoseconds) / 1e9 }
            registry.gauge(
                "weir_loop_longest_turn_seconds",
                help: "The longest turn of an event loop in the last 30 to 60 seconds.",
                labels: labels
            ) { [self] in
                Double(state.withLock { max($0.before[index], $0.current[index]) }) / 1e9
            }
            registry.counter(
                "weir_loop_stalls_total", help: "Turns of an event loop that lasted longer than loopStallMilliseconds.",
                labels: labels
            ) { [self] in Double(state.withLock { $0.stalls[index] }) }
        }
    }
}
