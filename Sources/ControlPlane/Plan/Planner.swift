public import Shared

/// Makes a replay of a policy and of the keys whose requests it will be asked for.
public typealias ReplayMaker = (PolicyDocument, [KeyShard.Entry]) throws(ReplayProblem) -> any DecisionReplay

/// Evaluates a candidate configuration over the requests of the last hours.
///
/// - Shape: the changes are made in the caller's transaction, read, and taken back to a savepoint before the first request is looked at: no lock
///   is held longer, and nothing of it is published, audited or seen by anybody. The requests are read page by page, and none is kept.
struct Planner {
    struct Bounds {
        /// Half a minute or so of work. What is left out is said.
        var requestsMax = 2_000_000
        var time = Duration.seconds(40)
        /// A few milliseconds of work, after which others of the loop have their turn.
        var pageRows = 500
        var keysMax = 20_000

        static let hours: ClosedRange<Int64> = 1...168
        static let hoursDefault: Int64 = 24
    }

    let makeReplay: ReplayMaker
    var bounds = Bounds()
    var clock = ContinuousClock()

    /// - Parameter work: of the caller, whose transaction sees one state of the database throughout.
    func plan(_ changes: CandidateChanges, hours: Int64, in work: Work) async throws -> JSONValue {
        let began = clock.now
        guard try await PlanStore.tryLock(work.database) else {
            throw Problem(
                kind: .conflict, detail: "Another plan is being evaluated. Try again when it is done.",
                headers: [.init(name: "Retry-After", value: "1")])
        }
        let span = (work.now - hours * 3_600_000)..<work.now
        let keys = try await keys(span, until: began.advanced(by: bounds.time / 2), in: work)
        let now = try await PlanConfiguration.read(forKeys: keys, work.database)
            .inForce(since: span.lowerBound, now: work.now)
        let candidate = try await Self.candidate(changes, keys, in: work)
            .inForce(since: span.lowerBound, now: work.now, besides: now)
        var evaluation = try await evaluation(now, candidate, from: span.lowerBound, in: work)
        let isComplete = try await run(&evaluation, span, until: began.advanced(by: bounds.time), in: work)
        let report = evaluation.finished(candidate.allowances + now.allowances)
        return .record(
            [
                ("from", .time(span.lowerBound)), ("to", .time(span.upperBound)), ("is_complete", .boolean(isComplete)),
                (
                    "evaluated_until",
                    .time(isComplete ? span.upperBound : report.untilUnixMilliseconds ?? span.lowerBound)
                ),
                ("duration_ms", .int(began.duration(to: clock.now).wholeMilliseconds)),
            ] + report.json)
    }

    /// Whose requests will be asked for, by the hour: a statement has a bound on its time.
    private func keys(
        _ span: Range<Int64>, until deadline: ContinuousClock.Instant, in work: Work
    ) async throws -> [VirtualKeyID] {
        var keys: Set<VirtualKeyID> = []
        for part in Self.hours(of: span) {
            keys.formUnion(try await PlanStore.keys(part, limit: bounds.keysMax + 1, work.database))
            guard keys.count <= bounds.keysMax, clock.now < deadline else {
                throw Problem.invalid(
                    "query:hours",
                    keys.count > bounds.keysMax
                        ? "more than \(bounds.keysMax) virtual keys have requests in that time; take fewer hours"
                        : "that time has too many requests to look through; take fewer hours")
            }
        }
        return keys.sorted { $0.description < $1.description }
    }

    private static func hours(of span: Range<Int64>) -> [Range<Int64>] {
        stride(from: span.lowerBound, to: span.upperBound, by: 3_600_000).map {
            $0..<min($0 + 3_600_000, span.upperBound)
        }
    }

    /// What the configuration would be. Nothing of it is left when this returns.
    private static func candidate(
        _ changes: CandidateChanges, _ keys: [VirtualKeyID], in work: Work
    ) async throws -> PlanConfiguration {
        // Of its own, so that what it notes for the publisher and the audit is forgotten.
        let rehearsal = Work(
            database: work.database, vault: work.vault, administrator: work.administrator, requestID: work.requestID,
            remoteAddress: work.remoteAddress, now: work.now)
        try await work.database.script("SAVEPOINT plan")
        try await changes.apply(in: rehearsal)
        let candidate = try await PlanConfiguration.read(forKeys: keys, work.database)
        try await work.database.script("ROLLBACK TO SAVEPOINT plan; RELEASE SAVEPOINT plan")
        return candidate
    }

    // MARK: Evaluating

    private func evaluation(
        _ now: PlanConfiguration, _ candidate: PlanConfiguration, from: Int64, in work: Work
    ) async throws -> PlanEvaluation {
        let earlier = try await earlierCharges(to: now.allowances, from: from, in: work)
        func side(_ configuration: PlanConfiguration) throws(ReplayProblem) -> PlanEvaluation.Side {
            PlanEvaluation.Side(
                try makeReplay(configuration.policy, configuration.keys),
                AllowanceReplay(configuration.allowances, earlier: earlier), routes: configuration.policy.routes)
        }
        let first = try side(now)
        do throws(ReplayProblem) {
            return PlanEvaluation(
                now: first, candidate: try side(candidate), addressDecides: candidate.keysOfOtherNetworks(than: now))
        } catch { throw Problem.invalid("", "makes a configuration that data planes would refuse: \(error)") }
    }

    /// What money had been spent in the windows that the first request meets. Each end user's own share begins with nothing.
    private func earlierCharges(
        to allowances: [PlannedAllowance], from: Int64, in work: Work
    ) async throws -> [EarlierCharge] {
        let ids = allowances.filter { $0.rule.kind == .money && $0.rule.endUsers != .each }.map(\.rule.id)
        if ids.isEmpty { return [] }
        var charges = try await PlanStore.charges(to: ids, beforeDayOf: from, work.database)
        for part in Self.hours(of: (from - from % 86_400_000)..<from) {
            charges += try await PlanStore.charges(to: ids, in: part, work.database)
        }
        return charges
    }

    /// - Returns: whether all requests were evaluated.
    private func run(
        _ evaluation: inout PlanEvaluation, _ span: Range<Int64>, until deadline: ContinuousClock.Instant, in work: Work
    ) async throws -> Bool {
        var refusals = RefusalPages(span, pageRows: bounds.pageRows)
        var place = (moment: span.lowerBound, request: ObjectID.zero)
        var count = 0
        while true {
            let page = try await PlanStore.requests(
                place.moment..<span.upperBound, after: place.request, limit: bounds.pageRows, work.database)
            for request in page {
                while let refusal = try await refusals.next(until: request.startedUnixMilliseconds, work.database) {
                    evaluation.take(refusal)
                }
                evaluation.take(request)
            }
            guard let last = page.last, page.count == bounds.pageRows else { break }
            place = (last.startedUnixMilliseconds, last.requestID)
            count += page.count
            if count >= bounds.requestsMax || clock.now >= deadline { return false }
        }
        while let refusal = try await refusals.next(until: .max, work.database) {
            evaluation.take(refusal)
            if clock.now >= deadline { return false }
        }
        return true
    }
}
