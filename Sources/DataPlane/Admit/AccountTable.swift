import Shared

/// Account key to position: open addressing with linear probing, no allocation until it has to grow.
///
/// - Shape: a power of two of cells, at most half full; a removal moves the following cells back, so there are no tombstones.
struct AccountTable: Sendable {
    private var cells: ContiguousArray<Int32>
    private var mask: Int
    private var count = 0
    /// End users choose labels and so, by trying, subjects: the start of the hash must not be known.
    private let seed: UInt64

    private static let empty: Int32 = -1

    init(seed: UInt64) {
        self.seed = seed
        cells = ContiguousArray(repeating: Self.empty, count: 64)
        mask = 63
    }

    @inline(__always)
    private func home(_ key: AccountKey) -> Int {
        var mixed = (key.allowanceID.low ^ seed) &* 0x9e37_79b9_7f4a_7c15
        mixed ^= mixed >> 32
        mixed = (mixed ^ key.subject ^ key.allowanceID.high) &* 0xbf58_476d_1ce4_e5b9
        mixed ^= mixed >> 29
        return Int(truncatingIfNeeded: mixed) & mask
    }

    @inline(__always)
    func find(_ key: AccountKey, in accounts: borrowing ContiguousArray<WalletAccount>) -> Int? {
        var cell = home(key)
        while true {
            let position = cells[cell]
            if position == Self.empty { return nil }
            if accounts[Int(position)].key == key { return Int(position) }
            cell = (cell &+ 1) & mask
        }
    }

    mutating func insert(_ key: AccountKey, at position: Int, in accounts: borrowing ContiguousArray<WalletAccount>) {
        if (count + 1) * 2 > cells.count {
            let old = cells
            cells = ContiguousArray(repeating: Self.empty, count: old.count * 2)
            mask = cells.count - 1
            for moved in old where moved != Self.empty { place(accounts[Int(moved)].key, moved) }
        }
        place(key, Int32(position))
        count += 1
    }

    private mutating func place(_ key: AccountKey, _ position: Int32) {
        var cell = home(key)
        while cells[cell] != Self.empty { cell = (cell + 1) & mask }
        cells[cell] = position
    }

    mutating func remove(_ key: AccountKey, in accounts: borrowing ContiguousArray<WalletAccount>) {
        var hole = home(key)
        while true {
            let position = cells[hole]
            if position == Self.empty { return }
            if accounts[Int(position)].key == key { break }
            hole = (hole + 1) & mask
        }
        count -= 1
        var cell = (hole + 1) & mask
        while cells[cell] != Self.empty {
            // A cell may move into the hole if its home is not between the hole and where it lies.
            let distance = (cell - home(accounts[Int(cells[cell])].key)) & mask
            if distance >= (cell - hole) & mask {
                cells[hole] = cells[cell]
                hole = cell
            }
            cell = (cell + 1) & mask
        }
        cells[hole] = Self.empty
    }
}
