import Shared
import XCTest

@testable import ControlPlane

final class SchemaTests: XCTestCase {
    private func problems(_ shape: ObjectShape, _ json: String, creating: Bool = true) throws -> [String: String] {
        let value = try JSONValue(parsing: Array(json.utf8))
        let found = shape.problems(in: value, creating: creating)
        return Dictionary(found.map { ($0.path, $0.message) }, uniquingKeysWith: { "\($0); \($1)" })
    }

    func testEveryProblemIsFoundAtOnce() throws {
        let found = try problems(
            Route.shape,
            #"{"name": "a b", "strategy": "fastest", "targets": [{"provider": 5, "weight": 0}], "colour": "red", "revision": 3}"#
        )
        XCTAssertEqual(
            Set(found.keys),
            ["name", "strategy", "targets[0].provider", "targets[0].model", "targets[0].weight", "colour", "revision"])
        XCTAssertEqual(
            found["strategy"],
            "got \"fastest\", want one of priority, weighted, least_latency, least_busy, lowest_cost, headroom, sticky")
        XCTAssertEqual(found["targets[0].weight"], "got 0, want an integer 1...1000000")
        XCTAssertEqual(found["revision"], "is set by Weir; leave the field out")
        XCTAssertTrue(try XCTUnwrap(found["colour"]).contains("known are"))
    }

    func testEachChoiceIsNamedOnceAndAtLeastOne() throws {
        let some = Schema(.choices(["a", "b"]))
        func problems(_ json: String) throws -> [FieldProblem] {
            some.problems(in: try JSONValue(parsing: Array(json.utf8)))
        }
        for taken in [#"["a"]"#, #"["b", "a"]"#] { XCTAssertEqual(try problems(taken), [], taken) }
        XCTAssertEqual(try problems("[]").map(\.message), ["got 0 elements, want some of a, b"])
        XCTAssertEqual(try problems(#"["a", "c"]"#).map(\.path), ["[1]"])
        XCTAssertEqual(
            try problems(#"["b", "b"]"#), [FieldProblem(path: "[1]", message: #"got "b" again; name each once"#)])
        let many = "[\(Array(repeating: #""a""#, count: 1000).joined(separator: ","))]"
        XCTAssertEqual(try problems(many).map(\.path), ["[1]", "[2]"], "nobody is helped by a thousand")
        XCTAssertEqual(try problems(#""a""#).map(\.message), ["got a string, want an array"])
    }

    func testAFieldNameIsATokenAndNoneThatProvesOrFrames() {
        for name in ["x-session", "X-Session", "a", "!#$%&'*+.^_`|~", String(repeating: "h", count: 64)] {
            XCTAssertTrue(TextFormat.fieldName.accepts(name), name)
        }
        for name in [
            "", "x session", "x:", "x\r\n", "ä", "x\u{0}", String(repeating: "h", count: 65), "authorization",
            "Authorization", "COOKIE", "X-Api-Key", "Host", "Content-Length",
        ] { XCTAssertFalse(TextFormat.fieldName.accepts(name), name) }
    }

    func testSomeOfAFewMayBeNoneWhereTheSchemaSaysSo() throws {
        let any = Schema(.choices(["a", "b"], countMin: 0))
        XCTAssertEqual(any.problems(in: .array([])), [])
        XCTAssertEqual(any.problems(in: .strings(["b", "b"])).map(\.path), ["[1]"])
    }

    func testACredentialMayStandInAnyFieldThatFramesNothing() {
        for name in [
            "api-key", "API-Key", "authorization", "x-api-key", "cookie", "a", String(repeating: "h", count: 64),
        ] { XCTAssertTrue(TextFormat.credentialField.accepts(name), name) }
        for name in [
            "", "api key", "a:", "a\r\n", "ä", String(repeating: "h", count: 65), "host", "Host", "content-length",
            "Content-Type", "content-x", "connection", "keep-alive", "proxy-connection", "proxy-authorization",
            "proxy-authenticate", "TE", "trailer", "transfer-encoding", "upgrade", "expect", "http2-settings",
        ] { XCTAssertFalse(TextFormat.credentialField.accepts(name), name) }
    }

    func testAQueryIsPairsAsTheyStandInAURL() {
        for query in [
            "api-version=2024-10-21", "a=b&c=d", "a=", "a=b=c", "a=%2fx%2F", "a=!$'()*+,;:@/~._-",
            "a=" + String(repeating: "b", count: 254),
        ] { XCTAssertTrue(TextFormat.query.accepts(query), query) }
        for query in [
            "", "a", "=b", "?a=b", "a=b?c", "&a=b", "a=b&", "a=b&&c=d", "a=b c", "a=#", "a=ä", "a=%", "a=%2",
            "a=%2&b=c",
            "a=%gg", "a=\"", "a=<", "a=\n", "a=[b]", "a=" + String(repeating: "b", count: 255),
        ] { XCTAssertFalse(TextFormat.query.accepts(query), query) }
    }

    func testARegionCanBePartOfAHostsName() {
        for region in ["us-east-1", "a", "1", String(repeating: "r", count: 32)] {
            XCTAssertTrue(TextFormat.region.accepts(region), region)
        }
        for region in [
            "", "US-EAST-1", "us_east", "us.east", "-a", "a-", "a b", "ä", String(repeating: "r", count: 33),
        ] {
            XCTAssertFalse(TextFormat.region.accepts(region), region)
        }
    }

    func testAMissingFieldIsNamedWithWhatIsWanted() throws {
        XCTAssertEqual(
            try problems(Team.shape, #"{"name": "x"}"#),
            ["organization": "is missing; want the ID or the name of an existing object"])
        XCTAssertEqual(
            try problems(Route.shape, #"{"name": "x", "targets": []}"#), ["targets": "got 0 elements, want 1...32"])
    }

    func testAChangeNeedsNothingAndRefusesWhatIsFixed() throws {
        XCTAssertEqual(try problems(Team.shape, "{}", creating: false), [:])
        XCTAssertEqual(
            try problems(Team.shape, #"{"organization": "other"}"#, creating: false),
            ["organization": "cannot be changed after creation; leave the field out"])
    }

    func testNullIsTakenOnlyWhereItMeansSomething() throws {
        XCTAssertEqual(try problems(VirtualKey.shape, #"{"expires_at": null}"#, creating: false), [:])
        XCTAssertEqual(
            try problems(VirtualKey.shape, #"{"name": null}"#, creating: false),
            ["name": "must not be null; leave the field out"])
    }

    func testABodyThatIsNoObjectIsOneProblem() throws {
        XCTAssertEqual(try problems(Team.shape, "[1]"), ["": "got an array, want an object"])
    }

    func testNumbersAreWholeAndInRange() throws {
        for bad in ["0", "1.5", "1e3", "-1", "86400001", "99999999999999999999", "\"5\"", "true"] {
            let found = try problems(Provider.shape, #"{"connect_timeout_ms": \#(bad)}"#, creating: false)
            XCTAssertEqual(Array(found.keys), ["connect_timeout_ms"], bad)
        }
        XCTAssertEqual(try problems(Provider.shape, #"{"connect_timeout_ms": 86400000}"#, creating: false), [:])
    }

    func testTagsAreFewAndShort() throws {
        let many = (0...32).map { "\"t\($0)\": \"x\"" }.joined(separator: ",")
        XCTAssertEqual(
            try problems(VirtualKey.shape, "{\"tags\": {\(many)}}", creating: false)["tags"],
            "got 33 fields, want at most 32")
        XCTAssertEqual(
            try problems(VirtualKey.shape, #"{"tags": {"a": 1}}"#, creating: false)["tags.a"],
            "got a number, want 1...200 bytes of text without control characters")
    }

    func testMetadataIsBoundedAndStorable() throws {
        let big = String(repeating: "x", count: 16_384)
        XCTAssertNotNil(try problems(Team.shape, #"{"metadata": {"a": "\#(big)"}}"#, creating: false)["metadata"])
        XCTAssertNotNil(try problems(Team.shape, #"{"metadata": {"a": ["\u0000"]}}"#, creating: false)["metadata"])
        XCTAssertEqual(try problems(Team.shape, #"{"metadata": {"a": [1, {"b": null}]}}"#, creating: false), [:])
    }

    func testTextFormats() {
        func check(_ format: TextFormat, good: [String], bad: [String], line: UInt = #line) {
            for text in good { XCTAssertTrue(format.accepts(text), text, line: line) }
            for text in bad { XCTAssertFalse(format.accepts(text), text, line: line) }
        }
        check(
            .baseURL,
            good: [
                "https://api.openai.com/v1", "http://127.0.0.1:9000", "http://host_1.svc/", "http://[::1]:80/v1",
                "https://a",
            ],
            bad: [
                "", "api.openai.com", "ftp://a", "https://", "https:///v1", "https://a b", "https://u:p@a",
                "https://a?x=1",
                "https://a#f", "https://a:0", "https://a:70000", "https://a:b", "http://[::1", "http://[x]/",
                "HTTPS://a", "https://ä",
            ])
        check(
            .secretReference, good: ["env:OPENAI_API_KEY", "env:_a1", "file:/run/secrets/key"],
            bad: ["env:", "env:1A", "env:A-B", "file:relative", "file:/", "vault:x", "OPENAI_API_KEY", "env:A\n"])
        check(
            .modelName, good: ["gpt-4o", "meta-llama/Llama-3.1:free", "ü"],
            bad: ["", "a b", "a\t", "\u{7f}", ObjectID.zero.description])
        check(
            .name, good: ["a b"],
            bad: ["", " a", "a ", "a\nb", ObjectID.zero.description, String(repeating: "x", count: 201)])
        check(
            .network, good: ["10.0.0.0/8", "2001:db8::/32", "10.1.2.3"], bad: ["10.0.0.1/8", "10.0.0.0/33", "x", ""])
        check(
            .dateTime, good: ["2026-01-31T00:00:00Z", "2026-01-31T00:00:00.5+02:00"],
            bad: ["yesterday", "2026-02-30T00:00:00Z"])
        check(
            .secret,
            good: [
                "sk-abc", "{", "{}", "{\n  \"private_key\": \"a b\\n\"\n}\n",
                #"{"a":"\#(String(repeating: "x", count: 9_000))"}"#,
            ],
            bad: [
                "", "a b", "a\n", "ä", String(repeating: "x", count: 4097), "{ ", "[1, 2]", "{\"a\": 1} x",
                #"{"a":"\#(String(repeating: "x", count: 16_384))"}"#,
            ])
    }
}
