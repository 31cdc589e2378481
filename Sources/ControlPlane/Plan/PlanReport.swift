import Shared

/// What a plan found.
struct PlanReport {
    /// Of the requests of one route.
    struct Route {
        var id: ObjectID
        /// nil: there is no such route any more.
        var name: String?
        var requests: Int64 = 0
        /// By both configurations.
        var served: Int64 = 0
        var refusedByBoth: Int64 = 0
        /// By the code of the error.
        var newlyRefused: [String: Int64] = [:]
        var newlyAllowed: Int64 = 0
        /// Recorded as refused, when they were made.
        var refusedThen: Int64 = 0
        var undecided: [UnrecordedFact: Int64] = [:]
        var rerouted: [(move: PlanMoves.Move, requests: Int64)] = []
        /// Of what both serve.
        var costThen = Money.zero
        var costNow = Money.zero
        /// What those cost that are newly refused, and what those would that are newly allowed.
        var costRefused = Money.zero
        var costAllowed = Money.zero
        /// What was really charged.
        var recordedCost = Money.zero

        init(id: ObjectID, name: String?) {
            self.id = id
            self.name = name
        }
    }

    /// One that refused a request, or whose money was spent.
    struct Allowance {
        var id: ObjectID
        var name: String
        var kind: AllowanceKind
        var limit: Int64
        var now: AllowanceReplay.Figures
        var candidate: AllowanceReplay.Figures

        /// It runs out where it did not, or sooner.
        var isWorse: Bool {
            guard let time = candidate.ranOutUnixMilliseconds else { return false }
            return now.ranOutUnixMilliseconds.map { time < $0 } ?? true
        }
    }

    var targets: [String] = []
    var routes: [Route] = []
    var allowances: [Allowance] = []
    var events: Int64 = 0
    /// Where the last of them began.
    var untilUnixMilliseconds: Int64?
    var hasSlots = false
    var hasShadows = false
    /// Requests that an allowance did not count because there were too many end users.
    var uncounted: Int64 = 0

    /// `provider/model`, with the name upstream where two would look the same.
    static func labels(of targets: [ReplayedTarget]) -> [String] {
        let counts = Dictionary(targets.map { ($0.label, 1) }, uniquingKeysWith: +)
        return targets.map { counts[$0.label] == 1 ? $0.label : "\($0.label) as \($0.upstreamModelName)" }
    }

    // MARK: JSON

    /// The pairs of targets that a route shows; the sums have all of them.
    static let movesMax = 50

    var json: [(name: String, value: JSONValue)] {
        var total = Route(id: .zero, name: nil)
        for route in routes { total.add(route) }
        return [
            ("totals", .record(json(total, requestsMoved: routes.reduce(0) { $0 + Self.moved($1) }))),
            (
                "routes",
                .array(
                    routes.map { route in
                        .record(
                            [("route_id", .id(route.id)), ("route", .optional(route.name) { .string($0) })]
                                + json(route, requestsMoved: Self.moved(route))
                                + [("moves", .array(route.rerouted.prefix(Self.movesMax).map(json)))])
                    })
            ), ("allowances", .array(allowances.map(\.json))), ("notes", .strings(notes)),
        ]
    }

    private static func moved(_ route: Route) -> Int64 { route.rerouted.reduce(0) { $0 + $1.requests } }

    private func json(_ move: (move: PlanMoves.Move, requests: Int64)) -> JSONValue {
        .record([
            ("from", .string(targets[move.move.from])), ("to", .string(targets[move.move.to])),
            ("requests", .int(move.requests)),
        ])
    }

    private func json(_ route: Route, requestsMoved: Int64) -> [(name: String, value: JSONValue)] {
        let refused = route.newlyRefused.sorted { $0.key < $1.key }
        let undecided = route.undecided.sorted { $0.key.rawValue < $1.key.rawValue }
        return [
            ("requests", .int(route.requests)), ("served_by_both", .int(route.served)),
            ("refused_by_both", .int(route.refusedByBoth)),
            ("newly_refused", .int(refused.reduce(0) { $0 + $1.value })), ("newly_allowed", .int(route.newlyAllowed)),
            ("refused_then", .int(route.refusedThen)),
            ("rerouted", .int(requestsMoved)), ("undecided", .int(undecided.reduce(0) { $0 + $1.value })),
            (
                "refusals",
                .array(refused.map { .record([("code", .string($0.key)), ("requests", .int($0.value))]) })
            ),
            (
                "unrecorded",
                .array(undecided.map { .record([("fact", .string($0.key.rawValue)), ("requests", .int($0.value))]) })
            ),
            ("cost_then_nanodollars", .int(route.costThen.nanodollars)),
            ("cost_now_nanodollars", .int(route.costNow.nanodollars)),
            ("cost_change_basis_points", .optional(Self.change(route)) { .int($0) }),
            ("cost_refused_nanodollars", .int(route.costRefused.nanodollars)),
            ("cost_allowed_nanodollars", .int(route.costAllowed.nanodollars)),
            ("cost_recorded_nanodollars", .int(route.recordedCost.nanodollars)),
        ]
    }

    /// Hundredths of a percent, rounded away from zero, so that no change is shown as none; nil where nothing was paid before.
    private static func change(_ route: Route) -> Int64? {
        let (then, now) = (route.costThen.nanodollars, route.costNow.nanodollars)
        guard then > 0 else { return now == 0 ? 0 : nil }
        let product = (now - then).magnitude.multipliedFullWidth(by: 10_000)
        guard product.high < then.magnitude else { return .max }
        let (quotient, remainder) = then.magnitude.dividingFullWidth(product)
        let change = Int64(clamping: quotient).addingSaturating(remainder > 0 ? 1 : 0)
        return now < then ? -change : change
    }

    private var notes: [String] {
        var notes: [String] = []
        if hasSlots { notes.append("Allowances of slots are not replayed.") }
        if hasShadows { notes.append("Shadows are not replayed, and what they take of allowances is not counted.") }
        if uncounted > 0 {
            notes.append(
                "\(uncounted) requests were not counted in an allowance for each end user: there are more than \(AllowanceReplay.accountsMax) of them."
            )
        }
        if routes.contains(where: { $0.name == nil }) {
            notes.append("Routes without a name are gone: both configurations refuse their requests.")
        }
        return notes
    }
}

extension PlanReport.Route {
    /// Sums up; moves and names stay.
    mutating func add(_ other: Self) {
        requests += other.requests
        served += other.served
        refusedByBoth += other.refusedByBoth
        newlyRefused.merge(other.newlyRefused, uniquingKeysWith: +)
        newlyAllowed += other.newlyAllowed
        refusedThen += other.refusedThen
        undecided.merge(other.undecided, uniquingKeysWith: +)
        costThen += other.costThen
        costNow += other.costNow
        costRefused += other.costRefused
        costAllowed += other.costAllowed
        recordedCost += other.recordedCost
    }
}

extension PlanReport.Allowance {
    var json: JSONValue {
        func time(_ figures: AllowanceReplay.Figures) -> JSONValue {
            .optional(figures.ranOutUnixMilliseconds) { .time($0) }
        }
        return .record([
            ("allowance_id", .id(id)), ("allowance", .string(name)), ("kind", .string(kind.label)),
            ("limit", .int(limit)), ("ran_out_then", time(now)), ("ran_out_now", time(candidate)),
            ("refused_then", .int(now.refused)), ("refused_now", .int(candidate.refused)),
            ("is_worse", .boolean(isWorse)),
        ])
    }
}
