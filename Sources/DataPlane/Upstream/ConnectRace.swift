import Shared

/// Which of a name's addresses is tried next, and when, while others are under way.
///
/// - Shape: ask `step`, do what it says, ask again; tell of each attempt that failed. Whoever connects first has won, and then nobody
///   asks any more.
/// - Source: RFC 8305 section 5. One attempt follows another after a delay, and at once when no other is under way or one has failed:
///   a refusal is an answer, silence is not.
struct ConnectRace {
    enum Step: Equatable {
        /// Begin with the address of this index.
        case connect(Int)
        /// Nothing to do before this moment, or before an attempt has failed; `distantFuture`: all have been begun.
        case wait(until: MonotonicTime)
        /// All have been tried and none is under way.
        case lost
    }

    private let count: Int
    private let delay: Duration
    private(set) var begun = 0
    private(set) var underWay = 0
    private var nextAt = MonotonicTime(nanoseconds: 0)

    /// - Parameter count: of addresses, the best first.
    init(count: Int, delay: Duration) {
        self.count = count
        self.delay = delay
    }

    mutating func step(at now: MonotonicTime) -> Step {
        guard begun < count else { return underWay > 0 ? .wait(until: .distantFuture) : .lost }
        guard underWay == 0 || now >= nextAt else { return .wait(until: nextAt) }
        defer {
            begun += 1
            underWay += 1
            nextAt = now.advanced(by: delay)
        }
        return .connect(begun)
    }

    mutating func attemptFailed(at now: MonotonicTime) {
        precondition(underWay > 0)
        underWay -= 1
        nextAt = min(nextAt, now)
    }
}

/// The order in which a name's addresses are tried.
///
/// - Shape: the system's order (RFC 6724), with the two families in turns, so that a family that is broken costs one delay and not one for
///   each of its addresses. What failed lately comes last, the latest failure at the very end.
/// - Source: RFC 8305 section 4, with one address of the first family at the front.
struct AddressOrder {
    private var failures: [SocketAddress: MonotonicTime] = [:]

    /// So long an address that failed is tried last. Long enough that not every new connection pays the delay, short enough that
    /// it is in use again soon after it was mended.
    static let failureTime = Duration.seconds(60)
    /// More addresses of one name than this are not tried, nor remembered.
    static let addressesMax = 16

    func ordered(_ addresses: [SocketAddress], at now: MonotonicTime) -> [SocketAddress] {
        guard addresses.count > 1 else { return addresses }
        let interleaved = Self.interleaved(addresses)
        let failing = interleaved.filter { hasFailedLately($0, at: now) }
        guard !failing.isEmpty else { return interleaved }
        let byTime = failing.enumerated().sorted {
            (failures[$0.element]!, $0.offset) < (failures[$1.element]!, $1.offset)
        }
        return interleaved.filter { !failing.contains($0) } + byTime.map(\.element)
    }

    private static func interleaved(_ addresses: [SocketAddress]) -> [SocketAddress] {
        let first = addresses.filter { $0.isIPv6 == addresses[0].isIPv6 }
        let second = addresses.filter { $0.isIPv6 != addresses[0].isIPv6 }
        var order: [SocketAddress] = []
        for index in 0..<max(first.count, second.count) {
            if index < first.count { order.append(first[index]) }
            if index < second.count { order.append(second[index]) }
        }
        return order
    }

    private func hasFailedLately(_ address: SocketAddress, at now: MonotonicTime) -> Bool {
        guard let failedAt = failures[address] else { return false }
        return now < failedAt.advanced(by: Self.failureTime)
    }

    mutating func failed(_ address: SocketAddress, at now: MonotonicTime) { failures[address] = now }

    mutating func succeeded(_ address: SocketAddress) {
        if !failures.isEmpty { failures[address] = nil }
    }

    /// Forgets what is known of addresses that the name does not have any more.
    mutating func keep(_ addresses: [SocketAddress]) {
        if !failures.isEmpty { failures = failures.filter { addresses.contains($0.key) } }
    }
}
