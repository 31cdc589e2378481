import Shared

/// What is to happen to the next requests: a sequence that is used up, then a rate.
struct FaultScript {
    private var sequence: [Fault] = []
    private var rate = 0.0
    private var faults: [Fault] = []
    private var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    init(sequence: [Fault], rate: Double, faults: [Fault], seed: UInt64) {
        self.sequence = sequence
        self.rate = rate
        self.faults = faults
        random = SeededRandom(seed: seed)
    }

    mutating func next() -> Fault? {
        if !sequence.isEmpty { return sequence.removeFirst() }
        guard rate > 0, let fault = faults.randomElement(using: &random) else { return nil }
        return Double.random(in: 0..<1, using: &random) < rate ? fault : nil
    }
}
