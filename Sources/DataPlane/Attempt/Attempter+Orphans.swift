import Shared

/// Ends of attempts whose callers had left before them. The request is cancelled, whatever its attempt came to; what it costs is what the provider says.
extension Attempter {
    /// Nothing had begun to reach the caller, and nothing follows.
    func endOrphan(
        _ error: AttemptError, _ target: CompiledTarget, _ client: ClientStream, _ context: RequestContext,
        _ outcome: Outcome
    ) -> Outcome {
        let ended = OutcomeClass(error)
        let now = loop.refreshedNow()
        target.health.end(outcome.mark, ended, waitMilliseconds: error.waitMilliseconds, now)
        context.explanation?.attempted(target, began: outcome.mark.began, ended, now)
        client.orphanWatch?.end(isWhole: false)
        outcome.relay?.finish()
        outcome.relay = nil
        let outcome = end(.callerGone, outcome)
        // An attempt that fails by itself before its answer begins is not charged, with a caller or without.
        outcome.usageReported = ended != .callerGone && ended != .stopped
        outcome.attemptError = error
        return outcome
    }
}

extension Relay {
    /// After `carry`, which has taken the answer to nobody.
    func endOrphan(_ outcome: Outcome) async {
        if case .streamed = outcome.ending { await drainAfterStream() }
        pending.removeAll()
        outcome.endAsOrphan(callerSawHead: client.orphanHasStarted)
        client.orphanWatch?.end(isWhole: outcome.relayError == nil)
    }
}

extension Outcome {
    /// The caller left, whatever came afterwards. What is known of the usage stays.
    fileprivate func endAsOrphan(callerSawHead: Bool) {
        ending = .callerGone
        kind = .cancelled
        if !callerSawHead { status = 499 }
    }
}
