import Glibc
import Shared

/// What `weir-load leases` and `weir-load events` do to a control plane: the part of data planes.
struct LedgerLoadOptions: Sendable {
    var port: UInt16
    var token: String
    var connections: Int
    var seconds: Int
    /// Allowances of three kinds in turn, as `ledger.sh` makes them: money, tokens, requests.
    var allowances: Int

    init(_ arguments: inout Arguments) throws(UsageError) {
        port = UInt16(try arguments.number("--port", in: 1...65_535))
        token = arguments.text("--token", default: "")
        connections = try arguments.number("--connections", in: 1...1_000, default: 64)
        seconds = try arguments.number("--seconds", in: 1...3_600, default: 5)
        allowances = try arguments.number("--allowances", in: 3...100_000, default: 300)
        try arguments.finish()
    }

    func account(_ index: Int) -> AccountKey {
        AccountKey(allowanceID: ObjectID(high: 0x7000, low: 0x8000_0000_0000_0000 | UInt64(index)))
    }
}

/// Adds up what the connections did; the loop stops with the last.
final class LedgerTotals: @unchecked Sendable {
    // Concurrency: touched by tasks of the one loop only.
    private var running: Int
    private let all: Int
    private let ready: LevelSignal
    private(set) var began: MonotonicTime
    private(set) var operations = 0
    private(set) var charged: Int64 = 0
    private(set) var latency = Histogram()
    private(set) var faults: [AnswerFault: Int] = [:]

    init(connections: Int, on loop: EventLoop) {
        running = connections
        all = connections
        ready = LevelSignal(on: loop)
        began = loop.now
    }

    /// Waits until every connection has made its preparations; the time counts from there.
    func begin(on loop: EventLoop) async {
        ready.raise()
        if ready.level == UInt64(all) { began = loop.refreshedNow() }
        _ = await ready.wait(beyond: UInt64(all) - 1, timeout: .seconds(30))
    }

    func did(_ count: Int, in nanoseconds: UInt64, charging amount: Int64 = 0) {
        operations += count
        charged += amount
        latency.add(nanoseconds)
    }

    func failed(_ fault: AnswerFault) { faults[fault, default: 0] += 1 }

    func isLast() -> Bool {
        running -= 1
        return running == 0
    }
}

/// One connection to the fleet API.
private final class FleetCaller {
    private let options: LedgerLoadOptions
    private let loop: EventLoop
    private var reader = AnswerReader()
    private var connection: Connection?

    init(_ options: LedgerLoadOptions, on loop: EventLoop) {
        self.options = options
        self.loop = loop
    }

    func post(_ path: String, _ body: [UInt8]) async throws(AnswerFault) -> [UInt8] {
        let connection = try await connected()
        connection.setDeadline(after: .seconds(30))
        connection.output.append(
            "POST \(path) HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer \(options.token)\r\ncontent-length: \(body.count)\r\n\r\n"
        )
        connection.output.append(body)
        do { try await connection.flush() } catch { throw error == .timedOut ? .timedOut : .closed }
        try await reader.readAnswer(from: connection)
        return unsafe Array(reader.body.readable)
    }

    private func connected() async throws(AnswerFault) -> Connection {
        if let connection { return connection }
        guard let address = SocketAddress(numeric: "127.0.0.1", port: options.port) else { throw .refused }
        do {
            let opened = try await Connection.connect(
                to: address, on: loop, deadline: loop.now.advanced(by: .seconds(5)))
            connection = opened
            return opened
        } catch { throw .refused }
    }
}

/// A holder that asks for one account after another, one ask a request: what many quiet data planes do.
struct LeaseLoad {
    let options: LedgerLoadOptions
    let totals: LedgerTotals

    func run(_ number: Int, on loop: EventLoop) async {
        let caller = FleetCaller(options, on: loop)
        let node = ObjectID.random()
        let incarnation = ObjectID.random()
        var known: [Int: Int64] = [:]
        var sequence: Int64 = 0
        // Each begins elsewhere, so that accounts are shared without all meeting at one.
        var index = number * 17
        let end = totals.began.advanced(by: .seconds(Int64(options.seconds)))
        var now = loop.refreshedNow()
        while now < end {
            index = (index + 1) % options.allowances
            sequence += 1
            let request = LeaseRequest(
                nodeID: node, incarnation: incarnation, waitMilliseconds: 250,
                asks: [
                    LeaseRequest.Ask(
                        allowanceID: options.account(index).allowanceID, endUser: nil, sequence: sequence,
                        windowStartUnixSeconds: 0, grantedTotal: known[index] ?? 0, need: 1_000, want: 4_000)
                ])
            do {
                let body = try await caller.post("/fleet/v1/leases", CanonicalJSON.encode(request))
                guard let answer: LeaseAnswer = try? StrictJSONDecoder.decode(from: body), answer.grants.count == 1,
                    answer.grants[0].verdict == .granted
                else { throw AnswerFault.marker }
                known[index] = answer.grants[0].grantedTotal
                let answered = loop.refreshedNow()
                totals.did(1, in: answered.nanoseconds &- now.nanoseconds)
                now = answered
            } catch {
                totals.failed(error as? AnswerFault ?? .marker)
                return
            }
        }
    }
}

/// A journal stream that is shipped as fast as it is taken: an intent and a settle for each request, charged to a money, a token and
/// a request allowance under a lease.
struct EventLoad {
    let options: LedgerLoadOptions
    let totals: LedgerTotals

    private static let organization = ObjectID.random()
    private static let others = (0..<4).map { _ in ObjectID.random() }

    func run(_ number: Int, on loop: EventLoop) async {
        let caller = FleetCaller(options, on: loop)
        let stream = StreamID(nodeID: .random(), incarnation: .random(), thread: 0)
        let keys = options.allowances / 3
        do {
            try await borrow(caller, stream, keys: keys)
            await totals.begin(on: loop)
            let end = totals.began.advanced(by: .seconds(Int64(options.seconds)))
            var now = loop.refreshedNow()
            var first: UInt64 = 1
            var request: UInt64 = 0
            while now < end {
                var frames: [UInt8] = []
                var events = 0
                frames.reserveCapacity(UsageBatch.frameBytesMax)
                while events * 2 + 2 <= UsageBatch.recordsMax, frames.count + 1_000 < UsageBatch.frameBytesMax {
                    request += 1
                    append(request, key: Int(request &* 7 &+ UInt64(number)) % keys, stream, to: &frames)
                    events += 1
                }
                let batch = UsageBatch.encode(
                    stream: stream, firstSequence: first, recordCount: events * 2, frames: frames)
                _ = try await caller.post("/fleet/v1/usage", batch)
                first += UInt64(events * 2)
                let answered = loop.refreshedNow()
                totals.did(
                    events, in: answered.nanoseconds &- now.nanoseconds, charging: Int64(events) * Self.charge)
                now = answered
            }
        } catch {
            totals.failed(error as? AnswerFault ?? .marker)
        }
    }

    /// Nanodollars of one request; beside them it is charged as many tokens as `tokens`, and one request.
    static let charge: Int64 = 1_234_000
    private static let tokens: Int64 = 520

    private func borrow(_ caller: FleetCaller, _ stream: StreamID, keys: Int) async throws {
        for from in stride(from: 0, to: keys * 3, by: LeaseRequest.asksMax) {
            let request = LeaseRequest(
                nodeID: stream.nodeID, incarnation: stream.incarnation, waitMilliseconds: 0,
                asks: (from..<min(keys * 3, from + LeaseRequest.asksMax)).map {
                    LeaseRequest.Ask(
                        allowanceID: options.account($0).allowanceID, endUser: nil, sequence: 1,
                        windowStartUnixSeconds: 0, grantedTotal: 0, need: 1_000_000_000_000, want: 1_000_000_000_000)
                })
            let body = try await caller.post("/fleet/v1/leases", CanonicalJSON.encode(request))
            let answer: LeaseAnswer = try StrictJSONDecoder.decode(from: body)
            guard answer.grants.allSatisfy({ $0.verdict == .granted }) else { throw AnswerFault.marker }
        }
    }

    private func append(_ request: UInt64, key: Int, _ stream: StreamID, to frames: inout [UInt8]) {
        let now = WallTime.unixMilliseconds()
        let money = options.account(key * 3)
        let tokens = options.account(key * 3 + 1)
        let intent = IntentRecord(
            requestID: ObjectID(
                unixMilliseconds: UInt64(now), random: (high: request, low: stream.incarnation.low &+ request)),
            startedUnixMilliseconds: now, organizationID: Self.organization, teamID: Self.others[0],
            virtualKeyID: VirtualKeyID(high: 0x3030_3030_3030_3030, low: 0x3030_3030 + UInt32(key % 10)),
            routeID: Self.others[1], providerID: Self.others[2], modelID: Self.others[3], priceID: .zero,
            reserved: Money(nanodollars: 6_000_000), endpoint: .chatCompletions, isStream: request % 2 == 0,
            endUser: "",
            lines: [
                ReservationLine(kind: .money, account: money, window: .whole, amount: 6_000_000),
                ReservationLine(kind: .tokens, account: tokens, window: .whole, amount: 2_000),
                ReservationLine(kind: .requests, account: options.account(key * 3 + 2), window: .whole, amount: 1),
            ])
        let settle = SettleRecord(
            intent: intent, outcome: .completed, status: 200, attempts: 1, usage: TokenUsage(input: 400, output: 120),
            usageReported: true, cost: Money(nanodollars: Self.charge), durationMicroseconds: 900_000,
            firstTokenMicroseconds: 200_000, overheadMicroseconds: 90, relayedBytes: 4_000,
            charges: [
                ChargeLine(account: money, window: .whole, amount: Self.charge),
                ChargeLine(account: tokens, window: .whole, amount: Self.tokens),
            ])
        frames += JournalRecord.intent(intent).encode()
        frames += JournalRecord.settle(settle).encode()
    }
}
