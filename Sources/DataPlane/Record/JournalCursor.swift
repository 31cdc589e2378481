import Shared

/// Consecutive records of one stream.
struct JournalBatch: Sendable {
    var firstSequence: UInt64
    var recordCount: Int
    /// Of their frames.
    var byteCount = 0

    var lastSequence: UInt64 { firstSequence + UInt64(recordCount) - 1 }
}

/// Walks the records of a stream in order, as far as they may be shipped.
struct JournalCursor {
    private let log: JournalLog
    /// The next record to read.
    private(set) var sequence: UInt64
    private var segment: JournalSegment?
    private var offset = 0

    init(_ log: JournalLog) {
        self.log = log
        sequence = log.firstSequenceHeld ?? 1
    }

    /// Goes to a record. False when it is not here any more; the cursor then stays where it was.
    mutating func seek(_ wanted: UInt64) -> Bool {
        guard wanted >= 1, wanted <= log.lastSequence.load(ordering: .acquiring) + 1 else { return false }
        if wanted == sequence { return true }
        let holder = log.segments.last { $0.firstSequence.load(ordering: .relaxed) <= wanted }
        guard let holder else { return false }
        var position = JournalSegmentHeader.byteCount
        var reached = holder.firstSequence.load(ordering: .relaxed)
        let end = holder.committed.load(ordering: .acquiring)
        while reached < wanted, position < end {
            position += JournalRecord.frameHeaderBytes + Self.length(holder, position)
            reached += 1
        }
        guard reached == wanted else { return false }
        segment = holder
        offset = position
        sequence = wanted
        return true
    }

    /// Appends the frames of the next records to `frames`, up to the given bounds and at least one; nil when there is none that may be
    /// shipped.
    mutating func next(recordsMax: Int, bytesMax: Int, into frames: ByteBuffer) -> JournalBatch? {
        var batch = JournalBatch(firstSequence: sequence, recordCount: 0)
        while batch.recordCount < recordsMax, let current = currentSegment() {
            let end = horizon(current)
            let start = offset
            var records = 0
            while offset < end, batch.recordCount + records < recordsMax {
                let frameBytes = JournalRecord.frameHeaderBytes + Self.length(current, offset)
                if batch.byteCount + offset - start + frameBytes > bytesMax { break }
                offset += frameBytes
                records += 1
            }
            if records == 0 { break }
            unsafe frames.append(UnsafeRawBufferPointer(rebasing: current.file.bytes[start..<offset]))
            // Reading maps pages anew. Those of the segment that is written go with its next pass to the disk; of a full one, which stays until
            // all of it is acknowledged, nobody else lets go.
            if current.isSealed.load(ordering: .acquiring) {
                current.file.releasePages(JournalSegmentHeader.byteCount..<offset)
            }
            batch.byteCount += offset - start
            batch.recordCount += records
            sequence += UInt64(records)
        }
        return batch.recordCount > 0 ? batch : nil
    }

    /// The segment with the next record. Moves on from one that is sealed and read to its end.
    private mutating func currentSegment() -> JournalSegment? {
        if let segment {
            let isSealed = segment.isSealed.load(ordering: .acquiring)
            if !isSealed || offset < segment.committed.load(ordering: .acquiring) { return segment }
        }
        let following = log.segments.first {
            $0.firstSequence.load(ordering: .relaxed) == sequence && $0 !== segment
                && $0.committed.load(ordering: .acquiring) > JournalSegmentHeader.byteCount
        }
        guard let following else { return segment }
        segment = following
        offset = JournalSegmentHeader.byteCount
        return following
    }

    private func horizon(_ segment: JournalSegment) -> Int {
        log.shipsUnsynchronized
            ? segment.committed.load(ordering: .acquiring) : segment.synchronized.load(ordering: .acquiring)
    }

    private static func length(_ segment: JournalSegment, _ offset: Int) -> Int {
        unsafe Int(UInt32(littleEndian: segment.file.bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }
}
