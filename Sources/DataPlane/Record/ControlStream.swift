import Shared
import Synchronization

/// The stream of the control loop: what leases give back, and which incarnations are over.
///
/// - Shape: its records are shipped without waiting for the disk. A power failure may take some that the control plane has
///   applied; nothing is wrong then, because the incarnation that wrote them ends with it.
/// - Errors: `full` when there is no room. Room is kept in three steps: intents of all threads are refused while less than
///   `reservedBytes` are left, so that what they hold can still be given back; returns are refused while less than
///   `closingBytes` are left. Whoever is refused a return keeps the amount and tries again: it stays lent, which is safe.
///
/// Concurrency: belongs to the control loop.
final class ControlStream {
    /// For the records that close incarnations, and the stream's end.
    static let closingBytes = 256
    private static let longestFrame = max(
        JournalRecord.returned(ReturnRecord(account: .init(allowanceID: .zero), window: .whole, amount: 0)).frameBytes,
        JournalRecord.incarnationClosed(.zero).frameBytes)

    private var writer: JournalWriter
    /// Called after each record: there is something to ship.
    var appended: () -> Void = {}

    init(log: JournalLog) {
        writer = JournalWriter(log: log, synchronizesAlways: false)
        noteRoom()
    }

    var log: JournalLog { writer.log }

    /// Whether the control stream has room enough for intents to be taken. For any thread.
    @inline(__always)
    static func admitsIntents(_ log: JournalLog) -> Bool {
        let free = log.remainingBytes.load(ordering: .relaxed) + log.preparedBytes.load(ordering: .relaxed)
        return free >= log.reservedBytes
    }

    /// Gives back what a lease has left. It is on its way to the control plane when this returns.
    func append(_ record: ReturnRecord) throws(JournalError) {
        _ = try write(.returned(record), leaving: Self.closingBytes)
    }

    /// Says that an incarnation is over and acknowledged to its end. Returns the record's sequence.
    @discardableResult
    func append(closed incarnation: ObjectID) throws(JournalError) -> UInt64 {
        try write(.incarnationClosed(incarnation), leaving: JournalWriter.endBytes)
    }

    func end() {
        writer.end()
        appended()
    }

    private func write(_ record: JournalRecord, leaving rest: Int) throws(JournalError) -> UInt64 {
        writer.takeFirst()
        let byteCount = record.frameBytes
        if log.isBroken.load(ordering: .relaxed) { throw .unwritable }
        guard writer.room(longestFrame: Self.longestFrame) >= byteCount + rest else { throw .full }
        if writer.needsNext(byteCount) { writer.roll() }
        unsafe record.encode(into: writer.space(byteCount))
        let sequence = writer.commit(byteCount)
        noteRoom()
        appended()
        return sequence
    }

    private func noteRoom() { log.remainingBytes.store(writer.remaining, ordering: .relaxed) }
}
