import Shared

/// Sets a target aside that fails, and finds out when it is well again.
///
/// - Shape: a pure state machine; time is passed in. Closed it counts; open it lets nobody through until its time is over; half open it lets
///   one request at a time through, and `successesToClose` of them in a row close it. A cooldown, which a provider may ask for, runs beside it
///   and needs no probe: only the longer of two counts.
/// - Shape: where the provider is asked by `Prober` whether it is up, what that finds comes in too. While it fails the target is set aside
///   like by a cooldown. And no request is spent to find out what an answer to the prober could have said: while open, the first request
///   waits until one that was sent afterwards has been answered.
/// - Source: the circuit breaker of M. Nygard, "Release It!"; consecutive failures and a minimum sample as Envoy's outlier detection has them.
struct Breaker {
    enum State: Equatable {
        case closed
        case open(until: MonotonicTime)
        /// With as many probes under way, and as many that went well in a row.
        case halfOpen(probes: Int, successes: Int)
    }

    /// What others should know.
    enum Change: Equatable {
        case opened(until: MonotonicTime)
        case closed
    }

    /// One that went well may be chance where half of them fail: with three, seven of eight of those are caught.
    static let successesToClose = 3
    private static let never = MonotonicTime(nanoseconds: 0)
    private static let bucketCount = 10

    private(set) var rule: PolicyDocument.Breaker
    private(set) var state = State.closed
    /// By the provider's wish or for its probes, whichever is longer: one comparison for every request.
    private(set) var cooledUntil = never
    private var askedUntil = never
    private var downUntil = never
    /// Within so many nanoseconds the provider is asked whether it is up; nil: it is not.
    private var probedWithin: UInt64?
    private var openedAt = never
    /// Its first request is held back, although its time may be over.
    private var heldUntil = never
    /// Only others have said that it fails.
    private var isHearsay = false
    private var consecutive = 0
    /// How long it stays open when it opens the next time.
    private var openSeconds: Int
    /// Attempts and failures by tenths of the window.
    private var attempts = InlineArray<10, UInt32>(repeating: 0)
    private var failures = InlineArray<10, UInt32>(repeating: 0)
    private var bucket: UInt64 = 0

    init(_ rule: PolicyDocument.Breaker) {
        self.rule = rule
        openSeconds = rule.openSeconds
    }

    /// Another rule from here on; what was counted stays.
    mutating func use(_ rule: PolicyDocument.Breaker) {
        guard rule != self.rule else { return }
        self.rule = rule
        openSeconds = min(max(openSeconds, rule.openSeconds), rule.openSecondsMax)
    }

    /// Whether a request may go there now.
    @inline(__always)
    func isAvailable(_ now: MonotonicTime) -> Bool {
        guard case .closed = state, cooledUntil <= now else { return isAvailableAgain(now) }
        return true
    }

    private func isAvailableAgain(_ now: MonotonicTime) -> Bool {
        guard cooledUntil <= now else { return false }
        switch state {
        case .closed: return true
        case .open(let until): return max(until, heldUntil) <= now
        case .halfOpen(let probes, _): return probes == 0
        }
    }

    /// When it may be tried, as far as is known; the past where it may be now.
    var availableAt: MonotonicTime {
        if case .open(let until) = state { return max(until, cooledUntil) }
        return cooledUntil
    }

    /// An attempt begins. True where it is a probe: `end` has to hear of that.
    mutating func begin(_ now: MonotonicTime) -> Bool {
        switch state {
        case .closed: return false
        case .open(let until):
            // Tried although it is set aside: nothing else was there. That proves something only when its time is over.
            guard until <= now else { return false }
            state = .halfOpen(probes: 1, successes: 0)
            return true
        case .halfOpen(let probes, let successes):
            state = .halfOpen(probes: probes + 1, successes: successes)
            return true
        }
    }

    /// A probe is over, whatever it came to.
    mutating func endProbe() {
        guard case .halfOpen(let probes, let successes) = state else { return }
        state = .halfOpen(probes: max(0, probes - 1), successes: successes)
    }

    @inline(__always)
    mutating func succeeded(_ now: MonotonicTime, isProbe: Bool) -> Change? {
        consecutive = 0
        guard case .closed = state else { return isProbe ? probeSucceeded(now) : nil }
        turn(now)
        attempts[Int(bucket % UInt64(Self.bucketCount))] &+= 1
        return nil
    }

    private mutating func probeSucceeded(_ now: MonotonicTime) -> Change? {
        guard case .halfOpen(let probes, let successes) = state else { return nil }
        guard successes + 1 >= Self.successesToClose else {
            state = .halfOpen(probes: probes, successes: successes + 1)
            return nil
        }
        close()
        return .closed
    }

    mutating func failed(_ now: MonotonicTime, isProbe: Bool) -> Change? {
        consecutive += 1
        switch state {
        case .closed:
            turn(now)
            let place = Int(bucket % UInt64(Self.bucketCount))
            attempts[place] &+= 1
            failures[place] &+= 1
            guard consecutive >= rule.consecutiveFailures || failsTooOften else { return nil }
            return open(now)
        case .halfOpen:
            guard isProbe else { return nil }
            openSeconds = min(openSeconds * 2, rule.openSecondsMax)
            return open(now)
        // Of attempts that began before it opened.
        case .open: return nil
        }
    }

    /// Not to be used until then, whatever the breaker says; a shorter cooldown than the one under way changes nothing.
    mutating func cool(until: MonotonicTime) {
        askedUntil = max(askedUntil, until)
        cooledUntil = max(askedUntil, downUntil)
    }

    // MARK: What others found out

    /// Another loop has opened its own.
    mutating func heardOpened(until: MonotonicTime, _ now: MonotonicTime) {
        switch state {
        case .closed: hold(open: until, now)
        case .open(let known): hold(open: max(known, until), now)
        // Its own probes know more.
        case .halfOpen: break
        }
    }

    mutating func heardClosed() { close() }

    /// Another data plane has opened its own. One that was served here a moment ago knows better: what ails the other may be its network.
    /// True where it is set aside for that.
    mutating func heardRumour(until: MonotonicTime, _ now: MonotonicTime) -> Bool {
        if state == .closed {
            turn(now)
            if counted.attempts > 0 && consecutive == 0 { return false }
        }
        switch state {
        case .closed:
            hold(open: until, now)
            isHearsay = true
            return true
        case .open(let known): state = .open(until: max(known, until))
        // Its own probes know more.
        case .halfOpen: break
        }
        return false
    }

    // MARK: What the prober finds

    /// - Parameter nanoseconds: the longest from any moment to the end of a probe; nil: the provider is not asked.
    mutating func probe(within nanoseconds: UInt64?) {
        probedWithin = nanoseconds
        if nanoseconds == nil {
            heldUntil = Self.never
            answers()
        }
    }

    /// Whether its provider does not answer probes.
    func isDown(_ now: MonotonicTime) -> Bool { downUntil > now }

    mutating func heard(_ finding: ProviderProbe.Finding) {
        switch finding {
        case .failed(let isDown, let until):
            heldUntil = max(heldUntil, until)
            guard isDown else { return }
            downUntil = until
            cooledUntil = max(askedUntil, downUntil)
        case .up(let moment):
            answers()
            guard case .open = state, moment > openedAt else { return }
            heldUntil = Self.never
            // Others may have another way to it than this process: it is tried, by one request at a time.
            if isHearsay { state = .halfOpen(probes: 0, successes: 0) }
        }
    }

    private mutating func answers() {
        downUntil = Self.never
        cooledUntil = askedUntil
    }

    // MARK: Inside

    private mutating func open(_ now: MonotonicTime) -> Change {
        let until = now.advanced(byNanoseconds: UInt64(openSeconds) * 1_000_000_000)
        hold(open: until, now)
        attempts = InlineArray(repeating: 0)
        failures = InlineArray(repeating: 0)
        return .opened(until: until)
    }

    private mutating func hold(open until: MonotonicTime, _ now: MonotonicTime) {
        state = .open(until: until)
        openedAt = now
        isHearsay = false
        heldUntil = probedWithin.map { now.advanced(byNanoseconds: $0) } ?? Self.never
    }

    private mutating func close() {
        state = .closed
        consecutive = 0
        openSeconds = rule.openSeconds
    }

    private var failsTooOften: Bool {
        let (attempts, failures) = counted
        return attempts >= UInt64(rule.samplesMin) && failures * 100 >= attempts * UInt64(rule.failurePercent)
    }

    /// Within the window.
    private var counted: (attempts: UInt64, failures: UInt64) {
        attempts.indices.reduce((0, 0)) { ($0.0 + UInt64(attempts[$1]), $0.1 + UInt64(failures[$1])) }
    }

    /// Empties the buckets whose time has passed.
    @inline(__always)
    private mutating func turn(_ now: MonotonicTime) {
        let current = now.nanoseconds / (UInt64(rule.windowSeconds) * (1_000_000_000 / UInt64(Self.bucketCount)))
        if current == bucket { return }
        let passed = current > bucket ? min(current - bucket, UInt64(Self.bucketCount)) : UInt64(Self.bucketCount)
        for step in 0..<passed {
            let place = Int((current &- step) % UInt64(Self.bucketCount))
            attempts[place] = 0
            failures[place] = 0
        }
        bucket = current
    }
}
