import Shared
import Synchronization

/// Explanations on their way to the control plane.
///
/// - Shape: bounded; while no control plane takes any, new ones are dropped. Nothing depends on them.
///
/// Concurrency: `put` from any thread, the rest on the control loop.
final class ExplanationOutbox: Sendable {
    private static let countMax = 1_000

    private let waiting = Mutex<[[UInt8]]>([])
    private let dropped: CounterCell

    init(_ registry: MetricsRegistry) {
        dropped = registry.counter(
            "weir_explanations_dropped_total", help: "Explanations of requests that no control plane took in time.")
    }

    func put(_ json: [UInt8]) {
        let hasRoom = waiting.withLock { waiting in
            guard waiting.count < Self.countMax else { return false }
            waiting.append(json)
            return true
        }
        if !hasRoom { dropped.add() }
    }

    /// The body of one call with the oldest; nil where there is nothing to send. They stay until `sent`.
    func body() -> (bytes: [UInt8], count: Int)? {
        let oldest = waiting.withLock { Array($0.prefix(ExplanationBatch.countMax)) }
        if oldest.isEmpty { return nil }
        var bytes = Array(#"{"explanations":["#.utf8)
        bytes += oldest.joined(separator: [UInt8(ascii: ",")])
        bytes += Array("]}".utf8)
        return (bytes, oldest.count)
    }

    /// The oldest so many have been taken, or never will be.
    func sent(_ count: Int) { waiting.withLock { $0.removeFirst(min(count, $0.count)) } }
}
