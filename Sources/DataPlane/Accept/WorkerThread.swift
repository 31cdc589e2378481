import Shared
import Synchronization

/// A worker with its loop, as other threads see it.
///
/// Concurrency: `worker` is touched on the loop only; everything else is immutable. That makes `@unchecked Sendable` true.
final class WorkerThread: @unchecked Sendable {
    let loop: EventLoop
    private var worker: Worker!

    init(index: Int, gatherMilliseconds: Int) throws(SystemError) {
        loop = try EventLoop(name: "weir-data-\(index)", gatherNanoseconds: UInt64(gatherMilliseconds) * 1_000_000)
    }

    func start() { loop.start() }

    /// Runs `body` with the worker on its loop and hands its result to `loop` of the caller.
    func run<Result: Sendable>(_ body: @escaping @Sendable (Worker) -> Result, from other: EventLoop) async -> Result {
        unsafe await withUnsafeContinuation { continuation in
            loop.post { [self] in
                let result = body(worker)
                other.post { unsafe continuation.resume(returning: result) }
            }
        }
    }

    /// Makes the worker, on its loop.
    func prepare(
        settings: DataPlaneConfiguration, journal: JournalStream, wallet: Wallet, registry: MetricsRegistry,
        accessLog: Int32?, resolver: Resolver, trust: TLSClientContext, limits: ConnectionLimits, memory: MemoryBudget,
        reports: FleetReports
    ) {
        let stream = Handover(journal)
        loop.post { [self] in
            worker = Worker(
                on: loop, settings: settings, journal: stream.value, wallet: wallet, registry: registry,
                accessLog: accessLog, resolver: resolver, trust: trust, limits: limits, memory: memory,
                reports: reports)
        }
    }

    /// Another process accepts from here on.
    func closeListeners() { loop.post { [self] in worker.closeListeners() } }

    /// What this loop finds out about targets, the others hear, and the fleet.
    func tell(_ others: [WorkerThread], _ fleet: @escaping @Sendable (HealthNews) -> Void) {
        loop.post { [self] in worker.tell(others, fleet) }
    }

    func hear(_ news: [HealthNews]) { loop.post { [self] in worker.hear(news) } }

    func hear(_ news: [TokenNews]) { loop.post { [self] in worker.hear(news) } }

    func use(_ policy: CompiledPolicy) { loop.post { [self] in worker.use(policy) } }

    /// What is new of certificates and authorities.
    func use(_ listener: TLSServerContext?, _ trust: TLSClientContext?) {
        loop.post { [self] in
            if let listener { worker.use(listener) }
            if let trust { worker.use(trust) }
        }
    }
}

/// Carries something that is not Sendable to the one loop that will own it.
///
/// Concurrency: the giver does not touch `value` again.
private final class Handover<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
