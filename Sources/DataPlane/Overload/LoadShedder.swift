import Shared

/// Which requests one event loop refuses because it is late, so that those it lets in are served in time.
///
/// A loop is late when what is ready waits long for its turn, all the time and not for a moment: a burst that is over within `interval` is
/// only a burst. Then a share of the requests is refused, which rises while the loop stays late and does not become less so: first those of `low` keys, once all of these
/// are refused those of `normal` ones, and last of `high` ones, of whom one in sixteen always passes. The share falls slowly once the loop
/// is well within its time again, and stays as it is in between.
///
/// - Shape: pure; observations come in with their time.
/// - Units: nanoseconds; the pressure counts sixteenths of a class.
/// - Source: the rule by which CoDel tells a standing queue from a burst (RFC 8289), on the time that events wait.
struct LoadShedder {
    /// The loop is late when what is ready waits longer than this.
    let lagNanoseconds: UInt64
    /// So long it must be late without a break.
    let intervalNanoseconds: UInt64
    /// 0 while nothing is refused: what a request is compared with.
    private(set) var pressure = 0
    private var lateSince: MonotonicTime?
    private var lagBefore: UInt64 = 0
    /// By rank, what is owed of a refusal: refusals are spread evenly.
    private var owed = [Int](repeating: 0, count: KeyPriority.allCases.count)

    static let unit = 16
    static let pressureMax = 3 * unit - 1
    /// With an observation ten times a second the `low` class is refused within half a second, and comes back within two.
    private static let rise = 4
    /// A lag that falls by this part of itself from one observation to the next is left to fall: faster would cost those of a higher class.
    private static let progress: UInt64 = 64

    init(lagNanoseconds: UInt64, intervalNanoseconds: UInt64) {
        self.lagNanoseconds = lagNanoseconds
        self.intervalNanoseconds = intervalNanoseconds
    }

    /// What is ready has waited for `lag`, or does so still. To be told several times in an interval.
    mutating func observe(lag: UInt64, at now: MonotonicTime) {
        guard lagNanoseconds > 0 else { return }
        defer { lagBefore = lag }
        guard lag > lagNanoseconds else {
            lateSince = nil
            if lag <= lagNanoseconds / 2 { pressure = max(0, pressure - 1) }
            return
        }
        let since = lateSince ?? now
        lateSince = since
        // While it sheds already, nobody waits for a whole interval again. What was let in before is still to be served: as long as that
        // becomes less, enough is refused.
        let isDue = pressure > 0 || now.nanoseconds &- since.nanoseconds >= intervalNanoseconds
        if isDue, lag >= lagBefore - lagBefore / Self.progress {
            pressure = min(Self.pressureMax, pressure + Self.rise)
        }
    }

    /// Whether this request is one of those that are refused. Asked once for each, and only while there is pressure.
    mutating func refuses(_ priority: KeyPriority) -> Bool {
        let rank = priority.rank
        // Rank 2 fills first.
        let share = pressure - (KeyPriority.allCases.count - 1 - rank) * Self.unit
        guard share > 0 else { return false }
        owed[rank] += min(share, Self.unit)
        guard owed[rank] >= Self.unit else { return false }
        owed[rank] -= Self.unit
        return true
    }
}
