import Shared
import XCTest

@testable import Translate

final class AnthropicPartsTests: XCTestCase {
    typealias Checks = AnthropicChecks

    /// The blocks that become of a user's parts, without the text behind them.
    private func assertBlocks(
        _ parts: [Part], _ expected: String, dropped: [String] = [], adjusted: [String] = [],
        for target: TargetTraits? = nil, line: UInt = #line
    ) throws {
        let conversation = Checks.chat(Turn(.user, parts + [Part(.text("Q"))]))
        let rendered = try Checks.rendered(conversation, for: target)
        let blocks = try JSONValue(parsing: rendered.body)["messages"]?.array?[0]["content"]?.array ?? []
        let written = blocks.dropLast()
        assertJSON(JSONValue.array(Array(written)).bytes, expected, line: line)
        XCTAssertEqual(rendered.dropped, dropped, line: line)
        XCTAssertEqual(rendered.adjusted, adjusted, line: line)
    }

    // MARK: Images

    func testImagesAreDataOrPlacesInTheWeb() throws {
        try assertBlocks(
            [
                Part(.image(Media(.data("AAAA"), type: "image/webp")), cacheMark: CacheMark()),
                Part(.image(Media(.url("https://e.com/a.png")))), Part(.image(Media(.file("file_011")))),
            ],
            #"""
            [{"type": "image", "source": {"type": "base64", "media_type": "image/webp", "data": "AAAA"},
              "cache_control": {"type": "ephemeral"}},
             {"type": "image", "source": {"type": "url", "url": "https://e.com/a.png"}},
             {"type": "image", "source": {"type": "file", "file_id": "file_011"}}]
            """#)
    }

    func testTypesOfImagesAreNamedAsAnthropicDoes() throws {
        for (type, data, expected) in [
            ("image/jpg", "AAAA", "image/jpeg"), (nil, "/9j/4AAQ", "image/jpeg"), (nil, "R0lGODlh", "image/gif"),
            (nil, "UklGRiQA", "image/webp"), (nil, "iVBORw0K", "image/png"), (nil, "AAAA", "image/png"),
        ] {
            try assertBlocks(
                [Part(.image(Media(.data(data), type: type)))],
                #"[{"type": "image", "source": {"type": "base64", "media_type": "\#(expected)", "data": "\#(data)"}}]"#)
        }
    }

    func testHowCloselyAnImageIsLookedAtHasNoCounterpart() throws {
        let image = #"[{"type": "image", "source": {"type": "url", "url": "https://e.com"}}]"#
        try assertBlocks(
            [Part(.image(Media(.url("https://e.com"), detail: "high")))], image,
            dropped: ["messages[].image_url.detail"])
        try assertBlocks([Part(.image(Media(.url("https://e.com"), detail: "auto")))], image)
    }

    func testImagesThatAnthropicCannotReachAreReported() throws {
        for source in [Media.Source.url("gs://bucket/a.png"), .file("file-abc"), .text("x")] {
            try assertBlocks([Part(.image(Media(source)))], "[]", dropped: ["messages[].image_url"])
        }
        try assertBlocks(
            [Part(.image(Media(.data("AAAA"))))], "[]", dropped: ["messages[].image_url"],
            for: Checks.target { $0.capabilities.images = false })
    }

    // MARK: Documents

    func testPDFsAreDocuments() throws {
        for type in ["application/pdf", nil] {
            try assertBlocks(
                [Part(.document(Media(.data("JVBERi0="), type: type, title: "a.pdf")))],
                #"""
                [{"type": "document", "title": "a.pdf",
                  "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0="}}]
                """#)
        }
    }

    func testDocumentsOfTextAreSentAsText() throws {
        let text = #"[{"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "a,b"}}]"#
        try assertBlocks([Part(.document(Media(.data("YSxi"), type: "text/csv")))], text)
        try assertBlocks([Part(.document(Media(.text("a,b"), type: "text/csv")))], text)
    }

    func testOtherDocumentsAreReported() throws {
        for media in [
            Media(.data("AAAA"), type: "application/msword"), Media(.data("?"), type: "text/plain"),
            Media(.file("file-abc")), Media(.url("s3://b/k")),
        ] {
            try assertBlocks([Part(.document(media))], "[]", dropped: ["messages[].file"])
        }
        try assertBlocks(
            [Part(.document(Media(.text("x"))))], "[]", dropped: ["messages[].file"],
            for: Checks.target { $0.capabilities.documents = false })
    }

    // MARK: Everything else

    func testSoundsAndFilmsAreReported() throws {
        try assertBlocks(
            [Part(.audio(Media(.data("AAAA"), type: "wav"))), Part(.video(Media(.url("https://e.com/a.mp4"))))], "[]",
            dropped: ["messages[].input_audio", "messages[].video_url"])
    }

    func testPartsThatOnlyAnotherDialectHasAreReported() throws {
        let part = Part(.native(try Checks.json(#"{"type": "input_widget"}"#), of: .openai))
        try assertBlocks([part], "[]", dropped: ["messages[].input_widget"])
    }

    func testARefusalIsAText() throws {
        try assertBlocks([Part(.refusal("No."))], #"[{"type": "text", "text": "No."}]"#)
    }

    func testCacheMarksHaveTwoLengths() throws {
        for (seconds, ttl, adjusted) in [
            (300, "5m", false), (3_600, "1h", false), (60, "5m", true), (7_200, "1h", true),
        ] {
            try assertBlocks(
                [Part(.text("A"), cacheMark: CacheMark(seconds: UInt32(seconds)))],
                #"[{"type": "text", "text": "A", "cache_control": {"type": "ephemeral", "ttl": "\#(ttl)"}}]"#,
                adjusted: adjusted ? ["messages[].cache_control"] : [])
        }
    }

    func testImagesInResultsOfToolsAreKept() throws {
        let result = ToolResult(
            callID: "a", parts: [Part(.text("")), Part(.image(Media(.url("https://e.com"))))], isError: false)
        let conversation = Checks.chat(
            Checks.user("Q"), Checks.calling(("a", "f")), Turn(.tool, [Part(.toolResult(result))]))
        let blocks = try XCTUnwrap(try Checks.written(conversation)["messages"]?.array?[2]["content"])
        assertJSON(
            blocks.bytes,
            #"""
            [{"type": "tool_result", "tool_use_id": "a", "is_error": false,
              "content": [{"type": "image", "source": {"type": "url", "url": "https://e.com"}}]}]
            """#)
    }

    // MARK: Thoughts

    func testThoughtsGoBackWhereAnthropicKnowsThem() throws {
        let turn = Turn(
            .assistant,
            [
                Part(.thinking(Thinking(text: "t", signature: "s", origin: .anthropic))),
                Part(.thinking(Thinking(sealed: "d", origin: .anthropic))),
                Part(.thinking(Thinking(text: "unsigned", origin: .anthropic))),
                Part(.thinking(Thinking(text: "t", signature: "", origin: .anthropic))),
                Part(.thinking(Thinking(text: "t", signature: "s", origin: .gemini))),
                Part(.thinking(Thinking(sealed: "d", origin: .openai))), Part(.text("A")),
            ])
        let rendered = try Checks.rendered(Checks.chat(Checks.user("Q"), turn, Checks.user("R")))
        XCTAssertEqual(rendered.dropped + rendered.adjusted, [])
        assertJSON(
            try XCTUnwrap(try JSONValue(parsing: rendered.body)["messages"]?.array?[1]["content"]).bytes,
            #"""
            [{"type": "thinking", "thinking": "t", "signature": "s"}, {"type": "redacted_thinking", "data": "d"},
             {"type": "text", "text": "A"}]
            """#)
    }
}
