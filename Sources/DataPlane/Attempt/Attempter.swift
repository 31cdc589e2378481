import Shared

/// The ways to providers that one loop has.
struct Transports {
    let direct: DirectTransport
    let curl: CurlTransport
}

/// Tries the targets of a plan, one after the other, until one answers or none is left.
///
/// Concurrency: belongs to its loop. What one attempt holds lives in its `Relay`.
final class Attempter {
    private let loop: EventLoop
    private let transports: Transports

    init(on loop: EventLoop, transports: Transports) {
        self.loop = loop
        self.transports = transports
    }

    func attempt(
        _ plan: RoutePlan, _ request: ParsedRequest, relayingTo client: ClientStream, _ context: RequestContext
    ) async -> Outcome {
        let began = loop.refreshedNow()
        defer {
            unsafe client.connection.abortedWhenPeerLeaves = nil
            context.upstreamNanoseconds = loop.refreshedNow().nanoseconds &- began.nanoseconds
        }
        let outcome = Outcome(ending: .callerGone, kind: .failed)
        let deadline = began.advanced(byNanoseconds: plan.targets[0].totalNanoseconds)
        for (place, target) in plan.targets.enumerated() {
            outcome.target = target
            outcome.attempts += 1
            let isLast = place == plan.targets.count - 1
            do throws(AttemptError) {
                let exchange = try await open(target, request, client, context, deadline: deadline)
                let answer = exchange.answer
                if OutcomeClass.isWorthAnotherTarget(status: answer.status) {
                    exchange.finish()
                    throw .upstreamStatus(answer.status, retryAfterSeconds: answer.retryAfterSeconds)
                }
                let relay = Relay(exchange, client, request)
                context.relay = relay
                try await relay.run(began: context.startedAt, target: target, context: context, outcome)
                return outcome
            } catch {
                unsafe client.connection.abortedWhenPeerLeaves = nil
                let error = error == .callerGone && client.isCutByStop ? AttemptError.stopped : error
                outcome.attemptError = error
                if error == .callerGone {
                    outcome.ending = .callerGone
                    outcome.kind = .cancelled
                    outcome.status = 499
                    outcome.usageReported = false
                    return outcome
                }
                if error == .stopped {
                    // Whether the provider worked on it, and bills that, is not known.
                    outcome.kind = .cut
                    outcome.usageReported = false
                    break
                }
                if isLast || loop.now >= deadline { break }
            }
        }
        let refusal = GatewayError(outcome.attemptError ?? .connectFailed)
        outcome.ending = .refused(refusal)
        outcome.status = refusal.status
        return outcome
    }

    private func open(
        _ target: CompiledTarget, _ request: ParsedRequest, _ client: ClientStream, _ context: RequestContext,
        deadline: MonotonicTime
    ) async throws(AttemptError) -> any UpstreamExchange {
        guard !target.lacksCredential else { throw .credentialUnavailable }
        let now = loop.now
        let limits = AttemptLimits(
            connectBy: min(now.advanced(byNanoseconds: target.connectNanoseconds), deadline),
            firstByteBy: min(now.advanced(byNanoseconds: target.firstTokenNanoseconds), deadline),
            idleNanoseconds: target.idleNanoseconds, totalBy: deadline)
        let body = unsafe client.body
        let upstream = unsafe UpstreamRequest(
            target: target, endpoint: request.endpoint, requestID: context.id, head: client.head,
            headBytes: client.headBytes, body: body,
            edits: RequestParser.edits(for: request, body, modelNameJSON: target.modelNameJSON), limits: limits)
        return target.usesCurl
            ? try await transports.curl.exchange(upstream, for: client.connection)
            : try await transports.direct.exchange(upstream, for: client.connection)
    }
}

/// What an upstream status means. The one place that says so.
enum OutcomeClass {
    /// True when the failure is the provider's or its credential's, so that another target may do better. Everything else is
    /// a verdict on the request, and goes to the caller as it is.
    static func isWorthAnotherTarget(status: Int) -> Bool {
        switch status {
        case 401, 402, 403, 408, 429: true
        case 500...: true
        default: false
        }
    }
}
