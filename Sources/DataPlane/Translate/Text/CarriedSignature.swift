import Shared

/// Another provider's signature of a thought on its way through a caller of a dialect that has a place for its own.
///
/// - Shape: callers give back signatures unchanged. What another provider has to get back travels in that place behind a prefix that says
///   whose it is, so that it is never taken for the dialect's own: `weir:gemini:...`.
enum CarriedSignature {
    private static let prefix = "weir:"

    /// What stands in front of a signature of `origin` where `home` is spoken; nothing for its own.
    static func mark(of origin: Dialect, at home: Dialect) -> String {
        origin == home ? "" : "\(prefix)\(origin.rawValue):"
    }

    /// As its provider gave it, and whose it is; nil where nothing says that it is another's.
    static func read(_ text: String) -> (signature: String, origin: Dialect)? {
        guard text.hasPrefix(prefix) else { return nil }
        let rest = text.dropFirst(prefix.count)
        guard let colon = rest.firstIndex(of: ":"), let origin = Dialect(rawValue: String(rest[..<colon])) else {
            return nil
        }
        return (String(rest[rest.index(after: colon)...]), origin)
    }
}
