import Shared

/// Hears what other sessions say by NOTIFY, on a session of its own.
///
/// - Shape: after each (re)connection `onConnected` runs, because what was said meanwhile is lost: look at the tables then.
/// - Concurrency: lives on one loop; `run` is a task of its own until `stop`.
final class PostgresListener {
    private let loop: EventLoop
    private let settings: PostgresSettings
    private let channels: [String]
    private let onConnected: () -> Void
    private let onNotification: (_ channel: String, _ payload: String) -> Void
    private var connection: PostgresConnection?
    private var isStopped = false

    /// A session that says nothing for this long is asked whether it still lives.
    private static let silenceMax = Duration.seconds(15)
    private static let retryPauseMax = Duration.seconds(1)

    init(
        on loop: EventLoop, settings: PostgresSettings, channels: [String], onConnected: @escaping () -> Void,
        onNotification: @escaping (_ channel: String, _ payload: String) -> Void
    ) {
        self.loop = loop
        self.settings = settings
        self.channels = channels
        self.onConnected = onConnected
        self.onNotification = onNotification
    }

    func stop() {
        isStopped = true
        connection?.close()
    }

    func run() async {
        var pause = Duration.milliseconds(50)
        while !isStopped {
            do throws(StoreError) {
                let connection = try await PostgresConnection.open(settings, on: loop)
                self.connection = connection
                connection.onNotification = onNotification
                try await connection.script(channels.map { "LISTEN \($0);" }.joined(), timeout: .seconds(5))
                pause = .milliseconds(50)
                if isStopped { break }
                onConnected()
                while !isStopped {
                    let heard = try await connection.waitForNotification(timeout: Self.silenceMax)
                    if !heard { try await connection.script("SELECT 1", timeout: .seconds(5)) }
                }
            } catch {
                connection?.close()
                connection = nil
                if isStopped { break }
                await loop.sleep(for: pause)
                pause = min(pause * 2, Self.retryPauseMax)
            }
        }
        connection?.close()
        connection = nil
    }
}
