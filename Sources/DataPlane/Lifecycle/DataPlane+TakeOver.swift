import Glibc
import Shared

/// Serving in the place of another process, and making place for one.
extension DataPlane {
    // MARK: The new process

    /// What the process that uses the data folder hands out; nil when there is none.
    func askPredecessor() async throws(StartupProblem) -> TakeOver? {
        let found: TakeOver?
        do throws(TakeOver.Failure) {
            found = try await TakeOver.ask(
                in: settings.fleet.dataDirectory, timeout: .milliseconds(settings.takeOverTimeoutMilliseconds), on: loop
            )
        } catch { throw StartupProblem("The running process cannot be taken over: \(error)") }
        guard let found else {
            log.info("there is no process to take over")
            return nil
        }
        guard let ops = SocketAddress(numeric: settings.opsHost, port: UInt16(settings.opsPort)) else {
            throw StartupProblem("opsHost is no numeric address")
        }
        try compare(found.opsAddress, with: ops, "opsHost, opsPort")
        for role in roles where found.addresses[role] != nil {
            try compare(found.addresses[role], with: try wantedAddress(role), "listenHost, \(role.portField)")
        }
        return found
    }

    private func compare(
        _ address: SocketAddress?, with wanted: SocketAddress, _ fields: String
    ) throws(StartupProblem) {
        guard let address else {
            throw StartupProblem("The running process cannot be taken over: a socket of it has no address.")
        }
        if address.bytes == wanted.bytes, address.isIPv6 == wanted.isIPv6,
            wanted.port == 0 || address.port == wanted.port
        {
            return
        }
        throw StartupProblem(
            "The running process cannot be taken over: it listens at \(address), and the settings (\(fields)) say \(wanted). "
                + "Other addresses need a restart.")
    }

    /// Serves as soon as this process is ready to, then has the other one go.
    ///
    /// - Errors: the other one serves on, and this one has left nothing behind.
    func serve(insteadOf predecessor: TakeOver) async throws(StartupProblem) {
        do throws(StartupProblem) {
            try await waitUntilReady(predecessor)
            try await adoptListeners(of: predecessor)
            try startOps(adopting: predecessor.takeOps())
            do throws(TakeOver.Failure) { try await predecessor.finish() } catch {
                throw StartupProblem("The running process was not taken over: \(error)")
            }
        } catch {
            predecessor.close()
            // What was accepted meanwhile is served.
            _ = await drain()
            throw error
        }
        log.info("took over", ["process": .integer(predecessor.process)])
        watchNeighbours()
    }

    private func waitUntilReady(_ predecessor: TakeOver) async throws(StartupProblem) {
        while !readiness.isReady {
            guard predecessor.timeLeft > .zero else {
                throw StartupProblem(
                    "The running process was not taken over: this one was not ready in time (\(readiness.status)).")
            }
            await loop.sleep(for: .milliseconds(5))
        }
    }

    /// Each thread gets a socket; where there are more sockets than threads, some threads get more, and where there are more threads, the
    /// others open one of their own: closing one would lose the connections in its queue. What only this process is to listen on is opened,
    /// what only the other one listened on ends with it.
    private func adoptListeners(of predecessor: TakeOver) async throws(StartupProblem) {
        for role in roles {
            let sockets = predecessor.takeListeners(role)
            guard var address = sockets.first.flatMap({ localAddress(of: $0) }) else {
                try await listen(role)
                continue
            }
            for (index, socket) in sockets.enumerated() {
                let failure = await threads[index % threads.count].run(
                    { worker -> SystemError? in
                        do throws(SystemError) {
                            try worker.listen(adopting: socket, as: role)
                            return nil
                        } catch { return error }
                    }, from: loop)
                if let failure { throw StartupProblem("A socket of the running process cannot be used: \(failure)") }
            }
            for thread in threads.dropFirst(sockets.count) {
                address.port = try await listen(on: address, as: role, thread)
            }
            ports[role] = address.port
        }
    }

    // MARK: The old process

    /// Lets another process take this one over from here on.
    func openDoor() {
        let door = TakeOverDoor(
            on: loop, answer: { [unowned self] in await offer() }, handedOver: { [unowned self] in giveWay() },
            failed: { [unowned self] in watchNeighbours() })
        door.open(in: settings.fleet.dataDirectory)
        self.door = door
    }

    private func offer() async -> TakeOverDoor.Answer {
        if isDraining { return .refused("the running process stops already") }
        guard let ops = ops?.duplicateListener() else { return .refused("the running process has no port for health") }
        var listeners: [ListenerRole: [Int32]] = [:]
        for role in ListenerRole.allCases {
            for thread in threads {
                listeners[role, default: []] += await thread.run({ $0.duplicateListeners(role) }, from: loop)
            }
        }
        return .offer(.init(lock: identity.lock.handedOver, ops: ops, listeners: listeners))
    }

    /// The other process serves: everything that arrives from here on is its own.
    private func giveWay() {
        log.info("another process serves from here on")
        agent.status.update { $0.isHandedOver = true }
        ops?.stopListening()
        for thread in threads { thread.closeListeners() }
        handedOver()
    }

    /// Another process of this node lives beside this one, or did a moment ago: what it leaves unshipped is shipped from here.
    private func watchNeighbours() {
        do throws(SystemError) {
            try neighbours.watch(known: Set([incarnation] + journal.earlierIDs))
        } catch { log.error("journals of other processes of this node are not looked after", ["error": .text(error)]) }
    }
}
