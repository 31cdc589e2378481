/// What arrived when, looked at through every window of one length: the judge of rate limits.
///
/// - Shape: pure. A window has its start in it and its end not. Between two arrivals nothing changes, so it is enough to look where one
///   enters or leaves.
/// - Units: times in microseconds; weights as the limit counts.
struct RateWindows {
    private let arrivals: [(microseconds: Int, weight: Int)]
    /// `sums[i]`: of all arrivals before the i-th.
    private let sums: [Int]
    let length: Int

    init(_ arrivals: [(microseconds: Int, weight: Int)], length: Int) {
        self.arrivals = arrivals.sorted { $0.microseconds < $1.microseconds }
        self.length = length
        var sums = [0]
        for arrival in self.arrivals { sums.append(sums[sums.count - 1] + arrival.weight) }
        self.sums = sums
    }

    /// What the window that begins at `start` has.
    func sum(from start: Int) -> Int { sums[countBefore(start + length)] - sums[countBefore(start)] }

    /// The fullest window of all.
    var most: Int { arrivals.map { sum(from: $0.microseconds) }.max() ?? 0 }

    /// The emptiest of the windows that lie between two times; nil when none fits there.
    func least(from first: Int, to last: Int) -> Int? {
        guard last - first >= length else { return nil }
        let edges = arrivals.flatMap { [$0.microseconds + 1, $0.microseconds - length] }
        return ([first, last - length] + edges.filter { $0 >= first && $0 + length <= last }).map(sum(from:)).min()
    }

    private func countBefore(_ time: Int) -> Int {
        var low = 0
        var high = arrivals.count
        while low < high {
            let middle = (low + high) / 2
            if arrivals[middle].microseconds < time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
