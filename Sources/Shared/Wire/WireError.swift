/// Bytes that are not what they claim to be.
///
/// - Source: everything that decodes what another process wrote: journal segments, usage batches, key shards.
public enum WireError: Error, Hashable, Sendable {
    /// The bytes end before the value does. A journal may end so after a crash; nothing else may.
    case truncated
    /// The first bytes do not name this format.
    case badMagic
    case unsupportedVersion(UInt32)
    /// The checksum is not that of the bytes.
    case checksum
    case unknownKind(UInt8)
    /// A length beyond its bound, or one that disagrees with the content.
    case badLength
    /// A field outside its range; the name is the field's.
    case badField(String)
    /// Bytes after the end of the value.
    case trailingBytes
    /// Entries that do not rise strictly.
    case unsorted
    /// An entry that belongs to another shard.
    case wrongShard
}

extension WireError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .truncated: "the bytes end too early"
        case .badMagic: "not this format"
        case .unsupportedVersion(let version): "version \(version) is not supported"
        case .checksum: "the checksum does not match"
        case .unknownKind(let kind): "unknown kind \(kind)"
        case .badLength: "a length is out of bounds"
        case .badField(let name): "field \(name) is out of range"
        case .trailingBytes: "bytes follow the end"
        case .unsorted: "entries are not in order"
        case .wrongShard: "an entry belongs to another shard"
        }
    }
}
