import Shared

/// Brings the streams of processes that are gone to their end, so that they can be shipped and forgotten.
///
/// Each intent without a settle gets one: outcome `interrupted`, charged at what was reserved, because nobody knows what the
/// provider did. Then the stream is ended. That is one new segment, which appears whole or not at all, so a process that dies
/// here is itself no trouble: the next one reads what it finds.
enum JournalRecovery {
    /// The earlier incarnations, their streams ended. What cannot be read is logged and left where it is.
    ///
    /// - Parameter own: the incarnation of this process, which is left alone.
    static func run(directory: String, own: ObjectID, logger: Logger) -> [EarlierIncarnation] {
        guard let names = try? DurableFile.list(directory) else { return [] }
        var found = [EarlierIncarnation]()
        for name in names {
            guard let incarnation = ObjectID(name), incarnation != own else { continue }
            do {
                let path = "\(directory)/\(name)"
                guard let lock = try FileLock.acquire(path + "/lock") else {
                    // Another data plane works on the same directory. It is alive, so its records are its own.
                    logger.warning("journal belongs to a process that is alive", ["path": .string(path)])
                    continue
                }
                found.append(try recover(incarnation, in: path, lock, logger: logger))
            } catch {
                logger.error(
                    "journal cannot be recovered and stays where it is",
                    ["incarnation": .text(incarnation), "error": .text("\(error)")])
            }
        }
        return found
    }

    private static func recover(
        _ incarnation: ObjectID, in path: String, _ lock: FileLock, logger: Logger
    ) throws -> EarlierIncarnation {
        var logs = [JournalLog]()
        var isInDoubt = false
        for name in try DurableFile.list(path) where UInt32(name) != nil {
            let stream = "\(path)/\(name)"
            do throws(JournalError) {
                if let log = try recoverStream(stream, logger: logger) { logs.append(log) }
            } catch {
                isInDoubt = true
                logger.error(
                    "journal cannot be recovered and stays where it is",
                    ["path": .string(stream), "error": .text(error)])
            }
        }
        return EarlierIncarnation(id: incarnation, directory: path, logs: logs, isInDoubt: isInDoubt, lock: lock)
    }

    /// Ends one stream; nil when nothing was ever written to it.
    static func recoverStream(_ directory: String, logger: Logger) throws(JournalError) -> JournalLog? {
        guard var contents = try JournalReader.read(directory) else { return nil }
        if !contents.isEnded {
            try end(&contents, directory)
            logger.warning(
                "journal of an earlier process ended",
                [
                    "path": .string(directory), "interrupted": .integer(contents.open.count),
                    "records": .integer(contents.nextSequence - 1), "torn": .text(contents.torn),
                    "unreachable_segments": .integer(contents.unreachable.count),
                ])
        }
        let segments = contents.segments.map {
            JournalSegment(
                file: $0.file, index: $0.index, firstSequence: $0.firstSequence, lastSequence: $0.lastSequence,
                end: $0.end)
        }
        return JournalLog(
            stream: contents.stream, directory: directory, recovered: segments, lastSequence: contents.nextSequence - 1)
    }

    private static func end(_ contents: inout JournalContents, _ directory: String) throws(JournalError) {
        let records = contents.open.map { JournalRecord.settle(interrupted($0)) } + [.streamEnd]
        let header = JournalSegmentHeader(
            stream: contents.stream, index: contents.nextIndex, firstSequence: contents.nextSequence)
        let bytes = segment(header, records)
        let path = "\(directory)/\(JournalSegment.fileName(contents.nextIndex))"
        do {
            // First what would contradict the new segment, then the segment, at one stroke.
            for path in contents.unreachable { try DurableFile.remove(path) }
            try DurableFile.write(bytes, to: path)
            let file = try MappedFile.open(reading: path)
            contents.segments.append(
                .init(
                    file: file, index: header.index, firstSequence: header.firstSequence,
                    lastSequence: header.firstSequence + UInt64(records.count) - 1, end: bytes.count))
            contents.isEnded = true
        } catch {
            throw .file(error)
        }
    }

    /// A whole segment, all of it on the disk when it is there at all.
    private static func segment(_ header: JournalSegmentHeader, _ records: [JournalRecord]) -> [UInt8] {
        var header = header
        let byteCount = records.reduce(JournalSegmentHeader.byteCount) { $0 + $1.frameBytes }
        header.synchronized = UInt64(byteCount)
        return unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            unsafe header.encode(into: raw)
            count = JournalSegmentHeader.byteCount
            for record in records {
                unsafe count += record.encode(into: UnsafeMutableRawBufferPointer(rebasing: raw[count...]))
            }
        }
    }

    /// What is known of a request whose process died: that it was admitted, and the most it can have cost.
    static func interrupted(_ intent: IntentRecord) -> SettleRecord {
        SettleRecord(
            intent: intent, outcome: .interrupted, status: 0, attempts: 1, usage: .zero, usageReported: false,
            cost: intent.reserved, durationMicroseconds: 0, firstTokenMicroseconds: 0, overheadMicroseconds: 0,
            relayedBytes: 0, charges: intent.lines.compactMap(charge))
    }

    /// Doubt resolves to spent. What counts requests was spent by the intent; a slot is free again with its process.
    private static func charge(_ line: ReservationLine) -> ChargeLine? {
        switch line.kind {
        case .money, .tokens: ChargeLine(account: line.account, window: line.window, amount: line.amount)
        case .requests, .slots: nil
        }
    }

    /// Removes an incarnation's directory with all in it.
    static func removeIncarnation(_ path: String, logger: Logger) {
        do {
            for name in try DurableFile.list(path) where name != "lock" {
                let stream = "\(path)/\(name)"
                for file in try DurableFile.list(stream) { try DurableFile.remove("\(stream)/\(file)") }
                try DurableFile.removeDirectory(stream)
            }
            try DurableFile.remove(path + "/lock")
            try DurableFile.removeDirectory(path)
        } catch {
            logger.error("journal directory cannot be removed", ["error": .text(error)])
        }
    }
}
