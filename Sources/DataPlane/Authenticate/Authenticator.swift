import Shared

/// Who calls: the virtual key as the snapshot knows it. An object of its loop, so that what holds it for the time of a request does not
/// count references to the snapshot, which all loops share.
final class Caller {
    let key: KeyShard.Match
    let priority: KeyPriority
    /// Of its secret: what it was found by.
    fileprivate let digest: SHA256Digest
    /// Read from the key when a route first asks for one of them.
    private lazy var tags = Self.tags(of: key)

    init(key: KeyShard.Match) {
        self.key = key
        priority = key.priority
        digest = key.secretSHA256
    }

    /// Whether the key has this tag, with one of these values.
    func hasTag(_ match: CompiledMatch) -> Bool {
        guard let tag = tags.first(where: { $0.name == match.name }) else { return false }
        return match.values?.contains(tag.value) ?? true
    }

    private static func tags(of key: KeyShard.Match) -> [(name: [UInt8], value: [UInt8])] {
        guard let tags = try? JSONValue(parsing: key.tagsJSON) else { return [] }
        return (tags.object?.members ?? []).compactMap { tag in
            tag.value.string.map { (Array(tag.name.utf8), Array($0.utf8)) }
        }
    }
}

/// The key that a connection has shown last, with its digest: nearly all show one for all their requests, and comparing is a twentieth of the
/// work of hashing. Whom the digest belongs to is asked anew for each request.
///
/// - Units: what is longer than `bytesMax` is hashed each time, so that nobody has more memory held by what he sends.
struct ShownKey {
    private static let bytesMax = 256
    private var text: [UInt8] = []
    private var digest = SHA256Digest(0, 0, 0, 0)

    mutating func digest(_ key: UnsafeRawBufferPointer, _ hasher: SHA256) -> SHA256Digest {
        // A proxy may have several callers on one connection: how long it takes must not tell one of them how another's key begins.
        if !text.isEmpty, unsafe text.withUnsafeBytes({ unsafe constantTimeEqual($0, key) }) { return digest }
        let found = unsafe hasher.hash(key)
        text.removeAll(keepingCapacity: true)
        if key.count <= Self.bytesMax { unsafe text.append(contentsOf: key) }
        digest = found
        return found
    }
}

/// Finds the virtual key of a request in the snapshot. One for each loop, for its hashing context and for the callers that it knows.
///
/// The key is looked up before the body is read, by the SHA-256 of its whole text, so an invalid checksum or a typo is simply
/// not found. No network, no lock.
final class Authenticator {
    private let hasher = SHA256()
    private let refusesExpiredSnapshots: Bool
    /// About 100 bytes each.
    private var callers = PolicyTable<Caller>()

    init(refusesExpiredSnapshots: Bool) { self.refusesExpiredSnapshots = refusesExpiredSnapshots }

    func authenticate(
        _ head: HTTPHead, _ bytes: UnsafeRawBufferPointer, shownBefore: inout ShownKey, from source: IPAddress?,
        in policy: CompiledPolicy?, nowUnixSeconds: Int64
    ) throws(AuthenticationError) -> Caller {
        guard let policy else { throw .unverifiable }
        if refusesExpiredSnapshots, policy.snapshot.isExpired(atUnixMilliseconds: nowUnixSeconds * 1000) {
            throw .unverifiable
        }
        guard let range = unsafe Self.keyRange(head, bytes) else { throw .missingKey }
        let digest = unsafe shownBefore.digest(UnsafeRawBufferPointer(rebasing: bytes[range]), hasher)
        guard let caller = caller(digest, in: policy) else { throw .unknownKey }
        guard !caller.key.isExpired(atUnixSeconds: nowUnixSeconds) else { throw .expiredKey }
        if caller.key.hasNetworks {
            guard let source, caller.key.allows(address: source) else { throw .sourceNotAllowed }
        }
        return caller
    }

    private func caller(_ digest: SHA256Digest, in policy: CompiledPolicy) -> Caller? {
        callers.entry(at: digest.word3, in: policy, { $0.digest == digest }) {
            policy.snapshot.key(digest).map(Caller.init)
        }
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
        return unsafe queryKeyRange(head, bytes)
    }

    /// `?key=...`, as Gemini's callers may send it. Nothing of a query is logged or sent on.
    private static func queryKeyRange(_ head: HTTPHead, _ bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        var start = head.queryRange.lowerBound
        while start < head.queryRange.upperBound {
            let rest = start..<head.queryRange.upperBound
            let end = unsafe bytes[rest].firstIndex(of: UInt8(ascii: "&")) ?? rest.upperBound
            if end - start > 4, unsafe HTTPBytes.isExactly(bytes, start..<(start + 4), "key=") {
                return (start + 4)..<end
            }
            start = end + 1
        }
        return nil
    }
}
