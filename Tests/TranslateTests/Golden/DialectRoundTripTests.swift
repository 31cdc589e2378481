import Shared
import Translate
import XCTest

/// What is read and written again says the same.
final class DialectRoundTripTests: XCTestCase {
    func testARequestWrittenInItsOwnDialectLosesNothing() throws {
        for known in try DialectCase.all() {
            for caller in DialectCase.callers {
                // Functions, as tools were called once, go out as tools.
                guard known.name != "functions-of-old", let request = try known.request(of: caller) else { continue }
                // No model takes what all of its dialect took.
                let losses = try TargetTraits.generations(of: caller).map {
                    try Self.loss(of: request, in: caller, at: $0)
                }
                guard losses.allSatisfy({ $0 != nil }), let loss = losses.first else { continue }
                XCTFail("\(known.name) \(caller.rawValue): \(loss ?? "")")
            }
        }
    }

    /// What a request says otherwise than it did, or nil.
    private static func loss(
        of request: DialectCase.Request, in dialect: Dialect, at target: TargetTraits
    ) throws -> String? {
        let rendered = try dialect.codec.request(request.conversation(of: dialect), for: target)
        let lost = rendered.dropped + rendered.adjusted
        guard lost.isEmpty, rendered.reading.isPlain else { return "\(target.model): \(lost)" }
        let before = OwnDialect.normalForm(request.body, of: dialect)
        let after = OwnDialect.normalForm(try DialectCell.json(rendered.body), of: dialect)
        guard let before, let after, before != after else { return nil }
        return "\(target.model): sent\n\(PrettyJSON.text(before))\nwritten\n\(PrettyJSON.text(after))"
    }

    /// Tools that may not be called are not offered, and those of the history are defined where they have to be.
    private static let toolsDiffer = ["allowed-tools", "json-object", "results-without-tools", "tool-choice-none"]

    func testARequestOfOpenAISaysTheSameInEveryOtherDialect() throws {
        for known in try DialectCase.all() {
            guard let request = try known.request(of: .openai) else { continue }
            let conversation = try request.conversation(of: .openai)
            for other in DialectCase.providers where other != .openai {
                let traits = DialectCase.traits(of: other)
                let rendered: RenderedRequest
                do throws(TranslationError) { rendered = try other.codec.request(conversation, for: traits) } catch {
                    // What cannot be said at all is reviewed in the matrix.
                    guard case .inexpressible = error else { throw error }
                    continue
                }
                let call = InboundCall(model: traits.model, isStream: conversation.isStream)
                let back = try other.codec.conversation(from: DialectCell.json(rendered.body), of: call)
                var before = ConversationEssence(conversation)
                var after = ConversationEssence(back, names: rendered.reading.toolNames)
                // These have no word in the other dialect, or another one.
                if known.name == "audio" { (before.turns, after.turns) = ([], []) }
                if Self.toolsDiffer.contains(known.name) || !rendered.reading.isPlain {
                    (before.tools, after.tools) = ([], [])
                }
                guard before != after else { continue }
                XCTFail("\(known.name) \(other.rawValue): said\n\(before)\nfound\n\(after)\n\(rendered.dropped)")
            }
        }
    }

    func testAStreamIsTheSameWhereverItIsCut() throws {
        for known in try DialectCase.all() {
            for provider in DialectCase.providers {
                let bytes = try known.stream(of: provider)
                let whole = try ProviderStream.messages(of: [bytes[...]], in: provider)
                let events = try ProviderStream.events(of: whole, in: provider)
                // Every place of what is short, and as many of what is long; the pieces of one byte below have them all.
                let step = max(1, bytes.count / 150)
                for place in stride(from: 0, through: bytes.count, by: step) {
                    let cut = try ProviderStream.messages(of: [bytes[..<place], bytes[place...]], in: provider)
                    guard cut != whole else { continue }
                    XCTFail("\(known.name) \(provider.rawValue) is another one if cut at \(place)")
                    break
                }
                let single = try ProviderStream.messages(of: bytes.indices.map { bytes[$0...$0] }, in: provider)
                XCTAssertEqual(try ProviderStream.events(of: single, in: provider), events, known.name)
            }
        }
    }

    func testAStreamThatBreaksOffDoesNotEndAsIfItWereWhole() throws {
        for known in try DialectCase.all() where try known.reply(of: .openai).failure == nil {
            for provider in DialectCase.providers {
                let messages = try ProviderStream.messages(of: [known.stream(of: provider)[...]], in: provider)
                // Up to the first message that says how it ends.
                for count in 0..<messages.count {
                    let events = try ProviderStream.events(of: Array(messages[..<count]), in: provider)
                    let isFinished = events.contains { if case .finished = $0 { true } else { false } }
                    if isFinished { break }
                    XCTAssertFalse(events.contains(.ended), "\(known.name) \(provider.rawValue) after \(count)")
                }
            }
        }
    }
}

extension TargetTraits {
    fileprivate static func generations(of dialect: Dialect) -> [TargetTraits] {
        let models =
            switch dialect {
            case .openai, .responses: ["gpt-5-mini"]
            case .anthropic: ["claude-opus-4-6", "claude-3-7-sonnet"]
            case .gemini: ["gemini-3.1-flash", "gemini-2.5-flash"]
            case .bedrock: ["anthropic.claude-opus-4-6-v1"]
            }
        return models.map { model in
            var traits = TargetTraits(model: model)
            traits.quirks.cacheControl = true
            return traits
        }
    }
}
