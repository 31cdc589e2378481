import Shared
import Synchronization

/// The journal of one process: a stream for each event-loop thread, and a thread of its own that keeps them supplied.
///
/// - Shape: `<directory>/<incarnation>/<thread>/NNNNNNNN.seg`, and `<directory>/<incarnation>/lock`, held while the process lives.
/// - Units: bytes are those taken on the disk, whether filled or not.
///
/// Concurrency: `maintain` runs on the journal's own thread; the rest is for any thread.
final class Journal: Sendable {
    let directory: String
    let nodeID: ObjectID
    let incarnation: ObjectID
    private let configuration: JournalConfiguration
    private let segmentBytes: Int
    private let lock: FileLock
    private let logger: Logger
    private let state = Mutex(State())
    private let thread = Mutex<EventLoop?>(nil)
    private let isStopping = Atomic<Bool>(false)

    private struct State {
        var logs: [JournalLog] = []
        /// Streams of earlier incarnations, until they are acknowledged to their end.
        var recovered: [JournalLog] = []
        var isShort = false
    }

    /// Takes the directory of a new incarnation.
    init(
        directory: String, nodeID: ObjectID, incarnation: ObjectID, configuration: JournalConfiguration,
        segmentBytes: Int = JournalSegment.defaultByteCount, logger: Logger = Logger("journal")
    ) throws(JournalError) {
        self.directory = directory
        self.nodeID = nodeID
        self.incarnation = incarnation
        self.configuration = configuration
        self.segmentBytes = segmentBytes
        self.logger = logger
        do throws(FileError) {
            let own = "\(directory)/\(incarnation)"
            try DurableFile.createDirectory(own)
            guard let lock = try FileLock.acquire(own + "/lock") else {
                throw FileError(call: "flock", path: own + "/lock", code: 11)
            }
            self.lock = lock
            try DurableFile.synchronizeDirectory(directory)
        } catch {
            throw .file(error)
        }
    }

    // MARK: Streams

    /// The stream of a thread. Does I/O: called while the process starts.
    ///
    /// The first segment is made whatever the limits say: a process that could not start because its predecessor left a full
    /// journal could not ship it either. Without even the room for that, the stream takes intents when there is room again.
    func openStream(thread: UInt32) throws(JournalError) -> JournalStream {
        let path = "\(directory)/\(incarnation)/\(thread)"
        let log = JournalLog(
            stream: StreamID(nodeID: nodeID, incarnation: incarnation, thread: thread), directory: path,
            shipsUnsynchronized: configuration.synchronization == .never)
        do { try DurableFile.createDirectory(path) } catch { throw .file(error) }
        state.withLock { $0.logs.append(log) }
        try prepare(log, withinLimits: false)
        let stream = JournalStream(log: log, synchronizesAlways: configuration.synchronization == .always)
        try prepare(log)
        return stream
    }

    /// The streams to ship: those of earlier incarnations first.
    var logs: [JournalLog] { state.withLock { $0.recovered + $0.logs } }

    func adopt(_ recovered: [JournalLog]) { state.withLock { $0.recovered += recovered } }

    // MARK: Numbers

    /// Bytes that all streams take on the disk, those of earlier incarnations among them.
    var allocatedBytes: Int64 { Int64(logs.reduce(0) { $0 + $1.allocatedBytes }) }

    var unacknowledgedRecords: Int64 { Int64(logs.reduce(0) { $0 + $1.unacknowledgedRecords }) }

    /// The limit or the disk lets no further segment be made: new requests are refused soon, or already.
    var isShort: Bool { state.withLock { $0.isShort } }

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
            "weir_journal_disk_free_bytes", help: "Bytes free on the journal's disk."
        ) { [self] in Double((try? DurableFile.freeBytes(at: directory)) ?? 0) }
    }

    // MARK: The journal's thread

    /// Starts the thread that prepares, synchronizes and removes segments.
    func start() throws(SystemError) {
        let loop = try EventLoop(name: "weir-journal")
        thread.withLock { $0 = loop }
        loop.start()
        let interval = Duration.milliseconds(configuration.synchronizationIntervalMilliseconds)
        loop.spawn { [self] actor in
            while !isStopping.load(ordering: .relaxed) {
                maintain()
                await actor.loop.sleep(for: interval)
            }
            maintain()
            actor.loop.stop()
        }
    }

    /// Ends the thread after a last pass. What was written is on the disk then, unless `never`.
    func shutdown() {
        isStopping.store(true, ordering: .relaxed)
        guard
            let loop = thread.withLock({ loop in
                defer { loop = nil }
                return loop
            })
        else { return }
        loop.join()
    }

    /// One pass over all streams.
    func maintain() {
        for log in state.withLock({ $0.logs }) {
            if configuration.synchronization != .never { synchronize(log) }
            do throws(JournalError) { try prepare(log) } catch {
                logger.error(
                    "journal cannot prepare a segment", ["error": .text(error), "stream": .integer(log.stream.thread)])
            }
            remove(log.takeRemovable())
        }
        removeRecovered()
    }

    /// Makes the next segment of a stream, if one is missing and there is room for it.
    private func prepare(_ log: JournalLog, withinLimits: Bool = true) throws(JournalError) {
        guard log.preparedBytes.load(ordering: .acquiring) == 0 else { return }
        guard !withinLimits || hasRoomForAnother else {
            noteShort(true)
            return
        }
        guard let index = log.indexToPrepare() else { return }
        let path = "\(log.directory)/\(JournalSegment.fileName(index))"
        do {
            let file = try MappedFile.create(path, count: segmentBytes)
            try DurableFile.synchronizeDirectory(log.directory)
            log.offer(JournalSegment(file: file, index: index))
            noteShort(false)
        } catch {
            noteShort(true)
            if !error.isDiskFull { throw .file(error) }
        }
    }

    private var hasRoomForAnother: Bool {
        guard allocatedBytes + Int64(segmentBytes) <= configuration.bytesMax else { return false }
        guard let free = try? DurableFile.freeBytes(at: directory) else { return false }
        return free - Int64(segmentBytes) >= configuration.freeBytesMin
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

    private func remove(_ segments: [JournalSegment]) {
        for segment in segments {
            do { try DurableFile.remove(segment.file.path) } catch {
                logger.error("journal segment cannot be removed", ["error": .text(error)])
            }
        }
    }

    private func removeRecovered() {
        for log in state.withLock({ $0.recovered }) {
            remove(log.takeRemovable())
            guard log.segments.isEmpty else { continue }
            state.withLock { $0.recovered.removeAll { $0 === log } }
            JournalRecovery.removeStream(log.directory, logger: logger)
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
            JournalRecovery.removeStream(log.directory, logger: logger)
        }
    }
}
