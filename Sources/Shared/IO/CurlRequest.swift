import CCurl

/// What to send through libcurl, and how long to wait.
public struct CurlRequest {
    public var method: String
    /// Absolute, `http` or `https`; the path goes out as it stands.
    public var url: String
    public var fields: CurlFields
    /// nil: none. It is read from where it is until the transfer is over, so nobody may write to it meanwhile.
    public var body: ByteBuffer?
    public var limits = CurlLimits()
    /// On a connection that was used before, libcurl repeats by itself what finds it closed; on a new one nothing goes out twice.
    public var usesNewConnection = false
    /// A PEM file in place of the system's certificate authorities.
    public var caBundlePath: String?

    public init(method: String, url: String, fields: CurlFields = CurlFields(), body: ByteBuffer? = nil) {
        self.method = method
        self.url = url
        self.fields = fields
        self.body = body
    }
}

/// How long a transfer may take; nil is without end.
public struct CurlLimits: Sendable {
    /// Name, connection and TLS handshake.
    public var connect = Duration.seconds(5)
    /// From the start to the whole head of the answer.
    public var firstByte: Duration?
    /// Between two pieces of the body, while someone waits for the next one.
    public var idle: Duration?
    /// From the start to the end.
    public var total: Duration?

    public init() {}
}

/// The header fields of one request, in order.
@safe public final class CurlFields {
    private(set) var list: UnsafeMutablePointer<curl_slist>?
    /// A field could not be sent as it is: the request is refused rather than sent without it.
    private(set) var isInvalid = false
    private(set) var hasContentType = false
    private(set) var hasAccept = false

    public init() {
        // Without this libcurl waits up to a second for "100 Continue" before it sends a body of more than a megabyte.
        unsafe add("Expect:")
    }

    public convenience init(_ headers: HTTPHeaders) {
        self.init()
        for field in headers.fields { append(field.name, field.value) }
    }

    deinit { unsafe curl_slist_free_all(list) }

    public func append(_ name: String, _ value: String) {
        // With nothing behind the colon libcurl would leave the field out; this is its way to write an empty one.
        var line = value.isEmpty ? "\(name);" : "\(name): \(value)"
        line.withUTF8 { unsafe append(line: UnsafeRawBufferPointer($0), nameCount: name.utf8.count) }
    }

    /// Appends a line as it came from a caller: name, colon, white space and value, without a line end.
    public func append(line: UnsafeRawBufferPointer, nameCount: Int, valueIsEmpty: Bool) {
        guard valueIsEmpty else { return unsafe append(line: line, nameCount: nameCount) }
        var name = unsafe Array(line[..<nameCount])
        name.append(UInt8(ascii: ";"))
        unsafe name.withUnsafeBytes { unsafe append(line: $0, nameCount: nameCount) }
    }

    private func append(line: UnsafeRawBufferPointer, nameCount: Int) {
        guard nameCount > 0, unsafe line[..<nameCount].allSatisfy(HTTPBytes.isToken),
            unsafe !line.contains(where: { $0 == 0 || $0 == 10 || $0 == 13 })
        else { return isInvalid = true }
        if unsafe HTTPBytes.equals(line, 0..<nameCount, "content-type") { hasContentType = true }
        if unsafe HTTPBytes.equals(line, 0..<nameCount, "accept") { hasAccept = true }
        var text = unsafe [UInt8](line)
        text.append(0)
        unsafe text.withUnsafeBytes { unsafe add($0.assumingMemoryBound(to: CChar.self).baseAddress!) }
    }

    private func add(_ line: UnsafePointer<CChar>) {
        guard let longer = unsafe curl_slist_append(list, line) else { fatalError("out of memory: a header field") }
        unsafe list = unsafe longer
    }

    /// Takes back what libcurl would add of its own.
    func suppressDefaults() {
        if !hasAccept { unsafe add("Accept:") }
        if !hasContentType { unsafe add("Content-Type:") }
    }
}
