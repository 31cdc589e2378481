import Shared

/// How a provider's credential does, as one loop knows it. It outlives snapshots, and all providers that name the credential share it.
///
/// - Shape: pure; time is passed in. A cooldown sets it aside. Whether it serves again afterwards is found out by one request, which has it on
///   trial, while the others use other credentials: where there are none, all come at once.
///
/// Concurrency: belongs to its loop.
final class CredentialHealth {
    /// Of the credential; of the provider, where that needs none.
    let id: ObjectID
    private(set) var cooledUntil = MonotonicTime(nanoseconds: 0)
    /// Nothing was heard of it since it was set aside.
    private var isDoubted = false
    private var trials = 0
    /// Where it is one of several.
    var attempts: OutcomeCounters?
    /// Of those that are exchanged for tokens.
    let token = TokenSlot()

    init(_ id: ObjectID) { self.id = id }

    /// A shorter cooldown than the one under way changes nothing.
    func cool(until: MonotonicTime) {
        cooledUntil = max(cooledUntil, until)
        isDoubted = true
    }

    // MARK: One of several

    var isOnTrial: Bool { trials > 0 }

    /// An attempt goes out with it; `end` follows. True where it is a trial.
    func begin() -> Bool {
        guard isDoubted else { return false }
        trials += 1
        return true
    }

    /// - Parameter isAccepted: the provider has taken it. Otherwise the next request finds out, as far as it was not set aside again.
    func endTrial(isAccepted: Bool) {
        trials = max(0, trials - 1)
        if isAccepted { isDoubted = false }
    }
}

/// The credentials of one provider, which take turns. It outlives snapshots.
///
/// Concurrency: belongs to its loop.
final class CredentialPool {
    private var turns = CredentialTurns()
    /// Those of the policy in use that could be resolved.
    var members: [CredentialHealth] = []

    /// Whether one of them may be used. Where none can be resolved, the attempt says so.
    func isAvailable(_ now: MonotonicTime) -> Bool {
        members.isEmpty || members.contains { $0.cooledUntil <= now }
    }

    /// When the first of them may be used; the past where one may be now.
    var availableAt: MonotonicTime { members.map(\.cooledUntil).min() ?? MonotonicTime(nanoseconds: 0) }

    /// The place of the one for an attempt.
    ///
    /// - Parameters:
    ///   - all: of the policy that the request began with.
    ///   - failed: bit n: the one at place n has failed this request. Without any, one that is set aside is better than none: the target was
    ///     chosen all the same.
    func take(of all: [CompiledCredential], besides failed: UInt32, _ now: MonotonicTime) -> Int? {
        turns.take(of: all.count, insists: failed == 0) { Self.standing(all, $0, failed, now) }
    }

    /// Whether there is one that may be used now and has not failed the request.
    static func hasAnother(of all: [CompiledCredential], besides failed: UInt32, _ now: MonotonicTime) -> Bool {
        all.indices.contains { place in
            switch standing(all, place, failed, now) {
            case .free, .onTrial: true
            case .cooled, .out: false
            }
        }
    }

    private static func standing(
        _ all: [CompiledCredential], _ place: Int, _ failed: UInt32, _ now: MonotonicTime
    ) -> CredentialTurns.Standing {
        let credential = all[place]
        guard credential.isUsable, failed & (1 << UInt32(place)) == 0, let health = credential.health else {
            return .out
        }
        if health.cooledUntil > now { return .cooled(until: health.cooledUntil.nanoseconds) }
        return health.isOnTrial ? .onTrial : .free
    }
}
