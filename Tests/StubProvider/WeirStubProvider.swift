import Glibc
import Shared

/// Every provider, for tests, benchmarks and `make up`: realistic answers, scripted faults, its own ledger.
@main struct WeirStubProvider {
    static func main() {
        do {
            guard let options = try StubOptions.parse(Array(CommandLine.arguments.dropFirst())) else {
                print(StubOptions.help)
                return
            }
            try run(options)
        } catch let error as StubUsageError {
            complain(error.message)
            exit(2)
        } catch {
            complain("\(error)")
            exit(1)
        }
    }

    private nonisolated static func run(_ options: StubOptions) throws {
        // The work happens on the loop's thread; this one waits for the signal that ends it.
        var ending = sigset_t()
        unsafe sigemptyset(&ending)
        unsafe sigaddset(&ending, SIGTERM)
        unsafe sigaddset(&ending, SIGINT)
        unsafe pthread_sigmask(SIG_BLOCK, &ending, nil)
        signal(SIGPIPE, SIG_IGN)

        let loop = try EventLoop(name: "stub")
        let ledger = try Ledger(entriesMax: options.ledgerEntriesMax, path: options.ledgerPath)
        let tokens = try options.serviceAccountFile.map { file throws in
            try TokenIssuer(file: file, seconds: options.tokenSeconds)
        }
        loop.start()
        loop.spawn { actor in
            let provider = StubProvider(on: actor.loop, options: options, ledger: ledger, tokens: tokens)
            var serverOptions = HTTPServer.Options(host: options.host, port: options.port)
            serverOptions.bodyBytesMax = 64 << 20
            let server = HTTPServer(on: actor.loop, options: serverOptions) { await provider.handle($0, $1) }
            do {
                try server.listen()
                try announce(server.port, options)
            } catch {
                complain("\(error)")
                exit(1)
            }
            // The server lives as long as the process.
            while true { await actor.loop.sleep(for: .seconds(3600)) }
        }
        var received: Int32 = 0
        unsafe sigwait(&ending, &received)
    }

    private nonisolated static func announce(_ port: UInt16, _ options: StubOptions) throws(StubUsageError) {
        say(1, "listening on http://\(options.host):\(port)/v1")
        guard let path = options.portFile else { return }
        // Renamed into place, so that a reader never sees half of it.
        let partial = path + ".partial"
        guard let file = unsafe fopen(partial, "w") else {
            throw StubUsageError("--port-file: cannot write \(partial)")
        }
        unsafe fputs("\(port)\n", unsafe file)
        unsafe fclose(file)
        guard unsafe rename(partial, path) == 0 else { throw StubUsageError("--port-file: cannot write \(path)") }
    }

    private nonisolated static func complain(_ message: String) { say(2, message) }

    /// Straight to the descriptor: nothing is buffered when the process is killed.
    private nonisolated static func say(_ descriptor: Int32, _ message: String) {
        let line = Array("weir-stub-provider: \(message)\n".utf8)
        _ = unsafe line.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    }
}
