extension ByteBuffer {
    /// `Sun, 06 Nov 1994 08:49:37 GMT`: the one form of a date that HTTP/1.1 writes (RFC 9110 section 5.6.7).
    ///
    /// Computed each time: some divisions cost less than finding out whether a kept text is still right.
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
