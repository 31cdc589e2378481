import Shared

/// The addresses of one name, how old they are, and when they are asked for again.
///
/// - Shape: up to `lifeTime` an answer is good. In the next `lifeTime` it is used while a new one is asked for. Older, the new one is
///   waited for, and the old one used when asking fails, up to `staleTime` beyond its life.
/// - Source: RFC 8767 for the use of stale answers. A life time of Weir's own, because the C library does not tell the records': see
///   docs/decisions/0019.
struct HostAddresses {
    enum Verdict: Equatable {
        /// Take `addresses`.
        case use
        /// Wait for the answer; there is nothing to take meanwhile.
        case wait
        /// Wait for the answer, but not for long: there are old addresses.
        case waitBriefly
        /// There are none, and asking has just failed.
        case fail
    }

    struct Decision: Equatable {
        var verdict: Verdict
        /// The caller asks the resolver, and says so with `found` or `failed`.
        var looksUp = false
    }

    private let lifeTime: Duration
    private let staleTime: Duration
    private(set) var addresses: [SocketAddress] = []
    private var foundAt = MonotonicTime(nanoseconds: 0)
    /// When asking last failed; nil: it did not, since the last answer.
    private var failedAt: MonotonicTime?
    private(set) var isLookingUp = false

    /// How long callers wait for a new answer while there is an old one (RFC 8767 section 5 suggests 1.8 seconds).
    static let patience = Duration.milliseconds(1_800)
    /// After a failure, with addresses that can still be used: nobody waits for it.
    static let retryTime = Duration.seconds(5)
    /// After a failure, without addresses: requests come back soon, and a name server that says no need not hear all of them.
    static let failureTime = Duration.seconds(1)

    init(lifeTime: Duration, staleTime: Duration) {
        self.lifeTime = lifeTime
        self.staleTime = staleTime
    }

    /// What somebody does who needs an address.
    mutating func ask(at now: MonotonicTime) -> Decision {
        guard !addresses.isEmpty, now < foundAt.advanced(by: lifeTime).advanced(by: staleTime) else {
            if !isLookingUp, let failedAt, now < failedAt.advanced(by: Self.failureTime) {
                return Decision(verdict: .fail)
            }
            return Decision(verdict: .wait, looksUp: beginLookUp())
        }
        if now < foundAt.advanced(by: lifeTime) { return Decision(verdict: .use) }
        if let failedAt {
            let isDue = now >= failedAt.advanced(by: Self.retryTime)
            return Decision(verdict: .use, looksUp: isDue && beginLookUp())
        }
        let isOld = now >= foundAt.advanced(by: lifeTime).advanced(by: lifeTime)
        return Decision(verdict: isOld ? .waitBriefly : .use, looksUp: beginLookUp())
    }

    /// True when the addresses are looked up again before anybody needs them.
    mutating func refresh() -> Bool { beginLookUp() }

    private mutating func beginLookUp() -> Bool {
        guard !isLookingUp else { return false }
        isLookingUp = true
        return true
    }

    /// True when some of the addresses that there were are gone.
    mutating func found(_ found: [SocketAddress], at now: MonotonicTime) -> Bool {
        isLookingUp = false
        failedAt = nil
        foundAt = now
        let before = addresses
        addresses = Array(found.prefix(AddressOrder.addressesMax))
        return before.contains { !addresses.contains($0) }
    }

    mutating func failed(at now: MonotonicTime) {
        isLookingUp = false
        failedAt = now
    }

    /// How long after an answer, or a failure, the name is looked up again if it is in use: a little before the end of its life.
    var refreshTime: Duration { failedAt == nil ? lifeTime - lifeTime / 8 : min(Self.retryTime, lifeTime) }
}
