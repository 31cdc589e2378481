import Foundation
import Shared
import Translate
import XCTest

/// What each dialect takes of a conversation: found by asking the code, and written in `docs/dialects.md`.
final class SupportMatrixTests: XCTestCase {
    private struct Feature {
        var name: String
        var change: (inout Conversation) -> Void
    }

    private static let image = Media(.data("aGVsbG8="), type: "image/png")

    private static func call(_ id: String) -> Part {
        Part(.toolCall(ToolCall(id: id, name: "weather", arguments: #"{"city":"Oslo"}"#)))
    }

    private static func result(_ id: String, isError: Bool? = nil) -> Part {
        Part(.toolResult(ToolResult(callID: id, name: "weather", parts: [Part(.text("rain"))], isError: isError)))
    }

    private static let tool = Tool(
        name: "weather", summary: "The weather.",
        kind: .function(parameters: try? JSONValue(parsing: Array(#"{"type":"object","properties":{}}"#.utf8))))

    private static func number(_ value: Int) -> JSONNumber { JSONNumber(value) }

    private static func user(_ part: Part) -> (inout Conversation) -> Void { { $0.turns = [Turn(.user, [part])] } }

    private static var features: [Feature] {
        [
            Feature(name: "instructions (`system`, `developer`)") {
                $0.turns.insert(Turn(.system, [Part(.text("Be brief."))]), at: 0)
            },
            Feature(name: "instructions between turns") {
                $0.turns += [
                    Turn(.assistant, [Part(.text("Yes?"))]), Turn(.developer, [Part(.text("Be brief."))]),
                    Turn(.user, [Part(.text("Hi"))]),
                ]
            },
            Feature(name: "image by data", change: user(Part(.image(image)))),
            Feature(name: "image by URL", change: user(Part(.image(Media(.url("https://example.com/a.png")))))),
            Feature(
                name: "document by data (PDF)",
                change: user(Part(.document(Media(.data("aGVsbG8="), type: "application/pdf", title: "a.pdf"))))),
            Feature(
                name: "document of text",
                change: user(Part(.document(Media(.text("hello"), type: "text/plain", title: "a"))))),
            Feature(name: "audio by data", change: user(Part(.audio(Media(.data("aGVsbG8="), type: "audio/wav"))))),
            Feature(name: "video by data", change: user(Part(.video(Media(.data("aGVsbG8="), type: "video/mp4"))))),
            Feature(name: "tools") { $0.tools = [tool] },
            Feature(name: "tool calls and results, parallel") {
                $0.tools = [tool]
                $0.turns += [
                    Turn(.assistant, [call("a"), call("b")]), Turn(.tool, [result("a")]), Turn(.tool, [result("b")]),
                ]
            },
            Feature(name: "results that are errors") {
                $0.tools = [tool]
                $0.turns += [Turn(.assistant, [call("a")]), Turn(.tool, [result("a", isError: true)])]
            },
            Feature(name: "tool choice: none") { ($0.tools, $0.toolChoice) = ([tool], ToolChoice.none) },
            Feature(name: "tool choice: required") { ($0.tools, $0.toolChoice) = ([tool], .required) },
            Feature(name: "tool choice: one tool") { ($0.tools, $0.toolChoice) = ([tool], .function("weather")) },
            Feature(name: "one tool at a time") { ($0.tools, $0.allowsParallelToolCalls) = ([tool], false) },
            Feature(name: "JSON by schema") {
                $0.format = .schema(OutputSchema(name: "a", schema: .object(JSONObject()), isStrict: true))
            },
            Feature(name: "JSON without schema") { $0.format = .json },
            Feature(name: "reasoning by effort") { $0.reasoning = Reasoning(.effort(.medium)) },
            Feature(name: "reasoning by tokens") {
                ($0.reasoning, $0.outputTokensMax) = (Reasoning(.tokens(2_048)), 8_192)
            },
            Feature(name: "cache mark") { $0.turns[0].parts[0].cacheMark = CacheMark() },
            Feature(name: "bound of the answer") { $0.outputTokensMax = 100 },
            Feature(name: "stops") { $0.stops = ["END"] },
            Feature(name: "`temperature` up to 1") { $0.sampling.temperature = number(1) },
            Feature(name: "`temperature` above 1") { $0.sampling.temperature = number(2) },
            Feature(name: "`top_p`") { $0.sampling.topP = number(1) },
            Feature(name: "`top_k`") { $0.sampling.topK = number(40) },
            Feature(name: "`seed`") { $0.sampling.seed = number(7) },
            Feature(name: "`frequency_penalty`") { $0.sampling.frequencyPenalty = number(1) },
            Feature(name: "`presence_penalty`") { $0.sampling.presencePenalty = number(1) },
            Feature(name: "`logit_bias`") { conversation in
                var bias = JSONObject()
                bias["50256"] = .number(number(-100))
                conversation.sampling.logitBias = bias
            },
            Feature(name: "`logprobs`") { $0.sampling.logprobs = true },
            Feature(name: "`n` above 1") { $0.sampling.choices = 2 },
            Feature(name: "end user (`user`)") { $0.endUser = "u-1" },
            Feature(name: "`metadata`") { conversation in
                var labels = JSONObject()
                labels["job"] = .string("nightly")
                conversation.metadata = labels
            },
        ]
    }

    private static func cell(_ feature: Feature, _ dialect: Dialect) -> String {
        var conversation = Conversation()
        conversation.model = "m"
        conversation.turns = [Turn(.user, [Part(.text("Hello"))])]
        feature.change(&conversation)
        do {
            let rendered = try dialect.codec.request(conversation, for: TargetTraits(model: "m"))
            if !rendered.dropped.isEmpty { return "no: `\(rendered.dropped.joined(separator: "`, `"))`" }
            if !rendered.adjusted.isEmpty { return "adjusted: `\(rendered.adjusted.joined(separator: "`, `"))`" }
            return "yes"
        } catch { return "refused" }
    }

    /// The documentation says what the code does; `WEIR_GOLDEN=rewrite` writes it anew.
    func testTheDocumentationHoldsTheMatrix() throws {
        var lines = [
            "| | " + Dialect.allCases.map(\.rawValue).joined(separator: " | ") + " |",
            "|---|" + String(repeating: "---|", count: Dialect.allCases.count),
        ]
        for feature in Self.features {
            lines.append(
                "| \(feature.name) | " + Dialect.allCases.map { Self.cell(feature, $0) }.joined(separator: " | ") + " |"
            )
        }
        let matrix = lines.joined(separator: "\n")
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/dialects.md")
        let text = try String(contentsOf: path, encoding: .utf8)
        let begin = try XCTUnwrap(text.range(of: "<!-- matrix -->\n"))
        let end = try XCTUnwrap(text.range(of: "\n<!-- end of matrix -->"))
        let written = String(text[begin.upperBound..<end.lowerBound])
        if ProcessInfo.processInfo.environment["WEIR_GOLDEN"] == "rewrite" {
            try text.replacingCharacters(in: begin.upperBound..<end.lowerBound, with: matrix)
                .write(to: path, atomically: true, encoding: .utf8)
        } else {
            XCTAssertEqual(written, matrix, "make golden writes docs/dialects.md anew")
        }
    }
}
