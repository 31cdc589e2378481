import Shared

/// The answers of one loop whose callers have left, and that are read to their end all the same: how many there may be, and what became of them.
///
/// - Shape: the newest gives way: those that have been read for longer are nearer to their end, and their providers have billed more already.
///
/// Concurrency: belongs to its loop.
final class Orphans {
    /// Each holds a connection to a provider, a descriptor of its caller, and a piece of the answer. A loop with more of them than this
    /// has lost its callers all at once, and should not go on working for none of them.
    static let countMax = 256

    enum Ending: String, CaseIterable {
        /// Read to its end: its usage is known as far as the provider has told it.
        case whole
        /// The provider broke off, or one of its timeouts was over.
        case broken
        /// The process stops, and the time for what was in flight is over.
        case stopped
        /// There were too many.
        case refused
    }

    private let gauge: GaugeCell
    private let endings: ResultCounters<Ending>
    private(set) var count = 0

    init(_ registry: MetricsRegistry) {
        gauge = registry.gauge(
            "weir_orphans", help: "Answers that are read to their end although their callers have left.")
        endings = ResultCounters(
            registry, "weir_orphans_total",
            help: "Answers of draining providers whose callers left, by what became of them.", label: "ending")
    }

    /// False: it is cancelled instead, like those of other providers.
    func admit() -> Bool {
        guard count < Self.countMax else {
            endings.count(.refused)
            return false
        }
        count += 1
        gauge.add(1)
        return true
    }

    func end(_ ending: Ending) {
        count -= 1
        gauge.add(-1)
        endings.count(ending)
    }
}

/// The caller of an attempt at a provider that goes on billing when nobody listens: his leaving does not end what was sent.
///
/// Concurrency: belongs to the loop of the attempt, and lives as long as that.
final class OrphanWatch: CallerWatch, Abortable {
    private unowned let client: ClientStream
    private let orphans: Orphans
    private weak var waitedFor: (any Abortable)?
    /// He has left, and the answer is read to its end.
    private var isOrphaned = false

    init(_ client: ClientStream, _ orphans: Orphans) {
        self.client = client
        self.orphans = orphans
    }

    func abortOnLeaving(_ waitedFor: any Abortable) {
        // Nothing is begun for somebody who has left.
        if isOrphaned { return waitedFor.abort() }
        self.waitedFor = waitedFor
        client.connection.abortOnLeaving(self)
    }

    func endWatch() {
        waitedFor = nil
        client.connection.endWatch()
    }

    /// The caller has left, or the process stops.
    func abort() {
        guard let waitedFor else { return }
        // As long as there is no connection nothing was sent, and nothing is billed.
        guard waitedFor is any UpstreamExchange, adopt() else { return waitedFor.abort() }
        // For the end of the process.
        unsafe client.connection.abortedWhenPeerLeaves = self
    }

    /// Whether the answer is read to its end from here on.
    func adopt() -> Bool {
        if client.isCutByStop { return false }
        if isOrphaned { return true }
        guard orphans.admit() else { return false }
        isOrphaned = true
        client.orphan()
        return true
    }

    /// The attempt is over; called once, where it was adopted.
    func end(isWhole: Bool) { orphans.end(isWhole ? .whole : client.isCutByStop ? .stopped : .broken) }
}
