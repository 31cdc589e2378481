import Shared

/// For whom an attempt is made: whose leaving ends what the attempt waits for.
///
/// Concurrency: belongs to the loop of the attempt.
protocol CallerWatch: AnyObject {
    /// From now on leaving aborts `waitedFor`, in place of what it aborted before; at once where nobody is there any more.
    ///
    /// After an abort nothing of the caller's request is read again: its memory may be somebody else's by then.
    func abortOnLeaving(_ waitedFor: any Abortable)

    /// Nothing is waited for.
    func endWatch()
}

extension Connection: CallerWatch {
    func abortOnLeaving(_ waitedFor: any Abortable) {
        unsafe abortedWhenPeerLeaves = waitedFor
        if peerIsGone { waitedFor.abort() }
    }

    func endWatch() { unsafe abortedWhenPeerLeaves = nil }
}
