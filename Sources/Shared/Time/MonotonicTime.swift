import Glibc

/// A moment on the clock that never goes back: what deadlines and durations are made of.
///
/// - Units: nanoseconds since the machine started. Meaningless on another machine and after a restart of this one.
public struct MonotonicTime: Hashable, Comparable, Sendable {
    public var nanoseconds: UInt64

    @inlinable
    public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    /// Later than every deadline.
    public static let distantFuture = MonotonicTime(nanoseconds: .max)

    /// Reads the clock (about 25 ns). A loop reads it once a turn and passes it along.
    public static func now() -> MonotonicTime {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicTime(nanoseconds: UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec))
    }

    public static func < (a: MonotonicTime, b: MonotonicTime) -> Bool { a.nanoseconds < b.nanoseconds }

    /// Saturates at the start of the clock and at `distantFuture`.
    public func advanced(by duration: Duration) -> MonotonicTime {
        let offset = duration.wholeNanoseconds
        let (sum, overflow) =
            offset >= 0
            ? nanoseconds.addingReportingOverflow(offset.magnitude)
            : nanoseconds.subtractingReportingOverflow(offset.magnitude)
        return MonotonicTime(nanoseconds: overflow ? (offset >= 0 ? .max : 0) : sum)
    }

    /// The same without the arithmetic of 128 bits that a `Duration` costs. Saturates at `distantFuture`.
    @inlinable
    public func advanced(byNanoseconds offset: UInt64) -> MonotonicTime {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(offset)
        return MonotonicTime(nanoseconds: overflow ? .max : sum)
    }

    /// Negative when `other` is earlier.
    public func duration(to other: MonotonicTime) -> Duration {
        other >= self
            ? .nanoseconds(Int64(clamping: other.nanoseconds - nanoseconds))
            : .nanoseconds(-Int64(clamping: nanoseconds - other.nanoseconds))
    }
}

extension Duration {
    /// Saturates at 292 years.
    public var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, overflowed) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflowed ? (seconds < 0 ? .min : .max) : sum
    }

    public var wholeMicroseconds: Int64 { wholeNanoseconds / 1_000 }
    public var wholeMilliseconds: Int64 { wholeNanoseconds / 1_000_000 }
}
