import Glibc
import Shared
import Synchronization

/// The data plane for a thread that only starts and stops it.
///
/// Concurrency: `plane` lives on the control loop; `start` and `stop` are called by one thread, and wait.
public final class DataPlaneProcess: @unchecked Sendable {
    private let settings: DataPlaneConfiguration
    private var loop: EventLoop!
    private var plane: DataPlane!

    public init(_ settings: DataPlaneConfiguration) { self.settings = settings }

    /// Nil once callers are served, else why not.
    public func start() -> StartupProblem? {
        do { loop = try EventLoop(name: "weir-control") } catch { return StartupProblem("\(error)") }
        loop.start()
        return onLoop { [self] in
            plane = DataPlane(settings, on: loop)
            do throws(StartupProblem) {
                try await plane.start()
                return nil
            } catch { return error }
        }
    }

    /// Reads certificates and authorities again.
    public func reload() { onLoop { [self] in plane.reload() } }

    public func stop() {
        onLoop { [self] in await plane.drain() }
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
