import Foundation
import TestSupport
import XCTest

/// OpenAI's files and batches through Weir: each key its own, on every data plane, and batches charged first what they can cost and then what they
/// did.
final class StoredObjectTests: FleetTestCase {
    /// A second data plane, which has to know all that the first one does, and a model that the tests' keys may not use.
    override class func makeFleet() throws -> TestFleet {
        let fleet = try TestFleet.standard(dataPlanes: 2)
        try fleet.addRoute(
            "unsaid",
            [["provider": "stub", "model": "gpt-4o-mini", "upstream_model_name": "gpt-4o-mini+missing-batch-usage"]])
        return fleet
    }

    func testTheOfficialClientSeesItsOwnFilesAndBatchesOnly() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("stored")
        let other = try fleet.makeKey("stored-other")
        try fleet.waitUntilConfigured()
        let report = try PythonTools.openAIChecks(
            [
                "--base-url", "http://127.0.0.1:\(fleet.data.port)/v1", "--key", key.text, "--other-key", other.text,
                "--chat", "gpt-4o-mini", "--embedding", "text-embedding-3-small", "--denied", "nobodys-model",
                "--unsaid", "gpt-4o-mini+missing-batch-usage", "--weir",
            ], program: "openai_file_checks.py")
        for check in report.checks { XCTAssertNil(check.failure, check.name) }
        XCTAssertEqual(report.checks.filter(\.skipped).map(\.name), ["a_batch_of_responses_has_output"])
        let bills = Dictionary(grouping: try fleet.stub.ledger(), by: \.requestID)
        let batches = report.answers.filter { $0.kind == "batch" }
        XCTAssertEqual(batches.count, 2)
        for batch in batches {
            let id = try XCTUnwrap(batch.requestID)
            let event = try corrected(id, fleet)
            let billed = try XCTUnwrap(bills[id], "the provider never saw \(id)")
            XCTAssertEqual(event.endpoint, "batches")
            XCTAssertEqual(event.inputTokens, billed.reduce(0) { $0 + $1.promptTokens })
            XCTAssertEqual(event.outputTokens, billed.reduce(0) { $0 + $1.completionTokens })
            let cost = TestFleet.cost(TestFleet.chatPrice, input: event.inputTokens, output: event.outputTokens)
            XCTAssertEqual(event.costNanodollars, cost)
            XCTAssertLessThan(cost, event.reservedNanodollars)
        }
        let cancelled = try XCTUnwrap(report.answers.first { $0.kind == "batch-cancelled" }?.requestID)
        XCTAssertEqual(try corrected(cancelled, fleet).costNanodollars, 0, "nothing of it was answered")
        let unsaid = try XCTUnwrap(report.answers.first { $0.kind == "batch-unsaid" }?.requestID)
        let event = try XCTUnwrap(fleet.events(for: [unsaid])[unsaid])
        XCTAssertFalse(event.usageReported)
        XCTAssertEqual(event.costNanodollars, event.reservedNanodollars, "its provider never said what it used")
    }

    /// A budget covers the worst of a batch from its beginning; what it did not need is free again once any data plane has seen its end.
    func testABudgetHoldsTheWorstOfABatchUntilItsEndIsSeenAnywhere() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("batches")
        let budget = try fleet.makeAllowance(
            "batches", of: key, ["kind": "money", "period": "total", "limit_usd": "0.01", "mode": "strict"])
        try fleet.makeAllowance("a minute", of: key, ["kind": "tokens", "period": "minute", "limit": 100])
        try fleet.waitUntilConfigured()
        let second = try XCTUnwrap(fleet.dataPlanes.last)
        let tooMuch = try order(lines: 4, outputTokens: 100_000, key, fleet)
        XCTAssertEqual(tooMuch.status, 402, tooMuch.text)
        let made = try order(lines: 4, outputTokens: 500, key, fleet)
        XCTAssertEqual(made.status, 200, made.text)
        let batch = try XCTUnwrap(made.json["id"] as? String)
        let request = try XCTUnwrap(made.header("x-request-id"))
        let event = try XCTUnwrap(fleet.events(for: [request])[request])
        XCTAssertEqual(event.costNanodollars, event.reservedNanodollars)
        XCTAssertGreaterThan(event.costNanodollars, TestFleet.cost(TestFleet.chatPrice, input: 0, output: 2_000))
        try waitUntil("the worst is settled") { try fleet.figures(of: budget).settled == event.costNanodollars }
        // Looked at by both, once too often.
        for port in [fleet.data.port, second.port, second.port, fleet.data.port] {
            let seen = try HTTPCaller(port: port).send(
                "GET", "/v1/batches/\(batch)", headers: [("authorization", "Bearer \(key.text)")])
            XCTAssertEqual(seen.status, 200, seen.text)
            XCTAssertEqual(seen.json["id"] as? String, batch)
        }
        let after = try corrected(request, fleet)
        XCTAssertLessThan(after.costNanodollars, event.costNanodollars)
        XCTAssertEqual(after.reservedNanodollars, event.reservedNanodollars)
        try waitUntil("the rest is free again") { try fleet.figures(of: budget).settled == after.costNanodollars }
        // What is paid for can be fetched when nothing is left.
        try fleet.change(
            "allowances", named: "batches",
            ["limit_nanodollars": after.costNanodollars, "limit_usd": NSNull()])
        try fleet.waitUntilConfigured()
        let again = try order(lines: 1, outputTokens: 1, key, fleet)
        XCTAssertEqual(again.status, 402, again.text)
        let list = try HTTPCaller(port: fleet.data.port).send(
            "GET", "/v1/batches", headers: [("authorization", "Bearer \(key.text)")])
        XCTAssertEqual((list.json["data"] as? [[String: Any]])?.map { $0["id"] as? String }, [batch], list.text)
    }

    /// A file that passes while it arrives, and one whose caller leaves in the middle: the provider keeps none of that.
    func testLargeFilesPassWhileTheyArrive() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("large-files")
        try fleet.waitUntilConfigured()
        let content = [UInt8]((0..<6_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
        let sent = try upload(content, named: "large.bin", key, fleet)
        XCTAssertEqual(sent.status, 200, sent.text)
        XCTAssertEqual(sent.json["filename"] as? String, "large.bin")
        XCTAssertEqual(sent.json["bytes"] as? Int, content.count)
        let id = try XCTUnwrap(sent.json["id"] as? String)
        let found = try HTTPCaller(port: fleet.data.port).send(
            "GET", "/v1/files/\(id)/content", headers: [("authorization", "Bearer \(key.text)")])
        XCTAssertEqual(found.status, 200)
        XCTAssertTrue(found.body == content, "\(found.body.count) bytes")
    }

    /// What a caller calls a file by, its provider does not know; and nobody names another key's.
    func testAFileInARequestGoesToItsProviderByTheNameThatItHasThere() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("file-references")
        let other = try fleet.makeKey("file-references-other")
        try fleet.waitUntilConfigured()
        let sent = try upload(Array("a river".utf8), named: "river.txt", key, fleet)
        let id = try XCTUnwrap(sent.json["id"] as? String, sent.text)
        func chat(_ key: TestFleet.Key, _ id: String) throws -> HTTPAnswer {
            try HTTPCaller(port: fleet.data.port).send(
                "POST", "/v1/chat/completions",
                headers: [("authorization", "Bearer \(key.text)"), ("content-type", "application/json")],
                body: Array(
                    #"{"model":"chat","messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"\#(id)"}}]}]}"#
                        .utf8))
        }
        let answer = try chat(key, id)
        XCTAssertEqual(answer.status, 200, answer.text)
        let request = try XCTUnwrap(answer.header("x-request-id"))
        let received = try fleet.stub.received(request).map { String(decoding: $0.body, as: UTF8.self) }
        let own = try XCTUnwrap(id.components(separatedBy: "-weir").first)
        XCTAssertEqual(received.count, 1)
        XCTAssertTrue(received[0].contains("\"file_id\":\"\(own)\""), received[0])
        let theirs = try chat(other, id)
        XCTAssertEqual(theirs.status, 404, theirs.text)
        XCTAssertEqual(theirs.errorCode, "object_not_found")
    }

    // MARK: Calls

    private func upload(
        _ content: [UInt8], named name: String, purpose: String = "user_data", _ key: TestFleet.Key, _ fleet: TestFleet
    ) throws -> HTTPAnswer {
        let head =
            "--mark\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n\(purpose)\r\n--mark\r\n"
            + "Content-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n\r\n"
        return try HTTPCaller(port: fleet.data.port).send(
            "POST", "/v1/files",
            headers: [
                ("authorization", "Bearer \(key.text)"), ("content-type", "multipart/form-data; boundary=mark"),
            ], body: Array(head.utf8) + content + Array("\r\n--mark--\r\n".utf8))
    }

    private func order(
        lines count: Int, outputTokens: Int, _ key: TestFleet.Key, _ fleet: TestFleet
    ) throws -> HTTPAnswer {
        let lines = (0..<count).map { number in
            #"{"custom_id":"\#(number)","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o-mini","#
                + #""max_tokens":\#(outputTokens),"messages":[{"role":"user","content":"river \#(number)"}]}}"#
        }
        let file = try upload(
            Array(lines.joined(separator: "\n").utf8), named: "requests.jsonl", purpose: "batch", key, fleet)
        let id = try XCTUnwrap(file.json["id"] as? String, file.text)
        return try HTTPCaller(port: fleet.data.port).send(
            "POST", "/v1/batches",
            headers: [("authorization", "Bearer \(key.text)"), ("content-type", "application/json")],
            body: Array(
                #"{"input_file_id":"\#(id)","endpoint":"/v1/chat/completions","completion_window":"24h"}"#.utf8))
    }

    /// The event of a batch, once its end has been booked.
    private func corrected(_ requestID: String, _ fleet: TestFleet) throws -> UsageRow {
        var found: UsageRow?
        try waitUntil("the end of batch \(requestID) is booked", timeout: .seconds(30)) {
            found = try fleet.events(for: [requestID])[requestID]
            return found?.usageReported == true
        }
        return try XCTUnwrap(found)
    }
}
