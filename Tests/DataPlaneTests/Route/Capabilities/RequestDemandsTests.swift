import Shared
import Translate
import XCTest

@testable import DataPlane

final class RequestDemandsTests: XCTestCase {
    private static let all = ModelFeatures(PolicyDocument.ModelFeature.allCases.map { ModelFeatures($0) })

    private func demands(
        _ more: String = "", messages: String = #"[{"role":"user","content":"hello"}]"#, as dialect: Dialect = .openai,
        among features: ModelFeatures = all
    ) throws -> [PolicyDocument.ModelFeature] {
        let body = Array(#"{"model":"m","messages":\#(messages)\#(more)}"#.utf8)
        return try unsafe body.withUnsafeBytes { body in
            let request = try unsafe RequestParser.parse(body, endpoint: .chatCompletions)
            return unsafe RequestDemands.of(request, body, among: features).names
        }
    }

    private func user(_ parts: String) -> String { #"[{"role":"user","content":[\#(parts)]}]"# }

    func testAPlainChatWantsNothing() throws {
        XCTAssertEqual(try demands(), [])
        XCTAssertEqual(
            try demands(#","tools":[],"functions":null,"reasoning_effort":"none","modalities":["text"]"#), [])
        XCTAssertEqual(try demands(#","response_format":{"type":"json_object"},"temperature":1"#), [])
    }

    func testEachFeatureIsFoundWhereItStands() throws {
        XCTAssertEqual(try demands(#","tools":[{"type":"function","function":{"name":"f"}}]"#), [.tools])
        XCTAssertEqual(try demands(#","functions":[ {"name":"f"}]"#), [.tools])
        XCTAssertEqual(
            try demands(messages: user(#"{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}"#)),
            [.images])
        XCTAssertEqual(
            try demands(messages: user(#"{"type":"file","file":{"file_data":"data:application/pdf;base64,AA=="}}"#)),
            [.documents])
        XCTAssertEqual(
            try demands(messages: user(#"{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}"#)),
            [.audio])
        XCTAssertEqual(
            try demands(messages: user(#"{"input_audio":{"data":"AA=="},"type":"input_audio","data":"x"}"#)), [.audio])
        XCTAssertEqual(try demands(#","modalities":["text","audio"]"#), [.audio])
        XCTAssertEqual(
            try demands(#","response_format":{"json_schema":{"type":"x"},"type":"json_schema"}"#), [.jsonSchema])
        XCTAssertEqual(try demands(#","reasoning_effort":"low""#), [.reasoning])
        XCTAssertEqual(
            try demands(messages: #"[{"role":"user","content":"a"},{"content":"b","role":"assistant"}]"#),
            [.begunAnswers])
        XCTAssertEqual(
            try demands(messages: #"[{"role":"assistant","content":"a"},{"role":"user","content":"b"}]"#), [])
    }

    func testNothingIsLookedForThatNobodyLacks() throws {
        let more = #","tools":[{"type":"function"}],"reasoning_effort":"high""#
        XCTAssertEqual(try demands(more, among: .reasoning), [.reasoning])
        XCTAssertEqual(try demands(more, among: .images), [])
        XCTAssertEqual(
            try demands(
                messages: user(#"{"type":"image_url","image_url":{"url":"https://x/y.png"}}"#), among: .tools), [])
    }

    /// Of another dialect the conversation is asked: its translation may say less.
    func testConversationsOfOtherDialectsAreAsked() throws {
        func demands(_ text: String) throws -> [PolicyDocument.ModelFeature] {
            let bytes = Array(text.utf8)
            let conversation = try unsafe bytes.withUnsafeBytes {
                unsafe try RequestTranslation.conversation($0, of: InboundCall(), in: .anthropic, .chatCompletions)
            }
            let chat = try RequestTranslation.chat(conversation)
            let original = ByteBuffer(bytes)
            return try unsafe chat.withUnsafeBytes { chat in
                let request = try unsafe RequestParser.parse(chat, endpoint: .chatCompletions)
                let endpoint = InboundEndpoint(
                    operation: .metered(.chatCompletions), dialect: .anthropic)
                request.came(as: ForeignRequest(endpoint, conversation, body: original))
                return unsafe RequestDemands.of(request, chat, among: Self.all).names
            }
        }
        func message(_ content: String, _ more: String = "") -> String {
            #"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":\#(content)}]\#(more)}"#
        }
        let picture = #"{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}}"#
        XCTAssertEqual(try demands(message(#""hi""#)), [])
        XCTAssertEqual(try demands(message("[\(picture)]")), [.images])
        XCTAssertEqual(
            try demands(
                message(
                    #"[{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"AA=="}}]"#)),
            [.documents])
        XCTAssertEqual(
            try demands(
                message(#""hi""#, #","tools":[{"name":"f","input_schema":{"type":"object"}}]"#)), [.tools])
        XCTAssertEqual(
            try demands(message(#""hi""#, #","thinking":{"type":"enabled","budget_tokens":2000}"#)), [.reasoning])
        XCTAssertEqual(
            try demands(message(#""hi""#, #","thinking":{"type":"disabled"}"#)), [])
        XCTAssertEqual(
            try demands(
                #"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}"#
            ), [.begunAnswers])
    }
}
