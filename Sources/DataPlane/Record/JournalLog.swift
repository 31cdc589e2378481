import Shared
import Synchronization

/// The segments of one stream, from the first that is not acknowledged to the one being written: what the writing thread,
/// the journal's own thread and the shipper share.
///
/// Concurrency: `state` guards the list; it is held for list operations only, never for I/O. The writing thread takes it when
/// it changes segments, which is once in tens of thousands of records.
final class JournalLog: Sendable {
    let stream: StreamID
    let directory: String

    /// The sequence of the last record written; 0 before the first.
    let lastSequence: Atomic<UInt64>
    /// Records up to this one are durable in the control plane.
    let acknowledged = Atomic<UInt64>(0)
    /// The size of the segment that waits to be taken; 0 when none does. Only the writing thread takes it, so what it sees
    /// here stays.
    let preparedBytes = Atomic<Int>(0)
    /// The disk refused what was written: nothing more is promised.
    let isBroken = Atomic<Bool>(false)
    /// An intent was refused for want of room, and no segment was begun since.
    let isFull = Atomic<Bool>(false)
    /// Of a control stream: what is left of its segment, and what must be left for intents to be taken.
    let remainingBytes = Atomic<Int>(0)
    let reservedBytes: Int
    /// False when only records that are on the disk may be shipped.
    let shipsUnsynchronized: Bool
    /// Called, by any thread, when the journal's thread has something to do here: a segment to make or to remove.
    private let needsKeeping: @Sendable () -> Void

    /// True for the stream of an earlier process: nothing more is written to it.
    let isComplete: Bool

    private struct State {
        var segments: [JournalSegment] = []
        var prepared: JournalSegment?
        /// Of a segment that was prepared and is not begun yet.
        var takenBytes = 0
        var nextIndex: UInt32 = 0
        var spare: Spare?
        /// Somebody is making the segment with the next index: the starting thread or the journal's own.
        var isPreparing = false
        /// A record and when it was the last one: as long as it is not acknowledged, something is at least so old.
        var mark: (sequence: UInt64, at: MonotonicTime)?
    }
    private let state: Mutex<State>

    /// The file that is kept for another segment.
    private struct Spare {
        var byteCount: Int
        /// Only zeros are in it, on the disk too. Until then it is being made so.
        var isErased = false
    }

    init(
        stream: StreamID, directory: String, shipsUnsynchronized: Bool, reservedBytes: Int = 0,
        needsKeeping: @escaping @Sendable () -> Void = {}
    ) {
        self.stream = stream
        self.needsKeeping = needsKeeping
        self.directory = directory
        self.reservedBytes = reservedBytes
        self.shipsUnsynchronized = shipsUnsynchronized
        isComplete = false
        lastSequence = Atomic(0)
        state = Mutex(State())
    }

    /// What an earlier process left, complete and ended.
    init(stream: StreamID, directory: String, recovered segments: [JournalSegment], lastSequence: UInt64) {
        self.stream = stream
        self.directory = directory
        shipsUnsynchronized = true
        needsKeeping = {}
        reservedBytes = 0
        isComplete = true
        self.lastSequence = Atomic(lastSequence)
        let first = segments.first?.firstSequence.load(ordering: .relaxed) ?? 1
        acknowledged.store(first - 1, ordering: .relaxed)
        state = Mutex(State(segments: segments, prepared: nil, nextIndex: (segments.last?.index ?? 0) + 1))
    }

    // MARK: The writing thread

    func takePrepared() -> JournalSegment? {
        state.withLock { state in
            let segment = state.prepared
            state.prepared = nil
            preparedBytes.store(0, ordering: .relaxed)
            if let segment {
                state.takenBytes = segment.file.count
                isFull.store(false, ordering: .relaxed)
            }
            return segment
        }
    }

    func begun(_ segment: JournalSegment) {
        state.withLock { state in
            state.segments.append(segment)
            state.takenBytes = 0
        }
        needsKeeping()
    }

    // MARK: The journal's thread

    /// The index for a segment to prepare; nil when one waits already, or is being made. `offer` or `preparationFailed` follows.
    func indexToPrepare() -> UInt32? {
        state.withLock { state in
            guard state.prepared == nil, !state.isPreparing else { return nil }
            state.isPreparing = true
            return state.nextIndex
        }
    }

    var sparePath: String { directory + "/" + JournalSegment.spareName }
    var hasSpare: Bool { state.withLock { $0.spare != nil } }
    func noteSpare(byteCount: Int) { state.withLock { $0.spare = Spare(byteCount: byteCount) } }
    /// It was made zeros; false: that failed, and it is gone.
    func noteErased(_ isErased: Bool) {
        state.withLock { if isErased { $0.spare?.isErased = true } else { $0.spare = nil } }
    }

    /// True when there is a file of zeros at `sparePath`, which is the caller's now.
    func takeErasedSpare() -> Bool {
        state.withLock { state in
            guard let spare = state.spare, spare.isErased else { return false }
            state.spare = nil
            return true
        }
    }

    func preparationFailed() { state.withLock { $0.isPreparing = false } }

    func offer(_ segment: JournalSegment) {
        state.withLock { state in
            state.prepared = segment
            state.isPreparing = false
            state.nextIndex = segment.index + 1
        }
        preparedBytes.store(segment.file.count, ordering: .releasing)
    }

    var segments: [JournalSegment] { state.withLock { $0.segments } }

    var allocatedBytes: Int {
        state.withLock { state in
            let kept = (state.spare?.byteCount ?? 0) + (state.prepared?.file.count ?? 0) + state.takenBytes
            return state.segments.reduce(kept) { $0 + $1.file.count }
        }
    }

    /// Takes out the segments at the front that nobody needs: sealed, acknowledged, no intent open. Only from the front:
    /// a settle must not go before the intent it belongs to, or a restart would take the intent for interrupted.
    func takeRemovable() -> [JournalSegment] {
        let acknowledged = acknowledged.load(ordering: .acquiring)
        return state.withLock { state in
            var removable = [JournalSegment]()
            while let first = state.segments.first, first.isSealed.load(ordering: .acquiring),
                first.lastSequence.load(ordering: .relaxed) <= acknowledged,
                first.openIntents.load(ordering: .relaxed) == 0
            {
                removable.append(state.segments.removeFirst())
            }
            return removable
        }
    }

    /// Everything up to the stream's end is acknowledged.
    var isShippedToEnd: Bool { isComplete && unacknowledgedRecords == 0 }

    /// How long the oldest record that is not acknowledged has waited. Each look moves the mark on.
    func waiting(at now: MonotonicTime) -> Duration {
        let last = lastSequence.load(ordering: .relaxed)
        let acknowledged = acknowledged.load(ordering: .relaxed)
        return state.withLock { state in
            if let mark = state.mark, acknowledged < mark.sequence { return mark.at.duration(to: now) }
            state.mark = acknowledged < last ? (last, now) : nil
            return .zero
        }
    }

    // MARK: The shipper

    var firstSequenceHeld: UInt64? { state.withLock { $0.segments.first?.firstSequence.load(ordering: .relaxed) } }

    func acknowledge(upTo sequence: UInt64) {
        let last = lastSequence.load(ordering: .acquiring)
        if sequence > acknowledged.load(ordering: .relaxed) {
            acknowledged.store(min(sequence, last), ordering: .releasing)
            if state.withLock({ $0.segments.first?.isSealed.load(ordering: .relaxed) }) == true { needsKeeping() }
        }
    }

    /// Records not acknowledged yet.
    var unacknowledgedRecords: UInt64 {
        let last = lastSequence.load(ordering: .relaxed)
        let acknowledged = acknowledged.load(ordering: .relaxed)
        return last > acknowledged ? last - acknowledged : 0
    }
}
