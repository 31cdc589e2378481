import Foundation
import Synchronization
import TestSupport
import XCTest

/// Gemini's models at Vertex AI: data planes exchange a service account's key for tokens, and requests carry those.
///
/// - Shape: each stub is a Vertex AI with a token endpoint of its own; `other` is where requests go instead.
final class VertexTests: FleetTestCase {
    private static let place = "/v1/projects/weir-tests/locations/europe-west4/publishers/google"
    /// Of each stub's tokens.
    private static let seconds = ["vertex": 3, "revoked": 3_600, "down": 3_600]

    /// A key as Google hands it out, in many lines.
    private static func account(_ number: Int, tokensFrom stub: StubNode?) throws -> Data {
        let bytes = try XCTUnwrap(Golden.contents(of: "jwt/vectors.json"))
        let vectors = try XCTUnwrap(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        let accounts = try XCTUnwrap(vectors["accounts"] as? [[String: Any]])
        var account = try XCTUnwrap(accounts[number]["account"] as? [String: Any])
        if let stub { account["token_uri"] = "http://127.0.0.1:\(stub.port)/token" }
        return try JSONSerialization.data(withJSONObject: account, options: [.prettyPrinted])
    }

    override class func makeFleet() throws -> TestFleet {
        try TestFleet.made { fleet in
            try fleet.startControl()
            let known = "\(fleet.folder)/known.json"
            try account(0, tokensFrom: nil).write(to: URL(fileURLWithPath: known))
            for (name, seconds) in seconds {
                try fleet.addStub(name, ["--service-account=\(known)", "--token-seconds=\(seconds)"])
            }
            let other = try fleet.addStub("other", ["--key=sk-stub"])
            try fleet.addDataPlane(arguments: ["--threads=2"], environment: ["STUB_KEY": "sk-stub"])
            try fleet.addTenant()
            try fleet.admin("POST", "credentials", ["name": "stub", "reference": "env:STUB_KEY"])
            try fleet.addChatModel(outputTokensMax: 4_096)
            try fleet.admin(
                "POST", "providers", ["name": "other", "base_url": other.baseURL, "credential": "stub"])
            for stub in fleet.stubs where seconds[stub.name] != nil {
                try addVertex(stub.name, at: stub, account: 0, to: fleet)
            }
            // A key that the stub's account does not have.
            try addVertex(
                "stranger", at: try XCTUnwrap(fleet.stubs.first { $0.name == "vertex" }), account: 2, to: fleet)
            try addPair(at: try XCTUnwrap(fleet.stubs.first { $0.name == "vertex" }), to: fleet)
        }
    }

    private static func addVertex(_ name: String, at stub: StubNode, account number: Int, to fleet: TestFleet) throws {
        let key = try account(number, tokensFrom: stub)
        if name == "revoked" {
            let file = "\(fleet.folder)/\(name).json"
            try key.write(to: URL(fileURLWithPath: file))
            try fleet.admin("POST", "credentials", ["name": name, "reference": "file:\(file)"])
        } else {
            try fleet.admin("POST", "credentials", ["name": name, "value": String(decoding: key, as: UTF8.self)])
        }
        if name == "down" { try set(stub, ["down": true]) }
        try fleet.admin(
            "POST", "providers",
            [
                "name": name, "dialect": "gemini", "base_url": "http://127.0.0.1:\(stub.port)\(place)",
                "credential": name, "credential_kind": "service_account", "path_version": "in_base_url",
            ])
        var targets: [[String: Any]] = [["provider": name, "model": "gpt-4o-mini", "upstream_model_name": "gemini-3"]]
        if name != "down" { targets.append(["provider": "other", "model": "gpt-4o-mini"]) }
        try fleet.addRoute(name, targets, fields: ["retries_max": 0])
    }

    /// One target, with two keys that take turns, of which one is refused.
    private static func addPair(at stub: StubNode, to fleet: TestFleet) throws {
        let unknown = String(decoding: try account(2, tokensFrom: stub), as: UTF8.self)
        try fleet.admin("POST", "credentials", ["name": "unknown", "value": unknown])
        try fleet.admin(
            "POST", "providers",
            [
                "name": "pair", "dialect": "gemini", "base_url": "http://127.0.0.1:\(stub.port)\(place)",
                "credentials": ["unknown", "vertex"], "credential_kind": "service_account",
                "path_version": "in_base_url",
            ])
        try fleet.addRoute(
            "pair", [["provider": "pair", "model": "gpt-4o-mini", "upstream_model_name": "gemini-3"]],
            fields: ["retries_max": 0])
    }

    // MARK: The stubs

    private static func set(_ stub: StubNode, _ change: [String: Bool]) throws {
        let body = Array(try JSONSerialization.data(withJSONObject: change))
        let answer = try HTTPCaller(port: stub.port).send("POST", "/stub/tokens", body: body)
        XCTAssertEqual(answer.status, 200, answer.text)
    }

    private func stub(_ name: String) throws -> StubNode {
        try XCTUnwrap(try fleet().stubs.first { $0.name == name })
    }

    /// How many tokens were given.
    private func tokens(_ stub: StubNode, _ what: String = "granted") throws -> Int {
        try HTTPCaller(port: stub.port).send("GET", "/stub/tokens").json[what] as? Int ?? -1
    }

    private func exchanges(_ credential: String, _ outcome: String) throws -> Double {
        try fleet().data.metric(
            #"weir_token_exchanges_total{credential="\#(credential)",outcome="\#(outcome)"}"#)
    }

    private func key(_ name: String) throws -> String {
        let key = try fleet().makeKey(name).text
        try fleet().waitUntilConfigured()
        return key
    }

    // MARK: Tests

    func testRequestsOfEveryKindCarryATokenToVertexsPaths() throws {
        let fleet = try fleet()
        let key = try key("kinds")
        let caller = fleet.data.caller()
        let count = try caller.send(
            "POST", "/v1beta/models/vertex:countTokens", headers: DialectSpeech.gemini.headers(key: key),
            body: Array(#"{"contents":[{"role":"user","parts":[{"text":"hello"}]}]}"#.utf8))
        let answers: [(String, HTTPAnswer)] = [
            (":generateContent", try caller.chat(key, chatBody("vertex"))),
            (":streamGenerateContent?alt=sse", try caller.chat(key, chatBody("vertex", stream: true))),
            (":generateContent", try DialectSpeech.gemini.send(.init(model: "vertex"), as: key, to: caller)),
            (":countTokens", count),
        ]
        for (action, answer) in answers {
            XCTAssertEqual(answer.status, 200, "\(action): \(answer.text)")
            let id = try XCTUnwrap(answer.header("x-request-id"), action)
            let head = try XCTUnwrap(try stub("vertex").received(id).last, "\(action): \(answer.text)").head
                .lowercased()
            XCTAssertTrue(head.hasPrefix("post \(Self.place)/models/gemini-3\(action.lowercased()) http/1.1\r\n"), head)
            XCTAssertTrue(head.contains("\r\nauthorization: bearer ya29.stub-"), head)
            XCTAssertFalse(head.contains("x-goog-api-key"), head)
        }
        XCTAssertGreaterThanOrEqual(try exchanges("vertex", "granted"), 1)
    }

    func testAProbeCarriesATokenToo() throws {
        let fleet = try fleet()
        try fleet.change("providers", named: "vertex", ["probe": ["interval_seconds": 1, "failures": 100]])
        try waitUntil("it was asked", detail: { fleet.tails }) {
            try fleet.data.metric(#"weir_probes_total{provider="vertex",outcome="answered"}"#) > 0
        }
        try fleet.change("providers", named: "vertex", ["probe": NSNull()])
    }

    func testNobodyNoticesThatTokensExpire() throws {
        let fleet = try fleet()
        let key = try key("expiry")
        let port = fleet.data.port
        let stub = try stub("vertex")
        let before = try tokens(stub)
        let began = ContinuousClock.now
        let failures = FailureList()
        let threads = CallerThreads()
        threads.start(4) { number in
            let caller = HTTPCaller(port: port)
            while threads.goOn {
                do {
                    let answer = try caller.chat(key, chatBody("vertex", stream: number % 2 == 0))
                    guard answer.status == 200, answer.ending == .complete,
                        answer.header("x-weir-target") == "vertex/gpt-4o-mini",
                        answer.header("x-weir-attempts") == "1"
                    else {
                        return failures.add("\(answer.status) \(answer.header("x-weir-target") ?? "") \(answer.text)")
                    }
                    failures.served()
                } catch { return failures.add("\(error)") }
            }
        }
        try waitUntil("four tokens have come one after the other", timeout: .seconds(60), detail: { fleet.tails }) {
            try tokens(stub) >= before + 4 || threads.areDone
        }
        try threads.stop(patience: .seconds(20))
        XCTAssertEqual(failures.all, [])
        XCTAssertEqual(try tokens(stub, "unauthorized"), 0)
        // One at a time, whatever the number of loops and requests: each serves two thirds of its three seconds at least.
        let elapsed = Double((ContinuousClock.now - began).components.seconds) + 1
        XCTAssertLessThanOrEqual(Double(try tokens(stub) - before), elapsed / 2 + 2)
        print(
            "vertex: requests=\(failures.servedCount) failed=\(failures.all.count) tokens=\(try tokens(stub) - before)")
    }

    func testAKeyThatIsRefusedLeadsToTheNextTarget() throws {
        let fleet = try fleet()
        let key = try key("stranger")
        let caller = fleet.data.caller()
        for _ in 1...5 {
            let answer = try caller.chat(key, chatBody("stranger"))
            XCTAssertEqual(answer.status, 200, answer.text)
            XCTAssertEqual(answer.header("x-weir-target"), "other/gpt-4o-mini")
        }
        XCTAssertGreaterThanOrEqual(try exchanges("stranger", "rejected"), 1)
        XCTAssertEqual(try exchanges("stranger", "granted"), 0)
        XCTAssertGreaterThanOrEqual(
            try fleet.data.metric(#"weir_attempts_total{target="stranger/gpt-4o-mini",outcome="credential_rejected"}"#),
            1)
        XCTAssertTrue(fleet.tails.contains("a service account's key is refused"), fleet.tails)
        XCTAssertFalse(fleet.tails.contains("PRIVATE KEY"))
    }

    func testAKeyThatIsRefusedLeadsToTheNextKeyOfTheProvider() throws {
        let fleet = try fleet()
        let key = try key("pair")
        let caller = fleet.data.caller()
        for _ in 1...20 {
            let answer = try caller.chat(key, chatBody("pair"))
            XCTAssertEqual(answer.status, 200, answer.text)
            XCTAssertEqual(answer.header("x-weir-target"), "pair/gpt-4o-mini")
        }
        func attempts(_ credential: String, _ outcome: String) throws -> Double {
            try fleet.data.metric(
                #"weir_credential_attempts_total{credential="\#(credential)",outcome="\#(outcome)"}"#)
        }
        XCTAssertEqual(try attempts("vertex", "answered"), 20)
        // Each thread meets it once, as it is set aside for half a minute.
        XCTAssertTrue((1...2).contains(try attempts("unknown", "credential_rejected")))
    }

    func testAKeyThatIsRevokedLeadsToTheNextTarget() throws {
        let fleet = try fleet()
        let key = try key("revoked")
        let caller = fleet.data.caller()
        XCTAssertEqual(try caller.chat(key, chatBody("revoked")).header("x-weir-target"), "revoked/gpt-4o-mini")
        try Self.set(try stub("revoked"), ["revoked": true])
        let first = try caller.chat(key, chatBody("revoked"))
        XCTAssertEqual([first.header("x-weir-target"), first.header("x-weir-attempts")], ["other/gpt-4o-mini", "2"])
        // It is set aside on both threads: those who come now do not meet it.
        for _ in 1...5 {
            let answer = try fleet.data.caller().chat(key, chatBody("revoked"))
            XCTAssertEqual(answer.status, 200, answer.text)
            XCTAssertEqual(answer.header("x-weir-target"), "other/gpt-4o-mini")
        }
        XCTAssertGreaterThanOrEqual(
            try fleet.data.metric(#"weir_attempts_total{target="revoked/gpt-4o-mini",outcome="credential_rejected"}"#),
            1)
    }

    func testWithoutATokenEndpointTheCallerIsToldAndServedOnceItIsThere() throws {
        let fleet = try fleet()
        let key = try key("down")
        let caller = fleet.data.caller()
        try waitUntil("it was asked", detail: { fleet.tails }) { try exchanges("down", "unavailable") > 0 }
        let refused = try caller.chat(key, chatBody("down"))
        XCTAssertEqual(refused.status, 503, refused.text)
        XCTAssertEqual(refused.errorCode, "credential_unavailable")
        XCTAssertNotNil(refused.header("retry-after"))
        try Self.set(try stub("down"), ["down": false])
        try waitUntil("it brings tokens", timeout: .seconds(60), detail: { fleet.tails }) {
            try exchanges("down", "granted") > 0
        }
        try waitUntil("requests are served", detail: { fleet.tails }) {
            try caller.chat(key, chatBody("down")).status == 200
        }
        XCTAssertTrue(fleet.tails.contains("a service account's key brings tokens again"))
    }
}

/// What went wrong on several threads, and how often nothing did.
private final class FailureList: Sendable {
    private let state = Mutex((all: [String](), served: 0))
    var all: [String] { state.withLock { $0.all } }
    var servedCount: Int { state.withLock { $0.served } }
    func add(_ failure: String) { state.withLock { $0.all.append(failure) } }
    func served() { state.withLock { $0.served += 1 } }
}
