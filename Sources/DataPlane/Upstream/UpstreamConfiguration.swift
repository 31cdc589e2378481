import Shared

/// How the data plane treats connections to providers and their names.
public struct UpstreamConfiguration: Codable, Sendable, Equatable {
    /// RFC 8305 recommends 250 ms, and not less than 100.
    public var connectAttemptDelayMilliseconds = 250
    public var dnsLifeTimeSeconds = 30
    /// RFC 8767 suggests one to three days.
    public var dnsStaleTimeSeconds = 86_400

    public init() {}

    static func fields(under prefix: String) -> [ConfigurationField] {
        [
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
