/// A request that was served, as its usage event tells of it: who asked for which route, what it used and where. Of what was in
/// it there is nothing.
public struct RecordedRequest: Sendable {
    public var requestID: ObjectID
    public var startedUnixMilliseconds: Int64
    public var virtualKeyID: VirtualKeyID
    public var routeID: ObjectID
    /// Of the attempt that was billed.
    public var providerID: ObjectID
    public var modelID: ObjectID
    public var endpoint: Endpoint
    public var isStream: Bool
    public var endUser: String
    public var outcome: RequestOutcome
    public var status: Int
    public var usage: TokenUsage
    /// What it was charged.
    public var cost: Money

    public init(
        requestID: ObjectID, startedUnixMilliseconds: Int64, virtualKeyID: VirtualKeyID, routeID: ObjectID,
        providerID: ObjectID, modelID: ObjectID, endpoint: Endpoint, isStream: Bool, endUser: String,
        outcome: RequestOutcome, status: Int, usage: TokenUsage, cost: Money
    ) {
        self.requestID = requestID
        self.startedUnixMilliseconds = startedUnixMilliseconds
        self.virtualKeyID = virtualKeyID
        self.routeID = routeID
        self.providerID = providerID
        self.modelID = modelID
        self.endpoint = endpoint
        self.isStream = isStream
        self.endUser = endUser
        self.outcome = outcome
        self.status = status
        self.usage = usage
        self.cost = cost
    }
}

/// What the decision on a recorded request hangs on that no record has.
public enum UnrecordedFact: String, CaseIterable, Sendable {
    case header, metadata, features, language
    case lastUserMessage = "last_user_message"
    case inputTokens = "estimated_input_tokens"
    case conversation
    case sourceAddress = "source_address"
}

/// What a policy makes of a recorded request.
public enum ReplayedDecision: Equatable, Sendable {
    /// With this code of the error that its caller gets.
    case refused(code: String)
    case served(ReplayedService)
}

/// Where a recorded request goes under a policy.
public struct ReplayedService: Equatable, Sendable {
    /// In `DecisionReplay.targets`; nil where it is undecided and the one that served it is not in the policy.
    public var target: Int?
    /// Of the list that it was chosen from, in `DecisionReplay`'s own counting.
    public var list: Int
    /// Which of the list's targets is a matter of turns or of chance: of many such requests only the shares mean something.
    public var isByTurns: Bool
    /// What it costs there; zero where nothing is billed or the model has no price.
    public var cost: Money
    /// What allowances of tokens count of it; zero where nothing is billed.
    public var tokens: Int64
    /// What would have to be known to say where it goes: it is shown where it was.
    public var undecided: UnrecordedFact?

    public init(target: Int?, list: Int, isByTurns: Bool, cost: Money, tokens: Int64, undecided: UnrecordedFact? = nil)
    {
        self.target = target
        self.list = list
        self.isByTurns = isByTurns
        self.cost = cost
        self.tokens = tokens
        self.undecided = undecided
    }
}

/// An allowance that a replayed request is counted in.
public struct ReplayedAllowance: Equatable, Sendable {
    public var rule: AllowanceRule
    public var account: AccountKey
    public var scope: AllowanceScope

    public init(rule: AllowanceRule, account: AccountKey, scope: AllowanceScope) {
        self.rule = rule
        self.account = account
        self.scope = scope
    }
}

/// A target of a policy, whichever routes have it.
public struct ReplayedTarget: Hashable, Sendable {
    public var providerID: ObjectID
    public var modelID: ObjectID
    /// As it goes upstream.
    public var upstreamModelName: String
    /// `provider/model`.
    public var label: String

    public init(providerID: ObjectID, modelID: ObjectID, upstreamModelName: String, label: String) {
        self.providerID = providerID
        self.modelID = modelID
        self.upstreamModelName = upstreamModelName
        self.label = label
    }

    public static func == (a: Self, b: Self) -> Bool {
        a.providerID == b.providerID && a.modelID == b.modelID && a.upstreamModelName == b.upstreamModelName
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(providerID)
        hasher.combine(modelID)
        hasher.combine(upstreamModelName)
    }
}

/// Decides recorded requests by one policy, in the order of their time. The data plane's code does it; the control plane asks.
public protocol DecisionReplay: AnyObject {
    var targets: [ReplayedTarget] { get }

    /// Why the request is refused before anybody looks for a target: the error's code; nil: it is not.
    ///
    /// - Parameter route: the name that it asked for.
    func refusal(of request: RecordedRequest, route: [UInt8]) -> String?

    /// What becomes of a request that is not refused before.
    ///
    /// - Parameters:
    ///   - isShared: another policy decides the request too. Turns are taken among those, and among the others, apart: so two policies with
    ///     the same list take the same turns.
    ///   - allowances: takes what the request is counted in; allowances do not refuse it here.
    func decide(
        _ request: RecordedRequest, route: [UInt8], isShared: Bool, allowances: inout [ReplayedAllowance]
    ) -> ReplayedDecision
}

/// A policy that no data plane would accept.
public struct ReplayProblem: Error, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}
