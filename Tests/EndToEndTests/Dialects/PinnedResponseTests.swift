import Foundation
import TestSupport
import XCTest

/// Callers who go on from an earlier response by its identity, in front of two providers that keep their own responses, on two data planes.
final class PinnedResponseTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet {
        try TestFleet.made { fleet in
            try fleet.startControl()
            try fleet.addDataPlane("data-1")
            try fleet.addDataPlane("data-2")
            try fleet.addTenant()
            try fleet.addChatModel(outputTokensMax: 4_096)
            var targets: [[String: Any]] = []
            for name in ["one", "two"] {
                let stub = try fleet.addStub(name, ["--strict"])
                try fleet.admin(
                    "POST", "providers",
                    ["name": name, "base_url": stub.baseURL, "quirks": ["responses": true]])
                targets.append(["provider": name, "model": "gpt-4o-mini", "weight": 1])
            }
            try fleet.admin("POST", "providers", ["name": "chats", "base_url": fleet.stub.baseURL])
            try fleet.addRoute("kept", targets, fields: ["strategy": "weighted"])
            try fleet.addRoute("chats", [["provider": "chats", "model": "gpt-4o-mini"]])
        }
    }

    private func ask(
        _ text: String, _ key: TestFleet.Key, at node: DataNode, model: String = "kept", _ more: String = ""
    ) throws -> HTTPAnswer {
        try node.caller().send(
            "POST", "/v1/responses",
            headers: [("authorization", "Bearer \(key.text)"), ("content-type", "application/json")],
            body: Array(#"{"model":"\#(model)","input":"\#(text)"\#(more)}"#.utf8))
    }

    private func events(_ stream: HTTPAnswer) -> [[String: Any]] {
        stream.text.split(separator: "\n").filter { $0.hasPrefix("data: ") }
            .compactMap { try? JSONSerialization.jsonObject(with: Data($0.dropFirst(6).utf8)) as? [String: Any] }
    }

    /// The provider that the request went to, and the body that it got there.
    private func received(_ answer: HTTPAnswer) throws -> (stub: Int, body: [String: Any]) {
        let id = try XCTUnwrap(answer.header("x-request-id"))
        for (place, stub) in try fleet().stubs.enumerated() {
            guard let request = try stub.received(id).last else { continue }
            return (place, try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any] ?? [:])
        }
        throw TestFailure("no provider got \(id): \(answer.text)")
    }

    func testWhatGoesOnFromAResponseGoesToWhoKeepsIt() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("pinned")
        try fleet.waitUntilConfigured()
        var seen: Set<Int> = []
        for turn in 0..<8 {
            let first: String
            let origin: HTTPAnswer
            if turn % 2 == 0 {
                origin = try ask("Hello", key, at: fleet.data)
                XCTAssertEqual(origin.status, 200, origin.text)
                first = try XCTUnwrap(origin.json["id"] as? String)
            } else {
                origin = try ask("Hello", key, at: fleet.data, #","stream":true"#)
                XCTAssertEqual(origin.status, 200, origin.text)
                let ids = Set(events(origin).compactMap { ($0["response"] as? [String: Any])?["id"] as? String })
                XCTAssertEqual(ids.count, 1, "\(ids)")
                first = try XCTUnwrap(ids.first)
            }
            let keeper = try received(origin).stub
            seen.insert(keeper)
            // On the other data plane too, which never saw the first one.
            for node in fleet.dataPlanes {
                let next = try ask("Go on", key, at: node, #","previous_response_id":"\#(first)""#)
                XCTAssertEqual(next.status, 200, next.text)
                XCTAssertEqual(next.json["previous_response_id"] as? String, first)
                let (stub, body) = try received(next)
                XCTAssertEqual(stub, keeper)
                let own = try XCTUnwrap(body["previous_response_id"] as? String)
                XCTAssertTrue(first.hasPrefix(own + "-weir"), "\(first) and \(own)")
                XCTAssertEqual(body["model"] as? String, "gpt-4o-mini")
            }
        }
        XCTAssertEqual(seen, [0, 1], "both were asked")
    }

    func testWhoKeepsNothingCannotGoOn() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("translated")
        try fleet.waitUntilConfigured()
        let plain = try ask("Hello", key, at: fleet.data, model: "chats")
        XCTAssertEqual(plain.status, 200, plain.text)
        XCTAssertEqual(plain.json["object"] as? String, "response")
        let id = try XCTUnwrap(plain.json["id"] as? String)
        for (more, parameter, code) in [
            (#","previous_response_id":"\#(id)""#, "previous_response_id", "unsupported_parameter"),
            (#","background":true"#, "background", "invalid_value"),
        ] {
            let refused = try ask("Go on", key, at: fleet.data, model: "chats", more)
            XCTAssertEqual(refused.status, 400, refused.text)
            let error = refused.json["error"] as? [String: Any] ?? [:]
            XCTAssertEqual(error["param"] as? String, parameter, refused.text)
            XCTAssertEqual(error["code"] as? String, code, refused.text)
        }
    }
}
