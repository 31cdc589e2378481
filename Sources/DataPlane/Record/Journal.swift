import Shared
import Synchronization

/// The journal of one process: a stream for each event-loop thread, and a thread of its own that keeps them supplied.
///
/// - Shape: `<directory>/<incarnation>/<thread>/NNNNNNNN.seg`, and `<directory>/<incarnation>/lock`, held while the process lives.
/// - Units: bytes are those taken on the disk, whether filled or not.
///
/// Concurrency: what makes, removes and synchronizes segments runs on the journal's own threads; the rest is for any thread.
final class Journal: Sendable {
    let directory: String
    let nodeID: ObjectID
    let incarnation: ObjectID
    private let configuration: JournalConfiguration
    private let lock: FileLock
    private let reserve: JournalReserve
    private let logger: Logger
    private let state = Mutex(State())
    private let threads = Mutex<Threads?>(nil)
    private let isStopping = Atomic<Bool>(false)

    private struct Threads {
        var keeping: EventLoop
        var keepingCall: LoopCall
        var synchronizing: EventLoop
        var erasing: EventLoop
    }

    private struct State {
        var logs: [JournalLog] = []
        var control: JournalLog?
        var earlier: [EarlierIncarnation] = []
        var isShort = false
        var isKnownBroken = false
        var damage = Damage()
        /// Called after a pass that made records ready to ship.
        var readyToShip: (@Sendable () -> Void)?
        /// All sequences together before the last pass, and whether that was more than before the pass before it.
        var written: UInt64 = 0
        var wasNew = false
    }

    /// Takes the directory of a new incarnation.
    init(
        directory: String, nodeID: ObjectID, incarnation: ObjectID, configuration: JournalConfiguration,
        logger: Logger = Logger("journal")
    ) throws(JournalError) {
        self.directory = directory
        self.nodeID = nodeID
        self.incarnation = incarnation
        self.configuration = configuration
        self.logger = logger
        do throws(FileError) {
            let own = "\(directory)/\(incarnation)"
            try DurableFile.createDirectory(own)
            guard let lock = try FileLock.acquire(own + "/lock") else {
                throw FileError(call: "flock", path: own + "/lock", code: 11)
            }
            self.lock = lock
            reserve = JournalReserve(in: directory, byteCount: min(4 << 20, 4 * configuration.segmentBytes))
            try reserve.release()
            if configuration.synchronization != .always {
                try DurableFile.write(JournalRecovery.machineStart(), to: "\(own)/\(JournalRecovery.bootName)")
            }
            try DurableFile.synchronizeDirectory(directory)
        } catch {
            throw .file(error)
        }
    }

    // MARK: Streams

    /// The stream of a thread. Does I/O: called while the process starts.
    ///
    /// Without room for its first segment the stream takes intents when there is room again.
    func openStream(thread: UInt32) throws(JournalError) -> JournalStream {
        let log = try openLog(thread: thread, shipsUnsynchronized: configuration.synchronization == .never)
        let stream = JournalStream(
            log: log, synchronizesAlways: configuration.synchronization == .always,
            control: state.withLock { $0.control })
        try prepare(log)
        return stream
    }

    /// The stream of the control loop; to be opened before those of the threads, which look at its room.
    ///
    /// Its first segment is made whatever the limits say: what a predecessor left in a full journal can only be closed there.
    func openControlStream() throws(JournalError) -> ControlStream {
        let log = try openLog(
            thread: StreamID.controlThread, shipsUnsynchronized: true,
            reservedBytes: controlSegmentBytes / 8 + ControlStream.closingBytes, withinLimits: false)
        state.withLock { $0.control = log }
        let stream = ControlStream(log: log)
        try prepare(log)
        return stream
    }

    private func openLog(
        thread: UInt32, shipsUnsynchronized: Bool, reservedBytes: Int = 0, withinLimits: Bool = true
    ) throws(JournalError) -> JournalLog {
        let path = "\(directory)/\(incarnation)/\(thread)"
        let log = JournalLog(
            stream: StreamID(nodeID: nodeID, incarnation: incarnation, thread: thread), directory: path,
            shipsUnsynchronized: shipsUnsynchronized, reservedBytes: reservedBytes,
            needsKeeping: { [weak self] in self?.keepNow() })
        do { try DurableFile.createDirectory(path) } catch { throw .file(error) }
        state.withLock { $0.logs.append(log) }
        try prepare(log, withinLimits: withinLimits)
        return log
    }

    /// A control stream writes little: twenty thousand returns fit in one of these.
    private var controlSegmentBytes: Int { min(Int(configuration.segmentBytes), 1 << 20) }

    private func segmentBytes(of log: JournalLog) -> Int {
        log.stream.isControl ? controlSegmentBytes : Int(configuration.segmentBytes)
    }

    /// The streams to ship: those of earlier incarnations first.
    var logs: [JournalLog] { state.withLock { $0.earlier.flatMap(\.logs) + $0.logs } }

    func adopt(_ earlier: [EarlierIncarnation]) {
        state.withLock { state in
            state.earlier += earlier
            for incarnation in earlier {
                state.damage.lostRecords += incarnation.report.lostRecords
                state.damage.unreadableStreams += incarnation.report.unreadableStreams
                if incarnation.report.isInDoubt { state.damage.incarnationsInDoubt += 1 }
            }
        }
    }

    /// What this start found damaged in earlier journals.
    struct Damage: Sendable, Equatable {
        /// At most.
        var lostRecords = 0
        var unreadableStreams = 0
        var incarnationsInDoubt = 0
    }

    var damage: Damage { state.withLock { $0.damage } }

    /// Damaged files that wait for a person, of this start or any before it.
    var quarantinedFiles: Int {
        (try? DurableFile.list("\(directory)/\(JournalRecovery.quarantineName)").count) ?? 0
    }

    /// What a person should know, in a few words; nil when all is well.
    var trouble: String? {
        let damage = damage
        if logs.contains(where: { $0.isBroken.load(ordering: .relaxed) }) {
            return "the disk does not take what is written"
        }
        if isShort { return "no room for another segment" }
        if damage.unreadableStreams > 0 { return "streams of earlier processes cannot be read" }
        if damage.lostRecords > 0 { return "records of earlier processes are lost" }
        if quarantinedFiles > 0 { return "damaged files wait in quarantine" }
        return nil
    }

    /// How long the oldest record that is not acknowledged has waited, to within a pass and a batch.
    var oldestUnacknowledged: Duration {
        let now = MonotonicTime.now()
        return logs.map { $0.waiting(at: now) }.max() ?? .zero
    }

    /// On the control loop: closes each earlier incarnation of which everything is acknowledged.
    func closeEarlier(in control: ControlStream) {
        for incarnation in state.withLock({ $0.earlier }) {
            do throws(JournalError) { try incarnation.close(in: control) } catch {
                logger.error(
                    "an earlier incarnation cannot be closed yet",
                    ["incarnation": .text(incarnation.id), "error": .text(error)])
            }
        }
    }

    /// Earlier incarnations that are not over yet.
    var earlierIDs: [ObjectID] { state.withLock { $0.earlier.map(\.id) } }

    /// How many of them there are.
    var earlierCount: Int { state.withLock { $0.earlier.count } }

    /// Calls `body`, on the journal's thread, whenever there is more to ship than before: at most once in a pass.
    func whenReadyToShip(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.readyToShip = body } }

    // MARK: Numbers

    /// Bytes that all streams take on the disk, those of earlier incarnations among them.
    var allocatedBytes: Int64 { Int64(logs.reduce(0) { $0 + $1.allocatedBytes }) }

    var unacknowledgedRecords: Int64 { Int64(logs.reduce(0) { $0 + $1.unacknowledgedRecords }) }

    /// The limit or the disk lets no further segment be made: new requests are refused soon, or already.
    var isShort: Bool { state.withLock { $0.isShort } }

    /// Some thread refuses new requests: for want of room, or because its disk does.
    var refusesIntents: Bool {
        let (logs, isShort) = state.withLock { ($0.logs, $0.isShort) }
        return logs.contains {
            $0.isBroken.load(ordering: .relaxed) || isShort && $0.isFull.load(ordering: .relaxed)
        }
    }

    /// Whether everything written is durable in the control plane.
    var isShipped: Bool { unacknowledgedRecords == 0 }

    /// Makes the numbers readable at `/metrics`.
    func register(in registry: MetricsRegistry) {
        registry.gauge("weir_journal_bytes", help: "Bytes the journal takes on the disk.") { [self] in
            Double(allocatedBytes)
        }
        registry.gauge("weir_journal_bytes_limit", help: "Bytes the journal may take.") { [configuration] in
            Double(configuration.bytesMax)
        }
        registry.gauge(
            "weir_journal_unacknowledged_records", help: "Records that the control plane has not acknowledged."
        ) { [self] in Double(unacknowledgedRecords) }
        registry.gauge(
            "weir_journal_short", help: "1 while no further segment can be made for want of room."
        ) { [self] in isShort ? 1 : 0 }
        registry.gauge(
            "weir_journal_oldest_unacknowledged_seconds",
            help: "Age of the oldest record that the control plane has not acknowledged."
        ) { [self] in Double(oldestUnacknowledged.components.seconds) }
        registry.gauge(
            "weir_journal_disk_free_bytes_min", help: "Bytes the journal leaves free on its disk."
        ) { [configuration] in Double(configuration.freeBytesMin) }
        registry.gauge(
            "weir_journal_lost_records", help: "Records, at most, that this start could not read in earlier journals."
        ) { [self] in Double(damage.lostRecords) }
        registry.gauge(
            "weir_journal_quarantined_files", help: "Damaged files of the journal that were kept for a person."
        ) { [self] in Double(quarantinedFiles) }
        registry.gauge(
            "weir_journal_unreadable_streams", help: "Streams of earlier processes that could not be brought to an end."
        ) { [self] in Double(damage.unreadableStreams) }
        registry.gauge(
            "weir_journal_incarnations_in_doubt",
            help: "Earlier processes found at this start whose leases are not closed, because records may be lost."
        ) { [self] in Double(damage.incarnationsInDoubt) }
        registry.gauge(
            "weir_journal_broken_streams", help: "Streams whose disk refused what was written."
        ) { [self] in Double(logs.count { $0.isBroken.load(ordering: .relaxed) }) }
        registry.gauge(
            "weir_journal_disk_free_bytes", help: "Bytes free on the journal's disk."
        ) { [self] in Double((try? DurableFile.freeBytes(at: directory)) ?? 0) }
    }

    // MARK: The journal's thread

    /// Starts the threads that prepare and remove segments, force records to the disk, and make old segments zeros.
    ///
    /// Three of them, because the last two wait for the disk, and a thread that needs its next segment must not wait behind that.
    func start() throws(SystemError) {
        let keeping = try EventLoop(name: "weir-journal")
        // Of that loop alone.
        nonisolated(unsafe) let work = LevelSignal(on: keeping)
        let started = Threads(
            keeping: keeping, keepingCall: LoopCall(on: keeping) { unsafe work.raise() },
            synchronizing: try EventLoop(name: "weir-journal-2"), erasing: try EventLoop(name: "weir-journal-3"))
        threads.withLock { $0 = started }
        for loop in [started.keeping, started.synchronizing, started.erasing] { loop.start() }
        started.keeping.spawn { [self] actor in
            while !isStopping.load(ordering: .relaxed) {
                let level = unsafe work.level
                keep()
                keepReserve()
                _ = unsafe await work.wait(beyond: level, timeout: Self.keepInterval)
            }
            actor.loop.stop()
        }
        let interval = interval
        started.synchronizing.spawn { [self] actor in
            while !isStopping.load(ordering: .relaxed) {
                synchronize()
                await actor.loop.sleep(for: interval)
            }
            synchronize()
            actor.loop.stop()
        }
    }

    /// A pass is also what tells the shipper of new records, so that no thread has to.
    private var interval: Duration {
        configuration.synchronization == .interval
            ? .milliseconds(configuration.synchronizationIntervalMilliseconds) : Self.passInterval
    }

    /// For what nobody tells: room that others have made on the disk, a segment whose last open intent is settled, a disk that is broken.
    private static let keepInterval = Duration.milliseconds(250)

    /// Rates learn of admissions by the journal: some 15 ms on average are soon enough.
    private static let passInterval = Duration.milliseconds(25)

    /// Forces what is written to the disk and tells the shipper of it, now. From any thread.
    func passNow() {
        guard let loop = threads.withLock({ $0?.synchronizing }) else { return }
        loop.post { [self] in synchronize() }
    }

    /// Makes and removes segments, soon. From any thread.
    private func keepNow() { threads.withLock { $0?.keepingCall }?.make() }

    /// Ends the threads after a last pass. What was written is on the disk then, unless `never`.
    func shutdown() {
        isStopping.store(true, ordering: .relaxed)
        let ended = threads.withLock { threads in
            defer { threads = nil }
            return threads
        }
        guard let ended else { return }
        ended.keepingCall.make()
        ended.keeping.join()
        ended.synchronizing.join()
        ended.erasing.stop()
        ended.erasing.join()
    }

    /// One pass of all that the threads do, for who has none.
    func maintain() {
        keep()
        synchronize()
    }

    /// Makes and removes segments, without waiting for the disk.
    private func keep() {
        _ = oldestUnacknowledged
        for log in state.withLock({ $0.logs }) {
            do throws(JournalError) { try prepare(log) } catch {
                logger.error(
                    "journal cannot prepare a segment", ["error": .text(error), "stream": .integer(log.stream.thread)])
            }
            var removable = log.takeRemovable()
            keepOne(of: &removable, for: log)
            remove(removable)
        }
        removeEarlier()
        noteBroken()
    }

    /// Forces records to the disk where that is the policy, and tells the shipper of what is new.
    private func synchronize() {
        // Before the work: what comes meanwhile is for the next pass.
        let written = logs.reduce(UInt64(0)) { $0 &+ $1.lastSequence.load(ordering: .relaxed) }
        if configuration.synchronization != .never {
            for log in state.withLock({ $0.logs }) { synchronize(log) }
        }
        announce(written)
    }

    /// A thread that forces its own records to the disk has no logger.
    private func noteBroken() {
        let isNew = state.withLock { state in
            let isBroken = state.logs.contains { $0.isBroken.load(ordering: .relaxed) }
            defer { state.isKnownBroken = isBroken }
            return isBroken && !state.isKnownBroken
        }
        if isNew { logger.error("the journal's disk does not take what is written: new requests are refused") }
    }

    /// Says so twice: a thread may have counted a record and not have published it when this pass looked.
    private func announce(_ written: UInt64) {
        let notify = state.withLock { state -> (@Sendable () -> Void)? in
            let isNew = written != state.written
            defer { (state.written, state.wasNew) = (written, isNew) }
            return isNew || state.wasNew ? state.readyToShip : nil
        }
        notify?()
    }

    /// Makes the next segment of a stream, if one is missing and there is room for it.
    private func prepare(_ log: JournalLog, withinLimits: Bool = true) throws(JournalError) {
        guard log.preparedBytes.load(ordering: .acquiring) == 0 else { return }
        guard let index = log.indexToPrepare() else { return }
        let path = "\(log.directory)/\(JournalSegment.fileName(index))"
        do throws(FileError) {
            let file: MappedFile
            if let reused = reuseSpare(of: log, as: path) {
                file = reused
            } else {
                guard !withinLimits || makeRoom(for: segmentBytes(of: log)) else {
                    log.preparationFailed()
                    return noteShort(true)
                }
                file = try MappedFile.create(path, count: segmentBytes(of: log))
            }
            let segment = JournalSegment(file: file, index: index)
            if configuration.synchronization == .always { try name(segment, in: log) }
            log.offer(segment)
            noteShort(false)
        } catch {
            log.preparationFailed()
            noteShort(true)
            if !error.isDiskFull { throw .file(error) }
        }
    }

    /// The file that the stream keeps for another segment; nil when there is none that is ready, or none that can be used.
    private func reuseSpare(of log: JournalLog, as path: String) -> MappedFile? {
        guard log.takeErasedSpare() else { return nil }
        do {
            try DurableFile.move(log.sparePath, to: path)
            return try MappedFile.reopen(path)
        } catch {
            logger.warning("a journal segment cannot be used again", ["error": .text(error)])
            for left in [log.sparePath, path] where DurableFile.exists(left) { removeFile(left) }
            return nil
        }
    }

    /// Makes a spare file zeros. That waits for the disk, so it is not for the thread that prepares segments.
    private func erase(_ log: JournalLog) {
        do {
            // Its old name is gone from the disk before any of its records is.
            try DurableFile.synchronizeDirectory(log.directory)
            try MappedFile.erase(log.sparePath)
            log.noteErased(true)
        } catch {
            logger.warning("a journal segment cannot be used again", ["error": .text(error)])
            removeFile(log.sparePath)
            log.noteErased(false)
        }
    }

    /// What is kept for later goes before anything is refused.
    private func makeRoom(for byteCount: Int) -> Bool {
        if hasRoom(for: byteCount) { return true }
        var isFreed = false
        for log in state.withLock({ $0.logs }) where log.takeErasedSpare() {
            removeFile(log.sparePath)
            isFreed = true
        }
        return isFreed && hasRoom(for: byteCount)
    }

    private func hasRoom(for byteCount: Int) -> Bool {
        guard allocatedBytes + Int64(byteCount) <= configuration.bytesMax else { return false }
        guard let free = try? DurableFile.freeBytes(at: directory) else { return false }
        return free - Int64(byteCount) >= configuration.freeBytesMin
    }

    /// Not at the cost of what others are to have of the disk.
    private func keepReserve() {
        guard !reserve.isKept, let free = try? DurableFile.freeBytes(at: directory),
            free - reserve.byteCount >= configuration.freeBytesMin
        else { return }
        do { try reserve.keep() } catch {
            logger.warning("journal cannot keep room for its next start", ["error": .text(error)])
        }
    }

    private func noteShort(_ isShort: Bool) {
        let changed = state.withLock { state in
            defer { state.isShort = isShort }
            return state.isShort != isShort
        }
        guard changed else { return }
        if isShort {
            logger.error(
                "journal has no room for another segment",
                ["bytes": .integer(allocatedBytes), "limit": .integer(configuration.bytesMax)])
        } else {
            logger.info("journal has room again", ["bytes": .integer(allocatedBytes)])
        }
    }

    private func synchronize(_ log: JournalLog) {
        for segment in log.segments {
            let end = segment.committed.load(ordering: .acquiring)
            let start = segment.synchronized.load(ordering: .relaxed)
            guard end > start else { continue }
            do {
                try name(segment, in: log)
                try segment.file.synchronize(start..<end)
                segment.synchronized.store(end, ordering: .releasing)
                unsafe JournalSegmentHeader.setSynchronized(end, in: segment.file.mutableBytes)
                segment.file.releasePages(JournalSegmentHeader.byteCount..<end)
            } catch {
                // After a failed write-back the kernel forgets which pages were dirty: this stream cannot be trusted again.
                if !log.isBroken.exchange(true, ordering: .relaxed) {
                    logger.error(
                        "journal cannot be synchronized", ["error": .text(error), "path": .string(segment.file.path)])
                }
                return
            }
        }
    }

    /// Has the disk know the name of a segment, which its records need to be found again.
    private func name(_ segment: JournalSegment, in log: JournalLog) throws(FileError) {
        guard !segment.isNamed.load(ordering: .relaxed) else { return }
        try DurableFile.synchronizeDirectory(log.directory)
        segment.isNamed.store(true, ordering: .relaxed)
    }

    /// Takes out one of the segments that nobody needs, to be used again.
    private func keepOne(of segments: inout [JournalSegment], for log: JournalLog) {
        if let last = segments.indices.last, !log.hasSpare, segments[last].file.count == segmentBytes(of: log),
            // The shipper may be reading it.
            isKnownUniquelyReferenced(&segments[last])
        {
            do {
                try DurableFile.move(segments[last].file.path, to: log.sparePath)
            } catch {
                return logger.warning("a journal segment cannot be kept for use again", ["error": .text(error)])
            }
            log.noteSpare(byteCount: segments.removeLast().file.count)
            if let loop = threads.withLock({ $0?.erasing }) { loop.post { [self] in erase(log) } } else { erase(log) }
        }
    }

    private func remove(_ segments: [JournalSegment]) { for segment in segments { removeFile(segment.file.path) } }

    private func removeFile(_ path: String) {
        do { try DurableFile.remove(path) } catch {
            logger.error("journal segment cannot be removed", ["error": .text(error)])
        }
    }

    /// Segments of earlier incarnations go as they are acknowledged; the rest once the ledger knows that they are over.
    private func removeEarlier() {
        let (earlier, control) = state.withLock { ($0.earlier, $0.control) }
        for incarnation in earlier {
            for log in incarnation.logs { remove(log.takeRemovable()) }
            guard let control, incarnation.isOver(control: control) else { continue }
            state.withLock { $0.earlier.removeAll { $0 === incarnation } }
            JournalRecovery.removeIncarnation(incarnation.directory, logger: logger)
        }
    }

    /// Removes the directory of this incarnation: every stream has ended and is acknowledged.
    func removeOwnDirectory() {
        let logs = state.withLock { $0.logs }
        guard logs.allSatisfy({ $0.segments.allSatisfy { $0.isSealed.load(ordering: .acquiring) } }), isShipped else {
            return
        }
        for log in logs {
            remove(log.takeRemovable())
            if let prepared = log.takePrepared() { remove([prepared]) }
        }
        JournalRecovery.removeIncarnation("\(directory)/\(incarnation)", logger: logger)
    }
}
