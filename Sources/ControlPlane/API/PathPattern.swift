/// A path with named places: `/api/v1/teams/{team_id}`.
///
/// - Shape: whole segments only; a place takes one segment, percent-decoded, never an empty one.
struct PathPattern: Equatable {
    enum Segment: Equatable {
        case literal(String)
        case place(String)
    }

    let text: String
    let segments: [Segment]

    init(_ text: String) {
        self.text = text
        segments = text.split(separator: "/").map { part in
            part.hasPrefix("{") && part.hasSuffix("}")
                ? .place(String(part.dropFirst().dropLast())) : .literal(String(part))
        }
    }

    var placeNames: [String] {
        segments.compactMap { if case .place(let name) = $0 { name } else { nil } }
    }

    /// The values of the places, or nil where the path is another one.
    func match(_ path: [String]) -> [String: String]? {
        guard path.count == segments.count else { return nil }
        var values: [String: String] = [:]
        for (segment, part) in zip(segments, path) {
            switch segment {
            case .literal(let text): guard text == part else { return nil }
            case .place(let name): values[name] = part
            }
        }
        return values
    }

    /// The decoded segments of a raw path; nil when an escape is broken, a segment is empty, or a decoded one is not UTF-8.
    /// A single trailing slash is not forgiven: two spellings of one resource would be two cache keys and two audit texts.
    static func split(rawPath: String) -> [String]? {
        guard rawPath.utf8.first == UInt8(ascii: "/") else { return nil }
        var segments: [String] = []
        for part in rawPath.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard !part.isEmpty, let decoded = percentDecoded(part) else { return nil }
            segments.append(decoded)
        }
        return segments
    }

    private static func percentDecoded(_ part: some Collection<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var iterator = part.makeIterator()
        while let byte = iterator.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = iterator.next().flatMap(hexadecimalValue),
                let low = iterator.next().flatMap(hexadecimalValue)
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}
