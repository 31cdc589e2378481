import Foundation
import TestSupport

/// The Python programs beside this file and the environment they run in.
enum PythonTools {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("python")
        .path

    /// Made by `deploy/test-venv.sh`, once for all runs.
    static let python: Result<String, any Error> = Result {
        let root = URL(fileURLWithPath: folder).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let output = try run(root.appendingPathComponent("deploy/test-venv.sh").path, []).output
        guard let venv = output.split(separator: "\n").last else { throw TestFailure("test-venv.sh said nothing") }
        return "\(venv)/bin/python"
    }

    /// Runs a program to its end.
    static func run(_ executable: String, _ arguments: [String]) throws -> (output: String, status: Int32) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: bytes, as: UTF8.self), process.terminationStatus)
    }

    struct ClientReport: Decodable {
        struct Check: Decodable {
            var name: String
            var failure: String?
            var skipped: Bool
            /// How many requests the client made, where the program counts them.
            var requests: Int?
        }
        /// What the client was told about one answered request.
        struct Answer: Decodable {
            var kind: String
            var requestID: String?
            var target: String?
            var costUSD: String?
            /// nil: the client asked for a stream without usage.
            var promptTokens: Int?
            var completionTokens: Int?
            var cachedTokens: Int
        }
        var checks: [Check]
        var answers: [Answer]
    }

    /// Runs the official OpenAI client, or another program that reports in the same way.
    static func openAIChecks(
        _ arguments: [String], program: String = "openai_client_checks.py"
    ) throws -> ClientReport {
        let (output, _) = try run(python.get(), ["\(folder)/\(program)"] + arguments)
        do {
            return try JSONDecoder().decode(ClientReport.self, from: Data(output.utf8))
        } catch { throw TestFailure("\(program): \(error)\n\(output)") }
    }

    /// A llama.cpp server over a random model of a few hundred kilobytes.
    static func startLlama(in folder: String, embedding: Bool) throws -> (process: ChildProcess, port: UInt16) {
        let model = "\(folder)/tiny.gguf"
        if !FileManager.default.fileExists(atPath: model) {
            _ = try run(python.get(), ["\(Self.folder)/make_tiny_gguf.py", model])
        }
        let name = embedding ? "llama-embedding" : "llama-chat"
        let portFile = "\(folder)/\(name).port"
        let process = try ChildProcess(
            name: name, executable: python.get(),
            arguments: ["\(Self.folder)/llama_server.py", model, portFile] + (embedding ? ["--embedding"] : []),
            log: "\(folder)/\(name).log")
        return (process, try TestFleet.port(in: portFile, of: process, timeout: .seconds(60)))
    }
}
