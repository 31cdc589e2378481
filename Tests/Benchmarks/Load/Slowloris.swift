import Glibc
import Shared

struct SlowlorisOptions: Sendable {
    var port: UInt16
    var connections: Int
    /// How many of them send one byte a second.
    var slow: Int
    var baselineSeconds: Int
    var seconds: Int
    /// Requests in a second, of all the others together.
    var rate: Int
    /// The process whose memory is looked at.
    var pid: Int
    var p99RatioMax: Int
    var residentMiBMax: Int
    /// A slow connection that lives longer is a fault.
    var deadlineSeconds: Int
    var request: [UInt8]
    /// Of a body that never comes whole.
    var head: [UInt8]

    init(_ arguments: inout Arguments) throws(UsageError) {
        port = UInt16(try arguments.number("--port", in: 1...65_535))
        connections = try arguments.number("--connections", in: 2...60_000, default: 10_000)
        slow = try arguments.number("--slow", in: 1...(connections - 1), default: connections / 2)
        baselineSeconds = try arguments.number("--baseline-seconds", in: 1...600, default: 8)
        seconds = try arguments.number("--seconds", in: 1...600, default: 25)
        rate = try arguments.number("--rate", in: 1...100_000, default: 1_000)
        pid = try arguments.number("--pid", in: 1...Int(Int32.max))
        p99RatioMax = try arguments.number("--p99-ratio-max", in: 1...1_000, default: 2)
        residentMiBMax = try arguments.number("--rss-mib-max", in: 1...1_000_000, default: 1_000_000)
        deadlineSeconds = try arguments.number("--deadline-seconds", in: 1...600, default: 12)
        let key = arguments.text("--key", default: "none")
        let model = arguments.text("--model", default: "bench")
        try arguments.finish()
        request = ChatRequest.bytes(port: port, key: key, model: model, isStreamed: false)
        head = Array(ChatRequest.head(port: port, key: key, bodyBytes: 4_096).utf8)
    }
}

/// One half of the connections asks at a steady rate; then the other half comes and sends one byte a second, in heads and in bodies.
///
/// Concurrency: touched on its loop only, which makes `@unchecked Sendable` true.
final class Slowloris: @unchecked Sendable {
    private let options: SlowlorisOptions
    private let loop: EventLoop
    private var answersInSecond: [Histogram] = []
    private var began = MonotonicTime(nanoseconds: 0)
    private var isOver = false
    private var running = 0
    private var faults: [AnswerFault: Int] = [:]
    private var slowCallers: [SlowCaller] = []
    private var cut408 = 0
    private var cutOtherwise = 0
    private var cutCallers: Set<Int> = []
    private var longestLife = Duration.zero
    private var residentPeakKiB = 0

    init(_ options: SlowlorisOptions, on loop: EventLoop) {
        self.options = options
        self.loop = loop
        let seconds = options.baselineSeconds + options.seconds + 2
        answersInSecond = Array(repeating: Histogram(), count: seconds)
    }

    /// Prints one line; true when every bound was kept.
    func run() async -> Bool {
        let fast = options.connections - options.slow
        var pollers: [FastCaller] = []
        for number in 0..<fast { pollers.append(FastCaller(options, number: number, on: loop)) }
        // All are open before the first second that counts.
        for poller in pollers { await poller.open() }
        began = loop.refreshedNow().advanced(by: .milliseconds(200))
        let end = began.advanced(by: .seconds(options.baselineSeconds + options.seconds))
        for poller in pollers {
            running += 1
            loop.spawn { [self] _ in
                await poller.run(from: began, to: end, telling: self)
                running -= 1
            }
        }
        let attack = began.advanced(by: .seconds(options.baselineSeconds))
        await loop.sleep(for: loop.refreshedNow().duration(to: attack))
        await crawl(until: end)
        isOver = true
        for caller in slowCallers { caller.leave() }
        while running > 0 { await loop.sleep(for: .milliseconds(20)) }
        return report()
    }

    fileprivate func failed(_ fault: AnswerFault) { faults[fault, default: 0] += 1 }

    fileprivate func answered(asked: MonotonicTime, at now: MonotonicTime) {
        let second = Int(began.duration(to: asked).wholeMicroseconds / 1_000_000)
        guard answersInSecond.indices.contains(second) else { return }
        answersInSecond[second].add(now.nanoseconds &- asked.nanoseconds)
    }

    /// Sends one byte a second on each slow connection, a few of them in each millisecond, so that they are a load and not a beat.
    private func crawl(until end: MonotonicTime) async {
        var place = 0
        var due = loop.refreshedNow()
        let share = Double(options.slow) / 1_000
        var owed = 0.0
        while loop.refreshedNow() < end {
            let passed = due.duration(to: loop.now)
            due = loop.now
            owed += share * Double(passed.wholeMicroseconds) / 1_000
            while owed >= 1 {
                owed -= 1
                if place == slowCallers.count, place < options.slow {
                    // They come within the first second.
                    slowCallers.append(SlowCaller(options, number: place, on: loop))
                }
                step(slowCallers[place])
                place = (place + 1) % options.slow
            }
            if place % 64 == 0 {
                residentPeakKiB = max(residentPeakKiB, MemoryReading.of(pid: options.pid).residentKiB)
            }
            await loop.sleep(for: .milliseconds(1))
        }
    }

    private func step(_ caller: SlowCaller) {
        guard caller.isIdle else { return caller.sendByte() }
        running += 1
        loop.spawn { [self] _ in
            let end = await caller.live()
            running -= 1
            guard !isOver else { return }
            switch end {
            case .cutWith408(let life):
                cut408 += 1
                cutCallers.insert(caller.number)
                longestLife = max(longestLife, life)
            case .cutOtherwise: cutOtherwise += 1
            }
        }
    }

    private func report() -> Bool {
        // The median of the seconds' own quantiles: what else the machine does in one of them does not count as the attack's.
        let before = medianP99(0..<options.baselineSeconds)
        // The first second of the attack opens all its connections, which is another load than theirs.
        let during = medianP99((options.baselineSeconds + 1)..<(options.baselineSeconds + options.seconds))
        let ratio = during / max(1, before)
        let faultCount = faults.values.reduce(0, +)
        let answers = answersInSecond.reduce(0) { $0 + $1.count }
        print(
            "slowloris: connections=\(options.connections) slow=\(options.slow) answers=\(answers)",
            "p99_us=\(Int(before / 1_000)) p99_attacked_us=\(Int(during / 1_000))",
            "p99_ratio=\((ratio * 100).rounded() / 100) cut_408=\(cut408) uncut=\(options.slow - cutCallers.count) cut_otherwise=\(cutOtherwise)",
            "longest_s=\(Double(longestLife.wholeMicroseconds / 100_000) / 10) rss_mib=\(residentPeakKiB / 1024)",
            "faults=\(faultCount)")
        var broken: [String] = []
        if ratio > Double(options.p99RatioMax) { broken.append("p99_ratio") }
        if residentPeakKiB / 1024 > options.residentMiBMax { broken.append("rss_mib") }
        if cutCallers.count < options.slow { broken.append("uncut") }
        if cutOtherwise > 0 { broken.append("cut_otherwise") }
        if longestLife > .seconds(options.deadlineSeconds) { broken.append("longest_s") }
        if faultCount > 0 { broken.append("faults \(faults)") }
        if answers == 0 { broken.append("answers") }
        if !broken.isEmpty { writeToStandardError("weir-load: out of bounds: \(broken.joined(separator: ", "))\n") }
        return broken.isEmpty
    }

    private func medianP99(_ seconds: Range<Int>) -> Double {
        let quantiles = seconds.map { answersInSecond[$0] }.filter { $0.count > 0 }.map { $0.quantile(0.99) }.sorted()
        return quantiles.isEmpty ? 0 : quantiles[quantiles.count / 2]
    }
}

/// Asks on one connection, at its own moments of a steady rate.
///
/// Concurrency: touched on its loop only, which makes `@unchecked Sendable` true.
private final class FastCaller: @unchecked Sendable {
    private let options: SlowlorisOptions
    private let loop: EventLoop
    private let number: Int
    private var connection: Connection?
    private var reader = AnswerReader()

    init(_ options: SlowlorisOptions, number: Int, on loop: EventLoop) {
        self.options = options
        self.number = number
        self.loop = loop
    }

    func open() async { connection = await LoopbackSource.connect(number: number, port: options.port, on: loop) }

    func run(from began: MonotonicTime, to end: MonotonicTime, telling slowloris: Slowloris) async {
        let period = Duration.nanoseconds(
            Int64(options.connections - options.slow) * 1_000_000_000 / Int64(options.rate))
        var next = began.advanced(by: .nanoseconds(Int64(number) * 1_000_000_000 / Int64(options.rate)))
        while next < end {
            let wait = loop.refreshedNow().duration(to: next)
            if wait > .zero { await loop.sleep(for: wait) }
            let asked = loop.refreshedNow()
            do throws(AnswerFault) {
                try await ask()
                slowloris.answered(asked: asked, at: loop.refreshedNow())
            } catch {
                slowloris.failed(error)
                connection?.close()
                connection = nil
            }
            next = next.advanced(by: period)
        }
        connection?.close()
    }

    private func ask() async throws(AnswerFault) {
        if connection == nil { await open() }
        guard let connection else { throw .refused }
        connection.setDeadline(after: .seconds(10))
        connection.output.append(options.request)
        do { try await connection.flush() } catch { throw error == .timedOut ? .timedOut : .closed }
        try await reader.readAnswer(from: connection)
        try reader.checkPlain()
        connection.clearDeadline()
    }
}

/// One connection that is kept open by a byte now and then, and opened again when it was cut.
///
/// Concurrency: touched on its loop only, which makes `@unchecked Sendable` true.
private final class SlowCaller: @unchecked Sendable {
    enum End {
        case cutWith408(after: Duration)
        case cutOtherwise
    }

    private let options: SlowlorisOptions
    private let loop: EventLoop
    let number: Int
    private var connection: Connection?
    private var sent = 0
    private(set) var isIdle = true

    init(_ options: SlowlorisOptions, number: Int, on loop: EventLoop) {
        self.options = options
        self.number = number
        self.loop = loop
    }

    /// From the first byte to the answer that ends it.
    func live() async -> End {
        isIdle = false
        defer { isIdle = true }
        guard let connection = await LoopbackSource.connect(number: number, port: options.port, on: loop) else {
            return .cutOtherwise
        }
        self.connection = connection
        defer {
            self.connection = nil
            connection.close()
        }
        let born = loop.refreshedNow()
        sent = 0
        // Every second one is slow in its body: its head and its key are in order.
        if number.isMultiple(of: 2) { sendByte() } else { send(options.head[...]) }
        do throws(ConnectionError) {
            while connection.input.find("\r\n\r\n") == nil {
                guard try await connection.fill() > 0 else { return .cutOtherwise }
            }
        } catch { return .cutOtherwise }
        guard connection.input.find("HTTP/1.1 408 ") == 0, connection.input.find("\"request_timeout\"") != nil else {
            return .cutOtherwise
        }
        return .cutWith408(after: born.duration(to: loop.refreshedNow()))
    }

    func sendByte() {
        guard connection != nil else { return }
        let index = sent
        sent += 1
        let isHead = number.isMultiple(of: 2)
        send(isHead ? options.head[(index % 16)...(index % 16)] : [UInt8(ascii: " ")])
    }

    /// The few bytes of a slow caller always fit into the socket.
    private func send(_ bytes: ArraySlice<UInt8>) {
        guard let descriptor = connection?.rawDescriptor, descriptor >= 0 else { return }
        _ = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        }
    }

    func leave() { connection?.abort() }
}
