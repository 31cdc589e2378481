import Shared
import XCTest

@testable import DataPlane

/// An identity is of one object, one key and one credential, and none of them can be changed by whoever holds it.
final class StoredIdentityTests: XCTestCase {
    private let owner = StoredFixture.owner

    private func identity(
        _ id: String, of owner: VirtualKeyID = StoredFixture.owner, _ fixture: StoredFixture,
        _ place: Int = 0
    ) -> StoredIdentity {
        StoredIdentity(id, of: owner, at: fixture.target, under: fixture.credential(place))
    }

    func testItIsReadAsItWasGivenOut() throws {
        let fixture = try StoredFixture(secrets: ["sk-0", "sk-1"])
        for id in [
            "file-1", "batch_abc", "a", "x-weir0123456789abcdef", "0", "-", "A_b-C", String(repeating: "x", count: 217),
        ] {
            for place in 0..<2 {
                let made = identity(id, fixture, place)
                let read = try XCTUnwrap(StoredIdentity(made.text), id)
                XCTAssertEqual(read, made)
                XCTAssertEqual(read.id, id)
                XCTAssertTrue(read.belongs(to: owner, under: fixture.credential(place)))
                XCTAssertFalse(read.belongs(to: owner, under: fixture.credential(1 - place)), "another account's")
                XCTAssertEqual(made.text.utf8.count, id.utf8.count + 38)
                XCTAssertTrue(made.text.hasPrefix(id + "-weir"))
            }
        }
        XCTAssertNil(StoredIdentity(identity(String(repeating: "x", count: 219), fixture).text), "too long")
    }

    func testItBelongsToOneKey() throws {
        let fixture = try StoredFixture()
        let mine = try XCTUnwrap(StoredIdentity(identity("file-1", fixture).text))
        let theirs = try XCTUnwrap(StoredIdentity(identity("file-1", of: StoredFixture.stranger, fixture).text))
        XCTAssertNotEqual(mine, theirs)
        XCTAssertEqual(mine.pin, theirs.pin)
        XCTAssertTrue(mine.belongs(to: owner, under: fixture.credential()))
        XCTAssertFalse(mine.belongs(to: StoredFixture.stranger, under: fixture.credential()))
        XCTAssertFalse(theirs.belongs(to: owner, under: fixture.credential()))
    }

    func testNoByteOfItCanBeAnother() throws {
        let fixture = try StoredFixture()
        let bytes = Array(identity("file-abc", fixture).text.utf8)
        for index in bytes.indices {
            for byte in Array("0fF-_Gz.".utf8) where byte != bytes[index] {
                var changed = bytes
                changed[index] = byte
                let read = StoredIdentity(String(decoding: changed, as: UTF8.self))
                XCTAssertFalse(
                    read?.belongs(to: owner, under: fixture.credential()) ?? false,
                    String(decoding: changed, as: UTF8.self))
            }
            var shorter = bytes
            shorter.remove(at: index)
            XCTAssertFalse(
                StoredIdentity(String(decoding: shorter, as: UTF8.self))?
                    .belongs(to: owner, under: fixture.credential()) ?? false)
        }
    }

    func testPiecesOfTwoMakeNoThird() throws {
        let fixture = try StoredFixture(secrets: ["sk-0", "sk-1"])
        let one = identity("file-1", fixture).text
        for other in [
            identity("file-2", fixture), identity("file-1", fixture, 1),
            identity("file-1", of: StoredFixture.stranger, fixture),
        ].map(\.text) {
            for count in [16, 17, 33, 38] {
                let mixed = String(one.dropLast(count)) + String(other.suffix(count))
                guard mixed != one, mixed != other else { continue }
                let read = StoredIdentity(mixed)
                for place in 0..<2 {
                    XCTAssertFalse(read?.belongs(to: owner, under: fixture.credential(place)) ?? false, mixed)
                }
            }
        }
    }

    func testWhatCouldBeAnotherPlaceIsNoIdentity() throws {
        let fixture = try StoredFixture()
        for id in [
            "", ".", "..", "a/b", "../files", "%2e", "%2e%2e", "a%2fb", "a?b", "a#b", "a b", "a\r\nb", "a\0", "a;b",
            "a:b", "a\\b", "\u{e9}", "a\u{301}", "a&b", "a=b",
        ] {
            XCTAssertNil(StoredIdentity(identity(id, fixture).text), id)
            XCTAssertFalse(StoredIdentity.isPlain(id), id)
        }
        let text = identity("file-1", fixture).text
        for other in [
            "", "-", "file-1", "file-1-weir", String(text.dropLast(17)), text + "/", text + "%00", " " + text,
            text + " ",
            text.replacing("-weir", with: "-wier"), String(text.dropFirst(6)), text + text, text.uppercased(),
        ] {
            let read = StoredIdentity(other)
            XCTAssertFalse(read?.belongs(to: owner, under: fixture.credential()) ?? false, other)
        }
        XCTAssertNil(StoredIdentity(text + "/"))
        XCTAssertNil(StoredIdentity("file-1" + fixture.pin().suffix), "a response has such a one, and no proof")
    }

    /// Another secret of the same credential: the pin still says where it is, and the proof says nothing.
    func testAProofEndsWithItsSecret() throws {
        let before = try StoredFixture()
        let after = try StoredFixture(secrets: ["sk-1"])
        let read = try XCTUnwrap(StoredIdentity(identity("file-1", before).text))
        XCTAssertTrue(read.pin.names(after.credential()))
        XCTAssertTrue(read.pin.leads(to: after.target))
        XCTAssertFalse(read.belongs(to: owner, under: after.credential()))
    }
}
