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
        /// Behind the last delimiter.
        case end
    }

    /// Line break, two dashes and the boundary.
    private let delimiter: [UInt8]
    private let watched: Set<String>
    private var state = State.content
    /// How many bytes of the delimiter have been seen. The first one needs no line break in front of it.
    private var matched = 2
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
    var isAtEnd: Bool { state == .end }

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
        case [UInt8(ascii: "-")], [0x0d]: return
        case [UInt8(ascii: "-"), UInt8(ascii: "-")]: state = .end
        case [0x0d, 0x0a]:
            header = []
            state = .headers
        case [0x20], [0x09]: mark = []
        default: throw Self.malformed("a boundary is followed by something else than a line break")
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
            let place = PartHeader.fileNameStart(in: header)
            file = File(name: part.name ?? "", fileNameStart: place.map { start - header.count + $0 })
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
private struct PartHeader {
    var name: String?
    var isFile = false
    /// Its bytes stand for others.
    var isEncoded = false

    init(_ bytes: [UInt8]) throws(ParseError) {
        for line in String(decoding: bytes, as: UTF8.self).components(separatedByLineBreak: "\r\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...]
            switch line[..<colon].lowercased() {
            case "content-disposition": try read(disposition: value)
            case "content-transfer-encoding": isEncoded = true
            default: break
            }
        }
        guard name != nil else { throw MultipartScanner.malformed("a part of the form has no name") }
    }

    /// `form-data; name="model"; filename="a.mp3"`. Quotes end at the next one that no backslash stands in front of.
    private mutating func read(disposition text: Substring) throws(ParseError) {
        for parameter in Self.parameters(of: text).dropFirst() {
            guard let equals = parameter.firstIndex(of: "=") else { continue }
            let key = parameter[..<equals].filter { !$0.isWhitespace }.lowercased()
            switch key {
            case "name":
                guard name == nil else { throw MultipartScanner.malformed("a part of the form has two names") }
                name = Self.unquoted(parameter[parameter.index(after: equals)...])
            case "filename", "filename*": isFile = true
            case "name*": throw MultipartScanner.malformed("the name of a part of the form is encoded")
            default: break
            }
        }
    }

    /// Where the file's name begins, behind its quote; nil where it is written in another way than `filename="..."`, once.
    static func fileNameStart(in header: [UInt8]) -> Int? {
        let field = Array("content-disposition:".utf8)
        let parameter = Array("filename=\"".utf8)
        var found: [Int] = []
        var isAtLineStart = true
        var isInField = false
        var isQuoted = false
        var isEscaped = false
        func begins(_ text: [UInt8], at index: Int) -> Bool {
            header[index...].prefix(text.count).elementsEqual(text) { ($0 &- 65 < 26 ? $0 | 0x20 : $0) == $1 }
        }
        for (index, byte) in header.enumerated() {
            if isAtLineStart { isInField = begins(field, at: index) }
            isAtLineStart = byte == 0x0a
            guard isInField else { continue }
            if isEscaped {
                isEscaped = false
            } else if isQuoted, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if !isQuoted, begins(Array("filename*".utf8), at: index) {
                return nil
            } else if !isQuoted, begins(parameter, at: index) {
                found.append(index + parameter.count)
            }
        }
        return found.count == 1 ? found[0] : nil
    }

    private static func parameters(of text: Substring) -> [String] {
        var parts = [""]
        var isQuoted = false
        var isEscaped = false
        for character in text {
            if isEscaped {
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == ";", !isQuoted {
                parts.append("")
                continue
            }
            parts[parts.count - 1].append(character)
        }
        return parts
    }

    private static func unquoted(_ text: Substring) -> String {
        var text = text.drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        guard text.first == "\"", text.last == "\"", text.count >= 2 else { return String(text) }
        return String(text.dropFirst().dropLast()).replacing("\\\"", with: "\"")
    }
}

extension String {
    /// Between line breaks of two characters, which Swift takes for one.
    fileprivate func components(separatedByLineBreak lineBreak: String) -> [Substring] {
        split(separator: Character(lineBreak), omittingEmptySubsequences: true)
    }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ text: StaticString) -> Bool {
        guard count >= text.utf8CodeUnitCount else { return false }
        return suffix(text.utf8CodeUnitCount).elementsEqual(text.description.utf8)
    }
}
