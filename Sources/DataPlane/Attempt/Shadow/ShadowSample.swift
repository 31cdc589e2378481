import Shared

/// Which requests of a route are mirrored: exactly the share that is wanted, without a pattern.
///
/// - Shape: pure; randomness is passed in. The requests lie on a line one behind the other, each as long as the share. In each unit of the line
///   one point is drawn evenly, and the request that it falls into is taken. So of any n requests in a row at most two more or fewer are taken
///   than n times the share, and traffic that repeats itself (a title for every chat) is not always hit at the same place, as it
///   would be by counting to ten.
struct ShadowSample {
    /// Of the unit.
    private static let whole = PolicyDocument.Shadow.whole

    /// Where the next request begins in its unit.
    private var position = 0
    /// The point of the unit.
    private var point: Int
    /// A request has been hit by the points of two units, and is taken once: the next one is taken for it.
    private var owed = 0

    init(using random: inout some RandomNumberGenerator) {
        point = Int.random(in: 0..<Self.whole, using: &random)
    }

    /// - Parameter share: hundredths of a percent, 0...10,000. It may change from one request to the next.
    mutating func takesNext(_ share: Int, using random: inout some RandomNumberGenerator) -> Bool {
        let end = position + share
        if point >= position, point < end { owed += 1 }
        position = end
        if position >= Self.whole {
            position -= Self.whole
            point = Int.random(in: 0..<Self.whole, using: &random)
            if point < position { owed += 1 }
        }
        guard owed > 0 else { return false }
        owed -= 1
        return true
    }
}
