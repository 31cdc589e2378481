import Shared
import TestSupport
import XCTest

/// With keys that PyPI's `cryptography` made: `Tests/Golden/jwt`.
final class RSAPrivateKeyTests: XCTestCase {
    private func vectors(_ name: String) throws -> [JSONValue] {
        let bytes = try XCTUnwrap(Golden.contents(of: "jwt/vectors.json"))
        return try XCTUnwrap(try JSONValue(parsing: bytes)[name]?.array)
    }

    private func keys() throws -> [RSAPrivateKey] {
        try vectors("accounts").map { vector in
            try RSAPrivateKey(pem: Secret(try XCTUnwrap(vector["account"]?["private_key"]?.string)))
        }
    }

    func testSignaturesAreThoseOfAnotherImplementation() throws {
        let vectors = try vectors("accounts")
        XCTAssertEqual(vectors.count, 3)
        for (vector, key) in zip(vectors, try keys()) {
            let parts = try XCTUnwrap(vector["assertion"]?.string).split(separator: ".")
            let message = Array("\(parts[0]).\(parts[1])".utf8)
            XCTAssertEqual(Base64URL.encode(key.sign(message)), String(parts[2]))
            XCTAssertTrue(key.isValid(try XCTUnwrap(Base64URL.decode(parts[2])), for: message))
        }
    }

    func testWhatWasChangedOrSignedByAnotherIsNotValid() throws {
        let keys = try keys()
        let message = Array("message".utf8)
        let signature = keys[0].sign(message)
        XCTAssertEqual(signature.count, 256)
        XCTAssertTrue(keys[1].isValid(signature, for: message), "the same key in another form")
        XCTAssertFalse(keys[2].isValid(signature, for: message))
        XCTAssertFalse(keys[0].isValid(signature, for: message + [0]))
        XCTAssertFalse(keys[0].isValid(Array(signature.dropLast()), for: message))
        XCTAssertFalse(keys[0].isValid([], for: message))
        var changed = signature
        changed[100] ^= 1
        XCTAssertFalse(keys[0].isValid(changed, for: message))
    }

    func testOtherKeysAreRefused() throws {
        let refused = try vectors("refused")
        XCTAssertGreaterThanOrEqual(refused.count, 6)
        for vector in refused {
            let pem = Secret(vector["pem"]?.string ?? "")
            XCTAssertThrowsError(try RSAPrivateKey(pem: pem), vector["name"]?.string ?? "") {
                XCTAssertEqual($0 as? CryptoError, .invalidKey)
            }
        }
    }
}
