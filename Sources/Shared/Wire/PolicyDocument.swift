/// The blob `policy` of a snapshot: everything a data plane needs to route and price, except the virtual keys.
///
/// - Shape: canonical JSON (sorted keys, no white space), decoded strictly: an unknown field refuses the snapshot.
/// - Source: written by the control plane's publisher, read by every data plane.
public struct PolicyDocument: Hashable, Sendable, Codable {
    public static let blobName = "policy"
    public static let currentFormat = 2

    public var format: Int
    public var providers: [Provider]
    public var credentials: [Credential]
    public var models: [Model]
    public var routes: [Route]
    /// Those of organizations and teams; those of virtual keys travel with the keys.
    public var allowances: [Allowance]

    public init(
        format: Int = currentFormat, providers: [Provider], credentials: [Credential], models: [Model],
        routes: [Route], allowances: [Allowance] = []
    ) {
        self.format = format
        self.providers = providers
        self.credentials = credentials
        self.models = models
        self.routes = routes
        self.allowances = allowances
    }

    /// A connection to one vendor.
    public struct Provider: Hashable, Sendable, Codable {
        /// What becomes of an answer whose caller has left: its connection is closed, or it is read to its end for its usage.
        public enum CallerLeaves: String, Hashable, Sendable, Codable, CaseIterable { case cancel, drain }
        /// `automatic` is `direct` for `http://` and `curl` for `https://`.
        public enum Transport: String, Hashable, Sendable, Codable, CaseIterable { case automatic, direct, curl }

        public var id: ObjectID
        public var name: String
        public var dialect: Dialect
        /// Scheme, host, optional port and path prefix, without a trailing slash: `https://api.openai.com/v1`.
        public var baseURL: String
        public var transport: Transport
        public var credentialID: ObjectID?
        /// In place of `credentialID` where several take turns: two to `credentialCountMax`, each once, in the order of their turns.
        public var credentialIDs: [ObjectID]?
        public var connectTimeoutMilliseconds: Int
        public var firstTokenTimeoutMilliseconds: Int
        public var idleTimeoutMilliseconds: Int
        public var totalTimeoutMilliseconds: Int
        /// When one of its targets is set aside; nil: `Breaker.standard`.
        public var breaker: Breaker?
        /// Retries at one of its targets, in percent of the requests that it gets; nil: `retryBudgetPercentDefault`.
        public var retryBudgetPercent: Int?
        /// How many requests may be in flight at one of its targets; nil: as many as come.
        public var concurrency: Concurrency?
        /// nil: `cancel`.
        public var whenCallerLeaves: CallerLeaves?
        /// How it goes on from the beginning of an answer; nil: it cannot.
        public var prefixContinuation: PrefixContinuation?
        /// nil: only requests tell whether it is up.
        public var probe: Probe?
        /// How it differs from the one that its dialect is named after; nil: in nothing.
        public var quirks: Quirks?
        /// The header field that carries its credential, in lower case; nil: that of its dialect.
        public var credentialField: String?
        /// Behind the path of each request: `api-version=2024-10-21`.
        public var query: String?
        /// Where requests are signed for (Bedrock); nil: they carry the credential itself.
        public var region: String?
        /// What its credentials are; nil: what requests carry, or are signed with.
        public var credentialKind: CredentialKind?
        /// With what the paths of requests begin (Gemini); nil: `Dialect.pathVersion`.
        public var pathVersion: PathVersion?

        public static let retryBudgetPercentDefault = 10
        public static let credentialCountMax = 32

        public init(
            id: ObjectID, name: String, dialect: Dialect = .openai, baseURL: String, transport: Transport = .automatic,
            credentialID: ObjectID? = nil, credentialIDs: [ObjectID]? = nil, connectTimeoutMilliseconds: Int = 5_000,
            firstTokenTimeoutMilliseconds: Int = 120_000, idleTimeoutMilliseconds: Int = 60_000,
            totalTimeoutMilliseconds: Int = 600_000, breaker: Breaker? = nil, retryBudgetPercent: Int? = nil,
            concurrency: Concurrency? = nil,
            whenCallerLeaves: CallerLeaves? = nil, prefixContinuation: PrefixContinuation? = nil,
            probe: Probe? = nil, quirks: Quirks? = nil, credentialField: String? = nil, query: String? = nil,
            region: String? = nil, credentialKind: CredentialKind? = nil, pathVersion: PathVersion? = nil
        ) {
            self.id = id
            self.name = name
            self.dialect = dialect
            self.baseURL = baseURL
            self.transport = transport
            self.credentialID = credentialID
            self.credentialIDs = credentialIDs
            self.connectTimeoutMilliseconds = connectTimeoutMilliseconds
            self.firstTokenTimeoutMilliseconds = firstTokenTimeoutMilliseconds
            self.idleTimeoutMilliseconds = idleTimeoutMilliseconds
            self.totalTimeoutMilliseconds = totalTimeoutMilliseconds
            self.breaker = breaker
            self.retryBudgetPercent = retryBudgetPercent
            self.concurrency = concurrency
            self.whenCallerLeaves = whenCallerLeaves
            self.prefixContinuation = prefixContinuation
            self.probe = probe
            self.quirks = quirks
            self.credentialField = credentialField
            self.query = query
            self.region = region
            self.credentialKind = credentialKind
            self.pathVersion = pathVersion
        }

        /// One, several or none.
        public var allCredentialIDs: [ObjectID] { credentialIDs ?? credentialID.map { [$0] } ?? [] }
    }

    /// Where a provider's secret comes from. The secret itself is never in a snapshot.
    public struct Credential: Hashable, Sendable, Codable {
        public var id: ObjectID
        public var name: String
        /// Rises with every change, so that a data plane knows when to resolve it again.
        public var version: Int
        /// `env:NAME` or `file:/path`, resolved by the data plane; nil: the data plane fetches the value sealed to its own key.
        public var reference: String?

        public init(id: ObjectID, name: String, version: Int, reference: String?) {
            self.id = id
            self.name = name
            self.version = version
            self.reference = reference
        }
    }

    /// A vendor's model with its limits and its dated prices.
    public struct Model: Hashable, Sendable, Codable {
        public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
            case chat, embedding, moderation, rerank, image, speech, transcription
        }

        public var id: ObjectID
        /// The vendor's own name for it, which goes upstream unless the target says otherwise.
        public var name: String
        public var kind: Kind
        /// Used as the bound of a request that names none.
        public var maxOutputTokens: Int?
        /// Used as the bound of input whose size a request does not show, such as a file that the provider stores.
        public var maxInputTokens: Int?
        /// By `effectiveFromUnixSeconds` rising; the last one that has begun applies.
        public var prices: [Price]
        /// What it cannot do; nil: nothing is known that it cannot.
        public var unsupportedFeatures: [ModelFeature]?

        public init(
            id: ObjectID, name: String, kind: Kind, maxOutputTokens: Int? = nil, maxInputTokens: Int? = nil,
            prices: [Price] = [], unsupportedFeatures: [ModelFeature]? = nil
        ) {
            self.unsupportedFeatures = unsupportedFeatures
            self.id = id
            self.name = name
            self.kind = kind
            self.maxOutputTokens = maxOutputTokens
            self.maxInputTokens = maxInputTokens
            self.prices = prices
        }
    }

    /// The price lines of a model from a date on.
    public struct Price: Hashable, Sendable, Codable {
        /// Unique over all models; each usage event names the price it was charged by.
        public var id: ObjectID
        public var effectiveFromUnixSeconds: Int64
        public var lines: PriceLines
        /// Nil rather than empty, so that a document without tiers reads as it did before there were any.
        public var tiers: [PriceTier]?

        public init(
            id: ObjectID, effectiveFromUnixSeconds: Int64, lines: PriceLines, tiers: [PriceTier] = []
        ) {
            self.id = id
            self.effectiveFromUnixSeconds = effectiveFromUnixSeconds
            self.lines = lines
            self.tiers = tiers.isEmpty ? nil : tiers
        }

        public var sheet: PriceSheet { PriceSheet(lines: lines, tiers: tiers ?? []) }
    }

    /// A public model name and the policy that turns it into targets.
    public struct Route: Hashable, Sendable, Codable {
        /// How the target to try first is chosen among those that are not fallbacks only; the others follow as the strategy ranks them.
        public enum Strategy: String, Hashable, Sendable, Codable, CaseIterable {
            /// In the order of the list.
            case priority
            /// By `weight`, exactly over time.
            case weighted
            /// Of two taken by chance, the one whose first token comes sooner.
            case leastLatency = "least_latency"
            /// The one with the fewest requests in flight from here.
            case leastBusy = "least_busy"
            /// The one where this request would cost least.
            case lowestCost = "lowest_cost"
            /// The one whose provider has most of its rate limit left.
            case headroom
            /// The same for what belongs together, see `Sticky`.
            case sticky
        }

        public var id: ObjectID
        /// What callers put into `model`.
        public var name: String
        public var strategy: Strategy
        /// At least one. Under `priority` in the order of preference.
        public var targets: [Target]
        /// Which of the targets stand together as one entry of the list.
        public var groups: [Group]?
        /// What is done otherwise with some requests, in the order in which they are asked.
        public var rules: [Rule]?
        /// Goes into requests that set no bound of their own, where an allowance needs one; nil: the model's bound.
        public var defaultMaxOutputTokens: Int?
        /// How long a request may wait for what others hold of its allowances.
        public var admissionWaitMilliseconds: Int
        /// Exactly where the strategy is `sticky`.
        public var sticky: Sticky?
        /// Further attempts of a request at a target that failed; nil: `retriesMaxDefault`.
        public var retriesMax: Int?
        /// Retries come before the next target is tried, not only where there is none.
        public var retriesFirst: Bool?
        /// From the first attempt to the end of the answer; nil: that of the first target's provider.
        public var totalTimeoutMilliseconds: Int?
        /// Where all targets are set aside the request is refused, instead of being tried at the best of them.
        public var refusesWhenAllAreOut: Bool?
        /// Nil: no request is sent twice.
        public var hedge: Hedge?
        /// How often a stream that breaks off is gone on with, up to `resumesMaxBound`; nil: it is not.
        public var resumesMax: Int?
        /// Nil: no request is mirrored.
        public var shadow: Shadow?
        /// What becomes of what a target of another dialect cannot be told; nil: the request is refused.
        public var unsupportedParameters: UnsupportedParameters?
        /// After so long a silence of its provider the caller of a stream gets a sign that he is still waited for; nil: never.
        public var keepAliveMilliseconds: Int?
        public var createdUnixSeconds: Int64

        public static let admissionWaitMillisecondsDefault = 10_000
        public static let admissionWaitMillisecondsMax = 60_000
        public static let retriesMaxDefault = 2
        public static let resumesMaxBound = 3

        public init(
            id: ObjectID, name: String, strategy: Strategy, targets: [Target], groups: [Group]? = nil,
            rules: [Rule]? = nil, defaultMaxOutputTokens: Int? = nil,
            admissionWaitMilliseconds: Int = admissionWaitMillisecondsDefault, sticky: Sticky? = nil,
            retriesMax: Int? = nil, retriesFirst: Bool? = nil, totalTimeoutMilliseconds: Int? = nil,
            refusesWhenAllAreOut: Bool? = nil, hedge: Hedge? = nil, resumesMax: Int? = nil, shadow: Shadow? = nil,
            unsupportedParameters: UnsupportedParameters? = nil, keepAliveMilliseconds: Int? = nil,
            createdUnixSeconds: Int64
        ) {
            self.id = id
            self.name = name
            self.strategy = strategy
            self.targets = targets
            self.groups = groups
            self.rules = rules
            self.defaultMaxOutputTokens = defaultMaxOutputTokens
            self.admissionWaitMilliseconds = admissionWaitMilliseconds
            self.sticky = sticky
            self.retriesMax = retriesMax
            self.retriesFirst = retriesFirst
            self.totalTimeoutMilliseconds = totalTimeoutMilliseconds
            self.refusesWhenAllAreOut = refusesWhenAllAreOut
            self.hedge = hedge
            self.resumesMax = resumesMax
            self.shadow = shadow
            self.unsupportedParameters = unsupportedParameters
            self.keepAliveMilliseconds = keepAliveMilliseconds
            self.createdUnixSeconds = createdUnixSeconds
        }
    }

    /// One model at one provider: what an attempt is made against.
    public struct Target: Hashable, Sendable, Codable {
        public var providerID: ObjectID
        public var modelID: ObjectID
        /// The provider's name for the model where it differs from the model's own.
        public var upstreamModelName: String?
        /// Share of traffic under `weighted`, 1...1,000,000; without meaning under the other strategies.
        public var weight: Int
        /// A fallback only: tried after a failure of one of these causes. Nil: one among the targets that the strategy chooses from, and a
        /// fallback after `rateLimit`, `error` and `timeout`.
        public var on: [FallbackCause]?

        public init(
            providerID: ObjectID, modelID: ObjectID, upstreamModelName: String? = nil, weight: Int = 1,
            on: [FallbackCause]? = nil
        ) {
            self.providerID = providerID
            self.modelID = modelID
            self.upstreamModelName = upstreamModelName
            self.weight = weight
            self.on = on
        }
    }
    /// What an organization or a team may spend.
    public struct Allowance: Hashable, Sendable, Codable {
        public var id: ObjectID
        /// For messages.
        public var name: String
        /// Exactly one of the two.
        public var organizationID: ObjectID?
        public var teamID: ObjectID?
        public var kind: AllowanceKind
        public var mode: AllowanceMode
        public var period: AllowancePeriod.Unit
        /// Exactly where the period is sliding.
        public var slidingSeconds: Int64?
        public var limit: Int64
        /// nil: everybody together; `*`: each end user; otherwise the label of one.
        public var endUser: String?
        /// At most one of the two.
        public var routeID: ObjectID?
        public var modelID: ObjectID?

        public init(
            id: ObjectID, name: String, organizationID: ObjectID? = nil, teamID: ObjectID? = nil, kind: AllowanceKind,
            mode: AllowanceMode = .automatic, period: AllowancePeriod, limit: Int64, endUser: String? = nil,
            routeID: ObjectID? = nil, modelID: ObjectID? = nil
        ) {
            self.id = id
            self.name = name
            self.organizationID = organizationID
            self.teamID = teamID
            self.kind = kind
            self.mode = mode
            self.period = period.unit
            slidingSeconds = period.slidingSeconds == 0 ? nil : period.slidingSeconds
            self.limit = limit
            self.endUser = endUser
            self.routeID = routeID
            self.modelID = modelID
        }

        /// nil unless exactly one is named.
        public var scope: (kind: AllowanceScope, id: ObjectID)? {
            switch (organizationID, teamID) {
            case (let id?, nil): (.organization, id)
            case (nil, let id?): (.team, id)
            default: nil
            }
        }

        /// nil where the fields do not go together.
        public var rule: AllowanceRule? {
            guard let period = AllowancePeriod(period, slidingSeconds: slidingSeconds ?? 0), slidingSeconds != 0 else {
                return nil
            }
            let filter: AllowanceFilter
            switch (routeID, modelID) {
            case (nil, nil): filter = .all
            case (let id?, nil): filter = .route(id)
            case (nil, let id?): filter = .model(id)
            default: return nil
            }
            let rule = AllowanceRule(
                id: id, kind: kind, mode: mode, period: period, limit: limit, endUsers: EndUserPart(label: endUser),
                filter: filter)
            return rule.isConsistent ? rule : nil
        }
    }
}
