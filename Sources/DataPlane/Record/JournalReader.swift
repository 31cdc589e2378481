import Shared

/// What one stream's directory holds, read after its process is gone.
struct JournalContents {
    /// A segment with its whole records.
    struct Segment {
        var file: MappedFile
        var index: UInt32
        var firstSequence: UInt64
        /// The sequence before `firstSequence` when it holds none.
        var lastSequence: UInt64
        /// The whole records end here.
        var end: Int
    }

    var stream: StreamID
    var segments: [Segment]
    /// Intents without a settle, in the order they were written.
    var open: [IntentRecord]
    var isEnded: Bool
    /// Why reading stopped before the end of a segment that was never forced to the disk; nil when nothing was torn.
    var torn: WireError?
    /// Files that cannot belong to the stream, because records before them are missing.
    var unreachable: [String]
    /// The index for the next segment.
    var nextIndex: UInt32

    var nextSequence: UInt64 { (segments.last?.lastSequence ?? 0) + 1 }
}

/// Reads the journal of a process that is gone.
///
/// - Shape: a record that is not whole is the torn end of the stream if it was never forced to the disk; then nothing after
///   it counts. Otherwise it is damage.
/// - Errors: `JournalError.corrupt` for damage, which is for a person to look at: a stream is never shipped with a hole.
enum JournalReader {
    /// Reads a stream's directory; nil when it holds no segment that was begun.
    static func read(_ directory: String) throws(JournalError) -> JournalContents? {
        let names: [String]
        do { names = try DurableFile.list(directory) } catch { throw .file(error) }
        var contents: JournalContents?
        var open = OpenIntents()
        var nextIndex: UInt32 = 0
        for name in names {
            guard let index = JournalSegment.index(ofFileNamed: name) else { continue }
            nextIndex = max(nextIndex, index + 1)
            let path = "\(directory)/\(name)"
            let file: MappedFile
            do { file = try MappedFile.open(reading: path) } catch { throw .file(error) }
            guard let header = try header(of: file, path: path) else { continue }
            if contents == nil {
                contents = JournalContents(
                    stream: header.stream, segments: [], open: [], isEnded: false, torn: nil, unreachable: [],
                    nextIndex: 0)
            }
            if let last = contents!.segments.last, header.firstSequence != last.lastSequence + 1 {
                // Only behind a torn end: the machine went down before the records in between were on the disk.
                guard contents!.torn != nil else { throw .corrupt(path: path, offset: 0, .badField("firstSequence")) }
                contents!.unreachable.append(path)
                continue
            }
            try readRecords(file, header, path, into: &contents!, &open)
        }
        contents?.open = open.inOrder
        contents?.nextIndex = nextIndex
        return contents
    }

    private static func header(of file: MappedFile, path: String) throws(JournalError) -> JournalSegmentHeader? {
        do throws(WireError) { return try unsafe JournalSegmentHeader.decode(file.bytes) } catch {
            // A file cut short while it was made was never begun.
            if error == .truncated { return nil }
            throw .corrupt(path: path, offset: 0, error)
        }
    }

    private static func readRecords(
        _ file: MappedFile, _ header: JournalSegmentHeader, _ path: String, into contents: inout JournalContents,
        _ open: inout OpenIntents
    ) throws(JournalError) {
        var offset = JournalSegmentHeader.byteCount
        var sequence = header.firstSequence - 1
        let bytes = unsafe file.bytes
        while bytes.count - offset >= JournalRecord.frameHeaderBytes {
            if offset >= header.synchronized, unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) == 0 {
                break
            }
            do throws(WireError) {
                let (record, frameBytes) = unsafe try JournalRecord.decode(
                    UnsafeRawBufferPointer(rebasing: bytes[offset...]))
                switch record {
                case .intent(let intent), .repeated(let intent): open.began(intent)
                case .settle(let settle): open.ended(settle.intent.requestID)
                case .streamEnd: contents.isEnded = true
                case .returned, .incarnationClosed, .lost: break
                }
                offset += frameBytes
                sequence += 1
            } catch {
                guard offset >= header.synchronized else { throw .corrupt(path: path, offset: offset, error) }
                contents.torn = error
                break
            }
        }
        contents.segments.append(
            .init(
                file: file, index: header.index, firstSequence: header.firstSequence, lastSequence: sequence,
                end: offset))
    }

    /// Intents that wait for their settle. A second copy of one says nothing new.
    private struct OpenIntents {
        private var intents: [ObjectID: (order: Int, intent: IntentRecord)] = [:]
        private var count = 0

        mutating func began(_ intent: IntentRecord) {
            count += 1
            if intents[intent.requestID] == nil { intents[intent.requestID] = (count, intent) }
        }

        mutating func ended(_ requestID: ObjectID) { intents[requestID] = nil }

        var inOrder: [IntentRecord] { intents.values.sorted { $0.order < $1.order }.map(\.intent) }
    }
}
