import Shared

/// Changes trees of JSON at random: what a server or a caller might send that nobody has thought of.
struct JSONMutator {
    private var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    /// With one to three of its values in the place of others, missing, doubled, or of another kind.
    mutating func mutated(_ value: JSONValue) -> JSONValue {
        var value = value
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let place = Int.random(in: 0..<Self.count(value), using: &random)
            var index = 0
            value = replaced(value, at: place, &index) ?? .null
        }
        return value
    }

    private static func count(_ value: JSONValue) -> Int {
        switch value {
        case .array(let elements): 1 + elements.reduce(0) { $0 + count($1) }
        case .object(let object): 1 + object.members.reduce(0) { $0 + count($1.value) }
        default: 1
        }
    }

    /// nil: the value is gone.
    private mutating func replaced(_ value: JSONValue, at place: Int, _ index: inout Int) -> JSONValue? {
        defer { index += 1 }
        if index == place { return another(than: value) }
        switch value {
        case .array(let elements):
            var changed: [JSONValue] = []
            for element in elements {
                index += 1
                if let element = replaced(element, at: place, &index) { changed.append(element) }
                index -= 1
            }
            return .array(changed)
        case .object(let object):
            var changed = JSONObject()
            for member in object.members {
                index += 1
                changed[member.name] = replaced(member.value, at: place, &index)
                index -= 1
            }
            return .object(changed)
        default: return value
        }
    }

    private mutating func another(than value: JSONValue) -> JSONValue? {
        switch Int.random(in: 0..<9, using: &random) {
        case 0: nil
        case 1: .null
        case 2: .string("")
        case 3: .string("data:;base64,\u{0}é")
        case 4: .number(JSONNumber(Int.random(in: -2...3, using: &random)))
        case 5: .boolean(Bool.random(using: &random))
        case 6: .array([value, value])
        case 7: .object(["type": value, "": .null])
        default: .array([])
        }
    }
}
