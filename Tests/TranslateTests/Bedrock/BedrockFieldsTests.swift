import Shared
import TestSupport
import XCTest

@testable import Translate

/// What other dialects' requests become, field by field.
final class BedrockFieldsTests: XCTestCase {
    private typealias Checks = BedrockChecks

    private func chat(_ change: (inout Conversation) -> Void) -> Conversation {
        Checks.chat(Checks.user("Hi"), change: change)
    }

    private func dropped(_ change: (inout Conversation) -> Void) throws -> [String] {
        try Checks.rendered(chat(change)).dropped
    }

    // MARK: Losses

    func testEachFieldWithoutACounterpartIsReported() throws {
        let number = JSONNumber(1)
        XCTAssertEqual(try dropped { $0.sampling.choices = 2 }, ["n"])
        XCTAssertEqual(try dropped { $0.sampling.frequencyPenalty = number }, ["frequency_penalty"])
        XCTAssertEqual(try dropped { $0.sampling.presencePenalty = number }, ["presence_penalty"])
        XCTAssertEqual(try dropped { $0.sampling.seed = number }, ["seed"])
        XCTAssertEqual(try dropped { $0.sampling.logitBias = ["1": .number(number)] }, ["logit_bias"])
        XCTAssertEqual(try dropped { $0.sampling.logprobs = true }, ["logprobs"])
        XCTAssertEqual(try dropped { $0.sampling.topLogprobs = 3 }, ["top_logprobs"])
        XCTAssertEqual(try dropped { $0.endUser = "ann" }, ["user"])
        XCTAssertEqual(try dropped { $0.serviceTier = "ultra" }, ["service_tier"])
        XCTAssertEqual(try dropped { $0.extras.add("store", .boolean(true), of: .openai) }, ["store"])
        XCTAssertEqual(try dropped { $0.stops = ["END", " "] }, ["stop"])
    }

    func testWhatSaysNothingIsNotReported() throws {
        let fields = try dropped {
            $0.sampling.choices = 1
            $0.sampling.frequencyPenalty = JSONNumber(0)
            $0.sampling.presencePenalty = JSONNumber(0)
            $0.sampling.logitBias = JSONObject()
            $0.sampling.logprobs = false
            $0.sampling.topLogprobs = 0
            $0.stops = [""]
            $0.serviceTier = "auto"
            $0.includesUsage = true
            $0.metadata = JSONObject()
            $0.extras.add("store", .null, of: .openai)
        }
        XCTAssertEqual(fields, [])
    }

    // MARK: Settings

    func testSettings() throws {
        let conversation = chat {
            $0.outputTokensMax = 100
            $0.sampling.topP = JSONNumber(1)
            $0.stops = ["END"]
            $0.serviceTier = "priority"
        }
        try Checks.assert(
            conversation, for: Checks.target(Checks.nova), has: "inferenceConfig",
            #"{"maxTokens": 100, "topP": 1, "stopSequences": ["END"]}"#)
        try Checks.assert(conversation, has: "serviceTier", #"{"type": "priority"}"#)
        try Checks.assert(chat { $0.serviceTier = "standard_only" }, has: "serviceTier", #"{"type": "default"}"#)
        // Bedrock knows a bound of its own where the caller sets none.
        try Checks.assert(chat { _ in }, has: "inferenceConfig", nil)
    }

    func testAnAnswerHasAtLeastOneToken() throws {
        let conversation = chat { $0.outputTokensMax = 0 }
        XCTAssertEqual(try Checks.rendered(conversation).adjusted, ["max_tokens"])
        try Checks.assert(conversation, has: "inferenceConfig", #"{"maxTokens": 1}"#)
    }

    func testLabelsThatBedrockRefusesAreReported() throws {
        let conversation = chat {
            $0.metadata = [
                "team": .string("a"), "café": .string("b"), "sign": .string("50%"), "n": .number(JSONNumber(1)),
                "long": .string(String(repeating: "x", count: 257)), "none": .null,
            ]
        }
        XCTAssertEqual(
            try Checks.rendered(conversation).dropped,
            ["metadata.café", "metadata.sign", "metadata.n", "metadata.long"])
        try Checks.assert(conversation, has: "requestMetadata", #"{"team": "a"}"#)
        var many = JSONObject()
        for number in 1...17 { many["k\(number)"] = .string("v") }
        let crowded = chat { $0.metadata = many }
        XCTAssertEqual(try Checks.rendered(crowded).dropped, ["metadata.k17"])
        XCTAssertEqual(try Checks.written(crowded)["requestMetadata"]?.object?.members.count, 16)
    }

    // MARK: Media

    private func content(_ part: Part, _ target: TargetTraits? = nil) throws -> [JSONValue]? {
        let conversation = Checks.chat(Turn(.user, [Part(.text("Look")), part]))
        return try Checks.written(conversation, for: target)["messages"]?.array?[0]["content"]?.array
    }

    private func problem(_ part: Part, _ target: TargetTraits? = nil) -> (field: String, reason: String)? {
        do {
            _ = try content(part, target)
            return nil
        } catch {
            guard case .inexpressible(let field, let reason)? = error as? TranslationError else { return nil }
            return (field, reason)
        }
    }

    func testMediaAsDataAndInS3() throws {
        let cases: [(Part, String)] = [
            (
                Part(.image(Media(.data("AAAA"), type: "image/jpg"))),
                #"{"image": {"format": "jpeg", "source": {"bytes": "AAAA"}}}"#
            ),
            (
                Part(.image(Media(.url("s3://bucket/a.png"), type: "image/png"))),
                #"{"image": {"format": "png", "source": {"s3Location": {"uri": "s3://bucket/a.png"}}}}"#
            ),
            (
                Part(.document(Media(.data("JVBERi0="), type: "application/pdf", title: "report.pdf"))),
                #"{"document": {"format": "pdf", "name": "report pdf", "source": {"bytes": "JVBERi0="}}}"#
            ),
            (
                Part(.document(Media(.text("Hi")))),
                #"{"document": {"format": "txt", "name": "document", "source": {"bytes": "SGk="}}}"#
            ),
            (
                Part(.document(Media(.text("# Hi"), type: "text/markdown; charset=utf-8"))),
                #"{"document": {"format": "md", "name": "document", "source": {"bytes": "IyBIaQ=="}}}"#
            ),
            (
                Part(.audio(Media(.data("AAAA"), type: "wav"))),
                #"{"audio": {"format": "wav", "source": {"bytes": "AAAA"}}}"#
            ),
            (
                Part(.video(Media(.data("AAAA"), type: "video/quicktime"))),
                #"{"video": {"format": "mov", "source": {"bytes": "AAAA"}}}"#
            ),
        ]
        for (part, expected) in cases { assertJSON(try content(part)?.last?.bytes ?? [], expected) }
    }

    func testAnImageByURLIsRefusedWithTheReason() {
        for type in ["image/png", nil] {
            let problem = problem(Part(.image(Media(.url("https://example.com/a.png"), type: type))))
            XCTAssertEqual(problem?.field, "messages[].content[].image")
            XCTAssertEqual(problem?.reason, "Bedrock takes data and places in S3, no other URLs and files")
        }
    }

    func testMediaThatBedrockOrTheModelDoesNotTakeAreRefused() {
        let file = problem(Part(.document(Media(.file("file-123"), type: "application/pdf"))))
        XCTAssertEqual(file?.field, "messages[].content[].document")
        XCTAssertEqual(
            problem(Part(.image(Media(.data("AAAA"), type: "image/bmp"))))?.reason,
            "Bedrock takes png, jpeg, gif, webp, not image/bmp")
        XCTAssertNotNil(problem(Part(.image(Media(.data("AAAA"))))))
        XCTAssertNotNil(problem(Part(.document(Media(.data("AAAA"), type: "application/zip")))))
        let target = Checks.target {
            $0.capabilities.images = false
            $0.capabilities.documents = false
            $0.capabilities.audio = false
        }
        for part in [
            Part(.image(Media(.data("AAAA"), type: "image/png"))), Part(.document(Media(.text("a")))),
            Part(.audio(Media(.data("AAAA"), type: "audio/wav"))),
        ] {
            XCTAssertEqual(problem(part, target)?.reason, "the model takes none")
        }
    }

    func testNamesOfDocumentsAreWhatBedrockTakesAndEachIsThereOnce() throws {
        let titles = ["Report_2024.pdf", "Report 2024  pdf", "J\u{fc}rgen's (final) [v2]-a", "分析", nil, "  "]
        let parts = titles.map { Part(.document(Media(.data("AAAA"), type: "application/pdf", title: $0))) }
        let conversation = Checks.chat(Turn(.user, [Part(.text("Look"))] + parts))
        let names = try Checks.written(conversation)["messages"]?.array?[0]["content"]?.array?.compactMap {
            $0["document"]?["name"]?.string
        }
        XCTAssertEqual(
            names,
            ["Report 2024 pdf", "Report 2024 pdf 2", "J rgen s (final) [v2]-a", "document", "document 2", "document 3"])
    }

    func testALongNameIsCutAlsoWhereItGetsANumber() {
        var names = BedrockDocumentNames()
        let long = String(repeating: "ab ", count: 100)
        XCTAssertEqual(names.unique(from: long).count, 200)
        let second = names.unique(from: long)
        XCTAssertEqual(second.count, 200)
        XCTAssertTrue(second.hasSuffix(" 2"))
    }

    func testADocumentHasATextBesideIt() throws {
        let conversation = Checks.chat(
            Turn(.user, [Part(.document(Media(.data("AAAA"), type: "text/csv", title: "table.csv")))]))
        XCTAssertEqual(
            try Checks.written(conversation)["messages"]?.array?[0]["content"]?.array?.last,
            .object(["text": .string("table csv")]))
    }

    // MARK: Paths

    /// From botocore's own serializer: `Tests/Golden/sigv4`.
    func testTheModelsIDIsEncodedAsBotocoreDoes() throws {
        let text = try Golden.lines(of: "sigv4/vectors.json").joined(separator: "\n")
        let paths = try XCTUnwrap(try Checks.json(text)["paths"]?.array)
        XCTAssertGreaterThanOrEqual(paths.count, 8)
        for path in paths {
            let model = try XCTUnwrap(path["model"]?.string)
            XCTAssertEqual(BedrockConverse.path(model: model, isStream: false), path["converse"]?.string)
            XCTAssertEqual(BedrockConverse.path(model: model, isStream: true), path["converseStream"]?.string)
        }
    }
}
