import Shared

/// A request that is a form with files: recordings to be written down, pictures to be changed.
///
/// - Shape: its beginning is held, as far as it takes to know what is asked for; the rest passes to the provider while it arrives. What comes
///   behind that is too late to be looked at, so a field that Weir reads must not come there.
/// - Source: OpenAI API reference, "Create transcription", "Create translation", "Create image edit".
enum FormRequest {
    /// A file goes on its way once the fields in front of it are known and so much has arrived: a form that is smaller is held whole, and can
    /// be sent again where a provider fails.
    static let heldBytes = 64 * 1024
    /// So much is held of a form whose model stands behind a file. Callers who put it there have short recordings, or are told.
    static let heldBytesMax = 8 * 1024 * 1024

    static let watched: Set<String> = ["model", "n", "user", "stream", "partial_images"]

    /// - Errors: the body is no form.
    static func scanner(
        of head: HTTPHead, _ bytes: UnsafeRawBufferPointer, watching watched: Set<String> = watched,
        takesOneFile: Bool = false
    ) throws(ParseError) -> MultipartScanner {
        let types = head.fields.filter { $0.name == .contentType }
        guard types.count <= 1 else { throw .invalidField("", reason: "it has more than one Content-Type") }
        let type = types.first.map { unsafe String(decoding: bytes[$0.valueRange], as: UTF8.self) } ?? ""
        let parameters = type.split(separator: ";").map { $0.drop { $0 == " " || $0 == "\t" } }
        guard parameters.first?.lowercased() == "multipart/form-data" else {
            throw .invalidField("", reason: "this endpoint takes a form, with Content-Type: multipart/form-data")
        }
        guard let name = boundary(of: parameters.dropFirst()) else {
            throw .invalidField("", reason: "its Content-Type names no boundary, or one that is none")
        }
        return MultipartScanner(boundary: Array(name.utf8), watching: watched, takesOneFile: takesOneFile)
    }

    /// The boundary that every parser reads: named once, and of the characters that it may have. By another one it would be another form.
    ///
    /// - Source: RFC 2046 section 5.1.1, but for spaces.
    private static func boundary(of parameters: some Sequence<Substring>) -> Substring? {
        let named = parameters.filter { $0.lowercased().hasPrefix("boundary") }
        guard named.count == 1, var value = named.first, value.lowercased().hasPrefix("boundary=") else { return nil }
        value = value.dropFirst(9)
        while value.last == " " || value.last == "\t" { value.removeLast() }
        if value.count >= 2, value.first == "\"", value.last == "\"" { value = value.dropFirst().dropLast() }
        // RFC 2046 allows 70; some clients are generous.
        guard (1...200).contains(value.utf8.count) else { return nil }
        let isPlain = value.utf8.allSatisfy { byte in
            (byte | 0x20) &- 97 < 26 || byte &- 48 < 10 || "'()+_,-./:=?".utf8.contains(byte)
        }
        return isPlain ? value : nil
    }

    /// Whether what has been held so far is enough to begin with.
    static func isEnough(_ scanner: MultipartScanner, heldBytes: Int) -> Bool {
        heldBytes >= heldBytesMax
            || heldBytes >= Self.heldBytes && scanner.isInFile && scanner.value("model") != nil
    }

    /// The facts of a form whose beginning has been scanned.
    static func parse(
        _ scanner: MultipartScanner, isWhole: Bool, bodyBytes: Int, endpoint: Endpoint
    ) throws(ParseError) -> ParsedRequest {
        guard !isWhole || scanner.isAtEnd else { throw .invalidField("", reason: "the form has no end") }
        guard let model = scanner.fields.first(where: { $0.name == "model" }) else {
            guard !isWhole else { throw .missingModel }
            throw .invalidField(
                "model",
                reason:
                    "it does not stand in the first \(heldBytesMax >> 20) MiB of the form; put it in front of the file")
        }
        // A string's range has its quotes; here it is the line breaks around it.
        let field = JSONField(
            start: model.range.lowerBound - 1, end: model.range.upperBound + 1, kind: .string, occurrences: 1)
        let request = ParsedRequest(
            endpoint: endpoint, model: field, fields: try PassedFields.none(), bodyBytes: bodyBytes)
        request.isForm = true
        // What lies in a file has the size of neither its bytes nor its text.
        request.prompt.hasUnknownInput = true
        request.isStream = try flag("stream", scanner)
        request.choiceCount = max(1, try whole("n", scanner) ?? 1)
        request.unitsMax = request.choiceCount
        request.addedOutputTokens = (try whole("partial_images", scanner) ?? 0)
            .multipliedSaturating(by: ImageRequest.tokensOfPartialImage)
        if let user = scanner.value("user") { request.setEndUser(user) }
        return request
    }

    private static func whole(_ name: StaticString, _ scanner: MultipartScanner) throws(ParseError) -> UInt64? {
        guard let value = scanner.value(name.description), !value.isEmpty else { return nil }
        guard let number = UInt64(String(decoding: value, as: UTF8.self)) else {
            throw .wrongType(field: name, want: "a whole number")
        }
        return number
    }

    private static func flag(_ name: StaticString, _ scanner: MultipartScanner) throws(ParseError) -> Bool {
        switch scanner.value(name.description).map({ String(decoding: $0, as: UTF8.self).lowercased() }) {
        case nil, "", "false", "0": return false
        case "true", "1": return true
        default: throw .wrongType(field: name, want: "true or false")
        }
    }

    /// The target's name for the model, in the place of the caller's.
    static func edits(for request: ParsedRequest, _ target: CompiledTarget) -> JSONEdits {
        var edits = JSONEdits()
        edits.replace((request.model.start + 1)..<(request.model.end - 1), with: Array(target.identity.modelName.utf8))
        return edits
    }
}

extension ClientStream {
    /// Reads the beginning of a form, as much of it as is needed to know what is asked for.
    ///
    /// - Parameters:
    ///   - limit: on the whole form.
    ///   - isEnough: says so of what has been scanned.
    /// - Returns: whether the form is whole; otherwise the rest can pass (`BodyUpload`).
    func readForm(
        _ scanner: inout MultipartScanner, limit: Int,
        until isEnough: (_ scanned: MultipartScanner, _ heldBytes: Int) -> Bool
    ) async throws(ParseError) -> Bool {
        var held = 0
        return try unsafe await readBody(limit: limit, heldMax: FormRequest.heldBytesMax) { piece throws(ParseError) in
            try unsafe scanner.feed(piece)
            held += piece.count
            return isEnough(scanner, held)
        }
    }
}
