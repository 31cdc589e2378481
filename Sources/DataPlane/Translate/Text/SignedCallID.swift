import Shared

/// A signature that travels inside the identity of a tool call.
///
/// Gemini signs calls, and refuses the next request of the same turn where the signature is missing. Callers of other dialects have no place
/// for it, but all of them give the identity of a call back, twice, and none looks into it. So an answer's reader puts the signature in there,
/// the writer of the next request to the same dialect takes it out, and all other writers of requests take off what is not theirs.
///
/// - Shape: `<identity>-signed-<signature in base64url>`: letters, digits, `_` and `-` only, the characters that every dialect takes in an
///   identity. It is split at the first `-signed-`.
/// - Units: `signatureBytesMax` counts the bytes of the signature. A longer one is left out: it would be sent twice with each later request,
///   and some callers keep identities where texts are expected to be short. The writer of requests has to do without it then.
enum SignedCallID {
    static let signatureBytesMax = 8 * 1024
    private static let separator = "-signed-"

    /// `id` with the signature inside, or as it is where that cannot be.
    ///
    /// - Parameter signature: in base64 of either alphabet, as JSON has the bytes of Google's messages.
    static func joining(_ id: String, _ signature: String?) -> String {
        guard let signature, signature.utf8.count <= signatureBytesMax * 4 / 3 + 4, !id.contains(separator),
            let bytes = Base64.decode(signature) ?? Base64URL.decode(signature), !bytes.isEmpty,
            bytes.count <= signatureBytesMax
        else { return id }
        return id + separator + Base64URL.encode(bytes)
    }

    /// The identity alone, and the signature in base64 where there is one.
    static func split(_ id: String) -> (id: String, signature: String?) {
        guard let place = id.firstRange(of: separator), place.lowerBound != id.startIndex,
            let bytes = Base64URL.decode(id[place.upperBound...]), !bytes.isEmpty
        else { return (id, nil) }
        return (String(id[..<place.lowerBound]), Base64.encode(bytes))
    }

    /// The identity alone: for targets that know nothing of signatures.
    static func plain(_ id: String) -> String { split(id).id }
}
