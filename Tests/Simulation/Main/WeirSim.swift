import Glibc
import Shared
import Simulation

/// `weir-sim`: runs the simulation at full length and ends with one line of figures.
///
/// SEED replays a run; STEPS is how many steps it has.
@main
struct WeirSim {
    static func main() {
        let seed = number("SEED") ?? WallTimeSeed.now()
        let steps = Int(number("STEPS") ?? 2_000_000)
        let report = SimulationRun(seed: seed, steps: steps).run { line in
            let bytes = Array((line + "\n").utf8)
            _ = unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
        }
        for line in report.lines { print(line) }
        print(report.summary)
        exit(report.isSound ? 0 : 1)
    }

    private static func number(_ name: String) -> UInt64? {
        guard let text = unsafe getenv(name), let value = unsafe UInt64(String(cString: text)) else { return nil }
        return value
    }
}

private enum WallTimeSeed {
    static func now() -> UInt64 { UInt64(WallTime.unixSeconds()) % 1_000_000 }
}
