import Synchronization

/// A number that one thread raises and the scraper reads.
///
/// - Concurrency: written by its one owner only, with a plain load and store instead of a locked addition; read by anybody.
/// - Shape: the padding keeps the number alone on its cache line (64 bytes), so that two threads' cells never share one.
public final class CounterCell: Sendable {
    private let value = Atomic<UInt64>(0)
    private let padding: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)

    public init() {}

    public func add(_ amount: UInt64 = 1) {
        value.store(value.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }

    public var current: UInt64 { value.load(ordering: .relaxed) }
}

/// A number that goes up and down. The same rules as for `CounterCell`; cells of one name and labels are added up.
public final class GaugeCell: Sendable {
    private let value = Atomic<Int64>(0)
    private let padding: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)

    public init() {}

    public func add(_ amount: Int64) {
        value.store(value.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }

    public func set(_ newValue: Int64) { value.store(newValue, ordering: .relaxed) }

    public var current: Int64 { value.load(ordering: .relaxed) }
}

/// Where the steps of a histogram lie, and in which unit it is read.
public struct HistogramBuckets: Sendable, Equatable {
    /// Rising, in the unit that is observed. Values above the last one are counted as infinite.
    public let bounds: [UInt64]
    /// What one observed unit is in the unit that is read: 1e-6 when microseconds are observed and seconds are read.
    public let scale: Double

    public init(bounds: [UInt64], scale: Double = 1) {
        precondition(!bounds.isEmpty && zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "bounds must rise")
        self.bounds = bounds
        self.scale = scale
    }

    /// Microseconds observed, seconds read: 10 us to 1 s, for what Weir does itself.
    public static let fastDurations = HistogramBuckets(
        bounds: [
            10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
            1_000_000,
        ], scale: 1e-6)

    /// Microseconds observed, seconds read: 5 ms to 10 min, for what a model does.
    public static let slowDurations = HistogramBuckets(
        bounds: [
            5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000,
            30_000_000,
            60_000_000, 120_000_000, 300_000_000, 600_000_000,
        ], scale: 1e-6)
}

/// A distribution that one thread observes and the scraper reads.
///
/// - Concurrency: as `CounterCell`. A scrape between the two stores of an observation sees the count without the sum; the
///   next one sees both.
@safe public final class HistogramCell: @unchecked Sendable {
    public let buckets: HistogramBuckets
    // One count for each bound, one for what is above, then the sum. Never resized; freed with the cell.
    private let slots: UnsafeMutablePointer<Atomic<UInt64>>
    private let slotCount: Int

    public init(_ buckets: HistogramBuckets) {
        self.buckets = buckets
        slotCount = buckets.bounds.count + 2
        // Eight unused slots at the end: see CounterCell.
        unsafe slots = .allocate(capacity: slotCount + 8)
        for index in 0..<(slotCount + 8) { unsafe (slots + index).initialize(to: Atomic(0)) }
    }

    deinit {
        unsafe slots.deinitialize(count: slotCount + 8)
        unsafe slots.deallocate()
    }

    public func observe(_ value: UInt64) {
        let bounds = buckets.bounds
        var index = 0
        while index < bounds.count, value > bounds[index] { index &+= 1 }
        add(1, to: index)
        add(value, to: slotCount &- 1)
    }

    private func add(_ amount: UInt64, to index: Int) {
        unsafe slots[index].store(slots[index].load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }

    /// How many values fell between each bound and the one before it; the last is what is above all bounds.
    var counts: [UInt64] { (0..<(slotCount - 1)).map { unsafe slots[$0].load(ordering: .relaxed) } }
    /// How many values there were.
    public var count: UInt64 { counts.reduce(0, &+) }
    var sum: UInt64 { unsafe slots[slotCount - 1].load(ordering: .relaxed) }
}
