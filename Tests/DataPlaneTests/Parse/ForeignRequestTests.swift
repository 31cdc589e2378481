import Shared
import XCTest

@testable import DataPlane
@testable import Translate

/// What the stages know of a request in another dialect than OpenAI's.
final class ForeignRequestTests: XCTestCase {
    private func request(_ body: String, in dialect: Dialect) throws -> ParsedRequest {
        let own = ByteBuffer(Array(body.utf8))
        let conversation = try unsafe RequestTranslation.conversation(
            own.readable, of: InboundCall(model: "m", isStream: false), in: dialect, .chatCompletions)
        let chat = ByteBuffer(try RequestTranslation.chat(conversation))
        let request = try unsafe RequestParser.parse(chat.readable, endpoint: .chatCompletions)
        let endpoint = InboundEndpoint(operation: .metered(.chatCompletions), dialect: dialect)
        request.came(as: ForeignRequest(endpoint, conversation, body: own))
        return request
    }

    private func anthropic(_ members: String, content: String = #""Hi""#) throws -> ParsedRequest {
        try request(
            #"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":\#(content)}]\#(members)}"#,
            in: .anthropic)
    }

    private func gemini(_ members: String) throws -> ParsedRequest {
        try request(#"{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]\#(members)}"#, in: .gemini)
    }

    func testWhatToolsOfTheProviderFindIsUnknownInput() throws {
        let function = #","tools":[{"name":"f","input_schema":{"type":"object"}}]"#
        XCTAssertFalse(try anthropic(function).prompt.hasUnknownInput)
        let search = #","tools":[{"type":"web_search_20250305","name":"web_search"}]"#
        XCTAssertTrue(try anthropic(search).prompt.hasUnknownInput)
        XCTAssertTrue(try gemini(#","tools":[{"googleSearch":{}}]"#).prompt.hasUnknownInput)
    }

    func testWhatTheProviderHasInStoreIsUnknownInput() throws {
        XCTAssertFalse(try anthropic("").prompt.hasUnknownInput)
        XCTAssertTrue(try anthropic(#","container":"container_1""#).prompt.hasUnknownInput)
        let upload = #"[{"type":"container_upload","file_id":"file_1"},{"type":"text","text":"Hi"}]"#
        XCTAssertTrue(try anthropic("", content: upload).prompt.hasUnknownInput)
        XCTAssertFalse(try gemini("").prompt.hasUnknownInput)
        XCTAssertTrue(try gemini(#","cachedContent":"cachedContents/1""#).prompt.hasUnknownInput)
    }

    /// Coding agents with a budget look up tools, too.
    func testWhatStandsInAResultIsKnownInput() throws {
        for found in [
            #"{"type":"tool_reference","tool_name":"f"}"#,
            #"{"type":"search_result","source":"notes","title":"t","content":[{"type":"text","text":"water"}]}"#,
        ] {
            let result = #"[{"type":"tool_result","tool_use_id":"t1","content":[\#(found)]}]"#
            XCTAssertFalse(try anthropic("", content: result).prompt.hasUnknownInput, found)
        }
        let upload =
            #"[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"container_upload","file_id":"f"}]}]"#
        XCTAssertTrue(try anthropic("", content: upload).prompt.hasUnknownInput)
    }

    /// Also where nothing is left of the request that OpenAI's chats have a word for.
    func testADocumentByReferenceIsUnknownInput() throws {
        let document = #"[{"type":"document","source":{"type":"url","url":"https://example.com/a.pdf"}}]"#
        XCTAssertTrue(try anthropic("", content: document).prompt.hasUnknownInput)
        let beside = #"[{"type":"text","text":"Read it."},\#(document.dropFirst())"#
        XCTAssertTrue(try anthropic("", content: beside).prompt.hasUnknownInput)
    }

    func testWhatStandsInTheRequestIsKnownInput() throws {
        let document = #"[{"type":"document","source":{"type":"text","media_type":"text/plain","data":"A story."}}]"#
        XCTAssertFalse(try anthropic("", content: document).prompt.hasUnknownInput)
        let image = #"[{"type":"image","source":{"type":"url","url":"https://example.com/a.png"}}]"#
        XCTAssertFalse(try anthropic("", content: image).prompt.hasUnknownInput)
    }

    func testAResponseThatIsGoneOnFromNeedsNoInput() throws {
        let request = try request(#"{"model":"m","previous_response_id":"resp_1"}"#, in: .responses)
        XCTAssertTrue(request.prompt.hasUnknownInput)
        XCTAssertEqual(request.foreign?.previous?.provider, "resp_1")
        XCTAssertNil(request.foreign?.previous?.pin)
    }
}
