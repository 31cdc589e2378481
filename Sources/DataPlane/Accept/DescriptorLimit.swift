import Glibc
import Shared

/// How many descriptors the process may have, and what that leaves for callers.
struct DescriptorLimit: Equatable {
    var soft: Int

    /// Besides connections: the journal, logs, the control plane, loops, listeners and their reserves.
    private static let own = 256

    /// Descriptors for that many callers with a request in flight each: their own and that of the upstream.
    static func needed(connections: Int) -> Int { own + 2 * connections }

    /// A quarter stays for upstreams and files: a caller that is let in should be served.
    func connections(wanted: Int) -> Int { max(1, min(wanted, (soft - Self.own) * 3 / 4)) }

    /// How far the soft limit can be raised; nil when the kernel does not say.
    static var hard: Int? {
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0 else { return nil }
        return Int(clamping: limit.rlim_max)
    }

    private static let resource = __rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue))

    /// Raises the soft limit, which is often only 1,024, as far as needed and allowed.
    static func raise(for connections: Int, log: Logger) -> DescriptorLimit {
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0 else { return DescriptorLimit(soft: 1_024) }
        let before = limit.rlim_cur
        let needed = rlim_t(needed(connections: connections))
        if before < needed {
            limit.rlim_cur = min(needed, limit.rlim_max)
            if unsafe setrlimit(resource, &limit) != 0 { limit.rlim_cur = before }
        }
        let result = DescriptorLimit(soft: Int(clamping: limit.rlim_cur))
        if limit.rlim_cur != before {
            log.info(
                "raised the limit of open files",
                ["from": .integer(Int(clamping: before)), "to": .integer(result.soft)])
        }
        if result.connections(wanted: connections) < connections {
            log.warning(
                "the limit of open files leaves room for fewer connections than connectionsMax",
                [
                    "limit": .integer(result.soft), "connections_max": .integer(connections),
                    "connections": .integer(result.connections(wanted: connections)),
                ])
        }
        return result
    }
}
