import Shared

/// Answers `GET /fleet/v1/recalls`: what the ledger wants back, for whoever polls here.
///
/// - Shape: every control plane hears every recall from the database and keeps those of the holders that poll it. What is missed while a holder
///   is between two control planes is said again: whoever waits for the money has its ask tried again, and each try calls.
/// - Concurrency: lives on one loop.
final class RecallBoard {
    private final class Box {
        let arrived: LevelSignal
        var recalls: [Account: RecallAnswer.Recall] = [:]
        var polledAt: MonotonicTime
        var polls = 0

        init(on loop: EventLoop) {
            arrived = LevelSignal(on: loop)
            polledAt = loop.now
        }
    }

    private struct Account: Hashable {
        var allowanceID: ObjectID
        var endUser: String?
    }

    /// A holder that has not polled for this long has gone, or polls elsewhere.
    private static let boxLifetime = Duration.seconds(60)
    private static let boxesMax = 10_000
    /// More accounts than this a holder learns of by the next recall, which comes at most 50 ms after it is wanted.
    private static let recallsMax = 1_000

    private let loop: EventLoop
    private var boxes: [ObjectID: Box] = [:]
    private var isDraining = false

    init(on loop: EventLoop) { self.loop = loop }

    func drain() {
        isDraining = true
        for box in boxes.values { box.arrived.raise(to: box.arrived.level + 1) }
    }

    /// Waits until something is to be given back or the time is over.
    func recalls(
        of incarnation: ObjectID, wait: Duration, while isWanted: () -> Bool
    ) async throws(FleetProblem) -> RecallAnswer {
        guard let box = open(incarnation) else {
            throw FleetProblem(
                status: 503, title: "Unavailable", detail: "Too many holders poll here.", retryAfterSeconds: 1)
        }
        let end = loop.refreshedNow().advanced(by: wait)
        box.polls += 1
        defer {
            box.polls -= 1
            box.polledAt = loop.now
        }
        while box.recalls.isEmpty, !isDraining, isWanted() {
            let remaining = loop.refreshedNow().duration(to: end)
            if remaining <= .zero { break }
            _ = await box.arrived.wait(beyond: box.arrived.level, timeout: min(remaining, .seconds(1)))
        }
        let recalls = Array(box.recalls.values)
        box.recalls.removeAll()
        return RecallAnswer(recalls: recalls)
    }

    private func open(_ incarnation: ObjectID) -> Box? {
        if let box = boxes[incarnation] { return box }
        if boxes.count >= Self.boxesMax {
            let now = loop.now
            boxes = boxes.filter { $0.value.polls > 0 || $0.value.polledAt.duration(to: now) < Self.boxLifetime }
            if boxes.count >= Self.boxesMax { return nil }
        }
        let box = Box(on: loop)
        boxes[incarnation] = box
        return box
    }

    /// Takes what the database said: `incarnation allowance window`, and the end user's label if there is one.
    func heard(_ payload: String) {
        let parts = payload.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 3, let incarnation = ObjectID(parts[0]), let allowance = ObjectID(parts[1]),
            let window = Int64(parts[2]), let box = boxes[incarnation]
        else { return }
        if box.polls == 0, box.polledAt.duration(to: loop.now) >= Self.boxLifetime {
            boxes[incarnation] = nil
            return
        }
        let endUser = parts.count == 4 ? String(parts[3]) : nil
        let account = Account(allowanceID: allowance, endUser: endUser)
        if box.recalls[account] == nil, box.recalls.count >= Self.recallsMax { return }
        box.recalls[account] = RecallAnswer.Recall(
            allowanceID: allowance, endUser: endUser, windowStartUnixSeconds: window)
        box.arrived.raise(to: box.arrived.level + 1)
    }
}
