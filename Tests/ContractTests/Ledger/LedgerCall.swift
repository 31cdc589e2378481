@testable import ControlPlane
import Shared

/// One call of a control plane.
enum LedgerCall {
    case ask([LedgerStore.PendingAsk])
    case records([JournalRecord], LeaseHolder)
    case limit(ObjectID, LedgerTerms)
    case close(LeaseHolder)
    case writeOff(AccountKey)
    case correct([LedgerCorrection])
    /// Keeps everything that answers depend on.
    case sweep

    /// What a caller learns.
    struct Outcome: Equatable {
        var grants: [LeaseAnswer.Grant] = []
        var recalled: [[ObjectID]] = []
        var freesOthers: [Bool] = []
        var written: Int64 = 0
    }

    func run(now: Int64, in pool: PostgresPool) async throws -> Outcome {
        var outcome = Outcome()
        switch self {
        case .ask(let asks):
            for decision in try await LedgerStore.ask(asks, now: now, in: pool) {
                outcome.grants.append(decision.grant)
                outcome.recalled.append(decision.recalled)
                outcome.freesOthers.append(decision.freesOthers)
            }
        case .records(let records, let holder):
            try await LedgerStore.apply([LedgerBooking(records, from: holder)], now: now, in: pool)
        case .limit(let id, let terms):
            let row = try await pool.transaction { transaction in
                try await transaction.execute(
                    "UPDATE allowances SET limit_amount = $2 WHERE id = $1", [.uuid(id), .int64(terms.limit)])
                return try await transaction.first(
                    "SELECT ledger_limit_changed($1, $2) AS called", [.int64(now), .uuid(id)])
            }
            // Subjects have another order in the database, where they are signed.
            outcome.recalled = [try row?.uuids("called").sorted() ?? []]
        case .close(let holder):
            try await LedgerStore.apply(
                [LedgerBooking([.incarnationClosed(holder.incarnation)], from: holder)], now: now, in: pool)
        case .writeOff(let key):
            let row = try await pool.first(
                "SELECT ledger_write_off($1, $2, $3, 0) AS amount",
                [.int64(now), .uuid(key.allowanceID), .int64(Int64(bitPattern: key.subject))])
            outcome.written = try row?.int64("amount") ?? -1
        case .correct(let corrections):
            try await LedgerStore.apply([], corrections: corrections, now: now, in: pool)
        case .sweep:
            _ = try await pool.first(
                "SELECT * FROM ledger_sweep($1, 34560000000, NULL, NULL, 1000, 1000)", [.int64(now)])
        }
        return outcome
    }

    func run(now: Int64, on pure: inout LeaseLedger) -> Outcome {
        var outcome = Outcome()
        switch self {
        case .ask(let asks):
            // The order of the arrays is that of the pure ledger only within an account, which is all that counts.
            for pending in asks {
                let answer = pure.ask(
                    pending.ask, from: pending.holder, waitMilliseconds: pending.waitMilliseconds, now: now)
                outcome.grants.append(answer.grant)
                outcome.recalled.append(answer.recalls.map(\.holder.incarnation))
                outcome.freesOthers.append(answer.freesOthers)
            }
        case .records(let records, let holder):
            for record in records { _ = pure.apply(record, from: holder, now: now) }
        case .limit(let id, let terms):
            outcome.recalled = [pure.setAllowance(id, terms, now: now).recalls.map(\.holder.incarnation).sorted()]
        case .close(let holder): _ = pure.close(holder, now: now)
        case .writeOff(let key): outcome.written = pure.writeOff(key, now: now)
        case .correct(let corrections): for correction in corrections { _ = pure.correct(correction, now: now) }
        case .sweep: break
        }
        return outcome
    }

    func accounts(in pure: LeaseLedger) -> [AccountKey] {
        switch self {
        case .ask(let asks): asks.map(\.account)
        case .records(let records, let holder): LedgerBooking(records, from: holder).lines.map(\.account)
        case .limit(let id, _): pure.accounts.keys.filter { $0.allowanceID == id }
        case .close(let holder): pure.accounts.values.filter { $0.holders[holder] != nil }.map(\.key)
        case .writeOff(let key): [key]
        case .correct(let corrections): corrections.map(\.account)
        case .sweep: []
        }
    }

    var isBooking: Bool { if case .records = self { true } else { false } }
    /// What books by these depends on the order of the records of a batch, which the batch no longer has.
    var disturbsBooking: Bool {
        switch self {
        case .close, .writeOff, .records, .correct: true
        case .ask, .limit, .sweep: false
        }
    }
}

/// What a schedule was made of.
struct LedgerCounts: CustomStringConvertible {
    var calls: [String: Int] = [:]
    var atOnce = 0
    /// Calls at once whose answers were not those of the order they were made in.
    var overtaken = 0
    var windows = 0

    mutating func count(_ name: String) { calls[name, default: 0] += 1 }

    var description: String {
        (calls.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } + [
            "at_once=\(atOnce)", "overtaken=\(overtaken)", "windows=\(windows)",
        ]).joined(separator: " ")
    }
}
