/// What a statement can be run on: the pool (each statement on its own) or a transaction.
///
/// Functions of the store take one of these, so that the same function serves inside and outside of a transaction.
///
/// Statements are prepared once per connection and kept by their text: build the text from constants and put every value
/// into a parameter (`$1`, ...). The server infers the types of parameters; where it cannot, cast: `$1::uuid IS NULL`.
public protocol PostgresExecutor: AnyObject {
    func run(_ sql: String, _ parameters: [PostgresValue]) async throws(StoreError) -> PostgresReply
}

/// The whole answer to one statement.
public struct PostgresReply: Sendable {
    public let rows: [PostgresRow]
    /// Rows inserted, updated or deleted; for a SELECT the rows returned.
    public let affectedRows: Int
}

extension PostgresExecutor {
    /// All rows. Bound what can grow by `LIMIT`: the result is held in memory.
    public func query(_ sql: String, _ parameters: [PostgresValue] = []) async throws(StoreError) -> [PostgresRow] {
        try await run(sql, parameters).rows
    }

    /// The first row, or nil when there is none.
    public func first(_ sql: String, _ parameters: [PostgresValue] = []) async throws(StoreError) -> PostgresRow? {
        try await run(sql, parameters).rows.first
    }

    /// The number of rows inserted, updated or deleted.
    @discardableResult
    public func execute(_ sql: String, _ parameters: [PostgresValue] = []) async throws(StoreError) -> Int {
        try await run(sql, parameters).affectedRows
    }
}
