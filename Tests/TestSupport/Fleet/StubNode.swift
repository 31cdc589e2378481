import Foundation

/// A running stub provider.
public final class StubNode {
    public let name: String
    public let process: ChildProcess
    public let port: UInt16

    init(name: String, process: ChildProcess, port: UInt16) {
        self.name = name
        self.process = process
        self.port = port
    }

    public var baseURL: String { "http://127.0.0.1:\(port)/v1" }

    /// One request that the provider billed.
    public struct Bill: Sendable, CustomStringConvertible {
        public var sequence: Int
        public var requestID: String
        public var model: String
        public var isStream: Bool
        public var promptTokens: Int
        public var cachedTokens: Int
        public var completionTokens: Int
        public var reasoningTokens: Int
        /// When it arrived, by `monotonicMicroseconds()`.
        public var begunMicroseconds: Int
        /// 0 while it is open.
        public var finishedMicroseconds: Int
        /// `open`, `whole`, `partial` or `none`.
        public var delivery: String
        /// The batch that it was a part of; its request is then the one that ordered the batch.
        public var batch: String?

        public var description: String {
            "\(requestID) \(model) in \(promptTokens) (cached \(cachedTokens)) out \(completionTokens) \(delivery)"
        }
    }

    public func ledger(since: Int = 0) throws -> [Bill] {
        let answer = try HTTPCaller(port: port).send("GET", "/stub/ledger?since=\(since)").json
        return (answer["entries"] as? [[String: Any]] ?? []).map { entry in
            Bill(
                sequence: entry["sequence"] as? Int ?? 0, requestID: entry["requestID"] as? String ?? "",
                model: entry["model"] as? String ?? "", isStream: entry["isStream"] as? Bool ?? false,
                promptTokens: entry["promptTokens"] as? Int ?? 0, cachedTokens: entry["cachedTokens"] as? Int ?? 0,
                completionTokens: entry["completionTokens"] as? Int ?? 0,
                reasoningTokens: entry["reasoningTokens"] as? Int ?? 0,
                begunMicroseconds: entry["begunMicroseconds"] as? Int ?? 0,
                finishedMicroseconds: entry["finishedMicroseconds"] as? Int ?? 0,
                delivery: entry["delivery"] as? String ?? "", batch: entry["batch"] as? String)
        }
    }

    public func lastSequence() throws -> Int {
        try HTTPCaller(port: port).send("GET", "/stub/ledger?since=\(Int32.max)").json["lastSequence"] as? Int ?? 0
    }

    /// What arrived under a request ID, one entry per attempt.
    public func received(_ requestID: String) throws -> [(head: String, body: [UInt8])] {
        let answer = try HTTPCaller(port: port).send("GET", "/stub/requests/\(requestID)").json
        return (answer["requests"] as? [[String: String]] ?? []).map { entry in
            (
                head: String(decoding: Data(base64Encoded: entry["head"] ?? "") ?? Data(), as: UTF8.self),
                body: Array(Data(base64Encoded: entry["body"] ?? "") ?? Data())
            )
        }
    }

    /// The faults of the next requests, one after the other.
    public func script(_ faults: String...) throws { try post("script", ["sequence": faults]) }

    /// What befalls every request from here on; nil: nothing any more.
    public func befall(_ fault: String?) throws {
        try post("script", fault.map { ["rate": 1.0, "faults": [$0]] } ?? [:])
    }

    /// What befalls some of the requests from here on, as the seed has it.
    public func script(rate: Double, seed: Int, _ faults: String...) throws {
        try post("script", ["rate": rate, "seed": seed, "faults": faults])
    }

    /// What befalls every request with a key from here on; nil: nothing any more.
    public func befall(key: String, _ fault: String?) throws {
        try post("keys", [key: fault.map { $0 as Any } ?? NSNull()])
    }

    /// How many metered requests came with each key.
    public func keys() throws -> [String: Int] {
        try HTTPCaller(port: port).send("GET", "/stub/keys").json.compactMapValues { $0 as? Int }
    }

    /// Prepares the exact bytes of the next answer.
    public func prepare(answer: [UInt8], splits: [Int] = [], everyPosition: Bool = false) throws {
        try post(
            "canned", ["raw": Data(answer).base64EncodedString(), "splits": splits, "everyPosition": everyPosition])
    }

    public func forgetPrepared() throws { _ = try HTTPCaller(port: port).send("DELETE", "/stub/canned") }

    private func post(_ path: String, _ body: [String: Any]) throws {
        let bytes = Array(try JSONSerialization.data(withJSONObject: body))
        let answer = try HTTPCaller(port: port).send("POST", "/stub/\(path)", body: bytes)
        guard answer.status == 200 else { throw TestFailure("POST /stub/\(path): \(answer.status) \(answer.text)") }
    }
}
