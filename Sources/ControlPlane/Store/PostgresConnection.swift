import CPostgres
import Shared

/// One session with PostgreSQL, driven by the event loop: nothing in here blocks the thread.
///
/// - Shape: one statement at a time; whoever holds the connection owns it. After an error that leaves the protocol's state in
///   doubt (lost, timed out) the connection is closed, and everything later answers `StoreError.unavailable`.
/// - Errors: `StoreError`; a statement that exceeds its time is ended by the server itself (`statement_timeout`), and where
///   that does not come back either, by closing the connection. PQcancel is not used: it blocks.
/// - Source: PostgreSQL manual, "Asynchronous Command Processing".
@safe final class PostgresConnection {
    private let loop: EventLoop
    private let handle: OpaquePointer
    private var watch: DescriptorWatch?
    private var statements: [String: Statement] = [:]
    private var statementCount = 0
    private(set) var isOpen = true
    /// Called for every NOTIFY that arrives while a statement runs or `waitForNotification` waits.
    var onNotification: ((_ channel: String, _ payload: String) -> Void)?

    private struct Statement {
        var name: String
        var parameterTypes: [UInt32]
    }

    /// How long the client waits beyond the server's own `statement_timeout` before it gives the connection up.
    private static let graceBeyondServerTimeout = Duration.seconds(1)
    /// Reports with many filters make many texts; beyond this the session forgets all and starts again.
    private static let preparedStatementsMax = 256

    private init(handle: OpaquePointer, on loop: EventLoop) {
        unsafe self.handle = unsafe handle
        self.loop = loop
    }

    deinit { unsafe PQfinish(handle) }

    // MARK: Connecting

    /// Opens a session.
    ///
    /// - Errors: `StoreError.unavailable` with libpq's reason, at the latest after `settings.connectTimeout`.
    static func open(
        _ settings: PostgresSettings, on loop: EventLoop
    ) async throws(StoreError) -> PostgresConnection {
        let deadline = loop.now.advanced(by: settings.connectTimeout)
        guard let handle = unsafe await PostgresStart.begin(settings, on: loop) else {
            throw .unavailable("no connection to the database in time")
        }
        let connection = unsafe PostgresConnection(handle: handle, on: loop)
        do {
            try await connection.finishConnecting(until: deadline)
            unsafe PQsetnonblocking(handle, 1)
            connection.installNoticeReceiver()
            try await connection.script(settings.sessionScript, timeout: loop.now.duration(to: deadline))
        } catch {
            connection.close()
            throw error
        }
        return connection
    }

    private func finishConnecting(until deadline: MonotonicTime) async throws(StoreError) {
        var status = PGRES_POLLING_WRITING
        guard unsafe PQstatus(handle) != CONNECTION_BAD else { throw lost() }
        while status != PGRES_POLLING_OK {
            // libpq may close the socket and open another inside PQconnectPoll, even with the same number: the watch of each
            // step is closed before it.
            let watch = unsafe DescriptorWatch(descriptor: PQsocket(handle), on: loop)
            watch.setInterest(readable: status == PGRES_POLLING_READING, writable: status == PGRES_POLLING_WRITING)
            let readiness = await watch.wait(timeout: loop.now.duration(to: deadline))
            watch.close()
            if readiness.contains(.timedOut) { throw .unavailable("no connection to the database in time") }
            status = unsafe PQconnectPoll(handle)
            if status == PGRES_POLLING_FAILED { throw lost() }
        }
        let watch = unsafe DescriptorWatch(descriptor: PQsocket(handle), on: loop)
        watch.setInterest(readable: true, writable: false)
        self.watch = watch
    }

    /// libpq prints notices to standard error unless told otherwise.
    private func installNoticeReceiver() {
        unsafe PQsetNoticeProcessor(handle, { _, _ in }, nil)
    }

    func close() {
        guard isOpen else { return }
        isOpen = false
        watch?.close()
        watch = nil
    }

    // MARK: Statements

    /// Prepares `sql` once, runs it and reads the whole answer.
    func run(_ sql: String, _ parameters: [PostgresValue], timeout: Duration) async throws(StoreError) -> PostgresReply
    {
        try checkOpen()
        let deadline = loop.now.advanced(by: timeout + Self.graceBeyondServerTimeout)
        let statement = try await prepared(sql, deadline: deadline)
        let encoded = try PostgresParameters(parameters, types: statement.parameterTypes)
        let isSent = unsafe encoded.withPointers { values, lengths, formats in
            unsafe PQsendQueryPrepared(handle, statement.name, Int32(parameters.count), values, lengths, formats, 1)
        }
        guard isSent == 1 else { throw failed() }
        do {
            return try await reply(until: deadline)
        } catch .other(let sqlstate, let message) where sqlstate == "0A000" || sqlstate == "26000" {
            // The schema changed under a cached plan, or somebody between us and the server swapped sessions.
            close()
            throw .unavailable("\(sqlstate): \(message)")
        }
    }

    /// Runs a text of one or more statements without parameters, as one implicit transaction unless it says otherwise.
    func script(_ sql: String, timeout: Duration) async throws(StoreError) {
        try checkOpen()
        guard unsafe PQsendQuery(handle, sql) == 1 else { throw failed() }
        // Rows of a text come as text; nobody wants them.
        _ = try await reply(until: loop.now.advanced(by: timeout + Self.graceBeyondServerTimeout), readingRows: false)
    }

    /// Sends rows to `COPY ... FROM STDIN (FORMAT binary)`. Returns how many there were.
    func copy(_ sql: String, _ data: [UInt8], timeout: Duration) async throws(StoreError) -> Int {
        try checkOpen()
        let deadline = loop.now.advanced(by: timeout + Self.graceBeyondServerTimeout)
        guard unsafe PQsendQuery(handle, sql) == 1 else { throw failed() }
        try await flush(until: deadline)
        guard try await isReadyForRows(until: deadline) else { throw .mismatch("the statement takes no rows") }
        var sent = 0
        while sent < data.count {
            let count = min(data.count - sent, Self.copyChunkBytes)
            let status = unsafe data.withUnsafeBytes { buffer in
                unsafe PQputCopyData(
                    handle, buffer.baseAddress!.advanced(by: sent).assumingMemoryBound(to: CChar.self), Int32(count))
            }
            if status < 0 { throw failed() }
            if status > 0 { sent += count }
            try await flush(until: deadline)
        }
        while true {
            let status = unsafe PQputCopyEnd(handle, nil)
            if status < 0 { throw failed() }
            if status > 0 { break }
            try await flush(until: deadline)
        }
        return try await reply(until: deadline, readingRows: false).affectedRows
    }

    /// False: the statement was something else than COPY, and is over.
    private func isReadyForRows(until deadline: MonotonicTime) async throws(StoreError) -> Bool {
        var failure: StoreError?
        while let result = try await nextResult(until: deadline) {
            if result.takesRows { return true }
            failure = failure ?? result.error
        }
        if let failure { throw failure }
        return false
    }

    /// What is handed to libpq at a time: it copies, and its buffer keeps the size it once had.
    private static let copyChunkBytes = 64 << 10

    /// Ends the open transaction. Distinguishes a commit that did not happen from one that nobody knows about.
    func commit(timeout: Duration) async throws(StoreError) {
        try checkOpen()
        guard unsafe PQsendQuery(handle, "COMMIT") == 1 else { throw failed() }
        var command = ""
        var failure: StoreError?
        do {
            let deadline = loop.now.advanced(by: timeout + Self.graceBeyondServerTimeout)
            try await flush(until: deadline)
            while let result = try await nextResult(until: deadline) {
                command = result.command
                failure = failure ?? result.error
            }
        } catch {
            close()
            throw .commitUnknown
        }
        switch failure {
        case nil: break
        case .unavailable?: throw .commitUnknown
        case let failure?: throw failure
        }
        // COMMIT of a failed transaction answers ROLLBACK.
        guard command == "COMMIT" else { throw .other(sqlstate: "25P02", message: "the transaction had failed") }
    }

    var isInTransaction: Bool { unsafe PQtransactionStatus(handle) != PQTRANS_IDLE }

    private func prepared(_ sql: String, deadline: MonotonicTime) async throws(StoreError) -> Statement {
        if let statement = statements[sql] { return statement }
        if statements.count >= Self.preparedStatementsMax, !isInTransaction {
            try await script("DEALLOCATE ALL", timeout: loop.now.duration(to: deadline))
            statements.removeAll()
        }
        statementCount += 1
        let name = "weir\(statementCount)"
        guard unsafe PQsendPrepare(handle, name, sql, 0, nil) == 1 else { throw failed() }
        _ = try await reply(until: deadline)
        guard unsafe PQsendDescribePrepared(handle, name) == 1 else { throw failed() }
        var types: [UInt32] = []
        try await flush(until: deadline)
        while let result = try await nextResult(until: deadline) {
            if let error = result.error { throw error }
            types = result.parameterTypes
        }
        let statement = Statement(name: name, parameterTypes: types)
        statements[sql] = statement
        return statement
    }

    /// Reads results until the server is ready again; the last one is the answer, the first error wins.
    private func reply(
        until deadline: MonotonicTime, readingRows: Bool = true
    ) async throws(StoreError) -> PostgresReply {
        var reply = PostgresReply(rows: [], affectedRows: 0)
        var failure: StoreError?
        try await flush(until: deadline)
        while let result = try await nextResult(until: deadline) {
            if let error = result.error {
                failure = failure ?? error
            } else if failure == nil {
                // A field that cannot be read must not leave results behind in the connection.
                do throws(StoreError) {
                    reply = PostgresReply(rows: readingRows ? try result.rows() : [], affectedRows: result.affectedRows)
                } catch { failure = error }
            }
        }
        if unsafe PQstatus(handle) == CONNECTION_BAD { close() }
        if let failure { throw failure }
        return reply
    }

    // MARK: Notifications

    /// Waits until something arrives or the time is over; notifications go to `onNotification`. False: nothing came.
    func waitForNotification(timeout: Duration) async throws(StoreError) -> Bool {
        try checkOpen()
        guard let watch else { throw lost() }
        let readiness = await watch.wait(timeout: timeout)
        try checkOpen()
        if readiness.contains(.timedOut) { return false }
        try consume()
        return true
    }

    /// Whether an idle connection is still what it was: one non-blocking read, no round trip.
    func isAliveWhileIdle() -> Bool {
        guard isOpen else { return false }
        // A server that shut down has sent a message and then the end: the second read sees the end.
        for _ in 0..<2 where unsafe PQconsumeInput(handle) == 0 { return false }
        _ = unsafe PQisBusy(handle)
        deliverNotifications()
        return unsafe PQstatus(handle) == CONNECTION_OK && PQtransactionStatus(handle) == PQTRANS_IDLE
    }

    private func deliverNotifications() {
        while let notification = unsafe PQnotifies(handle) {
            let channel = unsafe String(cString: notification.pointee.relname)
            let payload = unsafe String(cString: notification.pointee.extra)
            unsafe PQfreemem(notification)
            onNotification?(channel, payload)
        }
    }

    // MARK: The wire

    private func flush(until deadline: MonotonicTime) async throws(StoreError) {
        while true {
            let status = unsafe PQflush(handle)
            if status == 0 { break }
            if status < 0 { throw failed() }
            guard isOpen, let watch else { throw failed() }
            watch.setInterest(readable: true, writable: true)
            let readiness = await watch.wait(timeout: loop.now.duration(to: deadline))
            if readiness.contains(.timedOut) { throw timedOut() }
            // The server may want to be read from before it takes more.
            if readiness.contains(.readable) { try consume() }
        }
        watch?.setInterest(readable: true, writable: false)
    }

    /// nil: the server is ready for the next statement.
    private func nextResult(until deadline: MonotonicTime) async throws(StoreError) -> PostgresResult? {
        while unsafe PQisBusy(handle) == 1 {
            guard isOpen, let watch else { throw failed() }
            let readiness = await watch.wait(timeout: loop.now.duration(to: deadline))
            if readiness.contains(.timedOut) { throw timedOut() }
            try consume()
        }
        guard let raw = unsafe PQgetResult(handle) else { return nil }
        return unsafe PostgresResult(takingOwnershipOf: raw)
    }

    private func consume() throws(StoreError) {
        guard unsafe PQconsumeInput(handle) == 1 else { throw failed() }
        _ = unsafe PQisBusy(handle)
        deliverNotifications()
    }

    private func checkOpen() throws(StoreError) {
        if !isOpen { throw .unavailable("the connection is closed") }
    }

    private func timedOut() -> StoreError {
        close()
        return .timeout
    }

    private func failed() -> StoreError {
        close()
        return lost()
    }

    private func lost() -> StoreError { unsafe .unavailable(String(cString: PQerrorMessage(handle)).oneLine) }
}

/// How to reach the database, and the session's own settings.
public struct PostgresSettings: Sendable {
    /// A libpq connection string or URL.
    public var connectionString: String
    public var connectTimeout: Duration = .seconds(3)
    /// The server ends a statement that runs longer.
    public var statementTimeout: Duration = .seconds(10)

    public init(
        connectionString: String, connectTimeout: Duration = .seconds(3), statementTimeout: Duration = .seconds(10)
    ) {
        self.connectionString = connectionString
        self.connectTimeout = connectTimeout
        self.statementTimeout = statementTimeout
    }

    /// What stands before `dbname` can be overridden by the connection string, what stands after it cannot.
    private var options: [(String, String)] {
        [
            ("application_name", "weir-control"), ("keepalives_idle", "30"), ("keepalives_interval", "5"),
            ("keepalives_count", "3"), ("tcp_user_timeout", "15000"), ("dbname", connectionString),
            ("client_encoding", "UTF8"),
        ]
    }
    var keywords: [String] { options.map { $0.0 } }
    var values: [String] { options.map { $0.1 } }

    /// - Shape: a client that vanishes must hold no lock for long, least of all of an account that others want to borrow from: the
    ///   server notices within a second while a statement runs, within 5 seconds between the statements of a transaction.
    var sessionScript: String {
        """
        SET statement_timeout = \(statementTimeout.wholeMilliseconds);
        SET idle_in_transaction_session_timeout = 5000;
        SET client_connection_check_interval = 1000;
        SET timezone = 'UTC'
        """
    }
}
