import Shared
import Translate
import XCTest

final class OpenAIRoundTripTests: OpenAITestCase {
    func testWhatIsWrittenIsReadAsItWas() {
        assertRoundTrips(of: OpenAIChat.self, .all, isExact: true) { $0.quirks.cacheControl = true }
    }

    func testQuirksChangeAConversationOnce() {
        assertRoundTrips(of: OpenAIChat.self, .all, seeds: 0..<200) { traits in
            traits.quirks.developerRole = false
            traits.quirks.outputBound = .maxTokens
            traits.quirks.shortToolCallIDs = true
        }
        assertRoundTrips(of: OpenAIChat.self, .all, seeds: 0..<200) { traits in
            traits.capabilities.images = false
            traits.capabilities.documents = false
            traits.capabilities.audio = false
            traits.capabilities.sampling = false
            traits.capabilities.reasoning = false
            traits.capabilities.systemMessages = false
        }
    }
}
