import Shared
import Synchronization

/// A process that is gone, until all it wrote is acknowledged and the ledger knows that it is over.
///
/// Its directory is the memory of that: it goes only once the record `incarnationClosed` is acknowledged, so a process that dies
/// before finds the directory again and says the same once more, which changes nothing.
///
/// Concurrency: `closing` is set by the control loop and read by the journal's thread.
final class EarlierIncarnation: Sendable {
    let id: ObjectID
    let directory: String
    /// All of its streams that could be read, each brought to its end.
    let logs: [JournalLog]
    let report: Report

    /// How well it could be read.
    struct Report: Sendable {
        /// Records of it may be lost, so what is lent to it may have been spent: it is never closed, and its leases stay in doubt
        /// until somebody writes them off.
        var isInDoubt = false
        /// At most.
        var lostRecords = 0
        var quarantinedFiles = 0
        /// Streams that could not be brought to their end, for want of room for instance: the next start tries again.
        var unreadableStreams = 0
    }
    /// Kept while this process ships its streams, so that no other one does.
    private let lock: FileLock
    /// The sequence of the record that closes it in the control stream of this process; 0 while it is not written.
    private let closing = Atomic<UInt64>(0)

    init(id: ObjectID, directory: String, logs: [JournalLog], report: Report, lock: FileLock) {
        self.id = id
        self.directory = directory
        self.logs = logs
        self.report = report
        self.lock = lock
    }

    /// Everything it wrote is acknowledged.
    var isShipped: Bool { report.unreadableStreams == 0 && logs.allSatisfy(\.isShippedToEnd) }

    /// On the control loop: writes the record that closes it, once, when it is due.
    ///
    /// - Errors: `full`: to be tried again.
    func close(in control: ControlStream) throws(JournalError) {
        guard !report.isInDoubt, isShipped, closing.load(ordering: .relaxed) == 0 else { return }
        closing.store(try control.append(closed: id), ordering: .releasing)
    }

    /// Nothing of it is needed any more.
    func isOver(control: JournalLog) -> Bool {
        guard isShipped else { return false }
        if report.isInDoubt { return true }
        let closing = closing.load(ordering: .acquiring)
        return closing > 0 && control.acknowledged.load(ordering: .acquiring) >= closing
    }
}
