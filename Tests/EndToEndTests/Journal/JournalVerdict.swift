import TestSupport
import XCTest

/// What the providers' ledgers and the usage events of one key say, held against each other: every bill is one event.
struct JournalVerdict {
    var bills = 0
    var completed = 0
    var interrupted = 0
    var lost: [String] = []
    var doubled: [String] = []
    /// What is wrong besides.
    var problems: [String] = []

    private let price: [String: Int]

    /// - Parameter whole: requests whose callers had the whole answer.
    init(bills: [StubNode.Bill], rows: [UsageRow], whole: [String], price: [String: Int] = TestFleet.chatPrice) {
        self.price = price
        self.bills = bills.count
        let billsByID = Dictionary(grouping: bills, by: \.requestID)
        let rowsByID = Dictionary(grouping: rows, by: \.requestID)
        lost = billsByID.keys.filter { rowsByID[$0] == nil }.sorted()
        doubled = Set(billsByID.filter { $0.value.count > 1 }.keys).union(rowsByID.filter { $0.value.count > 1 }.keys)
            .sorted()
        for row in rows { compare(row, billsByID[row.requestID]?.first) }
        for id in whole where rowsByID[id]?.first?.outcome != "completed" {
            problems.append("the caller had the whole answer of \(id): \(rowsByID[id] ?? [])")
        }
    }

    private mutating func compare(_ row: UsageRow, _ bill: StubNode.Bill?) {
        let cost = bill.map { TestFleet.cost(price, input: $0.promptTokens, output: $0.completionTokens) }
        switch row.outcome {
        case "completed":
            completed += 1
            if row.inputTokens != bill?.promptTokens || row.outputTokens != bill?.completionTokens
                || row.costNanodollars != cost
            {
                problems.append("\(row) against \(bill.map { "\($0)" } ?? "no bill")")
            }
        case "interrupted":
            interrupted += 1
            // Between its intent and the provider there is no bill.
            if row.costNanodollars < cost ?? 0 || row.costNanodollars > row.reservedNanodollars {
                problems.append(
                    "\(row), reserved \(row.reservedNanodollars), against \(bill.map { "\($0)" } ?? "no bill")")
            }
        default: problems.append("unexpected outcome: \(row)")
        }
    }

    func expectNothingLost(_ name: String, file: StaticString = #filePath, line: UInt = #line) {
        XCTAssertEqual(lost.prefix(5), [], "\(name): \(lost.count) lost", file: file, line: line)
        XCTAssertEqual(doubled.prefix(5), [], "\(name): \(doubled.count) doubled", file: file, line: line)
        XCTAssertEqual(problems.prefix(5), [], "\(name): \(problems.count) problems", file: file, line: line)
    }
}

extension TestFleet {
    /// Waits until all providers have finished and the data plane has shipped what it had, then compares.
    func journalVerdict(
        of node: DataNode, key: Key, since: [Int], whole: [String], price: [String: Int] = TestFleet.chatPrice
    ) throws -> JournalVerdict {
        var bills: [StubNode.Bill] = []
        try waitUntil("the providers have finished", timeout: .seconds(20)) {
            bills = try zip(stubs, since).flatMap { try $0.ledger(since: $1) }
            return bills.allSatisfy { $0.delivery != "open" }
        }
        try waitUntilShipped(node)
        return JournalVerdict(bills: bills, rows: try usageRows(of: key), whole: whole, price: price)
    }

    /// Waits until the control plane has all that the data plane wrote, and earlier processes in its folder before it.
    func waitUntilShipped(_ node: DataNode, timeout: Duration = .seconds(30)) throws {
        try waitUntil("the journal is shipped", timeout: timeout, detail: { tails }) {
            try node.metric("weir_journal_unacknowledged_records") == 0
        }
    }

    var ledgerPositions: [Int] { get throws { try stubs.map { try $0.lastSequence() } } }
}
