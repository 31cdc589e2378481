import Shared
import XCTest

@testable import DataPlane

final class StoredOwnerTests: XCTestCase {
    private let owner = StoredFixture.owner
    private let stranger = StoredFixture.stranger

    func testTheFirstMarkOfANameIsTheOwners() throws {
        let own = StoredOwner.prefix(of: owner)
        let other = StoredOwner.prefix(of: stranger)
        XCTAssertEqual(own, "weir-abc123xyz789-")
        for name in ["a.jsonl", "", "-", "weir-", other + "a", own + "a", "\u{e9}\u{1f600}"] {
            let read = try XCTUnwrap(StoredOwner.read(fileName: own + name), name)
            XCTAssertEqual(read.owner, owner)
            XCTAssertEqual(read.name, name)
        }
    }

    func testWhatHasNoMarkHasNoOwner() {
        for name in [
            "", "a", "weir-", "weir-abc123xyz789", "weir-abc123xyz78-a", "weir-abc123xyz7890-a", "weir-ABC123xyz789-a",
            "Weir-abc123xyz789-a", " weir-abc123xyz789-a", "weir_abc123xyz789-a", "weir-abc123xyz789_a",
            "weir-abc123xyz78\u{e9}-",
            "we\u{131}r-abc123xyz789-a", "weir\u{2010}abc123xyz789-a", "xweir-abc123xyz789-a",
        ] {
            XCTAssertNil(StoredOwner.read(fileName: name), name)
        }
    }

    // MARK: Metadata

    private let request = ObjectID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0007)
    private let model = ObjectID(high: 2, low: 1)

    func testABatchSaysWhoseItIsAndWhatItComesFrom() throws {
        let whole = StoredOwner.metadata(
            ["a": .string("b"), "c": .string("d")], of: owner, request: request, model: model)
        XCTAssertEqual(
            StoredOwner.read(metadata: .object(whole)), BatchOrigin(owner: owner, requestID: request, modelID: model))
        XCTAssertEqual(StoredOwner.callersMetadata(.object(whole)), try json(#"{"a":"b","c":"d"}"#))
        let none = StoredOwner.metadata([:], of: owner, request: request, model: model)
        XCTAssertEqual(StoredOwner.callersMetadata(.object(none)), .null)
        XCTAssertEqual(none.members.count + StoredOwner.metadataCountMax, 16, "as many pairs as OpenAI takes")
        for member in none.members {
            XCTAssertTrue(StoredOwner.isReserved(member.name))
            XCTAssertLessThanOrEqual(member.value.string?.utf8.count ?? .max, 512)
        }
        // Weir's own come last, so that nobody else's can be in their place.
        let forged = StoredOwner.metadata(
            ["weir_key": .string(stranger.description), "weir_request": .string("x")], of: owner, request: request,
            model: model)
        XCTAssertEqual(StoredOwner.read(metadata: .object(forged))?.owner, owner)
    }

    func testWhatIsNotWholeIsNobodys() throws {
        let whole = StoredOwner.metadata([:], of: owner, request: request, model: model)
        for name in whole.names {
            for value in [
                nil, .null, .number(JSONNumber(7)), .string(""), .string("x"), .string(owner.description + "x"),
                .string("\(request)"), .string("\(request) \(model) \(model)"), .string("\(request)\(model)"),
            ] as [JSONValue?] {
                var broken = whole
                broken[name] = value
                XCTAssertNil(StoredOwner.read(metadata: .object(broken)), "\(name) \(String(describing: value))")
            }
        }
        for metadata in [nil, .null, .array([]), .string("weir_key"), .object([:])] as [JSONValue?] {
            XCTAssertNil(StoredOwner.read(metadata: metadata))
        }
        XCTAssertEqual(StoredOwner.callersMetadata(nil), .null)
        XCTAssertEqual(StoredOwner.callersMetadata(.array([])), .array([]))
        // Look-alikes are others' names, to the provider as to Weir.
        var alike = StoredOwner.metadata([:], of: owner, request: request, model: model)
        alike["weir_key"] = nil
        for name in ["weir_\u{212a}ey", "weir_ke\u{443}", "WEIR_KEY", "weir-key", "weir_key "] {
            alike[name] = .string(owner.description)
            XCTAssertNil(StoredOwner.read(metadata: .object(alike)), name)
        }
    }

    // MARK: The body that makes a batch

    private func read(_ body: String) throws -> BatchRequest {
        try unsafe Array(body.utf8).withUnsafeBytes { unsafe try BatchRequest($0) }
    }

    private func edited(_ body: String) throws -> String {
        let edits = try read(body).edits(inputFileID: "file-\"1", of: owner, request: request, model: model)
        return String(decoding: edits.apply(to: Array(body.utf8)), as: UTF8.self)
    }

    private var mark: String { #""weir_key":"\#(owner)","weir_request":"\#(request) \#(model)""# }

    func testEveryOtherByteOfItStays() throws {
        for (metadata, wanted) in [
            (#","metadata": { "a" : "b\u0020" }"#, #","metadata": {"a":"b ",\#(mark)}"#),
            (#","metadata": null"#, #","metadata": {\#(mark)}"#), (#","metadata":{}"#, #","metadata":{\#(mark)}"#),
        ] {
            let rest = #" "completion_window" : "24h" , "output_expires_after":{"seconds":1.50}, "x":[ ]"#
            XCTAssertEqual(
                try edited(#"{ "input_file_id" : "a" ,"endpoint":"/v1/embeddings",\#(rest)\#(metadata) }"#),
                #"{ "input_file_id" : "file-\"1" ,"endpoint":"/v1/embeddings",\#(rest)\#(wanted) }"#)
        }
        XCTAssertEqual(
            try edited(#"{"endpoint":"/v1/responses","input_file_id":"a"}"#),
            #"{"metadata":{\#(mark)},"endpoint":"/v1/responses","input_file_id":"file-\"1"}"#)
        XCTAssertEqual(
            try edited(#"{"endpo\u0069nt":"\/v1\/moderations","metadat\u0061":{},"input_file_id":"a"}"#),
            #"{"endpo\u0069nt":"\/v1\/moderations","metadat\u0061":{\#(mark)},"input_file_id":"file-\"1"}"#,
            "names may be written in other ways")
    }

    func testWhatItNamesIsRead() throws {
        for endpoint in BatchEndpoint.all {
            let request = try read(#"{"input_file_id":"fil\u0065","endpoint":"\#(endpoint.path)"}"#)
            XCTAssertEqual(request.inputFileID, "file")
            XCTAssertEqual(request.lines, endpoint)
        }
        XCTAssertEqual(BatchEndpoint.all.filter { $0.dialect == .responses }.map(\.path), ["/v1/responses"])
    }

    func testWhatCannotBeUsedIsToldByItsField() throws {
        func body(_ metadata: String) -> String {
            #"{"input_file_id":"a","endpoint":"/v1/embeddings","metadata":\#(metadata)}"#
        }
        func pairs(_ count: Int) -> String {
            "{" + (0..<count).map { #""k\#($0)":"v""# }.joined(separator: ",") + "}"
        }
        XCTAssertNoThrow(try read(body(pairs(StoredOwner.metadataCountMax))))
        XCTAssertNoThrow(try read(body(#"{"weirkey":"a","Weir_key":"b","xweir_":"c"}"#)))
        for (text, code, param) in [
            ("{", "invalid_json", nil), ("[]", "invalid_json", nil), ("", "invalid_json", nil),
            (#"{"endpoint":"/v1/embeddings"}"#, "invalid_value", "input_file_id"),
            (#"{"input_file_id":7,"endpoint":"/v1/embeddings"}"#, "invalid_type", "input_file_id"),
            (#"{"input_file_id":null,"endpoint":"/v1/embeddings"}"#, "invalid_type", "input_file_id"),
            (
                #"{"input_file_id":"a","input_file_id":"b","endpoint":"/v1/embeddings"}"#, "duplicate_parameter",
                "input_file_id"
            ),
            (#"{"input_file_id":"a"}"#, "invalid_value", "endpoint"),
            (#"{"input_file_id":"a","endpoint":7}"#, "invalid_value", "endpoint"),
            (#"{"input_file_id":"a","endpoint":"/v1/files"}"#, "invalid_value", "endpoint"),
            (
                #"{"input_file_id":"a","endpoint":"/v1/embeddings","endpoint":"/v1/responses"}"#, "duplicate_parameter",
                "endpoint"
            ),
            (
                #"{"input_file_id":"a","endpoint":"/v1/embeddings","\u0065ndpoint":"/v1/responses"}"#,
                "duplicate_parameter", "endpoint"
            ),
            (
                #"{"input_file_id":"a","endpoint":"/v1/embeddings","metadata":{},"metad\u0061ta":{}}"#,
                "duplicate_parameter", "metadata"
            ),
            (body("[]"), "invalid_type", "metadata"), (body("7"), "invalid_type", "metadata"),
            (body(pairs(StoredOwner.metadataCountMax + 1)), "invalid_value", "metadata"),
            (body(#"{"weir_key":"000000000000"}"#), "invalid_value", "metadata"),
            (body(#"{"weir\u005fkey":"000000000000"}"#), "invalid_value", "metadata"),
            (body(#"{"\u0077eir_":"a"}"#), "invalid_value", "metadata"),
            (body(#"{"a":"b","a":"c"}"#), "invalid_json", nil),
        ] as [(String, String, String?)] {
            let told = refusal { try read(text) }
            XCTAssertEqual(told?.status, 400, text)
            XCTAssertEqual(told?.code.description, code, text)
            XCTAssertEqual(told?.param, param, text)
        }
    }
}
