import Foundation
import TestSupport
import XCTest

/// The official OpenAI client, unchanged, in front of a stub provider and of a real llama.cpp server; and the usage report
/// afterwards, to the token and the nanodollar.
final class OpenAIClientTests: FleetTestCase {
    func testClientIsServedFromTheStubProvider() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("openai-stub")
        try fleet.waitUntilConfigured()
        let report = try PythonTools.openAIChecks([
            "--base-url", "http://127.0.0.1:\(fleet.data.port)/v1", "--key", key.text, "--chat", "chat", "--embedding",
            "embedding", "--provider", "stub", "--weir",
        ])
        for check in report.checks { XCTAssertNil(check.failure, check.name) }
        XCTAssertGreaterThanOrEqual(report.checks.filter { !$0.skipped }.count, 16)

        let bills = Dictionary(try fleet.stub.ledger().map { ($0.requestID, $0) }) { first, _ in first }
        let events = try fleet.events(for: report.answers.compactMap(\.requestID))
        for answer in report.answers {
            let id = try XCTUnwrap(answer.requestID, answer.kind)
            let event = try XCTUnwrap(events[id], answer.kind)
            let bill = try XCTUnwrap(bills[id], "\(answer.kind): the provider never saw \(id)")
            XCTAssertEqual(event.inputTokens, bill.promptTokens, answer.kind)
            XCTAssertEqual(event.outputTokens, bill.completionTokens, answer.kind)
            try check(
                answer, event,
                price: answer.kind.hasPrefix("embeddings") ? TestFleet.embeddingPrice : TestFleet.chatPrice)
        }
    }

    func testClientIsServedFromLlamaCpp() throws {
        let fleet = try fleet()
        let chat = try PythonTools.startLlama(in: fleet.folder, embedding: false)
        defer { chat.process.kill() }
        let embedding = try PythonTools.startLlama(in: fleet.folder, embedding: true)
        defer { embedding.process.kill() }
        for (name, port, kind, price) in [
            ("llama-chat", chat.port, "chat", TestFleet.chatPrice),
            ("llama-embedding", embedding.port, "embedding", TestFleet.embeddingPrice),
        ] {
            try fleet.admin("POST", "providers", ["name": name, "base_url": "http://127.0.0.1:\(port)/v1"])
            try fleet.admin("POST", "models", ["name": name, "kind": kind, "prices": [price]])
            try fleet.addRoute(name, [["provider": name, "model": name, "upstream_model_name": "weir-test"]])
        }
        let key = try fleet.makeKey("openai-llama")
        try fleet.waitUntilConfigured()
        let report = try PythonTools.openAIChecks([
            "--base-url", "http://127.0.0.1:\(fleet.data.port)/v1", "--key", key.text, "--chat", "llama-chat",
            "--embedding",
            "llama-embedding", "--provider", "llama", "--weir",
        ])
        for check in report.checks { XCTAssertNil(check.failure, check.name) }
        let events = try fleet.events(for: report.answers.compactMap(\.requestID))
        XCTAssertGreaterThanOrEqual(events.count, 9)
        for answer in report.answers {
            let event = try XCTUnwrap(events[answer.requestID ?? ""], answer.kind)
            try check(
                answer, event,
                price: answer.kind.hasPrefix("embeddings") ? TestFleet.embeddingPrice : TestFleet.chatPrice)
        }

        // The report is the sum of these events, to the token and the nanodollar.
        let rows = try fleet.usageRows().filter { $0.provider == "llama-chat" }
        var total: [String: Any] = [:]
        try waitUntil("the report includes all events", detail: { "\(total)" }) {
            total = try fleet.admin("GET", "usage?provider=llama-chat")["total"] as? [String: Any] ?? [:]
            return total["requests"] as? Int == rows.count
        }
        XCTAssertEqual(total["input_tokens"] as? Int, rows.reduce(0) { $0 + $1.inputTokens })
        XCTAssertEqual(total["output_tokens"] as? Int, rows.reduce(0) { $0 + $1.outputTokens })
        XCTAssertEqual((total["cost_nanodollars"] as? NSNumber)?.int64Value, rows.reduce(0) { $0 + $1.costNanodollars })
    }

    /// The event says what the client was told, and costs what that costs.
    private func check(_ answer: PythonTools.ClientReport.Answer, _ event: UsageRow, price: [String: Int]) throws {
        XCTAssertEqual(event.outcome, "completed", answer.kind)
        XCTAssertTrue(event.usageReported, answer.kind)
        if let prompt = answer.promptTokens {
            XCTAssertEqual(event.inputTokens, prompt, answer.kind)
            XCTAssertEqual(event.outputTokens, answer.completionTokens, answer.kind)
            XCTAssertEqual(event.cachedInputTokens, answer.cachedTokens, answer.kind)
        } else {
            XCTAssertGreaterThan(event.inputTokens, 0, answer.kind)
            XCTAssertGreaterThan(event.outputTokens, 0, answer.kind)
        }
        let cost = TestFleet.cost(
            price, input: event.inputTokens, cached: event.cachedInputTokens, output: event.outputTokens)
        XCTAssertEqual(event.costNanodollars, cost, "\(answer.kind): \(event)")
        if let told = answer.costUSD {
            let nanodollars = try XCTUnwrap(Decimal(string: told)) * 1_000_000_000
            XCTAssertEqual(nanodollars, Decimal(cost), "\(answer.kind): x-weir-cost-usd")
        }
    }
}
