import Foundation
import Synchronization

/// Threads that do the same until each is done or all are told to stop.
///
/// Concurrency: can be used from any thread.
public final class CallerThreads: Sendable {
    /// How many tests are over.
    private static let testsOver = Atomic<Int>(0)

    private let test = testsOver.load(ordering: .acquiring)
    private let isStopped = Atomic<Bool>(false)
    private let running = Atomic<Int>(0)

    public init() {}

    /// - Parameter body: gets the number of its thread, from 0 on; asks `goOn` before each turn.
    public func start(_ count: Int, _ body: @escaping @Sendable (_ number: Int) -> Void) {
        running.add(count, ordering: .relaxed)
        for number in 0..<count {
            Thread { [self] in
                body(number)
                running.subtract(1, ordering: .acquiringAndReleasing)
            }.start()
        }
    }

    /// False once they were told to stop, or their test is over.
    public var goOn: Bool {
        !isStopped.load(ordering: .acquiring) && test == Self.testsOver.load(ordering: .acquiring)
    }
    public var areDone: Bool { running.load(ordering: .acquiring) == 0 }

    /// A test that fails leaves its threads behind. The next is not to be measured beside them.
    public static func testIsOver() { testsOver.add(1, ordering: .releasing) }

    public func tellToStop() { isStopped.store(true, ordering: .releasing) }

    /// Lets each of them finish the turn it has begun.
    public func stop(patience: Duration) throws {
        tellToStop()
        try waitUntil("all callers are done", timeout: patience) { areDone }
    }
}
