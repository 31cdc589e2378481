import Shared

/// Sheds the load of one loop: observes how late it is, and says which requests it refuses.
///
/// Concurrency: belongs to its loop.
final class LoadShedding {
    private var shedder: LoadShedder
    private let probe: ReadinessProbe?
    private let lag = GaugeCell()
    private let pressure: GaugeCell
    /// By rank of the class.
    private let refused: [CounterCell]

    init(on loop: EventLoop, _ settings: OverloadConfiguration, _ registry: MetricsRegistry) {
        shedder = LoadShedder(
            lagNanoseconds: UInt64(settings.lagMilliseconds) * 1_000_000,
            intervalNanoseconds: UInt64(settings.intervalMilliseconds) * 1_000_000)
        // Without a descriptor for it nothing is measured, and so nothing refused.
        probe = settings.lagMilliseconds > 0 ? try? ReadinessProbe(on: loop) : nil
        registry.gauge(
            "weir_loop_lag_seconds", help: "How long what is ready waits for its turn on an event loop.",
            labels: ["loop": loop.name]
        ) { [lag] in Double(lag.current) / 1e6 }
        pressure = registry.gauge(
            "weir_loop_shed_pressure",
            help:
                "What an event loop refuses, in sixteenths of a class of keys: 16 is all of low, 32 all of normal as well.",
            labels: ["loop": loop.name])
        refused = KeyPriority.allCases.map { priority in
            registry.counter(
                "weir_shed_requests_total", help: "Requests that were refused because their event loop was late.",
                labels: ["priority": priority.rawValue])
        }
    }

    /// Called ten times a second.
    func look(_ now: MonotonicTime) {
        guard let probe else { return }
        let found = probe.take()
        shedder.observe(lag: found, at: now)
        lag.set(Int64(found / 1_000))
        pressure.set(Int64(shedder.pressure))
    }

    var isShedding: Bool { shedder.pressure > 0 }

    @inline(__always)
    func refuses(_ caller: Caller) -> Bool { shedder.pressure > 0 && refusesUnderPressure(caller.priority) }

    private func refusesUnderPressure(_ priority: KeyPriority) -> Bool {
        guard shedder.refuses(priority) else { return false }
        refused[priority.rank].add()
        return true
    }
}
