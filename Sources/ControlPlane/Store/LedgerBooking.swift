import Shared

/// What a batch of one holder's records does to the ledger, summed up by account and window, so that a batch of a thousand requests
/// costs as many rows as it has accounts.
///
/// - Shape: the order of a holder's records does not matter, since it never spends or returns more than it was granted.
/// - Units: what each allowance counts; sums stop at the largest value.
struct LedgerBooking: Sendable {
    struct Line: Sendable, Hashable {
        var account: AccountKey
        var window: AccountWindow
        /// Spent from the lease; for the window `.unleased` without one.
        var charged: Int64 = 0
        /// Spent beyond the lease.
        var debt: Int64 = 0
        var returned: Int64 = 0
    }

    private struct Place: Hashable {
        var account: AccountKey
        var window: AccountWindow
    }

    private(set) var lines: [Line] = []
    private var places: [Place: Int] = [:]
    let holder: LeaseHolder
    /// Incarnations of the same node that are over; closed after the lines are booked.
    private(set) var closed: [LeaseHolder] = []

    init(_ records: some Sequence<JournalRecord>, from holder: LeaseHolder) {
        self.holder = holder
        for record in records { add(record) }
    }

    private mutating func add(_ record: JournalRecord) {
        switch record {
        case .intent(let intent):
            // A request counts when it is admitted, whatever becomes of it.
            for line in intent.lines where line.kind == .requests && line.amount > 0 {
                update(line.account, line.window) { $0.charged = $0.charged.addingSaturating(line.amount) }
            }
        case .settle(let settle):
            for line in settle.charges where line.amount > 0 || line.debt > 0 {
                update(line.account, line.window) {
                    $0.charged = $0.charged.addingSaturating(max(0, line.amount))
                    $0.debt = $0.debt.addingSaturating(max(0, line.debt))
                }
            }
        case .returned(let returned):
            if returned.amount <= 0 { return }
            update(returned.account, returned.window) { $0.returned = $0.returned.addingSaturating(returned.amount) }
        case .incarnationClosed(let incarnation):
            closed.append(LeaseHolder(nodeID: holder.nodeID, incarnation: incarnation))
        // A repeated intent was spent by its first copy. What a correction changes stands in the event that it corrects.
        case .streamEnd, .repeated, .lost, .correction: break
        }
    }

    private mutating func update(_ account: AccountKey, _ window: AccountWindow, _ change: (inout Line) -> Void) {
        let place = Place(account: account, window: window)
        if let index = places[place] {
            change(&lines[index])
        } else {
            places[place] = lines.count
            var line = Line(account: account, window: window)
            change(&line)
            lines.append(line)
        }
    }
}
