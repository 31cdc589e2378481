import Shared

/// Brings the streams of processes that are gone to their end, so that they can be shipped and forgotten.
///
/// Each intent without a settle gets one: outcome `interrupted`, charged at what was reserved, because nobody knows what the
/// provider did. Then the stream is ended. That is one new segment, which appears whole or not at all, so a process that dies
/// here is itself no trouble: the next one reads what it finds.
///
/// What is damaged is kept under `quarantine` and replaced by what can be read of it. New work never waits for that.
struct JournalRecovery {
    private let directory: String
    private let logger: Logger
    private var quarantine: String { directory + "/" + Self.quarantineName }

    static let quarantineName = "quarantine"
    /// Says, in an incarnation's directory, that records of it may be lost.
    static let doubtName = "doubt"
    /// Names the start of the machine that an incarnation ran in.
    static let bootName = "boot"

    /// What a directory holds of other processes.
    struct Finding {
        /// Those that are gone, their streams ended.
        var earlier: [EarlierIncarnation] = []
        /// Those that live beside this one: while one takes another over.
        var living: Set<ObjectID> = []
    }

    /// The earlier incarnations, their streams ended.
    ///
    /// - Parameter own: the incarnation of this process, which is left alone.
    static func run(directory: String, nodeID: ObjectID, own: ObjectID, logger: Logger) -> [EarlierIncarnation] {
        survey(directory: directory, nodeID: nodeID, known: [own], isAlone: true, logger: logger).earlier
    }

    /// - Parameters:
    ///   - known: incarnations that are left alone.
    ///   - isAlone: no other process of this node begins or ends at this moment.
    static func survey(
        directory: String, nodeID: ObjectID, known: Set<ObjectID>, isAlone: Bool, logger: Logger
    ) -> Finding {
        let recovery = JournalRecovery(directory: directory, logger: logger)
        var finding = Finding()
        let names: [String]
        do { names = try DurableFile.list(directory) } catch {
            logger.error("journal directory cannot be listed", ["error": .text(error)])
            return finding
        }
        for name in names {
            guard let incarnation = ObjectID(name), !known.contains(incarnation) else { continue }
            let path = "\(directory)/\(name)"
            do throws(FileError) {
                // A process that begins makes its lock a moment after its directory; one that ends well removes both.
                guard isAlone || DurableFile.exists(path + "/lock") else { continue }
                guard let lock = try FileLock.acquire(path + "/lock") else {
                    // It is alive, so its records are its own.
                    finding.living.insert(incarnation)
                    continue
                }
                finding.earlier.append(try recovery.recover(incarnation, of: nodeID, in: path, lock))
            } catch {
                if error.isMissing, !DurableFile.exists(path) { continue }
                logger.error(
                    "journal cannot be recovered and stays where it is",
                    ["path": .string(path), "error": .text(error)])
            }
        }
        return finding
    }

    private func recover(
        _ incarnation: ObjectID, of nodeID: ObjectID, in path: String, _ lock: FileLock
    ) throws(FileError) -> EarlierIncarnation {
        var logs = [JournalLog]()
        var report = EarlierIncarnation.Report()
        report.isInDoubt = DurableFile.exists("\(path)/\(Self.doubtName)")
        let hasRestarted = Self.machineHasRestarted(since: path)
        for name in try DurableFile.list(path) where !Self.ownNames.contains(name) {
            guard let thread = UInt32(name), String(thread) == name else {
                try setAside("\(path)/\(name)", &report)
                continue
            }
            let id = StreamID(nodeID: nodeID, incarnation: incarnation, thread: thread)
            do throws(JournalError) {
                if let log = try recover(id, in: path, hasRestarted: hasRestarted, &report) { logs.append(log) }
            } catch {
                report.unreadableStreams += 1
                logger.error(
                    "journal cannot be recovered and stays where it is",
                    ["path": .string("\(path)/\(name)"), "error": .text(error)])
            }
        }
        return EarlierIncarnation(id: incarnation, directory: path, logs: logs, report: report, lock: lock)
    }

    private static let ownNames: Set = ["lock", doubtName, bootName]

    /// Ends one stream; nil when nothing was ever written to it.
    private func recover(
        _ stream: StreamID, in incarnation: String, hasRestarted: Bool, _ report: inout EarlierIncarnation.Report
    ) throws(JournalError) -> JournalLog? {
        let directory = "\(incarnation)/\(stream.thread)"
        var contents = try JournalReader.read(directory, of: stream)
        let isDamaged =
            contents.lost > 0 || !contents.foreign.isEmpty || contents.segments.contains { $0.rebuilt != nil }
        do throws(FileError) {
            // First that there is doubt, then what removes its evidence.
            if isDamaged || hasRestarted && !contents.isEnded && !contents.segments.isEmpty {
                try DurableFile.write(Array("records may be lost\n".utf8), to: "\(incarnation)/\(Self.doubtName)")
                report.isInDoubt = true
            }
            for path in contents.foreign { try setAside(path, &report) }
            for index in contents.segments.indices {
                guard let bytes = contents.segments[index].rebuilt else { continue }
                try keep(contents.segments[index].path, &report)
                try DurableFile.write(bytes, to: contents.segments[index].path)
                contents.segments[index].rebuilt = nil
            }
            report.lostRecords += contents.lost
            if isDamaged {
                logger.error(
                    "journal is damaged: what can be read is shipped, the damaged files are kept",
                    [
                        "path": .string(directory), "lost_records_at_most": .integer(contents.lost),
                        "foreign_files": .integer(contents.foreign.count), "quarantine": .string(quarantine),
                    ])
            }
            for path in contents.unused { try DurableFile.remove(path) }
            guard !contents.segments.isEmpty else { return nil }
            if !contents.isEnded { try end(&contents, directory) }
            for segment in contents.segments { shrink(segment) }
            let segments = try contents.segments.map { (segment) throws(FileError) in
                JournalSegment(
                    file: try MappedFile.open(reading: segment.path), index: segment.index,
                    firstSequence: segment.firstSequence, lastSequence: segment.lastSequence, end: segment.end)
            }
            return JournalLog(
                stream: stream, directory: directory, recovered: segments, lastSequence: contents.nextSequence - 1)
        } catch {
            throw .file(error)
        }
    }

    private func end(_ contents: inout JournalContents, _ directory: String) throws(FileError) {
        let records = contents.open.map { JournalRecord.settle(Self.interrupted($0)) } + [.streamEnd]
        let first = contents.nextSequence
        let index = contents.nextIndex
        var bytes = [UInt8](repeating: 0, count: JournalSegmentHeader.byteCount)
        for record in records { bytes += record.encode() }
        let header = JournalSegmentHeader(
            stream: contents.stream, index: index, firstSequence: first, synchronized: UInt64(bytes.count))
        unsafe bytes.withUnsafeMutableBytes { unsafe header.encode(into: $0) }
        let path = "\(directory)/\(JournalSegment.fileName(index))"
        try DurableFile.write(bytes, to: path)
        contents.segments.append(
            .init(
                path: path, index: index, firstSequence: first, recordCount: records.count, end: bytes.count,
                byteCount: bytes.count))
        contents.isEnded = true
        logger.warning(
            "journal of an earlier process ended",
            [
                "path": .string(directory), "interrupted": .integer(contents.open.count),
                "records": .integer(contents.nextSequence - 1), "torn": .integer(contents.isTorn ? 1 : 0),
            ])
    }

    /// Gives the disk back what a segment did not use: a process that dies again and again while the control plane is away would
    /// otherwise take a whole segment each time.
    private func shrink(_ segment: JournalContents.Segment) {
        guard segment.byteCount > 2 * segment.end else { return }
        do throws(FileError) {
            var bytes = try DurableFile.read(segment.path, limit: segment.byteCount)
            guard var header = (try? unsafe bytes.withUnsafeBytes { try unsafe JournalSegmentHeader.decode($0) }) ?? nil
            else { return }
            bytes.removeSubrange(segment.end...)
            header.synchronized = UInt64(bytes.count)
            unsafe bytes.withUnsafeMutableBytes { unsafe header.encode(into: $0) }
            try DurableFile.write(bytes, to: segment.path)
        } catch {
            logger.warning("a journal segment cannot be made smaller", ["error": .text(error)])
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

    // MARK: Damage

    /// Gives a damaged file a second name, under which it stays when its place is taken by what can be read of it.
    private func keep(_ path: String, _ report: inout EarlierIncarnation.Report) throws(FileError) {
        try DurableFile.createDirectory(quarantine)
        try DurableFile.link(path, to: quarantinePath(path))
        try DurableFile.synchronizeDirectory(quarantine)
        report.quarantinedFiles += 1
    }

    private func setAside(_ path: String, _ report: inout EarlierIncarnation.Report) throws(FileError) {
        try DurableFile.createDirectory(quarantine)
        try DurableFile.move(path, to: quarantinePath(path))
        try DurableFile.synchronizeDirectory(quarantine)
        report.quarantinedFiles += 1
        logger.error("a file that does not belong there was moved out of the journal", ["path": .string(path)])
    }

    /// `<incarnation>-<thread>-<name>`.
    private func quarantinePath(_ path: String) -> String {
        quarantine + "/" + path.dropFirst(directory.count + 1).split(separator: "/").joined(separator: "-")
    }

    /// Whether the machine went down since the incarnation began: what was not on the disk is gone then, and nobody can tell how
    /// much that was. A process that forces every record to the disk leaves no name, and no doubt.
    private static func machineHasRestarted(since incarnation: String) -> Bool {
        guard let then = try? DurableFile.read("\(incarnation)/\(bootName)", limit: 256), !then.isEmpty else {
            return false
        }
        return then != machineStart()
    }

    /// Names this start of the machine.
    ///
    /// - Source: `random(4)`, `/proc/sys/kernel/random/boot_id`.
    static func machineStart() -> [UInt8] {
        (try? DurableFile.read("/proc/sys/kernel/random/boot_id", limit: 256)) ?? []
    }

    // MARK: Removal

    /// Removes an incarnation's directory with all in it.
    static func removeIncarnation(_ path: String, logger: Logger) {
        do {
            for name in try DurableFile.list(path) where !ownNames.contains(name) {
                let stream = "\(path)/\(name)"
                for file in try DurableFile.list(stream) { try DurableFile.remove("\(stream)/\(file)") }
                try DurableFile.removeDirectory(stream)
            }
            for name in [bootName, doubtName, "lock"] { try DurableFile.remove("\(path)/\(name)") }
            try DurableFile.removeDirectory(path)
        } catch {
            logger.error("journal directory cannot be removed", ["error": .text(error)])
        }
    }
}
