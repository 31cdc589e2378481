import Shared
import XCTest

@testable import DataPlane

/// What becomes of a provider's answer about what it keeps.
final class StoredRequestTests: XCTestCase {
    private let owner = StoredFixture.owner
    private let stranger = StoredFixture.stranger
    private let prefix = StoredOwner.prefix(of: StoredFixture.owner)

    private func answer(
        _ request: StoredRequest, _ text: String, _ fixture: StoredFixture, isWhole: Bool = true,
        fields: ByteBuffer = ByteBuffer(), credential place: Int = 0
    ) throws -> (isComplete: Bool, shown: JSONValue) {
        let bytes = ByteBuffer(Array(text.utf8))
        let isComplete = try request.take(
            bytes, isWhole: isWhole, fields, from: fixture.target, under: fixture.credential(place))
        return (isComplete, (try? JSONValue(parsing: bytes.array)) ?? .null)
    }

    private func known(_ id: String, _ fixture: StoredFixture, credential place: Int = 0) -> String {
        StoredIdentity(id, of: owner, at: fixture.target, under: fixture.credential(place)).text
    }

    private func file(_ id: String, _ name: String) -> String { #"{"id":"\#(id)","filename":"\#(name)"}"# }

    // MARK: One object

    func testAFileIsShownUnderTheNamesOfItsOwner() throws {
        let fixture = try StoredFixture()
        let request = try fixture.stored(.files, .upload)
        let text = #"{"id":"file-1","bytes":7,"filename":"\#(prefix)a \"b\".jsonl","status":"processed","x":[1.50]}"#
        let shown = try answer(request, text, fixture).shown
        XCTAssertEqual(
            String(decoding: shown.bytes, as: UTF8.self),
            #"{"id":"\#(known("file-1", fixture))","bytes":7,"filename":"a \"b\".jsonl","status":"processed","x":[1.50]}"#
        )
    }

    func testABatchIsShownUnderTheNamesOfItsOwner() throws {
        let fixture = try StoredFixture()
        let request = try fixture.stored(.batches, .retrieve, id: "batch_1")
        let own = StoredOwner.metadata(
            ["a": .string("b")], of: owner, request: .zero, model: StoredFixture.modelID(1))
        let metadata = String(decoding: JSONValue.object(own).bytes, as: UTF8.self)
        let batch =
            #"{"id":"batch_1","input_file_id":"file-1","output_file_id":null,"error_file_id":"","metadata":\#(metadata),"#
            + #""errors":{"data":[{"input_file_id":"file-1"}]}}"#
        let shown = try answer(request, batch, fixture).shown
        XCTAssertEqual(shown["id"]?.string, known("batch_1", fixture))
        XCTAssertEqual(shown["input_file_id"]?.string, known("file-1", fixture))
        XCTAssertEqual(shown["output_file_id"], .null)
        XCTAssertEqual(shown["error_file_id"]?.string, "")
        XCTAssertEqual(
            shown["errors"], try json(#"{"data":[{"input_file_id":"file-1"}]}"#), "that is as the provider said it")
        XCTAssertEqual(shown["metadata"], try json(#"{"a":"b"}"#))
    }

    /// Whose identity could not be proved is told by the object; and a file that a batch made says nothing.
    func testWhatIsNotProvedHasToSayItself() throws {
        let fixture = try StoredFixture()
        for (name, isOwn) in [
            (prefix + "a", true), ("a", false), (StoredOwner.prefix(of: stranger) + prefix + "a", false), ("", false),
        ] {
            let request = try fixture.stored(.files, .retrieve, id: "file-1")
            request.isUnproven = true
            if isOwn {
                XCTAssertTrue(try answer(request, file("file-1", name), fixture).isComplete)
            } else {
                let told = refusal { try answer(request, file("file-1", name), fixture) }
                XCTAssertEqual(told?.status, 404)
                XCTAssertEqual(told, request.absence.map { GatewayError($0) }, "the same as of what is not there")
            }
        }
        let request = try fixture.stored(.batches, .retrieve, id: "batch_1")
        request.isUnproven = true
        for metadata in [#"{}"#, "null", #"{"weir_key":"000000000000","weir_request":"x"}"#] {
            XCTAssertEqual(
                refusal { try answer(request, #"{"id":"batch_1","metadata":\#(metadata)}"#, fixture) }?.status, 404)
        }
    }

    func testWhatIsNoObjectReachesNobody() throws {
        let fixture = try StoredFixture()
        for text in ["", "[]", "null", "<html>", #"{"id":"a"} x"#, #"{"id":"#] {
            for action in [StoredCall.Action.upload, .retrieve, .create, .cancel, .delete] {
                let request = try fixture.stored(action == .upload ? .files : .batches, action, id: "a")
                XCTAssertEqual(refusal { try answer(request, text, fixture) }?.code.description, "upstream_malformed")
            }
        }
        let request = try fixture.stored(.batches, .create)
        XCTAssertEqual(
            refusal { try answer(request, "{}", fixture, isWhole: false) }?.code.description,
            "upstream_answer_too_large")
    }

    func testContentPassesAndItsNameIsTheOwners() throws {
        let fixture = try StoredFixture()
        let request = try fixture.stored(.files, .content, id: "file-1")
        let fields = ByteBuffer(
            Array(
                "content-disposition: attachment; filename=\"\(prefix)a\"; filename*=UTF-8''\(prefix)a\r\nx: y\r\n".utf8
            ))
        let bytes = ByteBuffer(Array("weir- \(prefix)".utf8))
        XCTAssertTrue(
            try request.take(bytes, isWhole: false, fields, from: fixture.target, under: fixture.credential()))
        XCTAssertEqual(bytes.array, Array("weir- \(prefix)".utf8))
        XCTAssertEqual(
            String(decoding: fields.array, as: UTF8.self),
            "content-disposition: attachment; filename=\"a\"; filename*=UTF-8''a\r\nx: y\r\n")
    }

    // MARK: Lists

    private func list(
        _ collection: Endpoint, _ fixture: StoredFixture, limit: Int = 3
    ) throws -> StoredRequest {
        let request = try fixture.stored(collection, .list)
        request.list = StoredList(StoredList.Query(limit: limit), of: collection, credentialPlace: 0)
        return request
    }

    func testAListHasWhatBelongsToTheKeyAndNothingElse() throws {
        let fixture = try StoredFixture()
        let request = try list(.files, fixture)
        let page =
            #"{"object":"list","data":[\#(file("file-1", StoredOwner.prefix(of: stranger) + "a")),\#(file("file-2", prefix + "b")),"#
            + #"{"id":"file-3"},7,\#(file("file-4", "batch_output.jsonl"))],"has_more":true}"#
        XCTAssertFalse(try answer(request, page, fixture).isComplete)
        XCTAssertEqual(request.path, "/files?limit=1000&after=file-4")
        let (isComplete, shown) = try answer(
            request, #"{"data":[\#(file("file-5", prefix + "c"))],"has_more":false}"#, fixture)
        XCTAssertTrue(isComplete)
        XCTAssertEqual(
            shown["data"]?.array?.map { $0["id"]?.string }, [known("file-2", fixture), known("file-5", fixture)])
        XCTAssertEqual(shown["data"]?.array?.map { $0["filename"]?.string }, ["b", "c"])
        XCTAssertEqual(shown["first_id"]?.string, known("file-2", fixture))
        XCTAssertEqual(shown["last_id"]?.string, known("file-5", fixture))
        XCTAssertEqual(shown["has_more"], .boolean(false))
    }

    /// A page that fails is asked for once more under the credential that it was to come from.
    func testTheNextCredentialIsAskedWhereTheListHasComeToIt() throws {
        let fixture = try StoredFixture(secrets: ["sk-0", "sk-1"])
        let request = try list(.files, fixture)
        XCTAssertEqual(request.pin, fixture.pin(0))
        XCTAssertFalse(
            try answer(request, #"{"data":[\#(file("file-1", prefix + "a"))],"has_more":false}"#, fixture).isComplete)
        XCTAssertEqual(request.nextCredential(at: fixture.target)?.id, fixture.credential(1).id)
        XCTAssertEqual(request.pin, fixture.pin(1))
        XCTAssertEqual(request.path, "/files?limit=1000")
        var sequence = AttemptSequence(request.plan, first: 0, pin: fixture.pin(0))
        XCTAssertEqual(sequence.credential(RoutingFixture.start)?.id, fixture.credential(0).id)
        sequence.follow(request.pin)
        XCTAssertEqual(sequence.credential(RoutingFixture.start)?.id, fixture.credential(1).id)
        let (isComplete, shown) = try answer(
            request, #"{"data":[\#(file("file-2", prefix + "b"))]}"#, fixture, credential: 1)
        XCTAssertTrue(isComplete)
        XCTAssertEqual(
            shown["data"]?.array?.map { $0["id"]?.string },
            [known("file-1", fixture), known("file-2", fixture, credential: 1)])
    }

    func testAPageThatIsNoneIsNoList() throws {
        let fixture = try StoredFixture()
        for page in [
            "[]", "{}", #"{"data":{}}"#, #"{"data":[{}],"has_more":true}"#, #"{"data":[{"id":"a/b"}],"has_more":true}"#,
        ] {
            XCTAssertEqual(
                refusal { try answer(try list(.files, fixture), page, fixture) }?.code.description,
                "upstream_malformed", page)
        }
        let empty = try answer(try list(.files, fixture), #"{"data":[],"has_more":true}"#, fixture)
        XCTAssertTrue(empty.isComplete, "there is nothing to go on from")
        XCTAssertEqual(empty.shown["data"], .array([]))
        XCTAssertEqual(empty.shown["first_id"], .null)
    }

    // MARK: Corrections

    private func batch(
        _ id: String, of key: VirtualKeyID, request: ObjectID, model: ObjectID, status: String = "completed"
    ) -> String {
        let metadata = JSONValue.object(StoredOwner.metadata([:], of: key, request: request, model: model))
        return #"{"id":"\#(id)","status":"\#(status)","request_counts":{"total":1,"completed":1,"failed":0},"#
            + #""usage":{"input_tokens":10,"output_tokens":5},"metadata":\#(String(decoding: metadata.bytes, as: UTF8.self))}"#
    }

    func testBatchesOfTheKeyThatAreOverAreCorrectedWhereverTheyAreSeen() throws {
        let fixture = try StoredFixture()
        let ids = (1...5).map { ObjectID(high: UInt64(StoredFixture.startUnixSeconds) * 1_000 << 16, low: UInt64($0)) }
        let model = StoredFixture.modelID(1)
        let page = [
            batch("batch_1", of: owner, request: ids[0], model: model),
            batch("batch_2", of: stranger, request: ids[1], model: model),
            batch("batch_3", of: owner, request: ids[2], model: StoredFixture.modelID(9)),
            batch("batch_4", of: owner, request: ids[3], model: model, status: "in_progress"),
            batch("batch_5", of: owner, request: ids[4], model: model),
        ].joined(separator: ",")
        let listed = try list(.batches, fixture, limit: 20)
        XCTAssertTrue(try answer(listed, #"{"data":[\#(page)]}"#, fixture).isComplete)
        XCTAssertEqual(listed.corrections.map(\.requestID), [ids[0], ids[4]])
        XCTAssertEqual(listed.corrections.map(\.cost.nanodollars), [30, 30])
        let one = try fixture.stored(.batches, .retrieve, id: "batch_1")
        _ = try answer(one, batch("batch_1", of: owner, request: ids[0], model: model), fixture)
        XCTAssertEqual(one.corrections, [listed.corrections[0]])
        // That of somebody else's is none of this key's business, even where it is shown.
        let others = try fixture.stored(.batches, .retrieve, id: "batch_2")
        _ = try answer(others, batch("batch_2", of: stranger, request: ids[1], model: model), fixture)
        XCTAssertEqual(others.corrections, [])
    }
}
