import Shared

/// Connects to whichever of several addresses answers first, and closes the others.
///
/// Concurrency: on its loop only, where each attempt under way is followed by a task of its own; they end with their connections.
final class Dial: @unchecked Sendable {
    private let addresses: [SocketAddress]
    private let waiting: CheckOut
    private var race: ConnectRace
    private var attempts: [(index: Int, connection: Connection)] = []
    private var won: (index: Int, connection: Connection)?
    /// Those that were refused, and at the end those that were overtaken.
    private(set) var failed: [SocketAddress] = []

    private var lacksDescriptors = false

    init(_ addresses: [SocketAddress], delay: Duration, for waiting: CheckOut) {
        self.addresses = addresses
        self.waiting = waiting
        race = ConnectRace(count: addresses.count, delay: delay)
    }

    /// The first connection, and its address.
    func run() async throws(AttemptError) -> (address: SocketAddress, connection: Connection) {
        defer { closeOthers() }
        while true {
            if let won {
                guard !waiting.isAborted else {
                    won.connection.close()
                    throw .callerGone
                }
                return (addresses[won.index], won.connection)
            }
            if waiting.isOver { throw waiting.error }
            switch race.step(at: waiting.loop.refreshedNow()) {
            case .connect(let index): begin(index)
            case .wait(let until): await waiting.pause(until: until)
            case .lost: throw lacksDescriptors ? .descriptorsExhausted : .connectFailed
            }
        }
    }

    private func begin(_ index: Int) {
        let connection: Connection
        do throws(SystemError) {
            connection = try Connection.beginConnecting(to: addresses[index], on: waiting.loop)
        } catch {
            // That is no fault of the address.
            lacksDescriptors = error.isShortOfDescriptors
            if !lacksDescriptors { failed.append(addresses[index]) }
            return race.attemptFailed(at: waiting.loop.now)
        }
        attempts.append((index: index, connection: connection))
        waiting.loop.spawnUnisolated { [self] in await follow(index) }
    }

    private func follow(_ index: Int) async {
        // Over before this task had its first turn.
        guard let connection = attempts.first(where: { $0.index == index })?.connection else { return }
        let isConnected: Bool
        do throws(ConnectError) {
            try await connection.untilConnected()
            isConnected = true
        } catch { isConnected = false }
        // The race may be over, and this connection with it.
        guard let place = attempts.firstIndex(where: { $0.index == index }) else { return }
        if isConnected {
            guard won == nil else { return }
            attempts.remove(at: place)
            won = (index: index, connection: connection)
        } else {
            attempts.remove(at: place)
            failed.append(addresses[index])
            race.attemptFailed(at: waiting.loop.now)
        }
        waiting.wake()
    }

    private func closeOthers() {
        let left = attempts
        attempts.removeAll()
        for attempt in left {
            attempt.connection.close()
            // It had longer than the winner, or all the time there was.
            if let won, attempt.index > won.index { continue }
            if !waiting.isAborted { failed.append(addresses[attempt.index]) }
        }
    }
}
