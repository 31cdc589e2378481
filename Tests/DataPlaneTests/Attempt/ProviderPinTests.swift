import Shared
import XCTest

@testable import DataPlane

/// Who keeps a response stands behind its identity, and nowhere else.
final class ProviderPinTests: XCTestCase {
    private let fixture = RoutingFixture([nil, nil], pool: [true, true, true])
    private func credential(_ place: Int) -> CompiledCredential {
        fixture.plan.targets[0].credentials.members[place]
    }

    private func renamed(_ text: String, _ naming: ResponseNaming) -> String {
        let output = ByteBuffer()
        unsafe Array(text.utf8).withUnsafeBytes { unsafe naming.append($0, to: output) }
        return unsafe String(decoding: output.readable, as: UTF8.self)
    }

    func testAnIdentityIsReadAsItWasWritten() throws {
        let pin = ProviderPin(fixture.plan.targets[0], credential(1))
        let (id, read) = try XCTUnwrap(ProviderPin.read("resp_abc" + pin.suffix))
        XCTAssertEqual(id, "resp_abc")
        XCTAssertEqual(read, pin)
        XCTAssertTrue(read.names(credential(1)))
        XCTAssertFalse(read.names(credential(0)))
    }

    func testWhatWeirDidNotGiveOutHasNoPin() {
        for id in [
            "", "resp_abc", "-weir0123456789abcdef", "resp_abc-weir0123456789abcde", "resp-weir0123456789abcdeg",
        ] {
            XCTAssertNil(ProviderPin.read(id), id)
        }
    }

    func testOnlyTheProviderThatKeepsTheResponseIsAsked() {
        let pin = ProviderPin(fixture.plan.targets[0], credential(0))
        XCTAssertNoThrow(try pin.check(fixture.plan.targets[0]))
        XCTAssertThrowsError(try pin.check(fixture.plan.targets[1])) { error in
            guard case AttemptError.inexpressible(let field, _) = error else { return XCTFail("\(error)") }
            XCTAssertEqual(field, "previous_response_id")
        }
    }

    func testTheCredentialThatItWasGivenUnderIsUsedAgain() {
        for place in 0..<3 {
            let pin = ProviderPin(fixture.plan.targets[0], credential(place))
            var sequence = AttemptSequence(fixture.plan, first: 0, pin: pin)
            XCTAssertEqual(sequence.credential(RoutingFixture.start)?.id, credential(place).id)
            XCTAssertEqual(sequence.credential(RoutingFixture.start)?.id, credential(place).id)
        }
    }

    func testIdentitiesAreChangedWhereverTheyStandAndNothingElseIs() throws {
        let pin = ProviderPin(fixture.plan.targets[0], credential(0))
        var naming = ResponseNaming(pin, nil)
        XCTAssertEqual(renamed(#"{"id":"resp_1"}"#, naming), #"{"id":"resp_1"}"#)
        naming.learn("resp_1")
        XCTAssertEqual(
            renamed(#"{"id":"resp_1","a":"resp_12","b":"say \"resp_1\"","c":{"id": "resp_1"}}"#, naming),
            #"{"id":"resp_1\#(pin.suffix)","a":"resp_12","b":"say \"resp_1\"","c":{"id": "resp_1\#(pin.suffix)"}}"#)
        // A second one is somebody else's.
        naming.learn("resp_2")
        XCTAssertEqual(renamed(#""resp_2""#, naming), #""resp_2""#)
    }
}
