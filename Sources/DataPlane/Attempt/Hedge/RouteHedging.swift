import Shared

/// When the requests of one route are sent a second time, as one loop decides it.
///
/// - Shape: a request that has waited for its first token longer than 95 of 100 others did is worth another attempt, as long as those
///   attempts stay a small share of all requests. What is slow for everybody is not sent twice: the share is earned by requests, and at most
///   ten attempts are saved up.
///
/// Concurrency: belongs to its loop. It outlives snapshots.
final class RouteHedging {
    var rule: PolicyDocument.Hedge
    private var streams = FirstTokenTimes()
    private var plain = FirstTokenTimes()
    /// In hundredths of an attempt.
    private var earned = 0
    let results: ResultCounters<HedgeResult>

    private static let savedMax = 10 * 100

    init(_ rule: PolicyDocument.Hedge, of route: CompiledRoute, _ registry: MetricsRegistry) {
        self.rule = rule
        results = ResultCounters(
            registry, "weir_hedges_total", help: "Second attempts of requests that waited long for their first token.",
            of: route.metricLabel)
    }

    /// A request goes out for the first time: how long it is waited for before it is sent again, in nanoseconds; nil: it is not.
    func delay(of request: ParsedRequest) -> UInt64? {
        earned = min(earned + rule.percentMax, Self.savedMax)
        guard request.isStream || rule.includesPlainAnswers == true else { return nil }
        if let milliseconds = rule.afterMilliseconds { return CompiledTarget.nanoseconds(milliseconds) }
        return request.isStream ? streams.percentile95 : plain.percentile95
    }

    /// The first token of an attempt came after so long, or had not come when the attempt was given up.
    func observe(_ request: ParsedRequest, nanoseconds: UInt64) {
        if request.isStream {
            streams.observe(nanoseconds: nanoseconds)
        } else {
            plain.observe(nanoseconds: nanoseconds)
        }
    }

    /// Takes a second attempt out of the share, where there is one.
    func take() -> Bool {
        guard earned >= 100 else {
            results.count(.withheld)
            return false
        }
        earned -= 100
        return true
    }

    /// It was taken and not made.
    func giveBack() {
        earned = min(earned + 100, Self.savedMax)
        results.count(.withheld)
    }
}

/// What became of second attempts.
enum HedgeResult: String, CaseIterable {
    /// It answered first.
    case won
    case lost, failed
    /// It was time for one, and the share, the allowances or the targets had no room for it.
    case withheld
}
