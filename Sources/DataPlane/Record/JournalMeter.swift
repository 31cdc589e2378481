package import Shared

/// A journal of one stream for whoever measures it, since nothing else of the journal leaves this module.
///
/// Concurrency: belongs to the thread that measures.
package final class JournalMeter {
    private let journal: Journal
    private let stream: JournalStream

    /// - Parameter maintainsItself: false when `maintain` is called by hand.
    package init(
        directory: String, synchronization: JournalConfiguration.Synchronization, maintainsItself: Bool
    ) throws {
        var configuration = JournalConfiguration()
        configuration.synchronization = synchronization
        journal = try Journal(
            directory: directory, nodeID: .random(), incarnation: .random(), configuration: configuration)
        stream = try journal.openStream(thread: 0)
        if maintainsItself { try journal.start() }
    }

    /// Writes a request from its intent to its settle. False while the journal has no room.
    package func record(_ intent: IntentRecord, _ settle: SettleRecord) -> Bool {
        guard let position = try? stream.append(intent) else { return false }
        stream.append(settle, for: position)
        return true
    }

    /// A pass as the journal's own thread makes it: forces what was written to the disk.
    package func maintain() { journal.maintain() }

    /// As if the control plane had everything, so that segments go.
    package func acknowledge() {
        stream.log.acknowledge(upTo: stream.log.lastSequence.load(ordering: .relaxed))
    }

    package func finish() {
        stream.end()
        acknowledge()
        journal.shutdown()
        journal.removeOwnDirectory()
    }
}
