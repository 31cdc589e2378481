import Shared
import XCTest

@testable import DataPlane

/// A request as conditions see it.
struct FactsFixture {
    var head = ""
    var body = #"{"model":"chat","messages":[{"role":"user","content":"Hello"}]}"#
    var endpoint = Endpoint.chatCompletions
    var keyID = VirtualKeyID("abc123xyz789")!
    var teamID = ObjectID.zero
    var tags = ""
    var requestID = ObjectID(high: 1, low: 2)
    /// Thursday, 1 January 1970, 12:30 UTC.
    var nowUnixSeconds: Int64 = 45_000

    /// A chat whose last message of the user is this.
    init(user text: String, _ change: (inout FactsFixture) -> Void = { _ in }) {
        var writer = JSONWriter()
        writer.string(text)
        body =
            #"{"model":"chat","messages":[{"role":"user","content":"first"},{"role":"assistant","content":"second"},"#
            + #"{"role":"user","content":"# + String(decoding: writer.bytes, as: UTF8.self) + "}]}"
        change(&self)
    }

    init(_ change: (inout FactsFixture) -> Void = { _ in }) { change(&self) }

    func with<Result>(_ check: (inout RequestFacts) throws -> Result) throws -> Result {
        var entry = SnapshotForge.entry(0xab)
        entry.keyID = keyID
        entry.teamID = teamID
        entry.tagsJSON = Array(tags.utf8)
        let shard = try KeyShard(validating: KeyShard.encode(shard: 0xab, entries: [entry]), shard: 0xab)
        let caller = Caller(key: try XCTUnwrap(shard.find(entry.secretSHA256)))
        let bytes = Array("POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\n\(head)\r\n".utf8)
        return try unsafe bytes.withUnsafeBytes { headBytes in
            let parsed = HTTPHead()
            XCTAssertTrue(try unsafe parsed.parseRequest(headBytes, headBytesMax: 8_192))
            return try unsafe Array(body.utf8).withUnsafeBytes { bodyBytes in
                let request = try unsafe RequestParser.parse(bodyBytes, endpoint: endpoint)
                var facts = unsafe RequestFacts(
                    request, of: caller, head: parsed, headBytes: headBytes, body: bodyBytes, requestID: requestID,
                    nowUnixSeconds: nowUnixSeconds, texts: TextScratch())
                return try check(&facts)
            }
        }
    }

    func holds(_ condition: PolicyDocument.Condition, rule: String = "rule") throws -> Bool {
        let made = try XCTUnwrap(
            [RouteCondition](condition, routeID: ObjectID(high: 3, low: 1), rule: rule), "it compiles")
        return try with { made.allHold(&$0) }
    }

    func holds(_ set: (inout PolicyDocument.Condition) -> Void) throws -> Bool { try holds(.init(set)) }
}
