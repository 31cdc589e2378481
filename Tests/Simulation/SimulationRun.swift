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
    /// A broken rule must be noticed within so many.
    package static let brokenRuleSteps = 100_000

    package func run(progress: (String) -> Void) -> Report {
        var report = Report()
        var done = 0
        var episode: UInt64 = 0
        var violations = 0
        progress("sim: seed=\(seed) steps=\(steps)")
        while done < steps {
            var world = World(seed: seed &+ episode &* 1_000_003)
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

    /// How long a run with a broken rule goes well; nil: for all of its steps.
    package static func stepsUntilCaught(_ rule: BrokenRule, seed: UInt64) -> Int? {
        var world = World(seed: seed, rule: rule)
        world.run(steps: brokenRuleSteps)
        return world.violations.isEmpty ? nil : world.steps
    }
}
