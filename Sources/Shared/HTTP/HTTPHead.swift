import CLinux
import Glibc

/// Why a message is refused. Each says which status a server answers with.
public enum HTTPError: Error, Hashable, Sendable {
    case malformedStartLine
    case malformedTarget
    case targetTooLong
    /// Longer than any method there is.
    case methodTooLong
    case malformedHeader
    case unsupportedVersion
    case headTooLarge
    case tooManyHeaders
    /// Two framing fields that could be read in two ways: request smuggling begins here.
    case ambiguousFraming
    /// Codings that are not known here, with chunked behind them: the end of the body is clear, the body is not.
    case unsupportedTransferEncoding
    /// Chunked is not the last coding, so the end of the body is not clear.
    case unframedTransferEncoding
    case malformedContentLength
    case malformedHost
    case malformedChunk
    case bodyTooLarge
    case unsupportedExpectation

    /// RFC 9110 section 15.
    public var status: Int {
        switch self {
        case .unsupportedVersion: 505
        case .headTooLarge, .tooManyHeaders: 431
        case .targetTooLong: 414
        case .unsupportedTransferEncoding, .methodTooLong: 501
        case .bodyTooLarge: 413
        case .unsupportedExpectation: 417
        default: 400
        }
    }

    public var message: String {
        switch self {
        case .malformedStartLine: "The request line is malformed."
        case .malformedTarget: "The request target is not one that this server can be asked for."
        case .targetTooLong: "The request target is too long."
        case .methodTooLong: "The method is not implemented."
        case .malformedHeader: "A header field is malformed."
        case .unsupportedVersion: "Only HTTP/1 is spoken here."
        case .headTooLarge: "The request head is too large."
        case .tooManyHeaders: "The request has too many header fields."
        case .ambiguousFraming:
            "The length of the request is ambiguous: send either one Content-Length or Transfer-Encoding: chunked."
        case .unsupportedTransferEncoding: "The only transfer coding understood here is chunked."
        case .unframedTransferEncoding: "Chunked must be the last transfer coding of a request."
        case .malformedContentLength: "The Content-Length is not a number."
        case .malformedHost: "An HTTP/1.1 request needs exactly one Host field, with a host and perhaps a port."
        case .malformedChunk: "A chunk of the request body is malformed."
        case .bodyTooLarge: "The request body is too large."
        case .unsupportedExpectation: "The only expectation understood here is 100-continue."
        }
    }
}

/// The fields that something in Weir looks at; all others are `other` and only passed on.
public enum HTTPFieldName: UInt8, Sendable {
    case other, host, connection, keepAlive, proxyConnection, transferEncoding, contentLength, te, trailer, upgrade,
        expect
    case authorization, proxyAuthorization, xAPIKey, apiKey, xGoogAPIKey, cookie, setCookie
    case contentType, contentEncoding, acceptEncoding, xRequestID, forwarded, xForwarded, xWeir, retryAfter, server,
        date
    case rateLimit, proxyAuthenticate
    /// What only the providers of one dialect understand, `anthropic-version` by itself.
    case anthropicVersion, ofDialect
    case origin, accessControl, accessControlRequestMethod, accessControlRequestHeaders, altSvc, strictTransportSecurity

    /// Fields of one hop, which never cross a proxy (RFC 9110 section 7.6.1).
    public var isHopByHop: Bool {
        switch self {
        case .connection, .keepAlive, .proxyConnection, .transferEncoding, .te, .trailer, .upgrade, .proxyAuthorization,
            .proxyAuthenticate:
            true
        default: false
        }
    }
}

/// One header field as offsets into the buffer that holds the head.
public struct HTTPField: Sendable {
    public var nameStart: UInt32
    public var nameCount: UInt32
    public var valueStart: UInt32
    public var valueCount: UInt32
    public var name: HTTPFieldName

    @inline(__always) public var nameRange: Range<Int> { Int(nameStart)..<Int(nameStart &+ nameCount) }
    @inline(__always) public var valueRange: Range<Int> { Int(valueStart)..<Int(valueStart &+ valueCount) }
    /// Name, colon, white space and value as they stand.
    @inline(__always) public var lineRange: Range<Int> { Int(nameStart)..<Int(valueStart &+ valueCount) }
}

/// How the end of a body is found.
public enum HTTPBodyFraming: Hashable, Sendable {
    case none
    case length(UInt64)
    case chunked
    /// Only answers: the body ends with the connection.
    case untilClose
}

public enum HTTPMethod: UInt8, Sendable {
    case get, post, put, patch, delete, head, options, other

    /// As a request line has it; empty for `other`.
    @inlinable public var name: StaticString {
        switch self {
        case .post: "POST"
        case .get: "GET"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .head: "HEAD"
        case .options: "OPTIONS"
        case .other: ""
        }
    }
}

/// The parsed head of one message: a reusable index of offsets into a buffer, nothing copied.
///
/// - Shape: offsets count from the first byte of the head. They hold as long as the head stays at the start of its buffer.
/// - Source: RFC 9112, read strictly: CRLF only, no folding, no white space before a colon, one framing.
///
/// A class, because it is made once for a connection and handed to every stage of every request: as a struct its copies cost
/// more than its parsing.
public final class HTTPHead {
    /// Bytes of the head with its empty line.
    public private(set) var byteCount = 0
    public private(set) var method = HTTPMethod.other
    public private(set) var methodRange = 0..<0
    public private(set) var targetRange = 0..<0
    /// The path of the target, without scheme and authority and without the query; `*` as it stands. Empty: that of the
    /// authority itself.
    public private(set) var pathRange = 0..<0
    /// What follows the question mark of the target.
    public private(set) var queryRange = 0..<0
    public private(set) var status = 0
    public private(set) var minorVersion = 1
    public private(set) var fields: [HTTPField] = []
    /// Bit n: there is a field whose name has the raw value n.
    private var presentNames: UInt64 = 0
    public private(set) var framing = HTTPBodyFraming.none
    public private(set) var keepsAlive = true
    public private(set) var expectsContinue = false
    /// Ranges of the names that `Connection` lists: they are of this hop too.
    public private(set) var connectionNames: [Range<Int>] = []

    /// Nothing of the request has been looked at yet.
    private var mayHaveEmptyLine = true
    /// Where the search for the end of the head goes on when more bytes arrive.
    private var searched = 0
    private var startLineIsRead = false

    public static let fieldCountMax = 100
    /// Of the request target. RFC 9112 section 3 wants at least 8,000.
    public static let targetBytesMax = 8 * 1024
    /// Longer than any in the registry (UPDATEREDIRECTREF), of which few are used.
    public static let methodBytesMax = 20
    /// Names that `Connection` may list: each is compared with each field.
    public static let connectionNamesMax = 32

    public init() { fields.reserveCapacity(24) }

    /// The same head, for a copy of its bytes.
    public init(copying other: HTTPHead) {
        byteCount = other.byteCount
        method = other.method
        methodRange = other.methodRange
        targetRange = other.targetRange
        pathRange = other.pathRange
        queryRange = other.queryRange
        minorVersion = other.minorVersion
        fields = other.fields
        presentNames = other.presentNames
        framing = other.framing
        keepsAlive = other.keepsAlive
        expectsContinue = other.expectsContinue
        connectionNames = other.connectionNames
    }

    private func reset() {
        byteCount = 0
        method = .other
        status = 0
        minorVersion = 1
        fields.removeAll(keepingCapacity: true)
        presentNames = 0
        framing = .none
        keepsAlive = true
        expectsContinue = false
        if !connectionNames.isEmpty { connectionNames.removeAll(keepingCapacity: true) }
        connectionIsPresent = false
        contentLength = nil
        transferIsChunked = false
        hostCount = 0
    }

    // What the fields said, until the framing is decided.
    private var connectionIsPresent = false
    private var contentLength: UInt64?
    private var transferIsChunked = false
    private var hostCount = 0

    /// Parses the request head at the start of `input`, where an empty line is dropped first: some clients send one behind the body of
    /// the request before (RFC 9112 section 2.2).
    ///
    /// - Errors: as `parseRequest`. Once for each request: `restart` comes before the first call.
    @inline(__always)
    public func parseRequest(from input: ByteBuffer, headBytesMax: Int) throws(HTTPError) -> Bool {
        if mayHaveEmptyLine, input.count > 1 {
            mayHaveEmptyLine = false
            let bytes = unsafe input.readable
            if unsafe bytes[0] == 0x0d && bytes[1] == 0x0a {
                input.consume(2)
                forgetProgress()
            }
        }
        guard !input.isEmpty else { return false }
        return try unsafe parseRequest(input.readable, headBytesMax: headBytesMax)
    }

    /// Parses the request head at the start of `bytes`.
    ///
    /// - Errors: `HTTPError`. Returns false when the head is not complete: call again with more bytes. A head that cannot become
    ///   one is refused at once, so that nobody waits for its end.
    public func parseRequest(_ bytes: UnsafeRawBufferPointer, headBytesMax: Int) throws(HTTPError) -> Bool {
        guard let end = try unsafe findEnd(bytes, headBytesMax: headBytesMax, isRequest: true) else { return false }
        reset()
        byteCount = end
        var cursor = try unsafe parseRequestLine(bytes)
        while cursor < end - 2 { cursor = try unsafe parseField(bytes, at: cursor, end: end) }
        if minorVersion == 1, hostCount != 1 { throw .malformedHost }
        if hostCount > 1 { throw .malformedHost }
        if transferIsChunked {
            // A request with both could be read in two ways (RFC 9112 section 6.1); one in HTTP/1.0 likewise.
            guard contentLength == nil, minorVersion == 1 else { throw .ambiguousFraming }
            framing = .chunked
        } else if let contentLength {
            framing = contentLength == 0 ? .none : .length(contentLength)
        }
        if minorVersion == 0 {
            if !connectionIsPresent { keepsAlive = false }
            // Whoever speaks HTTP/1.0 does not know the interim answer (RFC 9110 section 10.1.1).
            expectsContinue = false
        }
        return true
    }

    /// Parses the head of an answer. `requestWasHead`: the body is absent whatever the fields say.
    public func parseResponse(
        _ bytes: UnsafeRawBufferPointer, headBytesMax: Int, requestWasHead: Bool = false
    ) throws(HTTPError) -> Bool {
        guard let end = try unsafe findEnd(bytes, headBytesMax: headBytesMax, isRequest: false) else { return false }
        reset()
        byteCount = end
        var cursor = try unsafe parseStatusLine(bytes)
        while cursor < end - 2 { cursor = try unsafe parseField(bytes, at: cursor, end: end) }
        // HTTP/1.0 has no transfer codings: whoever sends one means something else (RFC 9112 section 6.1).
        if transferIsChunked, contentLength != nil || minorVersion == 0 { throw .ambiguousFraming }
        if requestWasHead || status < 200 || status == 204 || status == 304 {
            framing = .none
        } else if transferIsChunked {
            framing = .chunked
        } else if let contentLength {
            framing = contentLength == 0 ? .none : .length(contentLength)
        } else {
            framing = .untilClose
            keepsAlive = false
        }
        if minorVersion == 0, !connectionIsPresent { keepsAlive = false }
        return true
    }

    /// The end of the head: one past its empty line; nil when it has not arrived.
    private func findEnd(
        _ bytes: UnsafeRawBufferPointer, headBytesMax: Int, isRequest: Bool
    ) throws(HTTPError) -> Int? {
        let from = max(0, searched - 3)
        let hit = unsafe bytes.count > from ? weir_find_empty_line(bytes.baseAddress! + from, bytes.count - from) : -1
        if hit >= 0 {
            let end = from + hit + 4
            guard end <= headBytesMax else { throw unsafe tooLarge(bytes, headBytesMax, isRequest) }
            searched = 0
            startLineIsRead = false
            return end
        }
        guard bytes.count < headBytesMax else { throw unsafe tooLarge(bytes, headBytesMax, isRequest) }
        try unsafe checkUnfinished(bytes, isRequest: isRequest)
        searched = bytes.count
        return nil
    }

    /// Which part of the head it is that does not end.
    private func tooLarge(_ bytes: UnsafeRawBufferPointer, _ limit: Int, _ isRequest: Bool) -> HTTPError {
        let start = unsafe UnsafeRawBufferPointer(rebasing: bytes[..<limit])
        guard isRequest, unsafe !start.contains(0x0a) else { return .headTooLarge }
        return unsafe start.contains(0x20) ? .targetTooLong : .methodTooLong
    }

    /// Lines that have arrived end with CRLF, and the first of them is a start line: else the end of the head would never come.
    private func checkUnfinished(_ bytes: UnsafeRawBufferPointer, isRequest: Bool) throws(HTTPError) {
        guard let base = bytes.baseAddress else { return }
        var index = searched
        while index < bytes.count, let hit = unsafe memchr(base + index, 0x0a, bytes.count - index) {
            index = unsafe UnsafeRawPointer(hit) - base + 1
            guard index > 1, unsafe bytes[index - 2] == 0x0d else {
                throw startLineIsRead ? .malformedHeader : .malformedStartLine
            }
            guard !startLineIsRead else { continue }
            startLineIsRead = true
            reset()
            byteCount = index
            _ = isRequest ? try unsafe parseRequestLine(bytes) : try unsafe parseStatusLine(bytes)
        }
    }

    /// Forgets a half-arrived head: the connection is used for something else.
    public func restart() {
        mayHaveEmptyLine = true
        forgetProgress()
    }

    private func forgetProgress() {
        searched = 0
        startLineIsRead = false
        // What is refused before its own request line was read is not answered by that of the request before.
        method = .other
        minorVersion = 1
    }

    private func parseRequestLine(_ bytes: UnsafeRawBufferPointer) throws(HTTPError) -> Int {
        var index = 0
        while unsafe HTTPBytes.isToken(bytes[index]) { index &+= 1 }
        guard index > 0, unsafe bytes[index] == 0x20 else { throw .malformedStartLine }
        guard index <= Self.methodBytesMax else { throw .methodTooLong }
        methodRange = 0..<index
        method = unsafe HTTPBytes.method(bytes, methodRange)
        index &+= 1
        let start = index
        while unsafe HTTPBytes.isPath(bytes[index]) { index &+= 1 }
        pathRange = start..<index
        queryRange = index..<index
        if unsafe bytes[index] == UInt8(ascii: "?") {
            repeat { index &+= 1 } while unsafe HTTPBytes.isQuery(bytes[index])
            queryRange = (pathRange.upperBound + 1)..<index
        }
        guard unsafe bytes[index] == 0x20 else {
            throw unsafe bytes[index] == 0x0d ? .malformedStartLine : .malformedTarget
        }
        guard index > start else { throw .malformedStartLine }
        guard index - start <= Self.targetBytesMax else { throw .targetTooLong }
        targetRange = start..<index
        if unsafe bytes[start] != UInt8(ascii: "/") { try unsafe parseOtherTarget(bytes) }
        return try unsafe parseVersion(bytes, at: index &+ 1, isLast: true)
    }

    /// A target that is not simply a path (RFC 9112 section 3.2).
    private func parseOtherTarget(_ bytes: UnsafeRawBufferPointer) throws(HTTPError) {
        if unsafe HTTPBytes.isExactly(bytes, targetRange, "*") {
            guard method == .options else { throw .malformedTarget }
            return
        }
        if unsafe HTTPBytes.isExactly(bytes, methodRange, "CONNECT") {
            guard unsafe HTTPBytes.isAuthority(bytes, targetRange, mayBeEmpty: false) else { throw .malformedTarget }
            return
        }
        let scheme = ["http://", "https://"].first { (scheme: StaticString) in
            unsafe scheme.utf8CodeUnitCount < targetRange.count
                && HTTPBytes.equals(bytes, targetRange.prefix(scheme.utf8CodeUnitCount), scheme)
        }
        guard let scheme else { throw .malformedTarget }
        let start = targetRange.lowerBound + scheme.utf8CodeUnitCount
        let end = max(start, pathRange.upperBound)
        let slash = unsafe bytes[start..<end].firstIndex(of: UInt8(ascii: "/")) ?? end
        // The host in the target is the one that counts (RFC 9112 section 3.2.2); Weir serves all names alike. A user in
        // front of it is an attempt to be taken for someone else (RFC 9110 section 4.2.4).
        guard unsafe HTTPBytes.isAuthority(bytes, start..<slash, mayBeEmpty: false) else { throw .malformedTarget }
        pathRange = slash..<end
    }

    private func parseStatusLine(_ bytes: UnsafeRawBufferPointer) throws(HTTPError) -> Int {
        var index = try unsafe parseVersion(bytes, at: 0, isLast: false)
        guard index + 4 < byteCount, unsafe bytes[index] == 0x20 else { throw .malformedStartLine }
        var code = 0
        for offset in 1...3 {
            let digit = unsafe bytes[index + offset]
            guard digit >= 48, digit <= 57 else { throw .malformedStartLine }
            code = code * 10 + Int(digit - 48)
        }
        guard code >= 100, code <= 599 else { throw .malformedStartLine }
        status = code
        index += 4
        guard unsafe bytes[index] == 0x20 || bytes[index] == 0x0d else { throw .malformedStartLine }
        while unsafe bytes[index] >= 0x20 && bytes[index] != 0x7f || bytes[index] == 0x09 { index += 1 }
        guard unsafe bytes[index] == 0x0d, unsafe bytes[index + 1] == 0x0a else { throw .malformedStartLine }
        return index + 2
    }

    private func parseVersion(
        _ bytes: UnsafeRawBufferPointer, at start: Int, isLast: Bool
    ) throws(HTTPError) -> Int {
        guard start + 10 <= byteCount else { throw .malformedStartLine }
        let base = unsafe bytes.baseAddress.unsafelyUnwrapped + start
        guard unsafe memcmp(base, "HTTP/", 5) == 0, unsafe bytes[start + 6] == 0x2e,
            unsafe (48...57).contains(bytes[start + 5]), unsafe (48...57).contains(bytes[start + 7])
        else { throw .malformedStartLine }
        guard unsafe bytes[start + 5] == 0x31 else { throw .unsupportedVersion }
        // Whoever speaks a later minor version understands this one (RFC 9110 section 2.5).
        minorVersion = unsafe bytes[start + 7] == 48 ? 0 : 1
        guard isLast else { return start + 8 }
        guard unsafe bytes[start + 8] == 0x0d, unsafe bytes[start + 9] == 0x0a else { throw .malformedStartLine }
        return start + 10
    }

    @inline(__always)
    private func parseField(_ bytes: UnsafeRawBufferPointer, at start: Int, end: Int) throws(HTTPError) -> Int {
        var index = start
        while unsafe HTTPBytes.isToken(bytes[index]) { index &+= 1 }
        // No white space before the colon, and none at the start of the line: that would be a folded line.
        guard index > start, unsafe bytes[index] == 0x3a else { throw .malformedHeader }
        let nameEnd = index
        index &+= 1
        while unsafe bytes[index] == 0x20 || bytes[index] == 0x09 { index &+= 1 }
        let valueStart = index
        index = unsafe HTTPBytes.endOfValue(bytes, from: index, end: end)
        guard unsafe bytes[index] == 0x0d, unsafe bytes[index &+ 1] == 0x0a else { throw .malformedHeader }
        var valueEnd = index
        while valueEnd > valueStart, unsafe bytes[valueEnd &- 1] == 0x20 || bytes[valueEnd &- 1] == 0x09 {
            valueEnd &-= 1
        }
        guard fields.count < Self.fieldCountMax else { throw .tooManyHeaders }
        let name = unsafe HTTPBytes.classify(bytes, start, nameEnd &- start)
        presentNames |= 1 << UInt64(name.rawValue)
        fields.append(
            HTTPField(
                nameStart: UInt32(truncatingIfNeeded: start), nameCount: UInt32(truncatingIfNeeded: nameEnd &- start),
                valueStart: UInt32(truncatingIfNeeded: valueStart),
                valueCount: UInt32(truncatingIfNeeded: valueEnd &- valueStart), name: name))
        switch name {
        case .contentLength, .transferEncoding, .connection, .expect, .host:
            try unsafe interpret(name, bytes, start..<nameEnd, valueStart..<valueEnd)
        default: break
        }
        return index &+ 2
    }

    private func interpret(
        _ name: HTTPFieldName, _ bytes: UnsafeRawBufferPointer, _ nameRange: Range<Int>, _ range: Range<Int>
    ) throws(HTTPError) {
        switch name {
        case .contentLength:
            // With an underscore it is no framing here, and would be at an upstream that reads names so.
            guard unsafe HTTPBytes.isName(bytes, nameRange, "content-length") else { throw .malformedHeader }
            guard contentLength == nil else { throw .ambiguousFraming }
            guard let length = unsafe HTTPBytes.decimal(bytes, range) else {
                throw unsafe HTTPBytes.isDecimal(bytes, range) ? .bodyTooLarge : .malformedContentLength
            }
            contentLength = length
        case .transferEncoding:
            guard unsafe HTTPBytes.isName(bytes, nameRange, "transfer-encoding") else { throw .malformedHeader }
            guard !transferIsChunked else { throw .ambiguousFraming }
            guard unsafe HTTPBytes.equals(bytes, range, "chunked") else {
                throw unsafe endsWithChunked(bytes, range) ? .unsupportedTransferEncoding : .unframedTransferEncoding
            }
            transferIsChunked = true
        case .host:
            hostCount += 1
            guard unsafe HTTPBytes.isAuthority(bytes, range, mayBeEmpty: true) else { throw .malformedHost }
        case .expect:
            guard unsafe HTTPBytes.equals(bytes, range, "100-continue") else { throw .unsupportedExpectation }
            expectsContinue = true
        case .connection: try unsafe interpretConnection(bytes, range)
        default: break
        }
    }

    /// Codings that this server does not know, and then chunked, once.
    private func endsWithChunked(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        let codings = unsafe bytes[range].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        let chunked = unsafe codings.indices.filter { index in
            var coding = unsafe codings[index].startIndex..<codings[index].endIndex
            while let first = coding.first, unsafe bytes[first] == 0x20 || bytes[first] == 0x09 { coding.removeFirst() }
            while let last = coding.last, unsafe bytes[last] == 0x20 || bytes[last] == 0x09 { coding.removeLast() }
            return unsafe HTTPBytes.equals(bytes, coding, "chunked")
        }
        return unsafe chunked == [codings.count - 1]
    }

    private func interpretConnection(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) throws(HTTPError) {
        if !connectionIsPresent { keepsAlive = minorVersion == 1 }
        connectionIsPresent = true
        var index = range.lowerBound
        while index < range.upperBound {
            while index < range.upperBound, unsafe bytes[index] == 0x2c || bytes[index] == 0x20 || bytes[index] == 0x09
            { index += 1 }
            let start = index
            while index < range.upperBound, unsafe bytes[index] != 0x2c, unsafe bytes[index] != 0x20,
                unsafe bytes[index] != 0x09
            { index += 1 }
            let option = start..<index
            if option.isEmpty { continue }
            if unsafe HTTPBytes.equals(bytes, option, "close") {
                keepsAlive = false
            } else if unsafe HTTPBytes.equals(bytes, option, "keep-alive") {
                if minorVersion == 0 { keepsAlive = true }
            } else {
                guard connectionNames.count < Self.connectionNamesMax else { throw .tooManyHeaders }
                connectionNames.append(option)
            }
        }
    }

    /// The first field of that name.
    @inline(__always)
    public func first(_ name: HTTPFieldName) -> HTTPField? {
        // Most of what is asked for is not there.
        guard presentNames & 1 << UInt64(name.rawValue) != 0 else { return nil }
        return firstPresent(name)
    }

    private func firstPresent(_ name: HTTPFieldName) -> HTTPField? {
        // By their places: a loop over the fields themselves would hold them.
        for place in fields.indices where fields[place].name == name { return fields[place] }
        return nil
    }
}
