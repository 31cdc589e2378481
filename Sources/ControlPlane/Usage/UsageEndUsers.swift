import Shared

/// Bounds how many end users have rows of their own in the hourly sums.
///
/// - Shape: the first `labelsMax` labels of an organization in an hour; later ones count as `other`. A control plane begins with
///   the labels that the hour has already, so the bound holds over restarts; several control planes that see an hour at once may
///   pass it together, at most by as many times as they are.
/// - Concurrency: lives on one loop.
final class UsageEndUsers {
    private let pool: PostgresPool
    private let labelsMax: Int
    private var hours: [Int64: [ObjectID: Set<Int>]] = [:]
    /// The least recently used first.
    private var recentHours: [Int64] = []

    private var held = 0

    /// Sixteen bytes each. Beyond it the hour that was not used for longest is forgotten; it is read again when it is needed.
    private static let heldMax = 4_000_000
    private static let hoursMax = 1_000

    init(pool: PostgresPool, labelsMax: Int) {
        self.pool = pool
        self.labelsMax = labelsMax
    }

    /// Reads what the table has of an organization's hour, the first time.
    func prepare(_ organization: ObjectID, hour: Int64) async throws(StoreError) {
        if hours[hour]?[organization] != nil {
            use(hour)
            return
        }
        let rows = try await pool.query(
            """
            SELECT DISTINCT end_user FROM usage_rollups_hourly_end_user
            WHERE hour = $1 AND organization_id = $2 AND NOT is_other AND end_user <> '' LIMIT $3
            """, [.timestamp(unixMilliseconds: hour), .uuid(organization), .integer(labelsMax)])
        var labels: Set<Int> = []
        for row in rows { labels.insert((try row.text("end_user")).hashValue) }
        use(hour)
        // Another batch may have read the same meanwhile, and gone on.
        if hours[hour]?[organization] != nil { return }
        hours[hour, default: [:]][organization] = labels
        held += labels.count
    }

    /// Whether the label has a row of its own. Two labels of one hash count as one: then there is one row more than the bound.
    func admits(_ label: String, of organization: ObjectID, hour: Int64) -> Bool {
        if label.isEmpty { return true }
        let hash = label.hashValue
        guard let labels = hours[hour]?[organization] else { return false }
        if labels.contains(hash) { return true }
        guard labels.count < labelsMax else { return false }
        hours[hour]![organization]!.insert(hash)
        held += 1
        return true
    }

    private func use(_ hour: Int64) {
        if recentHours.last == hour { return }
        recentHours.removeAll { $0 == hour }
        recentHours.append(hour)
        while recentHours.count > 1, recentHours.count > Self.hoursMax || held > Self.heldMax {
            let forgotten = hours.removeValue(forKey: recentHours.removeFirst()) ?? [:]
            held -= forgotten.values.reduce(0) { $0 + $1.count }
        }
    }
}
