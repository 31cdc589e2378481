import Glibc
import Shared

/// `weir-load run …` makes load and checks every answer; `weir-load upstream …` is the provider behind what is measured.
///
/// Both are one thread and little else, because they share a core: what they take is not there for the load.
@main struct WeirLoad {
    static func main() {
        var arguments = Arguments(CommandLine.arguments.dropFirst())
        do throws(UsageError) {
            switch arguments.command {
            case "run": try run(LoadOptions(&arguments))
            case "upstream": try serve(UpstreamOptions(&arguments))
            case "park":
                let options = try ParkingOptions(&arguments)
                judge { await Parking(options, on: $0).run() }
            case "slowloris":
                let options = try SlowlorisOptions(&arguments)
                judge { await Slowloris(options, on: $0).run() }
            case "leases":
                let options = try LedgerLoadOptions(&arguments)
                load(options) { totals, number, loop in
                    await LeaseLoad(options: options, totals: totals).run(number, on: loop)
                }
            case "events":
                let options = try LedgerLoadOptions(&arguments)
                load(options) { totals, number, loop in
                    await EventLoad(options: options, totals: totals).run(number, on: loop)
                }
            default: throw UsageError("want a command: run, upstream, park, slowloris, leases or events")
            }
        } catch {
            writeToStandardError("weir-load: \(error.message)\n\n\(usage)")
            exit(2)
        }
    }

    static let usage = """
        usage: weir-load run --port=<port> [--path=/v1/chat/completions] [--key=<text>] [--model=<name>]
                 [--connections=64] [--seconds=5] [--stream --events=51] [--body-bytes=<at least>]
                 [--warm-up-milliseconds=0] [--timeout-seconds=30] [--ca-file=<PEM: TLS>]
               weir-load upstream --port=<port> [--chunks=50] [--chunk-delay-milliseconds=2]
               weir-load park --port=<port> --pid=<its process> [--key=<text>] [--model=<name>] [--connections=9500]
                 [--stream] [--hold-seconds=3] [--kib-per-connection-max=<KiB>]
               weir-load slowloris --port=<port> --pid=<its process> [--key=<text>] [--model=<name>]
                 [--connections=10000] [--slow=<half>] [--rate=1000] [--baseline-seconds=8] [--seconds=25]
                 [--deadline-seconds=12] [--p99-ratio-max=2] [--rss-mib-max=<MiB>]
               weir-load leases|events --port=<port> --token=<node token> [--connections=64] [--seconds=5]
                 [--allowances=300]

        Addresses are 127.0.0.1. `run` prints one line of JSON, times in microseconds; `upstream` says when it listens.

        """

    /// Ends with 1 when an answer was wrong or missing.
    private static func run(_ options: LoadOptions) {
        let loop = newLoop()
        var trust: TLSClientContext?
        if !options.caFile.isEmpty {
            do { trust = try TLSClientContext(authoritiesFile: options.caFile) } catch {
                writeToStandardError("weir-load: --ca-file: \(error)\n")
                exit(1)
            }
        }
        let results = LoadResults(connections: options.connections)
        let start = MonotonicTime.now()
        for _ in 0..<options.connections {
            loop.spawn { [trust] actor in
                let statistics = await LoadConnection(options, trust: trust, on: actor.loop).run(from: start)
                if results.add(statistics) { actor.loop.stop() }
            }
        }
        loop.runOnCurrentThread()
        let seconds = Double(start.duration(to: .now()).wholeMicroseconds) / 1e6
        let total = results.total
        print(total.json(seconds: seconds, processorSeconds: processorSeconds()))
        exit(total.faultCount == 0 ? 0 : 1)
    }

    /// Ends with 1 when an answer was wrong or missing.
    private static func load(
        _ options: LedgerLoadOptions,
        _ body: @escaping @Sendable (LedgerTotals, Int, EventLoop) async -> Void
    ) {
        let loop = newLoop()
        let totals = LedgerTotals(connections: options.connections, on: loop)
        for number in 0..<options.connections {
            loop.spawn { actor in
                await body(totals, number, actor.loop)
                if totals.isLast() { actor.loop.stop() }
            }
        }
        loop.runOnCurrentThread()
        let seconds = Double(totals.began.duration(to: .now()).wholeMicroseconds) / 1e6
        print(
            "operations=\(totals.operations) per_s=\(Int(Double(totals.operations) / seconds)) charged=\(totals.charged)",
            "p50_us=\(Int(totals.latency.quantile(0.5) / 1_000)) p99_us=\(Int(totals.latency.quantile(0.99) / 1_000))",
            "load_cpu_s=\(processorSeconds()) faults=\(totals.faults.values.reduce(0, +))")
        exit(totals.faults.isEmpty && totals.operations > 0 ? 0 : 1)
    }

    /// Ends with 1 when `body` finds that a bound was broken.
    private static func judge(_ body: @escaping @Sendable (EventLoop) async -> Bool) {
        let loop = newLoop()
        loop.spawn { actor in exit(await body(actor.loop) ? 0 : 1) }
        loop.runOnCurrentThread()
    }

    private static func serve(_ options: UpstreamOptions) {
        let loop = newLoop()
        let answers = CannedAnswers(chunks: options.chunks)
        loop.spawn { actor in
            guard let address = SocketAddress(numeric: "127.0.0.1", port: options.port) else { return }
            let listener: Listener
            do {
                listener = try Listener(on: address, loop: actor.loop, sharesPort: false) { descriptor in
                    loop.spawn { actor in
                        await UpstreamConnection(answers, options).serve(descriptor, on: actor.loop)
                    }
                }
            } catch {
                writeToStandardError("weir-load: port \(options.port): \(error)\n")
                exit(1)
            }
            print("listening on \(listener.address)")
            fflush(nil)
            // Until the process is told to end. The condition is what keeps the listener: an object lives to its last use.
            while listener.address.port != 0 { await actor.loop.sleep(for: .seconds(3600)) }
        }
        loop.runOnCurrentThread()
    }

    private static func newLoop() -> EventLoop {
        do {
            return try EventLoop(name: "load")
        } catch {
            writeToStandardError("weir-load: \(error)\n")
            exit(1)
        }
    }
}

func writeToStandardError(_ text: String) {
    var text = text
    text.withUTF8 { bytes in _ = unsafe write(2, bytes.baseAddress, bytes.count) }
}

/// User and system time of this process.
func processorSeconds() -> Double {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(
        usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
}
