import Shared
import TestSupport
import XCTest

final class VirtualKeySecretTests: XCTestCase {
    private let secret = VirtualKeySecret(
        keyID: VirtualKeyID("abc123xyz789")!, randomBytes: (0..<32).map { UInt8($0) })

    func testTheTextHasItsShape() {
        XCTAssertEqual(secret.text.utf8.count, VirtualKeySecret.byteCount)
        XCTAssertTrue(
            secret.text.hasPrefix("weir_abc123xyz789_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"), secret.text)
        XCTAssertEqual(VirtualKeySecret(parsing: secret.text), secret)
    }

    func testTheTextIsGolden() throws {
        try Golden.check(Array(("\(secret.text) \(secret.sha256.hex)\n").utf8), against: "wire/virtual-key.txt")
    }

    func testEveryWrongCharacterIsSeenWithoutALookUp() {
        let bytes = Array(secret.text.utf8)
        for index in bytes.indices {
            for replacement in [UInt8(ascii: "0"), UInt8(ascii: "k"), UInt8(ascii: "-"), 0, 0xc3]
            where replacement != bytes[index] {
                var wrong = bytes
                wrong[index] = replacement
                XCTAssertNil(VirtualKeySecret.keyID(of: wrong), "at \(index)")
            }
        }
        XCTAssertNil(VirtualKeySecret.keyID(of: Array(bytes.dropLast())))
        XCTAssertNil(VirtualKeySecret.keyID(of: bytes + [48]))
        XCTAssertNil(VirtualKeySecret(parsing: ""))
    }

    func testItDoesNotPrintItself() {
        XCTAssertFalse("\(secret)".contains("AAEC"))
        XCTAssertFalse(String(reflecting: secret).contains("AAEC"))
        var dumped = ""
        dump(secret, to: &dumped)
        XCTAssertFalse(dumped.contains("AAEC"))
    }

    func testTwoAreNeverTheSame() {
        let id = VirtualKeyID.generate()
        XCTAssertNotEqual(VirtualKeySecret.generate(keyID: id), VirtualKeySecret.generate(keyID: id))
        XCTAssertNotEqual(id, VirtualKeyID.generate())
    }
}
