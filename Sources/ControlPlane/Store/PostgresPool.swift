public import Shared

/// A bounded number of sessions with one database, shared by everything on one event loop.
///
/// - Shape: waiters are served first come, first served. While the database cannot be reached, one caller at a time tries, with
///   growing pauses of at most `retryPauseMax`; everybody else is told at once.
/// - Errors: `StoreError.unavailable` at the latest after `acquireTimeout` plus the connect timeout.
///   A statement run on the pool itself is its own transaction; when its connection breaks, it may have taken effect.
/// - Concurrency: lives on one loop; not Sendable.
public final class PostgresPool: PostgresExecutor {
    public struct Options: Sendable {
        public var settings: PostgresSettings
        public var connectionsMax: Int
        /// Beyond this number a caller is refused at once: the database is far behind.
        public var waitersMax: Int
        public var acquireTimeout: Duration

        public init(
            settings: PostgresSettings, connectionsMax: Int = 8, waitersMax: Int = 1024,
            acquireTimeout: Duration = .seconds(2)
        ) {
            self.settings = settings
            self.connectionsMax = connectionsMax
            self.waitersMax = waitersMax
            self.acquireTimeout = acquireTimeout
        }
    }

    /// Someone in the queue. It is woken to look again; `connection` is set when one was handed over directly.
    @safe private final class Waiter {
        var continuation: UnsafeContinuation<Void, Never>?
        var connection: PostgresConnection?
        var failure: StoreError?
        var timer: LoopTimer?
        private(set) var isAwake = false

        func wake() {
            isAwake = true
            timer?.cancel()
            timer = nil
            unsafe continuation?.resume()
            unsafe continuation = nil
        }
    }

    public let loop: EventLoop
    public let options: Options
    /// Told once when the database goes out of reach and once when it is back.
    public var onAvailabilityChange: ((_ isAvailable: Bool, _ detail: String) -> Void)?
    private var idle: [PostgresConnection] = []
    private var waiters: [Waiter] = []
    /// Idle, in use, and being opened.
    private var openCount = 0
    private var random = SecureRandom()
    private var isClosed = false

    /// What the last attempts to connect taught.
    private var failures = 0
    private var isProbing = false
    private var retryAt: MonotonicTime
    private var lastFailure = StoreError.unavailable("not connected yet")

    /// A database that came back is noticed after at most this long (and its jitter).
    private static let retryPauseMax = Duration.milliseconds(500)
    private static let retryPauseMin = Duration.milliseconds(25)

    public init(on loop: EventLoop, options: Options) {
        self.loop = loop
        self.options = options
        retryAt = loop.now
    }

    /// Whether the last attempt to reach the database succeeded.
    public var isHealthy: Bool { failures == 0 }
    public var connectionCount: Int { openCount }
    public var idleConnectionCount: Int { idle.count }
    public var waiterCount: Int { waiters.count }

    /// Closes idle connections now and the others when they come back.
    public func close() {
        isClosed = true
        for connection in idle { drop(connection) }
        idle.removeAll()
        let waiting = waiters
        waiters.removeAll()
        for waiter in waiting {
            waiter.failure = .unavailable("the pool is closed")
            waiter.wake()
        }
    }

    // MARK: Statements

    public func run(_ sql: String, _ parameters: [PostgresValue]) async throws(StoreError) -> PostgresReply {
        let connection = try await acquire()
        do throws(StoreError) {
            let reply = try await connection.run(sql, parameters, timeout: options.settings.statementTimeout)
            release(connection)
            return reply
        } catch {
            release(connection)
            throw error
        }
    }

    public enum Isolation: String, Sendable {
        case readCommitted = "READ COMMITTED"
        case repeatableRead = "REPEATABLE READ"
        case serializable = "SERIALIZABLE"
    }

    /// Runs `body` in a transaction: commits when it returns, rolls back when it throws.
    ///
    /// - Shape: with `attempts` above 1 the whole of `body` runs again after a serialization failure or deadlock, so it must
    ///   have no effects outside of the transaction.
    /// - Errors: what `body` throws, as it is; `StoreError` for the rest. After `.commitUnknown` nothing is tried again.
    public func transaction<Result>(
        isolation: Isolation = .readCommitted, attempts: Int = 1,
        _ body: (PostgresTransaction) async throws -> Result
    ) async throws -> Result {
        var attempt = 1
        while true {
            do {
                return try await transactionOnce(isolation: isolation, body)
            } catch StoreError.serialization where attempt < attempts {
                attempt += 1
                await loop.sleep(for: .milliseconds(Int64.random(in: 1...(10 * Int64(attempt)), using: &random)))
            }
        }
    }

    private func transactionOnce<Result>(
        isolation: Isolation, _ body: (PostgresTransaction) async throws -> Result
    ) async throws -> Result {
        let connection = try await acquire()
        let timeout = options.settings.statementTimeout
        do {
            try await connection.script("BEGIN ISOLATION LEVEL \(isolation.rawValue)", timeout: timeout)
        } catch {
            release(connection)
            throw error
        }
        let transaction = PostgresTransaction(connection: connection, timeout: timeout)
        do {
            let result = try await body(transaction)
            transaction.isOver = true
            try await connection.commit(timeout: timeout)
            release(connection)
            return result
        } catch {
            transaction.isOver = true
            if connection.isOpen, connection.isInTransaction {
                // If this fails as well, the connection is gone and the server rolls back by itself.
                do throws(StoreError) { try await connection.script("ROLLBACK", timeout: .seconds(1)) } catch {
                    connection.close()
                }
            }
            release(connection)
            throw error
        }
    }

    // MARK: Connections

    private func acquire() async throws(StoreError) -> PostgresConnection {
        let deadline = loop.now.advanced(by: options.acquireTimeout)
        // The queue may not be overtaken: who comes while others wait, waits behind them.
        var mayTake = waiters.isEmpty
        while true {
            if isClosed { throw .unavailable("the pool is closed") }
            if mayTake {
                while let connection = idle.popLast() {
                    if connection.isAliveWhileIdle() { return connection }
                    drop(connection)
                }
                if openCount < options.connectionsMax, failures == 0 || !isProbing {
                    if failures > 0, loop.now < retryAt { throw lastFailure }
                    return try await open()
                }
            }
            guard waiters.count < options.waitersMax else {
                throw .unavailable("\(options.waitersMax) callers wait for a connection already")
            }
            let waiter = Waiter()
            await wait(waiter, until: deadline)
            if let connection = waiter.connection {
                if connection.isOpen { return connection }
                drop(connection)
            }
            if let failure = waiter.failure { throw failure }
            mayTake = true
        }
    }

    private func wait(_ waiter: Waiter, until deadline: MonotonicTime) async {
        let timer = LoopTimer(on: loop) { [unowned self] in
            waiters.removeAll { $0 === waiter }
            waiter.failure = .unavailable("no free connection to the database in time")
            waiter.wake()
        }
        waiter.timer = timer
        waiters.append(waiter)
        timer.arm(after: loop.now.duration(to: deadline))
        unsafe await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            // Other tasks may have run, and woken it, before this closure.
            if waiter.isAwake { return unsafe continuation.resume() }
            unsafe waiter.continuation = unsafe continuation
        }
    }

    private func open() async throws(StoreError) -> PostgresConnection {
        openCount += 1
        isProbing = true
        do throws(StoreError) {
            let connection = try await PostgresConnection.open(options.settings, on: loop)
            isProbing = false
            if failures > 0 { onAvailabilityChange?(true, "reachable after \(failures) attempts") }
            failures = 0
            wakeAll()
            return connection
        } catch {
            isProbing = false
            openCount -= 1
            if failures == 0 { onAvailabilityChange?(false, "\(error)") }
            failures += 1
            lastFailure = error
            let pause = min(Self.retryPauseMax, Self.retryPauseMin * (1 << min(failures, 6)))
            retryAt = loop.now.advanced(by: pause * Double.random(in: 0.5...1, using: &random))
            let waiting = waiters
            waiters.removeAll()
            for waiter in waiting {
                waiter.failure = error
                waiter.wake()
            }
            throw error
        }
    }

    private func release(_ connection: PostgresConnection) {
        guard connection.isOpen, !isClosed, !connection.isInTransaction else {
            drop(connection)
            wakeFirst()
            return
        }
        if let waiter = popWaiter() {
            waiter.connection = connection
            waiter.wake()
        } else {
            idle.append(connection)
        }
    }

    private func drop(_ connection: PostgresConnection) {
        connection.close()
        openCount -= 1
    }

    private func popWaiter() -> Waiter? { waiters.isEmpty ? nil : waiters.removeFirst() }

    private func wakeFirst() { popWaiter()?.wake() }

    /// After the database came back there is room for as many connections as are missing.
    private func wakeAll() {
        for _ in 0..<max(0, options.connectionsMax - openCount) { wakeFirst() }
    }
}

/// An open transaction of a pool. Good only inside the closure it was handed to.
public final class PostgresTransaction: PostgresExecutor {
    private let connection: PostgresConnection
    private let timeout: Duration
    var isOver = false

    init(connection: PostgresConnection, timeout: Duration) {
        self.connection = connection
        self.timeout = timeout
    }

    public func run(_ sql: String, _ parameters: [PostgresValue]) async throws(StoreError) -> PostgresReply {
        precondition(!isOver, "a transaction was used after its end")
        return try await connection.run(sql, parameters, timeout: timeout)
    }

    /// Sends rows to `COPY ... FROM STDIN (FORMAT binary)`. Returns how many there were.
    func copy(_ sql: String, _ rows: consuming PostgresCopyRows) async throws(StoreError) -> Int {
        precondition(!isOver, "a transaction was used after its end")
        return try await connection.copy(sql, rows.finish(), timeout: timeout)
    }

    /// Several statements in one text, without parameters.
    func script(_ sql: String, timeout: Duration? = nil) async throws(StoreError) {
        precondition(!isOver, "a transaction was used after its end")
        try await connection.script(sql, timeout: timeout ?? self.timeout)
    }
}
