/// Finds the data in a stream of server-sent events that passes by in pieces, without holding an event.
///
/// - Shape: pure; any splitting gives the same bytes of data. A line break between two lines of data of one event is left out: the data is
///   JSON, which does not have any inside its tokens.
/// - Source: WHATWG HTML, "Interpreting an event stream".
struct EventLines {
    enum Piece: Equatable {
        /// A part of what stands behind `data:`, as a range of the piece.
        case data(Range<Int>)
        case eventEnd
    }

    private enum State: Equatable {
        /// So many bytes of `data:` have come at the beginning of the line.
        case lineStart(Int)
        case data, other
    }

    private var state = State.lineStart(0)
    /// The last byte was a carriage return: a line feed behind it belongs to it.
    private var isBehindReturn = false
    private static let name: StaticString = "data:"

    /// The next piece from `start` on, which moves behind it; nil when all has been looked at.
    mutating func next(_ bytes: UnsafeRawBufferPointer, from start: inout Int) -> Piece? {
        while start < bytes.count {
            let byte = unsafe bytes[start]
            if isBehindReturn {
                isBehindReturn = false
                if byte == UInt8(ascii: "\n") {
                    start += 1
                    continue
                }
            }
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                isBehindReturn = byte == UInt8(ascii: "\r")
                let isEmpty = state == .lineStart(0)
                state = .lineStart(0)
                start += 1
                if isEmpty { return .eventEnd }
                continue
            }
            switch state {
            case .lineStart(let matched):
                let isNext = unsafe byte == Self.name.utf8Start[matched]
                state = isNext ? (matched + 1 == Self.name.utf8CodeUnitCount ? .data : .lineStart(matched + 1)) : .other
                start += 1
            case .data, .other:
                let end = unsafe Self.endOfLine(bytes, from: start)
                let range = start..<end
                start = end
                if state == .data { return .data(range) }
            }
        }
        return nil
    }

    private static func endOfLine(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index < bytes.count, unsafe bytes[index] != UInt8(ascii: "\n"), unsafe bytes[index] != UInt8(ascii: "\r")
        { index &+= 1 }
        return index
    }
}
