/// Text that must not be shown: it prints as `<secret>`, in logs, in dumps and in JSON.
public struct Secret: Hashable, Sendable {
    private let text: String

    public init(_ text: String) { self.text = text }

    /// The text itself, for the one place that needs it.
    public func reveal() -> String { text }

    public var isEmpty: Bool { text.isEmpty }

    /// What stands in its place.
    public static let placeholder = "<secret>"
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { Self.placeholder }
    public var debugDescription: String { Self.placeholder }
    /// `dump` and the interpolation of a struct that holds one look at the mirror.
    public var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}

extension Secret: Codable {
    public init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    /// Does not tell the text either. What has to be stored is revealed by name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(isEmpty ? "" : Self.placeholder)
    }
}

/// Where a secret comes from: `env:NAME`, `file:/path`, or the text itself.
///
/// - Shape: of a file, one line break at the end is left out.
/// - Errors: `ReferenceError`, which names the reference and never the secret.
public enum SecretReference {
    public struct ReferenceError: Error, Equatable, Sendable, CustomStringConvertible {
        public var description: String
    }

    public static func isReference(_ text: some StringProtocol) -> Bool {
        text.hasPrefix("env:") || text.hasPrefix("file:")
    }

    public static func resolve(
        _ text: String, environment: [String: String], readFile: (String) throws -> [UInt8] = SmallFile.read
    ) throws(ReferenceError) -> Secret {
        if text.hasPrefix("env:") {
            let name = String(text.dropFirst(4))
            guard let value = environment[name] else {
                throw ReferenceError(description: "the environment variable \(name) is not set")
            }
            guard !value.isEmpty else { throw ReferenceError(description: "the environment variable \(name) is empty") }
            return Secret(value)
        }
        guard text.hasPrefix("file:") else { return Secret(text) }
        let path = String(text.dropFirst(5))
        guard path.hasPrefix("/") else {
            throw ReferenceError(description: "\"\(path)\" is not an absolute path")
        }
        var bytes: [UInt8]
        do {
            bytes = try readFile(path)
        } catch {
            throw ReferenceError(description: "\(error)")
        }
        if bytes.last == 0x0a { bytes.removeLast() }
        if bytes.last == 0x0d { bytes.removeLast() }
        guard !bytes.isEmpty else { throw ReferenceError(description: "\(path) is empty") }
        guard let value = String(validating: bytes, as: UTF8.self) else {
            throw ReferenceError(description: "\(path) is not UTF-8")
        }
        return Secret(value)
    }
}
