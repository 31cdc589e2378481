import Shared

extension CacheMark {
    /// - Parameter ttl: nil, or a length that Anthropic knows.
    init?(anthropic ttl: String?) {
        switch ttl {
        case nil: self.init()
        case "5m": self.init(seconds: 300)
        case "1h": self.init(seconds: 3_600)
        default: return nil
        }
    }

    /// The nearest length that is not shorter, if there is one.
    var anthropicTTL: String? { seconds.map { $0 <= 300 ? "5m" : "1h" } }
    var fitsAnthropic: Bool { seconds == nil || seconds == 300 || seconds == 3_600 }
}
