import Shared

/// A body of `multipart/form-data`, taken apart at once.
///
/// - Source: RFC 7578.
struct FormBody {
    struct Part {
        var name: String
        /// Nil where it is a field.
        var filename: String?
        var content: [UInt8]

        var isFile: Bool { filename != nil }
    }

    private(set) var parts: [Part] = []

    /// - Errors: the provider's 400.
    init(_ request: HTTPRequest) throws(ProviderError) {
        let type = request.headers.first("content-type") ?? ""
        guard type.hasPrefix("multipart/form-data"), let mark = type.range(ofText: "boundary=") else {
            throw .invalid("The request must be multipart/form-data.")
        }
        let boundary = type[mark...].filter { $0 != "\"" }
        let delimiter = Array("\r\n--\(boundary)".utf8)
        let bytes = Array("\r\n".utf8) + request.body
        var places: [Int] = []
        var index = 0
        while let place = bytes.place(of: delimiter, from: index) {
            places.append(place)
            index = place + delimiter.count
        }
        guard let last = places.last, bytes[(last + delimiter.count)...].starts(with: "--".utf8) else {
            throw .invalid("The form has no end.")
        }
        for (place, next) in zip(places, places.dropFirst()) {
            let part = Array(bytes[(place + delimiter.count + 2)..<next])
            guard let headEnd = part.place(of: Array("\r\n\r\n".utf8), from: 0) else { continue }
            let head = String(decoding: part[..<headEnd], as: UTF8.self)
            guard let name = Self.parameter("name", of: head) else { continue }
            parts.append(
                Part(
                    name: name, filename: Self.parameter("filename", of: head),
                    content: Array(part[(headEnd + 4)...])))
        }
    }

    /// What stands in quotes behind the name of a parameter, where a mark behind a backslash is part of it.
    private static func parameter(_ name: String, of head: String) -> String? {
        guard let start = head.range(ofText: " \(name)=\"") else { return nil }
        var value = ""
        var isEscaped = false
        for character in head[start...] {
            if !isEscaped, character == "\"" { return value }
            isEscaped = !isEscaped && character == "\\"
            if !isEscaped { value.append(character) }
        }
        return nil
    }

    func text(_ name: String) -> String? {
        parts.first { $0.name == name && !$0.isFile }.map { String(decoding: $0.content, as: UTF8.self) }
    }

    func model() throws(ProviderError) -> String {
        guard let model = text("model"), !model.isEmpty else {
            throw .invalid("you must provide a model parameter", param: "model")
        }
        return model
    }
}

extension String {
    /// Where what follows `text` begins.
    fileprivate func range(ofText text: String) -> Index? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(text) { return self.index(index, offsetBy: text.count) }
            index = self.index(after: index)
        }
        return nil
    }
}

extension [UInt8] {
    fileprivate func place(of part: [UInt8], from start: Int) -> Int? {
        guard count >= part.count else { return nil }
        var index = start
        while index <= count - part.count {
            if self[index] == part[0], self[index..<(index + part.count)].elementsEqual(part) { return index }
            index += 1
        }
        return nil
    }
}
