import Shared

/// Reads the fields of a multipart form while its body passes by in pieces. Files are stepped over.
///
/// - Shape: any splitting gives the same. Ranges count from the first byte of the body.
/// - Errors: `invalidField` for what two parsers need not read alike: a part that is not as RFC 7578 has it, a field of Weir's twice.
/// - Source: RFC 2046 section 5.1, RFC 7578.
struct MultipartScanner {
    /// A field that Weir reads, with its value.
    struct Field: Equatable {
        let name: String
        let value: [UInt8]
        /// Of the value, in the body.
        let range: Range<Int>
    }

    /// A part with a file's name.
    struct File: Equatable {
        /// Of the part.
        let name: String
        /// Where the file's name begins in the body, behind its quote; nil: it is written in another way.
        let fileNameStart: Int?
    }

    private enum State {
        /// In a part, or in front of the first one.
        case content
        /// Behind a delimiter: what follows says whether it is the last one.
        case behindDelimiter
        case headers
        /// In the line of the last delimiter.
        case endLine
        /// Behind it.
        case end
    }

    /// Line break, two dashes and the boundary.
    private let delimiter: [UInt8]
    private let watched: Set<String>
    private var state = State.content
    /// How many bytes of the delimiter have been seen. The first one needs no line break in front of it.
    private var matched = 2
    /// The first delimiter has been seen.
    private var hasBegun = false
    /// Header lines of the part that begins.
    private var header: [UInt8] = []
    /// What follows a delimiter, until it is known what that is.
    private var mark: [UInt8] = []
    /// Of the field that is read; nil: the part is of no interest.
    private var name: String?
    private var value: [UInt8] = []
    private var valueStart = 0
    private var offset = 0

    private(set) var fields: [Field] = []
    /// A form with a second file is refused; the first one's name is looked for.
    private let takesOneFile: Bool
    private(set) var file: File?
    /// A part with a file's name has begun and has not ended.
    private(set) var isInFile = false
    var isAtEnd: Bool { state == .end || state == .endLine }

    private static let headerBytesMax = 8 * 1024
    private static let valueBytesMax = 4 * 1024

    /// - Parameter watched: the names of the fields that are kept.
    init(boundary: [UInt8], watching watched: Set<String>, takesOneFile: Bool = false) {
        delimiter = Array("\r\n--".utf8) + boundary
        self.watched = watched
        self.takesOneFile = takesOneFile
    }

    /// The value of a field; nil where it did not come.
    func value(_ name: String) -> [UInt8]? { fields.first { $0.name == name }?.value }

    mutating func feed(_ bytes: UnsafeRawBufferPointer) throws(ParseError) {
        var index = 0
        while index < bytes.count {
            switch state {
            case .content: index = try unsafe content(bytes, from: index)
            case .behindDelimiter:
                mark.append(unsafe bytes[index])
                index += 1
                try readMark()
            case .headers:
                header.append(unsafe bytes[index])
                index += 1
                guard header.count <= Self.headerBytesMax else {
                    throw Self.malformed("the header of a part is too long")
                }
                // A part may have no header at all; then it has no name either.
                if header.hasSuffix("\r\n\r\n") || header == Array("\r\n".utf8) {
                    try beginPart(at: offset + index)
                }
            case .endLine:
                mark.append(unsafe bytes[index])
                index += 1
                try readEndLine()
            case .end: index = bytes.count
            }
        }
        offset += bytes.count
    }

    // MARK: Content

    /// Steps over what is no delimiter; files are most of what there is.
    private mutating func content(_ bytes: UnsafeRawBufferPointer, from start: Int) throws(ParseError) -> Int {
        var index = start
        while index < bytes.count {
            if matched == 0 {
                let end = unsafe Self.place(of: 0x0d, in: bytes, from: index)
                try unsafe keep(bytes[index..<end])
                index = end
                if index == bytes.count { break }
            }
            let byte = unsafe bytes[index]
            if byte == delimiter[matched] {
                matched += 1
                index += 1
                guard matched == delimiter.count else { continue }
                try endPart(at: offset + index - delimiter.count)
                return index
            }
            // Text in front of the first delimiter is for readers of mail; some parsers find others in it.
            if !hasBegun {
                guard matched == 2, offset + index == 0, byte == 0x0d else {
                    throw Self.malformed("it does not begin with its boundary")
                }
                matched = 0
                continue
            }
            // No byte of the delimiter but its first is a carriage return, so nothing that has been seen begins another one.
            try keep(delimiter[..<matched])
            matched = 0
        }
        return index
    }

    private mutating func keep(_ bytes: some Collection<UInt8>) throws(ParseError) {
        guard name != nil, !bytes.isEmpty else { return }
        guard value.count + bytes.count <= Self.valueBytesMax else {
            throw .invalidField(name ?? "", reason: "it has more than \(Self.valueBytesMax) bytes")
        }
        value.append(contentsOf: bytes)
    }

    private static func place(of byte: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index < bytes.count, unsafe bytes[index] != byte { index &+= 1 }
        return index
    }

    private mutating func endPart(at end: Int) throws(ParseError) {
        hasBegun = true
        if let name {
            guard !fields.contains(where: { $0.name == name }) else {
                throw .invalidField(name, reason: "it stands in the form more than once; send it once")
            }
            fields.append(Field(name: name, value: value, range: valueStart..<(valueStart + value.count)))
        }
        name = nil
        value = []
        isInFile = false
        mark = []
        state = .behindDelimiter
    }

    // MARK: Between parts

    private mutating func readMark() throws(ParseError) {
        switch mark {
        case [UInt8(ascii: "-")], [0x0d], [0x20], [0x09], [0x20, 0x0d]: return
        case [UInt8(ascii: "-"), UInt8(ascii: "-")]:
            mark = []
            state = .endLine
        case [0x0d, 0x0a], [0x20, 0x0d, 0x0a]:
            header = []
            state = .headers
        // Of all white space the first is enough to know.
        case [0x20, 0x20], [0x20, 0x09], [0x09, 0x20], [0x09, 0x09]: mark = [0x20]
        case [0x09, 0x0d]: mark = [0x20, 0x0d]
        default: throw Self.malformed("a boundary is followed by something else than a line break")
        }
    }

    /// Whoever takes a line with something behind the last delimiter for a part's content finds more parts behind it.
    private mutating func readEndLine() throws(ParseError) {
        switch mark {
        case [0x20], [0x09]: mark = []
        case [0x0d]: return
        case [0x0d, 0x0a]: state = .end
        default: throw Self.malformed("its last boundary is followed by something else than a line break")
        }
    }

    private mutating func beginPart(at start: Int) throws(ParseError) {
        state = .content
        matched = 0
        valueStart = start
        let part = try PartHeader(header)
        isInFile = part.isFile
        if takesOneFile, part.isFile {
            guard file == nil else { throw .invalidField(part.name ?? "", reason: "the form has more than one file") }
            file = File(
                name: part.name ?? "", fileNameStart: part.fileNameStart.map { start - header.count + $0 })
        }
        guard let found = part.name, watched.contains(found) else { return }
        guard !part.isFile, !part.isEncoded else {
            throw .invalidField(found, reason: "it must be a plain field of the form")
        }
        name = found
    }

    fileprivate static func malformed(_ reason: String) -> ParseError { .invalidField("", reason: "\(reason)") }
}

/// What the header of a part says.
///
/// - Errors: `invalidField` for what one parser takes for a name or a line and another does not: folded lines, line breaks and control characters
///   by themselves, escaped quotes, fields and parameters twice.
private struct PartHeader {
    private(set) var name: String?
    private(set) var isFile = false
    /// Its bytes stand for others.
    private(set) var isEncoded = false
    /// Where the file's name begins, behind its quote; nil where it is written in another way than `filename="..."`, once.
    private(set) var fileNameStart: Int?
    private var isDisposed = false

    init(_ bytes: [UInt8]) throws(ParseError) {
        for line in try Self.lines(of: bytes) {
            guard let colon = bytes[line].firstIndex(of: UInt8(ascii: ":")), colon > line.lowerBound,
                bytes[line.lowerBound..<colon].allSatisfy({ $0 > 0x20 && $0 < 0x7f })
            else { throw MultipartScanner.malformed("a line in the header of a part is no field") }
            switch String(decoding: bytes[line.lowerBound..<colon], as: UTF8.self).lowercased() {
            case "content-disposition":
                guard !isDisposed else { throw MultipartScanner.malformed("a part of the form has two dispositions") }
                isDisposed = true
                try read(disposition: (colon + 1)..<line.upperBound, of: bytes)
            case "content-transfer-encoding": isEncoded = true
            default: break
            }
        }
        guard name != nil else { throw MultipartScanner.malformed("a part of the form has no name") }
    }

    /// The lines of a header that ends with an empty one, without their line breaks.
    private static func lines(of bytes: [UInt8]) throws(ParseError) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        for (index, byte) in bytes.enumerated() where byte < 0x20 && byte != 0x09 || byte == 0x7f {
            if byte == 0x0a, index > start, bytes[index - 1] == 0x0d {
                if index - 1 > start { lines.append(start..<(index - 1)) }
                start = index + 1
                continue
            }
            guard byte == 0x0d, index + 1 < bytes.count, bytes[index + 1] == 0x0a else {
                throw MultipartScanner.malformed("the header of a part has a control character")
            }
        }
        guard lines.allSatisfy({ bytes[$0.lowerBound] != 0x20 && bytes[$0.lowerBound] != 0x09 }) else {
            throw MultipartScanner.malformed("a line in the header of a part is folded")
        }
        return lines
    }

    /// `form-data; name="model"; filename="a.mp3"`.
    private mutating func read(disposition range: Range<Int>, of bytes: [UInt8]) throws(ParseError) {
        for parameter in try Self.parameters(in: range, of: bytes).dropFirst() {
            guard let equals = bytes[parameter].firstIndex(of: UInt8(ascii: "=")) else { continue }
            let key = String(decoding: bytes[parameter.lowerBound..<equals], as: UTF8.self)
                .filter { !$0.isWhitespace }.lowercased()
            switch key {
            case "name":
                guard name == nil else { throw MultipartScanner.malformed("a part of the form has two names") }
                name = try Self.unquoted((equals + 1)..<parameter.upperBound, of: bytes)
            case "filename" where !isFile:
                isFile = true
                let isQuoted = equals + 1 < parameter.upperBound && bytes[equals + 1] == UInt8(ascii: "\"")
                let isPlain = bytes[equals - 1] | 0x20 == UInt8(ascii: "e")
                _ = try Self.unquoted((equals + 1)..<parameter.upperBound, of: bytes)
                fileNameStart = isQuoted && isPlain ? equals + 2 : nil
            // Said twice, or in a way that not everybody reads.
            case _ where key.hasPrefix("filename"):
                isFile = true
                fileNameStart = nil
            case _ where key.hasPrefix("name*"):
                throw MultipartScanner.malformed("the name of a part of the form is encoded")
            default: break
            }
        }
    }

    /// What lies between semicolons that are not quoted.
    private static func parameters(in range: Range<Int>, of bytes: [UInt8]) throws(ParseError) -> [Range<Int>] {
        var parameters: [Range<Int>] = []
        var start = range.lowerBound
        var isQuoted = false
        var index = range.lowerBound
        while index < range.upperBound {
            switch bytes[index] {
            case UInt8(ascii: "\\") where isQuoted:
                index += 1
                // For some parsers the quote ends there.
                guard index < range.upperBound, bytes[index] != UInt8(ascii: "\"") else {
                    throw MultipartScanner.malformed("a name in the header of a part has an escaped quote: write %22")
                }
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ";") where !isQuoted:
                parameters.append(start..<index)
                start = index + 1
            default: break
            }
            index += 1
        }
        guard !isQuoted else { throw MultipartScanner.malformed("a quote in the header of a part has no end") }
        return parameters + [start..<range.upperBound]
    }

    /// - Errors: something stands beside the quotes, or there are more than two.
    private static func unquoted(_ range: Range<Int>, of bytes: [UInt8]) throws(ParseError) -> String {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        var value = bytes[range].drop(while: isSpace)
        while let last = value.last, isSpace(last) { value.removeLast() }
        let quote = UInt8(ascii: "\"")
        if value.count >= 2, value.first == quote, value.last == quote { value = value.dropFirst().dropLast() }
        guard !value.contains(quote) else {
            throw MultipartScanner.malformed("a name in the header of a part stands beside its quotes")
        }
        return String(decoding: value, as: UTF8.self)
    }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ text: StaticString) -> Bool {
        guard count >= text.utf8CodeUnitCount else { return false }
        return suffix(text.utf8CodeUnitCount).elementsEqual(text.description.utf8)
    }
}
