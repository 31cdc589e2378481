import Glibc
public import Shared

/// The settings of `weir-data`. What operators change while it runs (keys, routes, prices) comes by snapshot instead.
public struct DataPlaneConfiguration: ProcessConfiguration {
    public static let section = "dataPlane"

    public var listenHost = "0.0.0.0"
    public var listenPort = 8080
    public var servesPlainHTTP = true
    public var opsHost = "127.0.0.1"
    public var opsPort = 8081
    /// 0: one for each processor.
    public var threads = 0
    public var spinMicroseconds = 0
    public var streamGatherMilliseconds = 3
    public var connectionsMax = 16_000
    /// 0: as many as `connectionsMax`. Behind a load balancer all callers may have one address.
    public var connectionsPerSourceMax = 0
    /// 0: half of what the machine or the control group gives.
    public var bufferBytesMax = 0
    public var headBytesMax = 64 * 1024
    public var bodyBytesMax = 32 * 1024 * 1024
    public var fileBytesMax = 512 * 1024 * 1024
    public var headTimeoutMilliseconds = 10_000
    public var bodyTimeoutMilliseconds = 30_000
    public var bodyTotalTimeoutMilliseconds = 600_000
    public var bytesPerSecondMin = 4_096
    public var idleTimeoutMilliseconds = 75_000
    public var writeTimeoutMilliseconds = 60_000
    /// Load balancers look every second or two, and believe the second answer.
    public var drainAnnounceMilliseconds = 5_000
    public var drainTimeoutMilliseconds = 30_000
    public var takeOverTimeoutMilliseconds = 30_000
    public var loopStallMilliseconds = 2_000
    /// 0: never.
    public var loopStallAbortMilliseconds = 0
    public var accessLog = "stdout"
    public var logLevel = LogLevel.info
    public var upstreamCAFile = ""
    public var upstream = UpstreamConfiguration()
    public var overload = OverloadConfiguration()
    public var tls = TLSConfiguration()
    public var cors = CrossOriginConfiguration()
    public var fleet = FleetConfiguration()
    public var journal = JournalConfiguration()

    public init() {}

    public static var fields: [ConfigurationField] {
        [
            ConfigurationField("listenHost", .string, "Numeric address that callers connect to."),
            .integer("listenPort", 0...65_535, "Port that callers connect to; 0 takes any free one."),
            ConfigurationField(
                "servesPlainHTTP", .boolean, "Open listenPort, without TLS; false leaves the TLS listener alone."),
            ConfigurationField("opsHost", .string, "Numeric address of /healthz, /readyz and /metrics."),
            .integer("opsPort", 0...65_535, "Port of /healthz, /readyz and /metrics; not for callers."),
            .integer("threads", 0...256, "Event-loop threads; 0 takes one for each processor."),
            .integer(
                "spinMicroseconds", 0...1_000,
                "Time a thread polls before it sleeps: less latency on a processor of its own, more CPU elsewhere."),
            .integer(
                "streamGatherMilliseconds", 0...10,
                "How long a piece of a stream may wait for others where they wake a thread more than once in this time: less CPU. Where they are rarer none waits. 0 passes each on at once."
            ),
            .integer(
                "connectionsMax", 1...1_000_000, "Connections of callers, over all threads; more are a 503."),
            .integer(
                "connectionsPerSourceMax", 0...1_000_000,
                "Connections from one IPv4 address or one IPv6 /64; more are a 429. 0 sets no limit."),
            .integer(
                "bufferBytesMax", 0...1_125_899_906_842_624,
                "Bytes that all buffers may hold; new work is a 503 beyond. 0 takes half of the memory of the machine or control group."
            ),
            .integer("headBytesMax", 1_024...1_048_576, "Bytes of a request head; more is a 431."),
            .integer("bodyBytesMax", 1_024...1_073_741_824, "Bytes of a request body; more is a 413."),
            .integer(
                "fileBytesMax", 1_024...1_099_511_627_776,
                "Bytes of a form that sends a file to be kept (/v1/files), which passes while it arrives; more is a 413."
            ),
            .integer("headTimeoutMilliseconds", 1...600_000, "Time for a request head, from its first byte; then 408."),
            .integer("bodyTimeoutMilliseconds", 1...600_000, "Silence allowed within a request body; then 408."),
            .integer(
                "bodyTotalTimeoutMilliseconds", 1...86_400_000, "Time for a whole request body; then 408."),
            .integer(
                "bytesPerSecondMin", 1...1_000_000_000,
                "Average rate that a body must keep up, either way, once bodyTimeout or writeTimeout has passed."),
            .integer("idleTimeoutMilliseconds", 1...3_600_000, "Time a connection may stay open between two requests."),
            .integer(
                "writeTimeoutMilliseconds", 1...3_600_000,
                "Time a caller may take to accept a piece of its answer, besides what bytesPerSecondMin gives a large one."
            ),
            .integer(
                "drainAnnounceMilliseconds", 0...600_000,
                "Time after SIGTERM in which /readyz says 503 and callers are still served, so that load balancers notice."
            ),
            .integer(
                "drainTimeoutMilliseconds", 0...3_600_000,
                "Time that requests in flight get after that; then streams end with an error event."),
            .integer(
                "takeOverTimeoutMilliseconds", 1...600_000,
                "Time within which a process started with --take-over must serve; else the old one goes on."),
            .integer(
                "loopStallMilliseconds", 10...600_000,
                "A turn of an event loop that lasts longer is logged, counted, and makes the replica not ready."),
            .integer(
                "loopStallAbortMilliseconds", 0...3_600_000,
                "A turn of an event loop that lasts longer ends the process, with a core file; 0: never."),
            ConfigurationField("accessLog", .string, "Where the access log goes: stdout, none, or a file."),
            .choice("logLevel", LogLevel.self, "Lowest level that is logged to standard error."),
            ConfigurationField(
                "upstreamCAFile", .string, "Authorities (PEM) to trust for providers at https, instead of the system's."
            ),
        ] + UpstreamConfiguration.fields(under: "upstream") + OverloadConfiguration.fields(under: "overload")
            + TLSConfiguration.fields(under: "tls")
            + CrossOriginConfiguration.fields(under: "cors")
            + FleetConfiguration.fields(under: "fleet")
            + JournalConfiguration.fields(under: "journal")
    }

    public func validate() -> [ConfigurationProblem] {
        var problems: [ConfigurationProblem] = []
        for (path, host) in [("listenHost", listenHost), ("opsHost", opsHost)]
        where SocketAddress(numeric: host, port: 0) == nil {
            problems.append(ConfigurationProblem(path, "got \"\(host)\", want a numeric address such as 0.0.0.0 or ::"))
        }
        if listenPort == opsPort, listenPort != 0 {
            problems.append(ConfigurationProblem("opsPort", "must differ from listenPort, both are \(opsPort)"))
        }
        if loopStallAbortMilliseconds > 0, loopStallAbortMilliseconds < loopStallMilliseconds {
            problems.append(
                ConfigurationProblem(
                    "loopStallAbortMilliseconds",
                    "must be 0 or at least loopStallMilliseconds, which is \(loopStallMilliseconds)"))
        }
        if bufferBytesMax > 0, bufferBytesMax < 2 * bodyBytesMax {
            problems.append(
                ConfigurationProblem(
                    "bufferBytesMax",
                    "got \(bufferBytesMax), want at least twice bodyBytesMax (\(bodyBytesMax)), or the largest bodies never get in"
                ))
        }
        if accessLog.isEmpty {
            problems.append(ConfigurationProblem("accessLog", "want stdout, none, or a file's path"))
        }
        if !servesPlainHTTP, !tls.isOn {
            problems.append(
                ConfigurationProblem(
                    "servesPlainHTTP", "is false and tls.certificateFiles is empty: callers could connect nowhere"))
        }
        problems += tls.validate(
            under: "tls", otherPorts: [("opsPort", opsPort)] + (servesPlainHTTP ? [("listenPort", listenPort)] : []))
        return problems + cors.validate(under: "cors") + fleet.validate(under: "fleet")
            + journal.validate(under: "journal", threads: threadCount)
    }

    /// `threads`, with 0 resolved.
    var threadCount: Int { threads > 0 ? threads : max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
