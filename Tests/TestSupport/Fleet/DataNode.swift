import Foundation

/// One data plane: a process that can be killed and started again over the same folder and ports.
public final class DataNode {
    public let name: String
    public let folder: String
    public let port = freePort()
    public let opsPort = freePort()
    public private(set) var process: ChildProcess?
    private var generation = 1
    private let controlPlanePorts: [UInt16]
    private let publicKey: String
    private let arguments: [String]
    private let environment: [String: String]
    /// What comes before the executable on the command line.
    private let wrapper: [String]

    init(
        name: String, folder: String, token: String, controlPlanePorts: [UInt16], publicKey: String,
        arguments: [String], environment: [String: String], wrapper: [String]
    ) {
        self.name = name
        self.folder = folder
        self.controlPlanePorts = controlPlanePorts
        self.publicKey = publicKey
        self.arguments = arguments
        self.environment = environment.merging(["NODE_TOKEN": token]) { $1 }
        self.wrapper = wrapper
    }

    public var allArguments: [String] {
        [
            "--listen-host=127.0.0.1", "--listen-port=\(port)", "--ops-port=\(opsPort)", "--threads=2",
            "--access-log=none", "--fleet-data-directory=\(folder)", "--drain-announce-milliseconds=0",
            "--fleet-control-plane-urls=\(controlPlanePorts.map { "http://127.0.0.1:\($0)" }.joined(separator: ","))",
            "--fleet-node-token=env:NODE_TOKEN",
            "--fleet-node-name=\(name)", "--fleet-trusted-keys=\(publicKey)",
        ] + arguments
    }

    public var allEnvironment: [String: String] { environment }

    /// Returns when it is ready to serve.
    public func start(waitsUntilReady: Bool = true) throws {
        let command = wrapper + [TestFleet.executable("weir-data")] + allArguments
        let process = try ChildProcess(
            name: name, executable: command[0], arguments: Array(command.dropFirst()), environment: environment,
            becoming: TestFleet.executable("weir-data"), log: "\(folder).log")
        self.process = process
        if waitsUntilReady { try waitUntilReady(process, port: opsPort) }
    }

    /// Starts another process over the same folder and ports, which takes the listening sockets over. Returns the old one at once: it drains.
    @discardableResult
    public func takeOver(_ more: [String] = []) throws -> ChildProcess? {
        let old = process
        generation += 1
        let path = TestFleet.executable("weir-data")
        let new = try ChildProcess(
            name: "\(name)-\(generation)", executable: path, arguments: allArguments + ["--take-over"] + more,
            environment: environment, log: "\(folder).\(generation).log")
        process = new
        try waitUntil("\(new.name) serves", timeout: .seconds(30), detail: { new.tail() }) {
            guard new.isRunning else { throw TestFailure("\(new.name) ended: \(new.tail())") }
            return new.output.contains("\"message\":\"serving\"")
        }
        return old
    }

    public func kill() {
        process?.kill()
        process = nil
    }

    @discardableResult
    public func stop(timeout: Duration = .seconds(20)) -> ChildProcess.Exit? {
        let exit = process?.terminate(timeout: timeout)
        process = nil
        return exit
    }

    public func caller(timeout: Duration = .seconds(20)) -> HTTPCaller { HTTPCaller(port: port, timeout: timeout) }

    public func readiness() throws -> HTTPAnswer {
        try HTTPCaller(port: opsPort, timeout: .seconds(5)).send("GET", "/readyz")
    }

    /// The value of a metric without labels, or the sum over all labels.
    public func metric(_ name: String) throws -> Double {
        let text = try HTTPCaller(port: opsPort, timeout: .seconds(5)).send("GET", "/metrics").text
        return text.split(separator: "\n").filter { $0.hasPrefix(name + " ") || $0.hasPrefix(name + "{") }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0, +)
    }
}

extension HTTPCaller {
    /// `POST /v1/chat/completions` with a key.
    public func chat(
        _ key: String, _ body: String, headers: [(String, String)] = [], onBody: (([UInt8]) -> Bool)? = nil
    ) throws -> HTTPAnswer {
        try send(
            "POST", "/v1/chat/completions",
            headers: [("authorization", "Bearer \(key)"), ("content-type", "application/json")] + headers,
            body: Array(body.utf8), onBody: onBody)
    }
}

/// A chat request with one short message.
public func chatBody(_ model: String, _ text: String = "hello", stream: Bool = false, extra: String = "") -> String {
    #"{"model":"\#(model)","messages":[{"role":"user","content":"\#(text)"}]\#(stream ? #","stream":true"# : "")\#(extra)}"#
}

/// One usage event as the admin API shows it.
public struct UsageRow: Sendable, CustomStringConvertible {
    public var requestID: String
    public var outcome: String
    public var endpoint: String
    public var isStream: Bool
    public var status: Int
    public var attempts: Int
    public var inputTokens: Int
    public var cachedInputTokens: Int
    public var outputTokens: Int
    public var reasoningTokens: Int
    public var usageReported: Bool
    public var costNanodollars: Int64
    public var reservedNanodollars: Int64
    public var provider: String
    public var model: String
    /// Of a shadow.
    public var shadowOf: String?

    public init(_ json: [String: Any]) {
        func number(_ name: String) -> Int { (json[name] as? NSNumber)?.intValue ?? 0 }
        requestID = json["request_id"] as? String ?? ""
        outcome = json["outcome"] as? String ?? ""
        endpoint = json["endpoint"] as? String ?? ""
        isStream = json["is_stream"] as? Bool ?? false
        status = number("status")
        attempts = number("attempts")
        inputTokens = number("input_tokens")
        cachedInputTokens = number("cached_input_tokens")
        outputTokens = number("output_tokens")
        reasoningTokens = number("reasoning_tokens")
        usageReported = json["usage_reported"] as? Bool ?? false
        costNanodollars = (json["cost_nanodollars"] as? NSNumber)?.int64Value ?? 0
        reservedNanodollars = (json["reserved_nanodollars"] as? NSNumber)?.int64Value ?? 0
        provider = json["provider"] as? String ?? ""
        model = json["model"] as? String ?? ""
        shadowOf = json["shadow_of"] as? String
    }

    public var description: String {
        "\(requestID) \(endpoint) \(outcome) \(status) in \(inputTokens) (cached \(cachedInputTokens)) out \(outputTokens) "
            + "cost \(costNanodollars)"
    }
}
