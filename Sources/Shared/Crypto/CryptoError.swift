/// What can go wrong with keys and boxes that come from outside.
public enum CryptoError: Error, Equatable, Sendable {
    /// A key has the wrong length or is not a point of its curve.
    case invalidKey
    /// Shorter than anything that could have been sealed.
    case truncated
    /// Changed, or made with another key or other associated data. Which of these cannot be told.
    case authenticationFailed
}

extension CryptoError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidKey: "the key has the wrong length or is invalid"
        case .truncated: "the sealed bytes are too short"
        case .authenticationFailed: "the sealed bytes were changed, or belong to another key or another purpose"
        }
    }
}
