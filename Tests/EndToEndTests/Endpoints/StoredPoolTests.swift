import Foundation
import TestSupport
import XCTest

/// Files and batches at a provider with two credentials, each an account of its own, that is reached by libcurl.
final class StoredPoolTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet {
        try .made { fleet in
            try fleet.startControl()
            // Takes any key.
            let stub = try fleet.addStub()
            try fleet.addDataPlane(environment: ["STUB_KEY_1": "sk-1", "STUB_KEY_2": "sk-2"])
            try fleet.addTenant()
            for number in 1...2 {
                try fleet.admin("POST", "credentials", ["name": "c\(number)", "reference": "env:STUB_KEY_\(number)"])
            }
            try fleet.admin(
                "POST", "providers",
                ["name": "stub", "base_url": stub.baseURL, "credentials": ["c1", "c2"], "transport": "curl"])
            try fleet.addChatAndEmbedding()
        }
    }

    private func call(_ method: String, _ path: String, _ key: TestFleet.Key, body: String? = nil) throws -> HTTPAnswer
    {
        let form =
            "--mark\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--mark\r\n"
            + "Content-Disposition: form-data; name=\"file\"; filename=\"a.jsonl\"\r\n\r\n\(body ?? "")\r\n--mark--\r\n"
        let isForm = path == "files" && method == "POST"
        return try HTTPCaller(port: try fleet().data.port).send(
            method, "/v1/\(path)",
            headers: [
                ("authorization", "Bearer \(key.text)"),
                ("content-type", isForm ? "multipart/form-data; boundary=mark" : "application/json"),
            ], body: Array((isForm ? form : body ?? "").utf8))
    }

    func testEveryAccountOfAPoolIsSeenAndAskedUnderItsOwnCredential() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("pool")
        try fleet.waitUntilConfigured()
        var contents: [String: String] = [:]
        for number in 0..<6 {
            let line =
                #"{"custom_id":"\#(number)","method":"POST","url":"/v1/chat/completions","body":"#
                + #"{"model":"gpt-4o-mini","max_tokens":9,"messages":[{"role":"user","content":"river \#(number)"}]}}"#
            let sent = try call("POST", "files", key, body: line)
            contents[try XCTUnwrap(sent.json["id"] as? String, sent.text)] = line
        }
        var found: [String] = []
        var after = ""
        repeat {
            let page = try call("GET", "files?limit=2\(after)", key)
            let ids = try XCTUnwrap(page.json["data"] as? [[String: Any]], page.text).compactMap { $0["id"] as? String }
            found += ids
            XCTAssertEqual(ids.count, 2, page.text)
            guard page.json["has_more"] as? Bool == true, let last = ids.last else { break }
            after = "&after=\(last)"
        } while found.count < 20
        XCTAssertEqual(found.count, 6)
        XCTAssertEqual(Set(found), Set(contents.keys))
        // Half of them lie in each account: what stands behind the pin's provider says which.
        XCTAssertEqual(Set(found.compactMap { $0.components(separatedBy: "-weir").last?.prefix(16) }).count, 2)
        for (id, content) in contents {
            XCTAssertEqual(try call("GET", "files/\(id)/content", key).text, content)
            let order = #"{"input_file_id":"\#(id)","endpoint":"/v1/chat/completions","completion_window":"24h"}"#
            let batch = try call("POST", "batches", key, body: order)
            let batchID = try XCTUnwrap(batch.json["id"] as? String, batch.text)
            for status in ["in_progress", "completed"] {
                XCTAssertEqual(try call("GET", "batches/\(batchID)", key).json["status"] as? String, status)
            }
            XCTAssertEqual(try call("DELETE", "files/\(id)", key).json["deleted"] as? Bool, true)
        }
        let batches = try XCTUnwrap(try call("GET", "batches", key).json["data"] as? [[String: Any]])
        XCTAssertEqual(batches.count, 6)
        let last = try XCTUnwrap(batches.first?["id"] as? String)
        XCTAssertEqual(try call("POST", "batches/\(last)/cancel", key).status, 409, "it is over")
    }
}
