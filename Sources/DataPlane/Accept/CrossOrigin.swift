import Shared

/// What browsers are told about requests from pages of other origins, where that is switched on.
///
/// - Source: WHATWG Fetch, section 3.2 (CORS protocol). Keys come in a header field that the page sets, never in cookies, so
///   no answer allows credentials.
struct CrossOrigin {
    private let origins: [[UInt8]]
    private let allowsAll: Bool
    private let maxAgeSeconds: Int

    /// Nil: off, and nothing is looked at.
    init?(_ configuration: CrossOriginConfiguration) {
        guard configuration.isOn else { return nil }
        origins = configuration.allowedOrigins.map { Array($0.utf8) }
        allowsAll = configuration.allowedOrigins.contains("*")
        maxAgeSeconds = configuration.maxAgeSeconds
    }

    /// Appends the fields of any answer: to a page that may read it, that it may.
    func appendFields(for head: HTTPHead, _ bytes: UnsafeRawBufferPointer, to output: ByteBuffer) {
        // A cache must not give one origin's answer to another.
        if !allowsAll { output.append("vary: origin\r\n") }
        guard let origin = unsafe allowedOrigin(head, bytes) else { return }
        output.append("access-control-allow-origin: ")
        if allowsAll { output.append("*") } else { unsafe output.append(origin) }
        output.append("\r\naccess-control-expose-headers: *\r\n")
    }

    /// Appends what a preflight asks for: the methods of the endpoint, and the fields that the page names.
    func appendPreflight(
        for head: HTTPHead, _ bytes: UnsafeRawBufferPointer, allow: StaticString, to output: ByteBuffer
    ) {
        guard unsafe allowedOrigin(head, bytes) != nil, head.first(.accessControlRequestMethod) != nil else { return }
        output.append("access-control-allow-methods: ")
        output.append(allow)
        output.append("\r\n")
        // Named one by one, because "*" does not stand for Authorization.
        if let field = head.first(.accessControlRequestHeaders), unsafe isListOfNames(bytes, field.valueRange) {
            output.append("access-control-allow-headers: ")
            unsafe output.append(UnsafeRawBufferPointer(rebasing: bytes[field.valueRange]))
            output.append("\r\n")
        }
        output.append("access-control-max-age: ")
        output.append(decimal: UInt64(max(0, maxAgeSeconds)))
        output.append("\r\n")
    }

    private func allowedOrigin(_ head: HTTPHead, _ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard let field = head.first(.origin) else { return nil }
        let value = unsafe UnsafeRawBufferPointer(rebasing: bytes[field.valueRange])
        return unsafe allowsAll || origins.contains { unsafe value.elementsEqual($0) } ? value : nil
    }

    /// What is sent back has to be what a list of field names can be.
    private func isListOfNames(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        unsafe !range.isEmpty
            && bytes[range].allSatisfy { $0 == 0x2c || $0 == 0x20 || $0 == 0x09 || HTTPBytes.isToken($0) }
    }
}
