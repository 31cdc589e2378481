@testable import ControlPlane
import Shared

/// An allowance as a row, for tests of the ledger.
struct LedgerAllowance: Sendable {
    var id = ObjectID.random()
    var kind = AllowanceKind.money
    var period = "total"
    var slidingSeconds: Int64?
    var limit: Int64
    var isEach = false

    var key: AccountKey { AccountKey(allowanceID: id) }

    func insert(_ pool: PostgresPool) async throws {
        let organization = ObjectID.random()
        try await pool.execute(
            "INSERT INTO organizations (id, name) VALUES ($1, $2)", [.uuid(organization), .text("o-\(organization)")])
        try await pool.execute(
            """
            INSERT INTO allowances (id, organization_id, name, kind, period, sliding_seconds, limit_amount, mode, end_user)
            VALUES ($1, $2, 'a', $3, $4, $5, $6, 'strict', $7)
            """,
            [
                .uuid(id), .uuid(organization), .text(kind.label), .text(period),
                .optional(slidingSeconds) { .int64($0) }, .int64(limit), isEach ? .text("*") : .null,
            ])
    }

    func ask(
        _ sequence: Int64, need: Int64, want: Int64? = nil, knows granted: Int64 = 0, window: Int64? = 0,
        endUser: String? = nil
    ) -> LeaseRequest.Ask {
        LeaseRequest.Ask(
            allowanceID: id, endUser: endUser, sequence: sequence, windowStartUnixSeconds: window,
            grantedTotal: granted, need: need, want: want ?? need)
    }
}
