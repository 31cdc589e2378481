import Shared

/// What one loop has made of a policy for the keys that it sees, until there is another policy.
///
/// - Shape: a table of `placesMax` places, in which the later of two entries that meet takes the place of the other.
///
/// Concurrency: one for each loop.
struct PolicyTable<Entry: AnyObject> {
    private let placesMax = 1024
    /// Whose entries there are.
    private var policy: CompiledPolicy?
    private var places: [Entry?]

    init() { places = Array(repeating: nil, count: placesMax) }

    /// The entry that is `wanted`, made by `make` where there is none.
    @inline(__always)
    mutating func entry(
        at hash: UInt64, in policy: CompiledPolicy, _ wanted: (Entry) -> Bool, orMake make: () -> Entry?
    ) -> Entry? {
        if self.policy !== policy {
            self.policy = policy
            for place in places.indices { places[place] = nil }
        }
        let place = Int(truncatingIfNeeded: hash % UInt64(placesMax))
        if let known = places[place], wanted(known) { return known }
        guard let new = make() else { return nil }
        places[place] = new
        return new
    }
}
