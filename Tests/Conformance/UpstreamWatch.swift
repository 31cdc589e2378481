import TestSupport

/// What Weir has sent upstream since somebody last looked, request by request.
final class UpstreamWatch {
    let tap: WireTap
    private var seen: [Int] = []
    private(set) var count = 0
    /// Requests whose caller had left before the provider heard of them.
    var withdrawn = 0

    init(_ tap: WireTap) { self.tap = tap }

    /// - Parameter isPartial: bytes of a request that is not complete, and may become so.
    /// - Errors: `WireProblem` for anything that is not the one shape of requests.
    func take() throws(WireProblem) -> (requests: [WireRequest], isPartial: Bool) {
        var requests: [WireRequest] = []
        var isPartial = false
        for (index, leg) in tap.legs.enumerated() {
            if index == seen.count { seen.append(0) }
            // In this order: once it is over, all of its bytes are there.
            let isOver = leg.isOver
            let bytes = leg.bytes
            var rest = bytes[seen[index]...]
            defer { seen[index] = isOver ? bytes.count : bytes.count - rest.count }
            while let request = try WireRequest.take(from: &rest) { requests.append(request) }
            if !rest.isEmpty, !isOver { isPartial = true }
        }
        count += requests.count
        return (requests, isPartial)
    }
}
