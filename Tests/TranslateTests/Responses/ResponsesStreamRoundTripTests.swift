import Shared
import XCTest

@testable import Translate

/// What is written for a caller and read again says the same.
final class ResponsesStreamRoundTripTests: XCTestCase {
    typealias Checks = ResponsesStreamChecks

    private func readBack(_ events: [AnswerEvent]) throws -> [AnswerEvent] {
        var reader = OpenAIResponses.streamReader()
        var found: [AnswerEvent] = []
        for frame in try Checks.frames(events) {
            try Checks.feed(String(decoding: frame.data.bytes, as: UTF8.self), named: frame.name, to: &reader, &found)
        }
        reader.end(into: &found)
        return found.map { event in
            // It repeats the request.
            guard case .began(var head) = event else { return event }
            head.extras = Extras()
            return .began(head)
        }
    }

    private static let head = AnswerEvent.began(AnswerHead(id: "resp_1", model: "m", createdUnixSeconds: 7))

    private static func end(_ reason: FinishReason) -> [AnswerEvent] {
        [.finished(choice: 0, reason, stop: nil), .usage(TokenUsage(input: 5, cachedInput: 2, output: 7)), .ended]
    }

    func testAStreamReadAgainSaysTheSame() throws {
        let note = try Checks.json(#"{"type":"url_citation","url":"u","title":"t","start_index":0,"end_index":1}"#)
        let search = try Checks.json(
            #"{"id":"ws_1","type":"web_search_call","status":"completed","action":{"type":"search","query":"q"}}"#)
        let logprobs = try Checks.json(#"{"content":[{"token":"A","logprob":-1,"bytes":[65],"top_logprobs":[]}]}"#)
        let thought: [AnswerEvent] = [
            .opened(part: 0, choice: 0, .thinking(origin: .responses)), .text(part: 0, "Hm"), .text(part: 0, "\n\"!"),
            .signature(part: 0, "sig"), .closed(part: 0),
        ]
        let calls: [AnswerEvent] = [
            .opened(part: 1, choice: 0, .toolCall(id: "c1", name: "f", signature: nil)), .arguments(part: 1, "{\"a\""),
            .arguments(part: 1, ":1}"), .closed(part: 1),
            .opened(part: 2, choice: 0, .toolCall(id: "c2", name: "g", signature: nil)), .arguments(part: 2, "{}"),
            .closed(part: 2),
        ]
        let streams: [[AnswerEvent]] = [
            Self.end(.stop), thought + calls + Self.end(.toolCalls),
            [.opened(part: 0, choice: 0, .refusal), .text(part: 0, "No"), .closed(part: 0)] + Self.end(.refusal),
            [
                .opened(part: 0, choice: 0, .text), .logprobs(choice: 0, logprobs), .text(part: 0, "A"),
                .text(part: 0, "é🙂"), .citation(part: 0, note, of: .responses), .closed(part: 0),
                .opened(part: 1, choice: 0, .text), .text(part: 1, "B"), .closed(part: 1),
            ] + Self.end(.length),
            [
                .opened(part: 0, choice: 0, .sealedThinking("x", origin: .responses)), .closed(part: 0),
                .opened(part: 1, choice: 0, .whole(Part(.native(search, of: .responses)))), .closed(part: 1),
            ] + Self.end(.contentFilter),
        ]
        for stream in streams {
            let events = [Self.head] + stream
            XCTAssertEqual(try readBack(events).sayingLogprobsLate, events.sayingLogprobsLate)
        }
    }

    func testAFailureReadAgainIsTheSame() throws {
        let kinds: [ProviderError.Kind] = [.rateLimit, .quota, .invalidRequest, .overloaded, .server]
        for kind in kinds {
            let error = ProviderError(status: 0, kind: kind, message: "No")
            for events in [[.failed(error)], [Self.head, .failed(error)]] {
                guard case .failed(let found)? = try readBack(events).last else { return XCTFail("\(kind)") }
                XCTAssertEqual(found.kind, kind)
                XCTAssertEqual(found.message, "No")
            }
        }
    }

    /// Whatever a provider's stream is like, what is written of it keeps the rules of the dialect, and says the same.
    func testRandomStreamsKeepTheRules() throws {
        for seed in 0..<400 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let events = Self.randomStream(&random)
            let found = try readBack(events)
            XCTAssertEqual(said(found), said(events), "seed \(seed)")
            XCTAssertEqual(found.last, .ended, "seed \(seed)")
        }
    }

    /// Parts that open, grow and close in any order, several at once.
    private static func randomStream(_ random: inout SeededRandom) -> [AnswerEvent] {
        var events = [head]
        var open: [(part: Int, kind: PartKind)] = []
        var count = 0
        for _ in 0..<Int.random(in: 0..<40, using: &random) {
            switch Int.random(in: 0..<5, using: &random) {
            case 0 where open.count < 4:
                let kinds: [PartKind] = [
                    .text, .refusal, .thinking(origin: .responses),
                    .toolCall(id: "c\(count)", name: "f", signature: nil),
                ]
                let kind = kinds[Int.random(in: 0..<kinds.count, using: &random)]
                open.append((count, kind))
                events.append(.opened(part: count, choice: 0, kind))
                count += 1
            case 1 where !open.isEmpty:
                events.append(.closed(part: open.remove(at: Int.random(in: 0..<open.count, using: &random)).part))
            default:
                guard let (part, kind) = open.randomElement(using: &random) else { continue }
                let piece = "p\(events.count) "
                if case .toolCall = kind {
                    events.append(.arguments(part: part, piece))
                } else {
                    events.append(.text(part: part, piece))
                }
            }
        }
        return events + end(.stop)
    }

    /// The kinds and the texts of all parts that say something, in the order in which they were opened.
    private func said(_ events: [AnswerEvent]) -> Set<String> {
        var texts: [Int: String] = [:]
        var kinds: [Int: String] = [:]
        for event in events {
            switch event {
            case .opened(let part, _, .toolCall(let id, _, _)): (kinds[part], texts[part]) = ("call \(id)", "")
            case .opened(let part, _, let kind): kinds[part] = "\(kind)"
            case .text(let part, let piece), .arguments(let part, let piece): texts[part, default: ""] += piece
            default: break
            }
        }
        return Set(
            texts.map { part, text in
                let isCall = kinds[part]?.hasPrefix("call") == true
                return "\(kinds[part] ?? "?"): \(text.isEmpty && isCall ? "{}" : text)"
            })
    }
}

extension [AnswerEvent] {
    /// Probabilities belong to the text behind them, whether it was opened before them or after.
    fileprivate var sayingLogprobsLate: [AnswerEvent] {
        var events = self
        for place in events.indices.dropLast() {
            guard case .logprobs = events[place], case .opened = events[place + 1] else { continue }
            events.swapAt(place, place + 1)
        }
        return events
    }
}
