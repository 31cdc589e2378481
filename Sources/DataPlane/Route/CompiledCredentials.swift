import Shared
import Translate

/// A credential as requests carry it.
///
/// Concurrency: immutable but for `health`, which belongs to the loop that the policy was made for.
final class CompiledCredential: Sendable {
    /// That of the provider, where it needs none.
    let id: ObjectID
    let name: [UInt8]
    /// `authorization: Bearer ...` or what else its provider takes, with its line end; empty where the provider needs none.
    let line: [UInt8]
    /// In place of `line`, where the provider wants requests signed. Belongs to the loop that the policy was made for.
    @safe nonisolated(unsafe) let signer: RequestSigner?
    /// False where one is needed and could not be resolved.
    let isUsable: Bool
    /// Set once, before the first request is served by the policy.
    @safe nonisolated(unsafe) var health: CredentialHealth!

    /// - Parameters:
    ///   - secret: nil: it could not be resolved.
    ///   - field: the header field that carries it.
    ///   - region: where requests are signed for; nil: they carry the secret itself.
    init(id: ObjectID, name: String, secret: [UInt8]?, field: String = "authorization", region: String? = nil) {
        self.id = id
        self.name = Array(name.utf8)
        guard let secret else {
            (line, signer, isUsable) = ([], nil, false)
            return
        }
        if let region {
            signer = RequestSigner(secret: secret, region: region)
            (line, isUsable) = ([], signer != nil)
            return
        }
        signer = nil
        // A line break in a secret would be a header of its own.
        isUsable = !secret.contains { $0 < 0x20 || $0 == 0x7f }
        line =
            Array((field == "authorization" ? "authorization: Bearer " : "\(field): ").utf8) + secret
            + Array("\r\n".utf8)
    }

    /// Of a provider that needs none.
    init(noneOf provider: PolicyDocument.Provider) {
        id = provider.id
        name = []
        line = []
        signer = nil
        isUsable = true
    }
}

extension CompiledTarget {
    /// The credential for an attempt that follows none with another; nil where nothing can be used.
    func takeCredential(_ now: MonotonicTime) -> CompiledCredential? {
        if let soleCredential { return soleCredential }
        return credentials.turn(besides: 0, now).map { credentials.members[$0] }
    }

    /// The health of an attempt's credential, where it is one of several.
    @inline(__always)
    func several(_ credential: CompiledCredential?) -> CredentialHealth? {
        soleCredential == nil ? credential?.health : nil
    }
}

/// What a provider is reached with: one credential, or several that take turns.
///
/// Concurrency: immutable but for `pool`, which belongs to the loop that the policy was made for.
final class CompiledCredentials: Sendable {
    /// At least one, in the order of their turns.
    let members: [CompiledCredential]
    /// Where there are several. Set once, before the first request is served by the policy.
    @safe nonisolated(unsafe) var pool: CredentialPool?

    init(_ members: [CompiledCredential]) { self.members = members }

    /// Whose turn it is, by its place; nil where there is none.
    ///
    /// - Parameter failed: bit n: the one at place n has failed the request.
    func turn(besides failed: UInt32, _ now: MonotonicTime) -> Int? { pool?.take(of: members, besides: failed, now) }

    /// By the provider's ID.
    static func all(of snapshot: Snapshot) -> [ObjectID: CompiledCredentials] {
        let names = Dictionary(snapshot.policy.credentials.map { ($0.id, $0.name) }, uniquingKeysWith: { $1 })
        var all: [ObjectID: CompiledCredentials] = [:]
        for provider in snapshot.policy.providers {
            let field = provider.credentialField ?? provider.dialect.credentialField
            let members = provider.allCredentialIDs.map {
                CompiledCredential(
                    id: $0, name: names[$0] ?? "", secret: snapshot.credentials[$0], field: field,
                    region: provider.region)
            }
            all[provider.id] = CompiledCredentials(
                members.isEmpty ? [CompiledCredential(noneOf: provider)] : members)
        }
        return all
    }
}
