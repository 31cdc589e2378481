import Shared
import XCTest

@testable import ControlPlane

/// A ledger with one allowance, and asks with the arguments that a test is about.
struct LedgerHarness {
    let allowance = ObjectID(high: 1, low: 1)
    let a = LeaseHolder(nodeID: ObjectID(high: 2, low: 1), incarnation: ObjectID(high: 3, low: 1))
    let b = LeaseHolder(nodeID: ObjectID(high: 2, low: 2), incarnation: ObjectID(high: 3, low: 2))
    let c = LeaseHolder(nodeID: ObjectID(high: 2, low: 3), incarnation: ObjectID(high: 3, low: 3))
    var ledger: LeaseLedger
    var now: Int64 = 1_700_000_000_000
    private var sequence: Int64 = 0

    var key: AccountKey { AccountKey(allowanceID: allowance) }

    init(kind: AllowanceKind = .money, period: LedgerPeriod = .total, limit: Int64 = 100) {
        ledger = LeaseLedger(
            schedule: WindowSchedule { _, _, milliseconds in
                let start = milliseconds / 60_000 * 60
                return .init(window: AccountWindow(startUnixSeconds: start), endUnixMilliseconds: (start + 60) * 1_000)
            })
        ledger.setAllowance(allowance, LedgerTerms(kind: kind, period: period, limit: limit), now: now)
    }

    mutating func makeAsk(
        need: Int64, want: Int64? = nil, granted: Int64 = 0, window: Int64? = 0
    ) -> LeaseRequest.Ask {
        sequence += 1
        return LeaseRequest.Ask(
            allowanceID: allowance, endUser: nil, sequence: sequence, windowStartUnixSeconds: window,
            grantedTotal: granted, need: need, want: want ?? need)
    }

    @discardableResult
    mutating func ask(
        _ holder: LeaseHolder, need: Int64, want: Int64? = nil, granted: Int64 = 0, window: Int64? = 0
    ) -> LedgerAnswer {
        let ask = makeAsk(need: need, want: want, granted: granted, window: window)
        return ledger.ask(ask, from: holder, now: now)
    }

    @discardableResult
    mutating func giveBack(_ holder: LeaseHolder, _ amount: Int64, window: AccountWindow = .whole) -> [AccountKey] {
        ledger.apply(
            .returned(ReturnRecord(account: key, window: window, amount: amount)), from: holder, now: now)
    }

    mutating func settle(_ holder: LeaseHolder, _ amount: Int64, debt: Int64 = 0, window: AccountWindow = .whole) {
        let intent = IntentRecord(
            requestID: .zero, startedUnixMilliseconds: 0, organizationID: .zero, teamID: .zero,
            virtualKeyID: VirtualKeyID(high: 0, low: 0), routeID: .zero, providerID: .zero, modelID: .zero,
            priceID: .zero, reserved: .zero, endpoint: .chatCompletions, isStream: false, endUser: "")
        let record = SettleRecord(
            intent: intent, outcome: .completed, status: 200, attempts: 1, usage: TokenUsage(), usageReported: true,
            cost: .zero, durationMicroseconds: 0, firstTokenMicroseconds: 0, overheadMicroseconds: 0, relayedBytes: 0,
            charges: [ChargeLine(account: key, window: window, amount: amount, debt: debt)])
        _ = ledger.apply(.settle(record), from: holder, now: now)
    }

    mutating func admit(_ holder: LeaseHolder, requests: Int64, window: AccountWindow = .whole) {
        var intent = IntentRecord(
            requestID: .zero, startedUnixMilliseconds: 0, organizationID: .zero, teamID: .zero,
            virtualKeyID: VirtualKeyID(high: 0, low: 0), routeID: .zero, providerID: .zero, modelID: .zero,
            priceID: .zero, reserved: .zero, endpoint: .chatCompletions, isStream: false, endUser: "")
        intent.lines = [ReservationLine(kind: .requests, account: key, window: window, amount: requests)]
        _ = ledger.apply(.intent(intent), from: holder, now: now)
    }

    /// (settled, lent, debt) of the current window.
    mutating func books() -> [Int64] {
        let figures = ledger.figures(key, now: now)
        XCTAssertEqual(ledger.contradictions(in: key), [])
        return [figures?.settled ?? -1, figures?.lent ?? -1, figures?.debt ?? -1]
    }
}
