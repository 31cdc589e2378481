import Shared

/// Which web pages may call the data plane from a browser (CORS). None unless said so.
public struct CrossOriginConfiguration: Codable, Sendable, Equatable {
    public var allowedOrigins: [String] = []
    public var maxAgeSeconds = 600

    public init() {}

    /// Whether any page may; else nothing is looked at.
    var isOn: Bool { !allowedOrigins.isEmpty }

    static func fields(under prefix: String) -> [ConfigurationField] {
        [
            ConfigurationField(
                "\(prefix).allowedOrigins", .strings,
                "Origins (https://host) whose pages may call from a browser, or \"*\" for all; none: CORS is off."),
            .integer(
                "\(prefix).maxAgeSeconds", 0...86_400, "How long a browser may remember the answer to its preflight."),
        ]
    }

    func validate(under prefix: String) -> [ConfigurationProblem] {
        allowedOrigins.filter { $0 != "*" && !Self.isOrigin($0) }.map { origin in
            ConfigurationProblem(
                "\(prefix).allowedOrigins", "got \"\(origin)\", want an origin such as https://app.example.com, or *")
        }
    }

    /// Scheme, host and perhaps a port, in the lower case that browsers send, with nothing behind them.
    private static func isOrigin(_ text: String) -> Bool {
        guard let scheme = ["https://", "http://"].first(where: { text.hasPrefix($0) }) else { return false }
        let host = text.dropFirst(scheme.count)
        return !host.isEmpty
            && host.utf8.allSatisfy {
                (97...122).contains($0) || (48...58).contains($0) || [45, 46, 91, 93].contains($0)
            }
    }
}
