import Shared

extension SideAttempt {
    /// The next one answers, and is the request's from now on. This is settled for the one that broke off.
    func takeOver(from request: Outcome, _ relay: Relay, _ now: MonotonicTime) {
        swap(&outcome.target, &request.target)
        swap(&outcome.credential, &request.credential)
        swap(&outcome.mark, &request.mark)
        swap(&outcome.relayError, &request.relayError)
        outcome.kind = .cut
        outcome.status = request.status
        outcome.usage = request.usage
        outcome.usageReported = request.usageReported
        outcome.estimatedOutput = request.estimatedOutput
        // The caller has waited for this one's.
        outcome.firstTokenMicroseconds = request.firstTokenMicroseconds
        outcome.relay = nil
        request.relay = relay
        // Of its own beginning there is only when it was written down.
        endedAt = context.startedAt.advanced(byNanoseconds: now.nanoseconds &- outcome.mark.began.nanoseconds)
    }
}

/// What became of streams that broke off.
enum ResumeResult: String, CaseIterable {
    /// Another attempt has begun to go on.
    case resumed
    /// Those that were tried failed.
    case failed
    /// No target that can go on is there, or the allowances have no room.
    case withheld
}
