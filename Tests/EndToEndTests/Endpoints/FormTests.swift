import Foundation
import TestSupport
import XCTest

/// Forms with files: what passes while it arrives, what is held, and what is refused.
final class FormTests: FleetTestCase {
    private static let boundary = "a-boundary"

    override class func makeFleet() throws -> TestFleet {
        let fleet = try TestFleet.standard()
        try fleet.admin(
            "POST", "models",
            [
                "name": "transcribe", "kind": "transcription", "prices": [TestFleet.chatPrice],
                "max_output_tokens": 2_000, "max_input_tokens": 16_000,
            ])
        try fleet.addRoute("transcribe", [["provider": "stub", "model": "transcribe"]])
        try fleet.addRoute(
            "transcribe-falls-back",
            [
                ["provider": "stub", "model": "transcribe", "upstream_model_name": "transcribe+status-503"],
                ["provider": "stub", "model": "transcribe"],
            ])
        return fleet
    }

    private func field(_ name: String, _ value: String) -> [UInt8] {
        Array("--\(Self.boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
    }

    private func file(_ size: Int) -> [UInt8] {
        let head =
            "--\(Self.boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp3\"\r\n"
            + "Content-Type: audio/mpeg\r\n\r\n"
        return Array(head.utf8) + (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) } + Array("\r\n".utf8)
    }

    private let end = Array("--a-boundary--\r\n".utf8)

    private func head(_ key: TestFleet.Key, _ length: Int, extra: String = "") -> String {
        "POST /v1/audio/transcriptions HTTP/1.1\r\nhost: w\r\nauthorization: Bearer \(key.text)\r\n\(extra)"
            + "content-type: multipart/form-data; boundary=\(Self.boundary)\r\ncontent-length: \(length)\r\n\r\n"
    }

    private func send(_ body: [UInt8], _ key: TestFleet.Key, _ fleet: TestFleet) throws -> HTTPAnswer {
        try HTTPCaller(port: fleet.data.port).send(
            "POST", "/v1/audio/transcriptions",
            headers: [
                ("authorization", "Bearer \(key.text)"),
                ("content-type", "multipart/form-data; boundary=\(Self.boundary)"),
            ], body: body)
    }

    /// The provider has most of a recording before the caller has sent the end of it.
    func testALargeFormPassesWhileItArrives() throws {
        let fleet = try fleet()
        let tap = try WireTap(to: fleet.stub.port)
        defer { tap.close() }
        try fleet.admin(
            "POST", "providers",
            ["name": "tapped", "base_url": "http://127.0.0.1:\(tap.port)/v1", "credential": "stub"])
        try fleet.addRoute(
            "tapped", [["provider": "tapped", "model": "transcribe", "upstream_model_name": "transcribe-upstream"]])
        let key = try fleet.makeKey("streamed-forms")
        try fleet.waitUntilConfigured()
        let body = field("model", "tapped") + field("language", "de") + file(2_000_000) + end
        let connection = try RawConnection(port: fleet.data.port, timeout: .seconds(20))
        defer { connection.close() }
        let sent = body.count - 10_000
        try connection.send(Array(head(key, body.count).utf8) + body[..<sent])
        try waitUntil("the provider has nearly all of it", detail: { "\(tap.legs.map(\.bytes.count))" }) {
            tap.legs.contains { $0.bytes.count > sent - 100_000 }
        }
        XCTAssertEqual(tap.legs.count, 1)
        try connection.send(Array(body[sent...]))
        var reader = HTTPAnswerReader(connection)
        let answer = try reader.read()
        XCTAssertEqual(answer.status, 200, answer.text)
        XCTAssertFalse((answer.json["text"] as? String ?? "").isEmpty)
        let id = try XCTUnwrap(answer.header("x-request-id"))
        let arrived = try XCTUnwrap(fleet.stub.received(id).first)
        let expected = field("model", "transcribe-upstream") + field("language", "de") + file(2_000_000) + end
        XCTAssertEqual(arrived.body.count, expected.count)
        XCTAssertEqual(arrived.body, expected, "only the model's name is another")
        XCTAssertFalse(arrived.head.contains(key.text))
        XCTAssertEqual(try fleet.events(for: [id])[id]?.inputTokens, 2_000)
        // The connection can be used for another request.
        let small = field("model", "tapped") + file(100) + end
        try connection.send(Array(head(key, small.count).utf8) + small)
        XCTAssertEqual(try reader.read().status, 200)
    }

    /// What is held can be sent again; what has passed cannot.
    func testASmallFormFallsBackAndMayNameItsModelBehindItsFile() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("held-forms")
        try fleet.waitUntilConfigured()
        for body in [
            field("model", "transcribe-falls-back") + file(10_000) + end,
            file(10_000) + field("model", "transcribe-falls-back") + end,
            file(1_000_000) + field("model", "transcribe-falls-back") + end,
        ] {
            let answer = try send(body, key, fleet)
            XCTAssertEqual(answer.status, 200, answer.text)
            XCTAssertEqual(answer.header("x-weir-attempts"), "2")
        }
        let large = try send(field("model", "transcribe-falls-back") + file(1_000_000) + end, key, fleet)
        XCTAssertEqual(large.status, 502, large.text)
        XCTAssertEqual(large.errorCode, "upstream_error")
        XCTAssertEqual(large.header("x-weir-attempts"), "1")
    }

    /// A second model behind a file would be another one than was routed.
    func testWhatWeirReadsCannotComeTwiceOrTooLate() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("late-fields")
        try fleet.waitUntilConfigured()
        let before = try fleet.stub.lastSequence()
        for (body, code, param) in [
            (field("model", "transcribe") + file(500_000) + field("model", "chat") + end, "invalid_value", "model"),
            (field("model", "transcribe") + file(500_000) + field("user", "u") + end, "invalid_value", "user"),
            (field("model", "transcribe") + file(50) + field("model", "chat") + end, "invalid_value", "model"),
            (field("model", "transcribe") + file(500_000), "invalid_value", nil),
            (field("language", "de") + file(50) + end, "missing_required_parameter", "model"),
            (file(9_000_000) + field("model", "transcribe") + end, "invalid_value", "model"),
            (field("model", "no-such-model") + file(500_000) + end, "model_not_found", "model"),
            (field("model", "chat") + file(500_000) + end, "model_not_supported", "model"),
            (Array("{}".utf8), "invalid_value", nil),
        ] as [([UInt8], String, String?)] {
            let answer = try send(body, key, fleet)
            XCTAssertTrue([400, 404].contains(answer.status), "\(answer.status) \(answer.text)")
            XCTAssertEqual(answer.errorCode, code, answer.text)
            XCTAssertEqual(answer.errorParam, param, answer.text)
        }
        XCTAssertEqual(try fleet.stub.lastSequence(), before, "the provider has billed none of them")
    }

    /// Nobody knows by its bytes how long a recording is: the most that its model takes is held, and given back.
    func testTheMostThatARecordingCanCostIsHeld() throws {
        let fleet = try fleet()
        try fleet.admin(
            "POST", "models",
            ["name": "transcribe-boundless", "kind": "transcription", "prices": [TestFleet.chatPrice]])
        try fleet.addRoute("transcribe-boundless", [["provider": "stub", "model": "transcribe-boundless"]])
        let key = try fleet.makeKey("bounded-recordings")
        try fleet.makeAllowance(
            "recordings", of: key, ["kind": "tokens", "period": "minute", "limit": 19_000, "mode": "strict"])
        try fleet.waitUntilConfigured()
        XCTAssertEqual(try send(field("model", "transcribe") + file(200_000) + end, key, fleet).status, 200)
        XCTAssertEqual(try send(field("model", "transcribe") + file(200_000) + end, key, fleet).status, 200)
        let boundless = try send(field("model", "transcribe-boundless") + file(10) + end, key, fleet)
        XCTAssertEqual(boundless.status, 400, boundless.text)
        XCTAssertTrue(["unbounded_input", "unbounded_output"].contains(boundless.errorCode), boundless.text)
    }

    /// A caller who leaves in the middle of his form is no failure of the provider's, and pays nothing.
    func testACallerWhoLeavesInTheMiddleOfAFormPaysNothing() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("half-forms")
        try fleet.waitUntilConfigured()
        let body = field("model", "transcribe") + file(1_000_000) + end
        let connection = try RawConnection(port: fleet.data.port, timeout: .seconds(20))
        try connection.send(Array(head(key, body.count).utf8) + body[..<600_000])
        connection.close()
        let event = try XCTUnwrap(fleet.events(of: key, count: 1).first)
        XCTAssertEqual(event.costNanodollars, 0)
        XCTAssertEqual(try send(body, key, fleet).status, 200)
    }
}
