/// Dates as text: `2025-01-31T23:59:59.123Z`.
///
/// - Source: RFC 3339, always UTC; the proleptic Gregorian calendar (days counted in 400-year eras of 146,097).
public enum RFC3339 {
    /// 24 bytes with milliseconds. Years outside 0...9999 do not occur in what Weir writes.
    public static func append(unixMilliseconds: Int64, to out: inout [UInt8]) {
        let (days, ofDay) = floorDivide(unixMilliseconds, 86_400_000)
        let (year, month, day) = civil(fromDays: days)
        append(year, digits: 4, to: &out)
        out.append(UInt8(ascii: "-"))
        append(month, digits: 2, to: &out)
        out.append(UInt8(ascii: "-"))
        append(day, digits: 2, to: &out)
        out.append(UInt8(ascii: "T"))
        append(ofDay / 3_600_000, digits: 2, to: &out)
        out.append(UInt8(ascii: ":"))
        append(ofDay / 60_000 % 60, digits: 2, to: &out)
        out.append(UInt8(ascii: ":"))
        append(ofDay / 1_000 % 60, digits: 2, to: &out)
        out.append(UInt8(ascii: "."))
        append(ofDay % 1_000, digits: 3, to: &out)
        out.append(UInt8(ascii: "Z"))
    }

    public static func text(unixMilliseconds: Int64) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(24)
        append(unixMilliseconds: unixMilliseconds, to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    /// Milliseconds since 1970, or nil if `text` is not a date-time. Takes any offset and any number of fraction digits
    /// (those past the third are dropped) and, as a convenience, a date alone, which is its first moment in UTC.
    public static func parse(_ text: some StringProtocol) -> Int64? {
        var rest = Array(text.utf8)[...]
        func number(_ digits: Int) -> Int64? {
            guard rest.count >= digits else { return nil }
            var value: Int64 = 0
            for _ in 0..<digits {
                guard let byte = rest.popFirst(), (48...57).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - 48)
            }
            return value
        }
        func literal(_ characters: UInt8...) -> UInt8? {
            guard let first = rest.first, characters.contains(first) else { return nil }
            return rest.popFirst()
        }
        guard let year = number(4), literal(45) != nil, let month = number(2), literal(45) != nil, let day = number(2),
            (1...12).contains(month), day >= 1, day <= daysIn(month: month, year: year)
        else { return nil }
        let midnight = days(year: year, month: month, day: day) * 86_400_000
        if rest.isEmpty { return midnight }

        guard literal(UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: " ")) != nil, let hour = number(2),
            literal(58) != nil, let minute = number(2), literal(58) != nil, let second = number(2), hour < 24,
            minute < 60, second < 61
        else { return nil }
        var milliseconds: Int64 = 0
        if literal(UInt8(ascii: ".")) != nil {
            var place: Int64 = 100
            var digits = 0
            while let digit = rest.first, (48...57).contains(digit) {
                milliseconds += Int64(digit - 48) * place
                place /= 10
                digits += 1
                rest.removeFirst()
            }
            guard digits > 0 else { return nil }
        }
        var offsetMinutes: Int64 = 0
        if literal(UInt8(ascii: "Z"), UInt8(ascii: "z")) == nil {
            guard let sign = literal(UInt8(ascii: "+"), UInt8(ascii: "-")), let hours = number(2), literal(58) != nil,
                let minutes = number(2), hours < 24, minutes < 60
            else { return nil }
            offsetMinutes = (hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -1 : 1)
        }
        guard rest.isEmpty else { return nil }
        return midnight + ((hour * 60 + minute - offsetMinutes) * 60 + second) * 1_000 + milliseconds
    }

    // MARK: Calendar

    static func floorDivide(_ value: Int64, _ by: Int64) -> (Int64, Int64) {
        let remainder = (value % by + by) % by
        return ((value - remainder) / by, remainder)
    }

    /// Days since 1970-01-01 to a date. Years are counted from March, so that the leap day is the last of its year.
    static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, ofEra) = floorDivide(days + 719_468, 146_097)
        let yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * ofYear + 2) / 153
        let day = ofYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = floorDivide(marchYear, 400)
        let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let ofEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + ofYear
        return era * 146_097 + ofEra - 719_468
    }

    private static func daysIn(month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func append(_ value: Int64, digits: Int, to out: inout [UInt8]) {
        var place: Int64 = 1
        for _ in 1..<digits { place *= 10 }
        while place > 0 {
            out.append(48 + UInt8(truncatingIfNeeded: value / place % 10))
            place /= 10
        }
    }
}
