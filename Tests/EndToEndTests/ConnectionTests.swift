import Foundation
import TestSupport
import XCTest

/// What callers meet that are too many, too slow, or do not read; and what the others notice of them.
final class ConnectionTests: FleetTestCase {
    private func key(_ name: String = #function) throws -> String {
        let fleet = try fleet()
        let key = try fleet.makeKey(String(name.prefix { $0 != "(" }))
        try fleet.waitUntilConfigured()
        return key.text
    }

    /// A data plane with settings of its own, ended by the caller.
    private func node(_ name: String, _ settings: String...) throws -> DataNode {
        let fleet = try fleet()
        let node = try fleet.addDataPlane(name, arguments: settings, environment: ["STUB_KEY": "sk-stub"])
        try fleet.waitUntilConfigured()
        return node
    }

    private func head(_ key: String, _ rest: String) -> String {
        "POST /v1/chat/completions HTTP/1.1\r\nhost: weir\r\nauthorization: Bearer \(key)\r\n\(rest)\r\n\r\n"
    }

    /// The answer that a connection gets without having asked.
    private func refusal(_ node: DataNode, source: UInt8? = nil) throws -> HTTPAnswer {
        let connection = try RawConnection(port: node.port, timeout: .seconds(5), source: source)
        var reader = HTTPAnswerReader(connection)
        let answer = try reader.read()
        XCTAssertThrowsError(try reader.read(), "the connection is closed behind it")
        return answer
    }

    // MARK: Connections to providers

    func testAProviderGetsNoMoreConnectionsThanItMayAndTheNextTargetServesTheOthers() throws {
        let fleet = try fleet()
        try fleet.admin(
            "POST", "providers",
            ["name": "narrow", "base_url": fleet.stub.baseURL, "credential": "stub", "connect_timeout_ms": 300])
        // Another port, and so another target with connections of its own.
        let spare = try fleet.addStub("spare", ["--key=sk-stub"])
        try fleet.admin("POST", "providers", ["name": "spare", "base_url": spare.baseURL, "credential": "stub"])
        let slow: [String: Any] = [
            "provider": "narrow", "model": "gpt-4o-mini", "upstream_model_name": "gpt-4o-mini+stall-before-head",
        ]
        let quick: [String: Any] = ["provider": "narrow", "model": "gpt-4o-mini"]
        try fleet.addRoute("narrow-held", [slow])
        try fleet.addRoute("narrow", [quick])
        try fleet.addRoute("narrow-spare", [quick, ["provider": "spare", "model": "gpt-4o-mini"]])
        let key = try key()
        let node = try node("narrow", "--threads=1", "--upstream-connections-per-thread-max=1")
        defer { node.stop() }
        let body = chatBody("narrow-held")
        let holding = try RawConnection(port: node.port)
        try holding.send(head(key, "content-length: \(body.utf8.count)") + body)
        try waitUntil("the connection is in use") { try node.metric("weir_upstream_connections") == 1 }
        let refused = try node.caller().chat(key, chatBody("narrow"))
        XCTAssertEqual(refused.status, 503)
        XCTAssertEqual(refused.errorCode, "upstream_connections_in_use")
        XCTAssertEqual(refused.header("retry-after"), "1")
        let served = try node.caller().chat(key, chatBody("narrow-spare"))
        XCTAssertEqual(served.status, 200, served.text)
        XCTAssertEqual(served.header("x-weir-attempts"), "2")
        XCTAssertEqual(try node.metric("weir_upstream_waits_total"), 2)
        // Who holds the connection leaves, and the place is free.
        holding.close()
        try waitUntil("it is free again") { try node.metric("weir_upstream_connections") == 1 }
        XCTAssertEqual(try node.caller().chat(key, chatBody("narrow")).status, 200)
    }

    // MARK: Too many

    func testOneConnectionTooManyIsToldSoWhicheverLoopItComesTo() throws {
        let key = try key()
        let node = try node("few", "--connections-max=6")
        defer { node.stop() }
        // All in use, with a request answered on each, so that they are counted.
        let callers = (0..<6).map { _ in node.caller() }
        for caller in callers { XCTAssertEqual(try caller.chat(key, chatBody("chat")).status, 200) }
        for _ in 0..<8 {
            let answer = try refusal(node)
            XCTAssertEqual(answer.status, 503)
            XCTAssertEqual(answer.errorCode, "too_many_connections")
            XCTAssertEqual(answer.header("retry-after"), "1")
        }
        // A request that is on its way already does not take the answer away.
        let hasty = try node.caller().chat(key, chatBody("chat"))
        XCTAssertEqual(hasty.status, 503)
        XCTAssertGreaterThanOrEqual(try node.metric("weir_connections_refused_total"), 9)
        XCTAssertEqual(try callers[0].chat(key, chatBody("chat")).status, 200, "those inside are served")
        callers[0].close()
        try waitUntil("a place is free again") {
            (try? node.caller().chat(key, chatBody("chat")).status) == 200
        }
    }

    func testConnectionsOfOneSourceDoNotTakeThePlacesOfOthers() throws {
        let key = try key()
        let node = try node("sources", "--connections-per-source-max=2")
        defer { node.stop() }
        let held = try (0..<2).map { _ in try RawConnection(port: node.port, source: 2) }
        try waitUntil("both are counted") { try node.metric("weir_connections") >= 2 }
        let answer = try refusal(node, source: 2)
        XCTAssertEqual(answer.status, 429)
        XCTAssertEqual(answer.errorCode, "too_many_connections_from_source")
        XCTAssertEqual(answer.header("retry-after"), "1")
        let other = try RawConnection(port: node.port, source: 3)
        let body = chatBody("chat")
        try other.send(head(key, "content-length: \(body.utf8.count)") + body)
        var reader = HTTPAnswerReader(other)
        XCTAssertEqual(try reader.read().status, 200)
        for connection in held { connection.close() }
    }

    // MARK: Too slow

    /// Sends `text` byte by byte and returns the answer that ends it, with the time that it took.
    private func drip(_ text: String, after start: String = "", to node: DataNode) throws -> (HTTPAnswer, Duration) {
        let connection = try RawConnection(port: node.port)
        let began = ContinuousClock.now
        if !start.isEmpty { try connection.send(start) }
        for byte in text.utf8 {
            guard try connection.send([byte]) else { break }
            if case .bytes(let bytes)? = try connection.receive(patience: .milliseconds(50)) {
                let lapse = ContinuousClock.now - began
                var reader = HTTPAnswerReader(connection, after: bytes)
                return (try reader.read(), lapse)
            }
        }
        throw TestFailure("nothing stopped it")
    }

    func testAByteNowAndThenStretchesNeitherHeadNorBody() throws {
        let key = try key()
        let node = try node(
            "strict", "--head-timeout-milliseconds=600", "--body-timeout-milliseconds=600",
            "--bytes-per-second-min=100000")
        defer { node.stop() }
        let filler = String(repeating: "a", count: 200)
        for (text, start) in [
            ("POST /v1/chat/completions HTTP/1.1\r\nx-filler: \(filler)", ""),
            (filler, head(key, "content-length: 4096")),
            ("1\r\na\r\n" + String(repeating: "1\r\na\r\n", count: 40), head(key, "transfer-encoding: chunked")),
        ] {
            let (answer, lapse) = try drip(text, after: start, to: node)
            XCTAssertEqual(answer.status, 408, start)
            XCTAssertEqual(answer.errorCode, "request_timeout", start)
            XCTAssertEqual(answer.header("connection"), "close", start)
            XCTAssertGreaterThanOrEqual(lapse, .milliseconds(550), start)
            XCTAssertLessThan(lapse, .seconds(4), start)
        }
    }

    func testABodyThatKeepsItsRateMayTakeLongerThanItsTimeout() throws {
        let key = try key()
        let node = try node("patient", "--body-timeout-milliseconds=300", "--bytes-per-second-min=50")
        defer { node.stop() }
        let body = chatBody("chat", String(repeating: "long ", count: 8))
        let connection = try RawConnection(port: node.port)
        try connection.send(head(key, "content-length: \(body.utf8.count)"))
        let began = ContinuousClock.now
        for byte in body.utf8.dropLast() {
            try connection.send([byte])
            XCTAssertNil(try connection.receive(patience: .milliseconds(8)))
        }
        try connection.send([body.utf8.last!])
        XCTAssertGreaterThan(ContinuousClock.now - began, .milliseconds(600))
        var reader = HTTPAnswerReader(connection)
        XCTAssertEqual(try reader.read().status, 200)
    }

    func testABodyIsBoundAsAWhole() throws {
        let key = try key()
        let node = try node("whole", "--body-total-timeout-milliseconds=500", "--bytes-per-second-min=1")
        defer { node.stop() }
        let (answer, lapse) = try drip(
            String(repeating: "a", count: 200), after: head(key, "content-length: 4096"), to: node)
        XCTAssertEqual(answer.status, 408)
        XCTAssertLessThan(lapse, .seconds(4))
    }

    func testACallerThatDoesNotReadIsResetAndItsUpstreamWithIt() throws {
        let key = try key()
        let fleet = try fleet()
        // More than all socket buffers on the way hold together.
        try fleet.addFaultyRoute("torrent", "none;tokens=50000")
        let node = try node("deaf", "--write-timeout-milliseconds=400")
        defer { node.stop() }
        try fleet.waitUntilConfigured()
        let before = try fleet.stub.lastSequence()
        let connection = try RawConnection(port: node.port)
        let body = chatBody("torrent", stream: true)
        try connection.send(head(key, "content-length: \(body.utf8.count)") + body)
        try waitUntil("the stream has begun") { try node.metric("weir_connections") >= 1 }
        try waitUntil("the caller is given up", timeout: .seconds(20)) { try node.metric("weir_connections") == 0 }
        let bill = try fleet.stub.ledger(since: before).last
        try waitUntil("the provider is told", detail: { "\(String(describing: bill))" }) {
            try fleet.stub.ledger(since: before).last?.delivery == "partial"
        }
        var ending: RawConnection.Piece?
        while case .bytes? = try {
            ending = try connection.receive(patience: .seconds(5)); return ending
        }() {}
        XCTAssertEqual(ending, .reset)
    }

    // MARK: Memory

    func testBeyondTheMemoryLimitNewWorkIsRefusedAndWorkUnderWayEnds() throws {
        let key = try key()
        let node = try node("small", "--threads=1", "--body-bytes-max=1048576", "--buffer-bytes-max=3145728")
        defer { node.stop() }
        let caller = node.caller()
        XCTAssertEqual(try caller.chat(key, chatBody("chat")).status, 200)
        // Three callers send most of a megabyte each, and wait.
        let filler = [UInt8](repeating: 0x20, count: 900 << 10)
        let holders = try (0..<3).map { _ in
            let connection = try RawConnection(port: node.port)
            try connection.send(head(key, "content-length: \(1 << 20)"))
            return connection
        }
        for holder in holders.prefix(2) { try holder.send(filler) }
        try waitUntil("their bodies are held") { try node.metric("weir_buffer_bytes") > 1_900_000 }
        XCTAssertEqual(try node.metric("weir_buffer_bytes_limit"), 3_145_728)
        try holders[2].send(filler)
        var third = HTTPAnswerReader(holders[2])
        let refused = try third.read()
        XCTAssertEqual(refused.status, 503)
        XCTAssertEqual(refused.errorCode, "overloaded")
        XCTAssertEqual(refused.header("retry-after"), "1")
        // One that is under way ends as it should, and gives back what it held.
        let text = chatBody("chat")
        try holders[0].send([UInt8](repeating: 0x20, count: (1 << 20) - filler.count - text.utf8.count) + text.utf8)
        var first = HTTPAnswerReader(holders[0])
        XCTAssertEqual(try first.read().status, 200)
        try waitUntil("there is room again") { try node.metric("weir_buffer_bytes") < 1_500_000 }
        XCTAssertEqual(try caller.chat(key, chatBody("chat")).status, 200)
    }
}
