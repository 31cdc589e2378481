import Glibc
import Shared

/// `weir`: the command line for administrators, a client of the admin REST API.
///
/// Ends with 0 when what was asked for was done, 1 when the control plane refused or could not be reached, 2 when the
/// command was not understood, 3 when it was done and found what it was told to look for.
@main struct Weir {
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        let words = Array(CommandLine.arguments.dropFirst())
        let invocation: Invocation
        do throws(UsageError) { invocation = try Invocation(parsing: words) } catch {
            leave(2, saying: "weir: \(error.message)\n\(error.hint)\n")
        }
        if let help = invocation.help {
            write(help + "\n", to: STDOUT_FILENO)
            exit(0)
        }
        let loop: EventLoop
        do throws(SystemError) { loop = try EventLoop(name: "weir") } catch { leave(1, saying: "weir: \(error)\n") }
        loop.spawn { actor in
            do {
                let client = AdminClient(try Connection(invocation), on: actor.loop)
                write(try await invocation.run(with: client), to: STDOUT_FILENO)
                exit(0)
            } catch let finding as Finding {
                write(finding.output, to: STDOUT_FILENO)
                leave(
                    Finding.exitCode,
                    saying: "weir: found what --fail-on names\n" + finding.found.map { "  \($0)\n" }.joined())
            } catch let error as UsageError {
                leave(2, saying: "weir: \(error.message)\n\(error.hint)\n")
            } catch {
                leave(1, saying: "weir: \(error)\n")
            }
        }
        loop.runOnCurrentThread()
    }

    static func leave(_ code: Int32, saying text: String) -> Never {
        write(text, to: STDERR_FILENO)
        exit(code)
    }

    /// Tells somebody who watches what takes its time.
    static func note(_ text: String) { if isatty(STDERR_FILENO) == 1 { write(text, to: STDERR_FILENO) } }

    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written <= 0 {
                if written < 0, errno == EINTR { continue }
                return
            }
            rest = rest.dropFirst(written)
        }
    }
}

/// The command was not understood: what is wrong, and where help is.
struct UsageError: Error {
    var message: String
    var hint: String

    init(_ message: String, hint: String = "weir --help lists the commands.") {
        self.message = message
        self.hint = hint
    }
}

/// What was asked for could not be done.
struct CommandError: Error, CustomStringConvertible {
    var description: String
    /// The control plane's answer, where it answered.
    var status: Int?

    init(_ description: String, status: Int? = nil) {
        self.description = description
        self.status = status
    }
}
