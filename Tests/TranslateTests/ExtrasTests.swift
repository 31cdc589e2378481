import Shared
import Translate
import XCTest

final class ExtrasTests: XCTestCase {
    func testWhatSaysNothingIsNoLoss() {
        var extras = Extras()
        XCTAssertTrue(extras.lost(to: .anthropic).isEmpty)
        extras.add("store", .boolean(false), of: .openai)
        extras.add("annotations", .array([]), of: .openai)
        extras.add("refusal", .null, of: .openai)
        extras.add("audio", .object(JSONObject()), of: .openai)
        XCTAssertEqual(extras.lost(to: .anthropic), ["store"])
        XCTAssertEqual(extras.lost(to: .openai), [])
        XCTAssertEqual(extras.members(for: .openai).count, 4)
        XCTAssertTrue(extras.members(for: .gemini).isEmpty)
    }
}
