import TestSupport

/// What the provider's ledger, the usage events and the allowance say about one race, held against each other.
struct RaceVerdict {
    var billed: Int64 = 0
    /// What the allowance was charged by the events.
    var charged: Int64 = 0
    var interrupted = 0
    var isOverspent = false
    var falseRefusals = 0
    var lost: [String] = []
    var doubled: [String] = []
    /// What is wrong besides.
    var problems: [String] = []

    init(
        limit: Int64, bills: [StubNode.Bill], rows: [UsageRow], tally: RaceCallers.Tally,
        figures: TestFleet.AccountFigures
    ) {
        billed = bills.reduce(0) { $0 + TestFleet.cost($1) }
        charged = rows.reduce(0) { $0 + $1.costNanodollars }
        isOverspent = billed > limit || figures.settled > limit || charged > limit
        let billsByID = Dictionary(grouping: bills, by: \.requestID)
        let rowsByID = Dictionary(grouping: rows, by: \.requestID)
        lost = billsByID.keys.filter { rowsByID[$0] == nil }.sorted()
        doubled = Set(billsByID.filter { $0.value.count > 1 }.keys).union(rowsByID.filter { $0.value.count > 1 }.keys)
            .sorted()
        for row in rows { compare(row, billsByID[row.requestID]?.first) }
        for id in tally.completed where rowsByID[id]?.first?.outcome != "completed" {
            problems.append("the caller had the whole answer of \(id): \(rowsByID[id] ?? [])")
        }
        if figures.settled != charged || figures.lent != 0 || figures.debt != 0 {
            problems.append("the events sum up to \(charged), the allowance has \(figures)")
        }
        for refusal in tally.refusals {
            if let problem = refusal.problem { problems.append("402: \(problem)") }
        }
        problems += tally.surprises
        judge(tally.refusals, limit: limit, rows: rowsByID, bills: billsByID)
    }

    private mutating func compare(_ row: UsageRow, _ bill: StubNode.Bill?) {
        guard let bill else {
            // Between its intent and the provider.
            if row.outcome != "interrupted" { problems.append("an event without a bill: \(row)") }
            return
        }
        let cost = TestFleet.cost(bill)
        switch row.outcome {
        case "completed":
            if row.inputTokens != bill.promptTokens || row.outputTokens != bill.completionTokens
                || row.costNanodollars != cost
            {
                problems.append("\(row) against \(bill)")
            }
        case "interrupted":
            interrupted += 1
            if row.costNanodollars < cost || row.costNanodollars > row.reservedNanodollars {
                problems.append("\(row), reserved \(row.reservedNanodollars), against \(bill)")
            }
        default: problems.append("unexpected outcome: \(row)")
        }
    }

    /// A refusal is false when what was spent until then left room for the request's worst case.
    ///
    /// Spent until then: what the requests cost that the provider had finished, and those that a crash interrupted, which count from
    /// when they began. The ledger can only have known of these. The figures in the answer must say so too.
    private mutating func judge(
        _ refusals: [RaceCallers.Refusal], limit: Int64, rows: [String: [UsageRow]], bills: [String: [StubNode.Bill]]
    ) {
        var spending: [(microseconds: Int, nanodollars: Int64)] = []
        var worst: [Bool: Int64] = [:]
        for (id, rows) in rows {
            let row = rows[0]
            worst[row.isStream] = max(worst[row.isStream] ?? 0, row.reservedNanodollars)
            guard let bill = bills[id]?.first else {
                spending.append((0, row.costNanodollars))
                continue
            }
            let time = row.outcome == "interrupted" ? bill.begunMicroseconds : bill.finishedMicroseconds
            spending.append((time, row.costNanodollars))
        }
        spending.sort { $0.microseconds < $1.microseconds }
        var spent: Int64 = 0
        var next = 0
        for refusal in refusals.sorted(by: { $0.microseconds < $1.microseconds }) {
            while next < spending.count, spending[next].microseconds <= refusal.microseconds {
                spent += spending[next].nanodollars
                next += 1
            }
            let needed = worst[refusal.isStream] ?? 0
            if limit - spent >= needed {
                falseRefusals += 1
                problems.append("refused at \(spent) spent although \(needed) fitted")
            } else if refusal.spentNanodollars > spent || limit - refusal.spentNanodollars >= needed {
                problems.append("a refusal says \(refusal.spentNanodollars) at \(spent) spent; \(needed) needed")
            }
        }
    }
}
