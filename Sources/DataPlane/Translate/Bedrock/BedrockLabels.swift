import Shared

/// Labels for Bedrock's records of requests.
///
/// - Source: `RequestMetadata` of the service model: 16 at most; letters, digits, white space and a few signs, 256 at most each.
enum BedrockLabels {
    static let countMax = 16
    private static let lengthMax = 256

    static func takes(_ label: JSONObject.Member) -> Bool {
        guard let value = label.value.string else { return false }
        return !label.name.isEmpty && isTaken(label.name) && isTaken(value)
    }

    private static func isTaken(_ text: String) -> Bool {
        text.unicodeScalars.count <= lengthMax && text.unicodeScalars.allSatisfy(isTaken)
    }

    private static func isTaken(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", ":", "_", "@", "$", "#", "=", "/", "+", ",", "-", ".": true
        default: scalar.properties.isWhitespace
        }
    }
}
