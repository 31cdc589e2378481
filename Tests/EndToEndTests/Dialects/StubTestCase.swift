import Foundation
import TestSupport
import XCTest

/// A provider of its own for each test.
class StubTestCase: XCTestCase {
    private var folder = ""
    private var processes: [ChildProcess] = []
    private(set) var port: UInt16 = 0
    let key = "sk-stub"

    /// Each of them is an account of its own.
    var acceptsAnyKey: Bool { false }

    /// Beside the key.
    var arguments: [String] { [] }

    override func setUpWithError() throws {
        folder = FileManager.default.temporaryDirectory.path + "/weir-stub-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        port = try start("stub")
    }

    override func tearDown() {
        for process in processes { process.kill() }
        processes = []
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// One more of them.
    func start(_ name: String) throws -> UInt16 {
        let started = try ChildProcess(
            name: name, executable: TestFleet.executable("weir-stub-provider"),
            arguments: ["--port=0", "--port-file=\(folder)/\(name).port"]
                + (acceptsAnyKey ? [] : ["--key=\(key)"]) + arguments,
            log: "\(folder)/\(name).log")
        processes.append(started)
        return try TestFleet.port(in: "\(folder)/\(name).port", of: started)
    }

    func send(
        _ dialect: DialectSpeech, _ question: DialectSpeech.Question, fault: String? = nil,
        headers: [(String, String)] = []
    ) throws -> HTTPAnswer {
        try dialect.send(
            question, as: key, to: HTTPCaller(port: port),
            headers: headers + (fault.map { [("x-stub-fault", $0)] } ?? []))
    }

    /// The answer to a question that is answered.
    func ask(
        _ dialect: DialectSpeech, _ question: DialectSpeech.Question, fault: String? = nil
    ) throws -> DialectAnswer {
        let answer = try send(dialect, question, fault: fault)
        guard answer.status == 200 else { throw TestFailure("\(dialect): \(answer.status) \(answer.text)") }
        return try DialectAnswer(answer, in: dialect, isStream: question.isStream)
    }

    func bills() throws -> [[String: Any]] {
        try HTTPCaller(port: port).send("GET", "/stub/ledger").json["entries"] as? [[String: Any]] ?? []
    }

    /// Input, cached input, output and, where the dialect says it, reasoning: all of it, whatever the dialect counts on top of what.
    func totals(_ answer: DialectAnswer, in dialect: DialectSpeech) throws -> [Int] {
        let usage = try XCTUnwrap(answer.usage, "\(dialect) tells no usage")
        func count(_ name: String) -> Int { usage[name] ?? 0 }
        switch dialect {
        case .openai:
            // The details are objects, which are not counts.
            let bill = try XCTUnwrap(try bills().last)
            return [
                count("prompt_tokens"), bill["cachedTokens"] as? Int ?? -1, count("completion_tokens"),
                bill["reasoningTokens"] as? Int ?? -1,
            ]
        case .anthropic:
            let cached = count("cache_read_input_tokens")
            return [
                count("input_tokens") + cached + count("cache_creation_input_tokens"), cached, count("output_tokens"),
                0,
            ]
        case .gemini:
            let thoughts = count("thoughtsTokenCount")
            return [
                count("promptTokenCount"), count("cachedContentTokenCount"), count("candidatesTokenCount") + thoughts,
                thoughts,
            ]
        case .bedrock:
            let cached = count("cacheReadInputTokens")
            return [count("inputTokens") + cached + count("cacheWriteInputTokens"), cached, count("outputTokens"), 0]
        case .responses:
            return [
                count("input_tokens"), count("cached_tokens"), count("output_tokens"), count("reasoning_tokens"),
            ]
        }
    }

    /// Why an answer ended, in the dialect's word.
    static func word(_ reason: String, in dialect: DialectSpeech) -> String {
        let words: [String: [String]] = [
            "stop": ["stop", "end_turn", "STOP", "end_turn", "completed"],
            "stop sequence": ["stop", "stop_sequence", "STOP", "stop_sequence"],
            "length": ["length", "max_tokens", "MAX_TOKENS", "max_tokens", "max_output_tokens"],
            "calls": ["tool_calls", "tool_use", "STOP", "tool_use", "completed"],
        ]
        return words[reason]?[DialectSpeech.allCases.firstIndex(of: dialect) ?? 0] ?? ""
    }
}
