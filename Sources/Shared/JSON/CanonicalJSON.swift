import FoundationEssentials

/// The one text of a value: what is hashed and signed, and what every API answers.
///
/// - Shape: sorted member names, no white space, slashes as they are; members that are nil are left out.
public enum CanonicalJSON {
    /// Traps on what has no JSON, such as a floating-point infinity: nothing that Weir writes has any.
    public static func encode(_ value: some Encodable) -> [UInt8] {
        encode(value, [.sortedKeys, .withoutEscapingSlashes])
    }

    /// The same value on several lines: to be read, and not to be hashed.
    public static func encodeForPeople(_ value: some Encodable) -> [UInt8] {
        encode(value, [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted])
    }

    private static func encode(_ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        do {
            return Array(try encoder.encode(value))
        } catch {
            preconditionFailure("a value that cannot be JSON: \(error)")
        }
    }
}
