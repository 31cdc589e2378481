import DataPlane
import Glibc
import Shared

/// `weir-data`: reads its configuration, starts the data plane, waits for the signal to stop.
@main struct WeirData {
    static func main() { exit(run()) }

    /// Not on the main actor: nothing here may wait for a queue that nobody drains.
    private nonisolated static func run() -> Int32 {
        ShutdownSignals.block(alsoHangUp: true)
        let loader = ConfigurationLoader(
            process: "weir-data", summary: "Serves LLM callers: the data plane of Weir.",
            arguments: Array(CommandLine.arguments.dropFirst()), environment: ProcessEnvironment.variables())
        switch loader.load(DataPlaneConfiguration.self) {
        case .help(let text):
            print(text)
            return 0
        case .problems(let problems):
            ProcessEnvironment.printError(ConfigurationLoader.text(problems))
            return 2
        case .loaded(let loaded):
            if let word = loaded.words.first {
                ProcessEnvironment.printError("weir-data takes no command, got \"\(word)\". See weir-data --help.")
                return 2
            }
            if loaded.switches.contains("--check") {
                print("The configuration is valid.")
                return 0
            }
            LogOutput.standardError.level = loaded.configuration.logLevel
            return serve(loaded.configuration)
        }
    }

    private nonisolated static func serve(_ settings: DataPlaneConfiguration) -> Int32 {
        raiseDescriptorLimit()
        let process = DataPlaneProcess(settings)
        if let problem = process.start() {
            ProcessEnvironment.printError("weir-data: \(problem)")
            return 1
        }
        var signal = ShutdownSignals.wait()
        while signal == "SIGHUP" {
            process.reload()
            signal = ShutdownSignals.wait()
        }
        Logger("main").info("stopping", ["signal": .text(signal)])
        process.stop()
        return 0
    }

    /// Two descriptors a request in flight; the soft limit is often only 1,024.
    private nonisolated static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit)
    }
}
