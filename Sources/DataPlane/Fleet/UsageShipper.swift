import Shared
import Synchronization

/// Ships the journal: every stream on its own, those of earlier processes too.
///
/// Concurrency: belongs to the control loop; one task for each stream.
final class UsageShipper {
    /// Nothing waits so long as long as the journal's thread runs, which says when there is something.
    private static let patience = Duration.seconds(1)

    private let journal: Journal
    private let control: ControlStream
    /// Raised by the journal's thread, after each pass that found new records.
    private let ready: LevelSignal
    /// Raised with each record of the control stream: others wait for those.
    private let controlReady: LevelSignal
    /// Raised with each acknowledgement.
    private let acknowledged: LevelSignal
    /// Raised when waiting on after a failure makes no sense any more.
    private let again: LevelSignal
    /// Raised when somebody waits for what is written.
    private let hurry: LevelSignal
    private let audience = Audience()
    private let loop: EventLoop
    private let send: (_ batch: ByteBuffer) async -> ShipAnswer
    private let logger = Logger("usage")
    private let random = SecureRandom()
    private var isEnding = false
    private var isStopped = false

    init(
        journal: Journal, control: ControlStream, on loop: EventLoop,
        send: @escaping (_ batch: ByteBuffer) async -> ShipAnswer
    ) {
        self.journal = journal
        self.control = control
        self.loop = loop
        ready = LevelSignal(on: loop)
        controlReady = LevelSignal(on: loop)
        acknowledged = LevelSignal(on: loop)
        again = LevelSignal(on: loop)
        hurry = LevelSignal(on: loop)
        self.send = send
    }

    /// Begins with the streams that the journal has now.
    func start() {
        let shipper = ShipperReference(self)
        control.appended = { shipper.value.controlReady.raise() }
        journal.whenReadyToShip { [loop, audience] in
            if audience.isThere { loop.post { shipper.value.ready.raise() } }
        }
        journal.closeEarlier(in: control)
        for log in journal.logs { loop.spawn { _ in await shipper.value.ship(log) } }
    }

    /// Ships what other processes of this node have left, besides the rest.
    func ship(_ adopted: [EarlierIncarnation]) {
        let shipper = ShipperReference(self)
        journal.closeEarlier(in: control)
        for log in adopted.flatMap(\.logs) { loop.spawn { _ in await shipper.value.ship(log) } }
    }

    /// Ships now what is written, without waiting for the journal's next pass.
    func shipNow() {
        controlReady.raise()
        hurry.raise()
        journal.passNow()
    }

    /// The control plane was away and is back: what waits for its next try is sent now, since a journal that is full takes no request
    /// before.
    func tryAgain() { again.raise() }

    /// Waits until everything is acknowledged, for at most `deadline`, then stops. Says whether everything was.
    ///
    /// - Parameter closingOwn: every other stream of this process has ended. Its incarnation is then closed by the last record
    ///   of the control stream.
    func drain(deadline: Duration, closingOwn: Bool) async -> Bool {
        let end = loop.refreshedNow().advanced(by: deadline)
        isEnding = true
        shipNow()
        tryAgain()
        if await isShipped(by: end), closingOwn {
            do throws(JournalError) {
                try control.append(closed: journal.incarnation)
                control.end()
                _ = await isShipped(by: end)
            } catch { logger.error("the incarnation cannot be closed", ["error": .text(error)]) }
        }
        isStopped = true
        ready.raise()
        controlReady.raise()
        again.raise()
        return journal.isShipped
    }

    private func isShipped(by end: MonotonicTime) async -> Bool {
        while true {
            let level = acknowledged.level
            let now = loop.refreshedNow()
            if journal.isShipped { return true }
            if now >= end { return false }
            _ = await acknowledged.wait(beyond: level, timeout: min(now.duration(to: end), Self.patience))
        }
    }

    private func ship(_ log: JournalLog) async {
        var shipment = Shipment(log)
        var pace = ShippingPace()
        var trouble: String?
        let logger = logger.with(["incarnation": .text(log.stream.incarnation), "thread": .integer(log.stream.thread)])
        while !isStopped {
            guard let batch = await next(of: &shipment, from: log) else {
                if log.isShippedToEnd { return finished() }
                continue
            }
            let attempt = again.level
            let urgency = hurry.level
            let answer = await send(shipment.body)
            var random = random
            switch shipment.answered(answer, random: &random) {
            case .goOn:
                if trouble != nil { logger.info("usage is shipped again") }
                trouble = nil
                acknowledged.raise()
                // Of a process that ends, and of one that has ended, nothing more is to come. For the control stream's records others wait.
                if !isControl(log), !isEnding, !log.isShippedToEnd, let pause = pace.pause(after: batch, at: loop.now) {
                    _ = await hurry.wait(beyond: urgency, timeout: pause)
                }
            case .tryLater(let duration, let why):
                if trouble != why { logger.warning("usage cannot be shipped", ["error": .string(why)]) }
                trouble = why
                _ = await again.wait(beyond: attempt, timeout: duration)
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
                self.acknowledged.raise()
            }
        }
    }

    private func isControl(_ log: JournalLog) -> Bool { log === control.log }

    /// The next batch; nil: there was none, and there may be one now.
    private func next(of shipment: inout Shipment, from log: JournalLog) async -> JournalBatch? {
        let isControl = isControl(log)
        let ready = isControl ? controlReady : ready
        // Before the look: what a pass finds after it is told.
        if !isControl { audience.enter() }
        defer { if !isControl { audience.leave() } }
        let level = ready.level
        if let batch = shipment.next() { return batch }
        if log.isShippedToEnd { return nil }
        if await ready.wait(beyond: level, timeout: Self.patience) <= level { shipment.trim() }
        return nil
    }

    /// A stream of an earlier process has an end, and it was reached. Its incarnation is over when all of them were.
    private func finished() {
        journal.closeEarlier(in: control)
        acknowledged.raise()
    }
}

/// How many streams look for records or wait for them: while all of them pause or have their batches under way, nobody has to be woken.
///
/// Concurrency: each side changes the same number, so the later one sees what the earlier one wrote before.
private final class Audience: Sendable {
    private let count = Atomic<Int>(0)

    func enter() { count.add(1, ordering: .acquiringAndReleasing) }
    func leave() { count.subtract(1, ordering: .acquiringAndReleasing) }
    var isThere: Bool { count.add(0, ordering: .acquiringAndReleasing).oldValue > 0 }
}

/// Lets the tasks of the loop name the shipper, which lives on that loop.
///
/// Concurrency: used by tasks of the shipper's loop only.
private final class ShipperReference: @unchecked Sendable {
    let value: UsageShipper
    init(_ value: UsageShipper) { self.value = value }
}
