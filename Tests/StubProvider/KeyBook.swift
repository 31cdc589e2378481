import Shared

/// Which keys requests came with, and what befalls those of a key.
struct KeyBook {
    private var counts: [String: Int] = [:]
    private var faults: [String: Fault] = [:]

    /// Without a key it is counted under the empty one.
    mutating func count(_ key: String?) { counts[key ?? "", default: 0] += 1 }

    func fault(of key: String?) -> Fault? { faults.isEmpty ? nil : faults[key ?? ""] }

    /// `{"sk-a": "status-401", "sk-b": null}`; keys that are not named stay as they are.
    mutating func befall(parsing body: [UInt8]) throws(ScriptError) {
        for member in try parseControl(body).object?.members ?? [] {
            let fault = member.value.string.flatMap { Fault($0) }
            guard fault != nil || member.value == .null else { throw ScriptError("\(member.name): no such fault") }
            faults[member.name] = fault
        }
    }

    var json: [UInt8] {
        var out: [UInt8] = [UInt8(ascii: "{")]
        for (key, count) in counts.sorted(by: { $0.key < $1.key }) {
            if out.count > 1 { out.append(UInt8(ascii: ",")) }
            out.append(jsonString: key)
            out.append(text: ":\(count)")
        }
        out.append(UInt8(ascii: "}"))
        return out
    }
}
