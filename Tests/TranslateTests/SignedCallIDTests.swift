import Shared
import XCTest

@testable import Translate

final class SignedCallIDTests: XCTestCase {
    func testASignatureGoesInAndComesOutAgain() {
        let signature = Base64.encode([0xfb, 0xff, 0x00, 0x10])
        let id = SignedCallID.joining("call_1", signature)
        XCTAssertEqual(id, "call_1-signed--_8AEA")
        XCTAssertEqual(SignedCallID.split(id).id, "call_1")
        XCTAssertEqual(SignedCallID.split(id).signature, signature)
        XCTAssertEqual(SignedCallID.plain(id), "call_1")
        XCTAssertEqual(SignedCallID.split(SignedCallID.joining("call_1", "-_8AEA")).signature, signature)
    }

    func testItHasOnlyCharactersThatEveryDialectTakes() {
        let id = SignedCallID.joining("call_1", Base64.encode(Array(0...255)))
        XCTAssertTrue(id.utf8.allSatisfy { $0 == 0x5f || $0 == 0x2d || Character(.init($0)).isLetter || $0 &- 48 < 10 })
    }

    func testWhatHasNoSignatureStays() {
        for id in ["call_1", "", "-signed-AAAA", "a-signed-", "a-signed-?", "a-signed-A", "toolu_01"] {
            XCTAssertEqual(SignedCallID.split(id).id, id)
            XCTAssertNil(SignedCallID.split(id).signature)
        }
        XCTAssertEqual(SignedCallID.joining("call_1", nil), "call_1")
        XCTAssertEqual(SignedCallID.joining("call_1", ""), "call_1")
        XCTAssertEqual(SignedCallID.joining("call_1", "no base64"), "call_1")
        XCTAssertEqual(SignedCallID.joining("a-signed-b", "AAAA"), "a-signed-b")
    }

    func testALongSignatureIsLeftOut() {
        let longest = Base64.encode([UInt8](repeating: 7, count: SignedCallID.signatureBytesMax))
        XCTAssertEqual(SignedCallID.split(SignedCallID.joining("c", longest)).signature, longest)
        let longer = Base64.encode([UInt8](repeating: 7, count: SignedCallID.signatureBytesMax + 1))
        XCTAssertEqual(SignedCallID.joining("c", longer), "c")
    }
}
