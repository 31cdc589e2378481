import Foundation
import TestSupport

/// One conversation on the wire: what a caller sends, what it must get, and what the upstream must have received.
///
/// - Shape: a paragraph of `cases/*.txt`, one directive a line; `Tests/Conformance/README.md` lists them.
struct ConformanceCase {
    enum Step {
        /// One piece, sent when the pieces before it have been read.
        case send(String)
        /// Each byte as a segment of its own.
        case bytewise(String)
        case get(Expectation)
        /// So many requests at once, of which no answer is read until the data plane reads no more of them.
        case flood(count: Int, status: Int, text: String)
        /// Says that nothing more follows, and goes on reading.
        case finish
        case reset
        case close
        /// The upstream has the request, and the caller has no answer yet.
        case upstreamHas
    }

    /// What one answer must be.
    struct Expectation {
        var statuses: [Int] = []
        var code: String?
        /// The answer to HEAD: its fields speak of a body that does not come.
        var isHead = false
        /// Names with values; nil: any value.
        var fields: [(name: String, value: String?)] = []
        var missing: [String] = []
        var body: String?
        var ending = WireAnswer.Ending.complete
    }

    enum End: String {
        /// The connection serves another request, whose answer is its own.
        case open
        /// Closed in order after the last answer, with nothing behind it.
        case closed
        /// Closed or reset, with nothing behind the last answer.
        case gone
        /// The caller itself has ended it.
        case left
    }

    var name: String
    var place: String
    /// RFC and section.
    var clause = ""
    /// The row of the table of refusals in docs/errors.md that the case belongs to.
    var refusal: String?
    /// The data plane with its deadlines short and cross-origin requests allowed.
    var usesSecondDataPlane = false
    var steps: [Step] = []
    /// The exact bytes of the upstream's answer, in pieces.
    var answer: [String] = []
    /// The statuses, any of them, where nginx makes something else of that answer.
    var nginx: [Int] = []
    var end: End?
    /// How many requests the upstream must have received.
    var upstream: ClosedRange<Int>?
    var upstreamHas: [(name: String, value: String)] = []
    var upstreamLacks: [String] = []
    /// What the upstream must have received as the body, where it is not the usual one.
    var upstreamBody: String?

    static func load(_ folder: URL) throws -> [ConformanceCase] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".txt") }.sorted()
            .flatMap { file in
                try parse(String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8), file: file)
            }
    }

    static func parse(_ text: String, file: String) throws -> [ConformanceCase] {
        var cases: [ConformanceCase] = []
        for (number, line) in text.components(separatedBy: "\n").enumerated() where !line.isEmpty {
            if line.hasPrefix("#") { continue }
            let place = "\(file):\(number + 1)"
            let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
            let rest = parts.count > 1 ? parts[1] : ""
            if parts[0] == "case" {
                cases.append(ConformanceCase(name: rest, place: place))
            } else {
                guard !cases.isEmpty else { throw TestFailure("\(place): before the first case") }
                try cases[cases.count - 1].read(parts[0], rest, place)
            }
        }
        for one in cases {
            guard !one.clause.isEmpty, one.end != nil, one.upstream != nil, !one.steps.isEmpty else {
                throw TestFailure("\(one.place): \(one.name) lacks its clause, its end or what the upstream gets")
            }
        }
        return cases
    }

    private mutating func read(_ word: String, _ rest: String, _ place: String) throws {
        func pair() -> (name: String, value: String) {
            let parts = rest.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return (parts[0].lowercased(), parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : "")
        }
        switch word {
        case "rfc": clause = rest
        case "refusal": refusal = rest
        case "second": usesSecondDataPlane = true
        case "send": steps.append(.send(rest))
        case "more":
            guard case .send(let text)? = steps.popLast() else { throw TestFailure("\(place): more of what?") }
            steps.append(.send(text + rest))
        case "bytewise": steps.append(.bytewise(rest))
        case "get", "get-head":
            let words = rest.split(separator: " ").map(String.init)
            guard let status = words.first.flatMap({ Int($0) }) else { throw TestFailure("\(place): \(rest)") }
            steps.append(
                .get(Expectation(statuses: [status], code: words.dropFirst().first, isHead: word == "get-head")))
        case "get-run":
            let words = rest.split(separator: " ").compactMap { Int($0) }
            guard words.count == 2 else { throw TestFailure("\(place): \(rest)") }
            for _ in 0..<words[0] { steps.append(.get(Expectation(statuses: [words[1]]))) }
        case "field": try expect(place) { $0.fields.append((pair().name, rest.contains(":") ? pair().value : nil)) }
        case "no-field": try expect(place) { $0.missing.append(rest.lowercased()) }
        case "body": try expect(place) { $0.body = rest }
        case "cut": try expect(place) { $0.ending = .cut }
        case "flood":
            let words = rest.split(separator: " ", maxSplits: 2).map(String.init)
            guard words.count == 3, let count = Int(words[0]), let status = Int(words[1]) else {
                throw TestFailure("\(place): \(rest)")
            }
            steps.append(.flood(count: count, status: status, text: words[2]))
        case "finish": steps.append(.finish)
        case "reset": steps.append(.reset)
        case "close": steps.append(.close)
        case "wait-upstream": steps.append(.upstreamHas)
        case "answer": answer.append(rest)
        case "answer-more":
            guard let last = answer.popLast() else { throw TestFailure("\(place): more of what?") }
            answer.append(last + rest)
        case "nginx":
            nginx = rest.split(separator: " ").compactMap { Int($0) }
            guard !nginx.isEmpty else { throw TestFailure("\(place): \(rest)") }
        case "end":
            guard let end = End(rawValue: rest) else { throw TestFailure("\(place): no such end") }
            self.end = end
        case "upstream":
            let bounds = rest.split(separator: "-").compactMap { Int($0) }
            guard let low = bounds.first, let high = bounds.last else { throw TestFailure("\(place): \(rest)") }
            upstream = low...high
        case "upstream-field": upstreamHas.append(pair())
        case "upstream-lacks": upstreamLacks.append(rest.lowercased())
        case "upstream-body": upstreamBody = rest
        default: throw TestFailure("\(place): no such directive: \(word)")
        }
    }

    private mutating func expect(_ place: String, _ change: (inout Expectation) -> Void) throws {
        guard case .get(var expectation)? = steps.popLast() else { throw TestFailure("\(place): of which answer?") }
        change(&expectation)
        steps.append(.get(expectation))
    }
}

/// The texts of cases: `\r \n \t \0 \xHH \\` are bytes, `$(name)` is a value, `$(name*100)` a hundred of them.
struct CaseText {
    var values: [String: String]

    init(key: String, model: String, port: UInt16) {
        let body = #"{"model":"\#(model)","max_tokens":5,"messages":[{"role":"user","content":"hello"}]}"#
        let half = body.utf8.count / 2
        let parts = [String(body.prefix(half)), String(body.dropFirst(half))]
        let chunks = parts.map { String($0.utf8.count, radix: 16) + "\r\n" + $0 + "\r\n" }.joined()
        let auth = "Authorization: Bearer \(key)\r\n"
        let fields = "Host: weir\r\n\(auth)Content-Type: application/json\r\n"
        let chat = "POST /v1/chat/completions HTTP/1.1\r\n\(fields)"
        let models = "GET /v1/models HTTP/1.1\r\nHost: weir\r\n\(auth)"
        values = [
            "key": key, "model": model, "port": String(port), "auth": auth, "fields": fields, "chat": chat,
            "body": body, "length": String(body.utf8.count), "hex": String(body.utf8.count, radix: 16),
            "half1": parts[0], "half2": parts[1], "hex1": String(parts[0].utf8.count, radix: 16),
            "hex2": String(parts[1].utf8.count, radix: 16), "chunks": chunks, "crlf": "\r\n",
            "cl": "Content-Length: \(body.utf8.count)\r\n", "te": "Transfer-Encoding: chunked\r\n",
            "post": "\(chat)Content-Length: \(body.utf8.count)\r\n\r\n\(body)",
            "chunked": "\(chat)Transfer-Encoding: chunked\r\n\r\n\(chunks)0\r\n\r\n", "models": models + "\r\n",
            "list": models,
            "ok": "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n",
            "json":
                #"{"id":"x","object":"chat.completion","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}"#,
        ]
        values["stream"] = #"{"model":"\#(model)","stream":true,"messages":[]}"#
        values["streamlength"] = String(values["stream"]!.utf8.count)
        // With the usage that Weir asks for on its own account.
        values["streamed"] =
            #"{"stream_options":{"include_usage":true},"model":"\#(model)","stream":true,"messages":[]}"#
        values["jsonlength"] = String(values["json"]!.utf8.count)
        values["jsonhex"] = String(values["json"]!.utf8.count, radix: 16)
    }

    func bytes(_ text: String) throws -> [UInt8] {
        var out: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\\"):
                switch rest.popFirst() {
                case UInt8(ascii: "r"): out.append(13)
                case UInt8(ascii: "n"): out.append(10)
                case UInt8(ascii: "t"): out.append(9)
                case UInt8(ascii: "0"): out.append(0)
                case UInt8(ascii: "s"): out.append(32)
                case UInt8(ascii: "\\"): out.append(92)
                case UInt8(ascii: "x"):
                    guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                        throw TestFailure("an escape in: \(text)")
                    }
                    out.append(value)
                    rest = rest.dropFirst(2)
                default: throw TestFailure("an escape in: \(text)")
                }
            case UInt8(ascii: "$") where rest.first == UInt8(ascii: "("):
                guard let end = rest.firstIndex(of: UInt8(ascii: ")")) else { throw TestFailure("a value in: \(text)") }
                let words = String(decoding: rest[..<end].dropFirst(), as: UTF8.self).split(separator: "*")
                rest = rest[(end + 1)...]
                let name = String(words[0])
                let one = try values[name].map { Array($0.utf8) } ?? bytes(name)
                for _ in 0..<(words.count > 1 ? Int(words[1]) ?? 0 : 1) { out += one }
            default: out.append(byte)
            }
        }
        return out
    }
}
