import FoundationEssentials

/// The one text of a value: what is hashed and signed, and what every API answers.
///
/// - Shape: sorted member names, no white space, slashes as they are; members that are nil are left out.
public enum CanonicalJSON {
    /// Traps on what has no JSON, such as a floating-point infinity: nothing that Weir writes has any.
    public static func encode(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(value))
        } catch {
            preconditionFailure("a value that cannot be JSON: \(error)")
        }
    }
}
