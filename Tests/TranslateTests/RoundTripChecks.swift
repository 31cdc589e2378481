import Shared
import Translate
import XCTest

/// Writes random conversations in a dialect, reads them, and does so again: from the second reading on nothing may change.
///
/// - Parameter isExact: nothing may change from the first reading on.
func assertRoundTrips(
    of codec: any DialectCodec.Type, _ features: ConversationGenerator.Features, seeds: Range<UInt64> = 0..<1_000,
    isExact: Bool = false, _ change: (inout TargetTraits) -> Void = { _ in }, file: StaticString = #filePath,
    line: UInt = #line
) {
    for seed in seeds {
        var generator = ConversationGenerator(seed: seed, features: features, origin: codec.dialect)
        let conversation = generator.conversation()
        var traits = TargetTraits(model: conversation.model)
        change(&traits)
        do {
            let call = InboundCall(model: conversation.model, isStream: conversation.isStream)
            let first = try rendered(conversation, codec, traits)
            let read = try codec.conversation(from: JSONValue(parsing: first.body), of: call)
            let again = try codec.conversation(from: JSONValue(parsing: rendered(read, codec, traits).body), of: call)
            XCTAssertEqual(again, read, "seed \(seed)", file: file, line: line)
            guard isExact else { continue }
            XCTAssertEqual(read, conversation, "seed \(seed)", file: file, line: line)
            XCTAssertEqual(first.dropped + first.adjusted, [], "seed \(seed)", file: file, line: line)
        } catch TranslationError.inexpressible(field: _, reason: _) {
            // All that it said is what the target cannot take.
            XCTAssertFalse(isExact, "seed \(seed)", file: file, line: line)
        } catch {
            XCTFail("seed \(seed): \(error)", file: file, line: line)
        }
    }
}

private func rendered(
    _ conversation: Conversation, _ codec: any DialectCodec.Type, _ traits: TargetTraits
) throws -> RenderedRequest {
    try codec.request(conversation, for: traits)
}
