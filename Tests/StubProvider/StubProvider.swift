import Shared

/// The provider: routes requests to answers, faults and its control endpoints.
///
/// Concurrency: belongs to the loop it was given.
final class StubProvider {
    private let loop: EventLoop
    private let options: StubOptions
    private var ledger: Ledger
    private var script: FaultScript
    private var random: SeededRandom
    private var recorder: RequestRecorder
    private var canned = CannedAnswers()
    private var rate: RequestRate?
    private var keys = KeyBook()
    private var answerCount: UInt64 = 0
    private var inFlight = 0

    init(on loop: EventLoop, options: StubOptions, ledger: Ledger) {
        self.loop = loop
        self.options = options
        self.ledger = ledger
        script = FaultScript(seed: options.seed)
        random = SeededRandom(seed: options.seed)
        recorder = RequestRecorder(requestsMax: options.requestsMax)
        rate = options.requestsPerMinute.map { RequestRate(limit: $0) }
    }

    func handle(_ request: HTTPRequest, _ responder: HTTPResponder) async {
        if request.path.hasPrefix("/stub/") { return await control(request, responder) }
        ledger.requestCame()
        recorder.record(request)
        if let key = options.key, request.headers.first("authorization") != "Bearer " + key {
            return await refuse(ProviderError(status: 401, code: nil), responder)
        }
        switch (request.method, request.path) {
        case ("POST", "/v1/chat/completions"), ("POST", "/v1/embeddings"):
            keys.count(request)
            if rate?.take(at: loop.refreshedNow()) == false {
                return await refuse(ProviderError(status: 429, code: nil), responder)
            }
            if let pieces = canned.next() { return await send(pieces, responder) }
            do {
                if request.path == "/v1/embeddings" {
                    try await embeddings(request, responder)
                } else {
                    try await chat(request, responder)
                }
            } catch let error as ProviderError {
                await refuse(error, responder)
            } catch {
                // The caller has gone; the ledger knows.
            }
        case ("GET", "/v1/models"): await models(request, responder)
        default:
            let message = "Invalid URL (\(request.method) \(request.path))"
            await refuse(
                ProviderError(status: 404, type: "invalid_request_error", message: message, param: nil, code: nil),
                responder)
        }
    }

    // MARK: Metered endpoints

    private func chat(_ request: HTTPRequest, _ responder: HTTPResponder) async throws {
        let parsed = try ProviderRequest(chat: request.body)
        let (model, fault) = try choose(parsed.model, request)
        if try await isOver(fault, responder) { return }
        let tellsAll = options.continuation != nil
        let fingerprint = AnswerText.fingerprint(of: tellsAll ? [] : request.body, seed: options.seed)
        let answer = newAnswer(parsed, model: model, fingerprint: fingerprint, fault: fault)
        let billed = bill(answer, endpoint: "chat", request, completion: parsed.isStream ? 0 : answer.usage.completion)
        inFlight += 1
        defer { inFlight -= 1 }
        do {
            if try await !thinks(fault, responder) { throw CallerIsGone() }
            if parsed.isStream {
                try await stream(answer, fault, billed, responder)
            } else {
                try await plain(answer.chatBody, answer, fault, billed, responder)
            }
        } catch is CallerIsGone {
            ledger.finish(
                billed, usage: parsed.isStream ? answer.billedFor(0) : answer.usage, delivery: .none,
                now: loop.refreshedNow())
        }
    }

    private func embeddings(_ request: HTTPRequest, _ responder: HTTPResponder) async throws {
        let parsed = try ProviderRequest(embeddings: request.body, seed: options.seed)
        let (model, fault) = try choose(parsed.model, request)
        if try await isOver(fault, responder) { return }
        let answer = newAnswer(parsed, model: model, fingerprint: 0, fault: fault)
        let billed = bill(answer, endpoint: "embeddings", request, completion: 0)
        guard try await thinks(fault, responder) else {
            ledger.finish(billed, usage: answer.usage, delivery: .none, now: loop.refreshedNow())
            return
        }
        try await plain(answer.embeddingsBody, answer, fault, billed, responder)
    }

    /// The fault for this request, by the order that `--help` names.
    private func choose(_ name: String, _ request: HTTPRequest) throws(ProviderError) -> (model: String, fault: Fault) {
        let (model, suffix) = Fault.split(model: name)
        var fault = suffix ?? keys.fault(of: request) ?? script.next() ?? options.fault ?? .none
        if let text = request.headers.first("x-stub-fault") {
            guard let named = Fault(text) else { throw .invalid("x-stub-fault: no such fault: \(text)") }
            fault = named
        }
        guard options.models.isEmpty || options.models.contains(model) else {
            throw ProviderError(
                status: 404, type: "invalid_request_error",
                message: "The model `\(model)` does not exist or you do not have access to it.", param: nil,
                code: "model_not_found")
        }
        return (model, fault)
    }

    /// Faults that come before the provider begins to work, and so before it bills.
    private func isOver(_ fault: Fault, _ responder: HTTPResponder) async throws -> Bool {
        switch fault.kind {
        case .status(let status):
            ledger.requestWasRefused()
            let error = ProviderError(status: status, code: fault.code)
            var headers = self.headers(answerCount)
            if let seconds = fault.retryAfter { headers.append(("retry-after", seconds)) }
            if let milliseconds = fault.retryAfterMilliseconds { headers.append(("retry-after-ms", milliseconds)) }
            await responder.respond(status: status, headers: headers, body: error.body)
            return true
        case .closeBeforeHead, .resetBeforeHead:
            ledger.requestWasRefused()
            responder.abort(reset: fault.kind == .resetBeforeHead)
            return true
        case .resetMidHead:
            ledger.requestWasRefused()
            try await responder.sendRaw(Array("HTTP/1.1 200 OK\r\ncontent-type: applica".utf8))
            await loop.sleep(for: .milliseconds(2))
            responder.abort(reset: true)
            return true
        default: return false
        }
    }

    private func newAnswer(
        _ parsed: ProviderRequest, model: String, fingerprint: UInt64, fault: Fault
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
        return ProviderAnswer(
            parsed, model: model, number: answerCount, createdUnixSeconds: WallTime.unixSeconds(),
            fingerprint: fingerprint, fault: fault, said: said, isEchoed: isEchoed)
    }

    private func bill(_ answer: ProviderAnswer, endpoint: String, _ request: HTTPRequest, completion: Int) -> UInt64 {
        ledger.begin(
            requestID: request.headers.first("x-request-id") ?? "", endpoint: endpoint, model: answer.model,
            isStream: answer.request.isStream, usage: answer.billedFor(completion), now: loop.refreshedNow())
    }

    /// The time before the first token; false when the caller has gone meanwhile.
    private func thinks(_ fault: Fault, _ responder: HTTPResponder) async throws -> Bool {
        var wait = options.latency.firstToken(&random)
        if let milliseconds = fault.firstTokenMilliseconds { wait = .milliseconds(milliseconds) }
        if let capacity = options.capacity, inFlight > capacity { wait = wait * inFlight / max(1, capacity) }
        if fault.kind == .stallBeforeHead { wait = fault.milliseconds.map { .milliseconds($0) } ?? .seconds(3600) }
        return await pause(wait, responder)
    }

    /// Sleeps in pieces, so that a caller who leaves is noticed within 5 ms; false when he has.
    private func pause(_ duration: Duration, _ responder: HTTPResponder) async -> Bool {
        var left = duration
        while left > .zero {
            if responder.peerIsGone { return false }
            let step = min(left, .milliseconds(5))
            await loop.sleep(for: step)
            left -= step
        }
        return !responder.peerIsGone
    }

    // MARK: Plain answers

    private func plain(
        _ body: [UInt8], _ answer: ProviderAnswer, _ fault: Fault, _ billed: UInt64, _ responder: HTTPResponder
    ) async throws {
        let headers = self.headers(answerCount)
        switch fault.kind {
        case .wrongContentLength, .cutMidStream, .resetMidStream, .stallMidStream, .stallAfterHead:
            let promised = fault.kind == .wrongContentLength ? body.count + 100 : body.count
            let sent =
                switch fault.kind {
                case .wrongContentLength: body.count
                case .stallAfterHead: 0
                default: min(fault.after, body.count)
                }
            ledger.finish(billed, usage: answer.usage, delivery: .partial, now: loop.refreshedNow())
            var head = Array(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: \(promised)\r\n".utf8)
            for (name, value) in headers where name != "content-type" { head.append(text: "\(name): \(value)\r\n") }
            head.append(text: "\r\n")
            try await responder.sendRaw(head + body[..<sent])
            if fault.kind == .stallMidStream || fault.kind == .stallAfterHead {
                let wait = fault.milliseconds.map { Duration.milliseconds($0) } ?? .seconds(3600)
                if await pause(wait, responder) { try await responder.sendRaw(Array(body[sent...])) }
            } else {
                await loop.sleep(for: .milliseconds(2))
            }
            responder.abort(reset: fault.kind == .resetMidStream)
        default:
            // Billed before the last byte is out, so that whoever has the answer finds it in the ledger.
            ledger.finish(
                billed, usage: answer.usage, delivery: responder.peerIsGone ? .none : .whole, now: loop.refreshedNow())
            await responder.respond(status: 200, headers: headers, body: body)
        }
    }

    // MARK: Streams

    private func stream(
        _ answer: ProviderAnswer, _ fault: Fault, _ billed: UInt64, _ responder: HTTPResponder
    ) async throws {
        let events = answer.events(usageOnEach: fault.kind == .usageEveryChunk)
        var made = 0
        var isWhole = false
        var isBegun = false
        // Every way out of here settles the bill, for what was made.
        defer {
            if !isWhole {
                ledger.finish(
                    billed, usage: answer.billedFor(made), delivery: isBegun ? .partial : .none,
                    now: loop.refreshedNow())
            }
        }
        try await responder.startStream(
            status: 200, headers: headers(answerCount, contentType: "text/event-stream; charset=utf-8"))
        if fault.kind == .stallAfterHead, await !stall(fault, responder) { return }

        let between = fault.chunkMilliseconds
        var due: [UInt8] = []
        for (index, event) in events.enumerated() {
            if index == fault.after {
                if !due.isEmpty { try await responder.write(due) }
                due = []
                if try await breaksOff(fault, responder) { return }
            }
            let wait = between.map { Duration.milliseconds($0) } ?? options.latency.chunk(&random)
            if wait > .zero, index > 0 {
                guard await pause(wait, responder) else { return }
            }
            made = event.completionTokens
            due += event.bytes
            // What is due together goes out together; what is paced goes out as it comes.
            if wait > .zero || due.count >= 65_536 {
                try await responder.write(due)
                due = []
            }
            isBegun = true
            if responder.peerIsGone { return }
        }
        if answer.request.includesUsage, answer.showsUsage { due += answer.usageEvent }
        if fault.kind != .missingDone { due.append(text: "data: [DONE]\n\n") }
        // Settled before the last bytes go out, so that whoever has seen the end finds it in the ledger.
        isWhole = true
        ledger.finish(billed, usage: answer.usage, delivery: .whole, now: loop.refreshedNow())
        try await responder.write(due)
        try await responder.end()
    }

    /// Faults in the middle of a stream; true when the stream is over.
    private func breaksOff(_ fault: Fault, _ responder: HTTPResponder) async throws -> Bool {
        switch fault.kind {
        case .stallMidStream:
            return await !stall(fault, responder)
        case .cutMidStream, .resetMidStream:
            // A reset may overtake what was sent before it; the pause lets that arrive.
            await loop.sleep(for: .milliseconds(2))
            responder.abort(reset: fault.kind == .resetMidStream)
            return true
        case .malformedChunk:
            try await responder.write(
                Array("data: {\"id\":\"chatcmpl-broken\",\"choices\":[{\"delta\":{\"content\":\n\n".utf8))
            return false
        case .malformedFraming:
            try await responder.sendRaw(Array("xyz\r\ndata: {}\n\n\r\n".utf8))
            await loop.sleep(for: .milliseconds(2))
            responder.abort(reset: false)
            return true
        default: return false
        }
    }

    private func stall(_ fault: Fault, _ responder: HTTPResponder) async -> Bool {
        await pause(fault.milliseconds.map { .milliseconds($0) } ?? .seconds(3600), responder)
    }

    // MARK: The rest

    private func send(_ pieces: [[UInt8]], _ responder: HTTPResponder) async {
        do {
            for (index, piece) in pieces.enumerated() {
                // The receiver has read the piece before: two sends one after the other may be one read.
                if index > 0 { await loop.sleep(for: .milliseconds(1)) }
                try await responder.sendRaw(piece)
            }
        } catch {
            // The caller has gone; nothing is billed for a canned answer.
        }
    }

    /// Only what befalls the key of the request befalls this: scripts and other faults are for what is metered.
    private func models(_ request: HTTPRequest, _ responder: HTTPResponder) async {
        if let fault = keys.fault(of: request) {
            do {
                if try await isOver(fault, responder) { return }
                if try await !thinks(fault, responder) { return responder.abort(reset: false) }
            } catch { return }
        }
        let names = options.models.isEmpty ? ["gpt-4o-mini", "gpt-4o", "text-embedding-3-small"] : options.models
        var body = Array("{\n  \"object\": \"list\",\n  \"data\": [".utf8)
        for (index, name) in names.enumerated() {
            body.append(text: (index > 0 ? "," : "") + "\n    {\"id\": ")
            body.append(jsonString: name)
            body.append(text: ", \"object\": \"model\", \"created\": 1700000000, \"owned_by\": \"stub\"}")
        }
        body.append(text: "\n  ]\n}\n")
        await responder.respond(status: 200, headers: headers(answerCount), body: body)
    }

    private func refuse(_ error: ProviderError, _ responder: HTTPResponder) async {
        ledger.requestWasRefused()
        var headers = self.headers(answerCount)
        if error.status == 429, let rate {
            headers.append(("retry-after-ms", "\(rate.millisecondsLeft(at: loop.refreshedNow()))"))
        }
        await responder.respond(status: error.status, headers: headers, body: error.body)
    }

    private func headers(_ number: UInt64, contentType: String = "application/json") -> [(String, String)] {
        [
            ("content-type", contentType), ("openai-organization", "stub"), ("openai-version", "2020-10-01"),
            ("x-request-id", "req_stub_\(number)"),
        ] + (rate?.headers(at: loop.refreshedNow()) ?? [])
    }

    // MARK: Control

    private func control(_ request: HTTPRequest, _ responder: HTTPResponder) async {
        func answer(_ status: Int, _ body: [UInt8]) async {
            await responder.respond(status: status, headers: [("content-type", "application/json")], body: body)
        }
        func complain(_ status: Int, _ message: String) async {
            await answer(
                status, ProviderError(status: status, type: "stub", message: message, param: nil, code: nil).body)
        }
        switch (request.method, request.path) {
        case ("GET", "/stub/healthz"): await answer(200, Array("{\"status\":\"ok\"}".utf8))
        case ("GET", "/stub/ledger"):
            await answer(200, ledger.json(since: request.queryValue("since").flatMap(UInt64.init) ?? 0))
        case ("GET", let path) where path.hasPrefix("/stub/requests/"):
            if let found = recorder.json(requestID: String(path.dropFirst("/stub/requests/".count))) {
                await answer(200, found)
            } else {
                await complain(404, "No such request was received, or it has made room for others.")
            }
        case ("POST", "/stub/script"):
            do {
                script = try FaultScript(parsing: request.body, seed: options.seed)
                await answer(200, Array("{}".utf8))
            } catch { await complain(400, error.message) }
        case ("GET", "/stub/keys"): await answer(200, keys.json)
        case ("POST", "/stub/keys"):
            do {
                try keys.befall(parsing: request.body)
                await answer(200, Array("{}".utf8))
            } catch { await complain(400, error.message) }
        case ("POST", "/stub/canned"):
            do {
                canned.add(try CannedAnswer(parsing: request.body))
                await answer(200, Array("{}".utf8))
            } catch { await complain(400, error.message) }
        case ("DELETE", "/stub/canned"):
            canned = CannedAnswers()
            await answer(200, Array("{}".utf8))
        default: await complain(404, "No such control endpoint.")
        }
    }
}

private struct CallerIsGone: Error {}

extension ProviderAnswer {
    /// The bill when only `completion` tokens were made.
    func billedFor(_ completion: Int) -> StubUsage {
        var billed = usage
        billed.completion = min(completion, usage.completion)
        billed.reasoning = min(billed.reasoning, billed.completion)
        return billed
    }
}
