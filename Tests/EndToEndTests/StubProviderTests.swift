import Foundation
import TestSupport
import XCTest

/// The provider that all other tests trust: it answers like OpenAI's, fails as told, and bills what it did.
final class StubProviderTests: XCTestCase {
    private var folder = ""
    private var process: ChildProcess?
    private var port: UInt16 = 0
    private var ledgerFile: String { "\(folder)/ledger.jsonl" }

    override func setUpWithError() throws {
        folder = FileManager.default.temporaryDirectory.path + "/weir-stub-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let started = try ChildProcess(
            name: "stub", executable: TestFleet.executable("weir-stub-provider"),
            arguments: [
                "--port=0", "--port-file=\(folder)/port", "--key=sk-stub", "--ledger=\(ledgerFile)",
                "--models=gpt-4o-mini,text-embedding-3-small",
            ], log: "\(folder)/log")
        process = started
        port = try TestFleet.port(in: "\(folder)/port", of: started)
    }

    override func tearDown() {
        process?.kill()
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func chat(_ fault: String, stream: Bool = false, extra: String = "") throws -> HTTPAnswer {
        try HTTPCaller(port: port).chat(
            "sk-stub", chatBody("gpt-4o-mini", stream: stream, extra: #","max_tokens":9"# + extra),
            headers: [("x-stub-fault", fault), ("x-request-id", "id-\(fault)-\(stream)")])
    }

    private func ledger() throws -> [[String: Any]] {
        try HTTPCaller(port: port).send("GET", "/stub/ledger").json["entries"] as? [[String: Any]] ?? []
    }

    func testOfficialClientIsServed() throws {
        let report = try PythonTools.openAIChecks([
            "--base-url", "http://127.0.0.1:\(port)/v1", "--key", "sk-stub", "--chat", "gpt-4o-mini", "--embedding",
            "text-embedding-3-small", "--provider", "stub",
        ])
        for check in report.checks { XCTAssertNil(check.failure, check.name) }
    }

    func testRequestsBeyondTheRateAreRefusedAndAnswersSayWhatIsLeft() throws {
        let limited = try ChildProcess(
            name: "limited", executable: TestFleet.executable("weir-stub-provider"),
            arguments: ["--port=0", "--port-file=\(folder)/limited.port", "--requests-per-minute=2"],
            log: "\(folder)/limited.log")
        defer { limited.kill() }
        let caller = HTTPCaller(port: try TestFleet.port(in: "\(folder)/limited.port", of: limited))
        for (status, remaining) in [(200, "1"), (200, "0"), (429, "0")] {
            let answer = try caller.chat("any", chatBody("gpt-4o-mini", extra: #","max_tokens":1"#))
            XCTAssertEqual(answer.status, status)
            XCTAssertEqual(answer.header("x-ratelimit-limit-requests"), "2")
            XCTAssertEqual(answer.header("x-ratelimit-remaining-requests"), remaining)
            let reset = try XCTUnwrap(answer.header("x-ratelimit-reset-requests"))
            XCTAssertTrue(reset.hasSuffix("ms"), reset)
            XCTAssertTrue((1...60_000).contains(Int(reset.dropLast(2)) ?? 0), reset)
            XCTAssertEqual(answer.header("retry-after-ms") != nil, status == 429)
        }
    }

    func testFaultsEndAsTheirNamesSay() throws {
        XCTAssertEqual(try chat("status-503;retry-after=2").status, 503)
        XCTAssertEqual(try chat("status-429;retry-after=2").header("retry-after"), "2")
        for fault in ["close-before-head", "reset-before-head", "reset-mid-head"] {
            XCTAssertThrowsError(try chat(fault), fault)
        }
        for (fault, ending) in [
            ("none", HTTPAnswer.Ending.complete), ("cut-mid-stream", .cut), ("reset-mid-stream", .reset),
            ("missing-done", .complete), ("malformed-chunk", .complete), ("usage-every-chunk", .complete),
        ] {
            let answer = try chat(fault, stream: true)
            XCTAssertEqual(answer.ending, ending, fault)
            let hasDone = ending == .complete && fault != "missing-done"
            XCTAssertEqual(answer.events.last == "[DONE]", hasDone, fault)
        }
        XCTAssertThrowsError(try chat("malformed-framing", stream: true))
        XCTAssertEqual(try chat("wrong-content-length").ending, .cut)
        XCTAssertNil(try chat("missing-usage").json["usage"])
        XCTAssertGreaterThan(try chat("huge-answer;bytes=500000").body.count, 400_000)
    }

    func testLedgerHoldsWhatWasBilledAndSurvives() throws {
        _ = try chat("none")
        _ = try chat("status-500")
        _ = try chat("cut-mid-stream;after=4", stream: true)
        let entries = try ledger()
        XCTAssertEqual(entries.map { $0["requestID"] as? String }, ["id-none-false", "id-cut-mid-stream;after=4-true"])
        XCTAssertEqual(entries.map { $0["completionTokens"] as? Int }, [9, 3])
        XCTAssertEqual(entries.map { $0["delivery"] as? String }, ["whole", "partial"])
        process?.kill()
        let lines = try String(contentsOfFile: ledgerFile, encoding: .utf8).split(separator: "\n")
        XCTAssertEqual(lines.count, 2)
    }

    func testAnswersAreRepeatable() throws {
        func text() throws -> String? {
            let choices = try chat("none").json["choices"] as? [[String: Any]]
            return (choices?.first?["message"] as? [String: Any])?["content"] as? String
        }
        let first = try text()
        XCTAssertNotNil(first)
        XCTAssertEqual(try text(), first)
    }

    func testPreparedAnswerComesAsItIs() throws {
        let raw = Array("HTTP/1.1 299 Odd\r\nContent-Length: 2\r\nX-A: b\r\n\r\nhi".utf8)
        let body = try JSONSerialization.data(withJSONObject: [
            "raw": Data(raw).base64EncodedString(), "splits": [1, 20, raw.count - 1],
        ])
        XCTAssertEqual(try HTTPCaller(port: port).send("POST", "/stub/canned", body: Array(body)).status, 200)
        let connection = try RawConnection(port: port)
        try connection.send(
            "POST /v1/embeddings HTTP/1.1\r\nauthorization: Bearer sk-stub\r\nhost: s\r\ncontent-length: 1\r\n\r\nx")
        var received: [UInt8] = []
        while case .bytes(let piece) = try connection.receive() { received += piece }
        XCTAssertEqual(received, raw)
    }

    func testBadOptionsAreNamed() throws {
        for (arguments, word) in [(["--prt=1"], "--prt"), (["--port=x"], "\"x\""), (["--fault=nonsense"], "nonsense")] {
            let process = try ChildProcess(
                name: "bad", executable: TestFleet.executable("weir-stub-provider"), arguments: arguments,
                log: "\(folder)/bad-\(word.hashValue).log")
            XCTAssertEqual(process.waitForExit(), .status(2))
            XCTAssertTrue(process.output.contains(word), process.output)
        }
    }
}
