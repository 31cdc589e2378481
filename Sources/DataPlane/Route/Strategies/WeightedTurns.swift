import Shared

/// Smooth weighted round robin: after every full cycle each target had exactly its share, and within one they interleave.
///
/// - Shape: a credit for each target. Each turn gives those that take part their weights and takes the sum of these from the one chosen,
///   so that all credits together stay 0. Who is left out neither gains nor pays: the others keep their shares among themselves to the
///   turn, and the one that comes back goes on where it stood, without a burst to make up for what it missed.
struct WeightedTurns {
    let weights: [Int]
    private var credit: [Int]

    init(weights: [Int]) {
        self.weights = weights
        credit = [Int](repeating: 0, count: weights.count)
    }

    /// The target whose turn it is.
    mutating func next() -> Int { next { _ in true } ?? 0 }

    /// The target whose turn it is among those that are available; nil when none is.
    mutating func next(isAvailable: (Int) -> Bool) -> Int? {
        var best: Int?
        var total = 0
        for index in weights.indices where isAvailable(index) {
            credit[index] += weights[index]
            total += weights[index]
            if best.map({ credit[index] > credit[$0] }) ?? true { best = index }
        }
        if let best { credit[best] -= total }
        return best
    }
}
