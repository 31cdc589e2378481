import Shared

/// Asks the providers that want it whether they are up, and tells the loops and the fleet.
///
/// - Shape: each on its own, one probe at a time for a provider. Providers that no route sends requests to are not asked, nor those of which
///   no credential can be resolved here.
///
/// Concurrency: belongs to the control loop.
final class Prober {
    /// A provider that is asked.
    private final class Subject {
        let name: String
        let targets: [TargetIdentity]
        let call: ProbeCall
        var state: ProviderProbe
        var transfer: CurlTransfer?
        var sent: UInt64 = 0
        var downSince: MonotonicTime?

        init(_ name: String, _ targets: [TargetIdentity], _ call: ProbeCall, _ state: ProviderProbe) {
            self.name = name
            self.targets = targets
            self.call = call
            self.state = state
        }
    }

    private let loop: EventLoop
    private let multi: CurlMulti
    private let caBundlePath: String?
    private let registry: MetricsRegistry
    private let tokens: (ObjectID) -> AccessToken?
    /// To the loops that serve.
    private let tellLoops: (HealthNews) -> Void
    /// To the fleet: which targets are down, and until when at most; nil: not any more.
    private let tellFleet: ([TargetIdentity], MonotonicTime?) -> Void
    private var subjects: [ObjectID: Subject] = [:]
    private var counters: [String: OutcomeCounters] = [:]
    private var gauges: [String: GaugeCell] = [:]
    private var timer: LoopTimer!
    private var isStopped = false
    private var random = SecureRandom()
    private let log = Logger("probes")

    /// - Parameters:
    ///   - caBundlePath: as for requests to providers; read anew for each connection.
    ///   - tokens: of credentials that are exchanged for them.
    init(
        on loop: EventLoop, caBundlePath: String?, registry: MetricsRegistry,
        tokens: @escaping (ObjectID) -> AccessToken?,
        tellLoops: @escaping (HealthNews) -> Void,
        tellFleet: @escaping ([TargetIdentity], MonotonicTime?) -> Void
    ) {
        self.loop = loop
        multi = CurlMulti(on: loop)
        self.caBundlePath = caBundlePath
        self.registry = registry
        self.tokens = tokens
        self.tellLoops = tellLoops
        self.tellFleet = tellFleet
        timer = LoopTimer(on: loop) { [unowned self] in askThoseDue() }
    }

    // MARK: Whom to ask

    /// From here on what this says. A provider at another address, or asked for another path, is another one: what is known of it is not
    /// known of that.
    func use(_ snapshot: Snapshot) {
        if isStopped { return }
        let now = loop.refreshedNow()
        let credentials = CompiledCredentials.all(of: snapshot)
        let targets = Self.targets(of: snapshot.policy)
        var subjects: [ObjectID: Subject] = [:]
        for provider in snapshot.policy.providers {
            guard let rule = provider.probe, let targets = targets[provider.id],
                let call = ProbeCall(provider, rule, credentials[provider.id])
            else { continue }
            let known = self.subjects[provider.id].flatMap { $0.call.url == call.url ? $0 : nil }
            var state = known?.state ?? ProviderProbe(rule, now, using: &random)
            state.use(rule, now, using: &random)
            let subject = Subject(provider.name, targets, call, state)
            if let known {
                subject.transfer = known.transfer
                subject.sent = known.sent
                subject.downSince = known.downSince
            }
            subjects[provider.id] = subject
        }
        for (id, old) in self.subjects where subjects[id]?.call.url != old.call.url {
            old.transfer?.abort()
            if old.downSince != nil { tellFleet(old.targets, nil) }
        }
        self.subjects = subjects
        showThoseDown()
        askThoseDue()
    }

    /// By provider, each once.
    static func targets(of policy: PolicyDocument) -> [ObjectID: [TargetIdentity]] {
        let models = Dictionary(policy.models.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        let all = policy.routes.flatMap(\.allTargets).map { target in
            TargetIdentity(
                providerID: target.providerID, modelID: target.modelID,
                modelName: target.upstreamModelName ?? models[target.modelID] ?? "")
        }
        return Dictionary(grouping: Set(all), by: \.providerID)
    }

    func stop() {
        isStopped = true
        timer.cancel()
        for subject in subjects.values { subject.transfer?.abort() }
        subjects.removeAll()
    }

    // MARK: Asking

    private func askThoseDue() {
        let now = loop.refreshedNow()
        for (id, subject) in subjects where !subject.state.isUnderWay && subject.state.dueAt <= now {
            ask(id, subject, now)
        }
        let next = subjects.values.filter { !$0.state.isUnderWay }.map(\.state.dueAt).min()
        if let next { timer.arm(after: now.duration(to: next)) } else { timer.cancel() }
    }

    private func ask(_ id: ObjectID, _ subject: Subject, _ now: MonotonicTime) {
        subject.state.begin(now, using: &random)
        let lines = subject.call.lines(
            number: subject.sent, nowUnixSeconds: WallTime.unixMilliseconds() / 1_000, token: tokens)
        let transfer = subject.call.transfer(
            lines, within: .milliseconds(subject.state.rule.timeoutMilliseconds),
            caBundlePath: caBundlePath, on: multi)
        subject.transfer = transfer
        subject.sent += 1
        let asked = AskedProvider(self, id, transfer)
        loop.spawn { _ in
            guard let outcome = await ProbeCall.outcome(of: asked.transfer) else { return }
            asked.prober?.ended(asked.id, asked.transfer, outcome, began: now)
        }
    }

    private func ended(_ id: ObjectID, _ transfer: CurlTransfer, _ outcome: OutcomeClass, began: MonotonicTime) {
        // Another snapshot may have taken the provider, or what was asked of it, away meanwhile.
        guard let subject = subjects[id], subject.transfer === transfer else { return }
        subject.transfer = nil
        count(outcome, subject.name)
        let now = loop.refreshedNow()
        let finding = subject.state.ended(isAnswered: ProbeCall.isUp(outcome), began: began, now)
        tellLoops(.probed(id, finding))
        note(finding, outcome, subject, now)
        askThoseDue()
    }

    // MARK: Telling

    private func note(
        _ finding: ProviderProbe.Finding, _ outcome: OutcomeClass, _ subject: Subject, _ now: MonotonicTime
    ) {
        switch finding {
        case .failed(isDown: false, _): return
        case .failed(isDown: true, let until):
            tellFleet(subject.targets, until)
            guard subject.downSince == nil else { return }
            subject.downSince = now
            log.warning(
                "a provider does not answer probes, and is set aside",
                [
                    "provider": .string(subject.name), "url": .string(subject.call.url),
                    "outcome": .text(outcome.label), "failures": .integer(subject.state.rule.failures),
                ])
        case .up:
            guard let since = subject.downSince else { return }
            subject.downSince = nil
            tellFleet(subject.targets, nil)
            log.info(
                "a provider answers probes again",
                [
                    "provider": .string(subject.name), "outcome": .text(outcome.label),
                    "down_seconds": .integer(since.duration(to: now).wholeMilliseconds / 1000),
                ])
        }
        showThoseDown()
    }

    private func count(_ outcome: OutcomeClass, _ provider: String) {
        counters[
            provider,
            default: OutcomeCounters(
                registry, "weir_probes_total", help: "Probes of a provider by what they came to.",
                of: (name: "provider", value: provider))
        ].count(outcome)
    }

    /// 0 for those that are asked no more: nobody knows that they are down.
    private func showThoseDown() {
        for subject in subjects.values where gauges[subject.name] == nil {
            gauges[subject.name] = registry.gauge(
                "weir_provider_down", help: "1 while a provider is set aside because it does not answer probes.",
                labels: ["provider": subject.name])
        }
        let down = Set(subjects.values.filter { $0.downSince != nil }.map(\.name))
        for (name, gauge) in gauges { gauge.set(down.contains(name) ? 1 : 0) }
    }

    // MARK: What others found out

    /// From a loop of this process.
    func heard(_ news: HealthNews) {
        guard case .breaker(let identity, .opened) = news, let subject = subjects[identity.providerID] else { return }
        subject.state.hasten(loop.refreshedNow(), using: &random)
        askThoseDue()
    }

    /// Whether the loops should hear of what other data planes say: not that a provider is down which has answered here.
    func believes(_ news: HealthNews) -> Bool {
        guard case .probed(let id, _) = news else { return true }
        return subjects[id].map { !$0.state.wasAnswered } ?? false
    }
}

/// Lets the task of a probe name the prober.
///
/// Concurrency: used on the control loop only.
private final class AskedProvider: @unchecked Sendable {
    weak let prober: Prober?
    let id: ObjectID
    let transfer: CurlTransfer

    init(_ prober: Prober, _ id: ObjectID, _ transfer: CurlTransfer) {
        self.prober = prober
        self.id = id
        self.transfer = transfer
    }
}
