import Shared

/// What the control plane said to a batch.
enum ShipAnswer: Equatable, Sendable {
    /// Everything up to this sequence is durable there.
    case acknowledged(UInt64)
    /// Nothing was taken: this is the record it wants next.
    case expected(UInt64)
    case unavailable(String)
}

/// The way of one stream's records to the control plane: in order, one batch in flight, each sent until it is acknowledged.
///
/// The control plane counts for itself and applies nothing twice, so whenever the two disagree it is followed, as far as the
/// records are here.
struct Shipment {
    /// What to do after an answer.
    enum Step: Equatable {
        case goOn
        /// Send the same again, later.
        case tryLater(Duration, why: String)
        /// The control plane wants a record that is not here any more. Only a person can say what happened to its database.
        case missing(expected: UInt64, Duration)
        /// The control plane has more of this stream than the disk: the machine went down and took the end with it.
        case ahead(acknowledged: UInt64)
    }

    /// A wait while nothing can be done but ask again.
    static let missingRetry = Duration.seconds(10)

    private let log: JournalLog
    private var cursor: JournalCursor
    private var pending: JournalBatch?
    /// The body that carries the pending batch. Its memory serves the next one too: taking some hundred kilobytes anew for each costs more
    /// than filling them.
    let body = ByteBuffer()
    private var backoff = Backoff()

    init(_ log: JournalLog) {
        self.log = log
        cursor = JournalCursor(log)
    }

    /// The batch to send now: the one that is not acknowledged, else the next; nil when there is nothing to ship.
    mutating func next() -> JournalBatch? {
        if pending == nil {
            body.removeAll()
            _ = unsafe body.writable(UsageBatch.headerBytes)
            body.didWrite(UsageBatch.headerBytes)
            pending = cursor.next(
                recordsMax: UsageBatch.recordsMax, bytesMax: UsageBatch.frameBytesMax, into: body)
            if let pending {
                unsafe UsageBatch.writeHeader(
                    stream: log.stream, firstSequence: pending.firstSequence, recordCount: pending.recordCount,
                    into: body.mutableReadable)
            }
        }
        return pending
    }

    /// Gives the memory back, while there is nothing to ship.
    func trim() {
        body.removeAll()
        body.trim(completely: true)
    }

    mutating func answered(_ answer: ShipAnswer, random: inout some RandomNumberGenerator) -> Step {
        switch answer {
        case .acknowledged(let sequence): acknowledged(sequence)
        case .expected(let sequence): expected(sequence)
        case .unavailable(let reason): .tryLater(backoff.next(using: &random), why: reason)
        }
    }

    private mutating func acknowledged(_ sequence: UInt64) -> Step {
        backoff.reset()
        let last = log.lastSequence.load(ordering: .acquiring)
        guard sequence <= last else {
            // What has these numbers here will be taken for known there.
            log.acknowledge(upTo: last)
            pending = nil
            _ = cursor.seek(last + 1)
            return .ahead(acknowledged: sequence)
        }
        log.acknowledge(upTo: sequence)
        pending = nil
        return cursor.seek(sequence + 1) ? .goOn : .missing(expected: sequence + 1, Self.missingRetry)
    }

    private mutating func expected(_ sequence: UInt64) -> Step {
        guard cursor.seek(sequence) else { return .missing(expected: sequence, Self.missingRetry) }
        pending = nil
        return .goOn
    }
}
