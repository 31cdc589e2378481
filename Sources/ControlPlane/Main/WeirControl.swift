import ControlPlane
import DataPlane
import Glibc
import Shared

/// `weir-control [init | migrate | serve | node-token NAME | public-key]`: reads the configuration and starts what was asked.
@main struct WeirControl {
    static func main() {
        let loader = ConfigurationLoader(
            process: "weir-control",
            summary:
                "the control plane of Weir. Commands: init, migrate, serve (the default), node-token NAME, public-key.",
            arguments: Array(CommandLine.arguments.dropFirst()), environment: ProcessEnvironment.variables(),
            switches: [
                (name: "--check", help: "Check the configuration and the key files, change nothing, and leave."),
                (name: "--json", help: "init, node-token, public-key: answer as JSON."),
                (name: "--new-admin-token", help: "init: make another admin token."),
            ])
        switch loader.load(ControlPlaneConfiguration.self, checking: ControlPlaneKeys.problems) {
        case .help(let text):
            print(text, terminator: "")
        case .problems(let problems):
            fail(ConfigurationLoader.text(problems), code: loader.isCheck ? 1 : 2)
        case .loaded(let loaded):
            LogOutput.standardError.level = loaded.configuration.logLevel
            if loaded.switches.contains("--check") { return print("the configuration is good") }
            run(loaded.words, loaded.switches, loaded.configuration)
        }
    }

    private static func run(_ words: [String], _ switches: Set<String>, _ configuration: ControlPlaneConfiguration) {
        let isJSON = switches.contains("--json")
        switch (words.first ?? "serve", words.count) {
        case ("serve", 0...1): serve(configuration)
        case ("init", 1):
            command(configuration) { commands in
                let made = try await commands.initialize(newAdminToken: switches.contains("--new-admin-token"))
                return isJSON ? made.json : made.text
            }
        case ("migrate", 1):
            command(configuration) { commands in
                let applied = try await commands.migrate()
                return applied.isEmpty ? "the schema is up to date" : "applied \(applied)"
            }
        case ("node-token", 2):
            let name = words[1]
            command(configuration) { commands in
                let token = try await commands.makeNodeToken(name: name)
                return isJSON ? #"{"nodeToken":"\#(token)"}"# : token
            }
        case ("public-key", 1):
            do throws(CommandFailure) {
                let key = try Commands.publicKey(configuration)
                print(isJSON ? #"{"publicKey":"\#(key)"}"# : key)
            } catch { fail("weir-control: \(error)\n", code: 1) }
        default:
            fail("weir-control: unknown command \(words.joined(separator: " ")): see weir-control --help\n", code: 2)
        }
    }

    /// Runs something short on a loop of its own and prints what it answers.
    private static func command(
        _ configuration: ControlPlaneConfiguration, _ body: @escaping @Sendable (Commands) async throws -> String
    ) {
        let loop = makeLoop()
        loop.spawn { actor in
            do {
                print(try await body(Commands(configuration, on: actor.loop)))
                actor.loop.stop()
            } catch { fail("weir-control: \(error)\n", code: 1) }
        }
        loop.runOnCurrentThread()
    }

    private static func serve(_ configuration: ControlPlaneConfiguration) {
        let keys: ControlPlaneKeys
        do throws(CommandFailure) { keys = try ControlPlaneKeys(configuration) } catch {
            fail("weir-control: \(error)\n", code: 1)
        }
        ShutdownSignals.block()

        let loop = makeLoop()
        loop.start()
        let running = Running()
        loop.spawn { actor in
            let plane = ControlPlane(configuration, keys: keys, on: actor.loop) { services in
                AdminAPI(services) { policy, keys throws(ReplayProblem) in try PolicyReplay(policy, keys: keys) }.handle
            }
            do { try await plane.start() } catch { fail("weir-control: \(error)\n", code: 1) }
            running.plane = plane
        }
        _ = ShutdownSignals.wait()
        loop.spawn { actor in
            await running.plane?.stop()
            actor.loop.stop()
        }
        // A second signal does not wait for requests in flight.
        ShutdownSignals.unblock()
        loop.join()
    }

    /// What the loop runs, for the end of the process.
    ///
    /// Concurrency: written and read by tasks of the one loop; that is what makes `@unchecked Sendable` true.
    private final class Running: @unchecked Sendable {
        var plane: ControlPlane?
    }

    private static func makeLoop() -> EventLoop {
        do throws(SystemError) { return try EventLoop(name: "control") } catch {
            fail("weir-control: \(error)\n", code: 1)
        }
    }

    private static func fail(_ text: String, code: Int32) -> Never {
        _ = unsafe Array(text.utf8).withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
        exit(code)
    }
}
