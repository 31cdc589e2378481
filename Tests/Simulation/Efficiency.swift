import ControlPlane
import DataPlane
import Shared

/// How much of a budget is served, without faults: worst cases are three times the real cost, on a number of replicas.
package struct Efficiency: Sendable {
    package var replicas: Int
    package var budget: Int64
    package var admittedPercent: Double
    package var falseRefusals: Int
    package var busy: Int
    package var unavailable: Int
    package var asksPerRequest: Double
    package var overspent: Int64

    /// Callers spend a total budget until it is exhausted.
    package static func measure(replicas: Int, dollars: Double, callers: Int, seed: UInt64) -> Efficiency {
        let budget = Int64(dollars * 1e9)
        var world = World(quietSeed: seed, replicas: replicas, limit: budget, worst: 6_000_000)
        world.runCallers(callers, untilExhausted: true, seconds: 600)
        let spent = world.billed.values.reduce(0, +)
        let figures = world.figures
        return Efficiency(
            replicas: replicas, budget: budget, admittedPercent: Double(spent) * 100 / Double(budget),
            falseRefusals: figures.falseRefusals + world.violations.count, busy: figures.busy,
            unavailable: figures.unavailable,
            asksPerRequest: Double(figures.asks) / Double(max(1, figures.admitted)), overspent: max(0, spent - budget))
    }

    package var line: String {
        "sim: efficiency: replicas=\(replicas) budget=\(Money(nanodollars: budget)) admitted=\((admittedPercent * 100).rounded() / 100)% overspent=\(overspent) false_refusals=\(falseRefusals) busy=\(busy) unavailable=\(unavailable) asks_per_request=\((asksPerRequest * 1000).rounded() / 1000)"
    }

    /// Twenty requests at once on four replicas: together they cost 45 % of the budget and could cost ten times it.
    package static func burst(seed: UInt64) -> (served: Int, longestWaitMilliseconds: Int) {
        let budget: Int64 = 1_000_000_000
        var world = World(quietSeed: seed, replicas: 4, limit: budget, worst: budget / 2)
        for index in 0..<20 {
            world.beginAlone(node: index % 4, worst: budget / 2, actual: budget * 45 / 2_000, milliseconds: 300)
        }
        world.run(until: world.now + 60 * World.second)
        return (world.figures.admitted, Int(world.longestWait / World.millisecond))
    }
}

extension World {
    /// No faults and one budget.
    init(quietSeed seed: UInt64, replicas: Int, limit: Int64, worst: Int64) {
        self.init(seed: seed)
        queue = EventQueue()
        nodes = []
        areFaultsOn = false
        isLoadOn = false
        loss = 0
        for allowance in allowances { ledger.removeAllowance(allowance.id) }
        let allowance = SimAllowance(
            id: newID(), terms: LedgerTerms(kind: .money, period: .total, limit: limit), worst: worst)
        allowances = [allowance]
        ledger.setAllowance(allowance.id, allowance.terms, now: databaseNow)
        for _ in 0..<replicas {
            nodes.append(SimNode(id: newID()))
            start(nodes.count - 1)
        }
    }

    mutating func beginAlone(node: Int, worst: Int64, actual: Int64, milliseconds: UInt64) {
        requestCount += 1
        let line = WalletLine(
            kind: .money, account: AccountKey(allowanceID: allowances[0].id), limit: allowances[0].terms.limit,
            amount: worst)
        var request = SimRequest(
            number: requestCount, lines: [line], actual: [actual], duration: milliseconds * Self.millisecond,
            arrivedAt: now)
        // It is not lowered to what fits, so it is either served as it is or refused.
        request.isClamped = true
        figures.requests += 1
        begin(node, request)
    }

    /// Each caller sends its next request when the one before is over, to any replica.
    mutating func runCallers(_ callers: Int, untilExhausted: Bool, seconds: UInt64) {
        let end = now + seconds * Self.second
        while now < end, violations.isEmpty, figures.exhausted == 0 || !untilExhausted {
            let busy = nodes.reduce(0) { $0 + ($1.process?.requests.count ?? 0) + ($1.process?.waiting.count ?? 0) }
            for _ in busy..<max(busy, callers) {
                let actual = Int64.random(in: 1_000_000...3_000_000, using: &random)
                beginAlone(
                    node: Int.random(in: 0..<nodes.count, using: &random), worst: 6_000_000, actual: actual,
                    milliseconds: UInt64.random(in: 100...1_500, using: &random))
            }
            run(until: now + 10 * Self.millisecond)
        }
        // Whoever waits is answered, whoever was admitted settles.
        run(until: now + 15 * Self.second)
    }
}
