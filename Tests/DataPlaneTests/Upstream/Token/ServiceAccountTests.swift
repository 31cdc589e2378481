import Shared
import TestSupport
import XCTest

@testable import DataPlane

/// What is read of a service account's key, and what it signs: against PyPI's `cryptography`, in `Tests/Golden/jwt`.
final class ServiceAccountTests: XCTestCase {
    static func accounts() throws -> [JSONValue] {
        let bytes = try XCTUnwrap(Golden.contents(of: "jwt/vectors.json"))
        return try XCTUnwrap(try JSONValue(parsing: bytes)["accounts"]?.array)
    }

    /// The first of them, with some members changed.
    static func secret(_ changes: [(String, JSONValue?)] = []) throws -> [UInt8] {
        let members = try XCTUnwrap(accounts()[0]["account"]?.object?.members)
        let kept = members.filter { member in !changes.contains { $0.0 == member.name } }.map { ($0.name, $0.value) }
        var writer = JSONWriter()
        writer.object { writer in
            for (name, value) in kept + changes.compactMap({ name, value in value.map { (name, $0) } }) {
                writer.name(name)
                writer.raw(value.bytes)
            }
        }
        return writer.bytes
    }

    func testAssertionsAreThoseOfAnotherImplementation() throws {
        for vector in try Self.accounts() {
            let name = vector["name"]?.string ?? ""
            let account = try XCTUnwrap(ServiceAccount(secret: try XCTUnwrap(vector["account"]).bytes), name)
            let now = try XCTUnwrap(vector["nowUnixSeconds"]?.number?.int64)
            let assertion = account.assertion(
                signedWith: try RSAPrivateKey(pem: account.privateKey), nowUnixSeconds: now)
            XCTAssertEqual(assertion, vector["assertion"]?.string, name)
        }
    }

    func testWhatIsNoKeyOfAServiceAccount() throws {
        XCTAssertNotNil(ServiceAccount(secret: try Self.secret()))
        for name in ["client_email", "private_key", "token_uri"] {
            for value in [nil, .string(""), .null, .number(JSONNumber(1))] as [JSONValue?] {
                XCTAssertNil(
                    ServiceAccount(secret: try Self.secret([(name, value)])), "\(name) \(String(describing: value))")
            }
        }
        for text in ["", "sk-secret", "[]", "{", "{}"] { XCTAssertNil(ServiceAccount(secret: Array(text.utf8)), text) }
    }

    func testAssertionsLeaveTheMachineOverTLSOnly() throws {
        for (uri, isTaken) in [
            ("https://oauth2.googleapis.com/token", true), ("https://10.0.0.1:8443/token", true),
            ("http://127.0.0.1:8080/token", true), ("http://localhost/token", true), ("http://[::1]:1/token", true),
            ("http://oauth2.googleapis.com/token", false), ("http://10.0.0.1/token", false),
            ("http://127.evil.example/token", false), ("ftp://127.0.0.1/token", false), ("/token", false),
            ("https://user@oauth2.googleapis.com/token", false), ("https://a/token?b=c", false),
            ("https://a/to ken\r\n", false),
        ] {
            let secret = try Self.secret([("token_uri", .string(uri))])
            XCTAssertEqual(ServiceAccount(secret: secret) != nil, isTaken, uri)
        }
    }

    func testNothingOfTheKeyShowsWhenAnAccountIsPrinted() throws {
        let account = try XCTUnwrap(ServiceAccount(secret: try Self.secret()))
        XCTAssertFalse("\(account)".contains("PRIVATE KEY"))
        XCTAssertFalse(String(reflecting: account).contains("PRIVATE KEY"))
    }

    func testACredentialOfThisKindIsUsableWithAKeyAndNeverSentItself() throws {
        let id = ObjectID(high: 1, low: 1)
        let made = CompiledCredential(id: id, name: "c", secret: try Self.secret(), kind: .serviceAccount)
        XCTAssertTrue(made.isUsable)
        XCTAssertEqual(made.proof, .token)
        XCTAssertEqual(made.line, [])
        let wrong = CompiledCredential(id: id, name: "c", secret: Array("sk-1".utf8), kind: .serviceAccount)
        XCTAssertFalse(wrong.isUsable)
        XCTAssertEqual(wrong.line, [])
        XCTAssertFalse(CompiledCredential(id: id, name: "c", secret: nil, kind: .serviceAccount).isUsable)
    }
}
