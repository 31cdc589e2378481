import Shared

/// Who calls: the virtual key as the snapshot knows it.
struct Caller {
    let key: KeyShard.Match
}

/// Finds the virtual key of a request in the snapshot. One for each loop, for its hashing context.
///
/// The key is looked up before the body is read, by the SHA-256 of its whole text, so an invalid checksum or a typo is simply
/// not found. No network, no lock.
struct Authenticator {
    private let hasher = SHA256()
    let refusesExpiredSnapshots: Bool

    func authenticate(
        _ head: HTTPHead, _ bytes: UnsafeRawBufferPointer, from source: IPAddress?, in policy: CompiledPolicy?,
        nowUnixSeconds: Int64
    ) throws(AuthenticationError) -> Caller {
        guard let policy else { throw .unverifiable }
        if refusesExpiredSnapshots, policy.snapshot.isExpired(atUnixMilliseconds: nowUnixSeconds * 1000) {
            throw .unverifiable
        }
        guard let range = unsafe Self.keyRange(head, bytes) else { throw .missingKey }
        let digest = unsafe hasher.hash(UnsafeRawBufferPointer(rebasing: bytes[range]))
        guard let key = policy.snapshot.key(digest) else { throw .unknownKey }
        guard !key.isExpired(atUnixSeconds: nowUnixSeconds) else { throw .expiredKey }
        if key.hasNetworks {
            guard let source, key.allows(address: source) else { throw .sourceNotAllowed }
        }
        return Caller(key: key)
    }

    /// Where the key's text lies: `Authorization: Bearer`, or the fields that other dialects use.
    private static func keyRange(_ head: HTTPHead, _ bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        for field in head.fields {
            switch field.name {
            case .authorization:
                let value = field.valueRange
                guard value.count > 7,
                    unsafe HTTPBytes.equals(bytes, value.lowerBound..<(value.lowerBound + 7), "bearer ")
                else { continue }
                return (value.lowerBound + 7)..<value.upperBound
            case .xAPIKey, .apiKey, .xGoogAPIKey: return field.valueRange
            default: continue
            }
        }
        return nil
    }
}
