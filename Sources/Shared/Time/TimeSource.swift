import Glibc

/// Where the time comes from. Code that decides takes times as arguments; only drivers hold a source.
public protocol TimeSource: Sendable {
    var monotonic: MonotonicTime { get }
    var unixMilliseconds: Int64 { get }
}

/// The machine's clocks.
public struct SystemTime: TimeSource {
    public init() {}
    public var monotonic: MonotonicTime { .now() }
    public var unixMilliseconds: Int64 { WallTime.unixMilliseconds() }
}

/// The time people agree on. It may jump, so it is written down but never waited for.
public enum WallTime {
    public static func unixNanoseconds() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }

    public static func unixMilliseconds() -> Int64 { unixNanoseconds() / 1_000_000 }
    public static func unixSeconds() -> Int64 { unixNanoseconds() / 1_000_000_000 }
}
