import CLinux
import Glibc

/// Why a message is refused. Each says which status a server answers with.
public enum HTTPError: Error, Hashable, Sendable {
    case malformedStartLine
    case malformedHeader
    case unsupportedVersion
    case headTooLarge
    case tooManyHeaders
    /// Two framing fields that could be read in two ways: request smuggling begins here.
    case ambiguousFraming
    case unsupportedTransferEncoding
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
        case .unsupportedTransferEncoding: 501
        case .bodyTooLarge: 413
        case .unsupportedExpectation: 417
        default: 400
        }
    }

    public var message: String {
        switch self {
        case .malformedStartLine: "The request line is malformed."
        case .malformedHeader: "A header field is malformed."
        case .unsupportedVersion: "Only HTTP/1.0 and HTTP/1.1 are spoken here."
        case .headTooLarge: "The request head is too large."
        case .tooManyHeaders: "The request has too many header fields."
        case .ambiguousFraming:
            "The length of the request is ambiguous: send either one Content-Length or Transfer-Encoding: chunked."
        case .unsupportedTransferEncoding: "The only transfer coding understood here is chunked."
        case .malformedContentLength: "The Content-Length is not a number."
        case .malformedHost: "An HTTP/1.1 request needs exactly one Host field."
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
    public private(set) var status = 0
    public private(set) var minorVersion = 1
    public private(set) var fields: [HTTPField] = []
    public private(set) var framing = HTTPBodyFraming.none
    public private(set) var keepsAlive = true
    public private(set) var expectsContinue = false
    /// Ranges of the names that `Connection` lists: they are of this hop too.
    public private(set) var connectionNames: [Range<Int>] = []

    /// Where the search for the end of the head goes on when more bytes arrive.
    private var searched = 0

    public static let fieldCountMax = 100

    public init() { fields.reserveCapacity(24) }

    private func reset() {
        byteCount = 0
        method = .other
        status = 0
        minorVersion = 1
        fields.removeAll(keepingCapacity: true)
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

    /// Parses the request head at the start of `bytes`.
    ///
    /// - Errors: `HTTPError`. Returns false when the head is not complete: call again with more bytes.
    public func parseRequest(_ bytes: UnsafeRawBufferPointer, headBytesMax: Int) throws(HTTPError) -> Bool {
        guard let end = try unsafe findEnd(bytes, headBytesMax: headBytesMax) else { return false }
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
        if minorVersion == 0, !connectionIsPresent { keepsAlive = false }
        return true
    }

    /// Parses the head of an answer. `requestWasHead`: the body is absent whatever the fields say.
    public func parseResponse(
        _ bytes: UnsafeRawBufferPointer, headBytesMax: Int, requestWasHead: Bool = false
    ) throws(HTTPError) -> Bool {
        guard let end = try unsafe findEnd(bytes, headBytesMax: headBytesMax) else { return false }
        reset()
        byteCount = end
        var cursor = try unsafe parseStatusLine(bytes)
        while cursor < end - 2 { cursor = try unsafe parseField(bytes, at: cursor, end: end) }
        if requestWasHead || status < 200 || status == 204 || status == 304 {
            framing = .none
        } else if transferIsChunked {
            guard contentLength == nil else { throw .ambiguousFraming }
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
    private func findEnd(_ bytes: UnsafeRawBufferPointer, headBytesMax: Int) throws(HTTPError) -> Int? {
        let from = max(0, searched - 3)
        if bytes.count > from, let base = bytes.baseAddress,
            let hit = unsafe memmem(base + from, bytes.count - from, "\r\n\r\n", 4)
        {
            let end = unsafe UnsafeRawPointer(hit) - base + 4
            guard end <= headBytesMax else { throw .headTooLarge }
            searched = 0
            return end
        }
        guard bytes.count < headBytesMax else { throw .headTooLarge }
        searched = bytes.count
        return nil
    }

    /// Forgets a half-arrived head: the connection is used for something else.
    public func restart() { searched = 0 }

    private func parseRequestLine(_ bytes: UnsafeRawBufferPointer) throws(HTTPError) -> Int {
        var index = 0
        while unsafe HTTPBytes.isToken(bytes[index]) { index &+= 1 }
        guard index > 0, index <= 20, unsafe bytes[index] == 0x20 else { throw .malformedStartLine }
        methodRange = 0..<index
        method = unsafe HTTPBytes.method(bytes, methodRange)
        index &+= 1
        let start = index
        // Visible ASCII only: no white space, no control characters, and nothing that needs decoding to be compared.
        while unsafe bytes[index] > 0x20, unsafe bytes[index] < 0x7f { index &+= 1 }
        guard index > start, unsafe bytes[index] == 0x20 else { throw .malformedStartLine }
        targetRange = start..<index
        index &+= 1
        return try unsafe parseVersion(bytes, at: index, isLast: true)
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
        while unsafe bytes[index] >= 0x20 || bytes[index] == 0x09 { index += 1 }
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
        guard unsafe bytes[start + 5] == 0x31, unsafe bytes[start + 7] <= 0x31 else { throw .unsupportedVersion }
        minorVersion = unsafe Int(bytes[start + 7] - 48)
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
        // The head ends with CRLF CRLF, so a carriage return stops this loop before the end of the bytes.
        while unsafe bytes[index] >= 0x20 && bytes[index] != 0x7f || bytes[index] == 0x09 { index &+= 1 }
        guard unsafe bytes[index] == 0x0d, unsafe bytes[index &+ 1] == 0x0a else { throw .malformedHeader }
        var valueEnd = index
        while valueEnd > valueStart, unsafe bytes[valueEnd &- 1] == 0x20 || bytes[valueEnd &- 1] == 0x09 {
            valueEnd &-= 1
        }
        guard fields.count < Self.fieldCountMax else { throw .tooManyHeaders }
        let name = unsafe HTTPBytes.classify(bytes, start, nameEnd &- start)
        fields.append(
            HTTPField(
                nameStart: UInt32(truncatingIfNeeded: start), nameCount: UInt32(truncatingIfNeeded: nameEnd &- start),
                valueStart: UInt32(truncatingIfNeeded: valueStart),
                valueCount: UInt32(truncatingIfNeeded: valueEnd &- valueStart), name: name))
        switch name {
        case .contentLength, .transferEncoding, .connection, .expect, .host:
            try unsafe interpret(name, bytes, valueStart..<valueEnd)
        default: break
        }
        return index &+ 2
    }

    private func interpret(
        _ name: HTTPFieldName, _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>
    ) throws(HTTPError) {
        switch name {
        case .contentLength:
            guard contentLength == nil else { throw .ambiguousFraming }
            guard let length = unsafe HTTPBytes.decimal(bytes, range) else { throw .malformedContentLength }
            contentLength = length
        case .transferEncoding:
            guard !transferIsChunked else { throw .ambiguousFraming }
            guard unsafe HTTPBytes.equals(bytes, range, "chunked") else { throw .unsupportedTransferEncoding }
            transferIsChunked = true
        case .host: hostCount += 1
        case .expect:
            guard unsafe HTTPBytes.equals(bytes, range, "100-continue") else { throw .unsupportedExpectation }
            expectsContinue = true
        case .connection: unsafe interpretConnection(bytes, range)
        default: break
        }
    }

    private func interpretConnection(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
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
                connectionNames.append(option)
            }
        }
    }

    /// The first field of that name.
    public func first(_ name: HTTPFieldName) -> HTTPField? {
        for field in fields where field.name == name { return field }
        return nil
    }
}
