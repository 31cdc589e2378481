import Shared
import XCTest

@testable import DataPlane

final class StoredCallTests: XCTestCase {
    private struct Seen: Equatable {
        var collection: Endpoint
        var action: StoredCall.Action
        var id: String?
    }

    private func seen(_ method: String, _ path: String, _ fields: String = "") throws -> Seen? {
        try unsafe ParsedHead.of(method, path, fields) { head, bytes in
            let endpoint = try unsafe InboundEndpoint.of(head, bytes)
            XCTAssertEqual(endpoint.dialect, .openai)
            guard case .stored(let call) = endpoint.operation else { return nil }
            return Seen(
                collection: call.collection, action: call.action,
                id: call.id.map { unsafe String(decoding: bytes[$0], as: UTF8.self) })
        }
    }

    private func told(_ method: String, _ path: String, _ fields: String = "") throws -> RouteError? {
        do {
            _ = try seen(method, path, fields)
            return nil
        } catch let error as RouteError { return error }
    }

    private let places: [(path: String, methods: [String: Seen], allowed: String)] = [
        (
            "/v1/files",
            [
                "GET": Seen(collection: .files, action: .list), "HEAD": Seen(collection: .files, action: .list),
                "POST": Seen(collection: .files, action: .upload),
            ], "GET, HEAD, POST, OPTIONS"
        ),
        (
            "/v1/files/file-1",
            [
                "GET": Seen(collection: .files, action: .retrieve, id: "file-1"),
                "HEAD": Seen(collection: .files, action: .retrieve, id: "file-1"),
                "DELETE": Seen(collection: .files, action: .delete, id: "file-1"),
            ], "GET, HEAD, DELETE, OPTIONS"
        ),
        (
            "/v1/files/file-1/content",
            [
                "GET": Seen(collection: .files, action: .content, id: "file-1"),
                "HEAD": Seen(collection: .files, action: .content, id: "file-1"),
            ], "GET, HEAD, OPTIONS"
        ),
        (
            "/v1/batches",
            [
                "GET": Seen(collection: .batches, action: .list), "HEAD": Seen(collection: .batches, action: .list),
                "POST": Seen(collection: .batches, action: .create),
            ], "GET, HEAD, POST, OPTIONS"
        ),
        (
            "/v1/batches/batch_1",
            [
                "GET": Seen(collection: .batches, action: .retrieve, id: "batch_1"),
                "HEAD": Seen(collection: .batches, action: .retrieve, id: "batch_1"),
            ], "GET, HEAD, OPTIONS"
        ),
        (
            "/v1/batches/batch_1/cancel",
            ["POST": Seen(collection: .batches, action: .cancel, id: "batch_1")], "POST, OPTIONS"
        ),
    ]

    func testEachPlaceTakesItsMethodsAndNoOthers() throws {
        for place in places {
            for query in ["", "?", "?limit=1&after=x"] {
                for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] {
                    if let wanted = place.methods[method] {
                        XCTAssertEqual(try seen(method, place.path + query), wanted, "\(method) \(place.path)")
                        continue
                    }
                    guard case .methodNotAllowed(let allowed)? = try told(method, place.path + query) else {
                        XCTFail("\(method) \(place.path) is taken")
                        continue
                    }
                    XCTAssertEqual(allowed.allowed.description, place.allowed)
                    XCTAssertEqual(
                        GatewayError(RouteError.methodNotAllowed(allow: allowed)).allow?.description, place.allowed)
                }
                XCTAssertEqual(try told("BREW", place.path + query), .methodNotImplemented)
                XCTAssertEqual(
                    try unsafe ParsedHead.of("OPTIONS", place.path + query) {
                        try unsafe InboundEndpoint.allowed($0, $1).description
                    }, place.allowed)
            }
        }
    }

    func testAnthropicsFilesAreOthers() throws {
        for place in places {
            for method in place.methods.keys {
                XCTAssertEqual(
                    try told(method, place.path, "anthropic-version: 2023-06-01\r\n"), .unknownEndpoint, place.path)
            }
        }
    }

    /// What stands in the place of an identity may be anything here; that it is one is found out later, and before it goes anywhere.
    func testWhatIsNoIdentityIsReadAsItStands() throws {
        for (method, path, wanted) in [
            ("GET", "/v1/files/content", Seen(collection: .files, action: .retrieve, id: "content")),
            ("GET", "/v1/files//content", Seen(collection: .files, action: .retrieve, id: "/content")),
            ("GET", "/v1/files/a/b", Seen(collection: .files, action: .retrieve, id: "a/b")),
            ("GET", "/v1/files/a/b/content", Seen(collection: .files, action: .content, id: "a/b")),
            ("GET", "/v1/files/a/content/", Seen(collection: .files, action: .retrieve, id: "a/content/")),
            ("DELETE", "/v1/files/..", Seen(collection: .files, action: .delete, id: "..")),
            ("GET", "/v1/files/%2e%2e", Seen(collection: .files, action: .retrieve, id: "%2e%2e")),
            ("POST", "/v1/batches/../files/cancel", Seen(collection: .batches, action: .cancel, id: "../files")),
            ("GET", "/v1/batches/cancel", Seen(collection: .batches, action: .retrieve, id: "cancel")),
        ] {
            XCTAssertEqual(try seen(method, path), wanted, path)
            XCTAssertNil(StoredIdentity(wanted.id ?? ""))
        }
        for path in [
            "/v1/files/", "/v1/batches/", "/v1/file", "/v1/filesx", "/V1/files", "/v1/files%2fa", "/files",
            "/v1beta/batches",
        ] {
            XCTAssertEqual(try told("GET", path), .unknownEndpoint, path)
        }
    }

    func testWhatAProviderIsAskedForEachCall() {
        for (collection, action, method, path, sendsBody) in [
            (.files, .upload, .post, "/files", true), (.files, .list, .get, "/files", false),
            (.files, .retrieve, .get, "/files/x", false), (.files, .content, .get, "/files/x/content", false),
            (.files, .delete, .delete, "/files/x", false), (.batches, .create, .post, "/batches", true),
            (.batches, .list, .get, "/batches", false), (.batches, .retrieve, .get, "/batches/x", false),
            (.batches, .cancel, .post, "/batches/x/cancel", false),
        ] as [(Endpoint, StoredCall.Action, HTTPMethod, String, Bool)] {
            let call = StoredCall(collection: collection, action: action)
            XCTAssertEqual(call.method, method, path)
            XCTAssertEqual(call.path(id: "x"), path)
            XCTAssertEqual(call.sendsBody, sendsBody, path)
        }
    }

    func testWhatIsTheProvidersQueryStandsBehindThatOfTheCall() throws {
        let fixture = try StoredFixture { $0.providers[0].query = "api-version=1" }
        XCTAssertEqual(String(decoding: fixture.target.path(ofStored: "/files"), as: UTF8.self), "/files?api-version=1")
        let stored = try fixture.stored(.files, .list)
        stored.list = StoredList(StoredList.Query(limit: 1), of: .files, credentialPlace: 0)
        let request = try fixture.request(stored)
        XCTAssertEqual(
            String(decoding: fixture.target.path(for: request), as: UTF8.self), "/files?limit=1000&api-version=1")
        XCTAssertTrue(request.isNeverHedged)
        XCTAssertEqual(request.pin, fixture.pin())
        XCTAssertNil(Endpoint.files.modelKind)
        XCTAssertNil(Endpoint.batches.modelKind)
        XCTAssertFalse(Endpoint.files.isMirrored || Endpoint.batches.isMirrored)
    }

    func testWhatTheirErrorsAre() {
        let unknown = GatewayError(RouteError.unknownObject(.files, id: String(repeating: "x", count: 900)))
        XCTAssertEqual(unknown.status, 404)
        XCTAssertEqual(unknown.code.description, "object_not_found")
        XCTAssertEqual(unknown.param, "id")
        XCTAssertTrue(unknown.isNotWorthARetry)
        XCTAssertLessThan(unknown.message.utf8.count, 400)
        XCTAssertEqual(
            GatewayError(AttemptError.unknownObject(.batches, id: "a")),
            GatewayError(RouteError.unknownObject(.batches, id: "a")))
        XCTAssertEqual(OutcomeClass(AttemptError.unknownObject(.files, id: "a")), .invalid)
        XCTAssertEqual(GatewayError(RouteError.unnamedProvider).code.description, "missing_route")
        XCTAssertEqual(GatewayError(RouteError.unnamedProvider).status, 400)
        XCTAssertEqual(GatewayError(RouteError.noKeeper).code.description, "model_not_supported")
        XCTAssertEqual(GatewayError(RouteError.noKeeper).param, "x-weir-route")
        XCTAssertEqual(GatewayError(AttemptError.listTooLong).status, 400)
        XCTAssertTrue(GatewayError(AttemptError.listTooLong).isNotWorthARetry)
    }
}
