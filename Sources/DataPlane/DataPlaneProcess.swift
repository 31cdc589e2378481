import Glibc
import Shared
import Synchronization

/// The data plane for a thread that only starts and stops it.
///
/// Concurrency: `plane` lives on the control loop; the functions are called by one thread. `outcome` is under its mutex.
public final class DataPlaneProcess: @unchecked Sendable {
    private let settings: DataPlaneConfiguration
    private var loop: EventLoop!
    private var plane: DataPlane!
    private let state = Mutex(State())

    private struct State {
        var isHandedOver = false
        /// Whether all was done; nil while it runs or stops.
        var outcome: Bool?
    }

    public init(_ settings: DataPlaneConfiguration) { self.settings = settings }

    /// Nil once callers are served, else why not.
    ///
    /// - Parameters:
    ///   - takingOver: from the process that uses the data folder, if there is one.
    ///   - handedOver: called, on a thread of the data plane, when another process has taken this one over.
    public func start(takingOver: Bool, handedOver: @escaping @Sendable () -> Void) -> StartupProblem? {
        do { loop = try EventLoop(name: "weir-control") } catch { return StartupProblem("\(error)") }
        loop.start()
        return onLoop { [self] in
            plane = DataPlane(settings, on: loop) { [self] in
                state.withLock { $0.isHandedOver = true }
                handedOver()
            }
            do throws(StartupProblem) {
                try await plane.start(takingOver: takingOver)
                return nil
            } catch { return error }
        }
    }

    /// Reads certificates and authorities again.
    public func reload() { onLoop { [self] in plane.reload() } }

    /// Another process serves in the place of this one, which has nothing to do but to stop.
    public var isHandedOver: Bool { state.withLock { $0.isHandedOver } }

    /// Whether all was done; nil before `stop` has ended.
    public var outcome: Bool? { state.withLock { $0.outcome } }

    /// Begins to stop, and calls `ended` on a thread of the data plane when that has ended. Callable once.
    public func stop(_ ended: @escaping @Sendable () -> Void) {
        loop.spawn { [self] _ in
            let isDone = await plane.drain()
            state.withLock { $0.outcome = isDone }
            ended()
        }
    }

    /// The last thing, after `stop` has ended.
    public func finish() {
        loop.stop()
        loop.join()
    }

    /// Runs `body` on the control loop and blocks the calling thread until it has returned.
    private func onLoop<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) -> Result {
        let done = Blocking<Result>()
        loop.spawn { _ in done.fulfill(await body()) }
        return done.wait()
    }
}

/// One value that one thread waits for.
///
/// Concurrency: `value` is under the mutex; the semaphore is raised once, after it was set.
@safe private final class Blocking<Value: Sendable>: @unchecked Sendable {
    private let value = Mutex<Value?>(nil)
    private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        unsafe semaphore = .allocate(capacity: 1)
        unsafe sem_init(semaphore, 0, 0)
    }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    func fulfill(_ newValue: Value) {
        value.withLock { $0 = newValue }
        unsafe sem_post(semaphore)
    }

    func wait() -> Value {
        while unsafe sem_wait(semaphore) != 0 {}
        return value.withLock { $0! }
    }
}
