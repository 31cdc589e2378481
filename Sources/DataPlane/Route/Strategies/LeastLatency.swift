/// Of two targets taken by chance the one with the lower score.
///
/// - Shape: among two targets it is always the better one. Among more, every target but the worst gets some: that keeps their figures
///   fresh, and keeps all loops and all replicas, whose figures agree, from falling upon the same target together.
/// - Source: Mitzenmacher, "The power of two choices in randomized load balancing" (1996).
enum LeastLatency {
    /// The index of the target to try next; nil when none is available. For the one after that, the tried one is not available any more.
    ///
    /// - Parameters:
    ///   - isAvailable: asked twice of each target, so it only looks.
    ///   - score: `TargetLoad.score`; read for two targets.
    @inline(__always)
    static func choose(
        count: Int, isAvailable: (Int) -> Bool, score: (Int) -> UInt64, using random: inout some RandomNumberGenerator
    ) -> Int? {
        var available = 0
        var only: Int?
        for index in 0..<count where isAvailable(index) {
            available += 1
            only = index
        }
        guard available > 1 else { return only }
        // The first is any of them, so that ties are decided by chance too; the second is any of the others.
        let first = Int.random(in: 0..<available, using: &random)
        var second = Int.random(in: 0..<(available - 1), using: &random)
        if second >= first { second += 1 }
        var a = 0
        var b = 0
        var place = 0
        for index in 0..<count where isAvailable(index) {
            if place == first { a = index }
            if place == second { b = index }
            place += 1
        }
        return score(b) < score(a) ? b : a
    }
}
