/// The records of a data plane's journal, in the bytes they have on disk and on the wire.
///
/// One frame is `length u32 | crc32c u32 | kind u8 | payload`, little-endian; `length` counts kind and payload, the checksum
/// covers them. Sequence numbers are not stored: the first record of a segment has the one in the segment's header, and
/// each following record the next.
public enum JournalRecord: Hashable, Sendable {
    case intent(IntentRecord)
    case settle(SettleRecord)
    /// The last record of a stream: its process is gone and everything it began is settled above.
    case streamEnd
    /// Part of a lease goes back unspent. It says nothing of what was spent, so it needs no order with the settles.
    case returned(ReturnRecord)
    /// An incarnation of this node is over and all of its streams have been acknowledged to their end: what is still lent to it was
    /// never spent.
    case incarnationClosed(ObjectID)
    /// An intent that is still open, copied to the front so that the segments behind can go. For whoever reads the journal it is the
    /// intent; for the ledger, which has the first copy, it is nothing.
    case repeated(IntentRecord)
    /// Stands where damage took a record, so that the numbers of those behind it stay what they were.
    case lost
    /// What a request that was settled before took in the end. It says nothing of when, so it needs no order with the settle.
    case correction(CorrectionRecord)

    public enum Kind: UInt8, Sendable {
        case intent = 1, settle = 2, streamEnd = 3, returned = 4, incarnationClosed = 5, repeated = 6, lost = 7,
            correction = 8
    }
}

/// What a request holds of one account while it is under way.
///
/// A line of kind `requests` is spent by the intent itself; the others are held until the settle.
public struct ReservationLine: Hashable, Sendable {
    public var kind: AllowanceKind
    public var account: AccountKey
    public var window: AccountWindow
    public var amount: Int64

    public init(kind: AllowanceKind, account: AccountKey, window: AccountWindow, amount: Int64) {
        self.kind = kind
        self.account = account
        self.window = window
        self.amount = amount
    }

    /// How many a request can have. A key with more allowances than this that apply to one request is refused where it is made.
    public static let linesMax = 16
}

/// What a request took from one account in the end.
public struct ChargeLine: Hashable, Sendable {
    public var account: AccountKey
    public var window: AccountWindow
    /// Covered by the lease: moves from lent to settled.
    public var amount: Int64
    /// Spent beyond the lease: settled on its own.
    public var debt: Int64

    public init(account: AccountKey, window: AccountWindow, amount: Int64, debt: Int64 = 0) {
        self.account = account
        self.window = window
        self.amount = amount
        self.debt = debt
    }
}

/// The unspent part of a lease that goes back.
public struct ReturnRecord: Hashable, Sendable {
    public var account: AccountKey
    public var window: AccountWindow
    public var amount: Int64

    public init(account: AccountKey, window: AccountWindow, amount: Int64) {
        self.account = account
        self.window = window
        self.amount = amount
    }
}

/// Written before any byte of a request goes upstream.
public struct IntentRecord: Hashable, Sendable {
    public var requestID: ObjectID
    public var startedUnixMilliseconds: Int64
    public var organizationID: ObjectID
    public var teamID: ObjectID
    /// Twelve ASCII characters.
    public var virtualKeyID: VirtualKeyID
    public var routeID: ObjectID
    public var providerID: ObjectID
    public var modelID: ObjectID
    /// `.zero` when the model had no price.
    public var priceID: ObjectID
    /// The most the request can cost: what it is charged if its process dies before it settles.
    public var reserved: Money
    public var endpoint: Endpoint
    public var isStream: Bool
    /// The caller's own label, cut at 128 bytes of UTF-8.
    public var endUser: String
    /// What it holds, one line for each account; at most `ReservationLine.linesMax`.
    public var lines: [ReservationLine]
    /// The request that it mirrors; nil for a caller's own.
    public var shadowOf: ObjectID?

    public init(
        requestID: ObjectID, startedUnixMilliseconds: Int64, organizationID: ObjectID, teamID: ObjectID,
        virtualKeyID: VirtualKeyID, routeID: ObjectID, providerID: ObjectID, modelID: ObjectID, priceID: ObjectID,
        reserved: Money, endpoint: Endpoint, isStream: Bool, endUser: String, lines: [ReservationLine] = [],
        shadowOf: ObjectID? = nil
    ) {
        self.requestID = requestID
        self.startedUnixMilliseconds = startedUnixMilliseconds
        self.organizationID = organizationID
        self.teamID = teamID
        self.virtualKeyID = virtualKeyID
        self.routeID = routeID
        self.providerID = providerID
        self.modelID = modelID
        self.priceID = priceID
        self.reserved = reserved
        self.endpoint = endpoint
        self.isStream = isStream
        self.endUser = endUser
        self.lines = lines
        self.shadowOf = shadowOf
    }

    public static let endUserBytesMax = 128
}

/// Written when a request is over, before its last byte goes to the caller. It carries all of the usage event, so that the
/// control plane needs no intent to understand it.
public struct SettleRecord: Hashable, Sendable {
    /// What was known at admission; `providerID`, `modelID` and `priceID` are those of the attempt that was billed.
    public var intent: IntentRecord
    public var outcome: RequestOutcome
    /// The status the caller got; 0 when there was none.
    public var status: UInt16
    public var attempts: UInt16
    public var usage: TokenUsage
    /// False when the provider gave no usage numbers: `usage` is then an estimate, and so is `cost`.
    public var usageReported: Bool
    public var cost: Money
    public var durationMicroseconds: UInt32
    /// From the start of the request to the first byte from upstream; 0 when there was none.
    public var firstTokenMicroseconds: UInt32
    /// The time spent in Weir itself.
    public var overheadMicroseconds: UInt32
    public var relayedBytes: UInt64
    /// What it took from its accounts: at most one line for each of the intent's. An account without a line got all back.
    public var charges: [ChargeLine]

    public init(
        intent: IntentRecord, outcome: RequestOutcome, status: UInt16, attempts: UInt16, usage: TokenUsage,
        usageReported: Bool, cost: Money, durationMicroseconds: UInt32, firstTokenMicroseconds: UInt32,
        overheadMicroseconds: UInt32, relayedBytes: UInt64, charges: [ChargeLine] = []
    ) {
        self.intent = intent
        self.outcome = outcome
        self.status = status
        self.attempts = attempts
        self.usage = usage
        self.usageReported = usageReported
        self.cost = cost
        self.durationMicroseconds = durationMicroseconds
        self.firstTokenMicroseconds = firstTokenMicroseconds
        self.overheadMicroseconds = overheadMicroseconds
        self.relayedBytes = relayedBytes
        self.charges = charges
    }
}

/// The endpoint a caller used.
public enum Endpoint: UInt8, Hashable, Sendable, CaseIterable {
    case chatCompletions = 1
    case embeddings = 2
    /// How many tokens a chat has. Providers take nothing for it.
    case tokenCount = 3
    /// The older kind, which goes on with a prompt.
    case completions = 4
    case moderations = 5
    /// Documents in the order in which they fit a query.
    case rerank = 6
    case imageGenerations = 7
    case speech = 8
    case transcriptions = 9
    /// Recordings written down in English.
    case translations = 10
    case imageEdits = 11
    /// Files that the provider keeps: sent, listed, read, deleted.
    case files = 12
    /// Requests that the provider works on within a day, made from a file.
    case batches = 13

    /// The value of `gen_ai.operation.name` and of the API's `endpoint` field.
    public var label: String {
        switch self {
        case .chatCompletions: "chat"
        case .embeddings: "embeddings"
        case .tokenCount: "count_tokens"
        case .completions: "text_completion"
        case .moderations: "moderations"
        case .rerank: "rerank"
        case .imageGenerations: "image_generation"
        case .speech: "speech"
        case .transcriptions: "transcription"
        case .translations: "translation"
        case .imageEdits: "image_edit"
        case .files: "files"
        case .batches: "batches"
        }
    }
}

/// How an admitted request ended.
public enum RequestOutcome: UInt8, Hashable, Sendable, CaseIterable {
    /// The caller has the whole answer, whatever its status.
    case completed = 1
    /// No target gave an answer; the caller got an error from Weir.
    case failed = 2
    /// The answer broke off after its first byte; the caller got an error event or a broken connection.
    case cut = 3
    /// The caller left before the end.
    case cancelled = 4
    /// The data plane died in between; charged by what is known.
    case interrupted = 5

    public var label: String {
        switch self {
        case .completed: "completed"
        case .failed: "failed"
        case .cut: "cut"
        case .cancelled: "cancelled"
        case .interrupted: "interrupted"
        }
    }
}

/// The public part of a virtual key: twelve characters of `0-9a-z`.
///
/// - Shape: held in two words, so that a record or a dictionary key carries no reference.
public struct VirtualKeyID: Hashable, Sendable {
    public static let byteCount = 12
    public let high: UInt64
    public let low: UInt32

    public init(high: UInt64, low: UInt32) {
        self.high = high
        self.low = low
    }

    public init?(_ text: some StringProtocol) {
        guard let id = Self(bytes: Array(text.utf8)) else { return nil }
        self = id
    }

    /// Exactly twelve bytes of `0-9a-z`, else nil.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        var high: UInt64 = 0
        var low: UInt32 = 0
        for (index, byte) in bytes.enumerated() {
            guard (48...57).contains(byte) || (97...122).contains(byte) else { return nil }
            if index < 8 { high = high << 8 | UInt64(byte) } else { low = low << 8 | UInt32(byte) }
        }
        self.init(high: high, low: low)
    }

    public var bytes: [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: high >> UInt64(56 - $0 * 8)) }
            + (0..<4).map { UInt8(truncatingIfNeeded: low >> UInt32(24 - $0 * 8)) }
    }
}

extension VirtualKeyID: CustomStringConvertible {
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}

/// The position in the fleet's record of one thread of one process: what makes a replay harmless.
public struct StreamID: Hashable, Sendable {
    public var nodeID: ObjectID
    public var incarnation: ObjectID
    public var thread: UInt32

    public init(nodeID: ObjectID, incarnation: ObjectID, thread: UInt32) {
        self.nodeID = nodeID
        self.incarnation = incarnation
        self.thread = thread
    }

    /// The stream of the control loop, which holds what leases give back. More than a process can have threads.
    public static let controlThread: UInt32 = 1_000

    public var isControl: Bool { thread == Self.controlThread }
}
