import Glibc

/// The small comparisons that parsing HTTP is made of. No allocation, no locale.
public enum HTTPBytes {
    /// `tchar` of RFC 9110 section 5.6.2, as two bitmaps of 64.
    @inline(__always)
    static func isToken(_ byte: UInt8) -> Bool {
        // ! # $ % & ' * + - . 0-9, then A-Z ^ _ ` a-z | ~
        let low: UInt64 = 0x03ff_6cfa_0000_0000
        let high: UInt64 = 0x57ff_ffff_c7ff_fffe
        if byte < 64 { return low >> UInt64(byte) & 1 == 1 }
        if byte < 128 { return high >> UInt64(byte & 63) & 1 == 1 }
        return false
    }

    /// Compares ASCII without case; `text` is lower case.
    @inline(__always)
    public static func equals(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return unsafe matches(bytes.baseAddress.unsafelyUnwrapped + range.lowerBound, text)
    }

    @inline(__always)
    private static func matches(_ start: UnsafeRawPointer, _ text: StaticString) -> Bool {
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
    static func classify(_ bytes: UnsafeRawBufferPointer, _ offset: Int, _ count: Int) -> HTTPFieldName {
        let start = unsafe bytes.baseAddress.unsafelyUnwrapped + offset
        @inline(__always) func isName(_ text: StaticString) -> Bool {
            unsafe text.utf8CodeUnitCount <= count && matches(start, text)
        }
        switch count {
        case 2: if isName("te") { return .te }
        case 4:
            if isName("host") { return .host }
            if isName("date") { return .date }
        case 6:
            if isName("expect") { return .expect }
            if isName("cookie") { return .cookie }
            if isName("server") { return .server }
        case 7:
            if isName("api-key") { return .apiKey }
            if isName("trailer") { return .trailer }
            if isName("upgrade") { return .upgrade }
        case 9:
            if isName("x-api-key") { return .xAPIKey }
            if isName("forwarded") { return .forwarded }
        case 10:
            if isName("connection") { return .connection }
            if isName("keep-alive") { return .keepAlive }
            if isName("set-cookie") { return .setCookie }
        case 11: if isName("retry-after") { return .retryAfter }
        case 12:
            if isName("content-type") { return .contentType }
            if isName("x-request-id") { return .xRequestID }
        case 13: if isName("authorization") { return .authorization }
        case 14:
            if isName("content-length") { return .contentLength }
            if isName("x-goog-api-key") { return .xGoogAPIKey }
        case 15: if isName("accept-encoding") { return .acceptEncoding }
        case 16:
            if isName("content-encoding") { return .contentEncoding }
            if isName("proxy-connection") { return .proxyConnection }
        case 17: if isName("transfer-encoding") { return .transferEncoding }
        case 18: if isName("proxy-authenticate") { return .proxyAuthenticate }
        case 19: if isName("proxy-authorization") { return .proxyAuthorization }
        default: break
        }
        if count > 7, isName("x-weir-") { return .xWeir }
        if count > 12, isName("x-ratelimit-") { return .rateLimit }
        if count > 12, isName("x-forwarded-") { return .xForwarded }
        return .other
    }
}
