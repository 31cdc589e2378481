import Shared

/// Carries what the wallet wants to the ledger and back: asks, answers, recalls, and what is given back.
///
/// - Shape: asks go out as soon as the wallet has them, in batches; while one is on its way others may follow, because a blocked ask is
///   answered late. A recall arrives by a long poll of its own. What goes back is journalled first and shipped at once.
///
/// Concurrency: belongs to the control loop; `wake` is for any thread.
final class LeaseKeeper {
    private let wallet: Wallet
    private let client: FleetClient
    private let control: ControlStream
    private let nodeID: ObjectID
    private let incarnation: ObjectID
    private let loop: EventLoop
    private let work: LevelSignal
    private let stopping: LevelSignal
    private let shipNow: () -> Void
    private var batchesUnderWay = 0
    /// Given back by the wallet, and not in the journal yet: it was full. They stay lent, which is safe.
    private var unwritten: [ReturnRecord] = []
    private let log = Logger("leases")
    private var isTroubled = false

    /// A control plane that hangs must not take all the asks with it.
    private static let batchesMax = 64
    private static let answerBytesMax = 4 << 20
    private static let recallWaitSeconds = 20

    init(
        _ wallet: Wallet, client: FleetClient, control: ControlStream, nodeID: ObjectID, incarnation: ObjectID,
        on loop: EventLoop, stopping: LevelSignal, shipNow: @escaping () -> Void
    ) {
        self.wallet = wallet
        self.client = client
        self.control = control
        self.nodeID = nodeID
        self.incarnation = incarnation
        self.loop = loop
        self.stopping = stopping
        self.shipNow = shipNow
        work = LevelSignal(on: loop)
    }

    /// There may be something to do now.
    func wake() { work.raise() }

    // MARK: Asking

    /// Runs until everything stops.
    func run(spawn: @escaping (@escaping @Sendable (LeaseKeeper) async -> Void) -> Void) async {
        while stopping.level == 0 {
            let level = work.level
            let next = turn(spawn: spawn)
            let now = loop.refreshedNow()
            guard next > now else { continue }
            _ = await work.wait(beyond: level, timeout: min(now.duration(to: next), Self.longestPause))
        }
    }

    private static let longestPause = Duration.seconds(1)

    /// One look at the wallet; returns when the next is due.
    private func turn(spawn: (@escaping @Sendable (LeaseKeeper) async -> Void) -> Void) -> MonotonicTime {
        let next = wallet.tick(now: loop.refreshedNow())
        giveBack()
        while batchesUnderWay < Self.batchesMax, let batch = wallet.nextBatch(now: loop.now) {
            batchesUnderWay += 1
            spawn { keeper in
                await keeper.ask(batch)
                keeper.batchesUnderWay -= 1
                keeper.wake()
            }
        }
        // A batch may have moved the time at which something is due.
        return min(next, loop.now.advanced(by: unwritten.isEmpty ? Self.longestPause : .milliseconds(50)))
    }

    private func ask(_ batch: LeaseBatch) async {
        let request = LeaseRequest(
            nodeID: nodeID, incarnation: incarnation, waitMilliseconds: batch.waitMilliseconds, asks: batch.asks)
        do {
            let response = try await client.send(
                "POST", "/fleet/v1/leases", contentType: "application/json",
                body: ByteBuffer(CanonicalJSON.encode(request)),
                timeout: batch.timeout, bodyBytesMax: Self.answerBytesMax)
            guard response.status == 200 else {
                throw FleetClient.Unavailable(
                    description: "the control plane answered with \(response.status)", status: response.status)
            }
            let answer: LeaseAnswer = try StrictJSONDecoder.decode(from: response.body)
            guard answer.grants.count == batch.asks.count else {
                throw FleetClient.Unavailable(description: "the answer has another number of grants than the asks")
            }
            wallet.receive(answer, to: batch, now: loop.refreshedNow())
            if isTroubled { log.info("leases are granted again") }
            isTroubled = false
        } catch {
            wallet.failed(batch, now: loop.refreshedNow())
            if !isTroubled, stopping.level == 0 {
                log.warning("leases cannot be had", ["error": .text("\(error)")])
            }
            isTroubled = true
        }
    }

    // MARK: Giving back

    /// Journals what the wallet gives back, and has it shipped.
    func giveBack() {
        let records = unwritten + wallet.takeReturns()
        guard !records.isEmpty else { return }
        unwritten = []
        for (index, record) in records.enumerated() {
            do throws(JournalError) { try control.append(record) } catch {
                unwritten = Array(records[index...])
                log.error("what leases give back cannot be journalled yet", ["error": .text(error)])
                break
            }
        }
        shipNow()
    }

    /// Follows the recalls until everything stops.
    func followRecalls() async {
        var backoff = Backoff()
        var random = SecureRandom()
        let path = "/fleet/v1/recalls?node=\(nodeID)&incarnation=\(incarnation)&wait=\(Self.recallWaitSeconds)"
        while stopping.level == 0 {
            do {
                let response = try await client.send(
                    "GET", path, timeout: .seconds(Int64(Self.recallWaitSeconds) + 5), bodyBytesMax: Self.answerBytesMax
                )
                switch response.status {
                case 200:
                    let answer: RecallAnswer = try StrictJSONDecoder.decode(from: response.body)
                    for recall in answer.recalls { take(recall) }
                    giveBack()
                case 204: break
                default:
                    throw FleetClient.Unavailable(
                        description: "the control plane answered with \(response.status)", status: response.status)
                }
                backoff.reset()
            } catch {
                guard stopping.level == 0 else { return }
                log.debug("recalls cannot be followed", ["error": .text("\(error)")])
                wallet.unreachable(now: loop.refreshedNow())
                _ = await stopping.wait(beyond: 0, timeout: backoff.next(using: &random))
            }
        }
    }

    private func take(_ recall: RecallAnswer.Recall) {
        wallet.recall(
            AccountKey(allowanceID: recall.allowanceID, subject: recall.endUser.map(EndUserSubject.of) ?? 0),
            window: AccountWindow(startUnixSeconds: recall.windowStartUnixSeconds), now: loop.refreshedNow())
    }

    // MARK: Stop

    /// All that no request holds goes back, before the journal is shipped for the last time.
    func returnEverything() {
        wallet.returnEverything()
        giveBack()
    }
}
