/// An enumeration that is a number in records and a word in JSON, in the API and in the database.
public protocol LabelledCode: RawRepresentable<UInt8>, CaseIterable, Hashable, Sendable, Codable {
    var label: String { get }
}

extension LabelledCode {
    public init?(label: some StringProtocol) {
        guard let found = Self.allCases.first(where: { $0.label == label }) else { return nil }
        self = found
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let found = Self(label: text) else {
            let labels = Self.allCases.map(\.label).joined(separator: ", ")
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "want one of \(labels)")
        }
        self = found
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(label)
    }
}

extension AllowanceKind: LabelledCode {
    /// The highest limit: what is settled and lent of it can be added up without overflow many times over.
    public var limitMax: Int64 {
        switch self {
        case .money: 1_000_000_000_000_000_000
        case .tokens, .requests: 1_000_000_000_000_000
        case .slots: 1_000_000
        }
    }
}

/// What becomes of a request that does not fit into an allowance.
public enum AllowanceMode: UInt8, LabelledCode {
    /// `clamp` for a request without an output cap of its own, `strict` for one with.
    case automatic = 1
    /// Refuse it.
    case strict = 2
    /// Lower its output cap to what fits.
    case clamp = 3
    /// Let it pass: count and alert only.
    case soft = 4

    public var label: String {
        switch self {
        case .automatic: "automatic"
        case .strict: "strict"
        case .clamp: "clamp"
        case .soft: "soft"
        }
    }
}

/// Over what time an allowance counts.
public enum AllowancePeriod: Hashable, Sendable {
    /// Slots: what is held at the moment.
    case none
    /// Calendar periods in the allowance's time zone, which only the control plane knows. A week begins on Monday.
    case day, week, month
    /// From the allowance's creation on.
    case total
    /// Any stretch of time of this length.
    case sliding(seconds: Int64)

    public enum Unit: UInt8, LabelledCode {
        case none = 0
        case day = 1
        case week = 2
        case month = 3
        case total = 4
        case sliding = 5

        public var label: String {
            switch self {
            case .none: "none"
            case .day: "day"
            case .week: "week"
            case .month: "month"
            case .total: "total"
            case .sliding: "sliding"
            }
        }
    }

    /// 366 days.
    public static let slidingSecondsMax: Int64 = 31_622_400

    /// Nil unless there are `slidingSeconds` exactly where the unit needs them (0: none).
    public init?(_ unit: Unit, slidingSeconds: Int64) {
        switch unit {
        case .none: self = .none
        case .day: self = .day
        case .week: self = .week
        case .month: self = .month
        case .total: self = .total
        case .sliding:
            guard (1...Self.slidingSecondsMax).contains(slidingSeconds) else { return nil }
            self = .sliding(seconds: slidingSeconds)
            return
        }
        guard slidingSeconds == 0 else { return nil }
    }

    public var unit: Unit {
        switch self {
        case .none: .none
        case .day: .day
        case .week: .week
        case .month: .month
        case .total: .total
        case .sliding: .sliding
        }
    }

    /// 0 where it does not slide.
    public var slidingSeconds: Int64 {
        guard case .sliding(let seconds) = self else { return 0 }
        return seconds
    }
}

/// Whose requests an allowance counts, among those in its scope.
public enum EndUserPart: Hashable, Sendable {
    /// All of them together.
    case everybody
    /// Each end user in an account of its own. Requests without a label share the account of the empty label.
    case each
    /// One end user, by `EndUserSubject.of` its label.
    case only(subject: UInt64)

    /// How configuration writes `each`.
    public static let eachLabel = "*"

    /// nil: everybody; `*`: each; otherwise the label of one.
    public init(label: String?) {
        switch label {
        case nil: self = .everybody
        case Self.eachLabel: self = .each
        case let label?: self = .only(subject: EndUserSubject.of(label))
        }
    }
}

/// Which requests an allowance counts, by what they ask for.
public enum AllowanceFilter: Hashable, Sendable {
    case all
    case route(ObjectID)
    /// Requests whose plan has this model at any of its targets.
    case model(ObjectID)
}

/// What an allowance hangs on.
public enum AllowanceScope: UInt8, LabelledCode {
    case organization = 1
    case team = 2
    case virtualKey = 3

    public var label: String {
        switch self {
        case .organization: "organization"
        case .team: "team"
        case .virtualKey: "virtual_key"
        }
    }

    /// How many allowances one object can have. Together they are what one request has room for:
    /// `ReservationLine.linesMax`.
    public var countMax: Int {
        switch self {
        case .organization: 6
        case .team: 4
        case .virtualKey: 6
        }
    }
}

/// What a data plane has to know of an allowance to spend from it.
///
/// - Units: `limit` counts what `kind` counts: nanodollars, tokens, requests, slots.
public struct AllowanceRule: Hashable, Sendable {
    public var id: ObjectID
    public var kind: AllowanceKind
    public var mode: AllowanceMode
    public var period: AllowancePeriod
    public var limit: Int64
    public var endUsers: EndUserPart
    public var filter: AllowanceFilter

    public init(
        id: ObjectID, kind: AllowanceKind, mode: AllowanceMode = .automatic, period: AllowancePeriod, limit: Int64,
        endUsers: EndUserPart = .everybody, filter: AllowanceFilter = .all
    ) {
        self.id = id
        self.kind = kind
        self.mode = mode
        self.period = period
        self.limit = limit
        self.endUsers = endUsers
        self.filter = filter
    }

    /// Whether the parts go together; a snapshot with a rule that does not is refused.
    public var isConsistent: Bool {
        guard (0...kind.limitMax).contains(limit) else { return false }
        return switch kind {
        case .money: period != .none
        case .tokens, .requests: period.unit == .sliding
        case .slots: period == .none
        }
    }
}
