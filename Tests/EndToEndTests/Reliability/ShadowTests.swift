import Foundation
import Synchronization
import TestSupport
import XCTest

/// Requests that are sent once more for nobody: how many, what their callers notice, and who pays.
final class ShadowTests: FleetTestCase {
    override class func makeFleet() throws -> TestFleet {
        try TestFleet.made { fleet in
            try fleet.startControl()
            try fleet.addStub("main", ["--key=sk-stub"])
            try fleet.addStub("copy", ["--key=sk-stub"])
            // One thread: the share is each thread's own. The second is stopped and killed.
            for name in ["data-1", "data-2"] {
                try fleet.addDataPlane(
                    name, arguments: ["--threads=1", "--access-log=\(fleet.folder)/\(name).access"],
                    environment: ["STUB_KEY": "sk-stub"])
            }
            try fleet.addTenant()
            try fleet.addProvidersOfStubs()
            try fleet.admin(
                "POST", "providers",
                [
                    "name": "hasty", "base_url": fleet.stubs[1].baseURL, "credential": "stub",
                    "first_token_timeout_ms": 300, "idle_timeout_ms": 300,
                ])
            try fleet.addChatModel(outputTokensMax: 1000)
        }
    }

    /// A route with a shadow, and a key for each of the two.
    private struct Scene {
        let fleet: TestFleet
        let name: String
        let key: TestFleet.Key
        /// What shadows are charged to.
        let tests: TestFleet.Key
        let allowance: String
        let node: DataNode
        let caller: HTTPCaller

        var main: StubNode { fleet.stubs[0] }
        var copy: StubNode { fleet.stubs[1] }

        /// - Parameters:
        ///   - main: the provider that answers callers.
        ///   - fault: of the shadow's target, which is another one in each scene.
        ///   - limit: of money for shadows, in nanodollars.
        ///   - isConfigured: waits until the data planes know of it.
        init(
            _ fleet: TestFleet, _ name: String, of main: String = "main", percent: Double = 100,
            at provider: String = "copy",
            fault: String = "none", limit: Int64 = 1_000_000_000, on node: DataNode? = nil, isConfigured: Bool = true
        ) throws {
            self.fleet = fleet
            self.name = name
            self.node = node ?? fleet.data
            caller = self.node.caller()
            key = try fleet.makeKey(name, ["may_explain": true])
            tests = try fleet.makeKey("\(name)-tests")
            allowance = try fleet.makeAllowance(
                "\(name)-tests", of: tests,
                ["kind": "money", "period": "total", "limit_nanodollars": limit, "mode": "strict"])
            try fleet.addRoute(
                name,
                [["provider": main, "model": "gpt-4o-mini", "upstream_model_name": "\(name)-main"]],
                fields: [
                    "shadow": [
                        "provider": provider, "model": "gpt-4o-mini", "upstream_model_name": "\(name)-copy+\(fault)",
                        "percent": percent, "virtual_key": tests.keyID,
                    ]
                ])
            if isConfigured { try fleet.waitUntilConfigured() }
        }

        @discardableResult
        func call(stream: Bool = false, tokens: Int = 3, headers: [(String, String)] = []) throws -> HTTPAnswer {
            let answer = try caller.chat(
                key.text, chatBody(name, stream: stream, extra: #","max_tokens":\#(tokens)"#), headers: headers)
            XCTAssertEqual(answer.status, 200, answer.text)
            XCTAssertEqual(answer.ending, .complete)
            return answer
        }

        /// What was counted of its shadows, by result; those that never occurred are left out.
        func results() throws -> [String: Int] {
            let text = try HTTPCaller(port: node.opsPort).send("GET", "/metrics").text
            var results: [String: Int] = [:]
            for line in text.split(separator: "\n")
            where line.hasPrefix("weir_shadow_requests_total{") && line.contains("route=\"\(name)\"") {
                let parts = line.components(separatedBy: "result=\"")
                guard parts.count == 2, let result = parts[1].split(separator: "\"").first,
                    let count = line.split(separator: " ").last.flatMap({ Int($0) }), count > 0
                else { continue }
                results[String(result)] = count
            }
            return results
        }

        /// Waits until its shadows have come to this, and to nothing else.
        func waitForResults(_ wanted: [String: Int]) throws {
            var last: [String: Int] = [:]
            try waitUntil("the shadows are \(wanted)", timeout: .seconds(10), detail: { "\(last)\n\(fleet.tails)" }) {
                last = try results()
                return last == wanted
            }
        }

        /// What the target of its shadows was sent.
        func bills(since sequence: Int = 0) throws -> [StubNode.Bill] {
            try copy.ledger(since: sequence).filter { $0.model.hasPrefix("\(name)-copy") }
        }

        /// Waits until what the shadows cost is settled, and nothing of their allowance is held or lent.
        func waitUntilSettled(at amount: Int64) throws { try fleet.waitUntilSettled(allowance, at: amount) }
    }

    /// A provider that answers when it is told to.
    private final class HeldProvider: Sendable {
        private let release = DispatchSemaphore(value: 0)
        private let arrivals = Mutex(0)
        private let listener = Mutex<RawListener?>(nil)

        init(_ fleet: TestFleet, _ name: String, _ fields: [String: Any] = [:]) throws {
            let made = try RawListener { [self] _ in
                arrivals.withLock { $0 += 1 }
                release.wait()
                return .init(
                    status: 200, headers: [(name: "content-type", value: "application/json")],
                    body: Array(#"{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}"#.utf8))
            }
            listener.withLock { $0 = made }
            try fleet.admin(
                "POST", "providers",
                ["name": name, "base_url": "http://127.0.0.1:\(made.port)/v1", "credential": "stub"].merging(fields) {
                    $1
                })
        }

        var count: Int { arrivals.withLock { $0 } }
        func answer() { release.signal() }
        func close() { listener.withLock { $0?.close() } }
    }

    private func lines(_ fleet: TestFleet, _ node: DataNode) throws -> [[String: Any]] {
        let text = try String(contentsOfFile: "\(fleet.folder)/\(node.name).access", encoding: .utf8)
        return text.split(separator: "\n").compactMap {
            try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    // MARK: How many, and who pays

    func testTheShareIsExactAndOnlyTheShadowsKeyIsCharged() throws {
        let fleet = try fleet()
        let scene = try Scene(fleet, "exact", percent: 12.5)
        var ids: Set<String> = []
        for number in 1...120 {
            let answer = try scene.call(stream: number % 3 == 0, tokens: 1 + number % 5)
            ids.insert(try XCTUnwrap(answer.header("x-request-id")))
            guard number % 24 == 0 else { continue }
            try waitUntil("no shadow is under way") { try scene.node.metric("weir_shadows_in_flight") == 0 }
            let answered = try scene.results()["answered"] ?? 0
            // To within two at all times, and the shadow of the last request may be about to begin.
            XCTAssertLessThanOrEqual(abs(answered - number / 8), 3, "after \(number)")
        }
        try waitUntil("no shadow is under way") { try scene.node.metric("weir_shadows_in_flight") == 0 }
        let results = try scene.results()
        let count = results["answered"] ?? 0
        XCTAssertEqual(results, ["answered": count])
        XCTAssertLessThanOrEqual(abs(count - 15), 2)

        let bills = try scene.bills()
        XCTAssertEqual(bills.count, count, "the provider was sent as many")
        XCTAssertEqual(Set(bills.map(\.delivery)), ["whole"])
        XCTAssertTrue(bills.contains { $0.isStream } && bills.contains { !$0.isStream })
        let shadows = try fleet.events(of: scene.tests, count: count)
        XCTAssertEqual(shadows.count, count)
        XCTAssertEqual(Set(shadows.map(\.requestID)), Set(bills.map(\.requestID)), "one ID, upstream too")
        let mirrored = shadows.compactMap(\.shadowOf)
        XCTAssertEqual(mirrored.count, count)
        XCTAssertEqual(Set(mirrored).count, count, "nobody is mirrored twice")
        XCTAssertTrue(ids.isSuperset(of: mirrored))
        var sum: Int64 = 0
        for shadow in shadows {
            let bill = try XCTUnwrap(bills.first { $0.requestID == shadow.requestID })
            XCTAssertEqual(shadow.outcome, "completed")
            XCTAssertEqual(shadow.provider, "copy")
            XCTAssertTrue(shadow.usageReported)
            XCTAssertEqual(shadow.inputTokens, bill.promptTokens)
            XCTAssertEqual(shadow.outputTokens, bill.completionTokens)
            XCTAssertEqual(
                shadow.costNanodollars,
                TestFleet.cost(TestFleet.chatPrice, input: bill.promptTokens, output: bill.completionTokens))
            sum += shadow.costNanodollars
        }
        try scene.waitUntilSettled(at: sum)
        let own = try fleet.events(of: scene.key, count: 120)
        XCTAssertEqual(Set(own.map(\.requestID)), ids, "the callers' own, and no more")
        XCTAssertEqual(own.compactMap(\.shadowOf), [])
        XCTAssertEqual(Set(own.map(\.provider)), ["main"])

        try waitUntil("each has its line in the access log") {
            try lines(fleet, scene.node).count { $0["shadow_of"] != nil && $0["route"] as? String == "exact" } == count
        }
        let log = try lines(fleet, scene.node).filter { $0["route"] as? String == "exact" }
        XCTAssertEqual(log.count, 120 + count)
        XCTAssertEqual(
            Set(log.compactMap { $0["shadow_request_id"] as? String }), Set(shadows.map(\.requestID)))
        XCTAssertEqual(
            Set(log.compactMap { $0["shadow_of"] as? String }), Set(mirrored))
    }

    // MARK: What is sent

    /// The provider gets what it would have got: the caller's body and fields, with its own model name, and a key of its own.
    func testAShadowIsTheRequestWithAnotherModelAndID() throws {
        let scene = try Scene(fleet(), "same")
        for isChunked in [false, true] {
            let sequence = try scene.copy.lastSequence()
            let body = chatBody("same", "a\u{fc}\\u00fc", extra: #","max_tokens":2,"unknown":[1, 2.50]"#)
            let connection = try RawConnection(port: scene.node.port)
            let head =
                "POST /v1/chat/completions HTTP/1.1\r\nhost: w\r\nauthorization: Bearer \(scene.key.text)\r\nx-trace: t-1\r\n"
            let bytes = Array(body.utf8)
            let half = bytes.count / 2
            try connection.send(
                head
                    + (isChunked
                        ? "transfer-encoding: chunked\r\n\r\n\(String(half, radix: 16))\r\n"
                            + String(decoding: bytes[..<half], as: UTF8.self)
                            + "\r\n\(String(bytes.count - half, radix: 16))\r\n"
                            + String(decoding: bytes[half...], as: UTF8.self) + "\r\n0\r\n\r\n"
                        : "content-length: \(bytes.count)\r\n\r\n\(body)"))
            var reader = HTTPAnswerReader(connection)
            let answer = try reader.read()
            XCTAssertEqual(answer.status, 200, answer.text)
            try waitUntil("the copy has it") { try scene.bills(since: sequence).count == 1 }
            let id = try XCTUnwrap(scene.bills(since: sequence).first).requestID
            let own = try XCTUnwrap(answer.header("x-request-id"))
            XCTAssertNotEqual(id, own)
            let received = try XCTUnwrap(scene.copy.received(id).first)
            XCTAssertEqual(
                String(decoding: received.body, as: UTF8.self),
                body.replacingOccurrences(of: "\"same\"", with: "\"same-copy+none\""))
            let original = try XCTUnwrap(scene.main.received(own).first)
            func fields(_ head: String) -> [String] {
                head.components(separatedBy: "\r\n").dropFirst().filter {
                    !["host", "x-request-id", "content-length"].contains($0.split(separator: ":").first ?? "")
                }
            }
            XCTAssertEqual(fields(received.head), fields(original.head))
            XCTAssertTrue(received.head.contains("x-trace: t-1"))
            XCTAssertFalse(received.head.contains(scene.key.text))
            XCTAssertFalse(received.head.contains(own), "nothing upstream says of what it is a copy")
        }
    }

    func testABodyOverTheBoundIsNotMirroredAndOneAtItIs() throws {
        let scene = try Scene(fleet(), "bound")
        let bound = 256 * 1024
        let empty = chatBody("bound", "").utf8.count
        for (bytes, wanted) in [(bound, ["answered": 1]), (bound + 1, ["answered": 1, "withheld_size": 1])] {
            let body = chatBody("bound", String(repeating: "x", count: bytes - empty))
            XCTAssertEqual(body.utf8.count, bytes)
            let answer = try scene.caller.chat(scene.key.text, body)
            XCTAssertEqual(answer.status, 200, answer.text)
            try scene.waitForResults(wanted)
        }
    }

    // MARK: What callers notice

    /// The same answers byte for byte, and the same fields, as from a route that mirrors nothing.
    func testTheCallerSeesNothingOfIt() throws {
        let fleet = try fleet()
        let scene = try Scene(fleet, "unseen")
        try fleet.addRoute(
            "unseen-not", [["provider": "main", "model": "gpt-4o-mini", "upstream_model_name": "unseen-main"]])
        try fleet.waitUntilConfigured()
        let plain =
            #"{"id":"x","object":"chat.completion","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#
        let stream =
            #"data: {"choices":[{"delta":{"content":"a"}}]}"# + "\n\n"
            + #"data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}"# + "\n\ndata: [DONE]\n\n"
        for isStream in [false, true] {
            let canned =
                isStream
                ? "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-provider: p\r\ncontent-length: \(stream.utf8.count)\r\n\r\n\(stream)"
                : "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-provider: p\r\ncontent-length: \(plain.utf8.count)\r\n\r\n\(plain)"
            var seen: [(body: [UInt8], fields: [String])] = []
            for route in ["unseen", "unseen-not"] {
                try scene.main.prepare(answer: Array(canned.utf8))
                let answer = try scene.caller.chat(scene.key.text, chatBody(route, stream: isStream))
                XCTAssertEqual(answer.status, 200, answer.text)
                let varying = ["x-request-id", "date", "x-weir-overhead-us"]
                seen.append(
                    (
                        answer.body,
                        answer.headers.map { "\($0.name): \(varying.contains($0.name.lowercased()) ? "-" : $0.value)" }
                    ))
            }
            XCTAssertEqual(seen[0].body, seen[1].body)
            XCTAssertEqual(seen[0].fields, seen[1].fields)
        }
        try scene.waitForResults(["answered": 2])
    }

    /// Whoever may ask is told, with the ID under which the shadow's own event stands.
    func testAnExplanationNamesTheShadow() throws {
        let scene = try Scene(fleet(), "explained-shadow")
        let answer = try scene.call(headers: [("x-weir-explain", "1")])
        let header = try XCTUnwrap(answer.header("x-weir-explain"))
        let told = try XCTUnwrap(JSONSerialization.jsonObject(with: Data(header.utf8)) as? [String: Any])
        let shadow = try XCTUnwrap(scene.fleet.events(of: scene.tests, count: 1).first)
        XCTAssertEqual(told["shadow_request_id"] as? String, shadow.requestID)
        XCTAssertEqual(shadow.shadowOf, answer.header("x-request-id"))
    }

    /// Whatever befalls the copy: the caller has his answer, and the next one on the same connection.
    func testAShadowThatFailsIsNoConcernOfTheCallers() throws {
        let fleet = try fleet()
        let cases = try [
            ("status-500", false, "failed", false), ("status-400", false, "completed", false),
            // No verdict on the request: a caller would have been answered by the next target.
            ("status-429;retry-after=1", true, "failed", false), ("close-before-head", true, "failed", false),
            ("stall-before-head", false, "failed", false), ("cut-mid-stream;after=0", true, "failed", false),
            ("malformed-chunk;after=2", true, "cut", true), ("cut-mid-stream;after=2", true, "cut", true),
            ("stall-mid-stream;after=2", true, "cut", true), ("wrong-content-length", false, "cut", true),
            ("missing-usage", true, "completed", true),
        ].enumerated().map { number, facts in
            (
                scene: try Scene(fleet, "failing-\(number)", at: "hasty", fault: facts.0, isConfigured: false),
                fault: facts.0, isStream: facts.1, outcome: facts.2, isCharged: facts.3
            )
        }
        try fleet.waitUntilConfigured()
        let seen = try fleet.stubs[0].lastSequence()
        for (scene, _, isStream, _, _) in cases { try scene.call(stream: isStream) }
        for (scene, fault, _, outcome, isCharged) in cases {
            try scene.waitForResults(fault == "missing-usage" ? ["answered": 1] : ["failed": 1])
            let event = try XCTUnwrap(fleet.events(of: scene.tests, count: 1).first)
            XCTAssertEqual(event.outcome, outcome, fault)
            XCTAssertEqual(event.costNanodollars > 0, isCharged, fault)
            // What the provider did not count costs what was held.
            if isCharged { XCTAssertEqual(event.costNanodollars, event.reservedNanodollars, fault) }
            try scene.waitUntilSettled(at: event.costNanodollars)
            let own = try XCTUnwrap(fleet.events(of: scene.key, count: 1).first)
            XCTAssertEqual(own.outcome, "completed")
            XCTAssertEqual(own.attempts, 1)
        }
        XCTAssertEqual(try fleet.stubs[0].ledger(since: seen).count, cases.count, "none of the callers' is sent again")
    }

    /// A stream whose first event is an error has failed of what that says, and costs nothing.
    func testAStreamThatBeginsWithAnErrorIsAFailure() throws {
        let fleet = try fleet()
        let scene = try Scene(fleet, "error-event")
        let event = #"data: {"error":{"message":"m","code":"context_length_exceeded"}}"# + "\n\n"
        try scene.copy.prepare(
            answer: Array(
                "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: \(event.utf8.count)\r\n\r\n\(event)"
                    .utf8))
        try scene.call(stream: true)
        try scene.waitForResults(["failed": 1])
        let row = try XCTUnwrap(fleet.events(of: scene.tests, count: 1).first)
        XCTAssertEqual(row.outcome, "failed")
        XCTAssertEqual(row.costNanodollars, 0)
        try waitUntil("its line is in the access log") {
            try lines(fleet, scene.node).contains {
                $0["request_id"] as? String == row.requestID && $0["attempt_error"] as? String == "context_length"
            }
        }
    }

    // MARK: Where there is no room

    func testAShadowIsWithheldWhereItsAllowanceHasNoRoom() throws {
        let fleet = try fleet()
        // Room for two and a half.
        let one = TestFleet.cost(TestFleet.chatPrice, input: 400, output: 20)
        let scene = try Scene(fleet, "poor-shadow", limit: one * 5 / 2)
        var withheld = 0
        for number in 1...40 where withheld == 0 {
            try scene.call(tokens: 20)
            try waitUntil("shadow \(number) is decided") {
                let results = try scene.results()
                withheld = results["withheld_allowance"] ?? 0
                return results.values.reduce(0, +) == number
            }
        }
        XCTAssertEqual(withheld, 1)
        let count = try scene.results()["answered"] ?? 0
        XCTAssertGreaterThanOrEqual(count, 2)
        let events = try fleet.events(of: scene.tests, count: count)
        XCTAssertEqual(events.count, count)
        try scene.waitUntilSettled(at: events.reduce(0) { $0 + $1.costNanodollars })
    }

    /// It does not stand in the queue of a target that others want: one at a time is let in, the rest are withheld.
    func testAShadowDoesNotQueueForItsTarget() throws {
        let fleet = try fleet()
        let narrow = try HeldProvider(fleet, "narrow", ["concurrency": ["min": 1, "max": 1]])
        defer { narrow.close() }
        let scene = try Scene(fleet, "narrow", at: "narrow")
        try scene.call()
        try waitUntil("the first is under way") { narrow.count == 1 }
        for _ in 1...3 { try scene.call() }
        XCTAssertEqual(try scene.results(), ["withheld_concurrency": 3])
        narrow.answer()
        try scene.waitForResults(["answered": 1, "withheld_concurrency": 3])
    }

    func testATargetThatIsSetAsideGetsNoShadows() throws {
        let scene = try Scene(fleet(), "set-aside", fault: "status-503")
        for number in 1...7 {
            try scene.call()
            try waitUntil("shadow \(number) is decided") { try scene.results().values.reduce(0, +) == number }
        }
        XCTAssertEqual(try scene.results(), ["failed": 5, "withheld_target": 2])
    }

    func testARevokedKeyIsChargedNothing() throws {
        let fleet = try fleet()
        let scene = try Scene(fleet, "revoked")
        try scene.call()
        try scene.waitForResults(["answered": 1])
        // A rotation in between is nobody's concern.
        try fleet.admin("POST", "virtual-keys/\(scene.tests.id)/rotate", ["overlap_seconds": 0])
        try fleet.waitUntilConfigured()
        try scene.call()
        try scene.waitForResults(["answered": 2])
        try fleet.admin("POST", "virtual-keys/\(scene.tests.id)/revoke")
        try fleet.waitUntilConfigured()
        try scene.call()
        XCTAssertEqual(try fleet.events(of: scene.tests, count: 2).count, 2)
        XCTAssertEqual(try scene.results(), ["answered": 2])
    }

    /// What counts is when the shadow would begin: the caller's answer may have taken minutes.
    func testAKeyThatIsRevokedDuringTheAnswerIsChargedNothing() throws {
        let fleet = try fleet()
        let held = try HeldProvider(fleet, "held")
        defer { held.close() }
        let scene = try Scene(fleet, "revoked-meanwhile", of: "held")
        let body = chatBody(scene.name)
        let connection = try RawConnection(port: scene.node.port)
        try connection.send(
            "POST /v1/chat/completions HTTP/1.1\r\nhost: w\r\nauthorization: Bearer \(scene.key.text)\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        try waitUntil("the provider has it") { held.count == 1 }
        try fleet.admin("POST", "virtual-keys/\(scene.tests.id)/revoke")
        try fleet.waitUntilConfigured()
        held.answer()
        var reader = HTTPAnswerReader(connection)
        XCTAssertEqual(try reader.read().status, 200)
        try scene.waitForResults(["withheld_key": 1])
        XCTAssertEqual(try scene.bills().count, 0)
    }

    /// A caller who leaves has been admitted like others, and his request is mirrored.
    func testTheRequestOfACallerWhoLeavesIsMirrored() throws {
        let scene = try Scene(fleet(), "leaving")
        let seen = try scene.main.lastSequence()
        try scene.main.script("slow;first=20000")
        let body = chatBody(scene.name, stream: true, extra: #","max_tokens":2"#)
        let connection = try RawConnection(port: scene.node.port)
        try connection.send(
            "POST /v1/chat/completions HTTP/1.1\r\nhost: w\r\nauthorization: Bearer \(scene.key.text)\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        try waitUntil("the provider has it") { try scene.main.lastSequence() > seen }
        connection.close()
        try scene.waitForResults(["answered": 1])
        let shadow = try XCTUnwrap(fleet().events(of: scene.tests, count: 1).first)
        XCTAssertEqual(shadow.outcome, "completed")
        XCTAssertEqual(shadow.outputTokens, 2)
    }

    // MARK: The end of the process

    /// As many as there may be are under way when the process is told to end: it does not wait for them, and each is settled once.
    func testAProcessThatEndsSettlesItsShadowsOnce() throws {
        let fleet = try fleet()
        let node = fleet.dataPlanes[1]
        let scene = try Scene(fleet, "ending", fault: "stall-before-head", on: node)
        for _ in 1...70 { try scene.call() }
        try scene.waitForResults(["withheld_in_flight": 6])
        try waitUntil("the rest are under way") { try scene.bills().count == 64 }
        let began = monotonicMicroseconds()
        XCTAssertEqual(node.stop(), .status(0))
        XCTAssertLessThan(monotonicMicroseconds() - began, 15_000_000)
        let events = try fleet.events(of: scene.tests, count: 64)
        XCTAssertEqual(events.count, 64)
        XCTAssertEqual(Set(events.map(\.outcome)), ["cut"])
        XCTAssertEqual(Set(events.compactMap(\.shadowOf)).count, 64)
        for event in events { XCTAssertEqual(event.costNanodollars, event.reservedNanodollars) }
        try scene.waitUntilSettled(at: events.reduce(0) { $0 + $1.costNanodollars })
        try node.start()
        try fleet.waitUntilConfigured()
    }

    /// A process that is killed has written down what it began.
    func testAShadowOfAKilledProcessIsChargedOnceByTheNext() throws {
        let fleet = try fleet()
        let node = fleet.dataPlanes[1]
        let scene = try Scene(fleet, "killed", fault: "stall-before-head", on: node)
        let own = try XCTUnwrap(scene.call().header("x-request-id"))
        try waitUntil("it is under way") { try scene.bills().count == 1 }
        node.kill()
        try node.start()
        let events = try fleet.events(of: scene.tests, count: 1)
        XCTAssertEqual(events.map(\.outcome), ["interrupted"])
        XCTAssertEqual(events.map(\.shadowOf), [own])
        try scene.waitUntilSettled(at: events[0].costNanodollars)
        try fleet.waitUntilConfigured()
    }
}
