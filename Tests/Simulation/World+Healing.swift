import ControlPlane
import DataPlane
import Shared

extension World {
    /// Ends every fault and every caller, and requires what must then come true.
    package mutating func heal() {
        areFaultsOn = false
        isLoadOn = false
        isDatabaseUp = true
        controlsUp = controlsUp.map { _ in true }
        for node in nodes.indices {
            nodes[node].isCut = false
            if nodes[node].process == nil { start(node) }
        }
        // The longest stream, the longest wait, the longest lease.
        run(until: now + 300 * Self.second)
        for key in ledger.accounts.keys.sorted() { _ = ledger.writeOff(key, now: databaseNow) }
        touchesLedger = true
        check()
        run(until: now + 70 * Self.second)
        guard violations.isEmpty else { return }

        for node in nodes.indices {
            guard let process = nodes[node].process else { continue }
            if process.core.waitingCount > 0 || !process.waiting.isEmpty {
                violate("node \(node) has \(process.waiting.count) waiting")
            }
            if !process.requests.isEmpty { violate("node \(node) has requests under way") }
            if nodes[node].streams.contains(where: { !$0.records.isEmpty }) {
                violate("node \(node) has records unsent")
            }
            if !nodes[node].unclosed.isEmpty { violate("node \(node) has processes unclosed") }
        }
        for (key, account) in ledger.accounts {
            guard let window = account.windows[account.current.window] else { continue }
            if window.lent != 0 { violate("\(key): \(window.lent) lent after all is idle") }
        }
        probe()
        stop()
        audit()
    }

    /// What is left of every allowance can be spent by one request, on any node.
    private mutating func probe() {
        for key in ledger.accounts.keys.sorted() {
            guard let figures = ledger.figures(key, now: databaseNow), let account = ledger.accounts[key],
                let allowance = allowances.first(where: { $0.id == key.allowanceID }), !allowance.isSoft,
                figures.remaining > 0
            else { continue }
            let amount = allowance.terms.kind == .requests || allowance.terms.kind == .slots ? 1 : figures.remaining
            let line = WalletLine(
                kind: allowance.terms.kind, account: key, endUser: account.endUser,
                slidingMilliseconds: allowance.slidingMilliseconds, limit: allowance.terms.limit, amount: amount)
            requestCount += 1
            var request = SimRequest(
                number: requestCount, lines: [line], actual: [amount], duration: Self.millisecond, arrivedAt: now)
            request.isProbe = true
            let admitted = probesAdmitted
            begin(Int.random(in: 0..<nodes.count, using: &random), request)
            run(until: now + Self.second / 2)
            if probesAdmitted == admitted { violate("\(key): \(amount) fits and is not admitted: \(probeRefusals)") }
        }
    }

    /// Every process stops in order: gives back, ends its streams, is declared over.
    private mutating func stop() {
        run(until: now + 5 * Self.second)
        for node in nodes.indices {
            guard var process = nodes[node].process else { continue }
            process.core.returnEverything()
            var returns: [ReturnRecord] = []
            process.core.takeReturns { returns.append($0) }
            nodes[node].process = process
            for record in returns { append(.returned(record), node: node, stream: process.controlStream) }
            append(.incarnationClosed(process.incarnation), node: node, stream: process.controlStream)
            ship(node)
        }
        run(until: now + 5 * Self.second)
    }

    /// Every lease is closed, and the ledger is the sum of the events.
    private mutating func audit() {
        for (key, account) in ledger.accounts {
            for (id, window) in account.windows {
                if window.lent != 0 { violate("\(key) \(id): \(window.lent) lent after the end") }
                guard ledger.terms[key.allowanceID]?.period.slidingMilliseconds == nil else { continue }
                let doubt = window.leases.values.reduce(Int64(0)) { $0 + $1.writtenOff }
                let settled = window.settled(at: account.clock) - doubt
                let sum = events[HoldingKey(account: key, window: id)] ?? 0
                if settled != sum, ledger.terms[key.allowanceID]?.kind != .slots {
                    violate("\(key) \(id): settled \(settled), events \(sum)")
                }
            }
        }
    }
}
