import Shared

/// Where an intent stands in the journal, for the settle that must follow it, once.
struct JournalPosition: Hashable, Sendable {
    fileprivate let slot: UInt32
    /// Tells a position from an earlier one that used the same slot.
    fileprivate let generation: UInt32
}

/// The journal of one event-loop thread.
///
/// - Errors: an intent is refused while there is still room for the settle of every intent before it, so a settle is never
///   refused; and while the control stream has no room for what leases give back, so that this is not refused before intents are.
///
/// Concurrency: belongs to one loop. What others see, they see through `JournalLog`.
final class JournalStream {
    /// An intent this many segments back is written again in front, so that one long answer does not hold all records
    /// behind it on the disk.
    static let segmentsBehindMax: UInt32 = 4

    private var writer: JournalWriter
    private let control: JournalLog?
    /// Kept free for the settles of the intents that are open.
    private var reservedBytes = 0
    /// No record of an admitted request is longer: at most so much is wasted at the end of a segment.
    private var longestRecord = JournalWriter.endBytes
    private var slots: [Slot] = []
    private var freeSlots: [UInt32] = []
    private(set) var refusedIntents: UInt64 = 0

    private struct Slot {
        /// nil when the slot is free.
        var segment: JournalSegment?
        var offset = 0
        var byteCount = 0
        /// Kept free for the settle.
        var settleBytes = 0
        var generation: UInt32 = 0
    }

    /// - Parameter control: the log of the process's control stream.
    init(log: JournalLog, synchronizesAlways: Bool, control: JournalLog? = nil) {
        writer = JournalWriter(log: log, synchronizesAlways: synchronizesAlways)
        self.control = control
    }

    var log: JournalLog { writer.log }
    var openIntents: Int { slots.count - freeSlots.count }

    /// Writes an intent, before any byte of its request goes upstream.
    func append(_ intent: IntentRecord) throws(JournalError) -> JournalPosition {
        let byteCount = intent.frameBytes
        let settleBytes = intent.settleFrameBytesMax
        try makeRoom(byteCount, settleBytes: settleBytes)
        if writer.needsNext(byteCount) { roll() }
        let segment = writer.segment!
        let start = writer.offset
        unsafe intent.encode(into: writer.space(byteCount))
        _ = writer.commit(byteCount)
        segment.openIntents.add(1, ordering: .relaxed)
        reservedBytes += settleBytes
        return take(Slot(segment: segment, offset: start, byteCount: byteCount, settleBytes: settleBytes))
    }

    /// Writes the settle of an intent, before the last byte of its answer goes to the caller.
    func append(_ settle: SettleRecord, for position: JournalPosition) {
        let slot = Int(position.slot)
        precondition(
            slots[slot].segment != nil && slots[slot].generation == position.generation, "an intent is settled twice")
        let byteCount = settle.frameBytes
        let settleBytes = slots[slot].settleBytes
        precondition(byteCount <= settleBytes, "a settle has the end user and at most the lines of its intent")
        if writer.needsNext(byteCount) { roll() }
        unsafe settle.encode(into: writer.space(byteCount))
        _ = writer.commit(byteCount)
        reservedBytes -= settleBytes
        // After the settle is there: until then the intent's segment must stay. `roll` may have copied the intent on.
        slots[slot].segment?.openIntents.subtract(1, ordering: .releasing)
        slots[slot].segment = nil
        slots[slot].generation &+= 1
        freeSlots.append(position.slot)
    }

    /// Writes what a request took that was settled before, by whichever stream. False: there is no room but what is kept for settles, or the
    /// disk takes nothing. Nothing is lost then that whoever made the correction cannot make again.
    func append(_ correction: CorrectionRecord) -> Bool {
        if log.isBroken.load(ordering: .relaxed) { return false }
        let record = JournalRecord.correction(correction)
        let byteCount = record.frameBytes
        guard hasRoom(byteCount, longest: byteCount) else { return false }
        if writer.needsNext(byteCount) { roll() }
        unsafe record.encode(into: writer.space(byteCount))
        _ = writer.commit(byteCount)
        return true
    }

    /// Ends the stream: nothing follows. Every intent is settled.
    func end() {
        precondition(openIntents == 0, "a stream ends with its last settle")
        writer.end()
    }

    // MARK: Room

    private func makeRoom(_ byteCount: Int, settleBytes: Int) throws(JournalError) {
        if log.isBroken.load(ordering: .relaxed) {
            refusedIntents += 1
            throw .unwritable
        }
        if !hasRoom(byteCount + settleBytes, longest: settleBytes) { try refuse(for: log) }
        if let control, !ControlStream.admitsIntents(control) { try refuse(for: control) }
    }

    /// Whether so much fits beside what is kept for settles and the stream's end.
    ///
    /// - Parameter longest: of the frames that it is for.
    @inline(__always)
    private func hasRoom(_ byteCount: Int, longest: Int) -> Bool {
        writer.takeFirst()
        longestRecord = max(longestRecord, longest)
        return writer.room(longestFrame: longestRecord) >= byteCount + JournalWriter.endBytes + reservedBytes
    }

    private func refuse(for full: JournalLog) throws(JournalError) -> Never {
        refusedIntents += 1
        full.isFull.store(true, ordering: .relaxed)
        throw .full
    }

    private func roll() {
        writer.roll()
        writeOldIntentsAgain()
    }

    /// Copies the intents that are still open far behind, as `repeated`: whoever reads the journal finds them here, and the
    /// segments behind can go.
    private func writeOldIntentsAgain() {
        let segment = writer.segment!
        guard segment.index >= Self.segmentsBehindMax else { return }
        let oldest = segment.index - Self.segmentsBehindMax
        for index in slots.indices {
            guard let old = slots[index].segment, old.index <= oldest else { continue }
            let byteCount = slots[index].byteCount
            guard writer.remaining >= byteCount + reservedBytes + JournalWriter.endBytes else { return }
            let source = slots[index].offset
            slots[index].segment = segment
            slots[index].offset = writer.offset
            unsafe JournalRecord.copyRepeated(
                UnsafeRawBufferPointer(rebasing: old.file.bytes[source..<source + byteCount]),
                into: writer.space(byteCount))
            _ = writer.commit(byteCount)
            segment.openIntents.add(1, ordering: .relaxed)
            old.openIntents.subtract(1, ordering: .releasing)
        }
    }

    // MARK: Slots

    private func take(_ slot: Slot) -> JournalPosition {
        if let free = freeSlots.popLast() {
            slots[Int(free)].segment = slot.segment
            slots[Int(free)].offset = slot.offset
            slots[Int(free)].byteCount = slot.byteCount
            slots[Int(free)].settleBytes = slot.settleBytes
            return JournalPosition(slot: free, generation: slots[Int(free)].generation)
        }
        slots.append(slot)
        return JournalPosition(slot: UInt32(slots.count - 1), generation: 0)
    }
}
