public import Shared

/// The text of a token for administrators or data planes. It is shown once; what is stored is its SHA-256.
///
/// - Shape: a prefix that scanners of leaked secrets can look for, then 43 characters of base64url (32 random bytes).
public struct AccessToken: Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        case administrator = "weiradm_"
        case node = "weirnode_"
    }

    public let text: String
    public var sha256: SHA256Digest { SHA256.digest(Array(text.utf8)) }

    public static func generate(_ kind: Kind) -> AccessToken {
        AccessToken(text: kind.rawValue + Base64URL.encode(SecureRandom.bytes(32)))
    }

    /// nil: cannot be a token of this kind, so that no look-up is needed.
    public static func digest(of text: some StringProtocol, _ kind: Kind) -> SHA256Digest? {
        guard text.utf8.count == kind.rawValue.utf8.count + 43, text.hasPrefix(kind.rawValue) else { return nil }
        return SHA256.digest(Array(text.utf8))
    }

    private init(text: String) { self.text = text }
}

extension AccessToken: CustomStringConvertible {
    /// Never the secret, so that no log line can carry one by accident.
    public var description: String { "<token>" }
}
