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
    let proof: Proof
    /// In place of `line`, where the provider wants requests signed. Belongs to the loop that the policy was made for.
    @safe nonisolated(unsafe) let signer: RequestSigner?
    /// False where one is needed and could not be resolved.
    let isUsable: Bool
    /// Set once, before the first request is served by the policy.
    @safe nonisolated(unsafe) var health: CredentialHealth!

    /// By what the provider knows whose a request is.
    enum Proof {
        /// `line`, the same on all.
        case line
        /// Each is signed, by `signer`.
        case signature
        /// A token, which `health.token` has.
        case token
    }

    /// - Parameters:
    ///   - secret: nil: it could not be resolved.
    ///   - field: the header field that carries it.
    ///   - region: where requests are signed for; nil: they carry the secret itself.
    ///   - kind: what the secret is, where requests do not carry it.
    init(
        id: ObjectID, name: String, secret: [UInt8]?, field: String = "authorization", region: String? = nil,
        kind: PolicyDocument.CredentialKind? = nil
    ) {
        self.id = id
        self.name = Array(name.utf8)
        proof = kind == .serviceAccount ? .token : region != nil ? .signature : .line
        guard let secret else {
            (line, signer, isUsable) = ([], nil, false)
            return
        }
        if kind == .serviceAccount {
            (line, signer, isUsable) = ([], nil, ServiceAccount(secret: secret) != nil)
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
        proof = .line
        signer = nil
        isUsable = true
    }

    /// Returns once there is a token for an attempt at `target`: at once, but where the first is yet to come.
    ///
    /// - Parameters:
    ///   - caller: whose leaving ends the wait. It takes no longer than a connection may.
    ///   - deadline: of the whole request.
    func awaitToken(
        at target: CompiledTarget, for caller: any CallerWatch, on loop: EventLoop, _ deadline: MonotonicTime
    ) async throws(AttemptError) {
        let limits = AttemptLimits(target, from: loop.now, by: deadline)
        try await health.token.ready(for: caller, on: loop, by: limits.connectBy)
    }

    /// The header lines of a request that goes out with it, where `line` is not all.
    func lines(for request: borrowing UpstreamRequest) -> [UInt8] {
        switch proof {
        case .line: line
        case .signature: signer?.lines(for: request, nowUnixSeconds: WallTime.unixMilliseconds() / 1_000) ?? []
        case .token: health.token.token?.line ?? []
        }
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
                    region: provider.region, kind: provider.credentialKind)
            }
            all[provider.id] = CompiledCredentials(
                members.isEmpty ? [CompiledCredential(noneOf: provider)] : members)
        }
        return all
    }
}
