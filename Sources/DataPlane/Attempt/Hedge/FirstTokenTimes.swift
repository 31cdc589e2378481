/// How long first tokens take, as far as one loop has seen lately: enough to know a percentile.
///
/// - Shape: pure; counts by length of time, each power of two of microseconds parted in sixteen, so that a percentile is at most a
///   sixteenth too high and never too low. Past 2,048 samples all counts are halved: the newest thousand or so weigh most.
struct FirstTokenTimes {
    /// Below this nobody knows what is slow.
    static let samplesMin = 20
    private static let samplesMax = 2_048
    /// Up to 2^32 microseconds, more than an hour.
    private static let placesMax = 464
    /// So often is the percentile looked up again.
    private static let freshSamples = 16

    private var counts = [UInt32](repeating: 0, count: placesMax)
    private var total = 0
    private var fresh = 0
    /// Of `percentile95`, as it was looked up last.
    private var known: UInt64?

    mutating func observe(nanoseconds: UInt64) {
        counts[Self.place(of: nanoseconds / 1000)] += 1
        total += 1
        fresh += 1
        if total >= Self.samplesMax { halve() }
        if known == nil || fresh >= Self.freshSamples { lookUp() }
    }

    /// In nanoseconds; nil while there are too few samples.
    var percentile95: UInt64? { known }

    private mutating func halve() {
        total = 0
        for place in counts.indices {
            counts[place] /= 2
            total += Int(counts[place])
        }
    }

    private mutating func lookUp() {
        guard total >= Self.samplesMin else { return }
        fresh = 0
        var above = total / 20
        for place in counts.indices.reversed() {
            above -= Int(counts[place])
            if above < 0 { return known = Self.end(of: place) * 1000 }
        }
    }

    private static func place(of microseconds: UInt64) -> Int {
        guard microseconds >= 16 else { return Int(microseconds) }
        let power = 63 - microseconds.leadingZeroBitCount
        return min((power - 3) * 16 + Int(microseconds >> UInt64(power - 4) & 15), placesMax - 1)
    }

    /// The first number of microseconds behind a place.
    private static func end(of place: Int) -> UInt64 {
        guard place >= 16 else { return UInt64(place) + 1 }
        return UInt64(place % 16 + 17) << UInt64(place / 16 - 1)
    }
}
