import Shared
import Synchronization

/// What this process was lent, shared by all its threads.
///
/// Concurrency: `state` guards everything, for a few hundred nanoseconds a request; whoever is woken is called after it is unlocked.
final class Wallet: Sendable {
    private struct State {
        var core: WalletCore
        /// Who wants to be called when its request is decided.
        var parked: [HoldID: @Sendable () -> Void] = [:]

        /// Those to call once the lock is free.
        mutating func takeWoken() -> [@Sendable () -> Void] {
            guard !core.woken.isEmpty else { return [] }
            let calls = core.woken.compactMap { parked.removeValue(forKey: $0) }
            core.woken.removeAll(keepingCapacity: true)
            return calls
        }

        mutating func takeNeedsKeeper() -> Bool {
            defer { core.needsKeeper = false }
            return core.needsKeeper
        }
    }

    private let state: Mutex<State>
    private let wakeKeeper: @Sendable () -> Void

    /// - Parameters:
    ///   - seed: a secret of this process, for the table of accounts.
    ///   - wakeKeeper: called on any thread when there is something to ask or to give back. It must not block.
    init(settings: WalletSettings = WalletSettings(), seed: UInt64, wakeKeeper: @escaping @Sendable () -> Void) {
        state = Mutex(State(core: WalletCore(settings: settings, seed: seed)))
        self.wakeKeeper = wakeKeeper
    }

    // MARK: Requests

    /// Takes the worst case of a request from all its allowances, or from none.
    ///
    /// - Parameters:
    ///   - yields: where it has to wait, it waits behind all that do not.
    ///   - held: emptied; when it is reserved, the lines of the intent record.
    func reserve(
        _ lines: [WalletLine], yields: Bool = false, into held: inout [ReservationLine], now: MonotonicTime
    ) -> WalletAdmission {
        let (outcome, keeper) = state.withLock { state in
            (state.core.reserve(lines, yields: yields, into: &held, now: now), state.takeNeedsKeeper())
        }
        if keeper { wakeKeeper() }
        return Self.admission(outcome)
    }

    /// Calls `wake` once when a waiting request is decided, on any thread; at once if it is already.
    func park(_ id: HoldID, wake: @escaping @Sendable () -> Void) {
        let isDecided = state.withLock { state in
            guard state.core.isWaiting(id) else { return true }
            state.parked[id] = wake
            return false
        }
        if isDecided { wake() }
    }

    /// What a request that waited has become.
    func claim(_ id: HoldID, into held: inout [ReservationLine], now: MonotonicTime) -> WalletAdmission {
        Self.admission(state.withLock { $0.core.claim(id, into: &held, now: now) })
    }

    /// The caller of a waiting request left. Its `wake` is not called any more, unless it is being called already.
    func cancel(_ id: HoldID, now: MonotonicTime) {
        change { state in
            state.parked[id] = nil
            state.core.cancel(id, now: now)
        }
    }

    /// A request waited as long as it may. Its `wake` is not called any more, unless it is being called already; `claim` says what became of it.
    func expire(_ id: HoldID, now: MonotonicTime) {
        change { state in
            state.parked[id] = nil
            state.core.expire(id, now: now)
        }
    }

    /// Lowers what a line holds, once the request can be seen to need less.
    func tighten(_ id: HoldID, line: Int, to amount: Int64, now: MonotonicTime) {
        change { $0.core.tighten(id, line: line, to: amount, now: now) }
    }

    /// The first half of a request's end: what it took is spent. Write the charges down, then `free` the rest.
    ///
    /// - Parameters:
    ///   - charges: emptied; then the lines of the settle record.
    ///   - actual: what it took of a line of money or tokens, by the line's number.
    func charge(
        _ reservation: borrowing Reservation, now: MonotonicTime, charges: inout [ChargeLine],
        actual: (Int, AllowanceKind) -> Int64
    ) {
        let id = reservation.id
        change { $0.core.charge(id, now: now, charges: &charges, actual: actual) }
    }

    /// The second half: what it did not take is free again.
    func free(_ reservation: consuming Reservation, now: MonotonicTime) {
        let id = reservation.take()
        change { $0.core.freeRest(id, now: now) }
    }

    /// Takes back a reservation of which nothing was written down: its intent could not be journalled.
    func release(_ reservation: consuming Reservation, now: MonotonicTime) {
        let id = reservation.take()
        change { $0.core.release(id, now: now) }
    }

    /// The tightest limits on requests and tokens, for the headers of the answer.
    func rateFigures(_ reservation: borrowing Reservation, now: MonotonicTime) -> RateFigures {
        let id = reservation.id
        return state.withLock { $0.core.rateFigures(id, now: now) }
    }

    /// The same for a request that was not let in.
    func rateFigures(of lines: [WalletLine]) -> RateFigures { state.withLock { $0.core.rateFigures(of: lines) } }

    // MARK: Keeper

    /// See `WalletCore.nextBatch`.
    func nextBatch(now: MonotonicTime) -> LeaseBatch? { state.withLock { $0.core.nextBatch(now: now) } }

    func receive(_ answer: LeaseAnswer, to batch: LeaseBatch, now: MonotonicTime) {
        change { $0.core.receive(answer, to: batch, now: now) }
    }

    func failed(_ batch: LeaseBatch, now: MonotonicTime) { change { $0.core.failed(batch, now: now) } }

    func unreachable(now: MonotonicTime) { change { $0.core.unreachable(now: now) } }

    func recall(_ account: AccountKey, window: AccountWindow, now: MonotonicTime) {
        change { $0.core.recall(account, window: window, now: now) }
    }

    /// What goes back to the ledger: to be journalled, and shipped at once.
    func takeReturns() -> [ReturnRecord] {
        state.withLock { state in
            var records: [ReturnRecord] = []
            state.core.takeReturns { records.append($0) }
            return records
        }
    }

    /// The process stops: all that no request holds goes back, by `takeReturns`.
    func returnEverything() { change { $0.core.returnEverything() } }

    /// How many data planes are alive, this one included.
    func setLiveNodes(_ count: Int) { state.withLock { $0.core.liveNodes = Int64(max(1, count)) } }

    /// - Returns: when to call again at the latest.
    func tick(now: MonotonicTime) -> MonotonicTime {
        change { $0.core.tick(now: now) }
        return state.withLock { $0.core.nextWake(now: now) }
    }

    // MARK: Under the lock

    /// Decides under the lock, calls whoever that concerns after it.
    private func change(_ body: (inout sending State) -> Void) {
        let (calls, keeper) = state.withLock { state in
            body(&state)
            return (state.takeWoken(), state.takeNeedsKeeper())
        }
        if keeper { wakeKeeper() }
        for call in calls { call() }
    }

    private static func admission(_ outcome: WalletOutcome) -> WalletAdmission {
        switch outcome {
        case .held(let id): .reserved(Reservation(id))
        case .waits(let id): .waits(id)
        case .refused(let refusal): .refused(refusal)
        }
    }
}
