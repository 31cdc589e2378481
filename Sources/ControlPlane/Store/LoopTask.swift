public import Shared

extension EventLoop {
    /// Starts a task of this loop from code that runs on it already, so that it may share that code's objects.
    ///
    /// `spawn` takes only what any thread may hold, because any thread may call it. Here the caller is on the loop, the task
    /// stays on the loop, and so nothing crosses a thread.
    public func launch(_ body: @escaping () async -> Void) {
        precondition(isCurrent, "launch is for code on the loop")
        let task = LoopTask(body: body)
        spawn { _ in await task.body() }
    }
}

/// Concurrency: made on the loop, called on the loop; that is what makes `@unchecked Sendable` true.
private struct LoopTask: @unchecked Sendable {
    let body: () async -> Void
}
