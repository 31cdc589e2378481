import Shared

/// Identities of calls as letters, digits, `_` and `-`, and each for one call only. Calls without any get one, and results without any go
/// to the first call of their tool that has none yet. Signatures that travel in them are no concern of the dialects whose turns alternate.
///
/// - Shape: no step looks at all calls before it, as a long conversation has many and a hostile one any number.
struct AlternatingCallIDs {
    private var names: ToolNames
    private var given: Set<String> = []
    /// The last number that was put behind an identity to tell it from the same one.
    private var numbers: [String: Int] = [:]
    /// From the caller's identity to that of the last call that had it.
    private var latest: [String: String] = [:]
    private var waiting = WaitingCalls()

    init(_ turns: [Turn], countMax: Int) {
        var ids: [String] = []
        for turn in turns where turn.role == .assistant {
            for case .toolCall(let call) in turn.parts.lazy.map(\.content) where !call.id.isEmpty {
                ids.append(SignedCallID.plain(call.id))
            }
        }
        names = ToolNames(countMax: countMax, of: ids)
    }

    mutating func id(of call: ToolCall) -> String {
        let wanted = call.id.isEmpty ? "weir_call" : names.name(for: SignedCallID.plain(call.id))
        var id = wanted
        while !given.insert(id).inserted {
            let number = numbers[wanted, default: 1] + 1
            numbers[wanted] = number
            id = "\(wanted)_\(number)"
        }
        if call.id.isEmpty { waiting.add(id, of: call.name) } else { latest[call.id] = id }
        return id
    }

    mutating func id(of result: ToolResult) -> String? {
        result.callID.isEmpty ? waiting.next(of: result.name) : latest[result.callID]
    }
}

/// Calls without identities of their own whose results have not come.
private struct WaitingCalls {
    private var ids: [String] = []
    private var isTaken: [Bool] = []
    private var first = 0
    private var byName: [String: (places: [Int], first: Int)] = [:]

    mutating func add(_ id: String, of name: String) {
        byName[name, default: ([], 0)].places.append(ids.count)
        ids.append(id)
        isTaken.append(false)
    }

    /// - Parameter name: nil where the result does not say which tool it is of.
    mutating func next(of name: String?) -> String? {
        guard let name else {
            while first < ids.count, isTaken[first] { first += 1 }
            return first < ids.count ? take(first) : nil
        }
        while let calls = byName[name], calls.first < calls.places.count {
            byName[name]?.first += 1
            if !isTaken[calls.places[calls.first]] { return take(calls.places[calls.first]) }
        }
        return nil
    }

    private mutating func take(_ place: Int) -> String {
        isTaken[place] = true
        return ids[place]
    }
}

/// What came of the calls of one turn, in the order in which it came.
struct AlternatingCallResults {
    private var calls: [String] = []
    private var arrived: [(part: Part, result: ToolResult)] = []
    private var places: [String: Int] = [:]

    /// What a call came to that the conversation says nothing about.
    static let missing = "There is no result: the tool was not run."

    mutating func expect(_ id: String) { calls.append(id) }

    mutating func add(_ result: ToolResult, as part: Part, to id: String) {
        if let place = places[id] {
            // A call has one result.
            arrived[place].result.parts += result.parts
            arrived[place].result.form = .parts
            return
        }
        places[id] = arrived.count
        arrived.append((part, result))
        arrived[arrived.count - 1].result.callID = id
    }

    var isComplete: Bool { arrived.count == calls.count }

    /// One for each call: what came, and behind it what says that nothing did.
    var parts: [Part] {
        let known = arrived.map { part, result in
            var part = part
            part.content = .toolResult(result)
            return part
        }
        let missing = calls.filter { places[$0] == nil }.map { id in
            Part(.toolResult(ToolResult(callID: id, parts: [Part(.text(Self.missing))], form: .text, isError: true)))
        }
        return known + missing
    }
}
