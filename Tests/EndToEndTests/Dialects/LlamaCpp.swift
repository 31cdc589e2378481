import Foundation
import TestSupport
import XCTest

/// A provider that nobody here has written: llama.cpp's server, with a random model behind. It speaks several dialects itself, so that a
/// caller's may be passed to it or translated.
extension ClientDialectTests {
    /// A program that drives it, and the dialect in which Weir asks it.
    private struct LlamaCell {
        var program: String
        var dialect: String
        /// Fewer checks than these, and the program did not run as it should.
        var checksMin: Int
    }

    private static let llamaCells = [
        LlamaCell(program: "llama_anthropic_checks.py", dialect: "openai", checksMin: 8),
        LlamaCell(program: "llama_anthropic_checks.py", dialect: "anthropic", checksMin: 7),
        LlamaCell(program: "llama_anthropic_checks.py", dialect: "responses", checksMin: 7),
        LlamaCell(program: "llama_responses_checks.py", dialect: "openai", checksMin: 7),
        LlamaCell(program: "llama_responses_checks.py", dialect: "anthropic", checksMin: 6),
        LlamaCell(program: "llama_responses_checks.py", dialect: "responses", checksMin: 6),
    ]

    func testLlamaCppServesCallersOfOtherDialects() throws {
        let fleet = try fleet()
        let llama = try PythonTools.startLlama(in: fleet.folder, embedding: false)
        defer { llama.process.kill() }
        try fleet.admin("POST", "models", ["name": "llama", "kind": "chat", "prices": [TestFleet.chatPrice]])
        for dialect in Set(Self.llamaCells.map(\.dialect)) {
            // The version is a part of the address in OpenAI's dialects, and of the path in the others.
            let version = dialect == "anthropic" ? "" : "/v1"
            try fleet.admin(
                "POST", "providers",
                [
                    "name": "llama-\(dialect)", "dialect": dialect,
                    "base_url": "http://127.0.0.1:\(llama.port)\(version)",
                ])
            try fleet.addRoute(
                "llama-\(dialect)",
                [["provider": "llama-\(dialect)", "model": "llama", "upstream_model_name": "weir-test"]])
        }
        let key = try fleet.makeKey("llama")
        try fleet.waitUntilConfigured()
        for cell in Self.llamaCells {
            let label = "\(cell.program.split(separator: "_")[1]) to llama.cpp as \(cell.dialect)"
            let report = try PythonTools.openAIChecks(
                [
                    "--base-url", "http://127.0.0.1:\(fleet.data.port)", "--key", key.text, "--model",
                    "llama-\(cell.dialect)", "--target", cell.dialect, "--weir",
                ], program: cell.program)
            count(report, label)
            XCTAssertGreaterThanOrEqual(report.checks.filter { !$0.skipped }.count, cell.checksMin, label)
            try checkLlamaUsage(report, label, fleet)
        }
    }

    /// The report has what the client was told, and what that costs.
    private func checkLlamaUsage(_ report: PythonTools.ClientReport, _ label: String, _ fleet: TestFleet) throws {
        XCTAssertFalse(report.answers.isEmpty, label)
        let events = try fleet.events(for: report.answers.compactMap(\.requestID))
        for answer in report.answers {
            let what = "\(label): \(answer.kind)"
            let event = try XCTUnwrap(events[try XCTUnwrap(answer.requestID, what)], what)
            XCTAssertEqual(event.outcome, "completed", what)
            XCTAssertTrue(event.usageReported, what)
            XCTAssertEqual(event.inputTokens, answer.promptTokens, what)
            XCTAssertEqual(event.cachedInputTokens, answer.cachedTokens, what)
            XCTAssertEqual(event.outputTokens, answer.completionTokens, what)
            let cost = TestFleet.cost(
                TestFleet.chatPrice, input: event.inputTokens, cached: event.cachedInputTokens,
                output: event.outputTokens)
            XCTAssertEqual(event.costNanodollars, cost, what)
        }
    }
}
