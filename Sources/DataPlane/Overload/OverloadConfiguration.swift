import Shared

/// When a loop that is late refuses requests.
public struct OverloadConfiguration: Codable, Equatable, Sendable {
    /// A tenth of what callers take for a slow answer of a model, and ten times what a busy loop needs for a thousand requests at once. 0:
    /// nothing is refused.
    public var lagMilliseconds = 250
    public var intervalMilliseconds = 1_000

    public init() {}

    static func fields(under section: String) -> [ConfigurationField] {
        [
            .integer(
                "\(section).lagMilliseconds", 0...60_000,
                "An event loop where what is ready waits longer for its turn, for all of intervalMilliseconds, refuses a share of the requests; 0: none."
            ),
            .integer(
                "\(section).intervalMilliseconds", 100...60_000,
                "How long an event loop must be late before it refuses the first request."),
        ]
    }
}
