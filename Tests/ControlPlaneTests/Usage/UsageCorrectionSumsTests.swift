import Shared
import XCTest

@testable import ControlPlane

/// What a correction changes in the sums.
final class UsageCorrectionSumsTests: XCTestCase {
    private func entry(_ cost: Int64, endUser: String? = "ada") -> UsageEntry {
        let intent = IntentRecord(
            requestID: ObjectID(high: 1, low: 1), startedUnixMilliseconds: 1_790_000_000_000, organizationID: .zero,
            teamID: .zero, virtualKeyID: VirtualKeyID(high: 0, low: 0), routeID: .zero, providerID: .zero,
            modelID: .zero,
            priceID: .zero, reserved: Money(nanodollars: cost), endpoint: .batches, isStream: false,
            endUser: endUser ?? "")
        let settle = SettleRecord(
            intent: intent, outcome: .completed, status: 200, attempts: 1, usage: TokenUsage(input: 500, output: 4_000),
            usageReported: false, cost: Money(nanodollars: cost), durationMicroseconds: 1, firstTokenMicroseconds: 1,
            overheadMicroseconds: 1, relayedBytes: 1, charges: [charge(cost)])
        return UsageEntry(
            settle: settle, nodeID: .zero, startedUnixMilliseconds: intent.startedUnixMilliseconds, tagSet: 0,
            endUser: endUser, isKept: true)
    }

    private func charge(_ amount: Int64) -> ChargeLine {
        ChargeLine(account: AccountKey(allowanceID: ObjectID(high: 5, low: 5)), window: .whole, amount: amount)
    }

    private func correction(
        of entry: UsageEntry, _ cost: Int64, kind: AllowanceKind? = .money, isReported: Bool = false
    ) -> UsageCorrection {
        let rollup = UsageRollup([entry])
        let event = UsageCorrection.Event(
            requestID: entry.settle.intent.requestID, day: entry.day, key: rollup.narrow[0].key, endUser: entry.endUser,
            usage: entry.settle.usage, usageReported: isReported, cost: entry.cost,
            charges: [.init(line: charge(entry.cost), kind: kind)], bookedUnixMilliseconds: 7)
        return UsageCorrection(
            event,
            by: CorrectionRecord(
                requestID: event.requestID, usage: TokenUsage(input: 480, output: 70, reasoning: 9),
                cost: Money(nanodollars: cost)))
    }

    func testAnEventAndItsCorrectionAddUpToWhatItTook() {
        for endUser in ["ada", "", nil] {
            let entry = entry(1_000, endUser: endUser)
            let rollup = UsageRollup([entry], [correction(of: entry, 400)])
            XCTAssertEqual([rollup.narrow.count, rollup.wide.count, rollup.charges.count], [1, 1, 1])
            XCTAssertEqual(rollup.wide[0].isOther, endUser == nil)
            for sums in [rollup.narrow[0].sums, rollup.wide[0].sums] {
                for (counter, value) in [
                    (UsageCounter.requests, Int64(1)), (.estimatedRequests, 0), (.inputTokens, 480),
                    (.outputTokens, 70),
                    (.reasoningTokens, 9), (.cost, 400), (.reserved, 1_000),
                ] { XCTAssertEqual(sums[counter.rawValue], value, counter.column) }
            }
            XCTAssertEqual(
                [rollup.charges[0].count, rollup.charges[0].amount, rollup.charges[0].debt], [1, 400, 0])
        }
    }

    func testACorrectionAloneIsADifference() {
        let correction = correction(of: entry(1_000), 1_300, isReported: true)
        let rollup = UsageRollup([], [correction])
        let sums = rollup.narrow[0].sums
        XCTAssertEqual(sums[UsageCounter.requests.rawValue], 0)
        XCTAssertEqual(sums[UsageCounter.estimatedRequests.rawValue], 0)
        XCTAssertEqual(sums[UsageCounter.cost.rawValue], 300)
        XCTAssertEqual(sums[UsageCounter.outputTokens.rawValue], -3_930)
        XCTAssertEqual([rollup.charges[0].count, rollup.charges[0].amount, rollup.charges[0].debt], [0, 0, 300])
        XCTAssertEqual(correction.ledger.map(\.debt), [300])
        XCTAssertEqual(correction.ledger.map(\.bookedUnixMilliseconds), [7])
    }

    func testWhatIsChargedDependsOnWhatTheAllowanceCounts() {
        let entry = entry(1_000)
        for (kind, amount) in [
            (AllowanceKind.money, Int64(400)), (.tokens, 550), (.requests, 1_000), (.slots, 1_000), (nil, 1_000),
        ] {
            let correction = correction(of: entry, 400, kind: kind)
            XCTAssertEqual(correction.charges.map(\.amount), [amount])
            XCTAssertEqual(correction.ledger.isEmpty, amount == 1_000)
        }
    }

    func testACostBeyondAllReasonIsCut() {
        XCTAssertEqual(correction(of: entry(1_000), .max).cost, UsageEntry.amountMax)
    }
}
