/// An amount of United States dollars, exact.
///
/// - Units: nanodollars (1e-9 USD). `Int64` holds 9.2 billion dollars.
public struct Money: Hashable, Sendable, Comparable, Codable {
    public var nanodollars: Int64

    public init(nanodollars: Int64) { self.nanodollars = nanodollars }

    public static let zero = Money(nanodollars: 0)

    public static func < (a: Money, b: Money) -> Bool { a.nanodollars < b.nanodollars }
    public static func + (a: Money, b: Money) -> Money { Money(nanodollars: a.nanodollars + b.nanodollars) }
    public static func - (a: Money, b: Money) -> Money { Money(nanodollars: a.nanodollars - b.nanodollars) }
    public static func += (a: inout Money, b: Money) { a = a + b }

    public init(from decoder: any Decoder) throws {
        nanodollars = try decoder.singleValueContainer().decode(Int64.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(nanodollars)
    }

    /// Dollars with nine decimals and without trailing zeros beyond the second: `0.00`, `12.50`, `0.000027`.
    public var dollars: String {
        let magnitude = nanodollars.magnitude
        var fraction = String(magnitude % 1_000_000_000)
        fraction = String(repeating: "0", count: 9 - fraction.count) + fraction
        while fraction.utf8.count > 2, fraction.hasSuffix("0") { fraction.removeLast() }
        return (nanodollars < 0 ? "-" : "") + "\(magnitude / 1_000_000_000).\(fraction)"
    }

    /// Reads dollars as people write them: digits, and at most nine of them behind a point. Anything else is nil, and so is what does
    /// not fit.
    public init?(dollars text: some StringProtocol) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? String(parts[1]) : ""
        guard let whole = parts.first, !whole.isEmpty, parts.count == 1 || !fraction.isEmpty,
            fraction.utf8.count <= 9, (whole + fraction).utf8.allSatisfy({ (48...57).contains($0) }),
            let nanodollars = Int64(whole + fraction + String(repeating: "0", count: 9 - fraction.utf8.count))
        else { return nil }
        self.nanodollars = nanodollars
    }
}

extension Money: CustomStringConvertible {
    public var description: String { "$" + dollars }
}
