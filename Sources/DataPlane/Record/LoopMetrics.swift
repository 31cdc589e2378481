import Shared

/// What one event loop counts. Its cells are its own; the registry adds them up when it is read.
final class LoopMetrics {
    private let registry: MetricsRegistry
    private let overhead: HistogramCell
    let connections: GaugeCell
    let acceptedConnections: CounterCell
    private let refusedByCount: CounterCell
    private let refusedBySource: CounterCell
    private let refusedByMemory: CounterCell
    let acceptRests: CounterCell
    private var refusals: [String: CounterCell] = [:]
    /// By the text of its labels, so that a series lives on when snapshots come and go.
    private var series: [String: Series] = [:]
    /// By the index of a target of the current policy, for the route that it was last counted for: what finds a series without making a
    /// text or hashing a number.
    private var known: [KnownSeries?] = []
    private var version: UInt64 = .max

    private struct KnownSeries {
        let route: Int
        let series: Series
    }

    private final class Series {
        let outcomes: [CounterCell]
        let duration: HistogramCell
        let firstToken: HistogramCell
        let inputTokens: CounterCell
        let cachedTokens: CounterCell
        let outputTokens: CounterCell
        let cost: CounterCell
        let retriedAttempts: CounterCell

        init(_ registry: MetricsRegistry, route: String, target: String) {
            let labels: MetricLabels = ["route": route, "target": target]
            outcomes = RequestOutcome.allCases.map { outcome in
                registry.counter(
                    "weir_requests_total", help: "Admitted requests by how they ended.",
                    labels: ["route": route, "target": target, "outcome": outcome.label])
            }
            duration = registry.histogram(
                "gen_ai_server_request_duration_seconds", help: "From the request's head to its last byte.",
                labels: labels, buckets: .slowDurations)
            firstToken = registry.histogram(
                "gen_ai_server_time_to_first_token_seconds",
                help: "From the request's head to the first byte of the answer.",
                labels: labels, buckets: .slowDurations)
            func tokens(_ kind: String) -> CounterCell {
                registry.counter(
                    "weir_tokens_total", help: "Tokens by kind; cached input is a part of input.",
                    labels: ["route": route, "target": target, "kind": kind])
            }
            inputTokens = tokens("input")
            cachedTokens = tokens("cached_input")
            outputTokens = tokens("output")
            cost = registry.counter("weir_cost_nanodollars_total", help: "What the requests cost.", labels: labels)
            retriedAttempts = registry.counter(
                "weir_fallback_attempts_total", help: "Attempts beyond the first of their request.", labels: labels)
        }

        func count(_ outcome: Outcome, _ elapsedMicroseconds: UInt64) {
            outcomes[Int(outcome.kind.rawValue) - 1].add()
            duration.observe(elapsedMicroseconds)
            if outcome.firstTokenMicroseconds > 0 { firstToken.observe(UInt64(outcome.firstTokenMicroseconds)) }
            countUsage(outcome)
            if outcome.attempts > 1 { retriedAttempts.add(UInt64(outcome.attempts - 1)) }
        }

        func countUsage(_ outcome: Outcome) {
            inputTokens.add(UInt64(outcome.usage.input))
            if outcome.usage.cachedInput > 0 { cachedTokens.add(UInt64(outcome.usage.cachedInput)) }
            outputTokens.add(UInt64(outcome.usage.output))
            cost.add(UInt64(max(0, outcome.cost.nanodollars)))
        }
    }

    init(_ registry: MetricsRegistry, loop: EventLoop) {
        self.registry = registry
        overhead = registry.histogram(
            "weir_overhead_seconds", help: "Time spent in Weir itself.", labels: .none, buckets: .fastDurations)
        connections = registry.gauge("weir_connections", help: "Open connections of callers.")
        acceptedConnections = registry.counter("weir_connections_accepted_total", help: "Connections of callers.")
        func refused(_ reason: String) -> CounterCell {
            registry.counter(
                "weir_connections_refused_total", help: "Connections that were answered with a refusal and closed.",
                labels: ["reason": reason])
        }
        refusedByCount = refused("connections")
        refusedBySource = refused("source")
        refusedByMemory = refused("memory")
        acceptRests = registry.counter(
            "weir_accept_rests_total", help: "Times that accepting rested because no descriptor was left.")
        register(loop)
    }

    /// What shows whether the loops have equal shares, from numbers that are counted anyway.
    private func register(_ loop: EventLoop) {
        let labels: MetricLabels = ["loop": loop.name]
        registry.gauge("weir_loop_connections", help: "Open connections of callers on one loop.", labels: labels) {
            [connections] in Double(connections.current)
        }
        registry.counter("weir_loop_requests_total", help: "Requests that one loop has answered.", labels: labels) {
            [overhead] in Double(overhead.count)
        }
    }

    func refusedConnection(_ error: IntakeError) -> CounterCell {
        switch error {
        case .tooManyConnections: refusedByCount
        case .tooManyFromSource: refusedBySource
        case .overloaded: refusedByMemory
        }
    }

    func count(_ outcome: Outcome, _ context: RequestContext, elapsedMicroseconds: UInt64, overheadMicroseconds: UInt64)
    {
        overhead.observe(overheadMicroseconds)
        if case .refused(let error) = outcome.ending { refusal(error.code.description).add() }
        if let known = lastSeries(outcome, context) { return known.count(outcome, elapsedMicroseconds) }
        guard let plan = context.plan, let target = outcome.target, let policy = context.policy else { return }
        series(plan.route, target, policy).count(outcome, elapsedMicroseconds)
    }

    /// What an attempt cost that nobody saw anything of.
    func countUsage(_ outcome: Outcome, _ context: RequestContext) {
        guard let plan = context.plan, let target = outcome.target, let policy = context.policy else { return }
        series(plan.route, target, policy).countUsage(outcome)
    }

    private func refusal(_ code: String) -> CounterCell {
        if let known = refusals[code] { return known }
        let cell = registry.counter(
            "weir_refusals_total", help: "Requests that Weir answered with an error of its own.", labels: ["code": code]
        )
        refusals[code] = cell
        return cell
    }

    /// As `series`, found by numbers alone: nothing is called meanwhile, and so nothing has to be held.
    @inline(__always)
    private func lastSeries(_ outcome: Outcome, _ context: RequestContext) -> Series? {
        guard let target = outcome.target?.index, let route = context.plan?.route.index,
            context.policy?.version == version, target < known.count, let last = known[target], last.route == route
        else { return nil }
        return last.series
    }

    private func series(_ route: CompiledRoute, _ target: CompiledTarget, _ policy: CompiledPolicy) -> Series {
        if version != policy.version {
            version = policy.version
            known.removeAll(keepingCapacity: true)
        }
        if target.index < known.count, let last = known[target.index], last.route == route.index { return last.series }
        let routeName = String(decoding: route.name, as: UTF8.self)
        let targetName = String(decoding: target.label, as: UTF8.self)
        let text = routeName + "\n" + targetName
        let found = series[text] ?? Series(registry, route: routeName, target: targetName)
        series[text] = found
        while known.count <= target.index { known.append(nil) }
        known[target.index] = KnownSeries(route: route.index, series: found)
        return found
    }
}
