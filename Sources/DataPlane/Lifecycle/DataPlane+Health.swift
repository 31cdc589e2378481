import Shared

/// Health, readiness and metrics, on a port of their own.
extension DataPlane {
    /// - Parameter adopting: the listening socket of the process that is taken over.
    func startOps(adopting descriptor: Int32? = nil) throws(StartupProblem) {
        let server = HTTPServer(
            on: loop, options: .init(host: settings.opsHost, port: UInt16(settings.opsPort))
        ) { [unowned self] request, responder in await answerOps(request, responder) }
        do throws(SystemError) {
            if let descriptor { try server.listen(adopting: descriptor) } else { try server.listen() }
        } catch { throw Self.busy(error, port: settings.opsPort, field: "opsPort") }
        ops = server
    }

    private func answerOps(_ request: HTTPRequest, _ responder: HTTPResponder) async {
        guard request.method == "GET" || request.method == "HEAD" else {
            return await responder.respond(status: 405, headers: [("allow", "GET, HEAD")])
        }
        switch request.path {
        case "/healthz": await responder.respond(status: 200, headers: Self.json, body: Array(#"{"status":"ok"}"#.utf8))
        case "/readyz":
            var readiness = readiness
            // Asked for here only: a process that takes another one over has to be ready before it listens.
            readiness.add("not listening yet", if: ports.count < roles.count)
            await responder.respond(
                status: readiness.isReady ? 200 : 503, headers: Self.json,
                body: readiness.body(agent.status, journalTrouble: journal.trouble, tlsTrouble: tls.trouble))
        case "/metrics":
            await responder.respond(
                status: 200, headers: [("content-type", MetricsRegistry.contentType)], body: registry.render())
        default: await responder.respond(status: 404, headers: Self.json, body: Array(#"{"status":"not found"}"#.utf8))
        }
    }

    private static let json = [("content-type", "application/json")]

    /// Ready means: this replica can serve a request now.
    var readiness: Readiness {
        var readiness = Readiness()
        readiness.add("draining", if: isDraining)
        readiness.add("no snapshot", if: snapshot == nil)
        readiness.add(
            "the snapshot has expired", if: settings.fleet.refusesExpiredSnapshots && agent.status.snapshotIsExpired)
        readiness.add("cannot record usage", if: journal.refusesIntents)
        readiness.add(watchdog.stalled)
        return readiness
    }

    func registerGauges() {
        registry.gauge(
            "weir_snapshot_version", help: "The version of the snapshot in use.",
            read: { [status = agent.status] in Double(status.snapshotVersion) })
        registry.gauge(
            "weir_snapshot_expired", help: "1 while the snapshot in use is past its expiry.",
            read: { [status = agent.status] in status.snapshotIsExpired ? 1 : 0 })
        registry.counter(
            "weir_snapshot_rejections_total", help: "Snapshots that were refused.",
            read: { [status = agent.status] in Double(status.current.rejections) })
    }
}
