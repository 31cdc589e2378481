import Shared

/// Where an intent stands in the journal, for the settle that must follow it, once.
struct JournalPosition: Hashable, Sendable {
    fileprivate let slot: UInt32
    /// Tells a position from an earlier one that used the same slot.
    fileprivate let generation: UInt32
}

/// The journal of one event-loop thread. A record is a copy into mapped memory: no system call, no lock, no allocation,
/// except when a segment is full, once in tens of thousands of records.
///
/// - Errors: an intent is refused while there is still room for the settle of every intent before it, so a settle is never
///   refused.
///
/// Concurrency: belongs to one loop. What others see, they see through `JournalLog`.
final class JournalStream {
    /// An intent this many segments back is written again in front, so that one long answer does not hold all records
    /// behind it on the disk.
    static let segmentsBehindMax: UInt32 = 4
    private static let endBytes = JournalRecord.streamEnd.frameBytes

    let log: JournalLog
    private let synchronizesAlways: Bool
    /// nil until there was room for a first one.
    private var segment: JournalSegment?
    private var offset = 0
    private var nextSequence: UInt64 = 1
    /// Kept free for the settles of the intents that are open.
    private var reservedBytes = 0
    /// No record of an admitted request is longer: at most so much is wasted at the end of a segment.
    private var longestRecord = JournalRecord.streamEnd.frameBytes
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

    init(log: JournalLog, synchronizesAlways: Bool) {
        self.log = log
        self.synchronizesAlways = synchronizesAlways
        if let first = log.takePrepared() { begin(first) }
    }

    var openIntents: Int { slots.count - freeSlots.count }

    /// Writes an intent, before any byte of its request goes upstream.
    func append(_ intent: IntentRecord) throws(JournalError) -> JournalPosition {
        let byteCount = intent.frameBytes
        let settleBytes = intent.settleFrameBytesMax
        try makeRoom(byteCount, settleBytes: settleBytes)
        let segment = segmentWithRoom(byteCount)
        let start = offset
        unsafe intent.encode(into: UnsafeMutableRawBufferPointer(rebasing: segment.file.mutableBytes[start...]))
        commit(byteCount, in: segment)
        segment.openIntents.add(1, ordering: .relaxed)
        reservedBytes += settleBytes
        return take(Slot(segment: segment, offset: start, byteCount: byteCount, settleBytes: settleBytes))
    }

    /// Writes the settle of an intent, before the last byte of its answer goes to the caller.
    func append(_ settle: SettleRecord, for position: JournalPosition) {
        let slot = slots[Int(position.slot)]
        guard let intentSegment = slot.segment, slot.generation == position.generation else {
            preconditionFailure("an intent is settled twice")
        }
        let byteCount = settle.frameBytes
        precondition(byteCount <= slot.settleBytes, "a settle has the end user and at most the lines of its intent")
        let segment = segmentWithRoom(byteCount)
        unsafe settle.encode(into: UnsafeMutableRawBufferPointer(rebasing: segment.file.mutableBytes[offset...]))
        commit(byteCount, in: segment)
        reservedBytes -= slot.settleBytes
        // After the settle is there: until then the intent's segment must stay.
        intentSegment.openIntents.subtract(1, ordering: .releasing)
        slots[Int(position.slot)].segment = nil
        slots[Int(position.slot)].generation &+= 1
        freeSlots.append(position.slot)
    }

    /// Ends the stream: nothing follows. Every intent is settled.
    func end() {
        precondition(openIntents == 0, "a stream ends with its last settle")
        guard segment != nil else { return }
        let byteCount = Self.endBytes
        let segment = segmentWithRoom(byteCount)
        unsafe JournalRecord.streamEnd.encode(
            into: UnsafeMutableRawBufferPointer(rebasing: segment.file.mutableBytes[offset...]))
        commit(byteCount, in: segment)
        seal(segment)
    }

    // MARK: Room

    private var remaining: Int { segment.map { $0.file.count - offset } ?? 0 }

    /// What can still be written, the waste at the end of this segment taken off.
    private var room: Int {
        let next = log.preparedBytes.load(ordering: .relaxed)
        if next == 0 { return remaining }
        return max(0, remaining - longestRecord) + next - JournalSegmentHeader.byteCount
    }

    private func makeRoom(_ byteCount: Int, settleBytes: Int) throws(JournalError) {
        if log.isBroken.load(ordering: .relaxed) {
            refusedIntents += 1
            throw .unwritable
        }
        if segment == nil, let first = log.takePrepared() { begin(first) }
        longestRecord = max(longestRecord, settleBytes)
        guard room >= byteCount + settleBytes + Self.endBytes + reservedBytes else {
            refusedIntents += 1
            throw .full
        }
    }

    @inline(__always)
    private func segmentWithRoom(_ byteCount: Int) -> JournalSegment {
        if let segment, byteCount <= segment.file.count - offset { return segment }
        return roll()
    }

    @inline(__always)
    private func commit(_ byteCount: Int, in segment: JournalSegment) {
        let start = offset
        offset += byteCount
        log.lastSequence.store(nextSequence, ordering: .relaxed)
        nextSequence += 1
        segment.committed.store(offset, ordering: .releasing)
        if synchronizesAlways { synchronize(segment, from: start) }
    }

    private func synchronize(_ segment: JournalSegment, from start: Int) {
        do {
            try segment.file.synchronize(start..<offset)
            segment.synchronized.store(offset, ordering: .releasing)
        } catch {
            log.isBroken.store(true, ordering: .relaxed)
        }
    }

    // MARK: Segments

    private func begin(_ segment: JournalSegment) {
        self.segment = segment
        offset = JournalSegmentHeader.byteCount
        unsafe JournalSegmentHeader(stream: log.stream, index: segment.index, firstSequence: nextSequence)
            .encode(into: segment.file.mutableBytes)
        segment.firstSequence.store(nextSequence, ordering: .relaxed)
        log.begun(segment)
    }

    private func seal(_ segment: JournalSegment) {
        segment.lastSequence.store(nextSequence - 1, ordering: .relaxed)
        segment.isSealed.store(true, ordering: .releasing)
    }

    private func roll() -> JournalSegment {
        guard let following = log.takePrepared() else {
            preconditionFailure("an intent was taken without room for its settle")
        }
        if let segment { seal(segment) }
        begin(following)
        writeOldIntentsAgain(into: following)
        return following
    }

    /// Copies the intents that are still open far behind. Whoever reads the journal knows intents by their request, so a
    /// second copy says nothing new; but the segments behind can go.
    private func writeOldIntentsAgain(into segment: JournalSegment) {
        guard segment.index >= Self.segmentsBehindMax else { return }
        let oldest = segment.index - Self.segmentsBehindMax
        for index in slots.indices {
            guard let old = slots[index].segment, old.index <= oldest else { continue }
            let byteCount = slots[index].byteCount
            guard remaining >= byteCount + reservedBytes + Self.endBytes else { return }
            let source = slots[index].offset
            unsafe UnsafeMutableRawBufferPointer(rebasing: segment.file.mutableBytes[offset..<offset + byteCount])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: old.file.bytes[source..<source + byteCount]))
            slots[index].segment = segment
            slots[index].offset = offset
            commit(byteCount, in: segment)
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
