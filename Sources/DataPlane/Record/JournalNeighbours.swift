import Shared
import Synchronization

/// Looks after the journals of processes of the same node that live beside this one: the one that it took over and that still finishes
/// its streams, or one that tried to take this one over. When such a process is gone and has left records, they are brought to their end and
/// shipped from here, as a start would do.
///
/// Reading what is left can take seconds, so it has a thread of its own, which ends when nobody is left.
///
/// Concurrency: `watch` and `stop` are for the control loop, where `adopted` is called too; the rest runs on the thread. `known` is under its
/// mutex.
@safe final class JournalNeighbours: Sendable {
    private static let interval = Duration.seconds(1)

    private let journal: Journal
    private let loop: EventLoop
    nonisolated(unsafe) private let adopted: ([EarlierIncarnation]) -> Void
    private let state = Mutex(State())
    private let logger = Logger("journal")

    private struct State {
        var thread: EventLoop?
        /// It found nobody left, and has yet to be joined: until then the system keeps its stack.
        var ended: EventLoop?
        /// Something may have changed since the last look.
        var isDue = false
        /// Incarnations that were dealt with.
        var known: Set<ObjectID> = []
    }

    /// - Parameter adopted: told of each find, on `loop`.
    init(_ journal: Journal, on loop: EventLoop, adopted: @escaping ([EarlierIncarnation]) -> Void) {
        self.journal = journal
        self.loop = loop
        unsafe self.adopted = adopted
    }

    /// There is another process, or there was one: looks until none is left.
    ///
    /// - Parameter known: incarnations that are this process's, or that it has adopted.
    func watch(known: Set<ObjectID>) throws(SystemError) {
        let isRunning = state.withLock { state in
            state.known.formUnion(known)
            state.isDue = true
            return state.thread != nil
        }
        guard !isRunning else { return }
        joinEnded()
        let thread = try EventLoop(name: "weir-neighbours")
        state.withLock { $0.thread = thread }
        thread.start()
        thread.spawn { [self] actor in
            repeat { await actor.loop.sleep(for: Self.interval) } while look()
            actor.loop.stop()
        }
    }

    func stop() {
        let thread = state.withLock { state in
            defer { state.thread = nil }
            return state.thread
        }
        thread?.stop()
        thread?.join()
        joinEnded()
    }

    private func joinEnded() {
        let ended = state.withLock { state in
            defer { state.ended = nil }
            return state.ended
        }
        ended?.join()
    }

    /// False when there is nobody to look after any more.
    private func look() -> Bool {
        let known = state.withLock { state in
            state.isDue = false
            return state.known
        }
        let finding = JournalRecovery.survey(
            directory: journal.directory, nodeID: journal.nodeID, known: known, isAlone: false, logger: logger)
        if !finding.earlier.isEmpty {
            logger.warning(
                "another process of this node has ended and left records, which are shipped from here",
                ["incarnations": .integer(finding.earlier.count)])
            journal.adopt(finding.earlier)
            state.withLock { $0.known.formUnion(finding.earlier.map(\.id)) }
            loop.post { [self] in unsafe adopted(finding.earlier) }
        }
        return state.withLock { state in
            if !finding.living.isEmpty || state.isDue { return true }
            state.ended = state.thread
            state.thread = nil
            return false
        }
    }
}
