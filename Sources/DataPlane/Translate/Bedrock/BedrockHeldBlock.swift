import Shared

/// A block of a stream that can only be told when it is whole: a thought that only its provider can read, an image, and what a tool of the
/// provider's own was called with or gave.
struct BedrockHeldBlock {
    enum Kind: Equatable {
        case redacted
        /// Its format.
        case image(String)
        /// How it began.
        case serverCall(JSONObject)
        case serverResult(JSONObject)
    }

    let kind: Kind
    /// Bytes in base64 or pieces of JSON, as they came.
    private var pieces: [String] = []
    private var content: [JSONValue] = []
    private(set) var byteCount = 0

    init(_ kind: Kind) { self.kind = kind }

    mutating func add(_ piece: String) {
        pieces.append(piece)
        byteCount += piece.utf8.count
    }

    mutating func add(content blocks: [JSONValue]) {
        content += blocks
        byteCount += blocks.reduce(0) { $0 + $1.bytes.count }
    }

    /// nil for a block in which nothing came.
    var whole: PartKind? {
        switch kind {
        case .redacted: return pieces.isEmpty ? nil : .sealedThinking(joinedBytes, origin: .bedrock)
        case .image(let format):
            guard !pieces.isEmpty else { return nil }
            return .whole(Part(.image(Media(.data(joinedBytes), type: BedrockMediaFormat.image.type(of: format)))))
        case .serverCall(var call):
            call["input"] = .object(AnthropicBlockWriter.input(of: pieces.joined()).object)
            return .whole(Part(.native(.object(["toolUse": .object(call)]), of: .bedrock)))
        case .serverResult(var result):
            result["content"] = .array(content)
            return .whole(Part(.native(.object(["toolResult": .object(result)]), of: .bedrock)))
        }
    }

    /// Each piece is a text of base64 of its own, with its own padding.
    private var joinedBytes: String {
        guard pieces.count > 1 else { return pieces.first ?? "" }
        var bytes: [UInt8] = []
        for piece in pieces {
            guard let decoded = Base64.decode(piece) else { return pieces.joined() }
            bytes += decoded
        }
        return Base64.encode(bytes)
    }
}
