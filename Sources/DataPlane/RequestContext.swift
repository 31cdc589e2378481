import Shared

/// What the stages of one request share.
///
/// A class like everything else that goes from stage to stage: copying it at each of them costs more than the request's own work.
final class RequestContext {
    let id: ObjectID
    /// When its head was complete.
    let startedAt: MonotonicTime
    let startedUnixMilliseconds: Int64
    /// The policy that the request began with, and keeps.
    let policy: CompiledPolicy?
    var endpoint: InboundEndpoint?
    var caller: Caller?
    var request: ParsedRequest?
    var plan: RoutePlan?
    /// What a sticky route keeps it together with.
    var stickyKey: UInt64 = 0
    /// Its worst case, where money or tokens are limited.
    var held: HeldBound?
    /// What was written down of it when it was let in, until it is settled.
    var intent: IntentRecord?
    /// How its rate limits stand, for the headers of its answer; nil where none applies.
    var rateFigures: RateFigures?
    /// What is noted for whoever asked how the request goes; nil: nobody did.
    var explanation: Explanation?
    /// The second attempt, where there was one.
    var hedge: SideAttempt?
    /// What the caller has of a stream that can be gone on with; nil: it cannot.
    var transcript: StreamTranscript?
    /// What tells the caller of a silent stream that he is waited for; nil: nothing does.
    var keepAlive: KeepAlive?
    /// The attempts whose streams broke off and were gone on with.
    var broken: [SideAttempt] = []
    /// Of the shadow that it is to have, where it was drawn for one.
    var shadowID: ObjectID?
    /// Of the request that this one is the shadow of.
    var shadowOf: ObjectID?
    /// How long it has waited for slots of its targets.
    var queuedNanoseconds: UInt64 = 0
    /// The time in which Weir only waited for a provider.
    var upstreamNanoseconds: UInt64 = 0

    init(id: ObjectID, startedAt: MonotonicTime, startedUnixMilliseconds: Int64, policy: CompiledPolicy?) {
        self.id = id
        self.startedAt = startedAt
        self.startedUnixMilliseconds = startedUnixMilliseconds
        self.policy = policy
    }

    var startedUnixSeconds: Int64 { startedUnixMilliseconds / 1000 }
}

/// How a request ended, complete enough to settle, record and answer it.
final class Outcome {
    enum Ending {
        /// Weir's own answer, complete in memory.
        case local(status: Int, body: [UInt8])
        /// Which methods an endpoint takes.
        case options(allow: StaticString)
        case refused(GatewayError)
        /// The provider's whole answer lies in the relay's buffer, its head in the exchange.
        case answer
        /// A body that was too large to hold has been relayed up to its last piece.
        case relayed
        /// A stream that ended as it should; its last event is still held.
        case streamed
        /// The answer broke off after its first byte.
        case cut(GatewayError)
        /// The caller left.
        case callerGone
    }

    var ending: Ending
    var kind: RequestOutcome
    /// What the caller sees, or would have seen.
    var status: Int
    var attempts: UInt16 = 0
    /// The target of the last attempt.
    var target: CompiledTarget?
    /// What that went out with.
    var credential: CompiledCredential?
    var usage = TokenUsage.zero
    var usageReported = true
    /// How often the price of a request is charged.
    var units: UInt64 = 1
    /// Chunks with content, where a stream gave no usage: what the output is estimated by.
    var estimatedOutput: UInt32 = 0
    var price: CompiledPrice?
    var cost = Money.zero
    /// What allowances of tokens are charged.
    var tokens: UInt64 = 0
    var firstTokenMicroseconds: UInt32 = 0
    /// The answer under way, once a provider has given one.
    var relay: Relay?
    /// Of the attempt under way, or the last one.
    var mark = AttemptMark(began: MonotonicTime(nanoseconds: 0), isProbe: false)
    /// The last failed attempt, for the log.
    var attemptError: AttemptError?
    /// How an answer broke off whose first byte the caller has.
    var relayError: RelayError?

    init(ending: Ending, kind: RequestOutcome = .completed, status: Int = 0) {
        self.ending = ending
        self.kind = kind
        self.status = status
    }

    /// Of the last attempt, where its provider has several.
    var credentialOfSeveral: CompiledCredential? { target?.soleCredential == nil ? credential : nil }

    static func refused(_ error: GatewayError) -> Outcome {
        Outcome(ending: .refused(error), kind: .failed, status: error.status)
    }
}
