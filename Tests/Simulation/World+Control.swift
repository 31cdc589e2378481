import ControlPlane
import DataPlane
import Shared

/// What the control planes and the database do, and what befalls everybody.
extension World {
    // MARK: Leases

    mutating func serve(_ call: SimCall) {
        guard controlsUp[call.control], isDatabaseUp else {
            send(.answer(node: call.node, incarnation: call.incarnation, number: call.number, nil), node: call.node)
            return
        }
        var call = call
        call.deadline = now + UInt64(call.request.waitMilliseconds) * Self.millisecond
        decide(call)
    }

    /// A held answer is tried again every 100 ms or when its account is freed.
    mutating func retryHeld(_ number: Int) {
        guard let call = heldCalls.removeValue(forKey: number) else { return }
        guard controlsUp[call.control], isDatabaseUp else {
            send(.answer(node: call.node, incarnation: call.incarnation, number: call.number, nil), node: call.node)
            return
        }
        decide(call)
    }

    private mutating func decide(_ call: SimCall) {
        touchesLedger = true
        let holder = LeaseHolder(nodeID: call.request.nodeID, incarnation: call.request.incarnation)
        let remaining = call.deadline > now ? Int((call.deadline - now) / Self.millisecond) : 0
        var grants: [LeaseAnswer.Grant] = []
        var freed: [AccountKey] = []
        for ask in call.request.asks {
            let answer = ledger.ask(ask, from: holder, waitMilliseconds: remaining, now: databaseNow)
            grants.append(answer.grant)
            for recall in answer.recalls { send(recall) }
            if answer.freesOthers {
                freed.append(AccountKey(allowanceID: ask.allowanceID, subject: ask.endUser.map(EndUserSubject.of) ?? 0))
            }
        }
        if grants.allSatisfy({ $0.verdict == .blocked }), now < call.deadline {
            heldCalls[call.number] = call
            queue.push(.retryHeld(number: call.number), at: min(call.deadline, now + 100 * Self.millisecond))
        } else {
            send(
                .answer(
                    node: call.node, incarnation: call.incarnation, number: call.number, LeaseAnswer(grants: grants)),
                node: call.node)
        }
        for key in freed { tryWaiters(of: key) }
    }

    private mutating func send(_ recall: LedgerRecall) {
        guard let node = nodes.firstIndex(where: { $0.id == recall.holder.nodeID }) else { return }
        send(.recall(node: node, incarnation: recall.holder.incarnation, recall.recall), node: node)
    }

    private mutating func tryWaiters(of key: AccountKey) {
        for number in heldCalls.keys.sorted() {
            guard let call = heldCalls[number],
                call.request.asks.contains(where: {
                    $0.allowanceID == key.allowanceID && ($0.endUser.map(EndUserSubject.of) ?? 0) == key.subject
                })
            else { continue }
            queue.push(.retryHeld(number: number), at: now + 1)
        }
    }

    // MARK: Records

    mutating func apply(_ records: [JournalRecord], of stream: StreamID, first: Int, node: Int, control: Int) {
        guard controlsUp[control], isDatabaseUp else { return }
        let next = applied[stream] ?? 0
        // A gap cannot be filled from here; what was applied is skipped.
        guard first <= next else {
            send(.acknowledged(node: node, stream: stream, next: next), node: node)
            return
        }
        touchesLedger = true
        let skipped = rule.appliesBatchesOnce ? next - first : 0
        let holder = LeaseHolder(stream)
        var freed: Set<AccountKey> = []
        for (index, record) in records.enumerated() where index >= skipped {
            freed.formUnion(ledger.apply(record, from: holder, now: databaseNow))
            if first + index >= next { book(record, of: holder) }
        }
        applied[stream] = max(next, first + records.count)
        send(.acknowledged(node: node, stream: stream, next: max(next, first + records.count)), node: node)
        for key in freed.sorted() { tryWaiters(of: key) }
    }

    // MARK: Faults

    /// Something goes wrong, or an administrator changes something.
    mutating func fault() {
        guard areFaultsOn else { return }
        queue.push(.fault, at: now + Self.millisecond * UInt64.random(in: 100...4_000, using: &random))
        let node = Int.random(in: 0..<nodes.count, using: &random)
        switch Int.random(in: 0..<14, using: &random) {
        case 0, 1:
            let isLost = chance(0.25)
            crash(node, losesDisk: isLost)
            let pause =
                chance(0.15)
                ? UInt64.random(in: 60...200, using: &random) * Self.second
                : UInt64.random(in: 1...5_000, using: &random) * Self.millisecond
            queue.push(.start(node: node), at: now + pause)
        case 2, 3:
            nodes[node].isCut = true
            let pause =
                chance(0.15)
                ? UInt64.random(in: 60...200, using: &random) * Self.second
                : UInt64.random(in: 50...5_000, using: &random) * Self.millisecond
            queue.push(.heal(node: node), at: now + pause)
        case 4:
            let control = Int.random(in: 0..<controlsUp.count, using: &random)
            controlsUp[control] = false
            for number in heldCalls.keys.sorted() where heldCalls[number]?.control == control {
                heldCalls[number] = nil
            }
            queue.push(.controlUp(control), at: now + Self.millisecond * UInt64.random(in: 10...5_000, using: &random))
        case 5:
            isDatabaseUp = false
            queue.push(
                .databaseUp,
                at: now + Self.millisecond * UInt64.random(in: 10...(chance(0.1) ? 90_000 : 3_000), using: &random))
        case 6:
            // Another machine's clock, after a failover.
            databaseOffset += Int64.random(in: -20_000...20_000, using: &random)
            recentSpends = [:]
        case 7, 8, 9, 10: changeLimit()
        case 11, 12:
            for key in ledger.accounts.keys.sorted() {
                touchesLedger = true
                let written = ledger.writeOff(key, now: databaseNow)
                if written > 0 {
                    figures.writtenOff += 1
                    lastChange[key] = now
                }
            }
        default:
            loss = chance(0.3) ? Double.random(in: 0...0.2, using: &random) : 0.01
        }
    }

    private mutating func changeLimit() {
        let index = Int.random(in: 0..<allowances.count, using: &random)
        let old = allowances[index].terms.limit
        if allowances[index].terms.period == .total, allowances[index].terms.kind == .money {
            // A total fills up once and for all: it is raised again and again, and lowered at times.
            allowances[index].terms.limit =
                chance(0.2) ? old - old / 10 : old + Int64.random(in: 0...100_000, using: &random)
        } else {
            allowances[index].terms.limit = max(1, Int64(Double(old) * Double.random(in: 0.5...1.9, using: &random)))
            if allowances[index].terms.limit > 400_000 { allowances[index].terms.limit /= 8 }
        }
        touchesLedger = true
        let effects = ledger.setAllowance(allowances[index].id, allowances[index].terms, now: databaseNow)
        for key in ledger.accounts.keys where key.allowanceID == allowances[index].id { lastChange[key] = now }
        for recall in effects.recalls { send(recall) }
        for key in effects.freed { tryWaiters(of: key) }
    }
}
