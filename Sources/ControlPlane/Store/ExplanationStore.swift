import Shared

/// Rows of `explanations`.
enum ExplanationStore {
    /// Beyond these the oldest go, an hour at a time: explanations are for looking at what has just happened.
    static let hoursMax: Int64 = 24
    static let countMax: Int64 = 100_000

    /// The first one of a request stays: a data plane may send it again.
    static func keep(
        _ explanations: [(requestID: ObjectID, json: String)], _ executor: any PostgresExecutor
    ) async throws(StoreError) {
        for explanation in explanations {
            try await executor.execute(
                "INSERT INTO explanations (request_id, explanation) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                [.uuid(explanation.requestID), .json(explanation.json.forPostgres)])
        }
    }

    static func find(_ requestID: ObjectID, in work: Work) async throws -> JSONValue? {
        let row = try await work.database.first(
            "SELECT explanation FROM explanations WHERE request_id = $1", [.uuid(requestID)])
        return try row?.object("explanation")
    }

    static func prune(_ executor: any PostgresExecutor) async throws(StoreError) {
        try await executor.execute(
            """
            DELETE FROM explanations WHERE at < now() - make_interval(hours => $1::int)
                OR at < (SELECT at FROM explanations ORDER BY at DESC OFFSET $2 LIMIT 1)
            """, [.int64(hoursMax), .int64(countMax)])
    }
}
