/// What a request holds of its allowances. It is settled or released exactly once: twice does not compile, never stops the process in the
/// place where it was lost, because a lost reservation is money that nobody can spend until the process ends.
struct Reservation: ~Copyable, Sendable {
    let id: HoldID

    init(_ id: HoldID) { self.id = id }

    /// Gives up the duty to settle, to whoever does it.
    consuming func take() -> HoldID {
        let id = id
        discard self
        return id
    }

    deinit { Self.lost() }

    private static func lost() { preconditionFailure("a reservation was neither settled nor released") }
}

/// The answer to a request that wants to begin.
enum WalletAdmission: ~Copyable, Sendable {
    case reserved(Reservation)
    /// `park` calls back when it is decided, then `claim` tells; `cancel` when the caller leaves.
    case waits(HoldID)
    case refused(WalletRefusal)
}
