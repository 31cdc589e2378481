public import Shared
import Synchronization

/// A clock that moves when the test says so.
///
/// - Concurrency: both clocks are one value under a mutex, so a reader never sees one moved and the other not.
public final class ManualTime: TimeSource {
    private struct Clocks {
        var monotonic: MonotonicTime
        var unixMilliseconds: Int64
    }
    private let clocks: Mutex<Clocks>

    /// Begins at a round but not special moment: 2025-01-01T00:00:00Z, one thousand seconds after the machine's start.
    public init(
        monotonic: MonotonicTime = MonotonicTime(nanoseconds: 1_000_000_000_000),
        unixMilliseconds: Int64 = 1_735_689_600_000
    ) {
        clocks = Mutex(Clocks(monotonic: monotonic, unixMilliseconds: unixMilliseconds))
    }

    public var monotonic: MonotonicTime { clocks.withLock { $0.monotonic } }
    public var unixMilliseconds: Int64 { clocks.withLock { $0.unixMilliseconds } }

    public func advance(by duration: Duration) {
        clocks.withLock {
            $0.monotonic = $0.monotonic.advanced(by: duration)
            $0.unixMilliseconds += duration.wholeMilliseconds
        }
    }

    /// Sets the wall clock alone, as an operator or NTP would.
    public func jump(toUnixMilliseconds milliseconds: Int64) {
        clocks.withLock { $0.unixMilliseconds = milliseconds }
    }
}
