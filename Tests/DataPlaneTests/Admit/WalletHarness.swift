import Shared
import XCTest

@testable import DataPlane

/// A wallet with a manual clock, and a ledger that says what the test wants.
struct WalletHarness {
    var core: WalletCore
    var now = MonotonicTime(nanoseconds: 1_000_000_000_000)
    let key = AccountKey(allowanceID: ObjectID(high: 1, low: 1))
    let other = AccountKey(allowanceID: ObjectID(high: 1, low: 2))
    var lines: [ReservationLine] = []
    var charges: [ChargeLine] = []

    init(settings: WalletSettings = WalletSettings()) { core = WalletCore(settings: settings, seed: 7) }

    mutating func wait(_ milliseconds: Int64) {
        now = now.advanced(by: .milliseconds(milliseconds))
        core.tick(now: now)
    }

    func line(
        _ amount: Int64, of key: AccountKey? = nil, kind: AllowanceKind = .money, soft: Bool = false,
        sliding: Int64 = 0, limit: Int64 = 100
    ) -> WalletLine {
        WalletLine(
            kind: kind, account: key ?? self.key, isSoft: soft, slidingMilliseconds: sliding, limit: limit,
            amount: amount)
    }

    mutating func reserve(_ lines: WalletLine...) -> WalletOutcome { core.reserve(lines, into: &self.lines, now: now) }

    /// Of a request that lets all others pass.
    mutating func reserveLast(_ lines: WalletLine...) -> WalletOutcome {
        core.reserve(lines, yields: true, into: &self.lines, now: now)
    }

    mutating func claim(_ id: HoldID) -> WalletOutcome { core.claim(id, into: &lines, now: now) }

    mutating func settle(_ id: HoldID, _ actual: Int64) {
        core.charge(id, now: now, charges: &charges) { _, _ in actual }
        core.freeRest(id, now: now)
    }

    /// The only batch there is to send now.
    mutating func batch(file: StaticString = #filePath, line: UInt = #line) -> LeaseBatch {
        guard let batch = core.nextBatch(now: now) else {
            XCTFail("nothing is asked", file: file, line: line)
            return LeaseBatch(waitMilliseconds: 0, timeout: .zero, sentAt: now, asks: [], items: [])
        }
        return batch
    }

    mutating func answer(
        _ batch: LeaseBatch, _ verdict: LeaseAnswer.Verdict = .granted, granted: Int64, window: Int64 = 0,
        settled: Int64 = 0, limit: Int64 = 100, lease: Int64 = 120_000, retryAfter: Int64? = nil,
        applied: Int64 = 0
    ) {
        let grants = batch.asks.map { ask in
            LeaseAnswer.Grant(
                allowanceID: ask.allowanceID, endUser: nil, verdict: verdict, windowStartUnixSeconds: window,
                resetMilliseconds: nil, grantedTotal: granted, leaseMilliseconds: lease,
                retryAfterMilliseconds: retryAfter, limit: limit, settled: settled, lent: granted,
                holderLent: granted - applied)
        }
        core.receive(LeaseAnswer(grants: grants), to: batch, now: now)
    }

    /// Lends so much of an account, as the first thing.
    mutating func lend(_ amount: Int64, _ line: WalletLine) {
        var small = line
        small.amount = amount
        guard case .waits(let id) = reserve(small) else { return XCTFail("it has a lease already") }
        answer(
            batch(), granted: amount, limit: line.limit,
            lease: line.slidingMilliseconds > 0 ? line.slidingMilliseconds : 120_000)
        guard case .held = claim(id) else { return XCTFail("was not lent") }
        core.release(id, now: now)
        core.woken.removeAll()
    }

    mutating func returns() -> [ReturnRecord] {
        var records: [ReturnRecord] = []
        core.takeReturns { records.append($0) }
        return records
    }

    func free(_ key: AccountKey? = nil) -> Int64 { core.standing(of: key ?? self.key)?.free ?? -1 }
    func held(_ key: AccountKey? = nil) -> Int64 { core.standing(of: key ?? self.key)?.held ?? -1 }
}

extension WalletOutcome {
    var id: HoldID? {
        switch self {
        case .held(let id), .waits(let id): id
        case .refused: nil
        }
    }

    var isHeld: Bool { if case .held = self { true } else { false } }
    var isWaiting: Bool { if case .waits = self { true } else { false } }
    var refusal: WalletRefusal? { if case .refused(let refusal) = self { refusal } else { nil } }
}
