import Shared

/// What one loop knows of the shadows of a route, beyond snapshots: whose turn it is, and what became of them.
///
/// Concurrency: belongs to its loop.
final class RouteShadowing {
    private var sample: ShadowSample
    let results: ResultCounters<ShadowResult>

    init(_ registry: MetricsRegistry, route: CompiledRoute) {
        var random = SecureRandom()
        sample = ShadowSample(using: &random)
        results = ResultCounters(
            registry, "weir_shadow_requests_total",
            help: "Requests that were drawn to be mirrored, by what became of that.", of: route.metricLabel)
    }

    /// Whether the next request is mirrored.
    func takes(_ share: Int, using random: SecureRandom) -> Bool {
        var random = random
        return sample.takesNext(share, using: &random)
    }
}

/// What became of a request that was drawn to be mirrored. Where it was not sent, the first reason that was found.
enum ShadowResult: String, CaseIterable, Error {
    case answered
    /// No answer, none that was whole, or one that is an error.
    case failed
    /// The process ended meanwhile.
    case stopped
    /// Its body is longer than is copied.
    case tooLarge = "withheld_size"
    /// As many are under way on this thread as may be, or hold as much.
    case tooMany = "withheld_in_flight"
    /// The process is short of memory.
    case noMemory = "withheld_memory"
    /// The thread is late, and refuses callers.
    case shedding = "withheld_load"
    /// The virtual key is gone or has expired, or the route mirrors no more.
    case noKey = "withheld_key"
    /// Some allowance of the key, its team or its organization has no room.
    case noAllowance = "withheld_allowance"
    /// The target is set aside.
    case targetOut = "withheld_target"
    /// The target has as many requests in flight as it may.
    case noSlot = "withheld_concurrency"
    /// The journal takes no record.
    case noJournal = "withheld_journal"
    /// The process ends.
    case ending = "withheld_stopping"
}
