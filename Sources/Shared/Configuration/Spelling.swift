/// Finds what somebody probably meant.
enum Spelling {
    /// The name that differs least from `name`, if the difference is small enough to be a slip: a third of its letters, at
    /// least one, at most three. The letters' case does not count, nor do hyphens and underscores.
    static func nearest(to name: String, among names: some Sequence<String>) -> String? {
        let letters = fold(name)
        let limit = max(1, min(3, letters.count / 3))
        var best: (name: String, distance: Int)?
        // Sorted, so that the answer does not depend on the order of a set.
        for candidate in names.sorted() {
            let distance = distance(letters, fold(candidate))
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    private static func fold(_ name: String) -> [UInt8] {
        name.lowercased().utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }
    }

    /// Letters added, left out, replaced, or swapped with their neighbour.
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
        var rows = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
        for i in 0...a.count { rows[i][0] = i }
        for j in 0...b.count { rows[0][j] = j }
        for i in 1...a.count {
            for j in 1...b.count {
                let replaced = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
                rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, replaced)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
                }
            }
        }
        return rows[a.count][b.count]
    }
}
