import Shared

/// A whole run: many fleets one after the other, each for some ten thousand steps of faults and then healed; then the broken rules.
package struct SimulationRun {
    package struct Report: Sendable {
        package var lines: [String] = []
        package var summary = ""
        package var isSound = false
    }

    let seed: UInt64
    let steps: Int

    package init(seed: UInt64, steps: Int) {
        self.seed = seed
        self.steps = steps
    }

    /// Steps of a fleet before it is healed: some minutes of its time.
    private static let episodeSteps = 100_000
    /// A broken rule must be noticed within so many, by one of so many fleets: which faults meet is the seed's luck.
    private static let brokenRuleSteps = 100_000
    private static let brokenRuleFleets: UInt64 = 5
    private static let nextFleet: UInt64 = 1_000_003

    package func run(progress: (String) -> Void) -> Report {
        var report = Report()
        var done = 0
        var episode: UInt64 = 0
        var violations = 0
        progress("sim: seed=\(seed) steps=\(steps)")
        while done < steps {
            var world = World(seed: seed &+ episode &* Self.nextFleet)
            world.run(steps: min(Self.episodeSteps, steps - done))
            if world.violations.isEmpty { world.heal() }
            done += world.steps
            violations += world.violations.count
            for violation in world.violations { progress("sim: VIOLATION in episode \(episode): \(violation)") }
            let figures = world.figures
            progress(
                "sim: episode \(episode) steps=\(done) requests=\(figures.requests) admitted=\(figures.admitted) exhausted=\(figures.exhausted) unavailable=\(figures.unavailable) busy=\(figures.busy) asks=\(figures.asks) waited=\(figures.waited) crashes=\(figures.crashes) removed=\(figures.removed) written_off=\(figures.writtenOff) debts=\(figures.debts)"
            )
            episode += 1
        }
        var caught = 0
        for rule in BrokenRule.all {
            let steps = Self.stepsUntilCaught(rule, seed: seed)
            if steps != nil { caught += 1 }
            report.lines.append(
                "sim: broken rule: \(rule.name): " + (steps.map { "caught after \($0) steps" } ?? "NOT CAUGHT"))
        }
        for (replicas, dollars, callers) in [
            (4, 0.3, 64), (4, 1, 64), (16, 1, 64), (64, 4, 256), (4, 4, 1_000), (4, 40, 64),
        ] {
            report.lines.append(
                Efficiency.measure(replicas: replicas, dollars: dollars, callers: callers, seed: seed).line)
        }
        let burst = Efficiency.burst(seed: seed)
        report.lines.append("sim: burst: served=\(burst.served)/20 longest_wait_ms=\(burst.longestWaitMilliseconds)")
        report.summary =
            "sim: seed=\(seed) steps=\(done) violations=\(violations) broken_rules_caught=\(caught)/\(BrokenRule.all.count)"
        report.isSound = violations == 0 && caught == BrokenRule.all.count
        return report
    }

    /// How many steps go well with a broken rule, fleet after fleet; nil: all of them.
    package static func stepsUntilCaught(_ rule: BrokenRule, seed: UInt64) -> Int? {
        var steps = 0
        for fleet in 0..<brokenRuleFleets {
            var world = World(seed: seed &+ fleet &* nextFleet, rule: rule)
            world.run(steps: brokenRuleSteps)
            steps += world.steps
            if !world.violations.isEmpty { return steps }
        }
        return nil
    }
}
