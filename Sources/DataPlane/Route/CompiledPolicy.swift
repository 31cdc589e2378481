import Shared
import Translate

/// A snapshot made ready for the request path: names hashed, targets resolved, header bytes prepared.
///
/// Concurrency: immutable after `init`. Every loop has one of its own all the same; a request keeps the one it began with.
final class CompiledPolicy: Sendable {
    let snapshot: Snapshot
    let version: UInt64
    let routes: [CompiledRoute]
    let targets: [CompiledTarget]
    /// For each tree, by its index, and each of its targets that a request can begin with: that target first, then the others in the order of
    /// the list. Made once, so that a request's plan is a reference.
    let plans: [[RoutePlan]]
    /// How many groups all trees have together, the whole of each tree included.
    let groups: [TargetGroup]
    let scopedAllowances: ScopedAllowances
    /// FNV-1a of a route's name -> its indexes in `routes`; more than one only when hashes collide.
    private let routesByName: [UInt64: [Int]]

    init(_ snapshot: Snapshot) {
        self.snapshot = snapshot
        version = snapshot.version
        let policy = snapshot.policy
        let providers = Dictionary(policy.providers.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let models = Dictionary(policy.models.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let credentials = CompiledCredentials.all(of: snapshot)
        var targets: [CompiledTarget] = []
        var routes: [CompiledRoute] = []
        var builder = TargetTreeBuilder()
        func compiled(_ list: PolicyDocument.TargetList) -> [CompiledTarget] {
            let first = targets.count
            for (leaf, target) in list.targets.enumerated() {
                guard let provider = providers[target.providerID], let model = models[target.modelID] else { continue }
                guard let credentials = credentials[provider.id],
                    let compiled = CompiledTarget(
                        index: targets.count, provider: provider, model: model, target: target,
                        isFallbackOnly: list.isFallbackOnly(leaf), credentials: credentials)
                else { continue }
                targets.append(compiled)
            }
            return Array(targets[first...])
        }
        // Those of routes first: the tree of a route has the route's index.
        let trees = policy.routes.map { route in
            let list = PolicyDocument.TargetList(route)
            return builder.tree(compiled(list), list, routeID: route.id, rule: nil)
        }
        let rules = policy.routes.map { route in
            route.rules?.map { rule in
                let list = PolicyDocument.TargetList(rule)
                let tree = builder.tree(compiled(list), list, routeID: route.id, rule: rule.name)
                return CompiledRule(rule, routeID: route.id, tree: tree)
            }
        }
        for (index, route) in policy.routes.enumerated() {
            let shadow = route.shadow.map { shadow in
                let list = PolicyDocument.TargetList(shadow)
                let tree = builder.tree(compiled(list), list, routeID: route.id, rule: CompiledShadow.treeName)
                return CompiledShadow(shadow, tree: tree)
            }
            routes.append(
                CompiledRoute(index: index, route: route, tree: trees[index], rules: rules[index], shadow: shadow))
        }
        let chosen =
            routes.map { ($0, nil, $0.tree) }
            + routes.flatMap { route in
                (route.rules ?? []).map { (route, $0, $0.tree) }
            }
            + routes.compactMap { route in
                route.shadow.map { (route, nil, $0.tree) }
            }
        plans = chosen.map { (route: CompiledRoute, rule: CompiledRule?, tree: TargetTree) in
            tree.root.choosableLeaves.map { RoutePlan(route, rule, tree, from: $0) }
        }
        groups = chosen.flatMap { $0.2.groups }
        var byName: [UInt64: [Int]] = [:]
        for route in routes { byName[Self.hash(route.name), default: []].append(route.index) }
        self.targets = targets
        self.routes = routes
        scopedAllowances = ScopedAllowances(policy.allowances)
        routesByName = byName
    }

    /// The route with this public name, compared as bytes.
    func route(named name: UnsafeRawBufferPointer) -> CompiledRoute? {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in 0..<name.count { unsafe hash = (hash ^ UInt64(name[index])) &* 0x100_0000_01b3 }
        guard let candidates = routesByName[hash] else { return nil }
        for index in candidates
        where unsafe routes[index].name.count == name.count && routes[index].name.elementsEqual(name) {
            return routes[index]
        }
        return nil
    }

    private static func hash(_ name: [UInt8]) -> UInt64 {
        name.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}

/// A public model name and the policies that turn it into targets.
///
/// Concurrency: immutable but for `hedging` and `resuming`, which belong to the loop that the policy was made for.
final class CompiledRoute: Sendable {
    let index: Int
    let id: ObjectID
    let name: [UInt8]
    let createdUnixSeconds: Int64
    /// What is chosen from where no rule holds.
    let tree: TargetTree
    /// In the order in which they are asked; nil where there are none.
    let rules: [CompiledRule]?
    /// Of the models of all its targets, those of rules included.
    ///
    /// An array, because a set would hash their names for each request.
    let kinds: [PolicyDocument.Model.Kind]
    /// The output bound of requests that set none, where an allowance needs one; nil: the model's.
    let defaultMaxOutputTokens: Int?
    /// How long a request may wait for what others hold of its allowances.
    let admissionWait: Duration
    let retriesMax: Int
    let retriesFirst: Bool
    let refusesWhenAllAreOut: Bool
    /// From the first attempt to the end of the answer; nil: that of the first target's provider.
    let totalNanoseconds: UInt64?
    let hedge: PolicyDocument.Hedge?
    /// Set once, before the first request is served by the policy; nil: no request is sent twice.
    @safe nonisolated(unsafe) var hedging: RouteHedging?
    /// How often a stream that breaks off is gone on with.
    let resumesMax: Int
    /// After so long a silence the caller of a stream is told that he is waited for; nil: never.
    let keepAlive: Duration?
    /// What a target of another dialect cannot be told is left out, instead of refusing the request.
    let dropsUnsupported: Bool
    /// Its targets speak more than one dialect.
    let mixesDialects: Bool
    /// The models of some of its targets lack something, so that requests are asked what they want.
    let hasLacks: Bool
    /// Set once, before the first request is served by the policy; nil: a stream that breaks off ends so.
    @safe nonisolated(unsafe) var resuming: ResultCounters<ResumeResult>?
    /// Nil: no request is mirrored.
    let shadow: CompiledShadow?

    init(
        index: Int, route: PolicyDocument.Route, tree: TargetTree, rules: [CompiledRule]?,
        shadow: CompiledShadow? = nil
    ) {
        self.index = index
        self.shadow = shadow
        id = route.id
        name = Array(route.name.utf8)
        createdUnixSeconds = route.createdUnixSeconds
        self.tree = tree
        self.rules = rules
        kinds = Array(Set(([tree] + (rules ?? []).map(\.tree)).flatMap { $0.targets.map(\.model.kind) }))
        defaultMaxOutputTokens = route.defaultMaxOutputTokens
        admissionWait = .milliseconds(route.admissionWaitMilliseconds)
        retriesMax = route.retriesMax ?? PolicyDocument.Route.retriesMaxDefault
        retriesFirst = route.retriesFirst ?? false
        refusesWhenAllAreOut = route.refusesWhenAllAreOut ?? false
        totalNanoseconds = route.totalTimeoutMilliseconds.map(CompiledTarget.nanoseconds)
        hedge = route.hedge
        resumesMax = route.resumesMax ?? 0
        keepAlive = route.keepAliveMilliseconds.map { .milliseconds($0) }
        dropsUnsupported = route.unsupportedParameters == .drop
        let trees = [tree] + (rules ?? []).map(\.tree)
        mixesDialects = [Dialect.openai, .responses].contains { caller in
            Set(trees.flatMap { $0.targets.map { $0.dialect(for: caller) } }).count > 1
        }
        hasLacks = trees.contains { !$0.lacks.isEmpty }
    }
}

/// One model at one provider, with every byte of its request head that does not change prepared.
///
/// Concurrency: immutable but for `health`, which belongs to the loop that the policy was made for.
final class CompiledTarget: Sendable {
    let index: Int
    let identity: TargetIdentity
    /// No request begins with it: it, or a group that it is in, is a fallback only.
    let isFallbackOnly: Bool
    /// After what failures of others it is tried.
    let fallbackCauses: Set<PolicyDocument.FallbackCause>
    /// Of what does not say.
    static let fallbackCausesUsual: [PolicyDocument.FallbackCause] = [.rateLimit, .error, .timeout]
    /// Set once, before the first request is served by the policy.
    @safe nonisolated(unsafe) var health: TargetHealth!
    let provider: PolicyDocument.Provider
    let model: PolicyDocument.Model
    /// In the order in which they begin.
    private let prices: [CompiledPrice]
    /// Some price of it is for tokens that it answers, or it has none. What is billed by the image has none for either.
    let sellsOutput: Bool
    /// The same for any tokens.
    let sellsTokens: Bool
    let address: UpstreamAddress
    let usesCurl: Bool
    /// An answer whose caller has left is read to its end.
    let drainsOrphans: Bool
    /// The upstream's model name as a JSON string, with its quotes.
    let modelNameJSON: [UInt8]
    /// The same as Gemini writes it in bodies, `models/` in front.
    let modelResourceJSON: [UInt8]
    let dialect: Dialect
    /// It takes OpenAI's Responses beside the chats of its dialect.
    private let takesResponses: Bool
    /// What is known of it where a request is translated for it.
    let traits: TargetTraits
    /// What its model cannot do that a request may want.
    let lacks: ModelFeatures
    /// Behind the provider's base URL.
    private let paths: UpstreamPaths
    /// Shared by the targets of its provider.
    let credentials: CompiledCredentials
    /// The only one; nil where several take turns.
    let soleCredential: CompiledCredential?
    /// `provider/model`, for `x-weir-target` and logs.
    let label: [UInt8]
    let connectNanoseconds: UInt64
    let firstTokenNanoseconds: UInt64
    let idleNanoseconds: UInt64
    let totalNanoseconds: UInt64

    init?(
        index: Int, provider: PolicyDocument.Provider, model: PolicyDocument.Model, target: PolicyDocument.Target,
        isFallbackOnly: Bool = false, credentials: CompiledCredentials
    ) {
        guard let address = UpstreamAddress(baseURL: provider.baseURL) else { return nil }
        self.index = index
        self.provider = provider
        self.model = model
        let modelName = target.upstreamModelName ?? model.name
        identity = TargetIdentity(providerID: provider.id, modelID: model.id, modelName: modelName)
        self.isFallbackOnly = isFallbackOnly
        fallbackCauses = Set(target.on ?? Self.fallbackCausesUsual)
        prices = model.prices.map(CompiledPrice.init)
        sellsOutput = prices.isEmpty || prices.contains(where: \.sheet.sellsOutput)
        sellsTokens = prices.isEmpty || prices.contains(where: \.sheet.sellsTokens)
        self.address = address
        // HTTP/2 is what `curl` is asked for.
        usesCurl = provider.transport == .curl
        drainsOrphans = provider.whenCallerLeaves == .drain
        var writer = JSONWriter()
        writer.string(modelName)
        modelNameJSON = writer.bytes
        dialect = provider.dialect
        writer = JSONWriter()
        writer.string(dialect.embedding?.resourceName(model: modelName) ?? modelName)
        modelResourceJSON = writer.bytes
        takesResponses = provider.quirks?.responses == true
        traits = TargetTraits(provider, model, name: modelName)
        lacks = ModelFeatures(lackedBy: model)
        paths = UpstreamPaths(provider, modelName: modelName)
        self.credentials = credentials
        soleCredential = credentials.members.count == 1 ? credentials.members[0] : nil
        label = Array("\(provider.name)/\(model.name)".utf8).map { $0 < 0x21 || $0 > 0x7e ? UInt8(ascii: "_") : $0 }
        connectNanoseconds = Self.nanoseconds(provider.connectTimeoutMilliseconds)
        firstTokenNanoseconds = Self.nanoseconds(provider.firstTokenTimeoutMilliseconds)
        idleNanoseconds = Self.nanoseconds(provider.idleTimeoutMilliseconds)
        totalNanoseconds = Self.nanoseconds(provider.totalTimeoutMilliseconds)
    }

    /// In which a caller of this dialect is served.
    @inline(__always)
    func dialect(for caller: Dialect) -> Dialect { caller == .responses && takesResponses ? .responses : dialect }

    /// Behind the provider's base URL.
    @inline(__always)
    func path(for request: ParsedRequest) -> [UInt8] {
        switch request.endpoint {
        case .chatCompletions:
            takesResponses && request.dialect == .responses
                ? paths.responses : request.isStream ? paths.stream : paths.chat
        case .embeddings: request.foreign?.embedding?.isBatch == true ? paths.embeddingBatch : paths.embeddings
        case .tokenCount: paths.tokenCount
        case .files, .batches: request.stored.map { path(ofStored: $0.path) } ?? []
        default: paths.passed[Int(request.endpoint.rawValue)]
        }
    }

    /// Behind the provider's base URL.
    func path(ofStored path: String) -> [UInt8] { paths.whole(path) }

    /// Of a setting, which is bounded far below what 64 bits hold.
    static func nanoseconds(_ milliseconds: Int) -> UInt64 { UInt64(max(0, milliseconds)) &* 1_000_000 }

    /// The price that applies at a moment; nil when none has begun.
    func price(atUnixSeconds now: Int64) -> CompiledPrice? { prices.last { $0.effectiveFromUnixSeconds <= now } }
}

/// Where the requests of a target go, behind its provider's base URL.
private struct UpstreamPaths {
    let chat: [UInt8]
    let stream: [UInt8]
    /// Where it takes OpenAI's Responses.
    let responses: [UInt8]
    /// By the number of the endpoint, of those that only pass; else empty.
    let passed: [[UInt8]]
    let embeddings: [UInt8]
    /// Empty where several are embedded like one.
    let embeddingBatch: [UInt8]
    /// Empty where the provider does not count.
    let tokenCount: [UInt8]
    private let frame: Frame

    /// What stands around each path.
    private struct Frame {
        let version: String
        let query: String

        func whole(_ path: String) -> [UInt8] {
            let path = version + path
            guard !query.isEmpty else { return Array(path.utf8) }
            return Array("\(path)\(path.contains("?") ? "&" : "?")\(query)".utf8)
        }
    }

    func whole(_ path: String) -> [UInt8] { frame.whole(path) }

    init(_ provider: PolicyDocument.Provider, modelName: String) {
        let frame = Frame(
            version: provider.pathVersion?.path ?? provider.dialect.pathVersion, query: provider.query ?? "")
        self.frame = frame
        let whole = frame.whole
        let codec = provider.dialect.codec
        chat = whole(codec.path(model: modelName, isStream: false))
        stream = whole(codec.path(model: modelName, isStream: true))
        responses = whole(Dialect.responses.codec.path(model: modelName, isStream: false))
        var passed: [[UInt8]] = Array(repeating: [], count: 1 + Int(Endpoint.allCases.map(\.rawValue).max() ?? 0))
        for endpoint in Endpoint.allCases {
            if let path = endpoint.passedPath { passed[Int(endpoint.rawValue)] = whole(path) }
        }
        self.passed = passed
        let own = provider.dialect.embedding
        embeddings = whole(own?.embeddingPath(model: modelName, isBatch: false) ?? "/embeddings")
        embeddingBatch = own.map { whole($0.embeddingPath(model: modelName, isBatch: true)) } ?? []
        tokenCount = provider.dialect.tokenCounting.map { whole($0.tokenCountPath(model: modelName)) } ?? []
    }
}

extension TargetTraits {
    init(_ provider: PolicyDocument.Provider, _ model: PolicyDocument.Model, name: String) {
        self.init(model: name, outputTokensDefault: model.maxOutputTokens.map { UInt64(max(1, $0)) } ?? 4_096)
        for feature in model.unsupportedFeatures ?? [] {
            switch feature {
            case .tools: capabilities.tools = false
            case .images: capabilities.images = false
            case .documents: capabilities.documents = false
            case .audio: capabilities.audio = false
            case .jsonSchema: capabilities.jsonSchema = false
            case .reasoning: capabilities.reasoning = false
            case .sampling: capabilities.sampling = false
            case .systemMessages: capabilities.systemMessages = false
            // Nothing can be said in its place: routes see to it.
            case .begunAnswers: break
            }
        }
        guard let quirks = provider.quirks else { return }
        if quirks.outputBound == .maxTokens { self.quirks.outputBound = .maxTokens }
        if let knows = quirks.developerRole { self.quirks.developerRole = knows }
        if let takes = quirks.cacheControl { self.quirks.cacheControl = takes }
        if let answers = quirks.streamOptions { self.quirks.streamOptions = answers }
        if let wants = quirks.shortToolCallIDs { self.quirks.shortToolCallIDs = wants }
    }
}

/// A price of the policy, as an object: what a request looks up several times is a reference.
final class CompiledPrice: Sendable {
    let id: ObjectID
    let effectiveFromUnixSeconds: Int64
    let sheet: PriceSheet

    init(_ price: PolicyDocument.Price) {
        id = price.id
        effectiveFromUnixSeconds = price.effectiveFromUnixSeconds
        sheet = price.sheet
    }

    // Asked here, because whoever asks the sheet of an object copies it.

    func cost(of usage: TokenUsage, requests: UInt64 = 1) -> Money { sheet.cost(of: usage, requests: requests) }

    func worstCase(_ bound: UsageBound, onlyStandard: Bool) -> Money {
        sheet.worstCase(bound, onlyStandard: onlyStandard)
    }
}

/// Where a provider is, taken apart once.
struct UpstreamAddress: Hashable, Sendable {
    var isTLS: Bool
    var host: String
    var port: UInt16
    /// In front of each endpoint's own path, without a slash at its end.
    var pathPrefix: [UInt8]
    /// The value of `host`, with the port where it is not the scheme's.
    var hostHeader: [UInt8]
    var baseURL: String

    /// `http://host[:port][/prefix]` or `https://...`; anything else is nil.
    init?(baseURL: String) {
        let rest: Substring
        if baseURL.hasPrefix("http://") {
            isTLS = false
            rest = baseURL.dropFirst(7)
        } else if baseURL.hasPrefix("https://") {
            isTLS = true
            rest = baseURL.dropFirst(8)
        } else {
            return nil
        }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        var prefix = rest[slash...]
        while prefix.hasSuffix("/") { prefix = prefix.dropLast() }
        guard !authority.isEmpty, !authority.contains(where: { "@#?".contains($0) }), !prefix.contains("?"),
            !prefix.contains("#")
        else { return nil }
        guard prefix.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), authority.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { return nil }
        var name = authority
        var number: UInt16?
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            guard let parsed = UInt16(authority[authority.index(after: colon)...]), parsed > 0 else { return nil }
            number = parsed
            name = authority[..<colon]
        }
        let usual: UInt16 = isTLS ? 443 : 80
        hostHeader = Array((number == usual ? name : authority).utf8)
        if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
        guard !name.isEmpty else { return nil }
        host = String(name)
        port = number ?? usual
        pathPrefix = Array(prefix.utf8)
        self.baseURL = baseURL
    }
}
