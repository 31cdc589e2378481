import Shared

/// Requests that were refused when they were made, alike and within some seconds.
struct RecordedRefusal {
    /// One of them, as if it had been served: what it would have used is estimated.
    var request: RecordedRequest
    /// The name that was asked for.
    var route: [UInt8]
    var requests: Int64
    /// What one would have had to hold; zero where it came to no targets.
    var worst: Money
    var worstTokens: Int64
}

/// Reads the refusals of a span of time page by page, so that they can be taken in between the requests that were served.
struct RefusalPages {
    private let span: Range<Int64>
    private let pageRows: Int
    private var last: (moment: Int64, id: ObjectID)
    private var page: ArraySlice<RecordedRefusal> = []
    private var isOver = false

    init(_ span: Range<Int64>, pageRows: Int) {
        self.span = span
        self.pageRows = pageRows
        last = (span.lowerBound, .zero)
    }

    /// The next one that began no later than `moment`.
    mutating func next(until moment: Int64, _ executor: any PostgresExecutor) async throws(StoreError)
        -> RecordedRefusal?
    {
        if page.isEmpty, !isOver {
            let rows = try await PlanStore.refusals(
                last.moment..<span.upperBound, after: last.id, limit: pageRows, executor)
            isOver = rows.count < pageRows
            if let row = rows.last { last = (row.request.startedUnixMilliseconds, row.request.requestID) }
            page = rows[...]
        }
        guard let first = page.first, first.request.startedUnixMilliseconds <= moment else { return nil }
        return page.removeFirst()
    }
}
