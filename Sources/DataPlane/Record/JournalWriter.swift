import Shared
import Synchronization

/// Appends frames to the segments of one stream. A frame is a copy into mapped memory: no system call, no lock, no allocation,
/// except when a segment is full, once in tens of thousands of records.
///
/// Who uses it keeps room for what must still be written: taking a segment that is not there stops the process.
///
/// Concurrency: belongs to one loop. What others see, they see through `JournalLog`.
@safe struct JournalWriter {
    let log: JournalLog
    let synchronizesAlways: Bool
    /// nil until there was room for a first one.
    private(set) var segment: JournalSegment?
    private(set) var offset = 0
    /// Of the segment, which is held as long. Kept here, because asking the segment means to retain it.
    private var bytes = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private(set) var nextSequence: UInt64 = 1
    /// The memory of the segment up to here is ready to be stored to.
    private var ready = 0

    static let endBytes = JournalRecord.streamEnd.frameBytes

    init(log: JournalLog, synchronizesAlways: Bool) {
        self.log = log
        self.synchronizesAlways = synchronizesAlways
        takeFirst()
    }

    /// Begins the first segment, once there is one.
    mutating func takeFirst() {
        if segment == nil, let first = log.takePrepared() { begin(first) }
    }

    /// Bytes to the end of the segment.
    var remaining: Int { unsafe bytes.count - offset }

    /// What can still be written, when no frame is longer than `longestFrame`: at most so much is wasted where a segment ends.
    @inline(__always)
    func room(longestFrame: Int) -> Int {
        let next = log.preparedBytes.load(ordering: .relaxed)
        if next == 0 { return remaining }
        return max(0, remaining - longestFrame) + next - JournalSegmentHeader.byteCount
    }

    /// Whether the next frame of this length begins another segment.
    @inline(__always)
    func needsNext(_ byteCount: Int) -> Bool { byteCount > remaining }

    /// Publishes a frame of `byteCount` bytes that stands at `offset`. Returns its sequence.
    @inline(__always)
    mutating func commit(_ byteCount: Int) -> UInt64 {
        let segment = segment!
        let start = offset
        let sequence = nextSequence
        offset += byteCount
        nextSequence += 1
        log.lastSequence.store(sequence, ordering: .relaxed)
        segment.committed.store(offset, ordering: .releasing)
        if ready - offset < Self.readyMin { makeReady(segment) }
        if synchronizesAlways { synchronize(segment, from: start) }
        // The zeros there were written long ago: the next record would wait for their lines, its checksum most of all.
        segment.file.prefetchForWriting(offset..<offset + Self.nextFrameBytes)
        return sequence
    }

    /// Most records are about so long.
    private static let nextFrameBytes = 384
    private static let readyMin = 2 * JournalRecord.frameBytesMax
    /// The least is enough for a slow stream, and is all that a pass to the disk writes too much; see `MappedFile.zero`.
    private static let readyAhead = (least: 16 * 1024, most: MappedFile.zeroBytesMax)

    /// Makes pages ready, the more at once the more is written between two passes to the disk.
    private mutating func makeReady(_ segment: JournalSegment) {
        while ready - offset < Self.readyMin, ready < segment.file.count {
            let burst = offset - segment.synchronized.load(ordering: .relaxed)
            let count = min(max(burst & ~0x3fff, Self.readyAhead.least), Self.readyAhead.most)
            segment.file.zero(ready..<(ready + count))
            ready += count
        }
    }

    private func synchronize(_ segment: JournalSegment, from start: Int) {
        do {
            try segment.file.synchronize(start..<offset)
            segment.synchronized.store(offset, ordering: .releasing)
        } catch {
            log.isBroken.store(true, ordering: .relaxed)
        }
    }

    /// Where a frame goes next, `byteCount` bytes long.
    @inline(__always)
    func space(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[offset..<offset + byteCount])
    }

    private mutating func begin(_ segment: JournalSegment) {
        self.segment = segment
        unsafe bytes = segment.file.mutableBytes
        offset = JournalSegmentHeader.byteCount
        ready = 0
        makeReady(segment)
        unsafe JournalSegmentHeader(stream: log.stream, index: segment.index, firstSequence: nextSequence)
            .encode(into: segment.file.mutableBytes)
        segment.firstSequence.store(nextSequence, ordering: .relaxed)
        log.begun(segment)
    }

    func seal() {
        guard let segment else { return }
        segment.lastSequence.store(nextSequence - 1, ordering: .relaxed)
        segment.isSealed.store(true, ordering: .releasing)
        segment.file.zeroNoMore()
    }

    /// Goes on in the segment that is prepared.
    mutating func roll() {
        guard let following = log.takePrepared() else {
            preconditionFailure("a record was taken without room for it")
        }
        seal()
        begin(following)
    }

    /// Writes `streamEnd`, when anything was ever written. Nothing follows.
    mutating func end() {
        guard segment != nil else { return }
        if needsNext(Self.endBytes) { roll() }
        unsafe JournalRecord.streamEnd.encode(into: space(Self.endBytes))
        _ = commit(Self.endBytes)
        seal()
    }
}
