import Foundation
import TestSupport
import XCTest

/// OpenAI's files and batches as the stub provider keeps them: what the official client makes of them, what is billed, and what befalls them.
final class StubObjectTests: StubTestCase {
    /// Two keys are two accounts.
    override var acceptsAnyKey: Bool { true }

    private func call(
        _ method: String, _ path: String, as key: String? = nil, body: [UInt8] = [], fault: String? = nil,
        headers: [(String, String)] = []
    ) throws -> HTTPAnswer {
        try HTTPCaller(port: port).send(
            method, "/v1/\(path)",
            headers: [("authorization", "Bearer \(key ?? self.key)")] + headers
                + (fault.map { [("x-stub-fault", $0)] } ?? []), body: body)
    }

    /// - Parameter parts: the head of each and what is in it.
    private func upload(_ parts: [(head: String, content: String)]) throws -> HTTPAnswer {
        let form =
            parts.map { "--mark\r\nContent-Disposition: form-data; \($0.head)\r\n\r\n\($0.content)\r\n" }.joined()
            + "--mark--\r\n"
        return try call(
            "POST", "files", body: Array(form.utf8),
            headers: [("content-type", "multipart/form-data; boundary=mark")])
    }

    /// A batch of one request for each of these models.
    private func order(_ models: [String], fault: String? = nil) throws -> String {
        let lines = models.enumerated().map { index, model in
            #"{"custom_id":"\#(index)","method":"POST","url":"/v1/chat/completions","body":\#(chatBody(model))}"#
        }
        let file = try upload([
            (#"name="purpose""#, "batch"),
            (#"name="file"; filename="a.jsonl""#, lines.joined(separator: "\n")),
        ])
        let id = try XCTUnwrap(file.json["id"] as? String, file.text)
        let batch = try call(
            "POST", "batches",
            body: Array(
                #"{"input_file_id":"\#(id)","endpoint":"/v1/chat/completions","completion_window":"24h"}"#.utf8),
            fault: fault, headers: [("x-request-id", "an-order")])
        return try XCTUnwrap(batch.json["id"] as? String, batch.text)
    }

    private func lines(_ batch: HTTPAnswer, _ name: String) throws -> [[String: Any]] {
        let id = try XCTUnwrap(batch.json[name] as? String, batch.text)
        return try call("GET", "files/\(id)/content").text.split(separator: "\n").map { line in
            try XCTUnwrap(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }

    func testTheOfficialClientKeepsFilesAndOrdersBatches() throws {
        let report = try PythonTools.openAIChecks(
            [
                "--base-url", "http://127.0.0.1:\(port)/v1", "--key", key, "--other-key", "sk-other", "--chat",
                "gpt-4o-mini", "--embedding", "text-embedding-3-small",
            ], program: "openai_file_checks.py")
        for check in report.checks { XCTAssertNil(check.failure, check.name) }
        XCTAssertEqual(
            report.checks.filter(\.skipped).map(\.name),
            [
                "identities_are_no_use_in_pieces", "nobody_names_another_owner",
                "models_that_the_key_may_not_use_are_refused",
            ])
        XCTAssertGreaterThanOrEqual(report.checks.count, 22)
        // What the client was told of its batches is in the ledger, line by line.
        let told = report.answers.filter { $0.kind == "batch" }
        let batches = Dictionary(grouping: try bills().filter { $0["serviceTier"] as? String == "batch" }) { bill in
            bill["batch"] as? String ?? ""
        }
        for answer in told {
            XCTAssertTrue(
                batches.values.contains { bills in
                    bills.reduce(0) { $0 + ($1["promptTokens"] as? Int ?? 0) } == answer.promptTokens
                        && bills.reduce(0) { $0 + ($1["completionTokens"] as? Int ?? 0) } == answer.completionTokens
                }, "\(answer)")
        }
        XCTAssertEqual(told.count, 2)
    }

    func testABatchIsBilledUnderItsOrderAndRequestsThatFailAreNot() throws {
        let models = [
            "m", "m+status-429;code=insufficient_quota", "m+usage;cached=2;reasoning=3", "m+close-before-head",
        ]
        let id = try order(models)
        XCTAssertEqual(try call("GET", "batches/\(id)").json["status"] as? String, "in_progress")
        XCTAssertEqual(try bills().count, 0, "nothing is done yet")
        let batch = try call("GET", "batches/\(id)")
        XCTAssertEqual(batch.json["status"] as? String, "completed", batch.text)
        XCTAssertEqual(batch.json["request_counts"] as? [String: Int], ["total": 4, "completed": 2, "failed": 2])
        let bills = try bills()
        XCTAssertEqual(bills.map { $0["requestID"] as? String }, ["an-order", "an-order"])
        XCTAssertEqual(bills.map { $0["batch"] as? String }, [id, id])
        XCTAssertEqual(bills.map { $0["model"] as? String }, ["m", "m"])
        let usage = try XCTUnwrap(batch.json["usage"] as? [String: Any])
        for (name, billed) in [("input_tokens", "promptTokens"), ("output_tokens", "completionTokens")] {
            XCTAssertEqual(usage[name] as? Int, bills.reduce(0) { $0 + ($1[billed] as? Int ?? 0) }, name)
        }
        XCTAssertEqual(usage["input_tokens_details"] as? [String: Int], ["cached_tokens": 2])
        XCTAssertEqual(usage["output_tokens_details"] as? [String: Int], ["reasoning_tokens": 3])
        let failed = try lines(batch, "error_file_id")
        XCTAssertEqual(failed.map { $0["custom_id"] as? String }, ["1", "3"])
        XCTAssertEqual((failed[0]["response"] as? [String: Any])?["status_code"] as? Int, 429)
        XCTAssertEqual((failed[1]["error"] as? [String: Any])?["code"] as? String, "request_timeout")
        XCTAssertEqual(try lines(batch, "output_file_id").map { $0["custom_id"] as? String }, ["0", "2"])
        XCTAssertEqual(try call("GET", "batches/\(id)").text, batch.text)
        XCTAssertEqual(try self.bills().count, 2, "it is done once")
    }

    func testABatchOfAnOlderProviderSaysNothingOfItsUsage() throws {
        for id in [try order(["m"], fault: "missing-batch-usage"), try order(["m", "m+missing-batch-usage"])] {
            for _ in 1...2 { _ = try call("GET", "batches/\(id)") }
            let batch = try call("GET", "batches/\(id)")
            XCTAssertEqual(batch.json["status"] as? String, "completed")
            XCTAssertNil(batch.json["usage"], batch.text)
            for line in try lines(batch, "output_file_id") {
                let body = (line["response"] as? [String: Any])?["body"] as? [String: Any]
                XCTAssertNotNil(body?["usage"])
            }
        }
    }

    func testWhatBefallsOtherRequestsBefallsTheseToo() throws {
        let id = try order(["m"])
        for path in ["files", "batches", "batches/\(id)"] {
            XCTAssertEqual(try call("GET", path, fault: "status-503").status, 503, path)
            XCTAssertThrowsError(try call("GET", path, fault: "close-before-head"), path)
        }
        XCTAssertEqual(try call("GET", "batches/\(id)").json["status"] as? String, "in_progress", "the first look")
        let file = try upload([(#"name="purpose""#, "vision"), (#"name="file"; filename="a \"b\".txt""#, "a river")])
        XCTAssertEqual(file.json["filename"] as? String, #"a "b".txt"#)
        let content = "files/\(try XCTUnwrap(file.json["id"] as? String, file.text))/content"
        XCTAssertEqual(try call("GET", content, fault: "cut-mid-stream;after=4").ending, .cut)
        let whole = try call("GET", content)
        XCTAssertEqual(whole.text, "a river")
        XCTAssertEqual(whole.header("content-type"), "application/octet-stream")
        XCTAssertEqual(whole.header("content-disposition"), #"attachment; filename="a \"b\".txt""#)
        let script = try HTTPCaller(port: port).send(
            "POST", "/stub/script", body: Array(#"{"sequence":["none","status-500"]}"#.utf8))
        XCTAssertEqual(script.status, 200)
        XCTAssertEqual(try (1...3).map { _ in try call("GET", "files").status }, [200, 500, 200])
    }

    func testWhatIsNotOpenAIsIsRefused() throws {
        for (method, path, status, words) in [
            ("PUT", "files", 404, "Invalid URL"), ("GET", "files/a/contents", 404, "Invalid URL"),
            ("GET", "batches/a/cancel", 404, "Invalid URL"), ("GET", "files/", 404, "Invalid URL"),
            ("GET", "files?size=1", 400, "'size'"), ("GET", "files?limit=1&limit=2", 400, "'limit'"),
            ("GET", "batches?order=asc", 400, "'order'"), ("GET", "batches?after=batch_a", 400, "'after'"),
            ("GET", "files/file-a", 404, "No such File object: file-a"),
            ("GET", "batches/batch_a", 404, "No batch found with id 'batch_a'"),
            ("POST", "batches/batch_a/cancel", 404, "No batch found"),
        ] {
            let answer = try call(method, path)
            XCTAssertEqual(answer.status, status, path)
            XCTAssertTrue(answer.text.contains(words), "\(path): \(answer.text)")
        }
        let (file, purpose) = ((#"name="file"; filename="a.txt""#, "a"), (#"name="purpose""#, "user_data"))
        for (parts, words) in [
            ([file], "'purpose' is a required"), ([purpose], "'file' is a required"),
            ([purpose, (#"name="file""#, "a")], "'file' is a required"), ([file, file, purpose], "twice"),
            ([purpose, (file.0, "")], "empty"),
            ([file, purpose, (#"name="expires_after[seconds]""#, "4000")], "expires_after.anchor"),
        ] {
            let answer = try upload(parts)
            XCTAssertEqual(answer.status, 400, words)
            XCTAssertTrue(answer.text.contains(words), answer.text)
        }
        XCTAssertEqual(try upload([file, purpose]).status, 200)
        let other = try call("GET", "files", as: "sk-other")
        XCTAssertEqual((other.json["data"] as? [Any])?.count, 0)
    }
}
