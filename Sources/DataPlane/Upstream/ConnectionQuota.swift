/// How many connections one provider's address may have on one loop, and who waits for one.
///
/// - Shape: who comes first is served first, and nobody overtakes: a connection that becomes free, or a place that does, goes to the first
///   who waits. Who finds the queue full is sent away at once.
struct ConnectionQuota<Waiter: AnyObject> {
    enum Answer { case open, wait, refused }

    let openMax: Int
    let waitingMax: Int
    /// Connections that are open or being opened.
    private(set) var open = 0
    private var queue: [Waiter] = []

    init(openMax: Int, waitingMax: Int) {
        self.openMax = openMax
        self.waitingMax = waitingMax
    }

    var waiting: Int { queue.count }

    /// For somebody for whom no kept connection was left.
    mutating func ask(_ waiter: Waiter) -> Answer {
        if open < openMax {
            open += 1
            return .open
        }
        guard queue.count < waitingMax else { return .refused }
        queue.append(waiter)
        return .wait
    }

    /// A connection is free: who gets it, without a change in their number.
    mutating func next() -> Waiter? { queue.isEmpty ? nil : queue.removeFirst() }

    /// A connection is closed, or could not be opened: who may open another one in its place.
    mutating func closed() -> Waiter? {
        precondition(open > 0)
        if let next = next() { return next }
        open -= 1
        return nil
    }

    /// Somebody does not wait any longer. False: it was no more in the queue.
    mutating func leave(_ waiter: Waiter) -> Bool {
        guard let place = queue.firstIndex(where: { $0 === waiter }) else { return false }
        queue.remove(at: place)
        return true
    }
}
