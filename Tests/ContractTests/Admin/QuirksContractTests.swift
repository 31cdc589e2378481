import Shared
import XCTest

@testable import ControlPlane
@testable import DataPlane

/// What the admin API shows as the default of a quirk, and does not publish, is what a data plane does by itself.
final class QuirksContractTests: XCTestCase {
    private func target(_ quirks: PolicyDocument.Quirks?) throws -> CompiledTarget {
        let id = ObjectID(high: 1, low: 1)
        let provider = PolicyDocument.Provider(id: id, name: "p", baseURL: "http://127.0.0.1:9", quirks: quirks)
        return try XCTUnwrap(
            CompiledTarget(
                index: 0, provider: provider, model: PolicyDocument.Model(id: id, name: "m", kind: .chat),
                target: PolicyDocument.Target(providerID: id, modelID: id),
                credentials: CompiledCredentials([CompiledCredential(noneOf: provider)])))
    }

    private func json(_ target: CompiledTarget) -> JSONValue {
        let quirks = target.traits.quirks
        return .record([
            ("output_bound", .string(quirks.outputBound.rawValue)), ("developer_role", .boolean(quirks.developerRole)),
            ("cache_control", .boolean(quirks.cacheControl)), ("stream_options", .boolean(quirks.streamOptions)),
            ("short_tool_call_ids", .boolean(quirks.shortToolCallIDs)),
            ("responses", .boolean(target.dialect(for: .responses) == .responses)),
        ])
    }

    func testADefaultThatIsShownIsWhatDataPlanesDo() throws {
        XCTAssertEqual(PolicyDocument.Quirks.standard.json, json(try target(nil)))
    }

    func testADifferenceThatIsPublishedIsWhatDataPlanesDo() throws {
        let all = PolicyDocument.Quirks(
            outputBound: .maxTokens, developerRole: false, cacheControl: true, streamOptions: false,
            shortToolCallIDs: true, responses: true)
        XCTAssertEqual(all.json, json(try target(all)))
    }
}
