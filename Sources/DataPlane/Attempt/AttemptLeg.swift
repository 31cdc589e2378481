import Shared

/// For whom an attempt is made that no caller waits for himself: whoever made it gives it up.
///
/// Concurrency: belongs to its loop.
final class AttemptLeg: CallerWatch {
    private var waitedFor: (any Abortable)?
    private(set) var isGivenUp = false
    /// It came to a connection, so that the provider may have worked on it.
    private(set) var wasSent = false

    func abortOnLeaving(_ waitedFor: any Abortable) {
        self.waitedFor = waitedFor
        if isGivenUp { return waitedFor.abort() }
        if waitedFor is any UpstreamExchange { wasSent = true }
    }

    func endWatch() { waitedFor = nil }

    func giveUp() {
        guard !isGivenUp else { return }
        isGivenUp = true
        waitedFor?.abort()
        waitedFor = nil
    }
}
