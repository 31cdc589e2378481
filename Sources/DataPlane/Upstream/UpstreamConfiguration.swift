import Shared

/// How the data plane treats connections to providers and their names.
public struct UpstreamConfiguration: Codable, Sendable, Equatable {
    /// 0: as many as `connectionsMax`, which a caller's connection each can need at most.
    public var connectionsPerThreadMax = 0
    /// Bounds what is kept after a burst.
    public var idleConnectionsPerThreadMax = 1_024
    public var waitingPerThreadMax = 1_024
    /// RFC 8305 recommends 250 ms, and not less than 100.
    public var connectAttemptDelayMilliseconds = 250
    public var dnsLifeTimeSeconds = 30
    /// RFC 8767 suggests one to three days.
    public var dnsStaleTimeSeconds = 86_400

    public init() {}

    static func fields(under prefix: String) -> [ConfigurationField] {
        [
            .integer(
                "\(prefix).connectionsPerThreadMax", 0...1_000_000,
                "Connections of one thread to one provider's host and port; more requests wait for one. 0 takes connectionsMax."
            ),
            .integer(
                "\(prefix).idleConnectionsPerThreadMax", 0...1_000_000,
                "Of these, how many are kept while no request is on them; others are closed."),
            .integer(
                "\(prefix).waitingPerThreadMax", 0...1_000_000,
                "Requests of one thread that wait for a connection to one provider, in order, within its connect timeout; more are a 503."
            ),
            .integer(
                "\(prefix).connectAttemptDelayMilliseconds", 10...10_000,
                "Time after which the next of a provider's addresses is tried too, while one has not answered."),
            .integer(
                "\(prefix).dnsLifeTimeSeconds", 1...86_400,
                "How long a provider's addresses are used before its name is looked up again."),
            .integer(
                "\(prefix).dnsStaleTimeSeconds", 0...2_592_000,
                "How much longer they are used while the name cannot be looked up."),
        ]
    }
}
