import Shared

/// Who may use the fleet API.
///
/// - Shape: all live tokens are in memory, by digest, and read again every few seconds, when a token is unknown, and when some
///   control plane said that something changed. While the database is away, the tokens known last are good.
/// - Concurrency: lives on one loop.
final class NodeTokens {
    enum Verdict: Equatable {
        case known(name: String)
        case unknown
        /// The database is away and the token is not among those known: never a 401.
        case unverifiable
    }

    private let loop: EventLoop
    private let pool: PostgresPool
    private var tokens: [SHA256Digest: String] = [:]
    private var readAt: MonotonicTime?
    private var mustRead = true

    /// A revoked token works at most this long where notifications are lost.
    private static let ageMax = Duration.seconds(5)
    /// Strangers who guess cost one query in this time, not one each.
    private static let unknownPause = Duration.milliseconds(500)

    init(on loop: EventLoop, pool: PostgresPool) {
        self.loop = loop
        self.pool = pool
    }

    /// Something was changed by somebody: read the tokens again before the next answer.
    func invalidate() { mustRead = true }

    func verify(authorization: String?) async -> Verdict {
        guard let authorization, authorization.count > 7, authorization.prefix(7).lowercased() == "bearer ",
            let digest = AccessToken.digest(of: authorization.dropFirst(7), .node)
        else { return .unknown }
        // Compared by digest: what the time of a look-up tells is about a hash that nobody can choose.
        let age = readAt.map { $0.duration(to: loop.now) }
        let isStale = mustRead || age.map { $0 > Self.ageMax } ?? true
        let isRetry = tokens[digest] == nil && (age.map { $0 > Self.unknownPause } ?? true)
        var isFresh = !isStale
        if isStale || isRetry { isFresh = await read() }
        if let name = tokens[digest] { return .known(name: name) }
        return isFresh ? .unknown : .unverifiable
    }

    private func read() async -> Bool {
        mustRead = false
        do throws(StoreError) {
            let read = try await NodeAccessStore.liveTokens(pool)
            tokens = read
            readAt = loop.now
            return true
        } catch {
            mustRead = true
            return false
        }
    }
}
