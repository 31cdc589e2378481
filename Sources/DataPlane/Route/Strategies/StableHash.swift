import Shared

/// A hash of 64 bits that is the same in every process, on every machine and after every restart.
///
/// - Shape: what is added in two steps is not what is added in one: each text counts with its length. Not for secrets, and not against
///   those who look for collisions: what routing by it can do to a target is bounded elsewhere.
/// - Source: the folded product of 64 x 64 bits that wyhash and its kin are made of; the finalizer of SplitMix64.
struct StableHash {
    private var state: UInt64 = 0x9e37_79b9_7f4a_7c15

    mutating func add(_ word: UInt64) {
        // Two odd constants of random digits. The exclusive or keeps a word of zeros from ending in 0.
        let product = (state ^ word).multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
        state = product.high ^ product.low ^ 0xe703_7ed1_a0b4_28db
    }

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        add(UInt64(bytes.count))
        var index = 0
        while index &+ 8 <= bytes.count {
            add(UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
            index &+= 8
        }
        guard index < bytes.count else { return }
        var word: UInt64 = 0
        while index < bytes.count {
            word = unsafe word << 8 | UInt64(bytes[index])
            index &+= 1
        }
        add(word)
    }

    mutating func add(_ id: ObjectID) {
        add(id.high)
        add(id.low)
    }

    var value: UInt64 { Self.mixed(state) }

    /// Every bit of the result hangs on every bit of `word`; no two words come to the same.
    @inline(__always)
    static func mixed(_ word: UInt64) -> UInt64 {
        var mixed = word
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
