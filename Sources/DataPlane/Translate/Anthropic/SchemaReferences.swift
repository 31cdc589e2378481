import Shared

/// The references inside a JSON schema.
///
/// - Shape: a schema has definitions, and refers to them by `#/$defs/name` or `#/definitions/name`, or to all of itself by `#`. References to
///   other places are not followed: nobody's tools write circles with them.
struct SchemaReferences {
    /// What each definition refers to.
    private var references: [String: Set<String>] = [:]
    private var refersToWhole = false
    private static let whole = "#"

    init(of schema: JSONValue) {
        for list in ["$defs", "definitions"] {
            for definition in schema[list]?.object?.members ?? [] {
                var found: Set<String> = []
                collect(definition.value, into: &found)
                references["#/\(list)/\(definition.name)"] = found
            }
        }
        var found: Set<String> = []
        collect(schema, into: &found)
        refersToWhole = found.contains(Self.whole)
    }

    private func collect(_ value: JSONValue, into found: inout Set<String>) {
        switch value {
        case .object(let object):
            for member in object.members {
                if member.name == "$ref", let reference = member.value.string { found.insert(reference) }
                collect(member.value, into: &found)
            }
        case .array(let elements): for element in elements { collect(element, into: &found) }
        default: break
        }
    }

    /// Whoever follows the references does not come to an end.
    var isCircular: Bool {
        guard !refersToWhole else { return true }
        // Definitions that refer to nothing more are taken away, until there are none; those of a circle stay.
        var open = references.mapValues { $0.count { references[$0] != nil } }
        var referring: [String: [String]] = [:]
        for (name, others) in references { for other in others { referring[other, default: []].append(name) } }
        var ready = open.filter { $0.value == 0 }.map(\.key)
        var count = 0
        while let name = ready.popLast() {
            count += 1
            for other in referring[name] ?? [] {
                open[other, default: 0] -= 1
                if open[other] == 0 { ready.append(other) }
            }
        }
        return count < references.count
    }
}
