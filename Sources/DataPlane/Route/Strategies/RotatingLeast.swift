/// The least of some figure, where equals take turns. One for each loop and route.
struct RotatingLeast {
    /// Where the search begins: behind the one chosen last.
    private var start = 0

    /// The index of the target to try next; nil when none is available. For the one after that, the tried one is not available any more.
    @inline(__always)
    mutating func choose(count: Int, isAvailable: (Int) -> Bool, figure: (Int) -> Int) -> Int? {
        var best: Int?
        var least = 0
        for step in 0..<count {
            // The list may have become shorter since.
            let index = (start % count + step) % count
            guard isAvailable(index) else { continue }
            let figure = figure(index)
            if best == nil || figure < least {
                best = index
                least = figure
            }
        }
        if let best { start = best + 1 }
        return best
    }
}

/// The target with the fewest requests in flight from this loop; equals take turns.
struct LeastBusy {
    private var turn = RotatingLeast()

    /// As `RotatingLeast.choose`.
    ///
    /// - Parameter inFlight: `TargetLoad.inFlight`.
    @inline(__always)
    mutating func choose(count: Int, isAvailable: (Int) -> Bool, inFlight: (Int) -> Int) -> Int? {
        turn.choose(count: count, isAvailable: isAvailable, figure: inFlight)
    }
}

/// The target whose provider has the largest share of its rate limit left; equals take turns, and what is exhausted comes last.
struct MostHeadroom {
    private var turn = RotatingLeast()

    /// As `RotatingLeast.choose`.
    ///
    /// - Parameter share: `RateHeadroom.remainingShare`.
    @inline(__always)
    mutating func choose(count: Int, isAvailable: (Int) -> Bool, share: (Int) -> Int) -> Int? {
        turn.choose(count: count, isAvailable: isAvailable) { -share($0) }
    }
}
