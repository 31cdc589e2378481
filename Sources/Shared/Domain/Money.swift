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
}

extension Money: CustomStringConvertible {
    public var description: String { "$" + dollars }
}
