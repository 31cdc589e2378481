import Shared

/// Ships the journal: every stream on its own, those of earlier processes too.
///
/// Concurrency: belongs to the control loop; one task for each stream.
final class UsageShipper {
    /// How long a record may wait for company. With the journal's own interval it is on its way within 100 ms.
    private static let pause = Duration.milliseconds(40)

    private let journal: Journal
    private let loop: EventLoop
    private let send: (_ batch: [UInt8]) async -> ShipAnswer
    private let logger = Logger("usage")
    private let random = SecureRandom()
    private var isStopped = false

    init(journal: Journal, on loop: EventLoop, send: @escaping (_ batch: [UInt8]) async -> ShipAnswer) {
        self.journal = journal
        self.loop = loop
        self.send = send
    }

    /// Begins with the streams that the journal has now.
    func start() {
        let shipper = ShipperReference(self)
        for log in journal.logs { loop.spawn { _ in await shipper.value.ship(log) } }
    }

    /// Waits until everything is acknowledged, for at most `deadline`, then stops. Says whether everything was.
    func drain(deadline: Duration) async -> Bool {
        let end = loop.refreshedNow().advanced(by: deadline)
        while !journal.isShipped, loop.refreshedNow() < end { await loop.sleep(for: Self.pause) }
        isStopped = true
        return journal.isShipped
    }

    private func ship(_ log: JournalLog) async {
        var shipment = Shipment(log)
        var trouble: String?
        let logger = logger.with(["incarnation": .text(log.stream.incarnation), "thread": .integer(log.stream.thread)])
        while !isStopped {
            guard let batch = shipment.next() else {
                // A stream of an earlier process has an end, and this is it.
                if log.isComplete, log.unacknowledgedRecords == 0 { return }
                await loop.sleep(for: Self.pause)
                continue
            }
            let answer = await send(
                UsageBatch.encode(
                    stream: log.stream, firstSequence: batch.firstSequence, recordCount: batch.recordCount,
                    frames: batch.frames))
            var random = random
            switch shipment.answered(answer, random: &random) {
            case .goOn:
                if trouble != nil { logger.info("usage is shipped again") }
                trouble = nil
            case .tryLater(let duration, let why):
                if trouble != why { logger.warning("usage cannot be shipped", ["error": .string(why)]) }
                trouble = why
                await loop.sleep(for: duration)
            case .missing(let expected, let duration):
                logger.error(
                    "the control plane lacks records that are not here any more",
                    ["expected": .integer(expected), "next": .integer(batch.firstSequence)])
                trouble = "missing"
                await loop.sleep(for: duration)
            case .ahead(let acknowledged):
                logger.error(
                    "the control plane has more of this stream than the disk",
                    ["acknowledged": .integer(acknowledged)])
            }
        }
    }
}

/// Lets the tasks of the loop name the shipper, which lives on that loop.
///
/// Concurrency: used by tasks of the shipper's loop only.
private final class ShipperReference: @unchecked Sendable {
    let value: UsageShipper
    init(_ value: UsageShipper) { self.value = value }
}
