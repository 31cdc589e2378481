import Shared

/// The token of a credential as one loop has it, and the requests that wait for the first. It outlives snapshots.
///
/// - Shape: who finds a token that is good goes on at once. Who finds none waits as long as a connection may take, unless it is known that there
///   is none to come soon.
///
/// Concurrency: belongs to its loop.
final class TokenSlot {
    private(set) var token: AccessToken?
    private var failure: TokenFailure?
    private var waiting: [ObjectIdentifier: CheckOut] = [:]

    /// Of the keeper.
    func hear(_ token: AccessToken?, _ failure: TokenFailure?) {
        self.token = token
        self.failure = failure
        for request in waiting.values { request.wake() }
    }

    /// Returns once a request can go out with `token`.
    ///
    /// - Parameter caller: whose leaving ends the wait.
    /// - Errors: `AttemptError` of the failure, or `.tokenUnavailable` when the time is over.
    func ready(
        for caller: any CallerWatch, on loop: EventLoop, by deadline: MonotonicTime
    ) async throws(AttemptError) {
        if isReady(loop.now) { return }
        if let failure { throw failure.error }
        let request = CheckOut(on: loop, by: deadline)
        waiting[ObjectIdentifier(request)] = request
        caller.abortOnLeaving(request)
        defer {
            caller.endWatch()
            waiting[ObjectIdentifier(request)] = nil
        }
        while !request.isOver {
            await request.pause()
            if request.isAborted { throw .callerGone }
            if isReady(loop.now) { return }
            if let failure { throw failure.error }
        }
        throw request.isAborted ? .callerGone : .tokenUnavailable
    }

    private func isReady(_ now: MonotonicTime) -> Bool { token?.isGood(now) ?? false }
}
