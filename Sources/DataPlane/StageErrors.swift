import Shared

// What each stage can end a request with. What a caller is told of it stands in `GatewayError`.

/// Why a caller is not known or not allowed. Looked up in the snapshot, never over the network.
enum AuthenticationError: Error, Equatable {
    case missingKey, unknownKey, expiredKey, sourceNotAllowed
    /// There is no snapshot to look into: not the caller's fault, so never a 401.
    case unverifiable
}

/// What is wrong with a request before anything was decided about it.
enum ParseError: Error {
    case notJSON(JSONError)
    case missingModel, modelIsNoString, duplicateField(StaticString)
    case wrongType(field: StaticString, want: StaticString)
    /// Of a request that is translated. The field as a path, empty for the body itself.
    case invalidField(String, reason: String)
    case bodyTooLarge(limit: Int), bodyIncomplete, bodyTooSlow
    /// The buffers hold as much memory as they may.
    case overloaded
    case encodedBody
    case framing(HTTPError)
    /// On the TLS listener.
    case plainHTTP
}

/// Why a connection is not let in. Nothing of it has been read.
enum IntakeError: Error, Equatable {
    case tooManyConnections, tooManyFromSource
    case overloaded
}

/// Why a request of a caller who is known is not let in.
enum OverloadError: Error, Equatable {
    /// Its loop is late, and refuses a share of the requests until it is not.
    case late
}

/// Why a request has no plan.
enum RouteError: Error, Equatable {
    case unknownEndpoint, methodNotImplemented, methodNotAllowed(allow: EndpointMethods), unknownModel(String),
        wrongKind(
            String)
    /// No model of the route can do what this field asks for.
    case lacking(field: String, lacks: String)
    /// No object of this identity is the key's.
    case unknownObject(Endpoint, id: String)
    /// Several providers could keep it, and the request names none.
    case unnamedProvider
    /// Nothing that the key may use is of a provider that keeps files.
    case noKeeper
}

/// Why a request is not let in although it is in order.
enum AdmissionError: Error, Equatable {
    /// The journal cannot take another record: what cannot be recorded is not begun.
    case journalFull
    /// An allowance limits what the request takes, and nothing bounds that.
    case unbounded(WorstCase.Problem)
    /// An allowance does not hold the request's worst case.
    case allowance(WalletRefusal, scope: AllowanceScope, name: String?)
    /// The caller left while its request waited.
    case callerGone
    /// The process ends, and the time for what was in flight is over.
    case stopped
}

/// The figures of a refusal, for whoever has to decide what to do about it.
struct AllowanceAnswer: Equatable, Sendable {
    var kind: AllowanceKind
    var scope: AllowanceScope
    /// The allowance's name, or its ID where only the control plane knows the name.
    var name: String
    var limit: Int64
    var settled: Int64
    /// When the window ends; nil: it slides, or never does.
    var resetsAtUnixMilliseconds: Int64?
    /// Until there is room again.
    var waitMilliseconds: Int64?
}

/// How an attempt failed before its first byte reached the caller.
enum AttemptError: Error, Equatable {
    case connectFailed, certificateRefused, handshakeFailed, connectTimedOut, firstTokenTimedOut, totalTimedOut,
        brokenBeforeAnswer, malformedAnswer,
        answerTooLarge
    /// The answer began, and nothing more came.
    case stalled
    case credentialUnavailable
    /// The credential is exchanged for tokens, and none is there, nor was any to be had in time.
    case tokenUnavailable
    /// As many connections to the provider as there may be are in use, and none became free in time.
    case connectionsInUse
    /// As many requests are in flight at the target as it may have, and no slot became free in time.
    case concurrencyLimited
    /// This process, or its machine, has no descriptor left for a connection.
    case descriptorsExhausted
    /// The provider said so, with this status.
    case upstream(OutcomeClass, status: Int, waitMilliseconds: UInt64?)
    /// The target's dialect or model has no way to say this field of the request.
    case inexpressible(field: String, reason: String)
    /// The rest of the caller's form did not come, or is not in order.
    case uploadFailed
    /// What the provider keeps under this identity is not the key's.
    case unknownObject(Endpoint, id: String)
    /// So much of others stands in front of what the key has that nobody has looked that far.
    case listTooLong
    /// All targets are set aside, and the route wants none of them tried.
    case allTargetsOut(waitMilliseconds: UInt64)
    /// The caller has left; nobody reads the answer.
    case callerGone
    /// The process ends, and the time for what was in flight is over.
    case stopped

    /// A failed read of an answer that nobody has seen any of.
    init(_ error: UpstreamReadError) {
        switch error {
        case .cut: self = .brokenBeforeAnswer
        case .malformed: self = .malformedAnswer
        case .idleTimedOut: self = .stalled
        case .totalTimedOut: self = .totalTimedOut
        case .aborted: self = .callerGone
        }
    }

    /// Its provider has not begun with the request.
    var isBeforeWork: Bool {
        switch self {
        case .connectFailed, .certificateRefused, .handshakeFailed, .connectTimedOut, .credentialUnavailable,
            .tokenUnavailable, .connectionsInUse, .concurrencyLimited, .descriptorsExhausted:
            true
        case .upstream(let outcome, _, _): outcome == .rateLimited
        default: false
        }
    }

    /// Whether its provider has done what was asked is not known.
    var leavesDoubt: Bool {
        switch self {
        case .firstTokenTimedOut, .totalTimedOut, .stalled, .brokenBeforeAnswer, .malformedAnswer, .answerTooLarge,
            .callerGone, .stopped:
            true
        default: false
        }
    }

    /// The label of metrics and logs.
    var label: StaticString { OutcomeClass(self).label }

    /// What the provider asked for, or how long all its targets are set aside.
    var waitMilliseconds: UInt64? {
        switch self {
        case .upstream(_, _, let wait): wait
        case .allTargetsOut(let wait): wait
        default: nil
        }
    }
}
