package import ControlPlane
package import DataPlane
import Shared

/// The rules that a run breaks. Sound unless said otherwise.
package struct BrokenRule: Sendable {
    package var name: String
    package var ledger = LedgerRules.sound
    package var wallet = WalletRules.sound
    package var appliesBatchesOnce = true

    package static let none = BrokenRule(name: "none")

    /// Five rules without which budgets do not hold.
    package static let all: [BrokenRule] = [
        breaking("the ledger lends without counting what is lent") { $0.ledger.countsLent = false },
        breaking("what two answers tell of is taken twice") { $0.wallet.creditsOnce = false },
        breaking("a lease that expires is free again") { $0.ledger.keepsExpiredLeases = false },
        breaking("what is given back is kept as well") { $0.wallet.returnsLeaveWallet = false },
        breaking("a batch that comes twice is applied twice") { $0.appliesBatchesOnce = false },
    ]

    private static func breaking(_ name: String, _ change: (inout BrokenRule) -> Void) -> BrokenRule {
        var rule = BrokenRule(name: name)
        change(&rule)
        return rule
    }
}

/// An allowance of the simulated fleet.
struct SimAllowance {
    var id: ObjectID
    var terms: LedgerTerms
    var endUsers: Int = 0
    var isSoft = false
    /// The most a request takes of it.
    var worst: Int64

    var slidingMilliseconds: Int64 { terms.period.slidingMilliseconds ?? 0 }
}

/// One request, from its arrival until it is settled.
struct SimRequest {
    var number: Int
    var lines: [WalletLine]
    /// What it will really take of each line.
    var actual: [Int64]
    var duration: UInt64
    var arrivedAt: UInt64
    var held: [ReservationLine] = []
    var isClamped = false
    var isProbe = false
    var wasCut = false
}

/// What is on a node's disk of one stream.
struct SimStream {
    var id: StreamID
    var records: [JournalRecord] = []
    /// How many records were acknowledged and forgotten.
    var acknowledged = 0
    var isEnded = false
    var isInFlight = false

    var next: Int { acknowledged + records.count }
    var isDone: Bool { isEnded && records.isEmpty }
}

/// A data plane's process.
struct SimProcess {
    var incarnation: ObjectID
    var core: WalletCore
    var requests: [HoldID: SimRequest] = [:]
    var waiting: [HoldID: SimRequest] = [:]
    var batches: [Int: LeaseBatch] = [:]
    var nextTick: UInt64 = .max
    var dataStream: Int
    var controlStream: Int
    /// The monotonic clock of this process less the simulated time.
    var clockOffset: UInt64
}

/// A data plane: its process, if it runs, and its disk.
struct SimNode {
    var id: ObjectID
    var process: SimProcess?
    var streams: [SimStream] = []
    /// Earlier processes that were not declared final yet.
    var unclosed: [ObjectID] = []
    /// Reservations of which the disk has an intent and no settle.
    var openIntents: [ObjectID: [Int: [ReservationLine]]] = [:]
    var isCut = false
    var isShipTimerSet = false
}

/// One (account, window) of one holder.
struct HoldingKey: Hashable {
    var account: AccountKey
    var window: AccountWindow
}

struct SimCall {
    var number: Int
    var node: Int
    var incarnation: ObjectID
    var control: Int
    var request: LeaseRequest
    var deadline: UInt64
}

enum SimEvent {
    case arrival(node: Int)
    case done(node: Int, incarnation: ObjectID, HoldID)
    case tighten(node: Int, incarnation: ObjectID, HoldID)
    case leave(node: Int, incarnation: ObjectID, HoldID)
    case tick(node: Int, incarnation: ObjectID)
    case ship(node: Int)
    case shipTimeout(node: Int, stream: StreamID, first: Int)
    case call(SimCall)
    case answer(node: Int, incarnation: ObjectID, number: Int, LeaseAnswer?)
    case callTimeout(node: Int, incarnation: ObjectID, number: Int)
    case retryHeld(number: Int)
    case batch(node: Int, stream: StreamID, first: Int, records: [JournalRecord], control: Int)
    case acknowledged(node: Int, stream: StreamID, next: Int)
    case recall(node: Int, incarnation: ObjectID, RecallAnswer.Recall)
    case fault
    case start(node: Int)
    case heal(node: Int)
    case controlUp(Int)
    case databaseUp
}
