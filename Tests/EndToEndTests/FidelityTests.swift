import Foundation
import TestSupport
import XCTest

/// Same dialect in and out: the upstream receives the caller's bytes and the caller the upstream's, except for the model's
/// name, the request for usage, and the usage chunk nobody asked for.
///
/// - Source: `Tests/Golden/fidelity/<case>/{request,upstream-request,upstream-response[,response]}`.
final class FidelityTests: FleetTestCase {
    private struct Case {
        var name: String
        var request: [UInt8]
        var upstreamRequest: [UInt8]
        var upstreamResponse: [UInt8]
        var response: [UInt8]

        var path: String { name.hasPrefix("embeddings-") ? "/v1/embeddings" : "/v1/chat/completions" }
        var status: Int { name.hasPrefix("error-") ? Int(name.dropFirst(6)) ?? 0 : 200 }
        var contentType: String { name.hasPrefix("stream-") ? "text/event-stream; charset=utf-8" : "application/json" }

        /// The upstream's whole answer. It closes, so that no test depends on the connection of the one before.
        func answer(chunked: Bool) -> [UInt8] {
            let head = "HTTP/1.1 \(status) Status\r\nContent-Type: \(contentType)\r\nConnection: close\r\n"
            guard chunked else {
                return Array((head + "Content-Length: \(upstreamResponse.count)\r\n\r\n").utf8) + upstreamResponse
            }
            var out = Array((head + "Transfer-Encoding: chunked\r\n\r\n").utf8)
            var rest = upstreamResponse[...]
            // Sizes that respect nothing: neither lines nor events nor scalars.
            for size in sequence(first: 1, next: { $0 * 3 % 97 + 1 }) {
                guard !rest.isEmpty else { break }
                let piece = rest.prefix(size)
                rest = rest.dropFirst(size)
                out += Array((String(piece.count, radix: 16) + "\r\n").utf8) + piece + [13, 10]
            }
            return out + Array("0\r\n\r\n".utf8)
        }
    }

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Golden/fidelity")

    private static func cases() throws -> [Case] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { name in
            func read(_ file: String) throws -> [UInt8] {
                Array(try Data(contentsOf: folder.appendingPathComponent("\(name)/\(file)")))
            }
            let upstreamResponse = try read("upstream-response")
            return Case(
                name: name, request: try read("request"), upstreamRequest: try read("upstream-request"),
                upstreamResponse: upstreamResponse, response: (try? read("response")) ?? upstreamResponse)
        }
    }

    /// Sends a case and answers what the caller got.
    private func send(_ one: Case, _ key: TestFleet.Key, through caller: HTTPCaller) throws -> HTTPAnswer {
        try caller.send(
            "POST", one.path, headers: [("authorization", "Bearer \(key.text)"), ("content-type", "application/json")],
            body: one.request)
    }

    func testCorpusPassesByteForByte() throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("fidelity")
        try fleet.waitUntilConfigured()
        let cases = try Self.cases()
        XCTAssertGreaterThanOrEqual(cases.count, 40)
        let caller = fleet.data.caller()
        for one in cases {
            for chunked in [false, true] where chunked || !one.name.hasPrefix("stream-") {
                let label = "\(one.name)\(chunked ? ", chunked" : "")"
                try fleet.stub.prepare(answer: one.answer(chunked: chunked))
                let answer = try send(one, key, through: caller)
                XCTAssertEqual(answer.status, one.status, "\(label): \(answer.text.prefix(300))")
                XCTAssertEqual(answer.ending, .complete, label)
                XCTAssertEqual(answer.header("content-type"), one.contentType, label)
                assertSame(answer.body, one.response, "\(label): what the caller got")
                let id = try XCTUnwrap(answer.header("x-request-id"), label)
                let received = try fleet.stub.received(id)
                XCTAssertEqual(received.count, 1, label)
                assertSame(received.first?.body ?? [], one.upstreamRequest, "\(label): what the upstream received")
                try fleet.stub.forgetPrepared()
            }
        }
    }

    /// The stream that hides most, cut at every byte of head, framing and body: the caller sees the same bytes each time.
    func testStreamIsTheSameWhereverTheUpstreamsBytesAreCut() throws {
        try checkEveryPosition(of: "stream-hides-usage-not-asked-for")
    }

    func testStreamWithCarriageReturnsIsTheSameWhereverTheUpstreamsBytesAreCut() throws {
        try checkEveryPosition(of: "stream-crlf-hidden")
    }

    func testPlainAnswerIsTheSameWhereverTheUpstreamsBytesAreCut() throws {
        try checkEveryPosition(of: "answer-usage-first")
    }

    private func checkEveryPosition(of name: String) throws {
        let fleet = try fleet()
        let key = try fleet.makeKey("cut-\(name)")
        try fleet.waitUntilConfigured()
        let one = try XCTUnwrap(try Self.cases().first { $0.name == name })
        let raw = one.answer(chunked: true)
        try fleet.stub.prepare(answer: raw, everyPosition: true)
        let caller = fleet.data.caller()
        var ids: [String] = []
        for position in 1..<raw.count {
            let answer = try send(one, key, through: caller)
            XCTAssertEqual(answer.status, 200)
            XCTAssertEqual(answer.ending, .complete)
            assertSame(answer.body, one.response, "cut after \(position) bytes")
            ids.append(answer.header("x-request-id") ?? "")
            if answer.body != one.response { break }
        }
        try fleet.stub.forgetPrepared()
        // Whatever the cut, the same usage was read on the way past.
        let events = try fleet.events(for: ids)
        XCTAssertEqual(Set(events.values.map { [$0.inputTokens, $0.outputTokens] }).count, 1)
        XCTAssertTrue(events.values.allSatisfy { $0.usageReported && $0.outcome == "completed" })
    }

    private func assertSame(_ actual: [UInt8], _ expected: [UInt8], _ what: String, line: UInt = #line) {
        guard actual != expected else { return }
        let position =
            zip(actual, expected).enumerated().first { $1.0 != $1.1 }?.offset ?? min(actual.count, expected.count)
        func excerpt(_ bytes: [UInt8]) -> String {
            String(decoding: bytes[max(0, position - 40)..<min(bytes.count, position + 60)], as: UTF8.self)
        }
        XCTFail(
            "\(what) differs at byte \(position) (\(actual.count) bytes, want \(expected.count)): "
                + "got …\(excerpt(actual))…, want …\(excerpt(expected))…", line: line)
    }
}
