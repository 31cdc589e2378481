import TestSupport
import XCTest

/// Bad input at the data plane's door: each gets its documented error, none gets in, and the next request is served.
final class BadInputTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet {
        try .standard(
            dataArguments: [
                "--head-timeout-milliseconds=400", "--body-timeout-milliseconds=400",
                "--write-timeout-milliseconds=400",
            ])
    }

    private func key(_ name: String = #function) throws -> String {
        let fleet = try fleet()
        let key = try fleet.makeKey(String(name.prefix { $0 != "(" }))
        try fleet.waitUntilConfigured()
        return key.text
    }

    /// Sends raw bytes, reads one answer, and proves that the data plane still serves.
    private func answer(to pieces: String..., finishing: Bool = false) throws -> HTTPAnswer {
        let fleet = try fleet()
        let connection = try RawConnection(port: fleet.data.port)
        for piece in pieces { try connection.send(piece) }
        if finishing { connection.finishSending() }
        var reader = HTTPAnswerReader(connection)
        return try reader.read()
    }

    private func head(_ key: String, _ rest: String) -> String {
        "POST /v1/chat/completions HTTP/1.1\r\nhost: weir\r\nauthorization: Bearer \(key)\r\n\(rest)\r\n\r\n"
    }

    // MARK: Bodies

    func testBodyThatIsNotJSONIs400() throws {
        let key = try key()
        let caller = try fleet().data.caller()
        for body in [
            "hello", "{", #"{"model":"chat""#, #"{"model":"chat",}"#, "[]", "", #"{"model":"chat"} x"#,
            "{'model':'chat'}",
        ] {
            let answer = try caller.chat(key, body)
            XCTAssertEqual(answer.status, 400, body)
            XCTAssertEqual(answer.errorType, "invalid_request_error", body)
            XCTAssertEqual(answer.errorCode, "invalid_json", body)
        }
        XCTAssertEqual(try caller.chat(key, chatBody("chat")).status, 200)
    }

    func testFieldOfTheWrongKindIsNamed() throws {
        let key = try key()
        let caller = try fleet().data.caller()
        for (body, param, code) in [
            (#"{"messages":[]}"#, "model", "missing_required_parameter"), (#"{"model":7}"#, "model", "invalid_type"),
            (#"{"model":null}"#, "model", "invalid_type"),
            (#"{"model":"chat","model":"chat"}"#, "model", "duplicate_parameter"),
            (#"{"model":"chat","stream":"yes"}"#, "stream", "invalid_type"),
            (#"{"model":"chat","stream":true,"stream_options":[]}"#, "stream_options", "invalid_type"),
        ] {
            let answer = try caller.chat(key, body)
            XCTAssertEqual(answer.status, 400, body)
            XCTAssertEqual(answer.errorCode, code, body)
            XCTAssertEqual(answer.errorParam, param, body)
        }
    }

    func testBodyOf33MiBIs413() throws {
        let key = try key()
        let length = 33 << 20
        // Told by its head: refused before it is sent.
        let told = try answer(to: head(key, "content-length: \(length)"))
        XCTAssertEqual(told.status, 413)
        XCTAssertEqual(told.errorCode, "request_too_large")
        // In chunks, so that only counting helps.
        let connection = try RawConnection(port: try fleet().data.port, timeout: .seconds(60))
        try connection.send(head(key, "transfer-encoding: chunked"))
        let piece = Array("100000\r\n".utf8) + [UInt8](repeating: 32, count: 1 << 20) + [13, 10]
        for _ in 0..<33 where try !connection.send(piece) { break }
        var reader = HTTPAnswerReader(connection)
        let counted = try reader.read()
        XCTAssertEqual(counted.status, 413)
        XCTAssertEqual(counted.errorCode, "request_too_large")
    }

    func testLargestBodyIsServed() throws {
        let key = try key()
        let start = #"{"model":"chat","max_tokens":1,"messages":[{"role":"user","content":""#
        let end = #""}]}"#
        let body = start + String(repeating: "a", count: (32 << 20) - start.utf8.count - end.utf8.count) + end
        let caller = try fleet().data.caller(timeout: .seconds(60))
        XCTAssertEqual(try caller.chat(key, body).status, 200)
        XCTAssertEqual(try caller.chat(key, body + " ").status, 413)
    }

    func testSlowBodyIs408() throws {
        let answer = try answer(to: head(try key(), "content-length: 100"), #"{"model":"#)
        XCTAssertEqual(answer.status, 408)
        XCTAssertEqual(answer.errorCode, "request_timeout")
    }

    /// The limits above are for what the caller does: a provider may think longer than that.
    func testProviderMayBeSlowerThanACallerMay() throws {
        let fleet = try fleet()
        try fleet.addFaultyRoute("thinking", "slow;first=1000;chunk=600;tokens=2")
        let key = try key()
        for stream in [false, true] {
            let answer = try fleet.data.caller().chat(key, chatBody("thinking", stream: stream))
            XCTAssertEqual(answer.status, 200)
            XCTAssertEqual(answer.ending, .complete)
            if stream { XCTAssertEqual(answer.events.last, "[DONE]") }
        }
    }

    func testBodyThatEndsEarlyReachesNoProvider() throws {
        let fleet = try fleet()
        let before = try fleet.stub.lastSequence()
        let answer = try? answer(to: head(try key(), "content-length: 100"), #"{"model":"chat"}"#, finishing: true)
        if let answer { XCTAssertEqual(answer.status, 400) }
        XCTAssertEqual(try fleet.stub.lastSequence(), before)
    }

    func testCompressedBodyIs415() throws {
        let answer = try answer(to: head(try key(), "content-encoding: gzip\r\ncontent-length: 3"), "abc")
        XCTAssertEqual(answer.status, 415)
        XCTAssertEqual(answer.errorCode, "unsupported_content_encoding")
    }

    // MARK: Heads

    func testHeadOf100KiBIs431() throws {
        let answer = try answer(to: head(try key(), "x-filler: " + String(repeating: "a", count: 100 << 10)))
        XCTAssertEqual(answer.status, 431)
        XCTAssertEqual(answer.errorType, "invalid_request_error")
    }

    func testSlowHeadIs408() throws {
        let answer = try answer(to: "POST /v1/chat/completions HTTP/1.1\r\nhost: we")
        XCTAssertEqual(answer.status, 408)
    }

    func testBothFramingHeadersAre400AndTheConnectionCloses() throws {
        let fleet = try fleet()
        let key = try key()
        let body = chatBody("chat")
        let connection = try RawConnection(port: fleet.data.port)
        // A second request hides in what one of the two framings calls the body.
        try connection.send(
            head(key, "content-length: \(body.utf8.count + 4)\r\ntransfer-encoding: chunked") + "0\r\n\r\n"
                + head(key, "content-length: 0"))
        var reader = HTTPAnswerReader(connection)
        let answer = try reader.read()
        XCTAssertEqual(answer.status, 400)
        XCTAssertEqual(answer.errorCode, "malformed_request")
        XCTAssertThrowsError(try reader.read(), "the hidden request was answered")
    }

    func testOtherDoubtfulFramingIsRefused() throws {
        let key = try key()
        for framing in [
            "content-length: 5\r\ncontent-length: 6", "content-length: +5", "content-length: 5, 6",
            "content-length: 0x5",
            "transfer-encoding: gzip, chunked", "transfer-encoding: chunked, identity", "content-length : 5",
            "transfer-encoding: xchunked", "x: y\r\n continued: z", "content-length: 99999999999999999999",
        ] {
            let answer = try answer(to: head(key, framing))
            XCTAssertTrue([400, 413, 501].contains(answer.status), "\(framing): \(answer.status)")
            XCTAssertEqual(answer.errorType, "invalid_request_error", framing)
        }
    }

    // MARK: Keys and places

    func testKeyIsCheckedBeforeTheBodyIsRead() throws {
        // No byte of the body is sent, and the answer comes all the same.
        let unknown = try answer(to: head("weir_nobody", "content-length: 1000000"))
        XCTAssertEqual(unknown.status, 401)
        XCTAssertEqual(unknown.errorCode, "invalid_api_key")
        let none = try answer(to: "POST /v1/chat/completions HTTP/1.1\r\nhost: w\r\ncontent-length: 1000000\r\n\r\n")
        XCTAssertEqual(none.status, 401)
        XCTAssertEqual(none.errorCode, "missing_api_key")
    }

    func testPathThatIsNotMeteredIsRefused() throws {
        let key = try key()
        let caller = try fleet().data.caller()
        let headers = [("authorization", "Bearer \(key)")]
        let unknown = try caller.send("POST", "/v1/fine_tuning/jobs", headers: headers, body: Array("{}".utf8))
        XCTAssertEqual(unknown.status, 404)
        XCTAssertEqual(unknown.errorCode, "unknown_endpoint")
        XCTAssertEqual(try caller.send("DELETE", "/v1/chat/completions", headers: headers).status, 405)
        XCTAssertEqual(try caller.send("GET", "/v1/../v1/models", headers: headers).status, 404)
    }

    func testKeyMayUseOnlyItsRoutes() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("embedding-only", ["allowed_routes": ["embedding"]]).text
        try fleet.waitUntilConfigured()
        let caller = fleet.data.caller()
        let refused = try caller.chat(key, chatBody("chat"))
        XCTAssertEqual(refused.status, 404)
        XCTAssertEqual(refused.errorCode, "model_not_found")
        let models = try caller.send("GET", "/v1/models", headers: [("authorization", "Bearer \(key)")])
        XCTAssertEqual((models.json["data"] as? [[String: Any]])?.compactMap { $0["id"] as? String }, ["embedding"])
    }
}
