/// Which of a request's attempts at a target may still be made with which of the provider's credentials, and whose turn it is.
///
/// - Shape: pure; round robin over those that are free. Members are named by their place, and are at most 32.
struct CredentialTurns {
    /// How one of them stands, as the request at hand sees it.
    enum Standing: Equatable {
        case free
        /// Nobody knows yet whether it serves again, and another request is finding out.
        case onTrial
        /// Set aside until this many nanoseconds of the monotonic clock.
        case cooled(until: UInt64)
        /// It cannot be resolved, or has failed this request already.
        case out
    }

    private var next = 0

    /// The one to use, whose turn is over with that; nil where none is left.
    ///
    /// - Parameter insists: where all are set aside, the one that is back soonest is better than none.
    mutating func take(of count: Int, insists: Bool, _ standing: (Int) -> Standing) -> Int? {
        guard
            let place = first(of: count, { standing($0) == .free }) ?? first(of: count, { standing($0) == .onTrial })
                ?? (insists ? soonest(of: count, standing) : nil)
        else { return nil }
        next = (place + 1) % count
        return place
    }

    private func first(of count: Int, _ isWanted: (Int) -> Bool) -> Int? {
        for step in 0..<count where isWanted((next + step) % count) { return (next + step) % count }
        return nil
    }

    private func soonest(of count: Int, _ standing: (Int) -> Standing) -> Int? {
        var found: (place: Int, until: UInt64)?
        for place in 0..<count {
            guard case .cooled(let until) = standing(place), until < found?.until ?? .max else { continue }
            found = (place, until)
        }
        return found?.place
    }
}
