import Shared

/// Whose an object is, as its provider keeps it with the object: lists are of whole accounts, and each key sees its own.
///
/// - Shape: a file's name begins with `weir-`, the key's ID and a hyphen. A batch has the key's ID, and the request that made it with its model, among
///   its metadata. Callers see neither.
enum StoredOwner {
    private static let mark = "weir-"
    private static let metadataPrefix = "weir_"
    private static let keyField = "weir_key"
    private static let requestField = "weir_request"

    // MARK: Files

    /// What stands in front of a file's name.
    static func prefix(of owner: VirtualKeyID) -> String { "\(mark)\(owner)-" }

    /// Whose a file is, and the name that its owner gave it; nil: it was not sent by Weir.
    static func read(fileName: String) -> (owner: VirtualKeyID, name: String)? {
        let bytes = Array(fileName.utf8)
        let end = mark.utf8.count + VirtualKeyID.byteCount
        guard bytes.count > end, bytes.starts(with: mark.utf8), bytes[end] == UInt8(ascii: "-"),
            let owner = VirtualKeyID(bytes: Array(bytes[mark.utf8.count..<end]))
        else { return nil }
        return (owner, String(decoding: bytes[(end + 1)...], as: UTF8.self))
    }

    /// Takes the owner off a file's name in the header of its content.
    static func hide(_ owner: VirtualKeyID, in fields: ByteBuffer) {
        let prefix = Array(prefix(of: owner).utf8)
        // It stands there twice where a name has to be said in two ways.
        while let place = unsafe prefix.withUnsafeBytes({ unsafe fields.readable.find($0) }) {
            let rest = unsafe Array(fields.readable[(place + prefix.count)...])
            fields.truncate(to: place)
            fields.append(rest)
        }
    }

    // MARK: Batches

    /// How many pairs OpenAI takes, less those that are Weir's.
    static let metadataCountMax = 14

    /// True for a name that a caller cannot have.
    static func isReserved(_ name: String) -> Bool { name.hasPrefix(metadataPrefix) }

    /// The metadata of a batch that is made: the caller's and Weir's.
    static func metadata(
        _ own: JSONObject, of owner: VirtualKeyID, request: ObjectID, model: ObjectID
    ) -> JSONObject {
        var metadata = own
        metadata[keyField] = .string(owner.description)
        metadata[requestField] = .string("\(request) \(model)")
        return metadata
    }

    /// What the metadata of a batch say of it; nil: it was not made by Weir.
    static func read(metadata: JSONValue?) -> BatchOrigin? {
        guard let owner = metadata?[keyField]?.string.flatMap({ VirtualKeyID($0) }),
            let ids = metadata?[requestField]?.string?.split(separator: " "), ids.count == 2,
            let request = ObjectID(ids[0]), let model = ObjectID(ids[1])
        else { return nil }
        return BatchOrigin(owner: owner, requestID: request, modelID: model)
    }

    /// Those that the caller gave; null where he gave none.
    static func callersMetadata(_ metadata: JSONValue?) -> JSONValue {
        guard var own = metadata?.object else { return metadata ?? .null }
        for name in own.names where isReserved(name) { own[name] = nil }
        return own.members.isEmpty ? .null : .object(own)
    }
}

/// The request that made a batch.
struct BatchOrigin: Equatable {
    let owner: VirtualKeyID
    let requestID: ObjectID
    let modelID: ObjectID
}
