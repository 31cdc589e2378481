import Shared

/// Reads a row of `allowances` as the rule that data planes and the ledger go by.
enum AllowanceRows {
    static let columns =
        "id, kind, mode, period, sliding_seconds, limit_amount, end_user, route_id, model_id"

    static func rule(_ row: PostgresRow) throws(StoreError) -> AllowanceRule {
        let id = try row.uuid("id")
        let seconds = try row.optionalInt64("sliding_seconds") ?? 0
        guard let kind = AllowanceKind(label: try row.text("kind")),
            let mode = AllowanceMode(label: try row.text("mode")),
            let unit = AllowancePeriod.Unit(label: try row.text("period")),
            let period = AllowancePeriod(unit, slidingSeconds: seconds)
        else { throw .mismatch("allowance \(id) has an unknown kind, mode or period") }
        var filter = AllowanceFilter.all
        if let route = try row.optionalUUID("route_id") { filter = .route(route) }
        if let model = try row.optionalUUID("model_id") { filter = .model(model) }
        let rule = AllowanceRule(
            id: id, kind: kind, mode: mode, period: period, limit: try row.int64("limit_amount"),
            endUsers: EndUserPart(label: try row.optionalText("end_user")), filter: filter)
        guard rule.isConsistent else { throw .mismatch("allowance \(id) contradicts itself") }
        return rule
    }
}
