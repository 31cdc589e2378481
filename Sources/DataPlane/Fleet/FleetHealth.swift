import Shared

/// What data planes tell each other of their targets, by way of heartbeats.
///
/// - Shape: pure but for the clock passed in. What this process found out goes out; what others found out comes back as news for the loops,
///   which believe it unless they know better.
///
/// Concurrency: belongs to the control loop.
final class FleetHealth {
    private struct Known: Hashable {
        var identity: TargetIdentity
        var reason: TargetOut.Reason
    }

    /// Whoever opened a breaker tries the target first, and the others hear how that went before they try it themselves: a heartbeat
    /// there, and one here.
    private static let grace = Duration.milliseconds(1_500)
    /// Shorter ones are over before anybody has heard of them.
    private static let leastMilliseconds: Int64 = 500

    private var own: [Known: MonotonicTime] = [:]

    /// From a loop of this process. True where the others should hear of it at once.
    func heard(_ news: HealthNews) -> Bool {
        switch news {
        case .breaker(let identity, .opened(let until)):
            own[Known(identity: identity, reason: .failures)] = until
            return true
        case .breaker(let identity, .closed):
            return own.removeValue(forKey: Known(identity: identity, reason: .failures)) != nil
        case .cooled(let identity, let until):
            let known = Known(identity: identity, reason: .cooldown)
            own[known] = max(own[known] ?? until, until)
            return false
        case .credential, .rumour, .probed: return false
        }
    }

    /// What probes of this process found of a provider with these targets. True where that is new.
    func probed(_ targets: [TargetIdentity], downUntil: MonotonicTime?) -> Bool {
        var isNew = false
        for identity in targets {
            let known = Known(identity: identity, reason: .probe)
            isNew = isNew || (own[known] == nil) != (downUntil == nil)
            own[known] = downUntil
        }
        return isNew
    }

    /// For a heartbeat, in an order that does not change.
    func reports(_ now: MonotonicTime) -> [TargetOut] {
        own = own.filter { $0.value > now }
        let all = own.map { known, until in
            TargetOut(
                providerID: known.identity.providerID, modelID: known.identity.modelID,
                modelName: known.identity.modelName, reason: known.reason,
                milliseconds: Int(now.duration(to: until).wholeMilliseconds))
        }
        return Array(
            all.filter { $0.reason != .cooldown || $0.milliseconds >= Self.leastMilliseconds }
                .sorted { Self.order($0) < Self.order($1) }.prefix(TargetOut.countMax))
    }

    private static func order(_ report: TargetOut) -> (String, String, String, String) {
        (report.providerID.description, report.modelID.description, report.modelName, report.reason.rawValue)
    }

    /// What the answer to a heartbeat says, for the loops. What probes found is of a provider, and said once for all its targets.
    static func news(of reports: [TargetOut], _ now: MonotonicTime) -> [HealthNews] {
        var providers: Set<ObjectID> = []
        return reports.prefix(TargetOut.countMax).compactMap { report in
            let identity = TargetIdentity(
                providerID: report.providerID, modelID: report.modelID, modelName: report.modelName)
            let until = now.advanced(by: .milliseconds(min(max(0, report.milliseconds), millisecondsMax)))
            switch report.reason {
            case .failures: return .rumour(identity, until: until.advanced(by: grace))
            case .cooldown: return .cooled(identity, until: until)
            case .probe:
                guard providers.insert(report.providerID).inserted else { return nil }
                return .probed(report.providerID, .failed(isDown: true, until: until.advanced(by: grace)))
            }
        }
    }

    /// The longest that a breaker stays open or a provider is believed.
    private static let millisecondsMax = 3_600_000
}

/// Takes news from the threads that serve to the control loop.
///
/// Concurrency: `make` from any thread; `body` runs on the control loop only.
@safe final class FleetCall: Sendable {
    private let loop: EventLoop
    nonisolated(unsafe) private let body: (HealthNews) -> Void

    init(on loop: EventLoop, _ body: @escaping (HealthNews) -> Void) {
        self.loop = loop
        unsafe self.body = body
    }

    func make(_ news: HealthNews) { loop.post { [self] in unsafe body(news) } }
}
