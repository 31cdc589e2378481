import Foundation
import TestSupport

/// Runs cases through one data plane in front of one upstream, one after the other, and judges both sides of it.
struct ConformanceRun {
    /// `stub` or `nginx`: the name of the route, of the model, and of the upstream.
    let upstream: String
    let watch: UpstreamWatch
    let stub: StubNode
    let key: String
    let first: DataNode
    let second: DataNode

    /// What is wrong with the case; nothing: it holds.
    func problems(of one: ConformanceCase) -> [String] {
        var problems: [String] = []
        do {
            try judge(one, &problems)
        } catch {
            // Whatever is left of this case is not to be taken for the next one's.
            _ = try? watch.take()
            try? stub.forgetPrepared()
            problems.append("\(error)")
        }
        return problems
    }

    private func judge(_ one: ConformanceCase, _ problems: inout [String]) throws {
        let node = one.usesSecondDataPlane ? second : first
        let text = CaseText(key: key, model: upstream, port: node.port)
        if !one.answer.isEmpty { try prepare(one.answer, text) }
        let before = try watch.take().requests
        if !before.isEmpty { problems.append("\(before.count) requests upstream that no case before accounts for") }

        let isFlood = one.steps.contains { if case .flood = $0 { true } else { false } }
        let connection = try RawConnection(
            port: node.port, timeout: .seconds(10), bufferBytes: isFlood ? Flood.bufferBytes : nil)
        defer { connection.close() }
        var reader = WireAnswerReader(connection)
        var requests: [WireRequest] = []
        var sent = false
        for step in one.steps {
            switch step {
            case .send(let piece):
                if sent { waitUntilRead(from: connection.localPort, to: node.port) }
                // A refusal may come before everything was taken.
                try connection.send(text.bytes(piece))
                sent = true
            case .bytewise(let piece): for byte in try text.bytes(piece) { try connection.send([byte]) }
            case .get(let expectation):
                let answer = try reader.read(isHead: expectation.isHead)
                problems += try compare(answer, with: adapted(expectation, one), text)
            case .flood(let count, let status, let request):
                problems += try Flood(text.bytes(request), count, on: connection, of: node).problems()
                for _ in 0..<count where problems.isEmpty {
                    let answer = try reader.read(isHead: false)
                    if answer.status != status { problems.append("got \(answer.status) in a flood") }
                }
            case .finish: connection.finishSending()
            case .reset:
                waitUntilRead(from: connection.localPort, to: node.port)
                connection.reset()
            case .close: connection.close()
            case .upstreamHas: try waitForRequests(&requests, 1)
            }
        }
        // Where the answer was another one, nobody knows how the connection goes on.
        if problems.isEmpty { problems += try judgeEnd(one.end ?? .left, connection, &reader, text) }
        problems += try judgeUpstream(one, &requests, text)
    }

    private func prepare(_ pieces: [String], _ text: CaseText) throws {
        var raw: [UInt8] = []
        var splits: [Int] = []
        for piece in pieces {
            if !raw.isEmpty { splits.append(raw.count) }
            raw += try text.bytes(piece)
        }
        try stub.prepare(answer: raw, splits: splits)
    }

    /// nginx reads some answers otherwise and writes them anew.
    private func adapted(_ expectation: ConformanceCase.Expectation, _ one: ConformanceCase)
        -> ConformanceCase.Expectation
    {
        guard upstream == "nginx", !one.nginx.isEmpty else { return expectation }
        var adapted = ConformanceCase.Expectation()
        adapted.statuses = one.nginx
        return adapted
    }

    // MARK: The caller's side

    private func compare(
        _ answer: WireAnswer, with wanted: ConformanceCase.Expectation, _ text: CaseText
    ) throws -> [String] {
        var problems: [String] = []
        let body = WireHead.text(answer.body).filter { $0 != "\n" }
        if !wanted.statuses.contains(answer.status) {
            problems.append("got \(answer.status), want \(wanted.statuses): \(body.prefix(200))")
        }
        if let code = wanted.code, !body.contains("\"code\":\"\(code)\"") {
            problems.append("want \(code), got \(body.prefix(200))")
        }
        if answer.ending != wanted.ending { problems.append("the answer is \(answer.ending)") }
        for (name, value) in wanted.fields {
            let values = answer.head.values(name)
            let expected = try value.map { WireHead.text(try text.bytes($0)) }
            if values.count != 1 || expected != nil && values.first != expected {
                problems.append("\(name): \(values), want \(expected ?? "one")")
            }
        }
        for name in wanted.missing where !answer.head.values(name).isEmpty { problems.append("\(name) is there") }
        if let expected = wanted.body, try text.bytes(expected) != answer.body {
            problems.append("the body is \(body.prefix(200))")
        }
        guard answer.status >= 200 else { return problems }
        for name in ["date", "x-request-id"] where answer.head.values(name).count != 1 {
            problems.append("\(name): \(answer.head.values(name))")
        }
        for name in Self.ofOneHop where !answer.head.values(name).isEmpty {
            problems.append("\(name) reached the caller")
        }
        for value in answer.head.values("connection") where !["close", "keep-alive"].contains(value) {
            problems.append("connection: \(value) reached the caller")
        }
        return problems
    }

    /// Fields that stay on their hop, whichever way they go (RFC 9110 section 7.6.1).
    private static let ofOneHop = [
        "keep-alive", "proxy-connection", "te", "trailer", "upgrade", "proxy-authenticate", "proxy-authorization",
    ]

    private func judgeEnd(
        _ end: ConformanceCase.End, _ connection: RawConnection, _ reader: inout WireAnswerReader, _ text: CaseText
    ) throws -> [String] {
        switch end {
        case .left: return []
        case .open:
            guard try connection.send(text.bytes("$(models)")) else { return ["the connection does not stay open"] }
            let answer = try reader.read(isHead: false)
            let body = WireHead.text(answer.body)
            return answer.status == 200 && body.contains("\"list\"")
                ? [] : ["the next request got \(answer.status): \(body)"]
        case .closed, .gone:
            let rest = try reader.rest()
            return rest.isEmpty ? [] : ["behind the last answer: \(WireHead.text(rest.prefix(200)))"]
        }
    }

    // MARK: The upstream's side

    private func waitForRequests(_ requests: inout [WireRequest], _ count: Int) throws {
        var isPartial = false
        try waitUntil("\(count) requests reach the upstream", timeout: .seconds(5)) {
            let news = try watch.take()
            requests += news.requests
            isPartial = news.isPartial
            return requests.count >= count && !isPartial
        }
    }

    private func judgeUpstream(
        _ one: ConformanceCase, _ requests: inout [WireRequest], _ text: CaseText
    ) throws -> [String] {
        let wanted = one.upstream ?? 0...0
        try waitForRequests(&requests, wanted.lowerBound)
        if one.end == .left { try waitUntilLetGo(one, &requests) }
        guard wanted.contains(requests.count) else { return ["\(requests.count) requests upstream, want \(wanted)"] }
        var problems: [String] = []
        let body = try text.bytes(one.upstreamBody ?? "$(body)")
        for request in requests {
            let head = request.head
            if head.startLine != "POST /v1/chat/completions HTTP/1.1" { problems.append("upstream: \(head.startLine)") }
            if head.values("host") != ["127.0.0.1:\(watch.tap.port)"] {
                problems.append("host: \(head.values("host"))")
            }
            if head.values("authorization") != ["Bearer sk-stub"] {
                problems.append("authorization: \(head.values("authorization"))")
            }
            if let via = head.values("via").last, ["1.0 weir", "1.1 weir"].contains(via) {
            } else {
                problems.append("via: \(head.values("via"))")
            }
            for name in Self.ofOneHop + ["connection", "expect", "cookie", "x-api-key", "origin"]
            where !head.values(name).isEmpty {
                problems.append("\(name) went upstream")
            }
            if head.fields.contains(where: { $0.value.contains(key) }) { problems.append("the key went upstream") }
            if request.body != body { problems.append("the body upstream: \(WireHead.text(request.body.prefix(200)))") }
            for (name, value) in one.upstreamHas where !head.values(name).contains(value) {
                problems.append("\(name) upstream: \(head.values(name)), want \(value)")
            }
            for name in one.upstreamLacks where !head.values(name).isEmpty { problems.append("\(name) went upstream") }
            problems += try understood(request, one)
        }
        return problems
    }

    /// What the stub provider took the request for, nginx before it or not.
    private func understood(_ request: WireRequest, _ one: ConformanceCase) throws -> [String] {
        var received: [(head: String, body: [UInt8])] = []
        do {
            try waitUntil("the provider has the request", timeout: .seconds(5)) {
                received = try stub.received(request.id)
                return !received.isEmpty
            }
        } catch {
            // A caller who left may have taken its request back before nginx had passed it on.
            guard one.end == .left || one.end == .gone else { return ["the provider knows nothing of the request"] }
            watch.withdrawn += 1
            return []
        }
        // Sent again after a connection that was kept turned out to be closed, it is the same request.
        guard received.count <= (one.upstream?.upperBound ?? 1) else { return ["\(received.count) requests in one"] }
        return received.allSatisfy {
            $0.body == request.body && $0.head.hasPrefix("POST /v1/chat/completions HTTP/1.1\r\n")
        } ? [] : ["the provider took it for another request"]
    }

    /// A request whose caller is gone may still be on its way: until the data plane has closed its connection, and until nothing
    /// more comes.
    private func waitUntilLetGo(_ one: ConformanceCase, _ requests: inout [WireRequest]) throws {
        let node = one.usesSecondDataPlane ? second : first
        var isQuiet = false
        try waitUntil("the data plane lets go of its caller", timeout: .seconds(5)) {
            let isOpen = try node.metric("weir_connections") > 0
            let news = try watch.take()
            requests += news.requests
            defer { isQuiet = !isOpen && news.requests.isEmpty && !news.isPartial }
            return isQuiet && !isOpen && news.requests.isEmpty && !news.isPartial
        }
    }

    // MARK: Pieces

    /// Waits until the other side has read what was sent, so that the next piece is one of its own.
    private func waitUntilRead(from local: UInt16, to remote: UInt16) {
        let near = "0100007F:" + hexadecimal(remote)
        let far = "0100007F:" + hexadecimal(local)
        try? waitUntil("the piece is read", timeout: .seconds(2)) {
            let table = try KernelTable.connections()
            let row = table.split(separator: "\n").first { row in
                let words = row.split(separator: " ", maxSplits: 3)
                return words.count > 2 && words[1] == near && words[2] == far
            }
            guard let row else { return true }
            return row.split(separator: " ")[4].hasSuffix(":00000000")
        }
    }

    private func hexadecimal(_ port: UInt16) -> String {
        let text = String(port, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - text.count) + text
    }
}
