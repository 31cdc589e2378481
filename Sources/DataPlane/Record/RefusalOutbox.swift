import Shared
import Synchronization

/// Refused requests on their way to the control plane: counted, those that are alike together.
///
/// - Shape: bounded twice; what comes beyond is not counted. Nothing depends on it.
///
/// Concurrency: `note` from any thread, the rest on the control loop. Only refused requests share it.
final class RefusalOutbox: Sendable {
    private struct Kind: Hashable {
        var virtualKeyID: VirtualKeyID
        var route: String
        var endpoint: Endpoint
        var isStream: Bool
        var endUser: String
        var code: String
    }

    private struct State {
        var counted: [Kind: RefusedRequests] = [:]
        /// Oldest first.
        var leaving: [RefusedRequests] = []
    }

    /// Between two calls: a caller that makes up names must not fill the memory.
    static let kindsMax = 1_000
    /// For a control plane that is away for a while.
    static let leavingMax = 10_000

    private let state = Mutex(State())
    private let dropped: CounterCell

    init(_ registry: MetricsRegistry) {
        dropped = registry.counter(
            "weir_refusals_dropped_total",
            help: "Refused requests that the control plane is not told of, because there were too many kinds of them.")
    }

    /// - Parameters:
    ///   - route: what was asked for.
    ///   - worst: what the request would have held; nil where it came to no targets.
    func note(
        _ request: ParsedRequest, of key: VirtualKeyID, route: String, code: StaticString, worst: WorstCase?,
        startedUnixMilliseconds: Int64
    ) {
        let usage = UsageEstimate(of: request).usage
        let kind = Kind(
            virtualKeyID: key, route: route, endpoint: request.endpoint, isStream: request.isStream,
            endUser: request.endUser, code: code.description)
        let hasRoom = state.withLock { state in
            guard state.counted.count < Self.kindsMax || state.counted[kind] != nil else { return false }
            state.counted[
                kind,
                default: RefusedRequests(
                    id: .random(unixMilliseconds: startedUnixMilliseconds),
                    beganUnixMilliseconds: startedUnixMilliseconds, virtualKeyID: key.description, route: route,
                    endpoint: request.endpoint.rawValue, isStream: request.isStream, endUser: request.endUser,
                    code: code.description, requests: 0, inputTokens: 0, outputTokens: 0, worstNanodollars: 0,
                    worstTokens: 0)
            ].add(usage, worst)
            return true
        }
        if !hasRoom { dropped.add() }
    }

    /// The oldest, for one call; nil where there are none. They stay until `sent`.
    func batch() -> RefusalBatch? {
        var lost: Int64 = 0
        let oldest = state.withLock { state in
            let new = state.counted.values.sorted { $0.beganUnixMilliseconds < $1.beganUnixMilliseconds }
            state.counted.removeAll(keepingCapacity: true)
            let room = Self.leavingMax - state.leaving.count
            state.leaving += new.prefix(room)
            lost = new.dropFirst(room).reduce(0) { $0 + $1.requests }
            return Array(state.leaving.prefix(RefusalBatch.countMax))
        }
        if lost > 0 { dropped.add(UInt64(lost)) }
        return oldest.isEmpty ? nil : RefusalBatch(refusals: oldest)
    }

    /// The oldest so many have been taken, or never will be.
    func sent(_ count: Int) { state.withLock { $0.leaving.removeFirst(min(count, $0.leaving.count)) } }
}

extension RefusedRequests {
    fileprivate mutating func add(_ usage: TokenUsage, _ worst: WorstCase?) {
        guard requests < Self.requestsMax else { return }
        requests += 1
        inputTokens = inputTokens.addingSaturating(Int64(usage.input))
        outputTokens = outputTokens.addingSaturating(Int64(usage.output))
        guard let worst else { return }
        worstNanodollars = worstNanodollars.addingSaturating(worst.cost.nanodollars)
        worstTokens = worstTokens.addingSaturating(Int64(clamping: worst.tokens))
    }
}

/// What goes to the control plane besides the journal, and may be lost.
struct FleetReports: Sendable {
    let explanations: ExplanationOutbox
    let refusals: RefusalOutbox

    init(_ registry: MetricsRegistry) {
        explanations = ExplanationOutbox(registry)
        refusals = RefusalOutbox(registry)
    }
}
