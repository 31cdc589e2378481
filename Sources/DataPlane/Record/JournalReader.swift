import Shared

/// What one stream's directory holds, read after its process is gone, each record with the number it had.
struct JournalContents {
    /// A segment as it is, or as it is to be written anew.
    struct Segment {
        var path: String
        var index: UInt32
        var firstSequence: UInt64
        var recordCount: Int
        /// The whole records end here.
        var end: Int
        /// The bytes to put in the place of the file; nil when it is whole.
        var rebuilt: [UInt8]?
        /// The length of the file.
        var byteCount: Int

        /// The sequence before `firstSequence` when it holds none.
        var lastSequence: UInt64 { firstSequence + UInt64(recordCount) - 1 }
    }

    var stream: StreamID
    var segments: [Segment] = []
    /// Intents without a settle, in the order they were written.
    var open: [IntentRecord] = []
    var isEnded = false
    var isTorn = false
    /// Records that cannot be read, at most: each has a `lost` in its place.
    var lost = 0
    /// Files that are no part of the stream.
    var foreign: [String] = []
    /// Files that were prepared, and nothing was ever written to.
    var unused: [String] = []
    /// The index for the next segment.
    var nextIndex: UInt32 = 0

    var nextSequence: UInt64 { (segments.last?.lastSequence ?? 0) + 1 }
}

/// Reads the journal of a process that is gone, and keeps all that can be read of it.
///
/// - Shape: records behind damage are found again by their checksums. How many are missing in between follows from the number that
///   the next segment begins with, so that all others keep their numbers; in a last segment the most that can have been there is
///   taken, so that no number the control plane knows is given to a record it does not.
/// - Errors: only that the directory cannot be listed.
enum JournalReader {
    private static let segmentBytesMax = 1 << 28

    /// - Parameter stream: whose directory it is.
    static func read(_ directory: String, of stream: StreamID) throws(JournalError) -> JournalContents {
        let names: [String]
        do { names = try DurableFile.list(directory) } catch { throw .file(error) }
        var contents = JournalContents(stream: stream)
        var surveys = [JournalSurvey]()
        for name in names {
            let path = "\(directory)/\(name)"
            guard let index = JournalSegment.index(ofFileNamed: name) else {
                // What a process left that died while it wrote a segment anew is nothing yet.
                if !name.hasSuffix(".seg.new") { contents.foreign.append(path) }
                continue
            }
            contents.nextIndex = max(contents.nextIndex, index &+ 1)
            guard let bytes = try? DurableFile.read(path, limit: segmentBytesMax) else {
                contents.foreign.append(path)
                continue
            }
            let survey = JournalSurvey(path: path, index: index, bytes: bytes, isControl: stream.isControl)
            let belongs = survey.header.map { $0.stream == stream && $0.index == index } ?? true
            let isNothing = survey.header == nil && survey.pieces.isEmpty
            // Never begun: zeros only. Anything else without a header and without a record is not ours to judge.
            if isNothing, bytes.allSatisfy({ $0 == 0 }) {
                contents.unused.append(path)
                continue
            }
            if belongs, !isNothing { surveys.append(survey) } else { contents.foreign.append(path) }
        }
        var open = OpenIntents()
        for position in surveys.indices {
            let following = surveys[(position + 1)...].lazy.compactMap(\.header?.firstSequence).first
            add(surveys[position], before: following, hasSuccessor: position + 1 < surveys.count, to: &contents, &open)
            surveys[position].bytes = []
        }
        contents.open = open.inOrder
        return contents
    }

    private static func add(
        _ survey: JournalSurvey, before following: UInt64?, hasSuccessor: Bool, to contents: inout JournalContents,
        _ open: inout OpenIntents
    ) {
        let own = survey.header?.firstSequence
        let first: UInt64
        if contents.segments.isEmpty {
            let most = UInt64(survey.records + survey.lostAtMost(isControl: contents.stream.isControl))
            // Where the header is gone, the records are counted back from the next segment.
            guard let known = own ?? following.map({ $0 > most ? $0 - most : 1 }) ?? (survey.index == 0 ? 1 : nil)
            else {
                // With which number it began nobody knows, so none of its records could be told from another.
                contents.foreign.append(survey.path)
                return
            }
            first = known
        } else {
            first = contents.nextSequence
        }
        // A number that is impossible comes from a header that lies: it would make a filler of any size.
        let limit = survey.records + max(survey.bytes.count, JournalSurveyLimits.gapMax)
        var total = survey.records + survey.lostAtMost(isControl: contents.stream.isControl)
        if let following, following >= first {
            let gap = following - first
            if gap >= UInt64(survey.records), gap <= UInt64(limit) { total = Int(gap) }
        }
        // Of several segments without headers the last takes what is missing.
        if following != nil, hasSuccessor, total < survey.records { total = survey.records }
        let lost = total - survey.records
        let isWhole = lost == 0 && own == first && !survey.isDamaged
        var rebuilt: [UInt8]?
        if !isWhole {
            let header = JournalSegmentHeader(stream: contents.stream, index: survey.index, firstSequence: first)
            rebuilt = rebuild(survey, header, lost: lost)
        }
        for piece in survey.pieces {
            unsafe survey.bytes.withUnsafeBytes { raw in
                var offset = piece.range.lowerBound
                while offset < piece.range.upperBound,
                    let (record, count) = try? unsafe JournalRecord.decode(
                        UnsafeRawBufferPointer(rebasing: raw[offset...]))
                {
                    contents.isEnded = record == .streamEnd
                    open.take(record)
                    offset += count
                }
            }
        }
        contents.lost += lost
        contents.isTorn = survey.isTorn
        contents.segments.append(
            .init(
                path: survey.path, index: survey.index, firstSequence: first, recordCount: total,
                end: rebuilt?.count ?? survey.end, rebuilt: rebuilt, byteCount: rebuilt?.count ?? survey.bytes.count))
    }

    /// The same segment with `lost` in the place of what is damaged.
    private static func rebuild(_ survey: JournalSurvey, _ header: JournalSegmentHeader, lost: Int) -> [UInt8] {
        var header = header
        let filler = JournalRecord.lost.encode()
        var bytes = [UInt8](repeating: 0, count: JournalSegmentHeader.byteCount)
        // Before the first piece when not even that is where records begin, else behind it.
        var isFilled = false
        for piece in survey.pieces {
            if !isFilled, piece.range.lowerBound > JournalSegmentHeader.byteCount {
                for _ in 0..<lost { bytes += filler }
                isFilled = true
            }
            bytes += survey.bytes[piece.range]
        }
        if !isFilled { for _ in 0..<lost { bytes += filler } }
        header.synchronized = UInt64(bytes.count)
        unsafe bytes.withUnsafeMutableBytes { unsafe header.encode(into: $0) }
        return bytes
    }

    /// Intents that wait for their settle. A second copy of one says nothing new.
    private struct OpenIntents {
        private var intents: [ObjectID: (order: Int, intent: IntentRecord)] = [:]
        private var count = 0

        mutating func take(_ record: JournalRecord) {
            switch record {
            case .intent(let intent), .repeated(let intent):
                count += 1
                if intents[intent.requestID] == nil { intents[intent.requestID] = (count, intent) }
            case .settle(let settle): intents[settle.intent.requestID] = nil
            case .streamEnd, .returned, .incarnationClosed, .lost, .correction: break
            }
        }

        var inOrder: [IntentRecord] { intents.values.sorted { $0.order < $1.order }.map(\.intent) }
    }
}

enum JournalSurveyLimits {
    /// The largest segments hold fewer records; a longer gap is not believed.
    static let gapMax = 1 << 18
}
