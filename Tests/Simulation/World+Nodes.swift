import ControlPlane
import DataPlane
import Shared

/// What the data planes do: requests, journals, the keeper's driver.
extension World {
    // MARK: Life and death

    /// Starts a process on a node; it first settles what the one before left open.
    mutating func start(_ node: Int) {
        let incarnation = newID()
        for old in nodes[node].unclosed { interruptOpenIntents(node, old) }
        let data = nodes[node].streams.count
        for thread in UInt32(0)..<2 {
            nodes[node].streams.append(
                SimStream(id: StreamID(nodeID: nodes[node].id, incarnation: incarnation, thread: thread)))
        }
        var core = WalletCore(settings: WalletSettings(), seed: random.next(), rules: rule.wallet)
        core.liveNodes = Int64(nodes.count)
        nodes[node].process = SimProcess(
            incarnation: incarnation, core: core, dataStream: data, controlStream: data + 1,
            clockOffset: UInt64.random(in: 1_000...(1 << 40), using: &random))
        ship(node)
    }

    /// The process dies. Its disk stays, or goes with it.
    mutating func crash(_ node: Int, losesDisk: Bool) {
        guard let process = nodes[node].process else { return }
        figures.crashes += 1
        let holder = LeaseHolder(nodeID: nodes[node].id, incarnation: process.incarnation)
        // The providers go on for a while: what they bill is known to nobody but at most what was reserved.
        for id in process.requests.keys.sorted(by: { $0.slot < $1.slot }) {
            guard let request = process.requests[id] else { continue }
            for (index, line) in request.held.enumerated() where line.kind == .money || line.kind == .tokens {
                bill(line, min(request.actual[index], line.amount))
            }
        }
        nodes[node].process = nil
        for index in nodes[node].streams.indices { nodes[node].streams[index].isInFlight = false }
        if losesDisk {
            figures.removed += 1
            held[holder] = nil
            unapplied = unapplied.filter { $0.key.nodeID != holder.nodeID }
            nodes[node].streams = []
            nodes[node].unclosed = []
            nodes[node].openIntents = [:]
            nodes[node].id = newID()
        } else {
            nodes[node].unclosed.append(process.incarnation)
        }
    }

    private mutating func interruptOpenIntents(_ node: Int, _ incarnation: ObjectID) {
        let holder = LeaseHolder(nodeID: nodes[node].id, incarnation: incarnation)
        guard
            let data = nodes[node].streams.firstIndex(where: { $0.id.incarnation == incarnation && $0.id.thread == 0 }),
            !nodes[node].streams[data].isEnded
        else { return }
        let open = nodes[node].openIntents.removeValue(forKey: incarnation) ?? [:]
        for number in open.keys.sorted() {
            guard let lines = open[number] else { continue }
            let charges = lines.filter { $0.kind == .money || $0.kind == .tokens }.map {
                ChargeLine(account: $0.account, window: $0.window, amount: $0.amount)
            }
            append(.settle(Self.settleRecord(lines, charges)), node: node, stream: data)
        }
        held[holder] = nil
        for index in nodes[node].streams.indices where nodes[node].streams[index].id.incarnation == incarnation {
            append(.streamEnd, node: node, stream: index)
            nodes[node].streams[index].isEnded = true
        }
    }

    // MARK: Requests

    mutating func arrive(_ node: Int) {
        let isBusy = (now / (20 * Self.second) + UInt64(node)) % 3 != 0
        let pause = Self.millisecond * UInt64.random(in: isBusy ? 5...60 : 100...800, using: &random)
        if isLoadOn { queue.push(.arrival(node: node), at: now + pause) }
        guard isLoadOn, nodes[node].process != nil else { return }
        begin(node, makeRequest())
    }

    private mutating func makeRequest() -> SimRequest {
        var lines: [WalletLine] = []
        var actual: [Int64] = []
        let cost = Double.random(in: 0.02...1, using: &random)
        let used =
            chance(0.1)
            ? 0 : chance(0.02) ? Double.random(in: 1...1.5, using: &random) : Double.random(in: 0...1, using: &random)
        let count = Int.random(in: 1...4, using: &random)
        for index in 0..<allowances.count where Int.random(in: 0..<allowances.count, using: &random) < count {
            let allowance = allowances[index]
            let user = allowance.endUsers > 0 ? "user-\(Int.random(in: 0..<allowance.endUsers, using: &random))" : nil
            let amount = max(1, Int64(Double(allowance.worst) * cost))
            lines.append(
                WalletLine(
                    kind: allowance.terms.kind,
                    account: AccountKey(allowanceID: allowance.id, subject: user.map(EndUserSubject.of) ?? 0),
                    endUser: user,
                    isSoft: allowance.isSoft, slidingMilliseconds: allowance.slidingMilliseconds,
                    limit: allowance.terms.limit, amount: amount))
            actual.append(Int64(Double(amount) * used))
        }
        requestCount += 1
        let isStream = chance(0.05)
        let duration = UInt64.random(in: isStream ? 2_000...40_000 : 20...900, using: &random) * Self.millisecond
        return SimRequest(number: requestCount, lines: lines, actual: actual, duration: duration, arrivedAt: now)
    }

    mutating func begin(_ node: Int, _ request: SimRequest) {
        if !request.isClamped { figures.requests += 1 }
        var request = request
        let outcome = change(node) { $0.reserve(request.lines, into: &request.held, now: $1) }
        take(node, request, outcome)
        pump(node)
    }

    private mutating func take(_ node: Int, _ request: SimRequest, _ outcome: WalletOutcome) {
        guard let incarnation = nodes[node].process?.incarnation else { return }
        switch outcome {
        case .waits(let id):
            nodes[node].process?.waiting[id] = request
            figures.waited += 1
            if areFaultsOn, chance(0.05) {
                queue.push(
                    .leave(node: node, incarnation: incarnation, id),
                    at: now + Self.millisecond * UInt64.random(in: 1...3_000, using: &random))
            }
        case .held(let id): admit(node, request, id)
        case .refused(let refusal): refused(node, request, refusal)
        }
    }

    private mutating func admit(_ node: Int, _ request: SimRequest, _ id: HoldID) {
        guard let incarnation = nodes[node].process?.incarnation, let stream = nodes[node].process?.dataStream else {
            return
        }
        let holder = LeaseHolder(nodeID: nodes[node].id, incarnation: incarnation)
        if areFaultsOn, chance(0.01) {
            // The journal refused the intent.
            change(node) { $0.release(id, now: $1) }
            return
        }
        figures.admitted += 1
        longestWait = max(longestWait, now - request.arrivedAt)
        if request.isProbe { probesAdmitted += 1 }
        for line in request.held where line.window != .unleased && line.kind != .requests {
            held[holder, default: [:]][HoldingKey(account: line.account, window: line.window), default: 0] +=
                line.amount
        }
        for line in request.held where line.kind == .requests { bill(line, line.amount) }
        append(.intent(Self.intentRecord(request.held)), node: node, stream: stream)
        nodes[node].openIntents[incarnation, default: [:]][request.number] = request.held
        nodes[node].process?.requests[id] = request
        queue.push(.done(node: node, incarnation: incarnation, id), at: now + request.duration)
        if chance(0.1) {
            queue.push(.tighten(node: node, incarnation: incarnation, id), at: now + request.duration / 2)
        }
    }

    private mutating func refused(_ node: Int, _ request: SimRequest, _ refusal: WalletRefusal) {
        if request.isProbe { probeRefusals.append("\(refusal)") }
        switch refusal.reason {
        case .exhausted:
            // Half of them may be clamped: they come again with what fits.
            if refusal.kind == .money, !request.isClamped, !request.isProbe, refusal.fits > 0, request.number % 2 == 0 {
                var smaller = request
                smaller.isClamped = true
                for index in smaller.lines.indices where smaller.lines[index].kind == .money {
                    smaller.lines[index].amount = min(smaller.lines[index].amount, refusal.fits)
                    smaller.actual[index] = min(smaller.actual[index], smaller.lines[index].amount)
                }
                begin(node, smaller)
                return
            }
            figures.exhausted += 1
            checkRefusal(request, refusal)
        case .unavailable: figures.unavailable += 1
        case .busy: figures.busy += 1
        case .overloaded: figures.overloaded += 1
        }
    }

    mutating func finish(_ node: Int, _ id: HoldID) {
        guard let request = nodes[node].process?.requests.removeValue(forKey: id),
            let stream = nodes[node].process?.dataStream, let incarnation = nodes[node].process?.incarnation
        else { return }
        var charges: [ChargeLine] = []
        change(node) { $0.charge(id, now: $1, charges: &charges) { line, _ in request.actual[line] } }
        drop(node, request.held)
        for (index, line) in request.held.enumerated() where line.kind == .money || line.kind == .tokens {
            let charge = charges.first { $0.account == line.account }
            if charge?.debt ?? 0 > 0 { figures.debts += 1 }
            bill(line, request.actual[index] - (charge?.debt ?? 0))
        }
        nodes[node].openIntents[incarnation]?[request.number] = nil
        append(.settle(Self.settleRecord(request.held, charges)), node: node, stream: stream)
        change(node) { $0.freeRest(id, now: $1) }
        pump(node)
    }

    mutating func tighten(_ node: Int, _ id: HoldID) {
        guard let request = nodes[node].process?.requests[id],
            let index = request.held.firstIndex(where: { $0.kind == .money })
        else { return }
        let amount = max(request.actual[index], request.held[index].amount / 2)
        guard amount < request.held[index].amount else { return }
        change(node) { $0.tighten(id, line: index, to: amount, now: $1) }
        drop(node, [request.held[index]], less: amount)
        nodes[node].process?.requests[id]?.held[index].amount = amount
        pump(node)
    }

    mutating func leave(_ node: Int, _ id: HoldID) {
        guard nodes[node].process?.waiting.removeValue(forKey: id) != nil else { return }
        change(node) { $0.cancel(id, now: $1) }
        pump(node)
    }

    /// No longer held by a request.
    private mutating func drop(_ node: Int, _ lines: [ReservationLine], less kept: Int64 = 0) {
        guard let incarnation = nodes[node].process?.incarnation else { return }
        let holder = LeaseHolder(nodeID: nodes[node].id, incarnation: incarnation)
        for line in lines where line.window != .unleased && line.kind != .requests {
            held[holder, default: [:]][HoldingKey(account: line.account, window: line.window), default: 0] -=
                line.amount - kept
        }
    }

    // MARK: The keeper's driver

    mutating func tick(_ node: Int) {
        nodes[node].process?.nextTick = .max
        change(node) { $0.tick(now: $1) }
        pump(node)
    }

    mutating func receive(_ node: Int, _ number: Int, _ answer: LeaseAnswer?) {
        guard let batch = nodes[node].process?.batches.removeValue(forKey: number) else { return }
        change(node) { core, time in
            if let answer { core.receive(answer, to: batch, now: time) } else { core.failed(batch, now: time) }
        }
        pump(node)
    }

    mutating func recalled(_ node: Int, _ recall: RecallAnswer.Recall) {
        let key = AccountKey(allowanceID: recall.allowanceID, subject: recall.endUser.map(EndUserSubject.of) ?? 0)
        let window = AccountWindow(startUnixSeconds: recall.windowStartUnixSeconds)
        change(node) { $0.recall(key, window: window, now: $1) }
        pump(node)
    }

    /// Carries out what the wallet wants: claims, returns, asks, the next tick.
    mutating func pump(_ node: Int) {
        while let id = nodes[node].process?.core.woken.first {
            nodes[node].process?.core.woken.removeFirst()
            guard var request = nodes[node].process?.waiting.removeValue(forKey: id) else { continue }
            let outcome = change(node) { $0.claim(id, into: &request.held, now: $1) }
            take(node, request, outcome)
        }
        guard var process = nodes[node].process else { return }
        var returns: [ReturnRecord] = []
        process.core.takeReturns { returns.append($0) }
        let time = MonotonicTime(nanoseconds: now + process.clockOffset)
        var batches: [LeaseBatch] = []
        while let batch = process.core.nextBatch(now: time) { batches.append(batch) }
        let wake = process.core.nextWake(now: time).nanoseconds
        let stream = process.controlStream
        let incarnation = process.incarnation
        nodes[node].process = process
        for record in returns { append(.returned(record), node: node, stream: stream) }
        if !returns.isEmpty { ship(node) } else { shipSoon(node) }
        for batch in batches { call(node, batch) }
        guard wake != .max else { return }
        let at = max(now + 1, wake - process.clockOffset)
        if at < nodes[node].process?.nextTick ?? 0 {
            nodes[node].process?.nextTick = at
            queue.push(.tick(node: node, incarnation: incarnation), at: at)
        }
    }

    private mutating func call(_ node: Int, _ batch: LeaseBatch) {
        guard let incarnation = nodes[node].process?.incarnation else { return }
        callCount += 1
        figures.asks += batch.asks.count
        nodes[node].process?.batches[callCount] = batch
        let call = SimCall(
            number: callCount, node: node, incarnation: incarnation,
            control: Int.random(in: 0..<controlsUp.count, using: &random),
            request: LeaseRequest(
                nodeID: nodes[node].id, incarnation: incarnation, waitMilliseconds: batch.waitMilliseconds,
                asks: batch.asks),
            deadline: 0)
        send(.call(call), node: node)
        queue.push(
            .callTimeout(node: node, incarnation: incarnation, number: callCount),
            at: now + UInt64(batch.waitMilliseconds + 700) * Self.millisecond)
    }

    @discardableResult
    private mutating func change<Result>(_ node: Int, _ body: (inout WalletCore, MonotonicTime) -> Result) -> Result {
        guard let offset = nodes[node].process?.clockOffset else { preconditionFailure("no process") }
        touchedNode = node
        // Taken out for the change: otherwise the pools would be copied for it.
        guard var process = nodes[node].process.take() else { preconditionFailure("no process") }
        defer { nodes[node].process = process }
        return body(&process.core, MonotonicTime(nanoseconds: now + offset))
    }

    // MARK: Journal

    mutating func append(_ record: JournalRecord, node: Int, stream: Int) {
        nodes[node].streams[stream].records.append(record)
        let holder = LeaseHolder(nodes[node].streams[stream].id)
        for (key, amount) in Self.leased(record) { unapplied[holder, default: [:]][key, default: 0] += amount }
    }

    /// What a record will take from its holder's lease.
    static func leased(_ record: JournalRecord) -> [(HoldingKey, Int64)] {
        switch record {
        case .intent(let intent):
            intent.lines.filter { $0.kind == .requests && $0.window != .unleased }
                .map { (HoldingKey(account: $0.account, window: $0.window), $0.amount) }
        case .settle(let settle):
            settle.charges.filter { $0.window != .unleased }
                .map { (HoldingKey(account: $0.account, window: $0.window), $0.amount) }
        case .returned(let returned):
            [(HoldingKey(account: returned.account, window: returned.window), returned.amount)]
        case .streamEnd, .incarnationClosed, .repeated, .lost, .correction: []
        }
    }

    private mutating func shipSoon(_ node: Int) {
        guard !nodes[node].isShipTimerSet, nodes[node].streams.contains(where: { !$0.records.isEmpty }) else { return }
        nodes[node].isShipTimerSet = true
        queue.push(.ship(node: node), at: now + Self.millisecond * UInt64.random(in: 1...20, using: &random))
    }

    mutating func ship(_ node: Int) {
        nodes[node].isShipTimerSet = false
        guard nodes[node].process != nil else { return }
        for index in nodes[node].streams.indices {
            let stream = nodes[node].streams[index]
            guard !stream.records.isEmpty, !stream.isInFlight else { continue }
            nodes[node].streams[index].isInFlight = true
            send(
                .batch(
                    node: node, stream: stream.id, first: stream.acknowledged,
                    records: Array(stream.records.prefix(64)),
                    control: Int.random(in: 0..<controlsUp.count, using: &random)), node: node)
            queue.push(
                .shipTimeout(node: node, stream: stream.id, first: stream.acknowledged), at: now + Self.second / 2)
        }
    }

    mutating func shipTimeout(_ node: Int, _ id: StreamID, first: Int) {
        guard let index = nodes[node].streams.firstIndex(where: { $0.id == id }) else { return }
        guard nodes[node].streams[index].isInFlight, nodes[node].streams[index].acknowledged == first else { return }
        nodes[node].streams[index].isInFlight = false
        ship(node)
    }

    mutating func acknowledged(_ node: Int, _ id: StreamID, next: Int) {
        guard nodes[node].process != nil, let index = nodes[node].streams.firstIndex(where: { $0.id == id }) else {
            return
        }
        let gone = next - nodes[node].streams[index].acknowledged
        if gone > 0 {
            nodes[node].streams[index].records.removeFirst(min(gone, nodes[node].streams[index].records.count))
            nodes[node].streams[index].acknowledged = next
            nodes[node].streams[index].isInFlight = false
        }
        declareFinal(node)
        ship(node)
    }

    /// Earlier processes all of whose records have arrived are declared over; their streams are forgotten.
    private mutating func declareFinal(_ node: Int) {
        for old in nodes[node].unclosed {
            guard nodes[node].streams.allSatisfy({ $0.id.incarnation != old || $0.isDone }) else { continue }
            nodes[node].streams.removeAll { $0.id.incarnation == old }
            nodes[node].unclosed.removeAll { $0 == old }
            guard let incarnation = nodes[node].process?.incarnation,
                let data = nodes[node].streams.firstIndex(where: {
                    $0.id.incarnation == incarnation && $0.id.thread == 0
                })
            else { continue }
            nodes[node].process?.dataStream = data
            nodes[node].process?.controlStream = data + 1
            append(.incarnationClosed(old), node: node, stream: data + 1)
        }
    }

    private static func intentRecord(_ lines: [ReservationLine]) -> IntentRecord {
        IntentRecord(
            requestID: .zero, startedUnixMilliseconds: 0, organizationID: .zero, teamID: .zero,
            virtualKeyID: VirtualKeyID(high: 0, low: 0), routeID: .zero, providerID: .zero, modelID: .zero,
            priceID: .zero,
            reserved: .zero, endpoint: .chatCompletions, isStream: false, endUser: "", lines: lines)
    }

    private static func settleRecord(_ lines: [ReservationLine], _ charges: [ChargeLine]) -> SettleRecord {
        SettleRecord(
            intent: intentRecord(lines), outcome: .completed, status: 200, attempts: 1,
            usage: TokenUsage(), usageReported: true, cost: .zero, durationMicroseconds: 0, firstTokenMicroseconds: 0,
            overheadMicroseconds: 0, relayedBytes: 0, charges: charges)
    }
}
