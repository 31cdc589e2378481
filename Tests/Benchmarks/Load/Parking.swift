import Glibc
import Shared

struct ParkingOptions: Sendable {
    var port: UInt16
    var connections: Int
    /// Streams that have begun and say nothing more; else connections that had one answer and ask for nothing more.
    var isStreamed: Bool
    var holdSeconds: Int
    /// The process whose memory is looked at.
    var pid: Int
    var kibPerConnectionMax: Int
    var request: [UInt8]

    init(_ arguments: inout Arguments) throws(UsageError) {
        port = UInt16(try arguments.number("--port", in: 1...65_535))
        connections = try arguments.number("--connections", in: 1...60_000, default: 9_500)
        isStreamed = arguments.flag("--stream")
        holdSeconds = try arguments.number("--hold-seconds", in: 1...600, default: 3)
        pid = try arguments.number("--pid", in: 1...Int(Int32.max))
        kibPerConnectionMax = try arguments.number("--kib-per-connection-max", in: 1...10_000, default: 10_000)
        let key = arguments.text("--key", default: "none")
        let model = arguments.text("--model", default: "bench")
        try arguments.finish()
        request = ChatRequest.bytes(port: port, key: key, model: model, isStreamed: isStreamed)
    }
}

/// Opens connections, leaves them open with nothing going on, and says what each of them costs the server.
///
/// Concurrency: touched on its loop only, which makes `@unchecked Sendable` true.
final class Parking: @unchecked Sendable {
    private let options: ParkingOptions
    private let loop: EventLoop
    private var parked: [Connection] = []
    private var next = 0
    private var openers = 0
    private var faults = 0

    /// As many connections are on their way at a time.
    private static let openersMax = 64

    init(_ options: ParkingOptions, on loop: EventLoop) {
        self.options = options
        self.loop = loop
    }

    /// Prints one line; true when every connection is open and costs no more than it may.
    func run() async -> Bool {
        // The first requests fill pools and caches that one connection needs as much as all of them.
        for _ in 0..<Self.openersMax { if let connection = await open() { parked.append(connection) } }
        let before = MemoryReading.of(pid: options.pid)
        let warm = parked.count
        openers = Self.openersMax
        for _ in 0..<Self.openersMax {
            loop.spawn { [self] _ in
                while next < options.connections - warm {
                    next += 1
                    if let connection = await open() { parked.append(connection) } else { faults += 1 }
                }
                openers -= 1
            }
        }
        while openers > 0 { await loop.sleep(for: .milliseconds(20)) }
        await loop.sleep(for: .seconds(options.holdSeconds))
        let after = MemoryReading.of(pid: options.pid)
        let kib = Double(after.residentKiB - before.residentKiB) / Double(max(1, parked.count - warm))
        let stillOpen = parked.count { !$0.peerIsGone }
        print(
            "parked: connections=\(stillOpen) kind=\(options.isStreamed ? "stream" : "idle")",
            "kib_per_connection=\((kib * 100).rounded() / 100) rss_before_mib=\(before.residentKiB / 1024)",
            "rss_mib=\(after.residentKiB / 1024) rss_peak_mib=\(after.peakKiB / 1024) faults=\(faults)")
        let isHeld = stillOpen == options.connections && kib <= Double(options.kibPerConnectionMax)
        for connection in parked { connection.close() }
        return isHeld && faults == 0
    }

    /// A connection whose answer has come, or whose stream has begun.
    private func open() async -> Connection? {
        guard let connection = await LoopbackSource.connect(number: parked.count, port: options.port, on: loop) else {
            return nil
        }
        connection.setDeadline(after: .seconds(30))
        connection.output.append(options.request)
        do {
            try await connection.flush()
            if options.isStreamed {
                while connection.input.find("\ndata: ") == nil {
                    guard try await connection.fill() > 0 else { return nil }
                }
            } else {
                var reader = AnswerReader()
                try await reader.readAnswer(from: connection)
            }
        } catch { return nil }
        connection.clearDeadline()
        return connection
    }
}

/// The addresses that connections are made from: a pair of addresses has 28,000 ports by default, and limits are by address.
enum LoopbackSource {
    private static let count = 16

    static func connect(number: Int, port: UInt16, on loop: EventLoop) async -> Connection? {
        guard let address = SocketAddress(numeric: "127.0.0.1", port: port),
            let source = SocketAddress(numeric: "127.0.0.\(2 + number % count)", port: 0)
        else { return nil }
        return try? await Connection.connect(
            to: address, from: source, on: loop, deadline: loop.refreshedNow().advanced(by: .seconds(30)))
    }
}

/// What the kernel says about a process's memory; zeros when it is gone.
struct MemoryReading {
    var residentKiB = 0
    var peakKiB = 0

    static func of(pid: Int) -> MemoryReading {
        var reading = MemoryReading()
        guard let file = unsafe fopen("/proc/\(pid)/status", "re") else { return reading }
        defer { unsafe fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while unsafe fgets(&line, Int32(line.count), file) != nil {
            let words = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                .split { $0 == " " || $0 == "\t" }
            guard words.count > 1, let kib = Int(words[1]) else { continue }
            if words[0] == "VmRSS:" { reading.residentKiB = kib }
            if words[0] == "VmHWM:" { reading.peakKiB = kib }
        }
        return reading
    }
}
