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
            arguments: Array(CommandLine.arguments.dropFirst()), environment: ProcessEnvironment.variables(),
            switches: [
                (
                    name: "--check",
                    help:
                        "Check the configuration, and files, folders and addresses that it names; change nothing, and leave."
                ),
                (
                    name: "--print-config",
                    help: "Print the settings that would hold, as a file for --config, and leave."
                ),
                (
                    name: "--take-over",
                    help: "Take the listening sockets over from the process that uses the data folder, if there is one."
                ),
            ])
        switch loader.load(DataPlaneConfiguration.self, checking: { ConfigurationCheck($0).problems }) {
        case .help(let text):
            print(text)
            return 0
        case .problems(let problems):
            ProcessEnvironment.printError(ConfigurationLoader.text(problems))
            return loader.isCheck ? 1 : 2
        case .loaded(let loaded):
            if let word = loaded.words.first {
                ProcessEnvironment.printError("weir-data takes no command, got \"\(word)\". See weir-data --help.")
                return 2
            }
            if loaded.switches.contains("--print-config") {
                print(String(decoding: CanonicalJSON.encodeForPeople(loaded.configuration), as: UTF8.self))
                return 0
            }
            if loader.isCheck {
                for note in ConfigurationCheck(loaded.configuration).notes { print("note: \(note)") }
                print("The configuration is valid.")
                return 0
            }
            LogOutput.standardError.level = loaded.configuration.logLevel
            return serve(loaded.configuration, takingOver: loaded.switches.contains("--take-over"))
        }
    }

    /// 0: all was done. 1: not started. 3: stopped, and something was cut off or is left for the next start.
    private nonisolated static func serve(_ settings: DataPlaneConfiguration, takingOver: Bool) -> Int32 {
        let process = DataPlaneProcess(settings)
        if let problem = process.start(takingOver: takingOver, handedOver: ShutdownSignals.interrupt) {
            ProcessEnvironment.printError("weir-data: \(problem)")
            return 1
        }
        let log = Logger("main")
        var isStopping = false
        while true {
            switch ShutdownSignals.waitForReason() {
            case .signal(let name):
                if isStopping {
                    log.warning("ending at once", ["signal": .text(name)])
                    // Nothing more is waited for, not even the threads; the journal is as after a crash.
                    _exit(3)
                }
                log.info("stopping", ["signal": .text(name)])
            case .hangUp:
                if !isStopping { process.reload() }
                continue
            case .interrupted:
                if let isDone = process.outcome {
                    process.finish()
                    return isDone ? 0 : 3
                }
                guard process.isHandedOver, !isStopping else { continue }
            }
            guard !isStopping else { continue }
            isStopping = true
            process.stop(ShutdownSignals.interrupt)
        }
    }
}
