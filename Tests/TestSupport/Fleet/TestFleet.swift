import Foundation
import Glibc
import Synchronization

/// A whole installation in a temporary folder: PostgreSQL, control plane, data planes and stub providers, as real processes
/// on free ports.
///
/// - Shape: `init` creates the folder and the database; each `start...` returns when what it started is ready. `end()` stops
///   everything and removes the folder; processes of a test run that never gets there are ended by `Reaper`.
public final class TestFleet {
    public let folder: String
    public let postgres: TemporaryPostgres
    public let database: String
    /// The first is there from the beginning; `addControlPlane` makes more.
    public private(set) var controls: [ControlNode]
    public private(set) var stubs: [StubNode] = []
    public private(set) var dataPlanes: [DataNode] = []
    /// What else belongs to it, and ends with it.
    private var companions: [ChildProcess] = []
    public private(set) var adminToken = ""
    /// Raw Ed25519 key as base64, as `weir-control init` prints it.
    public private(set) var publicKey = ""
    private lazy var adminCaller = HTTPCaller(port: adminPort)

    public var control: ChildProcess? { controls[0].process }
    public var adminPort: UInt16 { controls[0].adminPort }
    public var fleetPort: UInt16 { controls[0].fleetPort }

    /// - Parameter ownPostgres: for tests that stop the database; else all share one cluster, with a database each.
    public init(ownPostgres: Bool = false) throws {
        folder = FileManager.default.temporaryDirectory.path + "/weir-test-\(getpid())-\(UUID().uuidString.prefix(8))"
        controls = [ControlNode(name: "weir-control", folder: folder)]
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        postgres = try ownPostgres ? TemporaryPostgres() : TemporaryPostgres.shared.get()
        database = try postgres.createDatabase("fleet")
    }

    /// Ends all processes and removes the folder. Can be called again.
    public func end() {
        for node in dataPlanes { node.process?.terminate(timeout: .seconds(5)) }
        for control in controls { control.stop(timeout: .seconds(5)) }
        for stub in stubs { stub.process.kill() }
        for companion in companions { companion.kill() }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// The ends of all logs, for a failed test.
    public var tails: String {
        let processes = controls.map(\.process) + dataPlanes.map(\.process) + stubs.map(\.process) + companions
        return processes.compactMap { $0?.tail() }.joined(separator: "\n")
    }

    /// Another process, which ends with the fleet.
    public func keep(_ process: ChildProcess) { companions.append(process) }

    /// Where the build put the executables; `WEIR_TEST_BIN_DIR` names another folder.
    public static func executable(_ name: String) -> String {
        if let folder = ProcessInfo.processInfo.environment["WEIR_TEST_BIN_DIR"] { return "\(folder)/\(name)" }
        // The test bundle lies beside them.
        let bundle = CommandLine.arguments.dropFirst().first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: bundle).resolvingSymlinksInPath().deletingLastPathComponent().path + "/\(name)"
    }

    // MARK: Control plane

    public var controlArguments: [String] { controls[0].arguments(database: database) }

    public var signingKeyFile: String { "\(folder)/signing.key" }

    public func initializeControl() throws {
        let output = try run("weir-control", ["init", "--json"] + controlArguments)
        guard let made = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any],
            let token = made["adminToken"] as? String, let key = made["publicKey"] as? String
        else { throw TestFailure("weir-control init: \(output)") }
        adminToken = token
        publicKey = key
    }

    /// Starts the control plane, or starts it again over the same database and keys.
    public func startControl() throws {
        if adminToken.isEmpty { try initializeControl() }
        adminCaller.close()
        try controls[0].start(database: database)
    }

    public func stopControl() { controls[0].stop() }

    /// One more control plane over the same database. Data planes that are made later know it too.
    @discardableResult
    public func addControlPlane() throws -> ControlNode {
        let node = ControlNode(name: "weir-control-\(controls.count + 1)", folder: folder)
        controls.append(node)
        try node.start(database: database)
        return node
    }

    // MARK: Data planes

    /// - Parameter wrapper: the command that the process is started by, and makes way for it.
    @discardableResult
    public func addDataPlane(
        _ name: String = "data-1", arguments: [String] = [], environment: [String: String] = [:],
        wrapper: [String] = [], fleetPort: UInt16? = nil, waitsUntilReady: Bool = true
    ) throws -> DataNode {
        let token = try admin("POST", "node-tokens", ["name": name])["token"] as? String ?? ""
        // Each begins with another control plane, so that all of them have work.
        let ports = controls.map(\.fleetPort)
        let first = dataPlanes.count % ports.count
        let node = DataNode(
            name: name, folder: "\(folder)/\(name)", token: token,
            controlPlanePorts: fleetPort.map { [$0] } ?? Array(ports[first...] + ports[..<first]),
            publicKey: publicKey, arguments: arguments, environment: environment, wrapper: wrapper)
        try FileManager.default.createDirectory(atPath: node.folder, withIntermediateDirectories: true)
        dataPlanes.append(node)
        try node.start(waitsUntilReady: waitsUntilReady)
        return node
    }

    public var data: DataNode { dataPlanes[0] }

    // MARK: Providers

    @discardableResult
    public func addStub(_ name: String = "stub", _ arguments: [String] = []) throws -> StubNode {
        let portFile = "\(folder)/\(name).port"
        let process = try ChildProcess(
            name: name, executable: Self.executable("weir-stub-provider"),
            arguments: ["--port=0", "--port-file=\(portFile)"] + arguments, log: "\(folder)/\(name).log")
        let stub = StubNode(name: name, process: process, port: try Self.port(in: portFile, of: process))
        stubs.append(stub)
        return stub
    }

    public var stub: StubNode { stubs[0] }

    /// The port that a process writes into a file once it listens.
    public static func port(in file: String, of process: ChildProcess, timeout: Duration = .seconds(30)) throws
        -> UInt16
    {
        var port: UInt16?
        try waitUntil("\(process.name) listens", timeout: timeout, detail: { process.tail() }) {
            guard process.isRunning else { throw TestFailure("\(process.name) ended: \(process.tail())") }
            port = (try? String(contentsOfFile: file, encoding: .utf8)).flatMap {
                UInt16($0.trimmingCharacters(in: .whitespacesAndNewlines))
            }
            return port != nil
        }
        return port!
    }

    // MARK: Admin API

    public func adminAnswer(
        _ method: String, _ path: String, _ body: [String: Any]? = nil, headers: [(String, String)] = []
    ) throws -> HTTPAnswer {
        let bytes = try body.map { Array(try JSONSerialization.data(withJSONObject: $0)) } ?? []
        var headers = headers + [("authorization", "Bearer \(adminToken)")]
        if body != nil { headers.append(("content-type", "application/json")) }
        return try adminCaller.send(method, "/api/v1/\(path)", headers: headers, body: bytes)
    }

    /// The answer's JSON; throws for anything but a 2xx.
    @discardableResult
    public func admin(_ method: String, _ path: String, _ body: [String: Any]? = nil) throws -> [String: Any] {
        let answer = try adminAnswer(method, path, body)
        guard (200...299).contains(answer.status) else {
            throw TestFailure("\(method) /api/v1/\(path): \(answer.status) \(answer.text)")
        }
        return answer.json
    }

    /// All items of a list, page by page.
    public func list(_ path: String) throws -> [[String: Any]] {
        var items: [[String: Any]] = []
        var cursor: String?
        repeat {
            let separator = path.contains("?") ? "&" : "?"
            let page = try admin("GET", "\(path)\(separator)limit=200" + (cursor.map { "&cursor=\($0)" } ?? ""))
            items += page["items"] as? [[String: Any]] ?? []
            cursor = page["next_cursor"] as? String
        } while cursor != nil
        return items
    }

    public struct Key: Sendable {
        public var id: String
        /// The part of the text that names it.
        public var keyID: String
        public var text: String
    }

    @discardableResult
    public func makeKey(_ name: String, _ fields: [String: Any] = [:]) throws -> Key {
        let made = try admin("POST", "virtual-keys", ["name": name, "team": "team"].merging(fields) { $1 })
        guard let id = made["id"] as? String, let keyID = made["key_id"] as? String, let text = made["key"] as? String
        else {
            throw TestFailure("POST virtual-keys: \(made)")
        }
        return Key(id: id, keyID: keyID, text: text)
    }

    /// Waits until every data plane that runs serves what has been configured so far.
    public func waitUntilConfigured() throws {
        var last = ""
        try waitUntil("all data planes have the newest snapshot", detail: { last + "\n" + tails }) {
            let snapshot = try admin("GET", "snapshot")
            guard (snapshot["pending_changes"] as? Int) == 0, let version = snapshot["version"] as? Int else {
                return false
            }
            let nodes = try list("nodes")
            last = "snapshot \(version), nodes \(nodes.map { "\($0["name"] ?? "")=\($0["snapshot_version"] ?? "")" })"
            return dataPlanes.filter { $0.process != nil }.allSatisfy { node in
                nodes.contains {
                    $0["name"] as? String == node.name && ($0["snapshot_version"] as? Int ?? 0) >= version
                }
            }
        }
    }

    /// Waits until the control plane has an event for each of the requests, and answers them by request ID.
    public func events(for requestIDs: some Collection<String>) throws -> [String: UsageRow] {
        let wanted = Set(requestIDs)
        var found: [String: UsageRow] = [:]
        try waitUntil(
            "usage events of \(wanted.count) requests", timeout: .seconds(30),
            detail: { "missing \(wanted.subtracting(found.keys).sorted().prefix(5))\n" + tails }
        ) {
            found = try Dictionary(grouping: usageRows(), by: \.requestID).mapValues { rows in
                guard rows.count == 1 else { throw TestFailure("\(rows.count) events for one request: \(rows)") }
                return rows[0]
            }
            return wanted.isSubset(of: found.keys)
        }
        return found.filter { wanted.contains($0.key) }
    }

    /// Waits until the control plane has so many events of a key, and answers them all.
    public func events(of key: Key, count: Int) throws -> [UsageRow] {
        var found: [UsageRow] = []
        try waitUntil("\(count) usage events of a key", timeout: .seconds(30), detail: { "\(found)\n" + tails }) {
            found = try list("usage/events?virtual_key=\(key.keyID)").map(UsageRow.init)
            return found.count >= count
        }
        return found
    }

    public func usageRows() throws -> [UsageRow] { try list("usage/events").map(UsageRow.init) }

    /// What the command line prints.
    public func weir(_ arguments: [String]) throws -> String {
        try run(
            "weir", arguments,
            environment: ["WEIR_URL": "http://127.0.0.1:\(adminPort)", "WEIR_ADMIN_TOKEN": adminToken])
    }

    // MARK: Machinery

    /// Runs one of the executables to its end and answers its standard output and error.
    @discardableResult
    public func run(
        _ name: String, _ arguments: [String], environment: [String: String] = [:], expecting status: Int32 = 0
    ) throws -> String {
        let log = "\(folder)/\(name)-\(UUID().uuidString.prefix(8)).out"
        let process = try ChildProcess(
            name: name, executable: Self.executable(name), arguments: arguments, environment: environment, log: log)
        let exit = process.waitForExit(timeout: .seconds(60))
        guard exit == .status(status) else {
            process.kill()
            throw TestFailure(
                "\(name) \(arguments): \(exit.map { "\($0)" } ?? "does not end"), want \(status)\n\(process.output)")
        }
        return process.output
    }
}

/// Waits for 200 from `/readyz`.
public func waitUntilReady(_ process: ChildProcess, port: UInt16, timeout: Duration = .seconds(30)) throws {
    var last = "nothing"
    try waitUntil("\(process.name) is ready", timeout: timeout, detail: { "\(last)\n\(process.tail())" }) {
        guard process.isRunning else { throw TestFailure("\(process.name) ended: \(process.tail())") }
        guard let answer = try? HTTPCaller(port: port, timeout: .seconds(5)).send("GET", "/readyz") else {
            return false
        }
        last = "\(answer.status) \(answer.text)"
        return answer.status == 200
    }
}

/// The last ports that were handed out: nobody may listen on them yet.
private let portsHandedOut = Mutex<[UInt16]>([])

/// A port that nobody listens on, below the range that the kernel hands out to callers, so that none takes it meanwhile. Another one
/// each time.
public func freePort() -> UInt16 {
    while true {
        let port = UInt16.random(in: 20_000..<32_000)
        let isNew = portsHandedOut.withLock { ports in
            guard !ports.contains(port) else { return false }
            ports = ports.suffix(999) + [port]
            return true
        }
        guard isNew else { continue }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let code = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if code == 0 { return port }
    }
}
