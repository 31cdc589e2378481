import CLinux
import Glibc

/// Why a connection is of no more use.
public enum ConnectionError: Error, Hashable, Sendable {
    /// The deadline passed.
    case timedOut
    /// Someone on this side gave it up: the other leg of a request is gone, or the process stops.
    case aborted
    /// The peer reset it, or the network did.
    case broken
}

/// Something that can be given up from outside while its task waits for it.
public protocol Abortable: AnyObject {
    func abort()
}

/// Takes what arrives on a connection in the turn in which it does, while its task waits for something else to do.
public protocol ArrivalTaker: AnyObject {
    /// - Returns: whether the wait goes on. False wakes the task.
    func takesArrival() -> Bool
}

/// One TCP connection on one loop.
///
/// Registered once, edge-triggered, for everything: the task tries the system call first and suspends only when the kernel
/// says that it would block. Reads happen only when the task asks, so a slow reader on one side stops the other side's
/// reads, and TCP does the rest.
///
/// Concurrency: belongs to one loop. At most one task reads and one writes at a time.
@safe public final class Connection: EventSource, Abortable {
    public let loop: EventLoop
    private var descriptor: Int32
    public let input: ByteBuffer
    public let output: ByteBuffer

    /// TLS on this connection; nil: plain. The one thing that the plain path looks at.
    var tls: TLSLayer?
    var mayRead = true
    var mayWrite = true
    /// Set by RDHUP: the next short read is followed by end of file without waiting for another event.
    private(set) var peerHasShutDown = false
    public private(set) var failure: ConnectionError?
    private(set) var endsAbruptly = false
    private var readWaiter: UnsafeContinuation<Void, Never>?
    private var writeWaiter: UnsafeContinuation<Void, Never>?
    /// Asked before the reader is woken.
    private unowned(unsafe) var arrivalTaker: (any ArrivalTaker)?
    private let timer = DeadlineTimer()

    /// While set, a peer that leaves aborts this: the upstream leg of the request in flight.
    public unowned(unsafe) var abortedWhenPeerLeaves: (any Abortable)?

    /// What arrives comes after what arrives elsewhere, and may wait a moment.
    private var isPatient = false
    /// It is among those that wait when there is need to: see `PatientDescriptors`.
    private var isApart = false
    /// What the kernel said of it while it is in the loop's line; 0: it is not.
    private var seen: UInt32 = 0

    /// Bytes that it has moved since it last let others have their turn.
    private var movedInTurn = 0

    /// What is in `output` and nobody waits for.
    private enum Owed {
        case nothing
        /// The loop sends it at the end of this turn.
        case inTurn
        /// The kernel did not take all of it: it goes when there is room, and before anything is read.
        case overdue
    }
    private var owed = Owed.nothing
    /// More than this is sent by whoever wrote it. A socket without arrears takes as much.
    private static let owedBytesMax = 16 * 1024

    /// A connection whose other end is always ready would keep the loop for itself: after so much it waits for its next turn.
    /// At a copy of some GB/s that is less than a tenth of a millisecond.
    var turnBytesMax = 256 * 1024
    /// A read into a buffer that holds something is worth its call from here on.
    private static let readRoomMin = 4 * 1024
    private static let watched = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue

    @safe private final class DeadlineTimer: TimerEntry {
        /// Whoever owns the timer, and disarms it before it goes away.
        unowned(unsafe) var connection: Connection?
        override func timerFired() { unsafe connection?.deadlinePassed() }
    }

    /// Takes over a connected (or connecting), non-blocking socket.
    public init(adopting descriptor: Int32, on loop: EventLoop) throws(SystemError) {
        self.loop = loop
        self.descriptor = descriptor
        input = ByteBuffer(in: loop.buffers)
        output = ByteBuffer(in: loop.buffers)
        super.init()
        unsafe timer.connection = self
        do {
            try loop.add(self, descriptor: descriptor, events: Self.watched)
        } catch {
            Glibc.close(descriptor)
            self.descriptor = -1
            throw error
        }
    }

    deinit {
        close()
        // Somebody may have set a deadline after the close.
        loop.disarm(timer)
    }

    public var isOpen: Bool { descriptor >= 0 }
    /// The kernel's number, for socket options and logs; -1 once closed.
    public var rawDescriptor: Int32 { descriptor }

    // MARK: Deadline

    /// From this moment on every wait fails with `timedOut`. A store in the common case that it moves later.
    @inline(__always)
    public func setDeadline(_ deadline: MonotonicTime) { loop.arm(timer, at: deadline.nanoseconds) }

    @inline(__always)
    public func setDeadline(after duration: Duration) {
        loop.arm(timer, at: loop.currentNanoseconds &+ duration.clampedNanoseconds)
    }

    /// For what is set for every request: see `MonotonicTime.advanced(byNanoseconds:)`.
    @inline(__always)
    public func setDeadline(afterMilliseconds duration: Int) {
        loop.arm(timer, at: loop.currentNanoseconds &+ UInt64(max(0, duration)) &* 1_000_000)
    }

    public func clearDeadline() { loop.disarm(timer) }

    private func deadlinePassed() {
        guard seen != 0 else { return fail(.timedOut) }
        // What stands in line has come in time. Whoever takes it moves the deadline, in this turn or the next.
        loop.arm(timer, at: loop.currentNanoseconds &+ 1)
        takeSeen()
    }

    /// Lets the peer be told that it was too slow: a wait took too long, the connection itself is in order.
    func forgetTimeout() {
        if failure == .timedOut { failure = nil }
    }

    // MARK: Events

    override func ready(_ events: UInt32) {
        guard isPatient else { return take(events) }
        if seen == 0 { loop.linesUp(self, arrival: events & EPOLLIN.rawValue != 0) }
        seen |= events
    }

    /// Its turn in the loop's line.
    func servedInLine() {
        takeSeen()
        if isPatient { joinThoseApart() }
    }

    private func takeSeen() {
        let events = seen
        seen = 0
        if events != 0, descriptor >= 0 { take(events) }
    }

    private func take(_ events: UInt32) {
        if events & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 {
            mayRead = true
            if events & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 {
                peerHasShutDown = true
                if unsafe readWaiter == nil, let dependent = unsafe abortedWhenPeerLeaves {
                    unsafe abortedWhenPeerLeaves = nil
                    dependent.abort()
                }
            }
            if !isTaken() { resumeReader() }
        }
        if events & (EPOLLOUT.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 {
            mayWrite = true
            if owed == .overdue {
                // Another turn: nothing but the kernel's word is waited for.
                movedInTurn = 0
                sendOwed()
            }
            resumeWriter()
        }
        if tls != nil { wakeAcrossTLS() }
    }

    /// True once the peer has closed its side (or all of it), as far as the kernel has told.
    public var peerIsGone: Bool { peerHasShutDown || failure != nil || descriptor < 0 }

    func resumeReader() {
        guard let waiter = unsafe readWaiter else { return }
        unsafe readWaiter = nil
        unsafe waiter.resume()
    }

    func resumeWriter() {
        guard let waiter = unsafe writeWaiter else { return }
        unsafe writeWaiter = nil
        unsafe waiter.resume()
    }

    public func abort() { fail(.aborted) }

    func fail(_ error: ConnectionError) {
        if failure == nil { failure = error }
        mayRead = true
        mayWrite = true
        resumeReader()
        resumeWriter()
    }

    // MARK: Reading

    /// Appends what has arrived to `input`, waiting until something has.
    ///
    /// - Errors: `ConnectionError`. Returns the number of bytes, 0 at the end of the stream.
    public func fill() async throws(ConnectionError) -> Int {
        while true {
            // Whoever does not take its answer is not listened to.
            if owed == .overdue { try await flush() }
            if let length = try fillNow() {
                // Nobody may come back to a connection that has ended for the one side.
                if length == 0, owed != .nothing { try await flush() }
                return length
            }
            if mayRead {
                await waitForNextTurn()
                continue
            }
            // What waits for a long time holds no memory meanwhile.
            input.trim()
            movedInTurn = 0
            unsafe await withUnsafeContinuation { continuation in
                // Checked again here: an event may have come between the check above and this closure.
                if mayRead || failure != nil {
                    unsafe continuation.resume()
                } else {
                    unsafe readWaiter = unsafe continuation
                }
            }
        }
    }

    /// What `fill` does without waiting. Nil: nothing is there, or it is others' turn. Not while `output` is being sent.
    public func fillNow() throws(ConnectionError) -> Int? {
        if let failure { throw failure }
        guard mayRead, movedInTurn < turnBytesMax else { return nil }
        let length = try readNow(into: input)
        guard length >= 0 else { return nil }
        movedInTurn &+= length
        return length
    }

    /// Suspends after `fillNow` had nothing, until something arrives that `taker` leaves to the task, or the connection fails. What arrives may
    /// have waited a moment, from here on until `endPatience`.
    public func untilArrival(offeredTo taker: any ArrivalTaker) async {
        guard movedInTurn < turnBytesMax else { return await waitForNextTurn() }
        beginPatience()
        unsafe arrivalTaker = taker
        await untilReadable()
        unsafe arrivalTaker = nil
    }

    private func beginPatience() {
        guard !isPatient else { return }
        isPatient = true
        joinThoseApart()
    }

    /// What arrives is wanted at once again.
    public func endPatience() {
        guard isPatient else { return }
        isPatient = false
        takeSeen()
        if isApart, descriptor >= 0 { isApart = loop.watch(descriptor, events: Self.watched, apart: false) }
    }

    private func joinThoseApart() {
        if loop.isGathering, !isApart, descriptor >= 0 {
            isApart = loop.watch(descriptor, events: Self.watched, apart: true)
        }
    }

    private func isTaken() -> Bool {
        guard unsafe readWaiter != nil, let taker = unsafe arrivalTaker else { return false }
        movedInTurn = 0
        // What it has left is for another turn.
        return taker.takesArrival() && !mayRead
    }

    private func waitForNextTurn() async {
        movedInTurn = 0
        await loop.nextTurn()
    }

    /// One read: the byte count, 0 at the end of the stream, -1 when it would block.
    private func readNow(into buffer: ByteBuffer) throws(ConnectionError) -> Int {
        if tls != nil { return try readThroughTLS(into: buffer, Self.readRoomMin) }
        guard descriptor >= 0 else { throw .aborted }
        let room = unsafe buffer.writable(Self.readRoomMin)
        let wanted = min(room.count, turnBytesMax)
        let length = retryingInterrupts { unsafe weir_recv(descriptor, room.baseAddress, wanted, 0) }
        if length > 0 {
            buffer.didWrite(length)
            // A short read has drained the socket; the next byte brings an event. With the peer's shutdown known there
            // will be no other event, so the next call has to look again.
            if length < wanted, !peerHasShutDown { mayRead = false }
            return length
        }
        if length == 0 { return 0 }
        if errno == EAGAIN || errno == EWOULDBLOCK {
            mayRead = false
            return -1
        }
        failure = .broken
        throw .broken
    }

    /// True when the peer of an idle connection is still there and has sent nothing: what a pool asks before it reuses one.
    public func isQuiet() -> Bool {
        guard descriptor >= 0, failure == nil, input.isEmpty, output.isEmpty, !peerHasShutDown else { return false }
        guard mayRead else { return true }  // the last read drained it and no event has come since
        if tls != nil { return isQuietBehindTLS() }
        var byte: UInt8 = 0
        let length = retryingInterrupts { unsafe recv(descriptor, &byte, 1, Int32(MSG_PEEK)) }
        guard length < 0, errno == EAGAIN || errno == EWOULDBLOCK else { return false }
        mayRead = false
        return true
    }

    // MARK: Writing

    /// Sends of `output` what the kernel takes at once, and what is this connection's due. True when that was all of it: nearly
    /// always, and without a deadline.
    public func flushNow() throws(ConnectionError) -> Bool {
        while !output.isEmpty {
            let sent = try unsafe sendNow(output.readable)
            guard sent >= 0 else { return false }
            output.consume(sent)
        }
        output.trim()
        return true
    }

    /// Leaves `output` to the loop, which sends what its connections have at the end of this turn: what the kernel does for one of them
    /// it then does for the next with its code at hand, and a peer that sleeps wakes to several.
    ///
    /// True: nobody has to wait for it, and errors show when the connection is read. False: `flush` has to go on.
    @inline(__always)
    public func flushInTurn() throws(ConnectionError) -> Bool {
        guard mayWrite, owed != .overdue, tls == nil, failure == nil, descriptor >= 0, movedInTurn < turnBytesMax,
            output.count <= Self.owedBytesMax
        else { return try flushNow() }
        if owed == .nothing, !output.isEmpty {
            owed = .inTurn
            loop.owes(self)
        }
        return true
    }

    func sendOwed() {
        // Meanwhile it may have been sent together with more.
        guard owed != .nothing else { return }
        owed = .nothing
        guard !output.isEmpty else { return }
        do throws(ConnectionError) {
            if try flushNow() { return }
            owed = .overdue
        } catch { output.removeAll() }
        // Whoever waits here learns of the failure, or sends the rest.
        mayRead = true
        resumeReader()
    }

    /// Sends all of `output`.
    public func flush() async throws(ConnectionError) {
        owed = .nothing
        while !output.isEmpty {
            let sent = try unsafe await sendSome(output.readable)
            output.consume(sent)
        }
        output.trim()
    }

    /// Sends `output` and then `bytes`, without copying them when they are large. The caller keeps them in place meanwhile.
    public func flush(then bytes: UnsafeRawBufferPointer) async throws(ConnectionError) {
        if bytes.count <= Self.copiedBytesMax {
            unsafe output.append(bytes)
            return try await flush()
        }
        try await flush()
        var rest = unsafe bytes
        while unsafe !rest.isEmpty {
            let sent = try unsafe await sendSome(rest)
            unsafe rest = unsafe UnsafeRawBufferPointer(rebasing: rest[sent...])
        }
    }

    /// Below this a copy into `output` is cheaper than a second system call.
    private static let copiedBytesMax = 64 * 1024

    private func sendSome(_ bytes: UnsafeRawBufferPointer) async throws(ConnectionError) -> Int {
        while true {
            if movedInTurn >= turnBytesMax, failure == nil { await waitForNextTurn() }
            let sent = try unsafe sendNow(bytes)
            if sent >= 0 { return sent }
            await untilWritable()
        }
    }

    /// Suspends until there may be something to read, or the connection fails.
    func untilReadable() async {
        unsafe await withUnsafeContinuation { continuation in
            if mayRead || failure != nil {
                unsafe continuation.resume()
            } else {
                unsafe readWaiter = unsafe continuation
            }
        }
    }

    /// Suspends until there may be room to write, or the connection fails.
    func untilWritable() async {
        unsafe await withUnsafeContinuation { continuation in
            if mayWrite || failure != nil {
                unsafe continuation.resume()
            } else {
                unsafe writeWaiter = unsafe continuation
            }
        }
    }

    /// One write: the byte count, -1 when it would block or it is others' turn.
    private func sendNow(_ bytes: UnsafeRawBufferPointer) throws(ConnectionError) -> Int {
        if let failure { throw failure }
        guard descriptor >= 0 else { throw .aborted }
        guard mayWrite, movedInTurn < turnBytesMax else { return -1 }
        if tls != nil {
            let length = try unsafe writeThroughTLS(bytes)
            movedInTurn &+= max(0, length)
            return length > 0 ? length : -1
        }
        let wanted = min(bytes.count, turnBytesMax)
        let length = retryingInterrupts {
            unsafe weir_send(descriptor, bytes.baseAddress, wanted, Int32(MSG_NOSIGNAL))
        }
        if length >= 0 {
            if length < wanted { mayWrite = false }
            movedInTurn &+= length
            return length
        }
        guard errno == EAGAIN || errno == EWOULDBLOCK else {
            failure = .broken
            throw .broken
        }
        mayWrite = false
        return -1
    }

    /// Waits until a connecting socket is connected.
    func waitUntilConnected() async throws(ConnectionError) {
        while !mayWrite {
            if let failure { throw failure }
            await untilWritable()
        }
        if let failure { throw failure }
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0, code == 0 else {
            failure = .broken
            throw .broken
        }
        peerHasShutDown = false
        mayRead = true
    }

    // MARK: Closing

    /// Tells the peer that nothing follows, and keeps reading possible.
    public func shutDownWriting() {
        guard descriptor >= 0 else { return }
        sendOwed()
        tls?.sayEnd()
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Makes the close a reset, so that the peer cannot take it for a clean end.
    public func resetOnClose() {
        guard descriptor >= 0 else { return }
        endsAbruptly = true
        var option = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// Idempotent. A task that waits on the connection wakes with `aborted`.
    public func close() {
        guard descriptor >= 0 else { return }
        sendOwed()
        loop.disarm(timer)
        loop.remove(descriptor: descriptor, closing: true)
        if tls != nil { endTLS() }
        Glibc.close(descriptor)
        descriptor = -1
        unsafe abortedWhenPeerLeaves = nil
        fail(.aborted)
    }
}
