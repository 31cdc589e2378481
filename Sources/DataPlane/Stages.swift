import Shared
import Translate

/// The stages of one event loop, with what each keeps between requests.
///
/// Concurrency: belongs to its loop.
final class Stages {
    let loop: EventLoop
    let settings: DataPlaneConfiguration
    /// Replaced as a whole when a snapshot arrives; a request keeps the one it began with.
    private(set) var policy: CompiledPolicy?
    let health: HealthBoard
    let shedding: LoadShedding
    private let ruleMetrics: RuleMetrics
    private let authenticator: Authenticator
    private var router = Router()
    /// Two numbers for each request: drawn for some hundred at a time, since a draw is long and uses code that nothing else does.
    private let random = SecureRandom(blockBytes: 8 * 1024)
    private let admitter: Admitter
    private let attempter: Attempter
    private let recorder: Recorder
    private let storedIntake: StoredIntake
    let shadows: Shadows
    private let answerer = Answerer()

    init(
        on loop: EventLoop, settings: DataPlaneConfiguration, transports: Transports, recorder: Recorder,
        wallet: Wallet,
        registry: MetricsRegistry
    ) {
        self.loop = loop
        self.settings = settings
        self.recorder = recorder
        health = HealthBoard(registry)
        shedding = LoadShedding(on: loop, settings.overload, registry)
        ruleMetrics = RuleMetrics(registry)
        authenticator = Authenticator(refusesExpiredSnapshots: settings.fleet.refusesExpiredSnapshots)
        admitter = Admitter(on: loop, wallet: wallet)
        let sideAttempts = SideAttempts(on: loop, admitter: admitter, recorder: recorder)
        shadows = Shadows(on: loop, transports: transports, admitter: admitter, recorder: recorder, registry)
        storedIntake = StoredIntake(on: loop, transports: transports, settings: settings)
        attempter = Attempter(on: loop, transports: transports, sideAttempts: sideAttempts, orphans: Orphans(registry))
    }

    func use(_ policy: CompiledPolicy) {
        health.take(policy, now: loop.refreshedNow())
        ruleMetrics.take(policy)
        self.policy = policy
    }

    func begin() -> RequestContext {
        let now = loop.refreshedNow()
        let wall = WallTime.unixMilliseconds()
        return RequestContext(
            id: random.objectID(unixMilliseconds: wall), startedAt: now, startedUnixMilliseconds: wall, policy: policy)
    }

    // MARK: Options

    /// Answers OPTIONS, which needs no key: a browser asks before it sends one. Nil for any other method.
    @inline(__always)
    func options(_ client: ClientStream) throws(GatewayError) -> Outcome? {
        guard client.head.method == .options else { return nil }
        do {
            return Outcome(
                ending: .options(allow: try unsafe InboundEndpoint.allowed(client.head, client.headBytes)), status: 204)
        } catch { throw refusal(error, client) }
    }

    /// Of a request whose body nobody reads: where it has one, its connection ends.
    @inline(never)
    private func refusal(_ error: RouteError, _ client: ClientStream) -> GatewayError {
        var refusal = GatewayError(error)
        refusal.closesConnection = client.head.framing != .none
        return refusal
    }

    // MARK: Authenticate

    func authenticate(_ client: ClientStream, _ context: RequestContext) throws(GatewayError) -> Caller {
        do throws(AuthenticationError) {
            let caller = try unsafe authenticator.authenticate(
                client.head, client.headBytes, shownBefore: &client.shownKey, from: client.source, in: context.policy,
                nowUnixSeconds: context.startedUnixSeconds)
            context.caller = caller
            if client.head.first(.xWeir) != nil { explainIfAsked(client, caller, context) }
            return caller
        } catch { throw GatewayError(error) }
    }

    /// `x-weir-explain: 1` by a key that may.
    private func explainIfAsked(_ client: ClientStream, _ caller: Caller, _ context: RequestContext) {
        guard caller.key.mayExplain, unsafe Explanation.isAskedFor(client.head, client.headBytes) else { return }
        context.explanation = Explanation(startedAt: context.startedAt)
        context.explanation?.ended("authenticate", loop.refreshedNow())
    }

    // MARK: Shed

    /// Refuses a share of the requests while this loop is late: the class is known, and the body not read.
    @inline(__always)
    func shed(_ client: ClientStream, for caller: Caller, _ context: RequestContext) throws(GatewayError) {
        guard shedding.refuses(caller) else { return }
        var refusal = GatewayError(OverloadError.late, spread: context.id)
        // A connection that can be used again costs less than a new one.
        refusal.closesConnection = !client.skipBodyAtHand()
        throw refusal
    }

    // MARK: Parse

    /// The facts of a metered request; nil for one that only lists what there is.
    func parse(
        _ client: ClientStream, for caller: Caller, _ context: RequestContext
    ) async throws(GatewayError) -> ParsedRequest? {
        let endpoint: InboundEndpoint
        do { endpoint = try unsafe InboundEndpoint.of(client.head, client.headBytes) } catch {
            throw refusal(error, client)
        }
        context.endpoint = endpoint
        if case .stored(let call) = endpoint.operation {
            return try await readStored(call, client, for: caller, context)
        }
        do throws(ParseError) {
            if client.head.first(.contentEncoding) != nil { throw .encodedBody }
            if case .metered(let metered) = endpoint.operation, metered.isForm {
                return try await readForm(client, metered, context)
            }
            try await client.readBody()
            guard case .metered(let metered) = endpoint.operation else { return nil }
            let foreign = endpoint.dialect == .openai ? nil : try translate(client, endpoint, metered)
            let request = try unsafe RequestParser.parse(client.body, endpoint: metered)
            if let foreign { request.came(as: foreign) }
            return parsed(request, context)
        } catch { throw GatewayError(error) }
    }

    @inline(__always)
    private func parsed(_ request: ParsedRequest, _ context: RequestContext) -> ParsedRequest {
        context.request = request
        context.explanation?.ended("parse", loop.refreshedNow())
        return request
    }

    /// What a request for files or batches is about.
    private func readStored(
        _ call: StoredCall, _ client: ClientStream, for caller: Caller, _ context: RequestContext
    ) async throws(GatewayError) -> ParsedRequest {
        if client.head.first(.contentEncoding) != nil { throw GatewayError(ParseError.encodedBody) }
        return parsed(try await storedIntake.read(call, client, for: caller, context), context)
    }

    /// The facts of a form, of which no more is held than they take.
    private func readForm(
        _ client: ClientStream, _ endpoint: Endpoint, _ context: RequestContext
    ) async throws(ParseError) -> ParsedRequest {
        var scanner = try unsafe FormRequest.scanner(of: client.head, client.headBytes)
        let isWhole = try await client.readForm(
            &scanner, limit: settings.bodyBytesMax, until: FormRequest.isEnough)
        let request = try FormRequest.parse(
            scanner, isWhole: isWhole, bodyBytes: unsafe client.body.count + client.bodyBytesLeft, endpoint: endpoint)
        if !isWhole { request.upload = BodyUpload(from: client, scanner) }
        return parsed(request, context)
    }

    /// Puts the request's translation into OpenAI's dialect in the place of its body: the stages go by that.
    private func translate(
        _ client: ClientStream, _ endpoint: InboundEndpoint, _ metered: Endpoint
    ) throws(ParseError) -> ForeignRequest {
        var call = InboundCall(isStream: endpoint.isStream)
        if let range = endpoint.model {
            let name = unsafe String(decoding: client.headBytes[range], as: UTF8.self)
            call.model = HTTPRequest.percentDecoded(name, plusIsSpace: false)
        }
        if metered == .embeddings { return try embed(client, endpoint, model: call.model ?? "") }
        var conversation = try unsafe RequestTranslation.conversation(
            client.body, of: call, in: endpoint.dialect, metered)
        if endpoint.dialect == .anthropic {
            conversation.betas = unsafe RequestTranslation.betas(of: client.head, client.headBytes)
        }
        let chat = try RequestTranslation.chat(conversation)
        return ForeignRequest(endpoint, conversation, body: client.translateBody(to: chat))
    }

    /// What is to be embedded passes as it is; the stages need no more of it than its model.
    private func embed(
        _ client: ClientStream, _ endpoint: InboundEndpoint, model: String
    ) throws(ParseError) -> ForeignRequest {
        let embedding = try unsafe EmbeddingRequest(client.body, isBatch: endpoint.isBatch)
        let standIn = EmbeddingRequest.standIn(model: model)
        return ForeignRequest(endpoint, Conversation(), embedding: embedding, body: client.translateBody(to: standIn))
    }

    // MARK: Route

    func route(
        _ request: ParsedRequest, _ client: ClientStream, for caller: Caller, _ context: RequestContext
    ) throws(GatewayError) -> RoutePlan {
        guard let policy = context.policy else { throw GatewayError(AuthenticationError.unverifiable) }
        if let stored = request.stored {
            context.plan = stored.plan
            context.explanation?.routed(stored.plan, request, context, loop.refreshedNow())
            return stored.plan
        }
        if request.prompt.hasUnknownInput, !request.isForm {
            let sent = unsafe request.foreign?.body.readable ?? client.body
            request.files = try unsafe FileReferences(in: sent, StoredPlaces(policy: policy, caller: caller))
        }
        let body = unsafe client.body
        do throws(RouteError) {
            let content = unsafe UnsafeRawBufferPointer(
                rebasing: body[(request.model.start + 1)..<(request.model.end - 1)])
            let plan: RoutePlan
            if unsafe content.contains(UInt8(ascii: "\\")), let decoded = unsafe request.model.string(in: body) {
                plan = try unsafe decoded.withRawBytes { name throws(RouteError) in
                    try unsafe router.plan(
                        request, named: name, for: caller, in: policy, client, context, now: loop.now)
                }
            } else {
                plan = try unsafe router.plan(
                    request, named: content, for: caller, in: policy, client, context, now: loop.now)
            }
            context.plan = plan
            context.explanation?.routed(plan, request, context, loop.refreshedNow())
            return plan
        } catch { throw GatewayError(error) }
    }

    /// `GET /v1/models` and `GET /v1/models/{model}`: only what the key may use.
    @inline(never)
    func list(_ client: ClientStream, for caller: Caller, _ context: RequestContext) throws(GatewayError) -> Outcome {
        guard let policy = context.policy else { throw GatewayError(AuthenticationError.unverifiable) }
        let dialect = context.endpoint?.dialect ?? .openai
        guard let range = context.endpoint?.model else {
            return Outcome(
                ending: .local(status: 200, body: ModelList.all(in: policy, for: caller, as: dialect)), status: 200)
        }
        let name = unsafe String(decoding: client.headBytes[range], as: UTF8.self)
        guard
            let body = ModelList.one(
                HTTPRequest.percentDecoded(name, plusIsSpace: false), in: policy, for: caller, as: dialect)
        else {
            throw GatewayError(RouteError.unknownModel(name))
        }
        return Outcome(ending: .local(status: 200, body: body), status: 200)
    }

    // MARK: Count

    /// Answers how many tokens a chat has, where its target speaks another dialect than the caller and cannot be asked: about a token for four
    /// bytes. Nil for anything else.
    @inline(__always)
    func count(_ request: ParsedRequest, _ plan: RoutePlan) -> Outcome? {
        guard request.endpoint == .tokenCount, plan.targets[0].dialect(for: request.dialect) != request.dialect,
            let codec = request.dialect.tokenCounting
        else { return nil }
        let body = codec.tokenCountBody((request.prompt.textTokens + 3) / 4)
        return Outcome(ending: .local(status: 200, body: body), status: 200)
    }

    // MARK: Admit

    /// Holds the worst case of the request in all its allowances, and writes down that it begins, before any byte of it goes upstream.
    @inline(__always)
    func admit(
        _ request: ParsedRequest, _ plan: RoutePlan, for caller: Caller, _ client: ClientStream,
        _ context: RequestContext
    ) async throws(GatewayError) -> Admission {
        switch try ask(request, plan, for: caller, context) {
        case .admitted(let admission): return admission
        // Nearly all are admitted at once: only what waits has a task's frame, which is large.
        case .undecided(let answer):
            return try await wait(on: answer, request, plan, for: caller, client, context)
        }
    }

    private enum Asked: ~Copyable {
        case admitted(Admission)
        case undecided(Admitter.Answer)
    }

    @inline(never)
    private func ask(
        _ request: ParsedRequest, _ plan: RoutePlan, for caller: Caller, _ context: RequestContext
    ) throws(GatewayError) -> Asked {
        do throws(AdmissionError) {
            switch try admitter.ask(request, plan, for: caller, context) {
            case .held(let hold): return .admitted(try begin(hold, request, plan, for: caller, context))
            case .waits(let id, let worst): return .undecided(.waits(id, worst))
            case .refused(let refusal): return .undecided(.refused(refusal))
            }
        } catch { throw refusal(error, request) }
    }

    /// Not in the frame of every request.
    @inline(never)
    private func wait(
        on answer: consuming Admitter.Answer, _ request: ParsedRequest, _ plan: RoutePlan, for caller: Caller,
        _ client: ClientStream, _ context: RequestContext
    ) async throws(GatewayError) -> Admission {
        do throws(AdmissionError) {
            let hold = try await admitter.hold(answer, request, plan, for: caller, client, context)
            return try begin(hold, request, plan, for: caller, context)
        } catch { throw refusal(error, request) }
    }

    /// Writes down that what holds its worst case begins.
    private func begin(
        _ hold: consuming Hold, _ request: ParsedRequest, _ plan: RoutePlan, for caller: Caller,
        _ context: RequestContext
    ) throws(AdmissionError) -> Admission {
        var hold = hold
        let admission = try recorder.admit(
            &hold, of: admitter, request, plan, at: plan.targets[0], for: caller, context)
        if let shadow = plan.route.shadow { draw(shadow, context) }
        context.explanation?.admitted(hold.lines, loop.refreshedNow())
        return admission
    }

    private func refusal(_ error: AdmissionError, _ request: ParsedRequest) -> GatewayError {
        var refusal = GatewayError(error, nowUnixMilliseconds: WallTime.unixMilliseconds())
        // The fields that bound a chat are no others' fields.
        if request.endpoint != .chatCompletions, case .unbounded = error, refusal.param != "model" {
            refusal.param = nil
        }
        return refusal
    }

    /// Whether the request is mirrored once its caller has the answer.
    private func draw(_ shadow: CompiledShadow, _ context: RequestContext) {
        guard shadow.shadowing.takes(shadow.share, using: random) else { return }
        context.shadowID = random.objectID(unixMilliseconds: context.startedUnixMilliseconds)
    }

    // MARK: Attempt, Settle, Record

    func attempt(
        _ plan: RoutePlan, _ request: ParsedRequest, relayingTo client: ClientStream, _ context: RequestContext
    ) async -> Outcome {
        let outcome = await attempter.attempt(plan, request, relayingTo: client, context)
        if let stored = request.stored { stored.corrections.forEach(recorder.correct) }
        context.explanation?.ended("attempt", loop.refreshedNow())
        return outcome
    }

    func settle(_ outcome: Outcome, _ context: RequestContext) { Settlement.settle(outcome, context) }

    func record(
        _ outcome: Outcome, _ admission: consuming Admission?, _ client: ClientStream, _ context: RequestContext
    ) {
        recorder.record(outcome, admission, client, context, now: loop.refreshedNow())
    }

    func finish(_ outcome: Outcome, _ client: ClientStream, _ context: RequestContext) async -> Bool {
        let canGoOn = await answerer.finish(outcome, client, context, loop)
        // By the policy of now: a key that was revoked meanwhile is charged for nothing.
        if context.shadowID != nil {
            shadows.begin(client, context, in: policy, isShedding: shedding.isShedding)
        }
        return canGoOn && client.finishRequest()
    }
}
