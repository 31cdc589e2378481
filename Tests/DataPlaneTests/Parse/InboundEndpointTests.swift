import Shared
import XCTest

@testable import DataPlane

final class InboundEndpointTests: XCTestCase {
    private struct Seen: Equatable {
        var operation: InboundEndpoint.Operation
        var dialect: Dialect
        var model: String?
        var isStream: Bool?
    }

    private func seen(_ method: String, _ path: String, _ fields: String = "") throws -> Seen {
        try unsafe ParsedHead.of(method, path, fields) { head, bytes in
            let endpoint = try unsafe InboundEndpoint.of(head, bytes)
            return Seen(
                operation: endpoint.operation, dialect: endpoint.dialect,
                model: endpoint.model.map { unsafe String(decoding: bytes[$0], as: UTF8.self) },
                isStream: endpoint.isStream)
        }
    }

    private let chat = InboundEndpoint.Operation.metered(.chatCompletions)

    func testEachDialectHasItsOwnPaths() throws {
        XCTAssertEqual(try seen("POST", "/v1/chat/completions"), Seen(operation: chat, dialect: .openai))
        XCTAssertEqual(
            try seen("POST", "/v1/embeddings"), Seen(operation: .metered(.embeddings), dialect: .openai))
        XCTAssertEqual(
            try seen("POST", "/v1/completions"), Seen(operation: .metered(.completions), dialect: .openai))
        XCTAssertEqual(try seen("POST", "/v1/messages?beta=true"), Seen(operation: chat, dialect: .anthropic))
        XCTAssertEqual(try seen("POST", "/v1/responses"), Seen(operation: chat, dialect: .responses))
        for version in ["v1", "v1beta"] {
            XCTAssertEqual(
                try seen("POST", "/\(version)/models/gemini-2.5-pro:generateContent"),
                Seen(operation: chat, dialect: .gemini, model: "gemini-2.5-pro", isStream: false))
            XCTAssertEqual(
                try seen("POST", "/\(version)/models/a:b:streamGenerateContent?alt=sse"),
                Seen(operation: chat, dialect: .gemini, model: "a:b", isStream: true))
        }
        XCTAssertEqual(
            try seen("POST", "/model/eu.anthropic.claude%3A0/converse"),
            Seen(operation: chat, dialect: .bedrock, model: "eu.anthropic.claude%3A0", isStream: false))
        XCTAssertEqual(
            try seen("POST", "/model/m/converse-stream"),
            Seen(operation: chat, dialect: .bedrock, model: "m", isStream: true))
    }

    func testContentsAreEmbeddedOneOrSeveralAtATime() throws {
        for (action, isBatch) in [("embedContent", false), ("batchEmbedContents", true)] {
            let path = "/v1beta/models/gemini-embedding-001:\(action)"
            XCTAssertEqual(
                try seen("POST", path),
                Seen(
                    operation: .metered(.embeddings), dialect: .gemini, model: "gemini-embedding-001", isStream: false))
            XCTAssertEqual(
                try unsafe ParsedHead.of("POST", path) { head, bytes in
                    try unsafe InboundEndpoint.of(head, bytes).isBatch
                },
                isBatch)
        }
    }

    func testAStreamOfGeminisIsAnArrayUnlessEventsAreAskedFor() throws {
        for (query, isArray) in [("", true), ("?alt=sse", false), ("?key=a&alt=sse", false), ("?alt=json", true)] {
            let path = "/v1beta/models/m:streamGenerateContent" + query
            XCTAssertEqual(
                try unsafe ParsedHead.of("POST", path) { head, bytes in
                    try unsafe InboundEndpoint.of(head, bytes).streamsAsArray
                },
                isArray, query)
        }
    }

    func testTheListOfModelsIsInTheShapeOfWhoeverAsks() throws {
        XCTAssertEqual(try seen("GET", "/v1/models"), Seen(operation: .models, dialect: .openai))
        XCTAssertEqual(
            try seen("GET", "/v1/models", "anthropic-version: 2023-06-01\r\n"),
            Seen(operation: .models, dialect: .anthropic))
        XCTAssertEqual(
            try seen("GET", "/v1/models", "x-goog-api-key: k\r\n"), Seen(operation: .models, dialect: .gemini))
        XCTAssertEqual(try seen("GET", "/v1beta/models"), Seen(operation: .models, dialect: .gemini))
        // A colon is no sign of Gemini's: open models have it in their names.
        XCTAssertEqual(
            try seen("GET", "/v1/models/llama3:8b"), Seen(operation: .models, dialect: .openai, model: "llama3:8b"))
    }

    func testWhatIsNoEndpointIsRefusedInTheDialectThatItLooksLike() throws {
        for path in ["/v1/message", "/model/", "/model/x", "/model//converse", "/v1/models/", "/v2/models"] {
            XCTAssertThrowsError(try seen("POST", path), path) {
                XCTAssertEqual($0 as? RouteError, .unknownEndpoint, path)
            }
        }
        XCTAssertThrowsError(try seen("GET", "/v1/messages")) {
            XCTAssertEqual($0 as? RouteError, .methodNotAllowed(allow: .post))
        }
        for (path, dialect) in [
            ("/v1/messages/batches", Dialect.anthropic), ("/v1beta/files", .gemini), ("/model/x/invoke", .bedrock),
            ("/v1/files", .openai), ("/v1/models/x:generateContent", .gemini),
        ] {
            XCTAssertEqual(
                try unsafe ParsedHead.of("POST", path) { head, bytes in unsafe Dialect(of: head, bytes) }, dialect, path
            )
        }
    }
}
