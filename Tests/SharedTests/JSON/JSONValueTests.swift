@testable import Shared
import XCTest

final class JSONWriterTests: XCTestCase {
    private func text(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        body(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    func testCommasStandBetweenAndNowhereElse() {
        XCTAssertEqual(
            text { writer in
                writer.object { writer in
                    writer.member("a", 1)
                    writer.member("b", "x")
                    writer.name("c")
                    writer.array { writer in
                        writer.integer(-1)
                        writer.object { _ in }
                        writer.array { _ in }
                        writer.null()
                        writer.number(0.5)
                    }
                    writer.member("d", true)
                    writer.name("e")
                    writer.raw(#"{"raw":1}"#)
                }
            }, #"{"a":1,"b":"x","c":[-1,{},[],null,0.5],"d":true,"e":{"raw":1}}"#)
    }

    func testStringsAreEscaped() {
        XCTAssertEqual(text { $0.string("a\"\\/\n\r\t\u{1}\u{1f}é😀") }, #""a\"\\/\n\r\t\u0001\u001fé😀""#)
    }

    func testIntegersAtTheEndsOfTheirRange() {
        XCTAssertEqual(text { $0.integer(Int64.min) }, "-9223372036854775808")
        XCTAssertEqual(text { $0.integer(UInt64.max) }, "18446744073709551615")
        XCTAssertEqual(text { $0.integer(0) }, "0")
        XCTAssertEqual(text { $0.number(.infinity) }, "null")
    }
}

final class JSONValueTests: XCTestCase {
    private func parse(_ text: String) throws(JSONError) -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

    func testATreeWritesTheTextItWasReadFrom() throws {
        for text in [
            #"{"b":1,"a":[true,false,null,"é\n",-0.50,1E400,123456789012345678901234567890,{}],"c":{"d":[]}}"#, "[]",
            "0",
            #""""#,
        ] { XCTAssertEqual(String(decoding: try parse(text).bytes, as: UTF8.self), text) }
    }

    func testWhatIsDoubtfulIsAnErrorOrAllowed() throws {
        let twice = #"{"a":1,"b":2,"a":3}"#
        XCTAssertThrowsError(try parse(twice))
        let lenient = try JSONValue(parsing: Array(twice.utf8), allowing: .duplicateFields)
        XCTAssertEqual(String(decoding: lenient.bytes, as: UTF8.self), #"{"a":3,"b":2}"#)
        let half = #"["a\ud83d","\ude00\ud83d\ude00"]"#
        XCTAssertThrowsError(try parse(half))
        XCTAssertEqual(
            try JSONValue(parsing: Array(half.utf8), allowing: .loneSurrogates),
            .array([.string("a\u{fffd}"), .string("\u{fffd}😀")]))
    }

    func testMembersKeepTheirOrderAndAreFoundInLargeObjects() throws {
        let text = "{" + (0..<40).map { "\"k\($0)\":\($0)" }.joined(separator: ",") + "}"
        var object = try parse(text).object!
        XCTAssertEqual(object.names, (0..<40).map { "k\($0)" })
        for index in 0..<40 { XCTAssertEqual(object["k\(index)"]?.number?.int64, Int64(index)) }
        object["k3"] = nil
        object["k50"] = .null
        object["k4"] = .boolean(true)
        XCTAssertNil(object["k3"])
        XCTAssertEqual(object["k4"], .boolean(true))
        XCTAssertEqual(object["k39"]?.number?.int64, 39)
        XCTAssertEqual(object.names.last, "k50")
        for index in 5..<40 { object["k\(index)"] = nil }
        XCTAssertEqual(object.names, ["k0", "k1", "k2", "k4", "k50"])
        XCTAssertEqual(object["k2"]?.number?.int64, 2)
    }

    func testDuplicatesAndHalfCharactersAreRefused() {
        XCTAssertThrowsError(try parse(#"{"a":1, "\u0061":2}"#)) {
            XCTAssertEqual($0 as? JSONError, JSONError(.duplicateField("a"), at: 8))
        }
        XCTAssertThrowsError(try parse(#"["\ud800"]"#)) {
            XCTAssertEqual($0 as? JSONError, JSONError(.loneSurrogate, at: 1))
        }
        XCTAssertThrowsError(try parse("[1,]"))
        XCTAssertThrowsError(try parse(String(repeating: "[", count: 200)))
    }

    func testANameIsKnownAgainHoweverItIsSpelled() throws {
        for text in [
            #"{"ab":1,"\u0061b":2}"#, #"{"\u0061b":1,"ab":2}"#, #"{"x":0,"é":1,"é":2}"#, #"{"":1,"a":2,"":3}"#,
            "{" + (0..<40).map { "\"k\($0)\":0," }.joined() + #""k7":1}"#,
        ] {
            XCTAssertThrowsError(try parse(text), text)
            let lenient = try JSONValue(parsing: Array(text.utf8), allowing: .all)
            XCTAssertEqual(Set(lenient.object!.names).count, lenient.object!.members.count, text)
        }
        // As many as the names that may be taken for each other by their ends and lengths.
        let alike = (0..<30).map { "a\($0 + 10)z" }
        let object = try parse("{" + alike.map { "\"\($0)\":\"\($0)\"" }.joined(separator: ",") + "}")
        for name in alike { XCTAssertEqual(object[name]?.string, name) }
    }

    /// As long as that took the square of their number, these took minutes.
    func testAnObjectMayHaveVeryManyMembers() throws {
        let names = (0..<50_000).map { "member \($0)" }
        let text = "{" + names.map { "\"\($0)\":0" }.joined(separator: ",")
        XCTAssertEqual(try parse(text + "}").object?.names, names)
        let twice = Array((text + #","member 49999":1,"member 7":2}"#).utf8)
        XCTAssertThrowsError(try JSONValue(parsing: twice))
        let lenient = try JSONValue(parsing: twice, allowing: .duplicateFields)
        XCTAssertEqual(lenient.object?.names, names)
        XCTAssertEqual(lenient["member 7"], .number(JSONNumber(2)))
    }

    func testNumbersAreExact() throws {
        XCTAssertEqual(try parse("9223372036854775807").number?.int64, .max)
        XCTAssertEqual(try parse("18446744073709551615").number?.integer(as: UInt64.self), .max)
        XCTAssertNil(try parse("1.0").number?.int64)
        XCTAssertEqual(try parse("1.5e2").number?.double, 150)
        XCTAssertNil(try parse("1e400").number?.double)
    }

    func testCanonicalJSONSortsAndLeavesOutNil() {
        struct Sample: Encodable {
            var b = "a/b"
            var a: Int? = nil
            var c = ["z": 1, "y": 2]
            var aa = true
        }
        XCTAssertEqual(
            String(decoding: CanonicalJSON.encode(Sample()), as: UTF8.self), #"{"aa":true,"b":"a/b","c":{"y":2,"z":1}}"#
        )
    }
}

final class StrictJSONDecoderTests: XCTestCase {
    private struct Route: Codable, Equatable {
        enum Strategy: String, Codable, CaseIterable { case priority, weighted }
        struct Target: Codable, Equatable {
            var name: String
            var weight: Int
            var small: UInt8?
        }
        var id: ObjectID?
        var strategy: Strategy
        var targets: [Target]
        var labels: [String: Int]?
        var isOn: Bool
        var note: String?
    }

    private func decode(_ text: String) throws(StrictDecodingError) -> Route {
        try StrictJSONDecoder.decode(from: Array(text.utf8))
    }

    private func problems(_ text: String, file: StaticString = #filePath, line: UInt = #line) -> [String] {
        do throws(StrictDecodingError) {
            let route = try decode(text)
            XCTFail("\(route)", file: file, line: line)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    func testAWholeDocumentIsDecoded() throws {
        let route = try decode(
            """
            {"id":"01941f29-7c00-7000-8000-000000000000","strategy":"weighted","targets":[{"name":"a","weight":1},
             {"name":"b","weight":2,"small":255}],"labels":{"x":1,"y":2},"isOn":true,"note":null}
            """)
        XCTAssertEqual(route.targets.map(\.weight), [1, 2])
        XCTAssertEqual(route.labels, ["x": 1, "y": 2])
        XCTAssertNil(route.note)
        XCTAssertEqual(try StrictJSONDecoder.decode(from: CanonicalJSON.encode(route)), route)
    }

    func testAllProblemsOfADocumentAreCollected() {
        XCTAssertEqual(
            problems(
                """
                {"strategy":"priority","targets":[{"name":1,"weight":"5"},{"name":"b","weight":1.5,"small":300,"wieght":2}],
                 "isOn":1,"note":[],"lables":{}}
                """),
            [
                "targets[0].name: want a string, got 1", "targets[0].weight: want an integer, got \"5\"",
                "targets[1].weight: want an integer, got 1.5", "targets[1].small: want an integer 0...255, got 300",
                "targets[1].wieght: unknown field", "isOn: want true or false, got 1",
                "note: want a string, got an array",
                "lables: unknown field; did you mean \"labels\"?",
            ])
    }

    func testMissingFieldsAreNamedWithWhatResemblesThem() {
        XCTAssertEqual(
            problems(#"{"strategy":"priority","targets":[{"name":"a","wieght":1}],"isOn":true}"#),
            [
                "targets[0].weight: missing, want an integer; there is a \"wieght\"",
                "targets[0].wieght: unknown field; did you mean \"weight\"?",
            ])
        XCTAssertEqual(problems(#"{"stratgy":"priority"}"#), ["strategy: missing; there is a \"stratgy\""])
        XCTAssertEqual(problems("{}"), ["strategy: missing"])
    }

    func testAValueThatATypeRefusesIsShownWithWhatItWants() {
        XCTAssertEqual(
            problems(#"{"id":"x","strategy":"fastest","targets":[],"isOn":true}"#),
            ["id: want a UUID, got \"x\"", "strategy: want one of \"priority\", \"weighted\", got \"fastest\""])
        XCTAssertEqual(
            problems(#"{"strategy":7,"targets":[],"isOn":true}"#),
            ["strategy: want one of \"priority\", \"weighted\", got 7"])
    }

    func testElementsBehindABadOneAreLookedAtToo() {
        struct List: Codable { var ids: [ObjectID] }
        XCTAssertThrowsError(try StrictJSONDecoder.decode(List.self, from: Array(#"{"ids":["x",1,null]}"#.utf8))) {
            XCTAssertEqual(
                ($0 as? StrictDecodingError)?.problems.map(\.description),
                [
                    "ids[0]: want a UUID, got \"x\"", "ids[1]: want a string, got 1", "ids[2]: want a string, got null",
                ])
        }
    }

    func testContainersOfTheWrongKindAreNamed() {
        XCTAssertEqual(problems("[]"), ["want an object, got an array"])
        XCTAssertEqual(
            problems(#"{"strategy":"priority","targets":{},"isOn":true}"#), ["targets: want an array, got an object"])
        XCTAssertEqual(
            problems(#"{"strategy":"priority","targets":[5],"isOn":true}"#), ["targets[0]: want an object, got 5"])
    }

    func testDuplicateFieldsAndBadTextsAreRefused() {
        XCTAssertEqual(problems(#"{"isOn":true,"isOn":false}"#), ["duplicate field \"isOn\" at byte 13"])
        XCTAssertThrowsError(try decode("{")) {
            XCTAssertEqual(
                $0 as? StrictDecodingError, .notJSON("the JSON ends unexpectedly at byte 1", offset: 1))
        }
    }

    func testWireTypesSurviveTheStrictRoundTrip() throws {
        let policy = PolicyDocument(
            providers: [.init(id: .random(), name: "stub", baseURL: "http://127.0.0.1:9000/v1")], credentials: [],
            models: [
                .init(
                    id: .random(), name: "m", kind: .chat,
                    prices: [
                        .init(
                            id: .random(), effectiveFromUnixSeconds: 0,
                            lines: PriceLines(inputPicodollarsPerToken: 1, outputPicodollarsPerToken: 2))
                    ])
            ],
            routes: [
                .init(
                    id: .random(), name: "r", strategy: .weighted,
                    targets: [.init(providerID: .random(), modelID: .random())],
                    createdUnixSeconds: 1)
            ])
        let bytes = CanonicalJSON.encode(policy)
        XCTAssertEqual(try StrictJSONDecoder.decode(PolicyDocument.self, from: bytes), policy)
        var tree = try JSONValue(parsing: bytes).object!
        tree["formatt"] = .null
        XCTAssertThrowsError(try StrictJSONDecoder.decode(PolicyDocument.self, from: .object(tree))) {
            XCTAssertEqual(
                ($0 as? StrictDecodingError)?.problems.map(\.description), ["formatt: unknown field"])
        }
        let manifest = Manifest(
            fleet: "f", version: .max, createdUnixMilliseconds: 1, expiresUnixMilliseconds: 2, previousSHA256: nil,
            blobs: [.init(name: "policy", sha256: SHA256.digest([]).hex, bytes: 0)])
        XCTAssertEqual(try StrictJSONDecoder.decode(Manifest.self, from: CanonicalJSON.encode(manifest)), manifest)
    }
}

final class SpellingTests: XCTestCase {
    func testTheNearestNameIsASlipAway() {
        let names = ["listenPort", "listenHost", "workers"]
        XCTAssertEqual(Spelling.nearest(to: "listenport", among: names), "listenPort")
        XCTAssertEqual(Spelling.nearest(to: "listen_prot", among: names), "listenPort")
        XCTAssertEqual(Spelling.nearest(to: "worker", among: names), "workers")
        XCTAssertNil(Spelling.nearest(to: "threads", among: names))
        XCTAssertNil(Spelling.nearest(to: "", among: names))
    }
}
