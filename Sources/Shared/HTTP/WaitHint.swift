/// How long a server asks to be left alone, however it spells that.
///
/// - Shape: `30`, `1.5`, `6m0s`, `1h2m`, `120ms`, `34.07s`, a moment as a Unix time in seconds or milliseconds, an HTTP-date, a date of
///   RFC 3339. Pure, and without allocation.
/// - Units: milliseconds, rounded up, since an attempt that comes too early is refused again.
/// - Source: `Retry-After` of RFC 9110 section 10.2.3; `retry-after-ms` and `x-ms-retry-after-ms` of Azure; `x-ratelimit-reset-*` of OpenAI
///   (durations as Go writes them), Azure (seconds) and OpenRouter (a moment in milliseconds); `anthropic-ratelimit-*-reset`.
public enum WaitHint {
    /// What a number without a unit counts.
    public enum Unit: Sendable {
        case seconds, milliseconds
    }

    /// A longer wait is read as this one: nobody has set a target aside for longer by a slip of a header.
    public static let millisecondsMax: Int64 = 3_600_000

    /// A value that is longer is none of these; the longest date has 35 bytes, the rest is room for fractions.
    private static let valueBytesMax = 64

    /// Numbers from here on are moments, not spans: 1,000,000,000 seconds are 31 years, and as a Unix time the year 2001.
    private static let firstMomentSeconds: Int64 = 1_000_000_000
    /// From here on in milliseconds: as seconds the year 5138, as milliseconds the year 1973.
    private static let firstMomentMilliseconds: Int64 = 100_000_000_000

    /// The unit of a field that says how long to wait before the next attempt; nil for any other field.
    ///
    /// The fields that say when a rate limit is whole again are not among these: that is later than when the next request fits.
    public static func unit(ofFieldNamed name: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Unit? {
        switch name.count {
        case 11: unsafe HTTPBytes.equals(bytes, name, "retry-after") ? .seconds : nil
        case 14: unsafe HTTPBytes.equals(bytes, name, "retry-after-ms") ? .milliseconds : nil
        case 19: unsafe HTTPBytes.equals(bytes, name, "x-ms-retry-after-ms") ? .milliseconds : nil
        default: nil
        }
    }

    /// The milliseconds from `now` on; 0 for a moment that is past, nil for what cannot be read.
    ///
    /// - Parameter unit: of a number that has none.
    public static func milliseconds(
        _ value: UnsafeRawBufferPointer, unit: Unit = .seconds, nowUnixMilliseconds now: Int64
    ) -> Int64? {
        let value = unsafe trimmed(value)
        guard (1...valueBytesMax).contains(value.count) else { return nil }
        let milliseconds: Int64?
        if unsafe value[0] &- 48 < 10 {
            milliseconds = unsafe span(value, unit, now) ?? RFC3339.parse(value).map { $0.subtractingSaturating(now) }
        } else {
            milliseconds = unsafe HTTPDate.parse(value, nowUnixSeconds: now / 1000).map {
                $0.multipliedSaturating(by: 1000).subtractingSaturating(now)
            }
        }
        return milliseconds.map { min(max(0, $0), millisecondsMax) }
    }

    private static func trimmed(_ value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var range = 0..<value.count
        while let first = range.first, unsafe value[first] == 0x20 || value[first] == 0x09 { range.removeFirst() }
        while let last = range.last, unsafe value[last] == 0x20 || value[last] == 0x09 { range.removeLast() }
        return unsafe UnsafeRawBufferPointer(rebasing: value[range])
    }

    /// A number, or numbers with units one behind the other.
    private static func span(_ value: UnsafeRawBufferPointer, _ unit: Unit, _ now: Int64) -> Int64? {
        var index = 0
        var nanoseconds: Int64 = 0
        repeat {
            guard let number = unsafe Number(value, at: &index) else { return nil }
            if index == value.count {
                // Without a unit it stands alone: `1h30` means nothing.
                guard number.start == 0 else { return nil }
                if unit == .seconds, number.whole >= firstMomentSeconds {
                    let moment =
                        number.whole >= firstMomentMilliseconds
                        ? number.whole : number.whole * 1000 + (number.billionths + 999_999) / 1_000_000
                    return moment.subtractingSaturating(now)
                }
                nanoseconds = number.nanoseconds(of: unit == .seconds ? 1_000_000_000 : 1_000_000)
            } else {
                guard let length = unsafe unitNanoseconds(value, at: &index) else { return nil }
                nanoseconds = nanoseconds.addingSaturating(number.nanoseconds(of: length))
            }
        } while index < value.count
        return nanoseconds.addingSaturating(999_999) / 1_000_000
    }

    private static func unitNanoseconds(_ value: UnsafeRawBufferPointer, at index: inout Int) -> Int64? {
        let start = index
        while index < value.count, unsafe value[index] &- 48 >= 10 && value[index] != UInt8(ascii: ".") { index += 1 }
        let name = start..<index
        @inline(__always) func isName(_ text: StaticString) -> Bool { unsafe HTTPBytes.isExactly(value, name, text) }
        if isName("s") { return 1_000_000_000 }
        if isName("ms") { return 1_000_000 }
        if isName("m") { return 60_000_000_000 }
        if isName("h") { return 3_600_000_000_000 }
        if isName("d") { return 86_400_000_000_000 }
        // The micro sign and the Greek letter look the same; Go writes the one and reads both.
        if isName("us") || isName("\u{b5}s") || isName("\u{3bc}s") { return 1_000 }
        return isName("ns") ? 1 : nil
    }

    /// Digits, perhaps with a fraction, of which the part beyond a billionth is dropped. No sign and no exponent.
    private struct Number {
        var start: Int
        var whole: Int64 = 0
        var billionths: Int64 = 0

        init?(_ value: UnsafeRawBufferPointer, at index: inout Int) {
            start = index
            while index < value.count, case let digit = unsafe value[index] &- 48, digit < 10 {
                whole = whole.multipliedSaturating(by: 10).addingSaturating(Int64(digit))
                index += 1
            }
            guard index > start else { return nil }
            guard index < value.count, unsafe value[index] == UInt8(ascii: ".") else { return }
            index += 1
            let fraction = index
            var place: Int64 = 100_000_000
            while index < value.count, case let digit = unsafe value[index] &- 48, digit < 10 {
                billionths += Int64(digit) * place
                place /= 10
                index += 1
            }
            guard index > fraction else { return nil }
        }

        /// At most 86,400,000,000,000 nanoseconds make a unit: the product with a fraction is done in 128 bits.
        func nanoseconds(of unit: Int64) -> Int64 {
            let part = Int128(billionths) * Int128(unit) / 1_000_000_000
            return whole.multipliedSaturating(by: unit).addingSaturating(Int64(part))
        }
    }
}
