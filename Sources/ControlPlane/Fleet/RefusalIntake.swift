import Shared

/// What a data plane says of requests that it refused.
enum RefusalIntake {
    /// Refuses what could not be kept, or would mean nothing.
    static func check(_ batch: RefusalBatch) throws(FleetProblem) {
        guard batch.refusals.count <= RefusalBatch.countMax else {
            throw .badRequest("refusals: want at most \(RefusalBatch.countMax)")
        }
        for (index, refused) in batch.refusals.enumerated() {
            func wrong(_ field: String, _ wanted: String) -> FleetProblem {
                .badRequest("refusals[\(index)].\(field): want \(wanted)")
            }
            guard VirtualKeyID(refused.virtualKeyID) != nil else { throw wrong("virtualKeyID", "a key ID") }
            guard Endpoint(rawValue: refused.endpoint) != nil else { throw wrong("endpoint", "a known endpoint") }
            for (field, text) in [("route", refused.route), ("endUser", refused.endUser), ("code", refused.code)]
            where text.utf8.count > RefusedRequests.textBytesMax {
                throw wrong(field, "at most \(RefusedRequests.textBytesMax) bytes")
            }
            guard (1...RefusedRequests.requestsMax).contains(refused.requests) else {
                throw wrong("requests", "1...\(RefusedRequests.requestsMax)")
            }
            let sums = [refused.inputTokens, refused.outputTokens, refused.worstNanodollars, refused.worstTokens]
            guard sums.allSatisfy({ $0 >= 0 }) else { throw wrong("inputTokens", "sums that are not negative") }
            // What PostgreSQL can hold.
            guard (0...9_000_000_000_000_000).contains(refused.beganUnixMilliseconds) else {
                throw wrong("beganUnixMilliseconds", "a time")
            }
        }
    }
}
