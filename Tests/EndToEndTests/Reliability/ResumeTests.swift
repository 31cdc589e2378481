import Foundation
import TestSupport
import XCTest

/// Streams that break off in the middle and are gone on with by another attempt.
///
/// All stubs tell the same story, so that whoever goes on with it rightly makes it whole.
final class ResumeTests: FleetTestCase {
    /// Each stub goes on in one way only; asked in another it begins anew.
    private static let ways = ["assistant_message", "prefix", "prefix_echoed", "continue_final_message"]

    override class func makeFleet() throws -> TestFleet {
        try TestFleet.made { fleet in
            try fleet.startControl()
            for way in ways { try fleet.addStub(way, ["--key=sk-stub", "--continues=\(way)"]) }
            try fleet.addDataPlane(arguments: ["--threads=1"], environment: ["STUB_KEY": "sk-stub"])
            try fleet.addTenant()
            try fleet.addProvidersOfStubs { ["prefix_continuation": $0.name] }
            try fleet.admin(
                "POST", "providers",
                [
                    "name": "impatient", "base_url": fleet.stubs[0].baseURL, "credential": "stub",
                    "idle_timeout_ms": 300,
                ])
            try fleet.addChatModel(outputTokensMax: 1000)
        }
    }

    /// A route with targets of its own, a key of its own, and how often its streams are gone on with.
    private struct Scene {
        let fleet: TestFleet
        let route: String
        let key: TestFleet.Key

        /// - Parameter targets: provider and fault of each.
        init(
            _ fleet: TestFleet, _ route: String, _ targets: [(provider: String, fault: String)], resumesMax: Int = 1,
            fields: [String: Any] = [:]
        ) throws {
            self.fleet = fleet
            self.route = route
            try fleet.addRoute(
                route, strategy: "priority",
                targets.enumerated().map { place, target in
                    [
                        "provider": target.provider, "model": "gpt-4o-mini",
                        "upstream_model_name": "\(route)-\(place)+\(target.fault)",
                    ]
                }, fields: ["resumes_max": resumesMax].merging(fields) { $1 })
            key = try fleet.makeKey(route)
            try fleet.waitUntilConfigured()
        }

        func call(extra: String = "", onBody: (([UInt8]) -> Bool)? = nil) throws -> HTTPAnswer {
            try fleet.data.caller().chat(key.text, chatBody(route, stream: true, extra: extra), onBody: onBody)
        }

        /// The events of one request: its own, and those of the attempts before it, in their order.
        func events(_ answer: HTTPAnswer, count: Int) throws -> (own: UsageRow, others: [UsageRow]) {
            let id = try XCTUnwrap(answer.header("x-request-id"))
            let rows = try fleet.events(of: key, count: count).sorted { $0.requestID < $1.requestID }
            XCTAssertEqual(rows.count, count, "\(rows)")
            return (try XCTUnwrap(rows.first { $0.requestID == id }), rows.filter { $0.requestID != id })
        }
    }

    /// What a client makes of a stream.
    private struct Told {
        var text = ""
        var ids: Set<String> = []
        var roles = 0
        var isDone = false
        var error: String?
        var comments: [String] = []

        init(_ answer: HTTPAnswer) throws {
            for line in answer.text.split(separator: "\n") {
                if line.hasPrefix(":") { comments.append(String(line)) }
                guard line.hasPrefix("data: ") else { continue }
                XCTAssertFalse(isDone, "nothing follows the end")
                if line == "data: [DONE]" {
                    isDone = true
                    continue
                }
                let chunk = try XCTUnwrap(
                    try JSONSerialization.jsonObject(with: Data(line.dropFirst(6).utf8)) as? [String: Any])
                if let problem = chunk["error"] as? [String: Any] {
                    error = problem["code"] as? String ?? problem["message"] as? String
                    continue
                }
                ids.insert("\(chunk["id"] ?? "") \(chunk["created"] ?? "") \(chunk["model"] ?? "")")
                guard let choice = (chunk["choices"] as? [[String: Any]])?.first else { continue }
                let delta = try XCTUnwrap(choice["delta"] as? [String: Any])
                text += delta["content"] as? String ?? ""
                if delta["role"] != nil { roles += 1 }
            }
        }
    }

    /// The same answer, undisturbed.
    private func whole(_ fleet: TestFleet, tokens: Int = 20) throws -> String {
        let answer = try HTTPCaller(port: fleet.stubs[0].port).chat(
            "sk-stub", chatBody("m+none;tokens=\(tokens)", stream: true))
        return try Told(answer).text
    }

    // MARK: Going on

    func testAStreamThatBreaksOffIsGoneOnWithInEachWay() throws {
        let fleet = try fleet()
        let story = try whole(fleet)
        for (place, way) in Self.ways.enumerated() {
            let scene = try Scene(
                fleet, "way-\(place)",
                [(Self.ways[(place + 1) % 4], "cut-mid-stream;after=7;tokens=20"), (way, "none;tokens=20")])
            let seen = try fleet.stubs.map { try $0.lastSequence() }
            let answer = try scene.call(extra: #","stream_options":{"include_usage":true}"#)
            XCTAssertEqual(answer.status, 200, answer.text)
            XCTAssertEqual(answer.ending, .complete)
            let told = try Told(answer)
            XCTAssertEqual(told.text, story, way)
            XCTAssertTrue(told.isDone)
            XCTAssertNil(told.error)
            XCTAssertEqual(told.ids.count, 1, "\(told.ids)")
            XCTAssertEqual(told.roles, 1)
            XCTAssertEqual(told.comments, [": resumed at \(way)/gpt-4o-mini"])

            let (own, others) = try scene.events(answer, count: 2)
            let bill = try XCTUnwrap(fleet.stubs[place].ledger(since: seen[place]).first)
            XCTAssertEqual(bill.requestID, answer.header("x-request-id"))
            XCTAssertEqual(own.provider, way)
            XCTAssertEqual(own.outcome, "completed")
            XCTAssertEqual(own.attempts, 2)
            XCTAssertEqual(own.inputTokens, bill.promptTokens)
            XCTAssertEqual(own.outputTokens, bill.completionTokens)
            XCTAssertEqual(bill.completionTokens, 14, "the six words that the caller had are not made again")
            XCTAssertEqual(
                own.costNanodollars,
                TestFleet.cost(TestFleet.chatPrice, input: bill.promptTokens, output: bill.completionTokens))
            let broken = try XCTUnwrap(others.first)
            XCTAssertEqual(broken.provider, Self.ways[(place + 1) % 4])
            XCTAssertEqual(broken.outcome, "cut")
            XCTAssertFalse(broken.usageReported)
            XCTAssertEqual(broken.outputTokens, 7, "a token for each chunk that came: six words and a role")
            XCTAssertGreaterThan(broken.costNanodollars, 0)
        }
        XCTAssertEqual(try fleet.data.metric(#"weir_resumes_total{route="way-0",result="resumed"}"#), 1)
    }

    func testWhateverBreaksItOff() throws {
        let fleet = try fleet()
        let story = try whole(fleet)
        for (place, (provider, fault)) in [
            ("prefix", "reset-mid-stream;after=7;tokens=20"), ("prefix", "malformed-chunk;after=7;tokens=20"),
            ("prefix", "malformed-framing;after=7;tokens=20;chunk=5"),
            ("impatient", "stall-mid-stream;after=7;tokens=20;chunk=1"),
            ("prefix", "cut-mid-stream;after=1;tokens=20"),
        ].enumerated() {
            let scene = try Scene(
                fleet, "broken-\(place)", [(provider, fault), ("assistant_message", "none;tokens=20")])
            let answer = try scene.call()
            let told = try Told(answer)
            XCTAssertEqual(told.text, story, fault)
            XCTAssertTrue(told.isDone, fault)
            XCTAssertNil(told.error, fault)
            XCTAssertEqual(try scene.events(answer, count: 2).others.map(\.outcome), ["cut"], fault)
        }
    }

    func testAnErrorInTheMiddleIsNotPassedOnWhereSomebodyGoesOn() throws {
        let fleet = try fleet()
        let story = try whole(fleet)
        let words = story.split(separator: " ")
        let raw =
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
            + "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\(words[0])\"},\"finish_reason\":null}]}\n\n"
            + "data: {\"error\":{\"message\":\"overloaded\",\"code\":\"own_error\"}}\n\n"
        for (name, target, isTold) in [("error-on", "none;tokens=20", false), ("error-off", "status-500", true)] {
            let scene = try Scene(fleet, name, [("prefix", "none"), ("assistant_message", target)])
            try fleet.stubs[1].prepare(answer: Array(raw.utf8))
            let told = try Told(try scene.call())
            XCTAssertEqual(told.text, isTold ? String(words[0]) : story)
            XCTAssertEqual(told.isDone, !isTold)
            XCTAssertEqual(told.error, isTold ? "own_error" : nil, "the provider's own words, where nobody goes on")
        }
    }

    func testTheSameTargetGoesOnWhereItIsTheOnlyOne() throws {
        let fleet = try fleet()
        // The script is asked where the model's name says nothing.
        try fleet.addRoute(
            "only", [["provider": "continue_final_message", "model": "gpt-4o-mini", "upstream_model_name": "only"]],
            fields: ["resumes_max": 3, "retries_max": 3])
        let key = try fleet.makeKey("only")
        try fleet.waitUntilConfigured()
        let stub = fleet.stubs[3]
        // The third is cut again, behind what the second has told.
        try stub.script(
            "cut-mid-stream;after=7;tokens=20", "cut-mid-stream;after=4;tokens=20", "close-before-head",
            "none;tokens=20")
        let answer = try fleet.data.caller().chat(key.text, chatBody("only", stream: true))
        let told = try Told(answer)
        XCTAssertEqual(told.text, try whole(fleet))
        XCTAssertTrue(told.isDone)
        let rows = try fleet.events(of: key, count: 3)
        XCTAssertEqual(rows.map(\.outcome).sorted(), ["completed", "cut", "cut"])
        XCTAssertEqual(rows.first { $0.outcome == "completed" }?.attempts, 4)
    }

    func testABoundOfTheAnswerIsHeldAcrossAttempts() throws {
        let fleet = try fleet()
        let scene = try Scene(
            fleet, "bound", [("prefix", "cut-mid-stream;after=7;tokens=20"), ("assistant_message", "none;tokens=20")])
        let told = try Told(try scene.call(extra: #","max_tokens":10"#))
        // A chunk is taken for a token.
        XCTAssertEqual(told.text.split(separator: " ").count, 10)
        XCTAssertTrue(told.isDone)
    }

    func testTheOfficialClientPutsOneMessageTogether() throws {
        struct Final: Decodable {
            var content: String
            var role: String
            var finishReason: String
            var choices: Int
            var completionTokens: Int
        }
        let fleet = try fleet()
        let scene = try Scene(
            fleet, "client", [("prefix", "cut-mid-stream;after=7;tokens=20"), ("prefix_echoed", "none;tokens=20")])
        let (output, status) = try PythonTools.run(
            PythonTools.python.get(),
            [
                "\(PythonTools.folder)/openai_resume_check.py", "--base-url", "http://127.0.0.1:\(fleet.data.port)/v1",
                "--key", scene.key.text, "--model", scene.route,
            ])
        XCTAssertEqual(status, 0, output)
        let final = try JSONDecoder().decode(Final.self, from: Data(output.utf8))
        XCTAssertEqual(final.content, try whole(fleet))
        XCTAssertEqual(final.role, "assistant")
        XCTAssertEqual(final.finishReason, "stop")
        XCTAssertEqual(final.choices, 1)
        XCTAssertEqual(final.completionTokens, 14)
    }

    // MARK: Not going on

    func testWhatCannotBeGoneOnWithEndsInAnError() throws {
        let fleet = try fleet()
        let cut = "cut-mid-stream;after=7;tokens=20"
        let tools =
            #","tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object"}}}],"tool_choice":"required""#
        for (name, targets, resumesMax, extra) in [
            ("not-asked", [("prefix", cut), ("assistant_message", "none")], 0, ""),
            ("nobody-can", [("impatient", cut), ("impatient", "none")], 1, ""),
            ("two-choices", [("prefix", cut), ("assistant_message", "none")], 1, #","n":2"#),
            ("a-format", [("prefix", cut), ("prefix", "none")], 1, #","response_format":{"type":"json_object"}"#),
            ("a-tool", [("prefix", "cut-mid-stream;after=2"), ("prefix", "none")], 1, tools),
        ] as [(String, [(String, String)], Int, String)] {
            let scene = try Scene(fleet, name, targets.map { (provider: $0.0, fault: $0.1) }, resumesMax: resumesMax)
            let answer = try scene.call(extra: extra)
            let told = try Told(answer)
            XCTAssertEqual(told.error, "stream_interrupted", name)
            XCTAssertFalse(told.isDone, name)
            XCTAssertEqual(told.comments, [], name)
            let (own, _) = try scene.events(answer, count: 1)
            XCTAssertEqual(own.outcome, "cut", name)
            XCTAssertEqual(own.attempts, 1, name)
        }
    }

    func testASecondBreakEndsItWhereOneIsTheMost() throws {
        let fleet = try fleet()
        let scene = try Scene(
            fleet, "twice",
            [
                ("prefix", "cut-mid-stream;after=7;tokens=20"),
                ("assistant_message", "cut-mid-stream;after=4;tokens=20"),
                ("continue_final_message", "none;tokens=20"),
            ])
        let answer = try scene.call()
        let told = try Told(answer)
        XCTAssertEqual(told.error, "stream_interrupted")
        XCTAssertFalse(told.isDone)
        let words = try whole(fleet).split(separator: " ")
        XCTAssertEqual(told.text, words.prefix(9).joined(separator: " "), "six and three words, each once")
        let (own, others) = try scene.events(answer, count: 2)
        XCTAssertEqual(own.outcome, "cut")
        XCTAssertEqual(own.provider, "assistant_message")
        XCTAssertEqual(others.map(\.outcome), ["cut"])
    }

    func testAnAttemptToGoOnThatFailsCostsNothing() throws {
        let fleet = try fleet()
        let scene = try Scene(
            fleet, "failed",
            [("prefix", "cut-mid-stream;after=7;tokens=20"), ("assistant_message", "status-500")],
            fields: ["retries_max": 0])
        let answer = try scene.call()
        XCTAssertEqual(try Told(answer).error, "stream_interrupted")
        let (own, others) = try scene.events(answer, count: 2)
        XCTAssertEqual(own.outcome, "cut")
        XCTAssertEqual(own.provider, "prefix")
        XCTAssertEqual(own.attempts, 2)
        XCTAssertEqual(others.map(\.outcome), ["failed"])
        XCTAssertEqual(others.map(\.costNanodollars), [0])
    }

    /// The next attempt needs room of its own in the caller's budget; what both hold is settled, to nothing held.
    func testABudgetIsNotOverspentByGoingOn() throws {
        let fleet = try fleet()
        let cut = "cut-mid-stream;after=7;tokens=20"
        for (name, rooms, isWhole) in [("poor", 3, false), ("rich", 10, true)] {
            let scene = try Scene(fleet, name, [("prefix", cut), ("assistant_message", "none;tokens=20")])
            let worst = TestFleet.cost(TestFleet.chatPrice, input: 400, output: 20)
            let limit = worst * Int64(rooms) / 2
            try fleet.admin(
                "POST", "allowances",
                [
                    "name": name, "virtual_key": scene.key.id, "kind": "money", "period": "total",
                    "limit_nanodollars": limit, "mode": "strict",
                ])
            try fleet.waitUntilConfigured()
            let answer = try scene.call(extra: #","max_tokens":20"#)
            XCTAssertEqual(answer.status, 200, answer.text)
            let told = try Told(answer)
            XCTAssertEqual(told.isDone, isWhole, name)
            let (own, others) = try scene.events(answer, count: isWhole ? 2 : 1)
            let spent = own.costNanodollars + others.reduce(0) { $0 + $1.costNanodollars }
            XCTAssertLessThanOrEqual(spent, limit)
            // Nobody knows what the stream that broke off is billed at: it costs all that it held.
            let broken = isWhole ? try XCTUnwrap(others.first) : own
            XCTAssertEqual(broken.costNanodollars, broken.reservedNanodollars)
        }
    }

    func testACallerThatLeavesMeanwhileEndsBoth() throws {
        let fleet = try fleet()
        let scene = try Scene(
            fleet, "left",
            [("prefix", "cut-mid-stream;after=7;tokens=20;chunk=5"), ("assistant_message", "slow;first=60000")])
        let seen = try fleet.stubs[0].lastSequence()
        let connection = try RawConnection(port: fleet.data.port)
        let body = chatBody("left", stream: true)
        try connection.send(
            "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer \(scene.key.text)\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        try waitUntil("the second provider works on it", timeout: .seconds(10)) {
            try fleet.stubs[0].ledger(since: seen).count == 1
        }
        connection.close()
        try waitUntil("it has seen its caller leave", timeout: .seconds(10)) {
            try fleet.stubs[0].ledger(since: seen).first?.delivery == "none"
        }
        let rows = try fleet.events(of: scene.key, count: 2)
        XCTAssertEqual(rows.map(\.outcome), ["cancelled", "cancelled"])
    }

    // MARK: A real server

    func testLlamaCppGoesOn() throws {
        let fleet = try fleet()
        let llama = try PythonTools.startLlama(in: fleet.folder, embedding: false)
        defer { llama.process.kill() }
        try fleet.admin(
            "POST", "providers",
            [
                "name": "llama", "base_url": "http://127.0.0.1:\(llama.port)/v1",
                "prefix_continuation": "assistant_message",
            ])
        try fleet.addRoute(
            "llama",
            [
                [
                    "provider": "prefix", "model": "gpt-4o-mini",
                    "upstream_model_name": "llama-0+cut-mid-stream;after=7;tokens=20",
                ],
                ["provider": "llama", "model": "gpt-4o-mini", "upstream_model_name": "weir-test"],
            ], fields: ["resumes_max": 1])
        let key = try fleet.makeKey("llama")
        try fleet.waitUntilConfigured()
        let answer = try fleet.data.caller().chat(
            key.text, chatBody("llama", stream: true, extra: #","max_tokens":16"#))
        let told = try Told(answer)
        XCTAssertTrue(told.isDone, answer.text)
        XCTAssertNil(told.error)
        XCTAssertEqual(told.ids.count, 1)
        XCTAssertEqual(told.roles, 1)
        XCTAssertEqual(told.comments, [": resumed at llama/gpt-4o-mini"])
        let begun = try whole(fleet).split(separator: " ").prefix(6).joined(separator: " ")
        XCTAssertTrue(told.text.hasPrefix(begun), told.text)
        XCTAssertFalse(told.text.dropFirst(begun.count).contains(begun), "what the caller has is not said again")
        let rows = try fleet.events(of: key, count: 2)
        XCTAssertEqual(rows.first { $0.provider == "llama" }?.outcome, "completed")
    }
}
