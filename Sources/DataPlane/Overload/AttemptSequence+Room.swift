import Shared

/// Where a request goes whose target has no slot free.
extension AttemptSequence {
    /// Moves on to a target that would take the request at once, where the one in turn would not and there is such a one. The one that is
    /// passed over has not failed, and counts as not tried. Where there is none, the request waits where it is.
    ///
    /// It ends: each move leads to a target that lets the request in, and so is tried.
    @inline(__always)
    mutating func passOverFull(_ request: ParsedRequest, _ context: RequestContext, _ now: MonotonicTime) {
        guard let gate = targets[place].health.gate, !gate.hasRoom else { return }
        let ranking = TargetRanking(plan, request, context, now)
        if moveToRoom(now, rank: ranking.rank) { gate.passedOver() }
    }

    /// False: there is no better one. A retry, and an attempt with another credential, is for the target that failed, and stays there.
    mutating func moveToRoom(_ now: MonotonicTime, rank: NestedFallback.Rank) -> Bool {
        guard retries == 0, !isChangingCredential, let next = fallback(for: cause, now, rank),
            targets[next].health.hasRoom
        else {
            return false
        }
        tried &= ~(1 << UInt32(place))
        place = next
        tried |= 1 << UInt32(next)
        return true
    }
}
