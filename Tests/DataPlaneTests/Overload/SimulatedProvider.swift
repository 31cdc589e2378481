import Glibc
import Shared

@testable import DataPlane

/// A provider of fixed capacity and callers that keep a limit in front of it busy, in a time of its own.
///
/// Up to `capacity` requests it answers each in `latency`; with twice as many each takes twice as long. What it takes differs from request to
/// request by `noise`, the standard deviation of the logarithm.
struct SimulatedProvider {
    var limit: ConcurrencyLimit
    var capacity: Double
    var latency = 1.0
    var noise = 0.0
    /// So many requests want to be in flight at every moment.
    var demand = 64
    /// So many seconds an answer goes on after its first token.
    var answering = 0.0
    /// What is beyond its capacity is refused at once.
    var refusesBeyondCapacity = false
    /// Nothing is answered, and each request ends in a timeout.
    var isDown = false
    private(set) var now = MonotonicTime(nanoseconds: 1_000_000_000_000)
    private(set) var answered = 0
    /// The longest time in which no request was let in.
    var longestPause = 0.0
    private var lastBegun = MonotonicTime(nanoseconds: 1_000_000_000_000)
    private(set) var refused = 0
    /// The least and the most that the limit ever was.
    private(set) var lowest = Int.max
    private(set) var highest = 0
    private var flights: [Flight] = []
    private var random: SeededRandom

    private struct Flight {
        enum End { case token, over, refusal, timeout }
        var begun: MonotonicTime
        var ends: MonotonicTime
        var end: End
    }

    init(
        _ rule: PolicyDocument.Concurrency, startingAt start: Int? = nil, capacity: Double, noise: Double = 0,
        demand: Int = 64, seed: UInt64
    ) {
        limit = ConcurrencyLimit(rule, startingAt: start, at: now)
        self.capacity = capacity
        self.noise = noise
        self.demand = demand
        random = SeededRandom(seed: seed)
    }

    /// The mean of the limit over so many seconds.
    @discardableResult
    mutating func run(seconds: Int) -> Double {
        let end = now.advanced(by: .seconds(seconds))
        var weighted = 0.0
        let began = now
        while true {
            limit.look(at: now)
            let wanted = min(limit.current, demand)
            while flights.count < wanted { begin() }
            // Whatever ends first.
            let next = flights.indices.min { flights[$0].ends < flights[$1].ends }
            let until = min(end, next.map { flights[$0].ends } ?? end)
            weighted += Double(limit.current) * Double(until.nanoseconds - now.nanoseconds)
            now = until
            guard let next, flights[next].ends <= end, now < end else { break }
            finish(flights.remove(at: next))
            lowest = min(lowest, limit.current)
            highest = max(highest, limit.current)
        }
        return weighted / Double(end.nanoseconds - began.nanoseconds)
    }

    private mutating func begin() {
        longestPause = max(longestPause, Double(now.nanoseconds - lastBegun.nanoseconds) / 1e9)
        lastBegun = now
        let inFlight = Double(flights.count + 1)
        limit.began(inFlight: flights.count + 1)
        if isDown { return flights.append(Flight(begun: now, ends: now.advanced(by: .seconds(5)), end: .timeout)) }
        if refusesBeyondCapacity, inFlight > capacity {
            return flights.append(Flight(begun: now, ends: now.advanced(by: .milliseconds(20)), end: .refusal))
        }
        let seconds = latency * max(1, inFlight / capacity) * exp(noise * gaussian())
        let ends = now.advanced(byNanoseconds: UInt64(seconds * 1e9))
        flights.append(Flight(begun: now, ends: ends, end: .token))
    }

    private mutating func finish(_ flight: Flight) {
        switch flight.end {
        case .token:
            answered += 1
            limit.firstToken(begunAt: flight.begun, at: now)
            guard answering > 0 else { return }
            let ends = now.advanced(byNanoseconds: UInt64(answering * exp(noise * gaussian()) * 1e9))
            flights.append(Flight(begun: flight.begun, ends: ends, end: .over))
        case .over: break
        case .refusal:
            refused += 1
            limit.pushedBack(begunAt: flight.begun, at: now)
        case .timeout: limit.pushedBack(begunAt: flight.begun, at: now)
        }
    }

    private mutating func gaussian() -> Double {
        let (a, b) = (Double.random(in: 1e-12..<1, using: &random), Double.random(in: 0..<1, using: &random))
        return (-2 * log(a)).squareRoot() * cos(2 * .pi * b)
    }
}
