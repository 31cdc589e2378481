/// Takes a chunked body apart, whatever pieces it arrives in.
///
/// - Shape: each `next` looks at the bytes that were not consumed yet and says what they begin with. Extensions and
///   trailers are read and dropped.
/// - Errors: `HTTPError.malformedChunk`; the decoder is finished afterwards.
/// - Source: RFC 9112 section 7.1. CRLF only; a size has at most 15 digits; extensions and trailers are bounded.
public struct ChunkedDecoder: Sendable {
    public enum Step: Equatable, Sendable {
        /// Everything given was consumed; more is needed.
        case needMore
        /// `skipping` bytes of framing, then `count` bytes of the body. Consume both.
        case data(skipping: Int, count: Int)
        /// The body is complete; consume `skipping` bytes.
        case end(skipping: Int)
    }

    private enum State: Equatable {
        case size, extensions, sizeLineFeed, data, dataReturn, dataLineFeed, trailerStart, trailer, trailerLineFeed,
            endLineFeed, done
    }

    private var state = State.size
    private var remaining: UInt64 = 0
    private var digits = 0
    /// Bytes of extensions and trailers so far.
    private var overhead = 0

    private static let overheadMax = 16 * 1024

    public init() {}

    public var isDone: Bool { state == .done }

    /// What `bytes` begin with. Framing bytes are consumed by the decoder: after `needMore` drop all of `bytes`.
    public mutating func next(_ bytes: UnsafeRawBufferPointer) throws(HTTPError) -> Step {
        var index = 0
        let count = bytes.count
        while index < count {
            let byte = unsafe bytes[index]
            switch state {
            case .data:
                let available = Int(min(UInt64(count - index), remaining))
                remaining -= UInt64(available)
                if remaining == 0 { state = .dataReturn }
                return .data(skipping: index, count: available)
            case .size:
                if let digit = Self.hexValue(byte) {
                    digits += 1
                    guard digits <= 15 else { throw .malformedChunk }
                    remaining = remaining << 4 | UInt64(digit)
                } else {
                    guard digits > 0 else { throw .malformedChunk }
                    switch byte {
                    case 0x0d: state = .sizeLineFeed
                    case 0x3b, 0x20, 0x09: state = .extensions
                    default: throw .malformedChunk
                    }
                }
            case .extensions:
                try countOverhead()
                if byte == 0x0d { state = .sizeLineFeed } else if byte < 0x20 && byte != 0x09 { throw .malformedChunk }
            case .sizeLineFeed:
                guard byte == 0x0a else { throw .malformedChunk }
                digits = 0
                state = remaining == 0 ? .trailerStart : .data
            case .dataReturn:
                guard byte == 0x0d else { throw .malformedChunk }
                state = .dataLineFeed
            case .dataLineFeed:
                guard byte == 0x0a else { throw .malformedChunk }
                state = .size
            case .trailerStart:
                if byte == 0x0d {
                    state = .endLineFeed
                } else {
                    guard byte > 0x20 else { throw .malformedChunk }
                    try countOverhead()
                    state = .trailer
                }
            case .trailer:
                try countOverhead()
                if byte == 0x0d {
                    state = .trailerLineFeed
                } else if byte < 0x20 && byte != 0x09 {
                    throw .malformedChunk
                }
            case .trailerLineFeed:
                guard byte == 0x0a else { throw .malformedChunk }
                state = .trailerStart
            case .endLineFeed:
                guard byte == 0x0a else { throw .malformedChunk }
                state = .done
                return .end(skipping: index + 1)
            case .done: return .end(skipping: index)
            }
            index += 1
        }
        return .needMore
    }

    private mutating func countOverhead() throws(HTTPError) {
        overhead += 1
        guard overhead <= Self.overheadMax else { throw .malformedChunk }
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}
