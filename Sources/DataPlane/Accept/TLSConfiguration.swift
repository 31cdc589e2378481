public import Shared

/// The listener that speaks TLS, beside the plain one or in its place.
public struct TLSConfiguration: Codable, Sendable, Equatable {
    public var certificateFiles: [String] = []
    public var keyFiles: [String] = []
    public var listenPort = 8443
    public var clientCertificates = TLSClientCertificates.off
    public var clientCAFile = ""
    public var handshakeTimeoutMilliseconds = 10_000
    public var handshakesMax = 2_048

    public init() {}

    /// Certificates open the listener.
    var isOn: Bool { !certificateFiles.isEmpty }

    var pairs: [TLSKeyPair] {
        zip(certificateFiles, keyFiles).map { TLSKeyPair(certificateFile: $0, keyFile: $1) }
    }

    static func fields(under prefix: String) -> [ConfigurationField] {
        [
            ConfigurationField(
                "\(prefix).certificateFiles", .strings,
                "Certificate chains (PEM) that callers are shown, chosen by server name, the first one else; any opens the TLS listener."
            ),
            ConfigurationField(
                "\(prefix).keyFiles", .strings,
                "Private keys (PEM, without passphrase) of certificateFiles, in the same order."
            ),
            .integer(
                "\(prefix).listenPort", 0...65_535, "Port of the TLS listener at listenHost; 0 takes any free one."),
            .choice(
                "\(prefix).clientCertificates", TLSClientCertificates.self,
                "Whether callers show certificates: request verifies those that are shown, require refuses callers without."
            ),
            ConfigurationField(
                "\(prefix).clientCAFile", .string, "Authorities (PEM) that callers' certificates must come from."),
            .integer(
                "\(prefix).handshakeTimeoutMilliseconds", 1...600_000,
                "Time for a handshake; then the connection is closed."),
            .integer(
                "\(prefix).handshakesMax", 1...1_000_000,
                "Handshakes under way, over all threads; more connections are closed at once."),
        ]
    }

    func validate(under prefix: String, otherPorts: [(field: String, port: Int)]) -> [ConfigurationProblem] {
        var problems: [ConfigurationProblem] = []
        if certificateFiles.count != keyFiles.count {
            problems.append(
                ConfigurationProblem(
                    "\(prefix).keyFiles",
                    "has \(keyFiles.count) files for \(certificateFiles.count) of \(prefix).certificateFiles, want one key for each certificate, in the same order"
                ))
        }
        if certificateFiles.count > TLSServerContext.pairsMax {
            problems.append(
                ConfigurationProblem("\(prefix).certificateFiles", want: "at most \(TLSServerContext.pairsMax) files"))
        }
        if clientCertificates != .off, clientCAFile.isEmpty {
            problems.append(
                ConfigurationProblem(
                    "\(prefix).clientCAFile",
                    want: "a PEM file, because \(prefix).clientCertificates is \(clientCertificates)"))
        }
        if clientCertificates == .off, !clientCAFile.isEmpty {
            problems.append(
                ConfigurationProblem(
                    "\(prefix).clientCertificates",
                    "is off, so that \(prefix).clientCAFile would do nothing: want request or require"))
        }
        guard isOn else { return problems }
        for (field, port) in otherPorts where port == listenPort && port != 0 {
            problems.append(ConfigurationProblem("\(prefix).listenPort", "must differ from \(field), both are \(port)"))
        }
        return problems
    }
}
