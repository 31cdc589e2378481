/// Prices written as decimal numbers, turned into integers from their text: a detour over binary fractions would make
/// 0.1 dollars into something that is not.
public struct DecimalPrice: Hashable, Sendable {
    public var picodollars: Int64
    /// The text said more than a picodollar can: it was rounded to the nearest.
    public var isRounded: Bool

    /// Dollars as a JSON number or a plain decimal, times 10 to the power of `scale`, in picodollars for a scale of 12.
    ///
    /// - Units: `scale` 12 for dollars per token; 6 for dollars per million tokens.
    /// - Errors: nil for what is negative, no number, or does not fit.
    public init?(_ text: String, scale: Int) {
        var digits: [UInt8] = []
        var point = 0
        var exponent = 0
        var seenPoint = false
        var bytes = Array(text.utf8)[...]
        while let byte = bytes.first {
            bytes = bytes.dropFirst()
            switch byte {
            case 48...57:
                digits.append(byte - 48)
                if seenPoint { point += 1 }
            case UInt8(ascii: ".") where !seenPoint && !digits.isEmpty: seenPoint = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                guard !digits.isEmpty, bytes.count <= 5, let value = Int(String(decoding: bytes, as: UTF8.self)) else {
                    return nil
                }
                exponent = value
                bytes = []
            default: return nil
            }
        }
        guard !digits.isEmpty, digits.count <= 60 else { return nil }
        let shift = scale + exponent - point
        var value: Int64 = 0
        // Digits behind the last that counts are cut off and looked at for rounding.
        let whole = digits.count + min(0, shift)
        for digit in digits.prefix(max(0, whole)) {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            guard !overflow, product <= Int64.max - 9 else { return nil }
            value = product + Int64(digit)
        }
        if shift > 0, value > 0 {
            for _ in 0..<shift {
                let (product, overflow) = value.multipliedReportingOverflow(by: 10)
                guard !overflow else { return nil }
                value = product
            }
        }
        let rest = whole >= 0 ? Array(digits.dropFirst(whole)) : [0] + digits
        isRounded = rest.contains { $0 != 0 }
        if let first = rest.first, first >= 5 { value += 1 }
        picodollars = value
    }
}
