import Shared

/// What a request for a response says besides what all dialects know.
struct ResponsesRequest {
    /// The members that the response repeats.
    var echo: JSONValue
    /// Of the process that answers: see `KeptResponses`.
    var mark: String
    var isStored = true
    var showsEncryptedReasoning = false
    /// Whether the pieces of a stream are padded, so that their lengths tell nothing.
    var obfuscates = true
    /// The conversation up to here: what is gone on from, and the input.
    var items: [JSONValue] = []
}

/// A response as it is kept: the conversation with it at its end.
struct KeptResponse {
    var id: String
    var items: [JSONValue]
}

/// The responses that were given and may be gone on from; another process knows none of them.
///
/// - Shape: the last of them, bounded in number and in bytes; those that have made room are as if they had never been.
struct KeptResponses {
    private static let countMax = 4_096
    /// Of text, with what is gone on from counted in each: more than is really held.
    private static let bytesMax = 256 << 20

    /// Stands in every identity that this process gives out: those of another with the same numbers are different.
    let mark: String
    private var byID: [String: (response: KeptResponse, bytes: Int)] = [:]
    private var order: [String] = []
    private var bytes = 0

    init() {
        let digits = String(UInt64.random(in: 0 ... .max), radix: 16)
        mark = String(repeating: "0", count: 16 - digits.count) + digits
    }

    subscript(id: String) -> KeptResponse? { byID[id]?.response }

    /// A part of any response that is kept.
    func item(_ id: String) -> JSONValue? {
        for kept in byID.values {
            if let found = kept.response.items.first(where: { $0["id"]?.string == id }) { return found }
        }
        return nil
    }

    mutating func keep(_ response: KeptResponse) {
        let size = Tokens.textBytes(of: .array(response.items))
        byID[response.id] = (response, size)
        order.append(response.id)
        bytes += size
        while order.count > Self.countMax || bytes > Self.bytesMax, order.count > 1 {
            bytes -= byID.removeValue(forKey: order.removeFirst())?.bytes ?? 0
        }
    }
}

/// What a response and its items are called.
///
/// - Shape: a prefix, the mark of the process, the number of the response, the place of the item, and whether the response was thought
///   about: whoever sends back what came of thoughts has to send the thoughts too.
struct ResponseIdentity {
    private let mark: String
    private let number: String
    private let thinks: Bool

    init(_ answer: ProviderAnswer, mark: String) {
        self.mark = mark
        number = answer.digits(12)
        thinks = answer.thoughts != nil
    }

    var response: String { item("resp", 0) }
    var reasoning: String { item("rs", 0) }

    func item(_ prefix: String, _ index: Int) -> String {
        "\(prefix)_\(mark)\(number)\(index < 10 ? "0" : "")\(index)\(thinks ? 1 : 0)"
    }

    /// The thoughts that `id` came of; nil where it came of none, or was given by somebody else.
    static func reasoning(behind id: String, mark: String) -> String? {
        guard let body = id.split(separator: "_").last, body.hasPrefix(mark), body.hasSuffix("1") else { return nil }
        return "rs_" + body.dropLast(3) + "001"
    }
}

/// What was thought, as it leaves the server: only that server can make it, and tell which thoughts they were.
enum SealedReasoning {
    static func seal(_ id: String, with signatures: ThoughtSignatures, number: UInt64) -> String {
        Base64.encode(Array("\(id) \(signatures.sign(id.utf8, number: number))".utf8))
    }

    /// The identity of the thoughts; nil where they were not sealed here.
    static func open(_ text: String, with signatures: ThoughtSignatures) -> String? {
        guard let bytes = Base64.decode(text) else { return nil }
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: " ")
        guard parts.count == 2, signatures.isGenuine(String(parts[1]), of: parts[0].utf8) else { return nil }
        return String(parts[0])
    }
}
