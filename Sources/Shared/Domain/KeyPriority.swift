/// How much the requests of a virtual key matter when not all can be served at once.
public enum KeyPriority: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    case high, normal, low

    /// 0 for those that go first; all classes lie in `0..<allCases.count`.
    @inline(__always)
    public var rank: Int {
        switch self {
        case .high: 0
        case .normal: 1
        case .low: 2
        }
    }

    /// The lesser one goes first.
    public static func < (a: KeyPriority, b: KeyPriority) -> Bool { a.rank < b.rank }
}
