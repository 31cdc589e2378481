import Shared
import Translate

/// Gives the caller what is left of its answer, after the request was recorded.
struct Answerer {
    /// Status, the provider's own fields, and those that Weir adds to every answer of a provider.
    static func beginRelayedHead(
        _ client: ClientStream, _ context: RequestContext, _ outcome: Outcome, _ relay: Relay
    ) {
        client.beginHead(status: relay.answer.status)
        let output = client.output
        unsafe output.append(relay.exchange.forwardedFields.readable)
        appendIdentity(context, context.request?.dialect ?? .openai, to: output)
        // Whoever passes an answer on without a date says when it came (RFC 9110 section 6.6.1).
        if !relay.answer.hasDate { appendDate(client, context) }
        if let target = outcome.target {
            output.append("x-weir-target: ")
            output.append(target.label)
            output.append("\r\nx-weir-attempts: ")
            output.append(decimal: UInt64(outcome.attempts))
            output.append("\r\n")
            appendRule(context, to: output)
        }
        if let hedge = context.hedge {
            output.append(hedge.hasWon ? "x-weir-hedge: won\r\n" : "x-weir-hedge: lost\r\n")
        }
        if let translation = relay.translation { append(translation, to: output) }
        appendAllowances(context, to: output)
        if let explanation = context.explanation { append(explanation, context, to: output) }
    }

    /// The whole head of a stream whose answer has not begun: what is known before it.
    static func beginPromisedHead(_ client: ClientStream, _ context: RequestContext, _ request: ParsedRequest) {
        client.beginHead(status: 200)
        let output = client.output
        let isArray = request.foreign?.streamsAsArray == true
        output.append("content-type: ")
        output.append(isArray ? "application/json" : request.dialect.streamContentType)
        output.append("\r\ncache-control: no-cache\r\nx-accel-buffering: no\r\n")
        appendIdentity(context, request.dialect, to: output)
        appendDate(client, context)
        appendRule(context, to: output)
        appendAllowances(context, to: output)
        if let explanation = context.explanation { append(explanation, context, to: output) }
        client.endHead(contentLength: nil)
    }

    /// What the provider was not told of the request, or was told with another value.
    private static func append(_ translation: AnswerTranslation, to output: ByteBuffer) {
        append("x-weir-dropped-params: ", translation.dropped, to: output)
        append("x-weir-adjusted-params: ", translation.adjusted, to: output)
    }

    /// Names come from callers: what could end a line is left out.
    private static func append(_ field: StaticString, _ names: [String], to output: ByteBuffer) {
        guard !names.isEmpty else { return }
        output.append(field)
        output.append(Array(names.joined(separator: ", ").utf8.filter { $0 > 0x1f && $0 < 0x7f }.prefix(1_024)))
        output.append("\r\n")
    }

    /// As far as it is known before the first byte. What is too long for a header is at the control plane.
    private static func append(_ explanation: Explanation, _ context: RequestContext, to output: ByteBuffer) {
        let json = explanation.headerValue(context)
        output.append("x-weir-explain: ")
        output.append(json)
        output.append("\r\n")
    }

    /// Which rule of the route chose among the targets, where one did.
    @inline(__always)
    private static func appendRule(_ context: RequestContext, to output: ByteBuffer) {
        guard let rule = context.plan?.rule else { return }
        output.append("x-weir-rule: ")
        output.append(rule.name)
        output.append("\r\n")
    }

    /// The rate limits in the caller's header fields, and the bound that an allowance put on the answer.
    private static func appendAllowances(_ context: RequestContext, to output: ByteBuffer) {
        if let bound = context.request?.clampedOutputTokensMax {
            output.append("x-weir-clamped-max-tokens: ")
            output.append(decimal: bound)
            output.append("\r\n")
        }
        if let figures = context.rateFigures { append(figures, context.request?.dialect ?? .openai, to: output) }
    }

    private static func append(_ figures: RateFigures, _ dialect: Dialect, to output: ByteBuffer) {
        if dialect == .anthropic {
            if let requests = figures.requests { append(anthropic: requests, "requests-", to: output) }
            if let tokens = figures.tokens { append(anthropic: tokens, "tokens-", to: output) }
            return
        }
        if let requests = figures.requests { append(requests, "requests: ", to: output) }
        if let tokens = figures.tokens { append(tokens, "tokens: ", to: output) }
    }

    /// Anthropic's clients read a moment, not a time to wait.
    private static func append(anthropic figure: RateFigure, _ unit: StaticString, to output: ByteBuffer) {
        let reset = WallTime.unixMilliseconds() + Int64(max(0, figure.resetMilliseconds))
        for (name, value) in [
            ("limit: ", String(max(0, figure.limit))), ("remaining: ", String(max(0, figure.remaining))),
            ("reset: ", RFC3339.text(unixMilliseconds: (reset + 999) / 1_000 * 1_000)),
        ] as [(StaticString, String)] {
            output.append("anthropic-ratelimit-")
            output.append(unit)
            output.append(name)
            output.append(value)
            output.append("\r\n")
        }
    }

    private static func append(_ figure: RateFigure, _ unit: StaticString, to output: ByteBuffer) {
        output.append("x-ratelimit-limit-")
        output.append(unit)
        output.append(decimal: UInt64(max(0, figure.limit)))
        output.append("\r\nx-ratelimit-remaining-")
        output.append(unit)
        output.append(decimal: UInt64(max(0, figure.remaining)))
        output.append("\r\nx-ratelimit-reset-")
        output.append(unit)
        output.append(decimal: UInt64(max(0, figure.resetMilliseconds)))
        output.append("ms\r\n")
    }

    private static func appendIdentity(_ context: RequestContext, _ dialect: Dialect, to output: ByteBuffer) {
        output.append("x-request-id: ")
        output.append(context.id)
        output.append("\r\n")
        guard let name = dialect.requestIDField else { return }
        output.append(name)
        output.append(context.id)
        output.append("\r\n")
    }

    private static func appendDate(_ client: ClientStream, _ context: RequestContext) {
        let now = client.loop.now.nanoseconds
        let elapsed = Int64(clamping: (now &- min(now, context.startedAt.nanoseconds)) / 1_000_000)
        let output = client.output
        output.append("date: ")
        client.loop.dateText.append((context.startedUnixMilliseconds + elapsed) / 1000, to: output)
        output.append("\r\n")
    }

    /// False: nothing can follow on the connection.
    func finish(_ outcome: Outcome, _ client: ClientStream, _ context: RequestContext, _ loop: EventLoop) async -> Bool
    {
        do throws(ConnectionError) {
            if let event = context.keepAlive?.ending(outcome) {
                try await breakOff(with: event, client)
                return false
            }
            switch outcome.ending {
            case .local(let status, let body): try await answer(status: status, body: body, client, context)
            case .options(let allow): return try await answerOptions(allow, client, context)
            case .refused(let error):
                return try await refuse(error, outcome, client, context)
            case .answer:
                writeHeld(outcome, client, context, loop)
                // A provider may answer before it has read all of a form; what is left of it must not make the answer get lost.
                if client.bodyBytesLeft > 0 {
                    await client.connection.finishAfterRefusal()
                } else if try !client.flushInTurn() {
                    try await client.flush()
                }
            case .relayed:
                client.appendBodyEnd()
                try await client.flush()
            case .streamed:
                guard let relay = outcome.relay else { return false }
                unsafe client.appendBody(relay.pending.readable)
                client.appendBodyEnd()
                relay.pending.removeAll()
                try await client.flush()
                await relay.drainAfterStream()
            case .cut(let error):
                try await breakOff(error, outcome, client)
                return false
            case .callerGone: return false
            }
        } catch {
            outcome.relay?.finish()
            return false
        }
        return true
    }

    @inline(never)
    private func answer(
        status: Int, body: [UInt8], _ client: ClientStream, _ context: RequestContext
    ) async throws(ConnectionError) {
        client.beginHead(status: status)
        client.output.append("content-type: application/json\r\n")
        Self.appendIdentity(context, context.endpoint?.dialect ?? .openai, to: client.output)
        Self.appendDate(client, context)
        client.endHead(contentLength: body.count)
        client.appendBody(body)
        try await client.flush()
    }

    @inline(never)
    private func answerOptions(
        _ allow: StaticString, _ client: ClientStream, _ context: RequestContext
    ) async throws(ConnectionError) -> Bool {
        client.beginHead(status: 204)
        let output = client.output
        Self.appendIdentity(context, .openai, to: output)
        Self.appendDate(client, context)
        output.append("allow: ")
        output.append(allow)
        output.append("\r\n")
        client.appendPreflight(allow: allow)
        // Nobody has shown a key, so a body is not read.
        let hasBody = client.head.framing != .none
        if hasBody { client.mustClose = true }
        client.endHead(contentLength: nil)
        if hasBody {
            await client.connection.finishAfterRefusal()
            return false
        }
        try await client.flush()
        return true
    }

    /// Not in the frame of the task, where all that it needs for a moment would lie for the life of the connection.
    @inline(never)
    private func writeHeld(
        _ outcome: Outcome, _ client: ClientStream, _ context: RequestContext, _ loop: EventLoop
    ) {
        guard let relay = outcome.relay else { return }
        let output = client.output
        Self.beginRelayedHead(client, context, outcome, relay)
        if let wait = relay.answer.waitMilliseconds {
            output.append("retry-after: ")
            output.append(decimal: (wait + 999) / 1_000)
            output.append("\r\n")
        }
        if outcome.price != nil {
            output.append("x-weir-cost-usd: ")
            output.append(outcome.cost)
            output.append("\r\n")
        }
        let elapsed = (loop.refreshedNow().nanoseconds &- context.startedAt.nanoseconds) / 1000
        output.append("x-weir-overhead-us: ")
        output.append(decimal: elapsed &- min(elapsed, context.upstreamNanoseconds / 1000))
        output.append("\r\n")
        let body = unsafe relay.pending.readable
        client.endHead(contentLength: body.count)
        unsafe client.appendBody(body)
    }

    private func refuse(
        _ error: GatewayError, _ outcome: Outcome, _ client: ClientStream, _ context: RequestContext
    ) async throws(ConnectionError) -> Bool {
        if error.closesConnection { client.mustClose = true }
        let dialect = unsafe Dialect(of: client.head, client.headBytes)
        let body = error.body(in: dialect)
        let output = client.output
        client.beginHead(status: error.status)
        output.append("content-type: application/json\r\n")
        Self.appendIdentity(context, dialect, to: output)
        if dialect != .openai { output.append(dialect.fields(of: ProviderError(error))) }
        Self.appendDate(client, context)
        if let allow = error.allow {
            output.append("allow: ")
            output.append(allow)
            output.append("\r\n")
        }
        if let target = outcome.target {
            output.append("x-weir-target: ")
            output.append(target.label)
            output.append("\r\nx-weir-attempts: ")
            output.append(decimal: UInt64(outcome.attempts))
            output.append("\r\n")
            Self.appendRule(context, to: output)
        }
        if let seconds = error.retryAfterSeconds {
            output.append("retry-after: ")
            output.append(decimal: seconds)
            output.append("\r\n")
        }
        if let milliseconds = error.retryAfterMilliseconds {
            output.append("retry-after-ms: ")
            output.append(decimal: milliseconds)
            output.append("\r\n")
        }
        var figures = context.rateFigures ?? RateFigures()
        if error.status == 429, let allowance = error.allowance { figures.replace(by: allowance) }
        Self.append(figures, dialect, to: output)
        // OpenAI's and Anthropic's clients repeat some refusals by themselves.
        if error.isNotWorthARetry { output.append("x-should-retry: false\r\n") }
        if error.isWorthARetry { output.append("x-should-retry: true\r\n") }
        if let explanation = context.explanation { Self.append(explanation, context, to: output) }
        client.endHead(contentLength: body.count)
        client.appendBody(body)
        if error.closesConnection || client.bodyBytesLeft > 0 {
            await client.connection.finishAfterRefusal()
            return false
        }
        try await client.flush()
        return true
    }

    /// An answer that broke off ends as one that broke off: an error event, and no end of the body behind it.
    @inline(never)
    private func breakOff(
        _ error: GatewayError, _ outcome: Outcome, _ client: ClientStream
    ) async throws(ConnectionError) {
        if outcome.relay?.isStream == true {
            if error.operatorDetail != "failedByProvider" {
                let event = outcome.relay?.translation?.ending(error) ?? error.streamEvent
                unsafe event.withRawBytes { unsafe client.appendBody($0) }
            }
            try await client.flush()
        } else {
            client.output.removeAll()
            client.connection.resetOnClose()
        }
        client.connection.close()
    }

    @inline(never)
    private func breakOff(with event: [UInt8], _ client: ClientStream) async throws(ConnectionError) {
        unsafe event.withRawBytes { unsafe client.appendBody($0) }
        try await client.flush()
        client.connection.close()
    }
}

extension RateFigures {
    /// The limit that refused is the one that counts, with the time until it has room.
    fileprivate mutating func replace(by refusal: AllowanceAnswer) {
        var figure = RateFigure(
            limit: refusal.limit, remaining: max(0, refusal.limit - refusal.settled),
            resetMilliseconds: refusal.waitMilliseconds ?? 0)
        switch refusal.kind {
        case .requests:
            // The tightest of several may be another one; of this one the wallet knows more than the ledger.
            if let requests, requests.limit == figure.limit {
                figure.remaining = min(figure.remaining, requests.remaining)
            }
            requests = figure
        case .tokens:
            if let tokens, tokens.limit == figure.limit { figure.remaining = min(figure.remaining, tokens.remaining) }
            tokens = figure
        case .money, .slots: break
        }
    }
}

extension ByteBuffer {
    /// Dollars with nine decimals at most and two at least, without making a string.
    func append(_ amount: Money) {
        let magnitude = amount.nanodollars.magnitude
        if amount.nanodollars < 0 { append(byte: UInt8(ascii: "-")) }
        append(decimal: magnitude / 1_000_000_000)
        append(byte: UInt8(ascii: "."))
        var fraction = magnitude % 1_000_000_000
        var digits = 9
        while digits > 2, fraction % 10 == 0 {
            fraction /= 10
            digits -= 1
        }
        var divisor: UInt64 = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            append(byte: 48 + UInt8(fraction / divisor % 10))
            divisor /= 10
        }
    }
}
