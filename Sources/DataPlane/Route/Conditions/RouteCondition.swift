import Shared

/// One thing that a request must be like, made ready. A rule has a list of them, all of which have to hold.
///
/// - Shape: everything that routes can ask is a case here, and is answered in `holds`, the one place. What compares the meaning of a request
///   with examples will be one more.
indirect enum RouteCondition: Sendable {
    case estimatedInputTokens(ClosedRange<UInt64>)
    case has([PolicyDocument.Condition.Feature])
    case lacks([PolicyDocument.Condition.Feature])
    case isStream(Bool)
    case header(CompiledMatch)
    case metadata(CompiledMatch)
    case tag(CompiledMatch)
    case keys([VirtualKeyID])
    case teams([ObjectID])
    case endUsers([String])
    case languages(Set<PolicyDocument.Condition.Language>)
    case lastUserMessage(TextPattern)
    case time(CompiledHours)
    case canary(CompiledCanary)
    case any([[RouteCondition]])
    case none([[RouteCondition]])

    func holds(_ facts: inout RequestFacts) -> Bool {
        switch self {
        case .estimatedInputTokens(let range): return range.contains(facts.estimatedInputTokens())
        case .has(let features): return features.allSatisfy { facts.has($0) }
        case .lacks(let features): return !features.contains { facts.has($0) }
        case .isStream(let wanted): return facts.request.isStream == wanted
        case .header(let match): return facts.hasHeader(match)
        case .metadata(let match): return facts.hasMetadata(match)
        case .tag(let match): return facts.caller.hasTag(match)
        case .keys(let ids): return ids.contains(facts.caller.key.keyID)
        case .teams(let ids): return ids.contains(facts.caller.key.teamID)
        case .endUsers(let labels): return labels.contains(facts.request.endUser)
        case .languages(let languages): return facts.language().map(languages.contains) ?? false
        case .lastUserMessage(let pattern): return facts.lastUserMessage(has: pattern)
        case .time(let hours): return hours.contains(unixSeconds: facts.nowUnixSeconds)
        case .canary(let canary): return canary.takes(facts.canaryKey(canary))
        case .any(let alternatives): return alternatives.contains { $0.allHold(&facts) }
        case .none(let alternatives): return !alternatives.contains { $0.allHold(&facts) }
        }
    }

    /// What an answer costs, about: the cheap ones are asked first.
    fileprivate var effort: Int {
        switch self {
        case .isStream, .keys, .teams: 0
        case .time, .estimatedInputTokens, .endUsers: 1
        case .header, .tag, .canary: 2
        case .has, .lacks, .metadata: 3
        case .any(let alternatives), .none(let alternatives): alternatives.joined().map(\.effort).max() ?? 0
        case .languages, .lastUserMessage: 4
        }
    }
}

// MARK: Before there is a request

extension RouteCondition {
    /// Whether it holds for whatever a caller asks; nil: that depends on what he asks, and when.
    fileprivate func holds(for caller: Caller) -> Bool? {
        switch self {
        case .keys(let ids): ids.contains(caller.key.keyID)
        case .teams(let ids): ids.contains(caller.key.teamID)
        case .tag(let match): caller.hasTag(match)
        case .any(let alternatives): Self.anyHolds(alternatives, for: caller)
        case .none(let alternatives): Self.anyHolds(alternatives, for: caller).map { !$0 }
        case .estimatedInputTokens, .has, .lacks, .isStream, .header, .metadata, .endUsers, .languages,
            .lastUserMessage, .time, .canary:
            nil
        }
    }

    private static func anyHolds(_ alternatives: [[RouteCondition]], for caller: Caller) -> Bool? {
        let holding = alternatives.map { $0.allHold(for: caller) }
        if holding.contains(true) { return true }
        return holding.allSatisfy { $0 == false } ? false : nil
    }
}

extension [RouteCondition] {
    /// The same of all of them.
    func allHold(for caller: Caller) -> Bool? {
        let holding = map { $0.holds(for: caller) }
        if holding.contains(false) { return false }
        return holding.allSatisfy { $0 == true } ? true : nil
    }

    @inline(__always)
    func allHold(_ facts: inout RequestFacts) -> Bool {
        for condition in self where !condition.holds(&facts) { return false }
        return true
    }

    /// The conditions of a rule; nil where the document has one that this program cannot ask.
    ///
    /// - Parameters:
    ///   - routeID, rule: what canaries are drawn by, so that those of two rules are not the same callers.
    init?(_ condition: PolicyDocument.Condition, routeID: ObjectID, rule: String) {
        var made: [RouteCondition] = []
        if let range = condition.estimatedInputTokens {
            let least = UInt64(Swift.max(0, range.min ?? 0))
            let most = range.max.map { UInt64(Swift.max(0, $0)) } ?? .max
            guard least <= most else { return nil }
            made.append(.estimatedInputTokens(least...most))
        }
        if let features = condition.has { made.append(.has(features)) }
        if let features = condition.lacks { made.append(.lacks(features)) }
        if let stream = condition.stream { made.append(.isStream(stream)) }
        for match in condition.headers ?? [] { made.append(.header(CompiledMatch(match))) }
        for match in condition.metadata ?? [] { made.append(.metadata(CompiledMatch(match))) }
        for match in condition.tags ?? [] { made.append(.tag(CompiledMatch(match))) }
        if let keys = condition.keys {
            let ids = keys.compactMap { VirtualKeyID($0) }
            guard ids.count == keys.count else { return nil }
            made.append(.keys(ids))
        }
        if let teams = condition.teams { made.append(.teams(teams)) }
        if let labels = condition.endUsers { made.append(.endUsers(labels)) }
        if let languages = condition.languages { made.append(.languages(Set(languages))) }
        if let text = condition.lastUserMessageMatches {
            guard let pattern = try? TextPattern(text) else { return nil }
            made.append(.lastUserMessage(pattern))
        }
        if let time = condition.time { made.append(.time(CompiledHours(time))) }
        if let canary = condition.canary {
            made.append(.canary(CompiledCanary(canary, routeID: routeID, rule: rule)))
        }
        func all(_ conditions: [PolicyDocument.Condition]) -> [[RouteCondition]]? {
            let made = conditions.compactMap { [RouteCondition]($0, routeID: routeID, rule: rule) }
            return made.count == conditions.count ? made : nil
        }
        if let alternatives = condition.any {
            guard let alternatives = all(alternatives) else { return nil }
            made.append(.any(alternatives))
        }
        if let alternatives = condition.not {
            guard let alternatives = all(alternatives) else { return nil }
            made.append(.none(alternatives))
        }
        // The order of equals stays: sorting is stable.
        self = made.sorted { $0.effort < $1.effort }
    }
}

/// Some hours of some days, as minutes of the week by the clock of the rule.
struct CompiledHours: Sendable {
    /// Bit n: the day n after Monday.
    private let days: UInt8
    private let from: Int
    /// How long it lasts, beginning on each of the days.
    private let minutes: Int
    private let offsetMinutes: Int

    private static let dayMinutes = 1440

    init(_ hours: PolicyDocument.Condition.Hours) {
        let all = PolicyDocument.Condition.Day.allCases
        days = (hours.days ?? all).reduce(0) { $0 | 1 << UInt8(all.firstIndex(of: $1)!) }
        from = hours.fromMinute ?? 0
        let to = hours.toMinute ?? from
        minutes = to > from ? to - from : to - from + Self.dayMinutes
        offsetMinutes = hours.offsetMinutes
    }

    func contains(unixSeconds: Int64) -> Bool {
        let minute = unixSeconds.dividedDown(by: 60) + Int64(offsetMinutes)
        let day = minute.dividedDown(by: Int64(Self.dayMinutes))
        let minuteOfDay = Int(minute - day * Int64(Self.dayMinutes))
        // 1970 began on a Thursday.
        let weekday = Int((day + 3) - (day + 3).dividedDown(by: 7) * 7)
        if isDay(weekday), minuteOfDay >= from, minuteOfDay < from + minutes { return true }
        // What began yesterday and goes on past midnight.
        return isDay((weekday + 6) % 7) && minuteOfDay + Self.dayMinutes < from + minutes
    }

    private func isDay(_ weekday: Int) -> Bool { days & 1 << UInt8(weekday) != 0 }
}

extension Int64 {
    fileprivate func dividedDown(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}

/// A share of callers. Who is taken at one share is taken at every larger one; in two rules it is not the same callers.
struct CompiledCanary: Sendable {
    let by: PolicyDocument.Condition.Canary.Source
    let header: [UInt8]
    private let share: UInt64
    private let seed: UInt64

    init(_ canary: PolicyDocument.Condition.Canary, routeID: ObjectID, rule: String) {
        by = canary.by
        header = Array((canary.header ?? "").utf8)
        share = UInt64(Swift.max(0, canary.share))
        var hash = StableHash()
        hash.add(routeID)
        unsafe Array(rule.utf8).withUnsafeBytes { unsafe hash.add($0) }
        seed = hash.value
    }

    /// Whatever it goes by: none are taken, or all.
    var answerForAll: Bool? {
        if share == 0 { return false }
        return share >= UInt64(PolicyDocument.Condition.Canary.whole) ? true : nil
    }

    func takes(_ key: UInt64) -> Bool {
        let place = StableHash.mixed(key ^ seed).multipliedFullWidth(by: UInt64(PolicyDocument.Condition.Canary.whole))
        return place.high < share
    }
}
