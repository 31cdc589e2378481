public import Shared

/// How a data plane finds its control plane, and whom it trusts.
public struct FleetConfiguration: Codable, Sendable, Equatable {
    public var name = "default"
    public var controlPlaneURLs = ["http://127.0.0.1:7071"]
    public var nodeToken = Secret("")
    public var trustedKeys: [String] = []
    public var nodeName = ""
    public var dataDirectory = "weir-data"
    public var caBundlePath = ""
    public var refusesExpiredSnapshots = false

    public init() {}

    static func fields(under prefix: String) -> [ConfigurationField] {
        [
            ConfigurationField("\(prefix).name", .string, "Name of the fleet; snapshots of another one are refused."),
            ConfigurationField(
                "\(prefix).controlPlaneURLs", .strings, "Fleet API of the control planes, tried in turn."),
            ConfigurationField("\(prefix).nodeToken", .secret, "Node token made by weir-control node-token."),
            ConfigurationField(
                "\(prefix).trustedKeys", .strings,
                "One or two public keys (base64, from weir-control public-key) whose snapshots are accepted."),
            ConfigurationField("\(prefix).nodeName", .string, "Name of this replica; empty takes the host's name."),
            ConfigurationField(
                "\(prefix).dataDirectory", .string, "Folder for the journal and the last good snapshot; one a process."),
            ConfigurationField(
                "\(prefix).caBundlePath", .string, "Certificates to trust for https, instead of the system's."),
            ConfigurationField(
                "\(prefix).refusesExpiredSnapshots", .boolean,
                "Answer 503 once the snapshot is past its expiry, instead of serving from it loudly."),
        ]
    }

    func validate(under prefix: String) -> [ConfigurationProblem] {
        var problems: [ConfigurationProblem] = []
        if name.isEmpty { problems.append(ConfigurationProblem("\(prefix).name", want: "a name")) }
        if controlPlaneURLs.isEmpty {
            problems.append(ConfigurationProblem("\(prefix).controlPlaneURLs", want: "at least one URL"))
        }
        for url in controlPlaneURLs where !url.hasPrefix("http://") && !url.hasPrefix("https://") {
            problems.append(
                ConfigurationProblem(
                    "\(prefix).controlPlaneURLs", "got \"\(url)\", want a URL with http:// or https://"))
        }
        if nodeToken.isEmpty {
            problems.append(
                ConfigurationProblem("\(prefix).nodeToken", want: "a node token, from weir-control node-token NAME"))
        }
        if !(1...2).contains(trustedKeys.count) {
            problems.append(
                ConfigurationProblem(
                    "\(prefix).trustedKeys", want: "one or two public keys, from weir-control public-key"))
        }
        for key in trustedKeys where Self.publicKey(key) == nil {
            problems.append(
                ConfigurationProblem(
                    "\(prefix).trustedKeys", "got \"\(key)\", want the base64 of 32 bytes of an Ed25519 key"))
        }
        if dataDirectory.isEmpty {
            problems.append(ConfigurationProblem("\(prefix).dataDirectory", want: "a folder's path"))
        }
        return problems
    }

    static func publicKey(_ text: String) -> Ed25519PublicKey? {
        guard let bytes = Base64.decode(text) else { return nil }
        return try? Ed25519PublicKey(rawBytes: bytes)
    }

    var publicKeys: [Ed25519PublicKey] { trustedKeys.compactMap(Self.publicKey) }
}
