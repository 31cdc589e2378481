/// Whether one event loop stands still: a turn that began and does not end.
///
/// - Units: nanoseconds of the monotonic clock.
struct LoopWatch {
    enum Finding: Equatable {
        /// A turn has lasted longer than is allowed. Said once for each such turn.
        case stalled(nanoseconds: UInt64)
        /// The turn that was too long is over.
        case recovered(nanoseconds: UInt64)
    }

    let stallNanoseconds: UInt64
    private var stalledTurn: UInt64?
    /// How long the stall has lasted that is under way, at the last look; 0: there is none.
    private(set) var stalledFor: UInt64 = 0

    init(stallNanoseconds: UInt64) { self.stallNanoseconds = stallNanoseconds }

    /// - Parameter turnBegan: of the turn under way; nil while the loop waits for events.
    mutating func look(turnBegan: UInt64?, now: UInt64) -> Finding? {
        if let stalled = stalledTurn, turnBegan != stalled {
            // Seen at the next look, so what is told is at most one look too long.
            let lasted = now &- stalled
            stalledTurn = nil
            stalledFor = 0
            return .recovered(nanoseconds: lasted)
        }
        guard let turnBegan, now > turnBegan, now - turnBegan > stallNanoseconds else { return nil }
        stalledFor = now - turnBegan
        guard stalledTurn == nil else { return nil }
        stalledTurn = turnBegan
        return .stalled(nanoseconds: stalledFor)
    }
}
