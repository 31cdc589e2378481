extension ByteBuffer {
    /// `Sun, 06 Nov 1994 08:49:37 GMT`: the one form of a date that HTTP/1.1 writes (RFC 9110 section 5.6.7).
    public func append(httpDate unixSeconds: Int64) {
        let (days, ofDay) = RFC3339.floorDivide(unixSeconds, 86_400)
        let (year, month, day) = RFC3339.civil(fromDays: days)
        let room = unsafe writable(29)
        let names: StaticString = "SunMonTueWedThuFriSatJanFebMarAprMayJunJulAugSepOctNovDec"
        func name(_ index: Int64, at place: Int) {
            for offset in 0..<3 { unsafe room[place + offset] = names.utf8Start[Int(index) * 3 + offset] }
        }
        func digits(_ value: Int64, at place: Int) {
            unsafe room[place] = 48 + UInt8(truncatingIfNeeded: value / 10 % 10)
            unsafe room[place + 1] = 48 + UInt8(truncatingIfNeeded: value % 10)
        }
        let pattern: StaticString = "   , 00     0000 00:00:00 GMT"
        for index in 0..<29 { unsafe room[index] = pattern.utf8Start[index] }
        // The first day was a Thursday.
        name(RFC3339.floorDivide(days + 4, 7).1, at: 0)
        digits(day, at: 5)
        name(month + 6, at: 8)
        digits(year / 100, at: 12)
        digits(year, at: 14)
        digits(ofDay / 3_600, at: 17)
        digits(ofDay / 60 % 60, at: 20)
        digits(ofDay % 60, at: 23)
        didWrite(29)
    }
}

/// The date of one answer after the other: a text that is made once a second.
///
/// Concurrency: belongs to one loop.
public final class HTTPDateText {
    private var unixSeconds = Int64.min
    private let text = ByteBuffer()

    public init() {}

    public func append(_ unixSeconds: Int64, to output: ByteBuffer) {
        if unixSeconds != self.unixSeconds {
            self.unixSeconds = unixSeconds
            text.removeAll()
            text.append(httpDate: unixSeconds)
        }
        unsafe output.append(text.readable)
    }
}

/// Reads the dates of HTTP.
///
/// - Shape: all three forms that a recipient has to take: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and
///   `Sun Nov  6 08:49:37 1994`. The day of the week is not compared with the date: which of the two is wrong nobody knows, and the
///   date says more.
/// - Source: RFC 9110 section 5.6.7.
public enum HTTPDate {
    /// Seconds since 1970, or nil if `bytes` are no such date.
    ///
    /// - Parameter now: a year of two digits is at most fifty years later than this.
    public static func parse(_ bytes: UnsafeRawBufferPointer, nowUnixSeconds now: Int64) -> Int64? {
        var reader = unsafe DateReader(bytes)
        guard reader.skipLetters() >= 3 else { return nil }
        var year: Int64?
        let month: Int64?
        let day: Int64?
        let ofDay: Int64?
        if reader.skip(", ") {
            day = reader.number(2)
            let isOld = reader.skip("-")
            guard isOld || reader.skip(" ") else { return nil }
            month = self.month(&reader)
            guard isOld ? reader.skip("-") : reader.skip(" ") else { return nil }
            year = isOld ? reader.number(2).map { self.year(ofTwoDigits: $0, now) } : reader.number(4)
            guard reader.skip(" ") else { return nil }
            ofDay = reader.timeOfDay()
            guard reader.skip(" GMT") else { return nil }
        } else {
            guard reader.skip(" ") else { return nil }
            month = self.month(&reader)
            guard reader.skip(" ") else { return nil }
            day = reader.skip(" ") ? reader.number(1) : reader.number(2)
            guard reader.skip(" ") else { return nil }
            ofDay = reader.timeOfDay()
            guard reader.skip(" ") else { return nil }
            year = reader.number(4)
        }
        guard reader.isAtEnd, let year, let month, let day, let ofDay, RFC3339.isDay(day, month: month, year: year)
        else { return nil }
        return RFC3339.days(year: year, month: month, day: day) * 86_400 + ofDay
    }

    private static func month(_ reader: inout DateReader) -> Int64? {
        if reader.skip("Jan") { return 1 }
        if reader.skip("Feb") { return 2 }
        if reader.skip("Mar") { return 3 }
        if reader.skip("Apr") { return 4 }
        if reader.skip("May") { return 5 }
        if reader.skip("Jun") { return 6 }
        if reader.skip("Jul") { return 7 }
        if reader.skip("Aug") { return 8 }
        if reader.skip("Sep") { return 9 }
        if reader.skip("Oct") { return 10 }
        if reader.skip("Nov") { return 11 }
        return reader.skip("Dec") ? 12 : nil
    }

    private static func year(ofTwoDigits digits: Int64, _ now: Int64) -> Int64 {
        let this = RFC3339.civil(fromDays: RFC3339.floorDivide(now, 86_400).0).year
        let year = this - this % 100 + digits
        return year > this + 50 ? year - 100 : year
    }
}
