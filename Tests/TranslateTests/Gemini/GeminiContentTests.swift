import Translate
import XCTest

final class GeminiContentTests: XCTestCase {
    func testThePathHasTheModelAndTheMethod() {
        XCTAssertEqual(
            GeminiContent.path(model: "gemini-2.5-flash", isStream: false),
            "/models/gemini-2.5-flash:generateContent")
        XCTAssertEqual(
            GeminiContent.path(model: "gemini-2.5-flash", isStream: true),
            "/models/gemini-2.5-flash:streamGenerateContent?alt=sse")
    }

    func testTokensAreCountedAtAPathOfTheirOwn() {
        XCTAssertEqual(
            GeminiContent.tokenCountPath(model: "gemini-2.5-flash"), "/models/gemini-2.5-flash:countTokens")
    }

    func testACollectionInTheNameIsKept() {
        XCTAssertEqual(
            GeminiContent.path(model: "models/gemini-3-pro", isStream: false),
            "/models/gemini-3-pro:generateContent")
        XCTAssertEqual(
            GeminiContent.path(model: "tunedModels/my-model", isStream: false),
            "/tunedModels/my-model:generateContent")
    }

    func testWhatMayNotStandInASegmentIsEncoded() {
        XCTAssertEqual(
            GeminiContent.path(model: "a/b?c#d e%é@:", isStream: false),
            "/models/a%2Fb%3Fc%23d%20e%25%C3%A9@::generateContent")
    }

    func testTheDialectIsGemini() {
        XCTAssertEqual(GeminiContent.dialect, .gemini)
    }
}
