import Shared

/// Who may use the fleet API.
///
/// - Shape: all live tokens are in memory, by digest, and read again every few seconds, when a token is not among them, and when
///   some control plane said that something changed. While the database is away, the tokens known last are good.
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
    /// Tokens that the database did not know, and when it said so.
    private var refused: [SHA256Digest: MonotonicTime] = [:]
    /// Readings of the table by number: begun, ended, and the last that succeeded.
    private var begun: UInt64 = 0
    private let ended: LevelSignal
    private var succeeded: UInt64 = 0

    /// A revoked token works at most this long where notifications are lost.
    private static let ageMax = Duration.seconds(5)
    /// A caller with a wrong token who tries again and again costs one query in this time.
    private static let refusalPause = Duration.milliseconds(500)
    private static let refusalsMax = 1_000
    /// How long a known data plane waits for the database.
    private static let patience = Duration.milliseconds(250)

    init(on loop: EventLoop, pool: PostgresPool) {
        self.loop = loop
        self.pool = pool
        ended = LevelSignal(on: loop)
    }

    /// Something was changed by somebody: read the tokens again before the next answer.
    func invalidate() { mustRead = true }

    func verify(authorization: String?) async -> Verdict {
        guard let authorization, authorization.count > 7, authorization.prefix(7).lowercased() == "bearer ",
            let digest = AccessToken.digest(of: authorization.dropFirst(7), .node)
        else { return .unknown }
        // Compared by digest: what the time of a look-up tells is about a hash that nobody can choose.
        let isStale = mustRead || readAt.map { $0.duration(to: loop.now) > Self.ageMax } ?? true
        if tokens[digest] != nil {
            // A database that hangs must not hold up data planes that are known: what it says late counts from then on.
            if isStale { _ = await refreshed(timeout: Self.patience) }
            if let name = tokens[digest] { return .known(name: name) }
        }
        if !isStale, let at = refused[digest], at.duration(to: loop.now) < Self.refusalPause { return .unknown }
        // A token that is not in memory may have been made a moment ago: only the database can say that it is unknown.
        let isFresh = await refreshed(timeout: .seconds(30))
        if let name = tokens[digest] { return .known(name: name) }
        guard isFresh else { return .unverifiable }
        if refused.count >= Self.refusalsMax { refused.removeAll() }
        refused[digest] = loop.now
        return .unknown
    }

    /// Waits for a reading that begins after this call; all who wait share it. False: it failed, or takes too long.
    private func refreshed(timeout: Duration) async -> Bool {
        // One that is under way may have begun before the change that the caller must see.
        let wanted = begun + 1
        let end = loop.refreshedNow().advanced(by: timeout)
        while ended.level < wanted {
            if ended.level == begun { startReading() }
            let remaining = loop.refreshedNow().duration(to: end)
            guard remaining > .zero else { return false }
            _ = await ended.wait(beyond: ended.level, timeout: remaining)
        }
        return succeeded >= wanted
    }

    private func startReading() {
        begun += 1
        mustRead = false
        loop.launch { [self] in
            let number = begun
            do throws(StoreError) {
                let read = try await NodeAccessStore.liveTokens(pool)
                tokens = read
                refused = refused.filter { read[$0.key] == nil }
                readAt = loop.now
                succeeded = number
            } catch { mustRead = true }
            ended.raise(to: number)
        }
    }
}
