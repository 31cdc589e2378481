import Shared

/// The provider: routes requests to answers, faults and its control endpoints.
///
/// Concurrency: belongs to the loop it was given.
final class StubProvider {
    let loop: EventLoop
    let options: StubOptions
    var ledger: Ledger
    var script: FaultScript
    var random: SeededRandom
    var recorder: RequestRecorder
    var canned = CannedAnswers()
    var said = SaidAnswers()
    var keys = KeyBook()
    var responses = KeptResponses()
    /// Files and batches of OpenAI's accounts.
    var objects: AccountObjects
    /// Of Google's service accounts; nil: there is none.
    var tokens: TokenIssuer?
    private var rate: RequestRate?
    private(set) var answerCount: UInt64 = 0
    private(set) var inFlight = 0

    init(on loop: EventLoop, options: StubOptions, ledger: Ledger, tokens: TokenIssuer? = nil) {
        self.tokens = tokens
        self.loop = loop
        self.options = options
        self.ledger = ledger
        script = FaultScript(seed: options.seed)
        random = SeededRandom(seed: options.seed)
        objects = AccountObjects(mark: responses.mark)
        recorder = RequestRecorder(requestsMax: options.requestsMax)
        rate = options.requestsPerMinute.map { RequestRate(limit: $0) }
    }

    func handle(_ request: HTTPRequest, _ responder: HTTPResponder) async {
        if request.path.hasPrefix("/stub/") { return await control(request, responder) }
        if request.path == "/token", let granted = tokens?.answer(request, now: loop.refreshedNow()) {
            return await responder.respond(
                status: granted.status, headers: [("content-type", "application/json")], body: granted.body)
        }
        ledger.requestCame()
        recorder.record(request)
        let call = ProviderCall(of: request)
        let dialect = call.dialect
        do {
            if tokens != nil, GeminiDialect.isVertex(request) {
                try tokens?.admit(request, now: loop.refreshedNow())
            } else {
                try dialect.admit(request, key: options.key)
            }
            switch call.operation {
            case .answer, .completion, .embeddings, .moderation, .rerank, .images, .imageEdit, .speech,
                .transcription:
                try await answer(call, request, responder)
            case .countTokens: try await count(call, request, responder)
            case .models: try await models(call, request, responder)
            case .object(let object): try await self.object(object, request, responder)
            case .unknown: throw dialect.error(unknownPath: request)
            }
        } catch let error as ProviderError {
            await refuse(error, dialect, responder)
        } catch {
            // The caller has gone; the ledger knows.
        }
    }

    // MARK: What is metered

    private func answer(_ call: ProviderCall, _ request: HTTPRequest, _ responder: HTTPResponder) async throws {
        let dialect = call.dialect
        keys.count(dialect.key(of: request))
        if rate?.take(at: loop.refreshedNow()) == false { throw dialect.error(status: 429, code: nil) }
        if let pieces = canned.next() { return await send(pieces, responder) }
        var parsed = try dialect.read(call, request, readingContext(dialect))
        let (model, fault) = try choose(parsed.model, dialect, request)
        if try await isOver(fault, dialect, responder) { return }
        if call.operation == .answer { said.next()?.take(place: &parsed) }
        let answer = newAnswer(parsed, call, model: model, request, fault)
        let billed = ledger.begin(
            requestID: request.headers.first("x-request-id") ?? "",
            endpoint: call.operation.ledgerName ?? dialect.endpoint, model: model,
            isStream: parsed.isStream, usage: parsed.isStream ? answer.billedFor(0) : answer.usage,
            now: loop.refreshedNow())
        inFlight += 1
        defer { inFlight -= 1 }
        guard try await thinks(fault, responder) else {
            ledger.finish(
                billed, usage: parsed.isStream ? answer.billedFor(0) : answer.usage, delivery: .none,
                now: loop.refreshedNow())
            return
        }
        let delivery = Delivery(dialect: dialect, answer: answer, fault: fault, billed: billed, responder: responder)
        if parsed.isStream { try await stream(delivery) } else { try await plain(delivery) }
    }

    func newAnswer(
        _ parsed: ProviderRequest, _ call: ProviderCall, model: String, _ request: HTTPRequest, _ fault: Fault
    ) -> ProviderAnswer {
        answerCount += 1
        var said = 0
        var isEchoed = false
        if let continuation = options.continuation, let prefix = parsed.prefix {
            isEchoed = continuation == .prefixEchoed
            if parsed.continuation == (isEchoed ? .prefix : continuation) {
                said = prefix.split(separator: " ").count
            }
        }
        let tellsAll = options.continuation != nil
        return ProviderAnswer(
            parsed, model: model, number: answerCount, createdUnixSeconds: WallTime.unixSeconds(),
            fingerprint: AnswerText.fingerprint(of: tellsAll ? [] : request.body, seed: options.seed),
            signatures: readingContext(call.dialect).signatures, fault: fault, said: said, isEchoed: isEchoed)
    }

    func readingContext(_ dialect: any ProviderDialect.Type) -> ReadingContext {
        ReadingContext(
            seed: options.seed, signatures: ThoughtSignatures(seed: options.seed, of: dialect.endpoint),
            responses: responses, isStrict: options.isStrict)
    }

    /// The fault for this request, by the order that `--help` names.
    func choose(
        _ name: String, _ dialect: any ProviderDialect.Type, _ request: HTTPRequest, isScripted: Bool = true
    ) throws(ProviderError) -> (model: String, fault: Fault) {
        let (model, suffix) = Fault.split(model: name)
        let fault = try fault(of: request, dialect, suffix: suffix, isScripted: isScripted)
        guard options.models.isEmpty || options.models.contains(model) else {
            throw dialect.error(unknownModel: model)
        }
        return (model, fault)
    }

    func fault(
        of request: HTTPRequest, _ dialect: any ProviderDialect.Type, suffix: Fault? = nil, isScripted: Bool = true
    ) throws(ProviderError) -> Fault {
        var fault = suffix ?? keys.fault(of: dialect.key(of: request))
        if fault == nil, isScripted { fault = script.next() ?? options.fault }
        if let text = request.headers.first("x-stub-fault") {
            guard let named = Fault(text) else {
                var error = dialect.error(status: 400, code: nil)
                error.message = "x-stub-fault: no such fault: \(text)"
                throw error
            }
            fault = named
        }
        return fault ?? .none
    }

    // MARK: What is not

    /// Scripts are for what is metered; what befalls the key, the model or this request befalls this too.
    private func count(_ call: ProviderCall, _ request: HTTPRequest, _ responder: HTTPResponder) async throws {
        let parsed = try call.dialect.read(call, request, readingContext(call.dialect))
        let (_, fault) = try choose(parsed.model, call.dialect, request, isScripted: false)
        if try await isOver(fault, call.dialect, responder) { return }
        guard try await thinks(fault, responder) else { return responder.abort(reset: false) }
        await responder.respond(
            status: 200, headers: headers(call.dialect), body: call.dialect.body(ofCount: parsed.promptTokens))
    }

    /// Only what befalls the key of the request befalls this: scripts and other faults are for what is metered.
    private func models(_ call: ProviderCall, _ request: HTTPRequest, _ responder: HTTPResponder) async throws {
        let dialect = call.dialect
        if let fault = keys.fault(of: dialect.key(of: request)) {
            if try await isOver(fault, dialect, responder) { return }
            if try await !thinks(fault, responder) { return responder.abort(reset: false) }
        }
        let names = options.models.isEmpty ? dialect.modelsDefault : options.models
        if let name = call.model, !names.contains(name) { throw dialect.error(unknownModel: name) }
        await responder.respond(
            status: 200, headers: headers(dialect), body: dialect.body(ofModels: names, only: call.model))
    }

    private func refuse(
        _ error: ProviderError, _ dialect: any ProviderDialect.Type, _ responder: HTTPResponder
    ) async {
        ledger.requestWasRefused()
        var headers = self.headers(dialect) + dialect.fields(of: error)
        if error.status == 429, let rate {
            headers += dialect.fields(waiting: rate.millisecondsLeft(at: loop.refreshedNow()))
        }
        await responder.respond(
            status: error.status, headers: headers, body: dialect.body(of: error, number: answerCount))
    }

    func headers(_ dialect: any ProviderDialect.Type, contentType: String? = nil) -> [(String, String)] {
        [("content-type", contentType ?? dialect.contentType)] + dialect.fields(number: answerCount)
            + (rate.map { dialect.fields(of: $0, at: loop.refreshedNow()) } ?? [])
    }
}
