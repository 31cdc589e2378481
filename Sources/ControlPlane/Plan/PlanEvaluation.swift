import Shared

/// Decides recorded requests by two configurations, in the order of their time, and counts what differs.
///
/// - Shape: the configuration in force is replayed like the candidate, so that what differs is the candidate's doing and not the replay's.
///   Nothing is kept of a request.
struct PlanEvaluation {
    /// A configuration and how it stands.
    struct Side {
        let replay: any DecisionReplay
        var allowances: AllowanceReplay
        let routes: [PolicyDocument.Route]

        init(_ replay: any DecisionReplay, _ allowances: AllowanceReplay, routes: [PolicyDocument.Route]) {
            self.replay = replay
            self.allowances = allowances
            self.routes = routes
        }
    }

    /// One side's word on one request.
    private enum Verdict {
        case refused(String)
        case served(ReplayedService)
    }

    private(set) var now: Side
    private(set) var candidate: Side
    private(set) var report = PlanReport()
    /// Whether the address that a request came from decides, which no record has.
    private let addressDecides: Set<VirtualKeyID>
    /// Of each side's targets: their place in the report's list.
    private let places: (now: [Int], candidate: [Int])
    private var rows: [ObjectID: Row] = [:]
    private var order: [ObjectID] = []
    private var counted: [ReplayedAllowance] = []

    /// An object, so that counting in it copies nothing.
    private final class Row {
        /// What callers ask for; nil: the route is gone.
        let name: [UInt8]?
        /// Both sides choose alike.
        let isAlike: Bool
        var figures: PlanReport.Route
        var moves = PlanMoves()

        init(name: [UInt8]?, isAlike: Bool, figures: PlanReport.Route) {
            self.name = name
            self.isAlike = isAlike
            self.figures = figures
        }
    }

    init(now: Side, candidate: Side, addressDecides: Set<VirtualKeyID> = []) {
        self.now = now
        self.candidate = candidate
        self.addressDecides = addressDecides
        var targets: [ReplayedTarget] = []
        var known: [ReplayedTarget: Int] = [:]
        func places(_ replay: any DecisionReplay) -> [Int] {
            replay.targets.map { target in
                if let place = known[target] { return place }
                known[target] = targets.count
                targets.append(target)
                return targets.count - 1
            }
        }
        self.places = (places(now.replay), places(candidate.replay))
        report.targets = PlanReport.labels(of: targets)
    }

    // MARK: One request

    mutating func take(_ request: RecordedRequest) {
        let row = rows[request.routeID] ?? open(request.routeID)
        report.events += 1
        report.untilUnixMilliseconds = request.startedUnixMilliseconds
        row.figures.requests += 1
        row.figures.recordedCost += request.cost
        guard let name = row.name else {
            row.figures.refusedByBoth += 1
            return
        }
        let before = now.replay.refusal(of: request, route: name)
        let after = candidate.replay.refusal(of: request, route: name)
        let isShared = before == nil && after == nil
        counted.removeAll(keepingCapacity: true)
        let then = Self.verdict(request, name, before, isShared: isShared, by: &now, &counted)
        counted.removeAll(keepingCapacity: true)
        let next = verdict(request, row, after, isShared: isShared, besides: then)
        count(then, next, in: row)
    }

    // MARK: Requests that were refused

    /// What was refused then stays refused by the configuration in force, unless what refused it is gone; so it is newly allowed where that would refuse
    /// it still, and the candidate has a place and room for it.
    mutating func take(_ refusal: RecordedRefusal) {
        guard let row = row(ofRouteNamed: refusal.route) else { return }
        row.figures.refusedThen += refusal.requests
        let request = refusal.request
        guard candidate.replay.refusal(of: request, route: refusal.route) == nil else { return }
        var offered: [ReplayedAllowance] = []
        guard
            case .served(let service) = candidate.replay.decide(
                request, route: refusal.route, isShared: false, allowances: &offered)
        else { return }
        var held: [ReplayedAllowance] = []
        let isRefusedStill: Bool
        if now.replay.refusal(of: request, route: refusal.route) != nil {
            isRefusedStill = true
        } else if case .refused = now.replay.decide(
            request, route: refusal.route, isShared: false, allowances: &held)
        {
            isRefusedStill = true
        } else {
            isRefusedStill = false
        }
        let time = request.startedUnixMilliseconds
        for _ in 0..<refusal.requests {
            // By what it would have had to hold, as it was asked then.
            if !isRefusedStill,
                now.allowances.refusing(held, cost: refusal.worst, tokens: refusal.worstTokens, at: time) == nil
            {
                return
            }
            guard
                candidate.allowances.refusing(offered, cost: refusal.worst, tokens: refusal.worstTokens, at: time)
                    == nil,
                candidate.allowances.admit(offered, cost: service.cost, tokens: service.tokens, at: time) == nil
            else { return }
            row.figures.newlyAllowed += 1
            row.figures.costAllowed += service.cost
        }
    }

    /// nil: neither configuration has it.
    private mutating func row(ofRouteNamed name: [UInt8]) -> Row? {
        let text = String(decoding: name, as: UTF8.self)
        guard let id = (now.routes.first { $0.name == text } ?? candidate.routes.first { $0.name == text })?.id else {
            return nil
        }
        return rows[id] ?? open(id)
    }

    // MARK: Verdicts

    /// - Parameter refusal: found already.
    private static func verdict(
        _ request: RecordedRequest, _ name: [UInt8], _ refusal: String?, isShared: Bool, by side: inout Side,
        _ counted: inout [ReplayedAllowance]
    ) -> Verdict {
        if let refusal { return .refused(refusal) }
        switch side.replay.decide(request, route: name, isShared: isShared, allowances: &counted) {
        case .refused(let code): return .refused(code)
        case .served(let service):
            return admitted(service, counted, request, by: &side)
        }
    }

    private static func admitted(
        _ service: ReplayedService, _ counted: [ReplayedAllowance], _ request: RecordedRequest, by side: inout Side
    ) -> Verdict {
        let code = side.allowances.admit(
            counted, cost: service.cost, tokens: service.tokens, at: request.startedUnixMilliseconds)
        return code.map { .refused($0) } ?? .served(service)
    }

    /// The candidate's. What it cannot decide stays where it was, at what it costs there.
    private mutating func verdict(
        _ request: RecordedRequest, _ row: Row, _ refusal: String?, isShared: Bool, besides then: Verdict
    ) -> Verdict {
        guard refusal == nil, let name = row.name else { return .refused(refusal ?? "") }
        switch candidate.replay.decide(request, route: name, isShared: isShared, allowances: &counted) {
        case .refused(let code): return .refused(code)
        case .served(var service):
            if case .served(let before) = then {
                if addressDecides.contains(request.virtualKeyID) { service.undecided = .sourceAddress }
                // What both would have to know, and choose by alike, changes nothing.
                if service.undecided != nil, service.undecided != .sourceAddress, row.isAlike, before.undecided != nil {
                    service.undecided = nil
                }
                if service.undecided != nil { service.cost = before.cost }
            }
            return Self.admitted(service, counted, request, by: &candidate)
        }
    }

    private func count(_ then: Verdict, _ next: Verdict, in row: Row) {
        switch (then, next) {
        case (.refused, .refused): row.figures.refusedByBoth += 1
        case (.served(let before), .refused(let code)):
            row.figures.newlyRefused[code, default: 0] += 1
            row.figures.costRefused += before.cost
        case (.refused, .served(let after)):
            row.figures.newlyAllowed += 1
            row.figures.costAllowed += after.cost
        case (.served(let before), .served(let after)):
            row.figures.served += 1
            row.figures.costThen += before.cost
            row.figures.costNow += after.cost
            if let fact = after.undecided {
                row.figures.undecided[fact, default: 0] += 1
                return
            }
            guard let from = before.target.map({ places.now[$0] }), let to = after.target.map({ places.candidate[$0] })
            else { return }
            row.moves.add(
                from: from, to: to,
                pool: before.isByTurns || after.isByTurns
                    ? .init(from: before.undecided == nil ? before.list : -1, to: after.list) : nil)
        }
    }

    private mutating func open(_ id: ObjectID) -> Row {
        order.append(id)
        let route = now.routes.first { $0.id == id }
        // New ones are asked for by what was refused.
        let added = candidate.routes.first { $0.id == id }
        let next = route.flatMap { route in candidate.routes.first { $0.name == route.name } }
        let row = Row(
            name: route.map { Array($0.name.utf8) },
            isAlike: route.flatMap { route in next.map { $0.chooses(as: route) } } ?? false,
            figures: PlanReport.Route(id: id, name: route?.name ?? added?.name))
        rows[id] = row
        return row
    }

    // MARK: All of them

    /// - Parameter names: of allowances, of both sides.
    func finished(_ names: [PlannedAllowance]) -> PlanReport {
        var report = report
        report.routes = order.compactMap { rows[$0] }.map { row in
            var figures = row.figures
            figures.rerouted = row.moves.rerouted
            return figures
        }.sorted { ($0.name ?? "", $0.id) < ($1.name ?? "", $1.id) }
        let (before, after) = (now.allowances.figures, candidate.allowances.figures)
        var seen: Set<ObjectID> = []
        for allowance in names where seen.insert(allowance.rule.id).inserted {
            let id = allowance.rule.id
            guard before[id] != nil || after[id] != nil else { continue }
            report.allowances.append(
                PlanReport.Allowance(
                    id: id, name: allowance.name, kind: allowance.rule.kind, limit: allowance.rule.limit,
                    now: before[id] ?? .init(), candidate: after[id] ?? .init()))
        }
        report.hasShadows = (now.routes + candidate.routes).contains { $0.shadow != nil }
        report.hasSlots = names.contains { $0.rule.kind == .slots }
        report.uncounted = max(now.allowances.uncounted, candidate.allowances.uncounted)
        return report
    }
}
