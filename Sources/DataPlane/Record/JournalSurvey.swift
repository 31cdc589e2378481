import Shared

/// What can be read of one segment file, damaged or not.
struct JournalSurvey {
    let path: String
    let index: UInt32
    /// nil when the header cannot be read, or was never written.
    var header: JournalSegmentHeader?
    var bytes: [UInt8]
    /// Stretches of whole records, in order.
    var pieces: [(range: Range<Int>, records: Int)] = []
    /// What lies between the stretches and behind them and is no record: bytes that held records once.
    var damagedBytes: [Int] = []
    /// Ends in the middle of the one record that its process was writing when it died. Nothing is lost by that.
    var isTorn = false

    var records: Int { pieces.reduce(0) { $0 + $1.records } }
    var isDamaged: Bool { !damagedBytes.isEmpty }
    var end: Int { pieces.last?.range.upperBound ?? JournalSegmentHeader.byteCount }

    /// No record shorter than this is in the stream of a thread: what a stretch of damage can have held at most follows from it.
    private static let threadFrameBytesMin = 150
    private static let controlFrameBytesMin = 20

    /// The most records that the damage can have taken.
    func lostAtMost(isControl: Bool) -> Int {
        let shortest = isControl ? Self.controlFrameBytesMin : Self.threadFrameBytesMin
        return damagedBytes.reduce(0) { $0 + ($1 + shortest - 1) / shortest }
    }

    /// - Parameter isControl: whose stream it is. A caller's text lies in the records of a thread: only records that are too long to
    ///   be hidden in one are believed behind damage.
    init(path: String, index: UInt32, bytes: [UInt8], isControl: Bool) {
        self.path = path
        self.index = index
        self.bytes = bytes
        unsafe bytes.withUnsafeBytes { unsafe survey($0, isControl: isControl) }
    }

    private mutating func survey(_ raw: UnsafeRawBufferPointer, isControl: Bool) {
        header = try? unsafe JournalSegmentHeader.decode(raw)
        let synchronized = Int(clamping: header?.synchronized ?? 0)
        var offset = JournalSegmentHeader.byteCount
        var start = offset
        var records = 0
        while raw.count - offset >= JournalRecord.frameHeaderBytes {
            if let frame = try? unsafe JournalRecord.decode(UnsafeRawBufferPointer(rebasing: raw[offset...])) {
                offset += frame.frameBytes
                records += 1
                continue
            }
            if records > 0 { pieces.append((start..<offset, records)) }
            records = 0
            guard let found = unsafe Self.nextFrame(raw, from: offset, isControl: isControl) else { break }
            damagedBytes.append(found - offset)
            offset = found
            start = found
        }
        if records > 0 { pieces.append((start..<offset, records)) }
        let rest = unsafe Self.lengthWithoutZeros(raw, from: offset)
        let isShort = header.map { $0.byteCount > UInt64(raw.count) } ?? (raw.count < JournalSegmentHeader.byteCount)
        if offset < synchronized || isShort || rest > JournalRecord.frameBytesMax {
            damagedBytes.append(max(rest, synchronized - offset, 1))
        } else if rest > 0 {
            isTorn = true
        }
        // Records without a header are those of a segment that was begun.
        if header == nil, !pieces.isEmpty, damagedBytes.isEmpty { damagedBytes.append(1) }
    }

    private static func lengthWithoutZeros(_ raw: UnsafeRawBufferPointer, from offset: Int) -> Int {
        var end = raw.count
        // A word at a time: most of a segment is zeros.
        while end - 8 >= offset, unsafe raw.loadUnaligned(fromByteOffset: end - 8, as: UInt64.self) == 0 { end -= 8 }
        while end > offset, unsafe raw[end - 1] == 0 { end -= 1 }
        return max(0, end - offset)
    }

    private static func nextFrame(_ raw: UnsafeRawBufferPointer, from start: Int, isControl: Bool) -> Int? {
        let end = unsafe start + lengthWithoutZeros(raw, from: start)
        var offset = start + 1
        while offset + JournalRecord.frameHeaderBytes < end {
            if let kind = unsafe JournalRecord.Kind(rawValue: raw[offset + JournalRecord.frameHeaderBytes]),
                believes(kind, isControl: isControl),
                (try? unsafe JournalRecord.decode(UnsafeRawBufferPointer(rebasing: raw[offset...]))) != nil
            {
                return offset
            }
            offset += 1
        }
        return nil
    }

    private static func believes(_ kind: JournalRecord.Kind, isControl: Bool) -> Bool {
        switch kind {
        case .intent, .repeated, .settle, .correction: true
        case .returned, .incarnationClosed, .streamEnd, .lost: isControl
        }
    }
}
