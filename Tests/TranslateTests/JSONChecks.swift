import Shared
import XCTest

/// Compares texts of JSON as trees: the order of members does not count.
func assertJSON(_ bytes: [UInt8], _ expected: String, file: StaticString = #filePath, line: UInt = #line) {
    do {
        let found = try JSONValue(parsing: bytes, allowing: .all)
        let wanted = try JSONValue(parsing: Array(expected.utf8), allowing: .all)
        XCTAssertEqual(sorted(found), sorted(wanted), file: file, line: line)
    } catch {
        XCTFail("\(error) in \(String(decoding: bytes, as: UTF8.self))", file: file, line: line)
    }
}

/// The text of a value, members sorted by their names.
private func sorted(_ value: JSONValue) -> String {
    func order(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map(order))
        case .object(let object):
            var ordered = JSONObject()
            for member in object.members.sorted(by: { $0.name < $1.name }) {
                ordered[member.name] = order(member.value)
            }
            return .object(ordered)
        default: return value
        }
    }
    return String(decoding: order(value).bytes, as: UTF8.self)
}
