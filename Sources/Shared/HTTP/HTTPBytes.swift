import Glibc

/// The small comparisons that parsing HTTP is made of. No allocation, no locale.
public enum HTTPBytes {
    /// What each byte may be part of, as bits of a letter: 1 a token, 2 a path, 4 the name of a host. A literal, because a look-up in
    /// it is one load, and needs no allocation and no initialisation.
    @inline(__always)
    private static var classes: StaticString {
        """
        @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@G@AGGGGFFGGFGGBGGGGGGGGGGBF@F@@\
        BGGGGGGGGGGGGGGGGGGGGGGGGGGB@BAGAGGGGGGGGGGGGGGGGGGGGGGGGGG@A@G@\
        @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\
        @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
        """
    }

    @inline(__always)
    private static func has(_ byte: UInt8, _ bit: UInt8) -> Bool { unsafe classes.utf8Start[Int(byte)] & bit != 0 }

    /// `tchar` of RFC 9110 section 5.6.2.
    @inline(__always)
    public static func isToken(_ byte: UInt8) -> Bool { has(byte, 1) }

    /// What a path may consist of (RFC 3986 section 3.3), with the slashes between its segments and the brackets of an
    /// address: no white space, no control characters, no fragment, and nothing that a URI has to escape.
    @inline(__always)
    static func isPath(_ byte: UInt8) -> Bool { has(byte, 2) }

    /// Of a path or of the query behind it (RFC 3986 section 3.4).
    @inline(__always)
    static func isQuery(_ byte: UInt8) -> Bool { isPath(byte) || byte == 0x3f }

    /// Of a host's name (`reg-name` of RFC 3986 section 3.2.2).
    @inline(__always)
    private static func isHostName(_ byte: UInt8) -> Bool { has(byte, 4) }

    /// True for `uri-host [ ":" port ]` (RFC 9110 section 7.2), which has no user in front of it.
    static func isAuthority(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, mayBeEmpty: Bool) -> Bool {
        var index = range.lowerBound
        let end = range.upperBound
        if index == end { return mayBeEmpty }
        if unsafe bytes[index] == UInt8(ascii: "[") {
            // An IPv6 address; that its groups are in order is the resolver's business.
            index &+= 1
            let start = index
            while index < end, unsafe isAddressDigit(bytes[index]) { index &+= 1 }
            guard index > start, index < end, unsafe bytes[index] == UInt8(ascii: "]") else { return false }
            index &+= 1
        } else {
            while index < end, unsafe isHostName(bytes[index]) { index &+= 1 }
            if index == range.lowerBound { return false }
        }
        if index == end { return true }
        guard unsafe bytes[index] == UInt8(ascii: ":"), end - index <= 6 else { return false }
        while index &+ 1 < end {
            index &+= 1
            guard unsafe bytes[index] &- 48 < 10 else { return false }
        }
        return true
    }

    private static func isAddressDigit(_ byte: UInt8) -> Bool {
        byte &- 48 < 10 || (byte | 0x20) &- 97 < 6 || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }

    /// The first byte at or after `start` that ends a field's value: a control character other than a tab. There is one,
    /// because a head ends with CRLF.
    @inline(__always)
    static func endOfValue(_ bytes: UnsafeRawBufferPointer, from start: Int, end: Int) -> Int {
        var index = start
        let base = unsafe bytes.baseAddress.unsafelyUnwrapped
        while true {
            // Eight at a time: the lowest byte found below 0x20 or equal to 0x7f is exact, higher ones may not be.
            while index &+ 8 <= end {
                let word = unsafe UInt64(littleEndian: (base + index).loadUnaligned(as: UInt64.self))
                let delete = word ^ 0x7f7f_7f7f_7f7f_7f7f
                let hits =
                    ((word &- 0x2020_2020_2020_2020) & ~word | (delete &- 0x0101_0101_0101_0101) & ~delete)
                    & 0x8080_8080_8080_8080
                if hits != 0 {
                    index &+= hits.trailingZeroBitCount &>> 3
                    break
                }
                index &+= 8
            }
            while unsafe bytes[index] >= 0x20 && bytes[index] != 0x7f { index &+= 1 }
            if unsafe bytes[index] != 0x09 { return index }
            index &+= 1
        }
    }

    /// Compares byte for byte.
    @inline(__always)
    public static func isExactly(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return unsafe memcmp(
            bytes.baseAddress.unsafelyUnwrapped + range.lowerBound, text.utf8Start, range.count) == 0
    }

    /// Compares byte for byte.
    @inline(__always)
    public static func isExactly(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ text: [UInt8]) -> Bool {
        guard range.count == text.count, !range.isEmpty else { return text.isEmpty && range.isEmpty }
        return unsafe text.withUnsafeBytes { text in
            unsafe memcmp(
                bytes.baseAddress.unsafelyUnwrapped + range.lowerBound, text.baseAddress.unsafelyUnwrapped, range.count)
                == 0
        }
    }

    /// Compares ASCII without case; `text` is lower case.
    @inlinable @inline(__always)
    public static func equals(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return unsafe matches(bytes.baseAddress.unsafelyUnwrapped + range.lowerBound, text)
    }

    @inlinable @inline(__always)
    static func matches(_ start: UnsafeRawPointer, _ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        let wanted = unsafe text.utf8Start
        var index = 0
        while index < count {
            let byte = unsafe start.load(fromByteOffset: index, as: UInt8.self)
            let folded = byte &- 65 < 26 ? byte | 0x20 : byte
            if unsafe folded != wanted[index] { return false }
            index &+= 1
        }
        return true
    }

    /// As `matches`, eight bytes at a time, for bytes that are a token and a text of letters, digits and hyphens. The bit that tells lower
    /// case from upper may be set in all of them: the only others that become a letter, a digit or a hyphen by it are control characters.
    @inline(__always)
    private static func matchesToken(_ start: UnsafeRawPointer, _ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        let wanted = unsafe UnsafeRawPointer(text.utf8Start)
        @inline(__always) func differs<Word: FixedWidthInteger>(_ type: Word.Type, at index: Int) -> Bool {
            let folded = unsafe start.loadUnaligned(fromByteOffset: index, as: type) | Word(truncatingIfNeeded: folding)
            return unsafe folded != wanted.loadUnaligned(fromByteOffset: index, as: type)
                | Word(truncatingIfNeeded: folding)
        }
        let folding: UInt64 = 0x2020_2020_2020_2020
        guard count >= 8 else {
            for index in 0..<count where differs(UInt8.self, at: index) { return false }
            return true
        }
        var index = 0
        while index &+ 8 <= count {
            if differs(UInt64.self, at: index) { return false }
            index &+= 8
        }
        return index == count || !differs(UInt64.self, at: count &- 8)
    }

    /// Whether a field's name is `text`, whatever its case.
    @inline(__always)
    static func isName(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return unsafe matchesToken(bytes.baseAddress.unsafelyUnwrapped + range.lowerBound, text)
    }

    /// As `matches`, and an underscore is a hyphen: some servers behind a gateway read names so.
    private static func matchesHoweverSpelt(_ start: UnsafeRawPointer, _ text: StaticString) -> Bool {
        let wanted = unsafe text.utf8Start
        for index in 0..<text.utf8CodeUnitCount {
            let byte = unsafe start.load(fromByteOffset: index, as: UInt8.self)
            let folded = byte &- 65 < 26 ? byte | 0x20 : byte == UInt8(ascii: "_") ? UInt8(ascii: "-") : byte
            if unsafe folded != wanted[index] { return false }
        }
        return true
    }

    static func isDecimal(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        unsafe !range.isEmpty && bytes[range].allSatisfy { $0 &- 48 < 10 }
    }

    /// Digits only, at most 18 of them: no sign, no white space, no overflow.
    public static func decimal(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> UInt64? {
        guard !range.isEmpty, range.count <= 18 else { return nil }
        var value: UInt64 = 0
        for index in range {
            let digit = unsafe bytes[index] &- 48
            guard digit < 10 else { return nil }
            value = value &* 10 &+ UInt64(digit)
        }
        return value
    }

    static func method(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> HTTPMethod {
        let start = unsafe bytes.baseAddress.unsafelyUnwrapped + range.lowerBound
        // Methods are case-sensitive (RFC 9110 section 9.1).
        switch range.count {
        case 3:
            if unsafe memcmp(start, "GET", 3) == 0 { return .get }
            if unsafe memcmp(start, "PUT", 3) == 0 { return .put }
        case 4:
            if unsafe memcmp(start, "POST", 4) == 0 { return .post }
            if unsafe memcmp(start, "HEAD", 4) == 0 { return .head }
        case 5: if unsafe memcmp(start, "PATCH", 5) == 0 { return .patch }
        case 6: if unsafe memcmp(start, "DELETE", 6) == 0 { return .delete }
        case 7: if unsafe memcmp(start, "OPTIONS", 7) == 0 { return .options }
        default: break
        }
        return .other
    }

    /// Names are told apart by length first, so that most fields need one comparison or none.
    ///
    /// Fields that decide about framing, keys or hops are known by `_` in place of `-` too: an upstream that reads names so must
    /// not be sent what Weir itself has not seen.
    static func classify(_ bytes: UnsafeRawBufferPointer, _ offset: Int, _ count: Int) -> HTTPFieldName {
        let start = unsafe bytes.baseAddress.unsafelyUnwrapped + offset
        @inline(__always) func isName(_ text: StaticString) -> Bool {
            unsafe text.utf8CodeUnitCount <= count && matchesToken(start, text)
        }
        @inline(__always) func isNameHoweverSpelt(_ text: StaticString) -> Bool {
            unsafe matchesToken(start, text) || matchesHoweverSpelt(start, text)
        }
        switch count {
        case 2: if isName("te") { return .te }
        case 4:
            if isName("host") { return .host }
            if isName("date") { return .date }
        case 6:
            if isName("expect") { return .expect }
            if isName("cookie") { return .cookie }
            if isName("origin") { return .origin }
            if isName("server") { return .server }
        case 7:
            if isName("alt-svc") { return .altSvc }
            if isNameHoweverSpelt("api-key") { return .apiKey }
            if isName("trailer") { return .trailer }
            if isName("upgrade") { return .upgrade }
        case 9:
            if isNameHoweverSpelt("x-api-key") { return .xAPIKey }
            if isName("forwarded") { return .forwarded }
        case 10:
            if isName("connection") { return .connection }
            if isNameHoweverSpelt("keep-alive") { return .keepAlive }
            if isNameHoweverSpelt("set-cookie") { return .setCookie }
        case 11: if isName("retry-after") { return .retryAfter }
        case 12:
            if isName("content-type") { return .contentType }
            if isNameHoweverSpelt("x-request-id") { return .xRequestID }
        case 13: if isName("authorization") { return .authorization }
        case 14:
            if isNameHoweverSpelt("content-length") { return .contentLength }
            if isName("retry-after-ms") { return .retryAfter }
            if isNameHoweverSpelt("x-goog-api-key") { return .xGoogAPIKey }
        case 15: if isName("accept-encoding") { return .acceptEncoding }
        case 16:
            if isName("content-encoding") { return .contentEncoding }
            if isNameHoweverSpelt("proxy-connection") { return .proxyConnection }
        case 17:
            if isNameHoweverSpelt("transfer-encoding") { return .transferEncoding }
            if isName("anthropic-version") { return .anthropicVersion }
        case 18: if isNameHoweverSpelt("proxy-authenticate") { return .proxyAuthenticate }
        case 19:
            if isNameHoweverSpelt("proxy-authorization") { return .proxyAuthorization }
            if isName("x-ms-retry-after-ms") { return .retryAfter }
        case 25: if isName("strict-transport-security") { return .strictTransportSecurity }
        case 29: if isName("access-control-request-method") { return .accessControlRequestMethod }
        case 30: if isName("access-control-request-headers") { return .accessControlRequestHeaders }
        default: break
        }
        if count > 15, isName("access-control-") { return .accessControl }
        if count > 7, isNameHoweverSpelt("x-weir-") { return .xWeir }
        if count > 12, isName("x-ratelimit-") { return .rateLimit }
        if count > 20, isName("anthropic-ratelimit-") { return .rateLimit }
        if count > 12, isNameHoweverSpelt("x-forwarded-") { return .xForwarded }
        if isName("anthropic-") || isName("openai-") || isName("x-goog-") || isName("x-amz") || isName("amz-sdk-") {
            return .ofDialect
        }
        return .other
    }
}
