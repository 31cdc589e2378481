/// Takes a chunked body apart, whatever pieces it arrives in.
///
/// - Shape: each `next` looks at the bytes that were not consumed yet and says what they begin with. Extensions and
///   trailers are read and dropped.
/// - Errors: `HTTPError.malformedChunk`; the decoder is finished afterwards.
/// - Source: RFC 9112 section 7.1, read strictly: CRLF only, no white space where the grammar has none, extensions and
///   trailers as the grammar has them. A size has at most 15 digits; extensions and trailers together are bounded.
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
        case size, sizeLineFeed, data, dataReturn, dataLineFeed
        case beforeExtension, extensionStart, extensionName, afterName, valueStart, value, quoted, quotedPair,
            afterQuoted
        case trailerStart, trailerName, trailerValue, trailerLineFeed, endLineFeed, done
    }

    private var state = State.size
    private var remaining: UInt64 = 0
    private var digits = 0
    /// Bytes of extensions and trailers so far.
    private var overhead = 0

    /// Nobody has a use for more: they are dropped.
    public static let overheadMax = 16 * 1024

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
                    case 0x3b: state = .extensionStart
                    case 0x20, 0x09: state = .beforeExtension
                    default: throw .malformedChunk
                    }
                }
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
            case .endLineFeed:
                guard byte == 0x0a else { throw .malformedChunk }
                state = .done
                return .end(skipping: index + 1)
            case .done: return .end(skipping: index)
            default: try readOverhead(byte)
            }
            index += 1
        }
        return .needMore
    }

    /// One byte of an extension (RFC 9112 section 7.1.1) or a trailer (section 7.1.2).
    private mutating func readOverhead(_ byte: UInt8) throws(HTTPError) {
        overhead += 1
        guard overhead <= Self.overheadMax else { throw .malformedChunk }
        let isSpace = byte == 0x20 || byte == 0x09
        let isText = byte >= 0x20 && byte != 0x7f || byte == 0x09
        switch state {
        // White space stands around ";" and "=" only, never before the end of the line.
        case .beforeExtension:
            if byte == 0x3b { state = .extensionStart } else if !isSpace { throw .malformedChunk }
        case .extensionStart:
            if HTTPBytes.isToken(byte) { state = .extensionName } else if !isSpace { throw .malformedChunk }
        case .extensionName where HTTPBytes.isToken(byte): break
        case .extensionName: try endExtensionPart(byte, mayHaveValue: true)
        case .afterName:
            if byte == 0x3b {
                state = .extensionStart
            } else if byte == 0x3d {
                state = .valueStart
            } else if !isSpace {
                throw .malformedChunk
            }
        case .valueStart:
            if byte == 0x22 {
                state = .quoted
            } else if HTTPBytes.isToken(byte) {
                state = .value
            } else if !isSpace {
                throw .malformedChunk
            }
        case .value where HTTPBytes.isToken(byte): break
        case .value, .afterQuoted: try endExtensionPart(byte, mayHaveValue: false)
        case .quoted:
            guard isText else { throw .malformedChunk }
            if byte == 0x22 { state = .afterQuoted } else if byte == 0x5c { state = .quotedPair }
        case .quotedPair:
            guard isText else { throw .malformedChunk }
            state = .quoted
        case .trailerStart:
            if byte == 0x0d {
                state = .endLineFeed
            } else {
                guard HTTPBytes.isToken(byte) else { throw .malformedChunk }
                state = .trailerName
            }
        case .trailerName:
            if byte == 0x3a { state = .trailerValue } else if !HTTPBytes.isToken(byte) { throw .malformedChunk }
        case .trailerValue:
            if byte == 0x0d { state = .trailerLineFeed } else if !isText { throw .malformedChunk }
        case .trailerLineFeed:
            guard byte == 0x0a else { throw .malformedChunk }
            state = .trailerStart
        default: throw .malformedChunk
        }
    }

    private mutating func endExtensionPart(_ byte: UInt8, mayHaveValue: Bool) throws(HTTPError) {
        switch byte {
        case 0x0d: state = .sizeLineFeed
        case 0x3b: state = .extensionStart
        case 0x3d where mayHaveValue: state = .valueStart
        case 0x20, 0x09: state = mayHaveValue ? .afterName : .beforeExtension
        default: throw .malformedChunk
        }
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
