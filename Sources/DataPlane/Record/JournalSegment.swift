import Shared
import Synchronization

/// One file of a stream's journal: a header, then frames without gaps, then zeros.
///
/// Concurrency: the bytes from `committed` on belong to the stream's thread; those before it never change. The atomics say how
/// far each party is; `committed` is published with release and read with acquire, so that whoever sees the offset sees the
/// frames before it.
final class JournalSegment: Sendable {
    let file: MappedFile
    let index: UInt32

    // The stream's thread stores `committed` with every record: it has its cache line to itself.
    private let paddingBefore: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (
        0, 0, 0, 0, 0, 0, 0, 0
    )
    /// Whole frames end here.
    let committed: Atomic<Int>
    private let paddingAfter: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (
        0, 0, 0, 0, 0, 0, 0, 0
    )
    /// On the disk up to here.
    let synchronized: Atomic<Int>
    /// 0 until the segment is begun.
    let firstSequence = Atomic<UInt64>(0)
    /// Of a sealed segment; the sequence before `firstSequence` when it holds no record.
    let lastSequence = Atomic<UInt64>(0)
    let isSealed = Atomic<Bool>(false)
    /// The directory on the disk has its name.
    let isNamed = Atomic<Bool>(false)
    /// Intents in this segment whose settle is not written yet.
    let openIntents = Atomic<Int>(0)

    /// A new, prepared one.
    init(file: MappedFile, index: UInt32) {
        self.file = file
        self.index = index
        committed = Atomic(JournalSegmentHeader.byteCount)
        synchronized = Atomic(0)
    }

    /// One that an earlier process wrote, as far as its records are whole.
    init(file: MappedFile, index: UInt32, firstSequence: UInt64, lastSequence: UInt64, end: Int) {
        self.file = file
        self.index = index
        committed = Atomic(end)
        synchronized = Atomic(end)
        self.firstSequence.store(firstSequence, ordering: .relaxed)
        self.lastSequence.store(lastSequence, ordering: .relaxed)
        isSealed.store(true, ordering: .relaxed)
    }

    /// A file of a stream that is over and kept for another segment. Who reads the journal passes it by, like every file that is not
    /// finished: while it is made zeros it holds pieces of records that everybody has.
    static let spareName = "spare.seg.new"

    static func fileName(_ index: UInt32) -> String {
        let digits = String(index)
        return String(repeating: "0", count: max(0, 8 - digits.count)) + digits + ".seg"
    }

    /// The index in a file's name; nil for other files.
    static func index(ofFileNamed name: String) -> UInt32? {
        guard name.hasSuffix(".seg"), let index = UInt32(name.dropLast(4)), fileName(index) == name else { return nil }
        return index
    }
}
