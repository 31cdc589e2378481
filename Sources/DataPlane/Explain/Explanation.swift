import Shared

/// What is noted of a request that asked to be explained, on its way.
///
/// - Shape: times are microseconds since the head of the request was complete. As JSON it is what the admin API shows.
/// - Shape: nobody pays for it who has not asked: a request without one tests a reference for nil at each stage.
///
/// Concurrency: belongs to the loop of its request.
final class Explanation {
    private struct Attempt {
        var target: CompiledTarget
        var began: UInt64
        var ended: UInt64
        var outcome: OutcomeClass
        var isHedge: Bool
    }

    private let startedAt: MonotonicTime
    private var rules: [(name: [UInt8], holds: Bool)] = []
    private var candidates: [ExplainedCandidate] = []
    private var attempts: [Attempt] = []
    private var stages: [(name: StaticString, ended: UInt64)] = []
    private var reservations: [ReservationLine] = []

    /// More attempts than these are not listed; their number is that of the usage event.
    private static let attemptsMax = 32

    init(startedAt: MonotonicTime) { self.startedAt = startedAt }

    /// Whether a head has `x-weir-explain: 1`.
    static func isAskedFor(_ head: HTTPHead, _ bytes: UnsafeRawBufferPointer) -> Bool {
        for field in head.fields where field.name == .xWeir {
            let isNamed = unsafe HTTPText.isSame(field.nameRange, of: bytes, asLowerCase: fieldName)
            if unsafe isNamed && HTTPBytes.isExactly(bytes, field.valueRange, "1") { return true }
        }
        return false
    }

    private static let fieldName = Array("x-weir-explain".utf8)

    private func since(_ now: MonotonicTime) -> UInt64 {
        (max(now.nanoseconds, startedAt.nanoseconds) - startedAt.nanoseconds) / 1000
    }

    // MARK: Noted on the way

    func ended(_ stage: StaticString, _ now: MonotonicTime) { stages.append((stage, since(now))) }

    func asked(_ rule: [UInt8], holds: Bool) { rules.append((rule, holds)) }

    /// What there was to choose from, as it stood when the choice had been made.
    func routed(_ plan: RoutePlan, _ request: ParsedRequest, _ context: RequestContext, _ now: MonotonicTime) {
        let planned = plan.targets.indices.map { place in
            ExplainedCandidate(at: place, of: plan, request, nowUnixSeconds: context.startedUnixSeconds, now)
        }
        candidates = planned + candidates
        ended("route", now)
    }

    /// Targets that the plan is made without, for what their models lack.
    func leftOut(
        _ leaves: UInt32, of tree: TargetTree, wanting wanted: ModelFeatures, _ request: ParsedRequest,
        _ context: RequestContext, _ now: MonotonicTime
    ) {
        for (leaf, target) in tree.targets.enumerated() where leaves >> UInt32(leaf) & 1 != 0 {
            candidates.append(
                ExplainedCandidate(
                    target, leaf: leaf, of: tree, wanting: wanted, isLeftOut: true, request,
                    nowUnixSeconds: context.startedUnixSeconds, now))
        }
    }

    func admitted(_ lines: [ReservationLine], _ now: MonotonicTime) {
        reservations = lines
        ended("admit", now)
    }

    /// The answer begins that the caller will have.
    func answered(_ target: CompiledTarget, _ outcome: Outcome, _ context: RequestContext, _ now: MonotonicTime) {
        attempted(
            target, began: outcome.mark.began, .answered, now, isHedge: context.hedge?.hasWon ?? false)
    }

    /// An attempt at a target failed, or its answer began to reach the caller.
    func attempted(
        _ target: CompiledTarget, began: MonotonicTime, _ outcome: OutcomeClass, _ now: MonotonicTime,
        isHedge: Bool = false
    ) {
        guard attempts.count < Self.attemptsMax else { return }
        attempts.append(
            Attempt(target: target, began: since(began), ended: since(now), outcome: outcome, isHedge: isHedge))
    }

    // MARK: As JSON

    /// - Parameter outcome: nil while the request is under way: in the head of its answer.
    func json(_ context: RequestContext, _ outcome: Outcome?) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("request_id", context.id.description)
        writer.member("started_at", RFC3339.text(unixMilliseconds: context.startedUnixMilliseconds))
        writer.member("snapshot_version", context.policy?.version ?? 0)
        writer.member("virtual_key_id", context.caller?.key.keyID.description ?? "")
        writer.name("route")
        writer.optional(context.plan.map { $0.route.name })
        writer.name("rules")
        writer.array { writer in
            for rule in rules {
                writer.object { writer in
                    writer.member("name", String(decoding: rule.name, as: UTF8.self))
                    writer.member("holds", rule.holds)
                }
            }
        }
        writer.name("rule")
        writer.optional(rules.last { $0.holds }?.name)
        writer.name("candidates")
        writer.array { writer in for candidate in candidates { Self.write(candidate, to: &writer) } }
        writer.name("reservations")
        writer.array { writer in
            for line in reservations { Self.write(line, to: &writer) }
        }
        writer.name("attempts")
        writer.array { writer in for attempt in attempts { Self.write(attempt, to: &writer) } }
        writer.name("shadow_request_id")
        if let id = context.shadowID { writer.string(id.description) } else { writer.null() }
        writer.name("stages")
        writer.array { writer in
            for stage in stages {
                writer.object { writer in
                    writer.member("stage", stage.name.description)
                    writer.member("ended_us", stage.ended)
                }
            }
        }
        if let outcome { Self.write(outcome, to: &writer) }
        writer.endObject()
        return writer.bytes
    }

    /// Servers and clients take headers of 8 KiB; many not more.
    private static let headerBytesMax = 6 * 1024

    /// In one line of ASCII.
    func headerValue(_ context: RequestContext) -> [UInt8] {
        var line: [UInt8] = []
        for unit in String(decoding: json(context, nil), as: UTF8.self).utf16 {
            if unit < 0x80 {
                line.append(UInt8(unit))
            } else {
                let digits = String(unit, radix: 16)
                line += Array("\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
            }
        }
        if line.count <= Self.headerBytesMax { return line }
        return Array(#"{"request_id":"\#(context.id)","truncated":true}"#.utf8)
    }

    private static func write(_ candidate: ExplainedCandidate, to writer: inout JSONWriter) {
        let target = candidate.target
        writer.object { writer in
            writer.member("target", String(decoding: target.label, as: UTF8.self))
            writer.member("upstream_model", target.identity.modelName)
            writer.member("strategy", candidate.strategy.rawValue)
            writer.member("state", candidate.state.description)
            writer.name("lacks")
            writer.array { writer in for feature in candidate.lacks.names { writer.string(feature.rawValue) } }
            writer.member("available_in_ms", candidate.availableInMilliseconds)
            writer.member("fallback_only", target.isFallbackOnly)
            writer.name("fallback_on")
            writer.array { writer in
                for cause in PolicyDocument.FallbackCause.allCases where target.fallbackCauses.contains(cause) {
                    writer.string(cause.rawValue)
                }
            }
            writer.member("in_flight", candidate.inFlight)
            writer.name("first_token_us")
            writer.optional(candidate.firstTokenMicroseconds)
            writer.member("headroom_percent", candidate.headroomPercent)
            writer.name("cost_nanodollars")
            writer.optional(candidate.estimate?.nanodollars)
        }
    }

    private static func write(_ line: ReservationLine, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("allowance_id", line.account.allowanceID.description)
            writer.member("kind", line.kind.label)
            writer.member("amount", line.amount)
        }
    }

    private static func write(_ attempt: Attempt, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("target", String(decoding: attempt.target.label, as: UTF8.self))
            writer.member("began_us", attempt.began)
            writer.member("ended_us", attempt.ended)
            writer.member("outcome", attempt.outcome.label.description)
            writer.member("hedge", attempt.isHedge)
        }
    }

    private static func write(_ outcome: Outcome, to writer: inout JSONWriter) {
        writer.member("status", outcome.status)
        writer.member("outcome", outcome.kind.label)
        writer.name("error")
        switch outcome.ending {
        case .refused(let error), .cut(let error): writer.string(error.code.description)
        default: writer.null()
        }
        writer.member("cost_nanodollars", outcome.cost.nanodollars)
    }
}

extension JSONWriter {
    fileprivate mutating func optional(_ value: (some BinaryInteger)?) {
        if let value { integer(value) } else { null() }
    }

    fileprivate mutating func optional(_ text: [UInt8]?) {
        if let text { string(utf8: text) } else { null() }
    }
}
