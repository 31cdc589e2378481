import Shared

/// What the sums of usage count, under the names of their columns and of their fields in the API.
enum UsageCounter: Int, CaseIterable {
    case requests, estimatedRequests, errorRequests
    case inputTokens, cachedInputTokens, cacheWrite5mTokens, cacheWrite1hTokens, audioInputTokens
    case outputTokens, reasoningTokens, audioOutputTokens
    case cost, reserved
    case duration, firstToken, firstTokenRequests, overhead

    var column: String {
        switch self {
        case .requests: "requests"
        case .estimatedRequests: "estimated_requests"
        case .errorRequests: "error_requests"
        case .inputTokens: "input_tokens"
        case .cachedInputTokens: "cached_input_tokens"
        case .cacheWrite5mTokens: "cache_write_5m_tokens"
        case .cacheWrite1hTokens: "cache_write_1h_tokens"
        case .audioInputTokens: "audio_input_tokens"
        case .outputTokens: "output_tokens"
        case .reasoningTokens: "reasoning_tokens"
        case .audioOutputTokens: "audio_output_tokens"
        case .cost: "cost_nanodollars"
        case .reserved: "reserved_nanodollars"
        case .duration: "duration_microseconds"
        case .firstToken: "first_token_microseconds"
        case .firstTokenRequests: "first_token_requests"
        case .overhead: "overhead_microseconds"
        }
    }
}

/// Times by powers of two.
///
/// - Units: milliseconds. Bucket i holds what took at most `bounds[i]`, the last one everything beyond.
enum UsageHistogram {
    static let bounds: [Int64] = (0..<12).map { 50 << $0 }
    static let bucketCount = 13

    static func bucket(microseconds: UInt32) -> Int {
        var bound: UInt64 = 50_000
        for index in 0..<12 {
            if UInt64(microseconds) <= bound { return index }
            bound <<= 1
        }
        return 12
    }

    /// The bound that at least `part` of what was counted stays within; nil without anything counted, or where it lies beyond
    /// the last bound. It is a bound and not an estimate: the true value lies between half of it and it.
    static func percentile(_ part: Double, _ buckets: [Int64]) -> Int64? {
        let total = buckets.reduce(0, +)
        let wanted = Int64((Double(total) * part).rounded(.up))
        if total == 0 { return nil }
        var sum: Int64 = 0
        for (bound, count) in zip(bounds, buckets) {
            sum += count
            if sum >= wanted { return bound }
        }
        return nil
    }
}

/// The row of the hourly sums that an event belongs to, but for its end user.
struct UsageRollupKey: Hashable {
    var hourUnixMilliseconds: Int64
    var organizationID: ObjectID
    var teamID: ObjectID
    var virtualKeyID: VirtualKeyID
    var routeID: ObjectID
    var providerID: ObjectID
    var modelID: ObjectID
    var endpoint: Endpoint
    var outcome: RequestOutcome
    var tagSet: Int32
}

extension UsageRollupKey: Comparable {
    /// The order in which rows are locked, everywhere.
    static func < (a: Self, b: Self) -> Bool {
        if a.hourUnixMilliseconds != b.hourUnixMilliseconds { return a.hourUnixMilliseconds < b.hourUnixMilliseconds }
        if a.organizationID != b.organizationID { return a.organizationID < b.organizationID }
        if a.teamID != b.teamID { return a.teamID < b.teamID }
        if a.virtualKeyID != b.virtualKeyID {
            return (a.virtualKeyID.high, a.virtualKeyID.low) < (b.virtualKeyID.high, b.virtualKeyID.low)
        }
        if a.routeID != b.routeID { return a.routeID < b.routeID }
        if a.providerID != b.providerID { return a.providerID < b.providerID }
        if a.modelID != b.modelID { return a.modelID < b.modelID }
        return (a.endpoint.rawValue, a.outcome.rawValue, a.tagSet) < (b.endpoint.rawValue, b.outcome.rawValue, b.tagSet)
    }
}

/// One event as it is stored: the settle, with what the control plane decides about it.
struct UsageEntry {
    var settle: SettleRecord
    /// Who reported it.
    var nodeID: ObjectID
    /// Within the bounds that clocks are believed in.
    var startedUnixMilliseconds: Int64
    var tagSet: Int32
    /// nil: its label came after the bound, and counts without its name.
    var endUser: String?
    /// Its day is kept. False: it came so late that its partition is gone, and only the sums take it.
    var isKept: Bool

    /// No request costs a million dollars. What a broken data plane says beyond that is cut, in the event and in the sums
    /// alike, so that no number of such events makes a sum overflow within a transaction, which has 8,000 at most.
    static let amountMax: Int64 = 1 << 50

    static func bounded(_ amount: Int64) -> Int64 { min(max(amount, 0), amountMax) }

    var cost: Int64 { Self.bounded(settle.cost.nanodollars) }
    var reserved: Int64 { Self.bounded(settle.intent.reserved.nanodollars) }
    var day: Int64 { UsagePartitions.day(of: startedUnixMilliseconds) }
    /// The hour (UTC) of the sums that it is counted in.
    var hourUnixMilliseconds: Int64 { Self.hour(of: startedUnixMilliseconds) }

    static func hour(of unixMilliseconds: Int64) -> Int64 {
        unixMilliseconds - (unixMilliseconds % 3_600_000 + 3_600_000) % 3_600_000
    }

    /// What it took from its allowances. A line of kind `requests` was spent by the intent itself.
    var charges: [ChargeLine] {
        let spent = settle.intent.lines.filter { $0.kind == .requests }
        if spent.isEmpty { return settle.charges }
        return spent.map { ChargeLine(account: $0.account, window: $0.window, amount: $0.amount) } + settle.charges
    }
}

/// The events of one batch summed: one row for each row of the tables, in the order in which those are locked.
struct UsageRollup {
    /// By the raw value of `UsageCounter`.
    typealias Sums = SIMD32<Int64>
    typealias Buckets = SIMD16<Int64>

    struct Narrow {
        var key: UsageRollupKey
        var sums = Sums()
        var durations = Buckets()
        var firstTokens = Buckets()
    }

    struct Wide {
        var key: UsageRollupKey
        var isOther: Bool
        var endUser: String
        var sums = Sums()
    }

    struct Charges {
        var day: Int64
        var allowanceID: ObjectID
        var window: AccountWindow
        var count: Int64 = 0
        var amount: Int64 = 0
        var debt: Int64 = 0
    }

    private(set) var narrow: [Narrow] = []
    private(set) var wide: [Wide] = []
    private(set) var charges: [Charges] = []

    /// - Parameter corrections: what they change in events of this batch and of earlier ones. Their sums are differences.
    init(_ entries: some Sequence<UsageEntry>, _ corrections: [UsageCorrection] = []) {
        var places = Places()
        for entry in entries {
            let place = add(Self.sums(of: entry), to: Self.key(of: entry), of: entry.endUser, &places)
            let settle = entry.settle
            narrow[place].durations[UsageHistogram.bucket(microseconds: settle.durationMicroseconds)] &+= 1
            if settle.firstTokenMicroseconds > 0 {
                narrow[place].firstTokens[UsageHistogram.bucket(microseconds: settle.firstTokenMicroseconds)] &+= 1
            }
            for charge in entry.charges {
                add(charge.amount, charge.debt, count: 1, to: charge, on: entry.day, &places)
            }
        }
        for correction in corrections {
            let event = correction.event
            _ = add(correction.sums, to: event.key, of: event.endUser, &places)
            for (old, new) in zip(event.charges, correction.charges) where old.line != new {
                add(
                    new.amount - old.line.amount, new.debt - old.line.debt, count: 0, to: new, on: event.day, &places)
            }
        }
        narrow.sort { $0.key < $1.key }
        wide.sort { a, b in
            if a.key != b.key { return a.key < b.key }
            if a.isOther != b.isOther { return b.isOther }
            return a.endUser.utf8.lexicographicallyPrecedes(b.endUser.utf8)
        }
        charges.sort {
            ($0.day, $0.allowanceID, $0.window) < ($1.day, $1.allowanceID, $1.window)
        }
    }

    /// Where the rows stand that were met.
    private struct Places {
        var narrow: [UsageRollupKey: Int] = [:]
        var wide: [Label: Int] = [:]
        var charges: [ChargeKey: Int] = [:]
    }

    /// Returns the place of the narrow row.
    private mutating func add(
        _ sums: Sums, to key: UsageRollupKey, of endUser: String?, _ places: inout Places
    ) -> Int {
        let place = places.narrow[key] ?? narrow.count
        if place == narrow.count {
            places.narrow[key] = place
            narrow.append(Narrow(key: key))
        }
        narrow[place].sums &+= sums

        let label = Label(narrow: place, text: endUser)
        let widePlace = places.wide[label] ?? wide.count
        if widePlace == wide.count {
            places.wide[label] = widePlace
            wide.append(Wide(key: key, isOther: endUser == nil, endUser: endUser ?? ""))
        }
        wide[widePlace].sums &+= sums
        return place
    }

    private mutating func add(
        _ amount: Int64, _ debt: Int64, count: Int64, to charge: ChargeLine, on day: Int64, _ places: inout Places
    ) {
        let key = ChargeKey(day: day, allowanceID: charge.account.allowanceID, window: charge.window)
        let place = places.charges[key] ?? charges.count
        if place == charges.count {
            places.charges[key] = place
            charges.append(Charges(day: day, allowanceID: key.allowanceID, window: key.window))
        }
        charges[place].count += count
        charges[place].amount = charges[place].amount.addingSaturating(amount)
        charges[place].debt = charges[place].debt.addingSaturating(debt)
    }

    private struct ChargeKey: Hashable {
        var day: Int64
        var allowanceID: ObjectID
        var window: AccountWindow
    }

    /// Compared by bytes: for the database two spellings of one character are two labels.
    private struct Label: Hashable {
        var narrow: Int
        var text: String?

        static func == (a: Label, b: Label) -> Bool {
            guard a.narrow == b.narrow else { return false }
            guard let one = a.text, let other = b.text else { return a.text == nil && b.text == nil }
            return one.utf8.elementsEqual(other.utf8)
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(narrow)
            for byte in (text ?? "").utf8 { hasher.combine(byte) }
        }
    }

    private static func key(of entry: UsageEntry) -> UsageRollupKey {
        let intent = entry.settle.intent
        return UsageRollupKey(
            hourUnixMilliseconds: entry.hourUnixMilliseconds,
            organizationID: intent.organizationID, teamID: intent.teamID, virtualKeyID: intent.virtualKeyID,
            routeID: intent.routeID, providerID: intent.providerID, modelID: intent.modelID,
            endpoint: intent.endpoint, outcome: entry.settle.outcome, tagSet: entry.tagSet)
    }

    private static func sums(of entry: UsageEntry) -> Sums {
        let settle = entry.settle
        let isError = settle.status >= 400 || settle.outcome == .failed || settle.outcome == .cut
        var sums = tokens(of: settle.usage)
        sums[UsageCounter.requests.rawValue] = 1
        sums[UsageCounter.estimatedRequests.rawValue] = settle.usageReported ? 0 : 1
        sums[UsageCounter.errorRequests.rawValue] = isError ? 1 : 0
        sums[UsageCounter.cost.rawValue] = entry.cost
        sums[UsageCounter.reserved.rawValue] = entry.reserved
        sums[UsageCounter.duration.rawValue] = Int64(settle.durationMicroseconds)
        sums[UsageCounter.firstToken.rawValue] = Int64(settle.firstTokenMicroseconds)
        sums[UsageCounter.firstTokenRequests.rawValue] = settle.firstTokenMicroseconds > 0 ? 1 : 0
        sums[UsageCounter.overhead.rawValue] = Int64(settle.overheadMicroseconds)
        return sums
    }

    /// The part of the sums that counts tokens.
    static func tokens(of usage: TokenUsage) -> Sums {
        var sums = Sums()
        sums[UsageCounter.inputTokens.rawValue] = Int64(usage.input)
        sums[UsageCounter.cachedInputTokens.rawValue] = Int64(usage.cachedInput)
        sums[UsageCounter.cacheWrite5mTokens.rawValue] = Int64(usage.cacheWrite5m)
        sums[UsageCounter.cacheWrite1hTokens.rawValue] = Int64(usage.cacheWrite1h)
        sums[UsageCounter.audioInputTokens.rawValue] = Int64(usage.audioInput)
        sums[UsageCounter.outputTokens.rawValue] = Int64(usage.output)
        sums[UsageCounter.reasoningTokens.rawValue] = Int64(usage.reasoning)
        sums[UsageCounter.audioOutputTokens.rawValue] = Int64(usage.audioOutput)
        return sums
    }
}
