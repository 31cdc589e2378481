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
        var text = String(text)
        return text.withUTF8 { unsafe parse(UnsafeRawBufferPointer($0)) }
    }

    /// The same of bytes, without allocating.
    public static func parse(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        var reader = unsafe DateReader(bytes)
        guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2), reader.skip("-"),
            let day = reader.number(2), isDay(day, month: month, year: year)
        else { return nil }
        let midnight = days(year: year, month: month, day: day) * 86_400_000
        if reader.isAtEnd { return midnight }

        guard reader.skip("T") || reader.skip("t") || reader.skip(" "), let ofDay = reader.timeOfDay() else {
            return nil
        }
        var milliseconds: Int64 = 0
        if reader.skip(".") {
            var place: Int64 = 100
            var digits = 0
            while let digit = reader.number(1) {
                milliseconds += digit * place
                place /= 10
                digits += 1
            }
            guard digits > 0 else { return nil }
        }
        var offsetMinutes: Int64 = 0
        if !reader.skip("Z") && !reader.skip("z") {
            let isWest = reader.skip("-")
            guard isWest || reader.skip("+"), let hours = reader.number(2), reader.skip(":"),
                let minutes = reader.number(2), hours < 24, minutes < 60
            else { return nil }
            offsetMinutes = (hours * 60 + minutes) * (isWest ? -1 : 1)
        }
        guard reader.isAtEnd else { return nil }
        return midnight + (ofDay - offsetMinutes * 60) * 1_000 + milliseconds
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

    static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = floorDivide(marchYear, 400)
        let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let ofEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + ofYear
        return era * 146_097 + ofEra - 719_468
    }

    static func isDay(_ day: Int64, month: Int64, year: Int64) -> Bool {
        (1...12).contains(month) && day >= 1 && day <= daysIn(month: month, year: year)
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

/// Takes dates apart: steps over what was expected, and stays where it is when there is something else.
@safe struct DateReader {
    private let bytes: UnsafeRawBufferPointer
    private let end: Int
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        unsafe self.bytes = unsafe bytes
        end = bytes.count
    }

    var isAtEnd: Bool { position == end }

    /// A number of exactly so many digits; nil where there are fewer. More are left for what comes next.
    mutating func number(_ digits: Int) -> Int64? {
        guard end - position >= digits else { return nil }
        var value: Int64 = 0
        for index in position..<(position + digits) {
            let digit = unsafe bytes[index] &- 48
            guard digit < 10 else { return nil }
            value = value * 10 + Int64(digit)
        }
        position += digits
        return value
    }

    mutating func skip(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard end - position >= count else { return false }
        for index in 0..<count where unsafe bytes[position + index] != text.utf8Start[index] { return false }
        position += count
        return true
    }

    /// Letters of either case; returns how many.
    mutating func skipLetters() -> Int {
        let start = position
        while position < end, unsafe (bytes[position] | 0x20) &- 97 < 26 { position += 1 }
        return position - start
    }

    /// `23:59:60` as seconds since midnight. A leap second is the first of the next minute.
    mutating func timeOfDay() -> Int64? {
        guard let hour = number(2), skip(":"), let minute = number(2), skip(":"), let second = number(2), hour < 24,
            minute < 60, second < 61
        else { return nil }
        return (hour * 60 + minute) * 60 + second
    }
}
