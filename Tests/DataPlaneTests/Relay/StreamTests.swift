import Shared
import XCTest

@testable import DataPlane

final class SSEFramerTests: XCTestCase {
    /// The events of `text` when it arrives in the given pieces.
    private func events(_ text: String, cutAt cuts: [Int]) -> [String] {
        let bytes = Array(text.utf8)
        var framer = SSEFramer()
        let pending = ByteBuffer()
        var found: [String] = []
        var start = 0
        for end in cuts + [bytes.count] {
            pending.append(Array(bytes[start..<end]))
            start = end
            while let length = unsafe framer.eventLength(pending.readable) {
                found.append(String(decoding: pending.array(0..<length), as: UTF8.self))
                pending.consume(length)
            }
        }
        return found
    }

    func testEventsAreTheSameHoweverTheyAreCut() {
        let text = "data: a\n\n: comment\n\nevent: x\r\ndata: b\r\n\r\ndata:c\ndata: d\n\n"
        let whole = events(text, cutAt: [])
        XCTAssertEqual(whole.count, 4)
        XCTAssertEqual(whole.joined(), text)
        for first in 0...text.utf8.count {
            XCTAssertEqual(events(text, cutAt: [first]), whole, "cut at \(first)")
            for second in first...text.utf8.count { XCTAssertEqual(events(text, cutAt: [first, second]), whole) }
        }
        XCTAssertEqual(events(text, cutAt: Array(0..<text.utf8.count)), whole)
    }

    func testDataOfAnEvent() {
        func data(_ text: String) -> String? {
            unsafe Array(text.utf8).withUnsafeBytes { event in
                unsafe SSEEvent.withData(of: event) { unsafe String(decoding: $0, as: UTF8.self) }
            }
        }
        XCTAssertEqual(data("data: a\n\n"), "a")
        XCTAssertEqual(data("data:a\r\n\r\n"), "a")
        XCTAssertEqual(data("event: x\ndata: a\ndata:  b\nid: 3\n\n"), "a\n b")
        XCTAssertEqual(data("data:\n\n"), "")
        XCTAssertNil(data(": keep-alive\n\n"))
        XCTAssertNil(data("dat: a\n\n"))
    }
}

final class StreamInspectorTests: XCTestCase {
    private func inspect(_ inspector: inout StreamInspector, _ json: String) -> StreamInspector.Verdict {
        unsafe Array("data: \(json)\n\n".utf8).withUnsafeBytes { unsafe inspector.inspect($0) }
    }

    private let usage =
        #""usage":{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":4}}"#

    func testTheUsageChunkIsHiddenOnlyFromThoseWhoDidNotAsk() {
        for (hides, verdict) in [(true, StreamInspector.Verdict.hide), (false, .forward)] {
            var inspector = StreamInspector(hidesUsageChunk: hides)
            XCTAssertEqual(inspect(&inspector, #"{"choices":[{"delta":{"content":"a"}}],"usage":null}"#), .forward)
            XCTAssertEqual(inspect(&inspector, #"{"choices":[ ],"# + usage + "}"), verdict)
            XCTAssertEqual(inspector.usage, TokenUsage(input: 10, cachedInput: 4, output: 5))
            XCTAssertEqual(inspect(&inspector, "[DONE]"), .done)
            XCTAssertEqual(inspector.chunkCount, 1)
        }
    }

    func testUsageOnEveryChunkIsTheLastAndNeverTheSum() {
        var inspector = StreamInspector(hidesUsageChunk: true)
        for output in 1...3 {
            let chunk = #"{"choices":[{"delta":{}}],"usage":{"prompt_tokens":7,"completion_tokens":\#(output)}}"#
            XCTAssertEqual(inspect(&inspector, chunk), .forward)
        }
        XCTAssertEqual(inspector.usage, TokenUsage(input: 7, output: 3))
    }

    func testAChunkWithoutChoicesAndUsageIsPassedOn() {
        var inspector = StreamInspector(hidesUsageChunk: true)
        XCTAssertEqual(inspect(&inspector, #"{"choices":[],"prompt_filter_results":[]}"#), .forward)
        XCTAssertNil(inspector.usage)
    }

    func testBrokenAndFailedChunksAreSeen() {
        var inspector = StreamInspector(hidesUsageChunk: true)
        XCTAssertEqual(inspect(&inspector, #"{"choices":[{"delta":{"#), .malformed)
        XCTAssertEqual(inspect(&inspector, #"{"error":{"message":"overloaded"}}"#), .failed)
        XCTAssertEqual(inspect(&inspector, #"{"choices":[{}],"error":null}"#), .forward)
    }
}
