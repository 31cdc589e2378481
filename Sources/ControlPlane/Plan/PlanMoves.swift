/// From which targets to which others requests go.
///
/// - Shape: what follows from a request alone is compared request by request. Where turns or chance choose, on either side, requests are as
///   good as each other: of all that went from one list to another list only the shares are compared, and as few count as moved as can
///   make the one distribution of the other.
struct PlanMoves {
    struct Move: Hashable {
        var from: Int
        var to: Int
    }

    /// From which list to which.
    struct Pool: Hashable {
        var from: Int
        var to: Int
    }

    private struct Shares {
        var from: [Int: Int64] = [:]
        var to: [Int: Int64] = [:]
    }

    private var exact: [Move: Int64] = [:]
    private var pools: [Pool: Shares] = [:]

    /// - Parameter pool: nil: the request itself decides.
    mutating func add(from: Int, to: Int, pool: Pool?) {
        guard let pool else {
            if from != to { exact[Move(from: from, to: to), default: 0] += 1 }
            return
        }
        pools[pool, default: Shares()].from[from, default: 0] += 1
        pools[pool, default: Shares()].to[to, default: 0] += 1
    }

    /// Those that moved, most requests first.
    var rerouted: [(move: Move, requests: Int64)] {
        var moved = exact
        for shares in pools.values { Self.match(shares, into: &moved) }
        return moved.map { ($0.key, $0.value) }.sorted {
            ($1.requests, $0.move.from, $0.move.to) < ($0.requests, $1.move.from, $1.move.to)
        }
    }

    /// What a target loses goes to those that gain, in the order of the targets.
    private static func match(_ shares: Shares, into moved: inout [Move: Int64]) {
        let gains = Set(shares.from.keys).union(shares.to.keys).sorted().map {
            (target: $0, gain: (shares.to[$0] ?? 0) - (shares.from[$0] ?? 0))
        }
        var winners = gains.filter { $0.gain > 0 }[...]
        for (loser, gain) in gains where gain < 0 {
            var left = -gain
            while left > 0, var winner = winners.popFirst() {
                let count = min(left, winner.gain)
                moved[Move(from: loser, to: winner.target), default: 0] += count
                left -= count
                winner.gain -= count
                if winner.gain > 0 { winners = [winner] + winners }
            }
        }
    }
}
